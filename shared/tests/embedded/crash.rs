//! A server that is killed at any moment, and one that runs out of space.

use std::path::Path;
use std::time::Duration;

use http::Method;
use reg_shared::name::{Algorithm, Digest};
use reg_shared::oci::media;
use serde_json::json;

use crate::harness::{Image, count_files, descriptor, noise};
use crate::process::Process;

/// What the server said it has done, and must have done whatever comes.
#[derive(Default)]
struct Acknowledged {
    blobs: Vec<(String, Vec<u8>)>,
    /// Repository, tag, and the manifests it may point to: the acknowledged one, and one whose put was cut short.
    tags: Vec<(String, String, Vec<String>)>,
    deleted: Vec<String>,
}

const REPO: &str = "team/app";

/// Pushes, tags and deletes until the server is killed.
async fn work(server: &Process, worker: u64, round: u64) -> Acknowledged {
    let mut done = Acknowledged::default();
    let push = async |bytes: &[u8]| {
        let path = format!("/v2/{REPO}/blobs/uploads/?digest={}", Digest::sha256(bytes));
        server.send(Method::POST, &path, "", bytes.to_vec()).await.map(|(status, _)| assert_eq!(status, 201))
    };
    for number in 0.. {
        let layer = noise(worker * 1_000_000 + round * 1000 + number, 20_000);
        let mut image = Image::new(&layer);
        image.manifest["subject"] = descriptor(media::OCI_MANIFEST, b"subject");
        let (config, digest, tag) = (image.config.clone(), image.digest(), format!("w{worker}"));
        for blob in [&layer, &config] {
            if push(blob).await.is_none() {
                return done;
            }
            done.blobs.push((Digest::sha256(blob).to_string(), blob.clone()));
        }
        let path = format!("/v2/{REPO}/manifests/{tag}");
        let put = server.send(Method::PUT, &path, media::OCI_MANIFEST, image.manifest.to_string().into_bytes()).await;
        let before = done.tags.pop().map(|(.., manifests)| manifests).unwrap_or_default();
        let Some((status, body)) = put else {
            // Without one before, there may be no tag at all.
            if !before.is_empty() {
                done.tags.push((REPO.to_owned(), tag, before.into_iter().chain([digest.to_string()]).collect()));
            }
            return done;
        };
        assert_eq!(status, 201, "{}", String::from_utf8_lossy(&body));
        done.tags.push((REPO.to_owned(), tag, vec![digest.to_string()]));
        if number % 3 == 2 {
            let path = format!("/v2/{REPO}/manifests/{digest}");
            let deleted = server.send(Method::DELETE, &path, "", Vec::new()).await;
            done.tags.pop();
            match deleted {
                Some((status, _)) => assert_eq!(status, 202),
                None => return done,
            }
            done.deleted.push(digest.to_string());
        }
    }
    done
}

async fn check(server: &Process, done: &Acknowledged) {
    for (digest, bytes) in &done.blobs {
        let (status, got) = server.get(&format!("/v2/{REPO}/blobs/{digest}")).await;
        assert!(status == 200 && got == *bytes, "{digest}: {status}");
    }
    for (repository, tag, manifests) in &done.tags {
        let (status, got) = server.get(&format!("/v2/{repository}/manifests/{tag}")).await;
        assert_eq!(status, 200, "{tag}");
        assert!(manifests.contains(&Digest::sha256(&got).to_string()), "{tag}");
    }
    for digest in &done.deleted {
        assert_eq!(server.get(&format!("/v2/{REPO}/manifests/{digest}")).await.0, 404, "{digest}");
    }
    let (_, tags) = server.get(&format!("/v2/{REPO}/tags/list")).await;
    let tags: serde_json::Value = serde_json::from_slice(&tags).unwrap();
    for tag in tags["tags"].as_array().unwrap() {
        // No tag points nowhere, and what it points to is whole.
        let (status, manifest) = server.get(&format!("/v2/{REPO}/manifests/{}", tag.as_str().unwrap())).await;
        assert_eq!(status, 200, "{tag}");
        whole(server, &manifest).await;
    }
    let path = format!("/v2/{REPO}/referrers/{}", Digest::sha256("subject"));
    let referrers: serde_json::Value = serde_json::from_slice(&server.get(&path).await.1).unwrap();
    for referrer in referrers["manifests"].as_array().unwrap() {
        let (status, manifest) = server.get(&format!("/v2/{REPO}/manifests/{}", referrer["digest"].as_str().unwrap())).await;
        assert_eq!((status, Some(manifest.len() as u64)), (200, referrer["size"].as_u64()));
    }
}

async fn whole(server: &Process, manifest: &[u8]) {
    let manifest: serde_json::Value = serde_json::from_slice(manifest).unwrap();
    for blob in [&manifest["config"], &manifest["layers"][0]] {
        let digest = blob["digest"].as_str().unwrap();
        let (status, bytes) = server.get(&format!("/v2/{REPO}/blobs/{digest}")).await;
        assert!(status == 200 && Digest::sha256(&bytes).to_string() == digest, "{digest}: {status}");
    }
}

/// All files below a folder, by their path from it.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|below| format!("{name}/{below}")));
        } else {
            found.push(name);
        }
    }
    found
}

/// The folder as the kill left it: contents are what their names say, and whatever points, points to something.
fn check_folder(data: &Path) {
    let content = |digest: &str| {
        let (algorithm, hex) = digest.split_once([':', '/']).unwrap();
        data.join(format!("blobs/{algorithm}/{}/{hex}", &hex[..2]))
    };
    for path in files(&data.join("blobs")) {
        let name = path.rsplit('/').next().unwrap();
        let algorithm: Algorithm = path.split('/').next().unwrap().parse().unwrap();
        assert_eq!(Digest::of(algorithm, std::fs::read(data.join("blobs").join(&path)).unwrap()).hex(), name);
    }
    let repository = data.join("repositories").join(REPO);
    for path in files(&repository) {
        let (kind, rest) = path.split_once('/').unwrap();
        let file = repository.join(&path);
        match kind {
            "_blobs" => assert!(content(rest).exists(), "{path} has no content"),
            "_manifests" => {
                let manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(content(rest)).unwrap()).unwrap();
                for blob in [&manifest["config"], &manifest["layers"][0]] {
                    let digest = blob["digest"].as_str().unwrap().replace(':', "/");
                    assert!(repository.join("_blobs").join(&digest).exists(), "{path} has no blob {digest}");
                }
            }
            "_tags" => {
                let digest = std::fs::read_to_string(&file).unwrap().replace(':', "/");
                assert!(repository.join("_manifests").join(&digest).exists(), "{path} points nowhere, to {digest}");
            }
            "_referrers" | "_uploads" => {}
            _ => panic!("what is {path}?"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_it_has_all_that_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    for round in 0..15 {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let server = Process::start(&data, "");
        let working = futures_util::future::join_all((0..6).map(|worker| work(&server, worker, round)));
        let killing = async {
            tokio::time::sleep(Duration::from_millis(random % 250)).await;
            // By its number: the workers still hold the server.
            rustix::process::kill_process(rustix::process::Pid::from_child(&server.child), rustix::process::Signal::KILL).unwrap();
        };
        let (done, ()) = tokio::join!(working, killing);
        drop(server);
        check_folder(&data);
        let server = Process::start(&data, "");
        for done in &done {
            check(&server, done).await;
        }
        server.kill();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_goes_on_after_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Process::start(&data, "");
    let bytes = noise(1, 600_000);
    let start = server.client.post(format!("{}/v2/{REPO}/blobs/uploads/", server.url)).send().await.unwrap();
    let location = start.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(server.send(Method::PATCH, &location, "", bytes[..250_000].to_vec()).await.unwrap().0, 202);
    server.kill();
    let server = Process::start(&data, "");
    let stands = server.client.get(format!("{}{location}", server.url)).send().await.unwrap();
    assert_eq!(stands.headers()["range"], "0-249999");
    let finish = format!("{location}?digest={}", Digest::sha256(&bytes));
    assert_eq!(server.send(Method::PUT, &finish, "", bytes[250_000..].to_vec()).await.unwrap().0, 201);
    assert!(server.get(&format!("/v2/{REPO}/blobs/{}", Digest::sha256(&bytes))).await.1 == bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn out_of_space_it_says_so_and_gives_back_what_it_took() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // No file may have more than half a MiB, which is to a write what a full disk is.
    let server = Process::start(&data, "trap '' XFSZ; ulimit -f 1024;");
    let bytes = noise(2, 3 << 20);
    let digest = Digest::sha256(&bytes);
    let push = format!("/v2/{REPO}/blobs/uploads/?digest={digest}");
    let start = server.client.post(format!("{}/v2/{REPO}/blobs/uploads/", server.url)).send().await.unwrap();
    let location = start.headers()["location"].to_str().unwrap().to_owned();
    for (method, path) in [(Method::POST, push), (Method::PATCH, location)] {
        let (status, body) = server.send(method, &path, "", bytes.clone()).await.expect("no answer");
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(status, 507);
        assert_eq!(body, json!({ "errors": [{ "code": "UNKNOWN", "message": "the registry's storage is full" }] }));
    }
    for part in ["blobs", "temporary", "repositories"] {
        assert_eq!(count_files(&data.join(part)), 0, "{part}");
    }
    // What fits is still taken.
    let small = format!("/v2/{REPO}/blobs/uploads/?digest={}", Digest::sha256("small"));
    assert_eq!(server.send(Method::POST, &small, "", b"small".to_vec()).await.unwrap().0, 201);
}
