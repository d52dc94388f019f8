//! Listing the tags of a repository: which, in which order, and what they point to.

use futures_util::{StreamExt, TryStreamExt, stream};
use reg_shared::cli::{Connection, Context};
use reg_shared::document::{TagRow, Tags};
use reg_shared::error::Result;
use reg_shared::exit::Exit;
use reg_shared::name::{Reference, Repository, Tag};
use reg_shared::registry;
use time::OffsetDateTime;

use crate::AT_ONCE;
use crate::cli::{By, Sort, TagsArgs};
use crate::image::{created, shown};
use crate::operand::{Operand, open};
use crate::order::by_version;

pub(crate) async fn tags(context: &Context, args: &TagsArgs) -> Result<Exit> {
    let Operand { host, name: repository } = Operand::<Repository>::parse(&args.registry, &args.repository)?;
    let connection = open(context, &args.registry, host.as_deref(), Some(&repository)).await?;
    let mut tags = connection.client.tags(&repository).await?;
    if tags.is_empty() {
        context.messages.note(format!("{repository} has no tags"));
    }
    tags.retain(|tag| args.matching.as_ref().is_none_or(|regex| regex.is_match(tag.as_str())));
    tags.retain(|tag| args.semver.as_ref().is_none_or(|range| range.has(tag.as_str())));
    if args.sort == Sort::Semver {
        tags.sort_by(|left, right| by_version(left.as_str(), right.as_str()));
    }
    let looks = args.long || args.sort == Sort::Time || args.by == By::Created;
    let kind: registry::Registry = connection.registry.kind.into();
    // Those that date every tag do so in the answer that is asked for anyway.
    let pushed = match looks && !kind.dates_tags() {
        true => kind.push_times(&connection.client, &repository, &tags).await?,
        false => vec![None; tags.len()],
    };
    let one = async |(tag, pushed)| {
        if looks { look(&connection, &repository, tag, pushed, args.by).await } else { Ok(Some((None, row(&repository, &tag)))) }
    };
    let mut rows: Vec<(Option<OffsetDateTime>, TagRow)> = stream::iter(tags.into_iter().zip(pushed))
        .map(one)
        .buffered(AT_ONCE)
        .try_filter_map(|row| async { Ok(row) })
        .try_collect()
        .await?;
    if args.sort == Sort::Time {
        if !rows.is_empty() && rows.iter().all(|(time, _)| time.is_none()) {
            context.messages.warn(no_times(args.by));
        }
        // Those without a time stay in the order of their names.
        rows.sort_by_key(|(time, _)| *time);
    }
    let tags = rows.into_iter().map(|(_, row)| row).collect();
    let document = Tags { registry: connection.registry, repository: repository.to_string(), tags };
    context.output.print(&document).map(|()| Exit::Ok)
}

pub(crate) fn no_times(by: By) -> &'static str {
    match by {
        By::Pushed => "this registry does not tell when tags were pushed; --by created goes by when the images were made",
        By::Created => "none of the images says when it was made",
    }
}

fn row(repository: &Repository, tag: &Tag) -> TagRow {
    TagRow {
        name: tag.to_string(),
        reference: Reference::new(repository, tag.clone()).to_string(),
        digest: None,
        media_type: None,
        size: None,
        pushed_at: None,
        created_at: None,
    }
}

/// A tag with what it points to, and its time; nothing when it went away meanwhile.
async fn look(
    connection: &Connection,
    repository: &Repository,
    tag: Tag,
    pushed: Option<OffsetDateTime>,
    by: By,
) -> Result<Option<(Option<OffsetDateTime>, TagRow)>> {
    let row = row(repository, &tag);
    let selector = tag.into();
    let Some(found) = connection.client.resolve(repository, &selector).await? else { return Ok(None) };
    let kind: registry::Registry = connection.registry.kind.into();
    let pushed = pushed.or(found.modified.filter(|_| kind.dates_tags()).map(OffsetDateTime::from));
    let created = match by {
        By::Created => Some(created(connection, repository, &found.digest.clone().into()).await?),
        By::Pushed => None,
    };
    let time = if by == By::Created { created.flatten() } else { pushed };
    let row = TagRow {
        digest: Some(found.digest.to_string()),
        media_type: Some(found.media_type),
        size: Some(found.size),
        pushed_at: Some(shown(pushed)),
        created_at: created.map(shown),
        ..row
    };
    Ok(Some((time, row)))
}
