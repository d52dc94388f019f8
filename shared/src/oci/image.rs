//! A tiny real image: one uncompressed layer with one file, and its configuration.
//!
//! Made from its content alone, so the same content has the same digests on every machine and in every version.

use bytes::Bytes;
use serde_json::json;

use super::manifest::Manifest;
use super::media::{OCI_CONFIG, OCI_LAYER_TAR, OCI_MANIFEST};
use crate::name::Digest;

/// The name of the file in the layer.
const FILE: &str = "reg-probe";
/// The size of a tar block, in bytes (POSIX ustar).
const BLOCK: usize = 512;

/// An image: what is pushed, in this order.
#[derive(Debug, Clone)]
pub struct Image {
    /// The layer, an uncompressed archive.
    pub layer: Bytes,
    /// The configuration.
    pub config: Bytes,
    /// What names both.
    pub manifest: Manifest,
}

impl Image {
    /// The image whose file has this content.
    #[must_use]
    pub fn new(content: &[u8]) -> Self {
        let layer = Bytes::from(tar(content));
        let layer_digest = Digest::sha256(&layer);
        let config = json!({
            "architecture": "amd64",
            "os": "linux",
            "config": {},
            "rootfs": { "type": "layers", "diff_ids": [layer_digest] },
            "history": [{ "created_by": "reg-test" }],
        });
        let config = Bytes::from(config.to_string());
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": { "mediaType": OCI_CONFIG, "digest": Digest::sha256(&config), "size": config.len() },
            "layers": [{ "mediaType": OCI_LAYER_TAR, "digest": layer_digest, "size": layer.len() }],
        });
        let bytes = Bytes::from(manifest.to_string());
        let manifest = Manifest { digest: Digest::sha256(&bytes), media_type: OCI_MANIFEST.to_owned(), bytes };
        Self { layer, config, manifest }
    }

    /// The blobs, the layer first.
    #[must_use]
    pub fn blobs(&self) -> [(Digest, Bytes); 2] {
        [&self.layer, &self.config].map(|blob| (Digest::sha256(blob), blob.clone()))
    }
}

/// A tar archive (POSIX ustar) with one file, of nobody's and from the beginning of time.
fn tar(content: &[u8]) -> Vec<u8> {
    let mut header = [0u8; BLOCK];
    let mut put = |at: usize, text: &str| header[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, FILE);
    put(100, "0000644\0");
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(124, &format!("{:011o}\0", content.len()));
    put(136, "00000000000\0");
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\x0000");
    let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut archive = header.to_vec();
    archive.extend_from_slice(content);
    archive.resize(archive.len().next_multiple_of(BLOCK) + 2 * BLOCK, 0);
    archive
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_content_is_the_same_image_everywhere() {
        let image = Image::new(b"reg-test was here\n");
        assert_eq!(image.manifest.digest.to_string(), "sha256:8352b8f7a532b92de8a8f0286e1d387cacaf09b11062cad3a31f520697a9c311");
        assert_ne!(Image::new(b"x").manifest.digest, image.manifest.digest);
    }

    #[test]
    fn the_layer_is_an_archive_that_tar_reads() {
        let dir = std::env::temp_dir().join(format!("reg-test-image-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        std::fs::write(dir.join("layer.tar"), &Image::new(b"hello").layer).unwrap();
        let listed = std::process::Command::new("tar").args(["-xOf", "layer.tar", FILE]).current_dir(&dir).output().unwrap();
        std::fs::remove_dir_all(&dir).unwrap();
        assert_eq!(listed.stdout, b"hello");
        assert!(listed.status.success());
    }
}
