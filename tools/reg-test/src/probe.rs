//! Push, pull, push-pull: a real image there and back, every byte compared.
//!
//! `push` and `pull` work with one image that is the same everywhere, under the tag `probe`. `push-pull` makes an image of random
//! bytes under a tag of its own, so that nothing answers from a cache and nothing that was there before is touched; it takes away what
//! it brought, also after Ctrl-C.

use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::name::{Repository, Selector, Tag, hex};
use reg_shared::oci::image::Image;
use reg_shared::oci::{Client, Content};

use crate::suite::{Found, Suite};

/// What the file of the reproducible image says.
const CONTENT: &[u8] = b"reg-test was here\n";
/// The tag of the reproducible image.
const TAG: &str = "probe";
/// How many random bytes the image of push-pull carries.
const RANDOM: usize = 64 << 10;

pub(crate) async fn push(suite: &mut Suite<'_>, repository: &Repository) {
    let client = suite.connection.client.clone();
    let image = Image::new(CONTENT);
    let Some(tag) = suite.check_with("push-tag", free_tag(&client, repository, &image)).await else { return };
    push_image(suite, &client, repository, &image, &tag).await;
}

/// The tag of the reproducible image, when nobody else has it.
async fn free_tag(client: &Client, repository: &Repository, image: &Image) -> Result<(Found, Tag)> {
    let tag: Tag = TAG.parse()?;
    let there = client.manifest_head(repository, &tag.clone().into()).await?;
    match there.and_then(|head| head.digest) {
        Some(digest) if digest != image.manifest.digest => {
            Err(Error::conflict(format!("{repository}:{tag} is another image, which is not ours to replace"))
                .hint("name a repository for the probe with --repository"))
        }
        Some(_) => Ok((Found::Pass(format!("{repository}:{tag} is there already, the same image")), tag)),
        None => Ok((Found::Pass(format!("{repository}:{tag} is free")), tag)),
    }
}

async fn push_image(suite: &mut Suite<'_>, client: &Client, repository: &Repository, image: &Image, tag: &Tag) -> bool {
    let blobs = async {
        let mut bytes = 0;
        for (_, blob) in image.blobs() {
            bytes += blob.len();
            client.blob_put(repository, &Content::bytes(blob), None).await?;
        }
        Ok(Found::Pass(format!("2 blobs, {bytes} bytes")))
    };
    if !suite.check("push-blobs", blobs).await {
        return false;
    }
    let manifest = async {
        client.manifest_put(repository, &tag.clone().into(), &image.manifest).await?;
        Ok(Found::Pass(format!("{repository}:{tag} is {}", image.manifest.digest)))
    };
    suite.check("push-manifest", manifest).await
}

pub(crate) async fn pull(suite: &mut Suite<'_>, repository: &Repository) {
    let client = suite.connection.client.clone();
    let Ok(tag) = TAG.parse() else { return };
    pull_image(suite, &client, repository, &Image::new(CONTENT), &tag).await;
}

async fn pull_image(suite: &mut Suite<'_>, client: &Client, repository: &Repository, image: &Image, tag: &Tag) {
    let by_tag = async {
        same_manifest(client, repository, &tag.clone().into(), image).await.map_err(|fault| match fault.kind() {
            Exit::NotFound => fault.hint("`reg-test push` puts it there"),
            _ => fault,
        })
    };
    suite.check("pull-by-tag", by_tag).await;
    suite.check("pull-by-digest", same_manifest(client, repository, &image.manifest.digest.clone().into(), image)).await;
    let blobs = async {
        for (digest, blob) in image.blobs() {
            let pulled = client.blob_bytes(repository, &digest, blob.len() as u64).await?;
            if pulled != blob {
                return Err(Error::integrity(format!("the blob {digest} came back as other bytes")));
            }
        }
        Ok(Found::Pass("2 blobs, every byte the same".to_owned()))
    };
    suite.check("pull-blobs", blobs).await;
}

async fn same_manifest(client: &Client, repository: &Repository, selector: &Selector, image: &Image) -> Result<Found> {
    let (manifest, _) = client.manifest(repository, selector).await?;
    if manifest.bytes != image.manifest.bytes || manifest.media_type != image.manifest.media_type {
        return Err(Error::integrity(format!("{selector} came back as another manifest, {}", manifest.digest)));
    }
    Ok(Found::Pass(format!("{} bytes, the digest matches", manifest.bytes.len())))
}

pub(crate) async fn push_pull(suite: &mut Suite<'_>, repository: &Repository) {
    let client = suite.connection.client.clone();
    let mut random = vec![0; RANDOM];
    let Some(tag) = suite.check_with("prepare", prepare(&mut random)).await else { return };
    let image = Image::new(&random);
    let pushed = push_image(suite, &client, repository, &image, &tag).await;
    if pushed {
        pull_image(suite, &client, repository, &image, &tag).await;
    }
    client.settle().await;
    let deletes_tags = suite.kind().deletes_tags(suite.connection.registry.version.as_deref());
    let cleaning = async {
        match clean(&client, repository, &image, deletes_tags.then_some(&tag)).await {
            // That the push failed is told already, and what refused the one refuses the other.
            Err(fault) if !pushed => Ok(Found::Skip(format!("what the push left, if anything, stays: {fault}"))),
            cleaned => cleaned,
        }
    };
    suite.clean_up("clean-up", cleaning).await;
}

async fn prepare(random: &mut [u8]) -> Result<(Found, Tag)> {
    getrandom::fill(random).map_err(|fault| Error::failed("the system gives no random numbers").caused_by(fault))?;
    let tag: Tag = format!("{TAG}-{}", hex(&random[..6])).parse()?;
    Ok((Found::Pass(format!("{} random bytes", random.len())), tag))
}

/// Takes away what push-pull brought. What is not there (any more) needs no cleaning.
async fn clean(client: &Client, repository: &Repository, image: &Image, tag: Option<&Tag>) -> Result<Found> {
    let digest = &image.manifest.digest;
    let mut refused = false;
    let mut note = |outcome: Result<()>| match outcome {
        Ok(()) => Ok(()),
        Err(fault) if fault.kind() == Exit::NotFound => Ok(()),
        Err(fault) if fault.kind() == Exit::Unsupported => {
            refused = true;
            Ok(())
        }
        Err(fault) => Err(fault),
    };
    if let Some(tag) = tag {
        note(client.tag_delete(repository, tag).await)?;
    }
    note(client.manifest_delete(repository, digest).await)?;
    for (blob, _) in image.blobs() {
        note(client.blob_delete(repository, &blob).await)?;
    }
    if client.manifest_head(repository, &digest.clone().into()).await?.is_some() {
        return if refused {
            Ok(Found::Skip(format!("this registry deletes nothing: {repository}@{digest} stays")))
        } else {
            Err(Error::failed(format!("{repository}@{digest} is still there after it was deleted")))
        };
    }
    let left = if refused { "; blobs stay until its garbage collection" } else { "" };
    Ok(Found::Pass(format!("nothing of it is left in {repository}{left}")))
}
