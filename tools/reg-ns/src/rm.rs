//! Deleting tags, each alone, and what is said of what was deleted.

use std::collections::HashMap;

use futures_util::{StreamExt, TryStreamExt, stream};
use reg_shared::cli::{Connection, Context};
use reg_shared::document::{Deleted, DeletedOutcome, DeletedRow};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::name::{Digest, Reference, Repository, Selector, Tag};
use reg_shared::oci::Resolved;
use reg_shared::registry;

use crate::cli::RmArgs;
use crate::operand::{not_there, open, references};
use crate::{AT_ONCE, delete};

/// How things are deleted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct How {
    /// Only told, not done.
    pub(crate) dry_run: bool,
    /// What is not there is passed over.
    pub(crate) missing_ok: bool,
}

impl From<&RmArgs> for How {
    fn from(args: &RmArgs) -> Self {
        Self { dry_run: args.dry_run, missing_ok: args.missing_ok }
    }
}

/// What became of one reference; the error when it is not gone and should be.
pub(crate) type Ended = (DeletedRow, Option<Error>);

pub(crate) async fn rm(context: &Context, args: &RmArgs) -> Result<Exit> {
    let (host, references) = references(context, &args.registry, &args.references, args.repository.as_ref())?;
    if !args.digest
        && let Some(manifest) = references.iter().find(|reference| matches!(reference.selector, Selector::Digest(_)))
    {
        return Err(
            Error::usage(format!("{manifest} is a manifest, not a tag")).hint("--digest deletes a manifest, and its tags with it")
        );
    }
    let repository = references.first().map(|reference| &reference.repository);
    let connection = context.interrupt.or(open(context, &args.registry, host.as_deref(), repository)).await?;
    let client = &connection.client;
    let resolved = stream::iter(references)
        .map(|reference| async move {
            let found = client.resolve(&reference.repository, &reference.selector).await?;
            Ok::<_, Error>((reference, found))
        })
        .buffered(AT_ONCE)
        .try_collect();
    let found: Vec<(Reference, Option<Resolved>)> = context.interrupt.or(resolved).await?;
    let asked = found.len();
    let ended = if args.digest {
        delete::manifests(context, &connection, args, &found).await?
    } else {
        // After a signal no other tag is begun with, and those that were are waited for.
        let begun = stream::iter(found).take_until(context.interrupt.received());
        let mut ended: Vec<Ended> = begun
            .map(|(reference, found)| untag(context, &connection, args.into(), (reference, found), ""))
            .buffered(AT_ONCE)
            .collect()
            .await;
        if !args.dry_run {
            verify(&connection, &mut ended).await?;
        }
        ended
    };
    finish(context, connection, args, ended, asked).await
}

/// Takes a tag away, and says so; with `why` behind it.
pub(crate) async fn untag(
    context: &Context,
    connection: &Connection,
    how: How,
    (reference, found): (Reference, Option<Resolved>),
    why: &str,
) -> Ended {
    let digest = found.map(|found| found.digest);
    let Selector::Tag(tag) = &reference.selector else { return missing(connection, how, &reference) };
    let kind: registry::Registry = connection.registry.kind.into();
    let version = connection.registry.version.as_deref();
    let gone = match (how.dry_run, &digest) {
        (true, None) => return missing(connection, how, &reference),
        (true, Some(_)) => Ok(()),
        // One whose manifest is gone can be a tag all the same.
        (false, _) => kind.delete_tag(version, &connection.client, &reference.repository, tag).await,
    };
    match gone {
        Ok(()) => {
            let known = digest.as_ref().map(|digest| format!(", {}", known_as(how, digest))).unwrap_or_default();
            told(context, how, format!("{reference}{known}{why}"));
            (row(&reference, DeletedOutcome::Deleted, digest.map(|digest| digest.to_string())), None)
        }
        Err(fault) if fault.kind() == Exit::NotFound => missing(connection, how, &reference),
        Err(fault) => failed(row(&reference, DeletedOutcome::Failed, digest.map(|digest| digest.to_string())), fault),
    }
}

/// Looks whether what was deleted is gone, at registries where a deletion may be accepted and yet leave the tag.
pub(crate) async fn verify(connection: &Connection, ended: &mut [Ended]) -> Result<()> {
    let kind: registry::Registry = connection.registry.kind.into();
    if !kind.may_keep_tags(connection.registry.version.as_deref()) {
        return Ok(());
    }
    let mut listed: HashMap<Repository, Vec<Tag>> = HashMap::new();
    for (row, fault) in ended.iter_mut().filter(|(row, _)| row.outcome == DeletedOutcome::Deleted) {
        let Ok(Reference { repository, selector: Selector::Tag(tag) }) = row.name.parse() else { continue };
        if !listed.contains_key(&repository) {
            let tags = match connection.client.tags(&repository).await {
                Err(fault) if fault.kind() == Exit::NotFound => Vec::new(),
                tags => tags?,
            };
            listed.insert(repository.clone(), tags);
        }
        if listed.get(&repository).is_some_and(|tags| tags.contains(&tag)) {
            let kept = Error::failed(format!("the registry accepted the deletion of {}, but still lists it", row.name));
            (*row, *fault) =
                failed(row.clone(), kept.hint("another deletion in this repository may have been in its way: try again"));
        }
    }
    Ok(())
}

/// Says that something is gone, or would be.
pub(crate) fn told(context: &Context, how: How, what: String) {
    context.messages.note(format!("{} {what}", if how.dry_run { "would delete" } else { "deleted" }));
}

/// By which digest a tag's manifest can still be found.
pub(crate) fn known_as(how: How, digest: &Digest) -> String {
    format!("which {} {digest}", if how.dry_run { "is" } else { "was" })
}

pub(crate) fn row(reference: &Reference, outcome: DeletedOutcome, digest: Option<String>) -> DeletedRow {
    let (tags, referrers, indexes) = (Vec::new(), Vec::new(), Vec::new());
    DeletedRow { name: reference.to_string(), outcome, digest, tags, referrers, indexes, detail: None }
}

pub(crate) fn missing(connection: &Connection, how: How, reference: &Reference) -> Ended {
    (row(reference, DeletedOutcome::Missing, None), (!how.missing_ok).then(|| not_there(connection, reference)))
}

pub(crate) fn failed(row: DeletedRow, fault: Error) -> Ended {
    (DeletedRow { outcome: DeletedOutcome::Failed, detail: Some(fault.to_string()), ..row }, Some(fault))
}

/// Prints the rows. One reference that is not gone is the error of the run; of several, the others are gone, and each is told.
async fn finish(context: &Context, connection: Connection, args: &RmArgs, ended: Vec<Ended>, asked: usize) -> Result<Exit> {
    let mut rows = Vec::new();
    let mut exit = Exit::Ok;
    let all = ended.len();
    for (row, fault) in ended {
        if let Some(fault) = fault {
            if asked == 1 {
                return Err(fault);
            }
            context.messages.always(fault.to_string());
            exit = Exit::Negative;
        }
        rows.push(row);
    }
    context.output.print(&Deleted { registry: connection.registry, dry_run: args.dry_run, deleted: rows })?;
    if all < asked {
        context.interrupt.or(std::future::pending::<Result<()>>()).await?;
    }
    Ok(exit)
}
