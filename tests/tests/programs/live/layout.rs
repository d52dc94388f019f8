//! An OCI image layout made by hand: an index of two platforms, and an artifact that says something about it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use reg_shared::name::Digest;
use serde_json::{Value, json};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
const EMPTY: &str = "application/vnd.oci.empty.v1+json";

/// A layout in a folder.
pub(crate) struct Layout {
    folder: PathBuf,
    /// The descriptor of the index, under the name `app`.
    pub(crate) index: Value,
    /// The descriptor of the artifact about it, under the name `about`.
    pub(super) artifact: Value,
}

impl Layout {
    /// Makes one whose layers are like those of no other name.
    pub(crate) fn make(folder: &Path, name: &str) -> Self {
        std::fs::create_dir_all(folder.join("blobs/sha256")).unwrap();
        let mut layout = Self { folder: folder.to_owned(), index: Value::Null, artifact: Value::Null };
        let platforms: Vec<Value> = ["amd64", "arm64"].iter().map(|architecture| layout.image(architecture, name)).collect();
        layout.index = layout.put(INDEX, &json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": platforms}).to_string());
        let artifact = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "artifactType": "application/vnd.example.sbom",
            "config": layout.put(EMPTY, "{}"),
            "layers": [layout.put("application/vnd.example.sbom+json", "{\"packages\":[]}")],
            "subject": layout.index,
            "annotations": {"org.example.tool": "by hand"},
        });
        layout.artifact = layout.put(MANIFEST, &artifact.to_string());
        let named = [("app", &layout.index), ("about", &layout.artifact)].map(|(name, descriptor)| {
            let mut descriptor = descriptor.clone();
            descriptor["annotations"] = json!({"org.opencontainers.image.ref.name": name});
            descriptor
        });
        std::fs::write(folder.join("index.json"), json!({"schemaVersion": 2, "manifests": named}).to_string()).unwrap();
        std::fs::write(folder.join("oci-layout"), r#"{"imageLayoutVersion":"1.0.0"}"#).unwrap();
        layout
    }

    fn image(&self, architecture: &str, name: &str) -> Value {
        // An empty tar archive, stored without compression in a gzip member (RFC 1952).
        let tar = [0; 1024];
        let layer = self.put_bytes(LAYER, &gzip(&tar, &format!("{name} {architecture}")));
        let config = json!({
            "architecture": architecture,
            "os": "linux",
            "config": {},
            "rootfs": {"type": "layers", "diff_ids": [Digest::sha256(tar)]},
        });
        let config = self.put(CONFIG, &config.to_string());
        let manifest = json!({"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer]});
        let mut descriptor = self.put(MANIFEST, &manifest.to_string());
        descriptor["platform"] = json!({"architecture": architecture, "os": "linux"});
        descriptor
    }

    fn put(&self, media_type: &str, text: &str) -> Value {
        self.put_bytes(media_type, text.as_bytes())
    }

    fn put_bytes(&self, media_type: &str, bytes: &[u8]) -> Value {
        let digest = Digest::sha256(bytes);
        std::fs::write(self.folder.join("blobs/sha256").join(digest.hex()), bytes).unwrap();
        json!({"mediaType": media_type, "digest": digest, "size": bytes.len()})
    }

    /// The bytes of a blob.
    pub(super) fn bytes(&self, descriptor: &Value) -> Vec<u8> {
        let digest: Digest = descriptor["digest"].as_str().unwrap().parse().unwrap();
        std::fs::read(self.folder.join("blobs/sha256").join(digest.hex())).unwrap()
    }
}

/// A gzip member that says its name.
fn gzip(bytes: &[u8], name: &str) -> Vec<u8> {
    let mut member = vec![0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3];
    member.extend_from_slice(name.as_bytes());
    member.push(0);
    // One stored block, the last.
    let length = u16::try_from(bytes.len()).unwrap();
    member.push(1);
    member.extend_from_slice(&length.to_le_bytes());
    member.extend_from_slice(&(!length).to_le_bytes());
    member.extend_from_slice(bytes);
    member.extend_from_slice(&crc32(bytes).to_le_bytes());
    member.extend_from_slice(&u32::from(length).to_le_bytes());
    member
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
    };
    !bytes.iter().fold(!0, step)
}

/// The names of all blobs of a layout, each of which holds what its name says.
pub(super) fn blobs(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder.join("blobs/sha256")).unwrap().map(|entry| entry.unwrap().path());
    let checked = entries.map(|path| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        assert_eq!(Digest::sha256(std::fs::read(&path).unwrap()).hex(), name);
        name
    });
    checked.collect()
}

/// The digest that a layout's one entry points to.
pub(crate) fn digest(folder: &Path) -> Value {
    let index: Value = serde_json::from_slice(&std::fs::read(folder.join("index.json")).unwrap()).unwrap();
    index["manifests"][0]["digest"].clone()
}
