//! Deleting manifests, with what hangs on them.
//!
//! With a manifest go the tags that point to it and the manifests about it, and those about them. An index that lists it stays, and is
//! without it from then on. All of that is looked at before anything is deleted; without --force nothing is, when there is any.
//! The manifests about it go first, so that a run that was interrupted leaves nothing that the next one would not find.

use std::collections::{BTreeMap, BTreeSet};

use reg_shared::cli::{Connection, Context};
use reg_shared::document::{DeletedOutcome, DeletedRow};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::name::{Digest, Reference, Repository, Selector, Tag};
use reg_shared::oci::{Client, Resolved};
use reg_shared::registry;

use crate::cli::RmArgs;
use crate::holdings::Holdings;
use crate::rm::{Ended, failed, known_as, missing, row, told};

/// A manifest that is to go, and what hangs on it.
#[derive(Debug)]
struct Plan {
    reference: Reference,
    digest: Digest,
    /// The tags that point to it.
    tags: Vec<Tag>,
    /// The tags whose names say that they are about it, with where they point.
    about: Vec<(Tag, Digest)>,
    /// The manifests about it, the nearest first.
    referrers: Vec<Digest>,
    /// The indexes that list it.
    indexes: Vec<Digest>,
    is_index: bool,
}

/// Deletes manifests, in the order of what was asked for, but indexes before what they list.
pub(crate) async fn manifests(
    context: &Context,
    connection: &Connection,
    args: &RmArgs,
    found: &[(Reference, Option<Resolved>)],
) -> Result<Vec<Ended>> {
    let (plans, mut ended) = context.interrupt.or(plan(connection, args, found)).await?;
    let going: BTreeSet<&Digest> = plans.iter().map(|plan| &plan.digest).collect();
    let named: Vec<&Reference> = found.iter().map(|(reference, _)| reference).collect();
    for plan in &plans {
        if context.interrupt.or(async { Ok(()) }).await.is_err() {
            break;
        }
        let fault = match plan.held_by(&named, &going) {
            Some(why) if !args.force => Err(refused(&plan.reference, &why)),
            _ if args.dry_run => Ok(()),
            _ => plan.run(connection).await,
        };
        ended.push(match fault {
            Ok(()) => {
                told(context, args.into(), plan.told(args));
                (plan.row(), None)
            }
            Err(fault) => failed(plan.row(), fault),
        });
    }
    Ok(ended)
}

/// What is to be done, and what is not there.
async fn plan(connection: &Connection, args: &RmArgs, found: &[(Reference, Option<Resolved>)]) -> Result<(Vec<Plan>, Vec<Ended>)> {
    let mut holdings: BTreeMap<&Repository, Holdings> = BTreeMap::new();
    let (mut plans, mut ended) = (Vec::<Plan>::new(), Vec::new());
    for (reference, resolved) in found {
        let Some(resolved) = resolved else {
            ended.push(missing(connection, args.into(), reference));
            continue;
        };
        let (repository, digest) = (&reference.repository, &resolved.digest);
        if plans.iter().any(|plan| plan.reference.repository == *repository && plan.digest == *digest) {
            // Another name of one that goes already.
            ended.push((row(reference, DeletedOutcome::Deleted, Some(digest.to_string())), None));
            continue;
        }
        if !holdings.contains_key(repository) {
            holdings.insert(repository, Holdings::look(&connection.client, repository).await?);
        }
        let Some(holdings) = holdings.get(repository) else { continue };
        let referrers = referrers(&connection.client, repository, digest).await?;
        let about = std::iter::once(digest).chain(&referrers).flat_map(|digest| holdings.tags_about(digest)).collect();
        plans.push(Plan {
            reference: reference.clone(),
            digest: digest.clone(),
            tags: holdings.tags_of(digest),
            about,
            referrers,
            indexes: holdings.indexes_with(digest),
            is_index: holdings.is_index(digest),
        });
    }
    plans.sort_by_key(|plan| !plan.is_index);
    Ok((plans, ended))
}

/// The manifests about a manifest, and those about them, each once.
async fn referrers(client: &Client, repository: &Repository, digest: &Digest) -> Result<Vec<Digest>> {
    let mut all: Vec<Digest> = Vec::new();
    let mut next = vec![digest.clone()];
    while let Some(subject) = next.pop() {
        for found in client.referrers(repository, &subject, None).await? {
            if found.digest != *digest && !all.contains(&found.digest) {
                all.push(found.digest.clone());
                next.push(found.digest);
            }
        }
    }
    Ok(all)
}

impl Plan {
    /// Why it should not go without being asked twice: what hangs on it that was not named, too.
    fn held_by(&self, named: &[&Reference], going: &BTreeSet<&Digest>) -> Option<String> {
        let repository = &self.reference.repository;
        let is_named = |tag: &&Tag| named.contains(&&Reference::new(repository, (*tag).clone()));
        let tags: Vec<_> =
            self.tags.iter().chain(self.about.iter().map(|(tag, _)| tag)).filter(|tag| !is_named(tag)).map(Tag::as_str).collect();
        let referrers = self.referrers.iter().filter(|digest| !going.contains(digest)).count();
        let indexes = self.indexes.iter().filter(|digest| !going.contains(digest)).count();
        let mut held = Vec::new();
        match tags.as_slice() {
            [] => {}
            [tag] => held.push(format!("the tag {tag} would go with it")),
            tags => held.push(format!("the tags {} would go with it", tags.join(", "))),
        }
        match referrers {
            0 => {}
            1 => held.push("1 manifest is about it".to_owned()),
            count => held.push(format!("{count} manifests are about it")),
        }
        match indexes {
            0 => {}
            1 => held.push("1 index lists it".to_owned()),
            count => held.push(format!("{count} indexes list it")),
        }
        (!held.is_empty()).then(|| held.join(", "))
    }

    async fn run(&self, connection: &Connection) -> Result<()> {
        let client = &connection.client;
        let kind: registry::Registry = connection.registry.kind.into();
        let (repository, version) = (&self.reference.repository, connection.registry.version.as_deref());
        let subject = match client.manifest(repository, &self.digest.clone().into()).await {
            Ok((_, view)) => view.subject.map(|subject| subject.digest),
            // What cannot be read can be deleted all the same.
            Err(_) => None,
        };
        for referrer in self.referrers.iter().rev() {
            gone(client.manifest_delete(repository, referrer).await)?;
        }
        for (tag, _) in &self.about {
            gone(kind.delete_tag(version, client, repository, tag).await)?;
        }
        gone(client.manifest_delete(repository, &self.digest).await).map_err(|fault| match self.indexes.as_slice() {
            [index, ..] => {
                fault.hint(format!("this registry wants the index to go first: {}", Reference::new(repository, index.clone())))
            }
            [] => fault,
        })?;
        let Some(subject) = subject else { return Ok(()) };
        if client.referrers_by_api(repository, &subject, None).await?.is_none()
            && client.referrer_forget(repository, &subject, &self.digest).await?
        {
            gone(kind.delete_tag(version, client, repository, &reg_shared::oci::fallback_tag(&subject)?).await)?;
        }
        Ok(())
    }

    fn row(&self) -> DeletedRow {
        let texts = |digests: &[Digest]| digests.iter().map(ToString::to_string).collect();
        DeletedRow {
            tags: self.tags.iter().chain(self.about.iter().map(|(tag, _)| tag)).map(ToString::to_string).collect(),
            referrers: texts(&self.referrers),
            indexes: texts(&self.indexes),
            ..row(&self.reference, DeletedOutcome::Deleted, Some(self.digest.to_string()))
        }
    }

    fn told(&self, args: &RmArgs) -> String {
        let count = |number: usize, one: &str, many: &str| match number {
            0 => None,
            1 => Some(format!("1 {one}")),
            number => Some(format!("{number} {many}")),
        };
        let with = [
            count(self.tags.len() + self.about.len(), "tag", "tags"),
            count(self.referrers.len(), "manifest about it", "manifests about it"),
        ];
        let with: Vec<String> = with.into_iter().flatten().collect();
        let what = match &self.reference.selector {
            Selector::Tag(_) => format!("{}, {}", self.reference, known_as(args.into(), &self.digest)),
            Selector::Digest(_) => self.reference.to_string(),
        };
        if with.is_empty() { what } else { format!("{what}, with {}", with.join(" and ")) }
    }
}

fn refused(reference: &Reference, why: &str) -> Error {
    Error::conflict(format!("cannot delete the manifest {reference}: {why}"))
        .hint("--force deletes it all the same; --force --dry-run shows what would go; without --digest a tag goes alone")
}

/// What is gone already is gone.
pub(crate) fn gone(outcome: Result<()>) -> Result<()> {
    match outcome {
        Err(fault) if fault.kind() == Exit::NotFound => Ok(()),
        outcome => outcome,
    }
}
