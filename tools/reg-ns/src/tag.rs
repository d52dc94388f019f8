//! Letting tags point to a manifest. Nothing is put before it is known that all may be.

use futures_util::{StreamExt, TryStreamExt, stream};
use reg_shared::cli::{Connection, Context};
use reg_shared::document::{TagOutcome, Tagged, TaggedRow};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::name::{Digest, Reference, Repository, Tag};
use reg_shared::oci::manifest::Manifest;

use crate::AT_ONCE;
use crate::cli::TagArgs;
use crate::operand::{Operand, open};

pub(crate) async fn tag(context: &Context, args: &TagArgs) -> Result<Exit> {
    let Operand { host, name: reference } = Operand::<Reference>::parse(&args.registry, &args.reference)?;
    let (connection, manifest, found) = context.interrupt.or(look(context, args, host.as_deref(), &reference)).await?;
    let Reference { repository, .. } = &reference;
    let others: Vec<&(Tag, Option<Digest>)> =
        found.iter().filter(|(_, there)| there.as_ref().is_some_and(|it| !is(it, &manifest))).collect();
    if let [(tag, _), ..] = others.as_slice()
        && !args.force
        && !args.exist_ok
    {
        return Err(in_the_way(&connection, repository, tag, others.len()));
    }
    let mut rows = Vec::new();
    for (tag, there) in &found {
        let outcome = match there {
            None => TagOutcome::Added,
            Some(digest) if is(digest, &manifest) || args.exist_ok => TagOutcome::Unchanged,
            Some(_) => TagOutcome::Moved,
        };
        if outcome != TagOutcome::Unchanged {
            context.interrupt.or(connection.client.manifest_put(repository, &tag.clone().into(), &manifest)).await?;
            let word = if outcome == TagOutcome::Added { "is" } else { "is now" };
            context.messages.note(format!("{repository}:{tag} {word} {}", manifest.digest));
        }
        rows.push(TaggedRow {
            name: tag.to_string(),
            reference: Reference::new(repository, tag.clone()).to_string(),
            outcome,
            previous: there.as_ref().map(ToString::to_string),
        });
    }
    let digest = manifest.digest.to_string();
    let document = Tagged { registry: connection.registry, repository: repository.to_string(), digest, tags: rows };
    context.output.print(&document).map(|()| Exit::Ok)
}

/// The manifest, and where each of the tags points to now.
async fn look(
    context: &Context,
    args: &TagArgs,
    host: Option<&str>,
    reference: &Reference,
) -> Result<(Connection, Manifest, Vec<(Tag, Option<Digest>)>)> {
    let Reference { repository, selector } = reference;
    let connection = open(context, &args.registry, host, Some(repository)).await?;
    let (manifest, _) = connection.client.manifest(repository, selector).await?;
    let found = stream::iter(args.tags.clone())
        .map(|tag| async {
            let there = connection.client.resolve(repository, &tag.clone().into()).await?;
            Ok::<_, Error>((tag, there.map(|there| there.digest)))
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    Ok((connection, manifest, found))
}

/// Whether a digest is that of the manifest, in whichever algorithm the registry names it.
fn is(digest: &Digest, manifest: &Manifest) -> bool {
    *digest == manifest.digest || *digest == Digest::of(digest.algorithm(), &manifest.bytes)
}

fn in_the_way(connection: &Connection, repository: &Repository, tag: &Tag, count: usize) -> Error {
    let others = match count {
        ..=1 => String::new(),
        2 => ", and so does another".to_owned(),
        count => format!(", and so do {} others", count - 1),
    };
    Error::conflict(format!("the tag {repository}:{tag} at {} points to another manifest{others}", connection.registry.url))
        .hint("--force moves it; --exist-ok leaves it as it is")
}
