//! How much memory the server takes: little, whatever goes through it.

use std::path::Path;

use futures_util::future::join_all;
use http::Method;
use reg_shared::name::Digest;

use crate::harness::{REPO, noise};
use crate::process::Process;

/// The most memory that a process had so far, in MiB; nothing where the system does not tell.
fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? / 1024)
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_clients_with_large_blobs_fit_into_64_mib() {
    const SIZE: usize = 40 << 20;
    let folder = tempfile::tempdir().unwrap();
    let server = Process::start(&folder.path().join("data"), "");
    let pattern = noise(1, SIZE);
    let push = async |client: u8| {
        let mut bytes = pattern.clone();
        bytes[0] = client;
        let digest = Digest::sha256(&bytes);
        let path = format!("/v2/{REPO}/blobs/uploads/?digest={digest}");
        assert_eq!(server.send(Method::POST, &path, "", bytes).await.unwrap().0, 201);
        digest
    };
    let pull = async |digest: &Digest| {
        let (status, bytes) = server.get(&format!("/v2/{REPO}/blobs/{digest}")).await;
        assert!(status == 200 && Digest::sha256(&bytes) == *digest);
    };
    let digests = join_all((0..8).map(&push)).await;
    tokio::join!(join_all(digests.iter().map(pull)), join_all((8..16).map(&push)));
    let Some(peak) = peak(server.child.id()) else { return };
    assert!(peak < 64, "{peak} MiB");
}
