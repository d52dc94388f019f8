//! The proof: the layout's test image is pushed and pulled back.
//!
//! The image is the same every time, so a second run pushes nothing new; it stays where it is, for others to pull.

use reg_shared::cli::Connection;
use reg_shared::error::{Error, Result};
use reg_shared::layout::TestImage;
use reg_shared::name::Selector;
use reg_shared::oci::Content;
use reg_shared::oci::image::Image;

/// What the file of the image says.
const CONTENT: &[u8] = b"reg-init was here\n";

/// Pushes the image and pulls it back, by its tag.
///
/// # Errors
/// What the registry refuses, and [`reg_shared::exit::Exit::Integrity`] when other bytes come back.
pub(crate) async fn proof(connection: &Connection, wanted: &TestImage) -> Result<String> {
    let TestImage { repository, tag } = wanted;
    let client = &connection.client;
    let image = Image::new(CONTENT);
    let selector: Selector = tag.clone().into();
    let there = client.manifest_head(repository, &selector).await?.and_then(|head| head.digest);
    if there.as_ref() != Some(&image.manifest.digest) {
        for (_, blob) in image.blobs() {
            client.blob_put(repository, &Content::bytes(blob), None).await?;
        }
        client.manifest_put(repository, &selector, &image.manifest).await?;
    }
    let (manifest, _) = client.manifest(repository, &selector).await?;
    if manifest.bytes != image.manifest.bytes {
        return Err(Error::integrity(format!("{repository}:{tag} comes back as another manifest")));
    }
    for (digest, blob) in image.blobs() {
        if client.blob_bytes(repository, &digest, blob.len() as u64).await? != blob {
            return Err(Error::integrity(format!("{digest} of {repository} comes back as other bytes")));
        }
    }
    let pushed = if there.as_ref() == Some(&image.manifest.digest) { "was there" } else { "was pushed" };
    Ok(format!("{repository}:{tag} {pushed} and comes back as it was"))
}
