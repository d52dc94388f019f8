//! Printing a manifest: read, or byte for byte.

use reg_shared::cli::{Connection, Context};
use reg_shared::document::ManifestDocument;
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::name::{Reference, Selector};
use reg_shared::oci::manifest::{Manifest, Platform, View};
use reg_shared::oci::media::is_image_config;

use crate::cli::ManifestArgs;
use crate::image::{not_for, platform};
use crate::operand::{Operand, open};

pub(crate) async fn manifest(context: &Context, args: &ManifestArgs) -> Result<Exit> {
    if args.raw && context.output.wraps_files() {
        return Err(Error::usage("--raw prints the bytes of the manifest, and -o a document")
            .hint("leave one of them away; without --raw the manifest stands in the document's `content`"));
    }
    let Operand { host, name: reference } = Operand::<Reference>::parse(&args.registry, &args.reference)?;
    let connection = open(context, &args.registry, host.as_deref(), Some(&reference.repository)).await?;
    let (manifest, view) = connection.client.manifest(&reference.repository, &reference.selector).await?;
    let (manifest, view, chosen) = match &args.platform {
        Some(wanted) => for_platform(&connection, &reference, (manifest, view), wanted).await?,
        None => (manifest, view, None),
    };
    if args.raw {
        return context.output.bytes(&manifest.bytes).map(|()| Exit::Ok);
    }
    let content =
        serde_json::from_slice(&manifest.bytes).map_err(|fault| Error::failed("the manifest is not JSON").caused_by(fault))?;
    let tag = match &reference.selector {
        Selector::Tag(tag) => Some(tag.to_string()),
        Selector::Digest(_) => None,
    };
    let document = ManifestDocument {
        registry: connection.registry,
        name: Reference::new(&reference.repository, manifest.digest.clone()).to_string(),
        repository: reference.repository.to_string(),
        tag,
        digest: manifest.digest.to_string(),
        media_type: manifest.media_type,
        size: manifest.bytes.len() as u64,
        artifact_type: view.effective_artifact_type().filter(|kind| !is_image_config(kind)).map(ToOwned::to_owned),
        platform: chosen.map(|platform| platform.to_string()),
        platforms: platforms(&view),
        content,
    };
    context.output.print(&document).map(|()| Exit::Ok)
}

/// The platforms of an index's images. What is for none, like an attestation, says that it is for `unknown/unknown`.
fn platforms(view: &View) -> Vec<String> {
    let entries = view.manifests.iter().flatten().filter_map(|entry| entry.platform.as_ref());
    entries.filter(|platform| platform.os != "unknown").map(ToString::to_string).collect()
}

/// The image for a platform: of an index the first entry that is one, of an image itself.
async fn for_platform(
    connection: &Connection,
    reference: &Reference,
    (manifest, view): (Manifest, View),
    wanted: &Platform,
) -> Result<(Manifest, View, Option<Platform>)> {
    let Reference { repository, .. } = reference;
    let Some(entries) = &view.manifests else {
        return match platform(connection, repository, &view).await? {
            Some(own) if own.is(wanted) => Ok((manifest, view, Some(own))),
            own => Err(not_for(&reference.to_string(), wanted, &own.iter().map(ToString::to_string).collect::<Vec<_>>())),
        };
    };
    let entry = entries.iter().find_map(|entry| Some((entry, entry.platform.as_ref().filter(|own| own.is(wanted))?)));
    let (entry, own) = entry.ok_or_else(|| not_for(&reference.to_string(), wanted, &platforms(&view)))?;
    let (image, read) = connection.client.manifest(repository, &entry.digest.clone().into()).await?;
    Ok((image, read, Some(own.clone())))
}
