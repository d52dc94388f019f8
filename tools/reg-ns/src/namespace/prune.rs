//! Retention run from here: each tag that the rules do not keep goes, alone, and each is told with its reason.
//!
//! A repository is looked at right before its tags go; a tag that was moved since then stays where the registry dates its tags.

use futures_util::{StreamExt, TryStreamExt, stream};
use reg_shared::cli::{Connection, Context};
use reg_shared::document::{DeletedOutcome, PruneReport, PrunedRow, RepositoryRow, RetainedRow};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::layout::Layout;
use reg_shared::name::{Reference, Repository, Tag};
use reg_shared::registry;
use reg_shared::retention::{self, Decision};
use time::OffsetDateTime;

use super::known::{Census, Known, by_name};
use crate::AT_ONCE;
use crate::cli::{By, PruneArgs};
use crate::image::{created, shown};
use crate::operand::namespaces;
use crate::rm::{Ended, How, failed, untag, verify};
use crate::tags::no_times;

/// So many repositories are looked at at once, each with many requests.
const REPOSITORIES_AT_ONCE: usize = 4;

/// What became of one repository.
#[derive(Default)]
struct Pruned {
    deleted: Vec<(RetainedRow, Ended)>,
    kept: Vec<RetainedRow>,
    /// Why it could not be looked at.
    unreadable: Option<(Repository, Error)>,
}

pub(crate) async fn prune(context: &Context, args: &PruneArgs) -> Result<Exit> {
    let (host, names) = namespaces(context, &args.registry, &args.namespaces)?;
    let opening = async {
        let known = Known::open(context, &args.registry, host.as_deref()).await?;
        let (connection, layout) = known.rules(context, &args.registry, args.rules.layout.as_deref())?;
        let census = Census::new(&layout, connection.client.catalog().await?);
        census.has(&connection, &names)?;
        Ok((connection, layout, census))
    };
    let (connection, layout, census) = context.interrupt.or(opening).await?;
    let named = by_name(&layout);
    let about: Vec<Repository> = census
        .iter()
        .filter(|(name, _)| args.namespaces.is_empty() || names.contains(name))
        .filter_map(|(name, repositories)| named.get(name).map(|namespace| (*namespace, repositories)))
        .flat_map(|(namespace, repositories)| {
            repositories.iter().filter(|repository| retention::rules(namespace, repository.as_str()).next().is_some())
        })
        .cloned()
        .collect();
    let asked = about.len();
    // After a signal no other repository is begun with, and what was begun is ended.
    let pruned: Vec<Pruned> = stream::iter(about)
        .take_until(context.interrupt.received())
        .map(|repository| one(context, &connection, args, &layout, repository))
        .buffered(REPOSITORIES_AT_ONCE)
        .collect()
        .await;
    let all = pruned.len();
    let exit = tell(context, args, connection, pruned)?;
    if all < asked {
        context.interrupt.or(std::future::pending::<Result<()>>()).await?;
    }
    Ok(exit)
}

/// Looks at a repository, decides, and deletes what is not kept.
async fn one(context: &Context, connection: &Connection, args: &PruneArgs, layout: &Layout, repository: Repository) -> Pruned {
    let tags = match look(connection, args.by, &repository).await {
        Ok(tags) => tags,
        Err(fault) => return Pruned { unreadable: Some((repository, fault)), ..Pruned::default() },
    };
    let by = match args.by {
        By::Pushed => retention::By::Pushed,
        By::Created => retention::By::Created,
    };
    let decisions = retention::decide(layout, repository.as_str(), &tags, by, OffsetDateTime::now_utc());
    let rows = tags.into_iter().zip(decisions).map(|(tag, decision)| row(&repository, tag, decision, args.by));
    let (kept, doomed): (Vec<_>, Vec<_>) = rows.partition(|(keep, ..)| *keep);
    let how = How { dry_run: args.dry_run, missing_ok: true };
    let deleted = stream::iter(doomed)
        .take_until(context.interrupt.received())
        .map(|(_, row, pushed)| async move {
            let ended = go(context, connection, how, &row, pushed).await;
            (row, ended)
        })
        .buffered(AT_ONCE);
    let (rows, mut deleted): (Vec<_>, Vec<_>) = deleted.collect::<Vec<_>>().await.into_iter().unzip();
    let mut kept: Vec<RetainedRow> = kept.into_iter().map(|(_, row, _)| row).collect();
    let mut unreadable = None;
    if !args.dry_run
        && let Err(fault) = verify(connection, &mut deleted).await
    {
        unreadable = Some((repository, fault));
    }
    kept.sort_by(|left, right| left.name.cmp(&right.name));
    Pruned { deleted: rows.into_iter().zip(deleted).collect(), kept, unreadable }
}

/// What is known of the tags of a repository.
async fn look(connection: &Connection, by: By, repository: &Repository) -> Result<Vec<retention::Tag>> {
    let client = &connection.client;
    let tags: Vec<Tag> = match client.tags(repository).await {
        Err(fault) if fault.kind() == Exit::NotFound => return Ok(Vec::new()),
        tags => tags?,
    };
    let kind: registry::Registry = connection.registry.kind.into();
    let pushed = kind.push_times(client, repository, &tags).await?;
    let made: Vec<Option<OffsetDateTime>> = match by {
        By::Pushed => vec![None; tags.len()],
        By::Created => {
            let made = stream::iter(tags.clone()).map(|tag| async {
                match created(connection, repository, &tag.into()).await {
                    Err(fault) if fault.kind() == Exit::NotFound => Ok(None),
                    made => made,
                }
            });
            made.buffered(AT_ONCE).try_collect().await?
        }
    };
    let both = pushed.into_iter().zip(made);
    let tag = |(tag, (pushed, created)): (&Tag, _)| retention::Tag { name: tag.to_string(), pushed, created };
    Ok(tags.iter().zip(both).map(tag).collect())
}

fn row(repository: &Repository, tag: retention::Tag, decision: Decision, by: By) -> (bool, RetainedRow, Option<OffsetDateTime>) {
    let row = RetainedRow {
        name: format!("{repository}:{}", tag.name),
        reason: decision.reason,
        rule: decision.rule,
        pushed_at: shown(tag.pushed),
        created_at: (by == By::Created).then(|| shown(tag.created)),
    };
    (decision.keep, row, tag.pushed)
}

/// Deletes a tag, unless it is another one than was decided about.
async fn go(context: &Context, connection: &Connection, how: How, tag: &RetainedRow, pushed: Option<OffsetDateTime>) -> Ended {
    let reference: Reference = match tag.name.parse() {
        Ok(reference) => reference,
        Err(fault) => unreachable!("a name that was made of a repository and a tag: {fault}"),
    };
    let found = match connection.client.resolve(&reference.repository, &reference.selector).await {
        Ok(found) => found,
        Err(fault) => return failed(crate::rm::row(&reference, DeletedOutcome::Failed, None), fault),
    };
    let kind: registry::Registry = connection.registry.kind.into();
    let now = found.as_ref().and_then(|found| found.modified).map(OffsetDateTime::from);
    if kind.dates_tags() && found.is_some() && now != pushed {
        let row = crate::rm::row(&reference, DeletedOutcome::Failed, found.map(|found| found.digest.to_string()));
        return failed(row, Error::failed(format!("{reference} was moved meanwhile, so it stays")));
    }
    untag(context, connection, how, (reference, found), &format!(": {}", tag.reason)).await
}

/// Prints what became of all.
fn tell(context: &Context, args: &PruneArgs, connection: Connection, pruned: Vec<Pruned>) -> Result<Exit> {
    let mut exit = Exit::Ok;
    let repositories = pruned.len();
    let mut report = PruneReport {
        registry: connection.registry,
        dry_run: args.dry_run,
        deleted: Vec::new(),
        kept: Vec::new(),
        unreadable: Vec::new(),
    };
    for one in pruned {
        if let Some((repository, fault)) = one.unreadable {
            context.messages.always(fault.to_string());
            let detail = Some(fault.to_string());
            report.unreadable.push(RepositoryRow { name: repository.to_string(), tags: None, ghost: false, detail });
            exit = Exit::Negative;
        }
        for (tag, (row, fault)) in one.deleted {
            if let Some(fault) = fault {
                context.messages.always(fault.to_string());
                exit = Exit::Negative;
            }
            report.deleted.push(PrunedRow { tag, outcome: row.outcome, digest: row.digest, detail: row.detail });
        }
        report.kept.extend(one.kept);
    }
    let dated = |row: &RetainedRow| row.created_at.as_ref().map_or(row.pushed_at.is_some(), Option::is_some);
    let mut rows = report.kept.iter().chain(report.deleted.iter().map(|row| &row.tag));
    if !report.kept.is_empty() && !rows.any(dated) {
        context.messages.warn(no_times(args.by));
    }
    let gone = report.deleted.iter().filter(|row| row.outcome == DeletedOutcome::Deleted).count();
    context.messages.note(format!(
        "{} {gone} of {} tags in {repositories} {}",
        if args.dry_run { "would delete" } else { "deleted" },
        report.deleted.len() + report.kept.len(),
        if repositories == 1 { "repository" } else { "repositories" }
    ));
    context.output.print(&report)?;
    Ok(exit)
}
