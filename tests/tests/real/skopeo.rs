//! skopeo against the embedded server: what it pushes comes back with the same digests.

use std::path::Path;
use std::process::Command;

use reg_shared::embedded::{Data, Options, Server};
use reg_shared::name::Digest;
use reg_shared::oci::media;
use reg_tests::live::Program;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::client;

const SKOPEO: Program = Program { name: "skopeo", variable: "REG_LIVE_SKOPEO", files: &["skopeo"] };
const PLATFORMS: [&str; 3] = ["amd64", "arm64", "s390x"];

/// A folder with an image layout in it, and the program.
struct Bench {
    program: std::path::PathBuf,
    folder: TempDir,
}

impl Bench {
    fn new() -> Option<Self> {
        Some(Self { program: SKOPEO.find()?, folder: tempfile::tempdir().unwrap() })
    }

    fn layout(&self, name: &str) -> String {
        format!("oci:{}", self.folder.path().join(name).display())
    }

    /// Runs skopeo, in a thread of its own, and returns what it printed.
    async fn run(&self, args: &[&str]) -> String {
        let mut command = Command::new(&self.program);
        command.args(["--insecure-policy", "--tmpdir"]).arg(self.folder.path()).args(args);
        command.env("HOME", self.folder.path()).env("REGISTRY_AUTH_FILE", self.folder.path().join("auth.json"));
        let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
        assert!(output.status.success(), "skopeo {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }
}

/// Writes a blob of a layout, and returns how something points to it.
fn blob(layout: &Path, media_type: &str, bytes: &[u8]) -> Value {
    let digest = Digest::sha256(bytes);
    std::fs::write(layout.join("blobs/sha256").join(digest.hex()), bytes).unwrap();
    json!({ "mediaType": media_type, "digest": digest, "size": bytes.len() })
}

/// An image of one layer; returns how an index points to it.
fn image(layout: &Path, platform: &str, layer: &[u8]) -> Value {
    let config = json!({
        "architecture": platform, "os": "linux", "config": {}, "rootfs": { "type": "layers", "diff_ids": [Digest::sha256(layer)] },
    });
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": media::OCI_MANIFEST,
        "config": blob(layout, media::OCI_CONFIG, config.to_string().as_bytes()),
        "layers": [blob(layout, media::OCI_LAYER_TAR, layer)],
    });
    let mut descriptor = blob(layout, media::OCI_MANIFEST, manifest.to_string().as_bytes());
    descriptor["platform"] = json!({ "architecture": platform, "os": "linux" });
    descriptor
}

/// An index of three platforms, and what says something about it, each under a tag; returns their digests.
fn make_layout(layout: &Path) -> (String, String) {
    std::fs::create_dir_all(layout.join("blobs/sha256")).unwrap();
    std::fs::write(layout.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
    let images: Vec<_> = PLATFORMS.iter().map(|platform| image(layout, platform, &vec![platform.as_bytes()[0]; 300_000])).collect();
    let index = json!({ "schemaVersion": 2, "mediaType": media::OCI_INDEX, "manifests": images });
    let index = blob(layout, media::OCI_INDEX, index.to_string().as_bytes());
    let artifact = json!({
        "schemaVersion": 2,
        "mediaType": media::OCI_MANIFEST,
        "artifactType": "application/vnd.example.sbom",
        "config": blob(layout, media::OCI_EMPTY, b"{}"),
        "layers": [blob(layout, "text/plain", b"what is in it")],
        "subject": index,
    });
    let artifact = blob(layout, media::OCI_MANIFEST, artifact.to_string().as_bytes());
    let tagged = |descriptor: &Value, tag: &str| {
        let mut descriptor = descriptor.clone();
        descriptor["annotations"] = json!({ "org.opencontainers.image.ref.name": tag });
        descriptor
    };
    let top = json!({ "schemaVersion": 2, "manifests": [tagged(&index, "v1"), tagged(&artifact, "sbom")] });
    std::fs::write(layout.join("index.json"), top.to_string()).unwrap();
    [index, artifact].map(|descriptor| descriptor["digest"].as_str().unwrap().to_owned()).into()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_multi_arch_index_and_its_referrer_go_there_and_back() {
    let Some(bench) = Bench::new() else { return };
    let server =
        Server::bind(Options::new(([127, 0, 0, 1], 0).into(), Data::Directory(bench.folder.path().join("data")))).await.unwrap();
    let address = server.address();
    tokio::spawn(server.run(std::future::pending()));
    let (index, artifact) = make_layout(&bench.folder.path().join("in"));
    let [from, to] = ["in", "out"].map(|name| bench.layout(name));
    let there = |repository: &str, reference: &str| format!("docker://{address}/{repository}{reference}");
    let copy = ["copy", "--all", "--preserve-digests"];
    let [plain_source, plain_target] = ["--src-tls-verify=false", "--dest-tls-verify=false"];
    for tag in ["v1", "sbom"] {
        let (source, target) = (format!("{from}:{tag}"), there("team/app", &format!(":{tag}")));
        bench.run(&[&copy[..], &[plain_target, &source, &target]].concat()).await;
        // From one repository to another, and back to a layout.
        let other = there("team/mirror", &format!(":{tag}"));
        bench.run(&[&copy[..], &[plain_source, plain_target, &target, &other]].concat()).await;
        bench.run(&[&copy[..], &[plain_source, &other, &format!("{to}:{tag}")]].concat()).await;
    }
    let blobs = |name: &str| {
        let entries = std::fs::read_dir(bench.folder.path().join(name).join("blobs/sha256")).unwrap();
        let mut blobs: Vec<_> = entries
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.file_name().unwrap().to_owned(), std::fs::read(path).unwrap()))
            .collect();
        blobs.sort();
        blobs
    };
    assert!(blobs("in") == blobs("out"), "what came back is not what was pushed");
    for (tag, digest) in [("v1", &index), ("sbom", &artifact)] {
        let raw = bench.run(&["inspect", "--raw", "--tls-verify=false", &there("team/mirror", &format!(":{tag}"))]).await;
        assert_eq!(Digest::sha256(raw).to_string(), *digest);
    }
    let listed = bench.run(&["list-tags", "--tls-verify=false", &there("team/mirror", "")]).await;
    assert_eq!(serde_json::from_str::<Value>(&listed).unwrap()["Tags"], json!(["sbom", "v1"]));
    let url = format!("http://{address}/v2/team/mirror/referrers/{index}");
    let referrers: Value = serde_json::from_slice(&client(None).get(url).send().await.unwrap().bytes().await.unwrap()).unwrap();
    assert_eq!(referrers["manifests"][0]["digest"], artifact);
    bench.run(&["delete", "--tls-verify=false", &there("team/mirror", ":v1")]).await;
    let gone = client(None).get(format!("http://{address}/v2/team/mirror/manifests/v1")).send().await.unwrap();
    assert_eq!(gone.status(), 404);
}
