//! All that is known of namespaces: what the layout says, and what is measured.

use std::collections::{BTreeMap, HashSet};

use futures_util::{StreamExt, TryStreamExt, stream};
use reg_shared::cli::{Connection, Context};
use reg_shared::error::Result;
use reg_shared::exit::Exit;
use reg_shared::layout::{Gap, Namespace, NamespaceDetails, NamespaceInfo};
use reg_shared::name::{Repository, Tag};
use reg_shared::registry;
use time::OffsetDateTime;

use super::known::{Known, by_name};
use super::measure::Measured;
use crate::AT_ONCE;
use crate::cli::InfoArgs;
use crate::image::shown;
use crate::operand::namespaces;
use crate::stats::unique;
use crate::walk::Holding;

pub(crate) async fn info(context: &Context, args: &InfoArgs) -> Result<Exit> {
    let (host, names) = namespaces(context, &args.registry, &args.namespaces)?;
    let known = Known::open(context, &args.registry, host.as_deref()).await?;
    let census = known.census().await?;
    let Known { connection, managed, layout } = known;
    census.has(&connection, &names)?;
    let measured = Measured::read(context, &connection, &census, &names).await?;
    let pushes = last_pushes(&connection, &measured).await?;
    let named = by_name(&layout);
    let rows: Vec<NamespaceDetails> = names
        .iter()
        .map(|name| {
            let own = measured.of(name);
            let last = own.iter().filter_map(|holding| pushes.get(&holding.repository).copied()).max();
            details(&connection, name, named.get(name).copied(), &own, last)
        })
        .collect();
    let gaps = managed.map_or_else(Vec::new, |managed| managed.gaps(&layout));
    let gaps = of_namespaces(gaps, &names);
    let unreadable = rows.iter().any(|row| row.unreadable > 0);
    context.output.print(&NamespaceInfo { registry: connection.registry, namespaces: rows, gaps })?;
    Ok(if unreadable { Exit::Negative } else { Exit::Ok })
}

/// The gaps that concern these namespaces.
pub(super) fn of_namespaces(gaps: Vec<Gap>, names: &[Repository]) -> Vec<Gap> {
    let names: HashSet<&str> = names.iter().map(Repository::as_str).collect();
    gaps.into_iter().filter(|gap| gap.object == "namespace" && names.contains(gap.name.as_str())).collect()
}

/// When a tag in each repository was last pushed, as far as the registry tells.
async fn last_pushes(connection: &Connection, measured: &Measured<'_>) -> Result<BTreeMap<Repository, OffsetDateTime>> {
    let kind: registry::Registry = connection.registry.kind.into();
    let tagged = measured.all().filter(|holding| !holding.tags.is_empty());
    let tagged: Vec<(Repository, Vec<Tag>)> = tagged.map(|holding| (holding.repository.clone(), holding.tags.clone())).collect();
    stream::iter(tagged)
        .map(|(repository, tags)| async move {
            let times = kind.push_times(&connection.client, &repository, &tags).await?;
            Ok(times.into_iter().flatten().max().map(|last| (repository, last)))
        })
        .buffer_unordered(AT_ONCE)
        .try_filter_map(|found| async { Ok(found) })
        .try_collect()
        .await
}

fn details(
    connection: &Connection,
    name: &Repository,
    namespace: Option<&Namespace>,
    held: &[&Holding],
    last_push: Option<OffsetDateTime>,
) -> NamespaceDetails {
    let kind: registry::Registry = connection.registry.kind.into();
    let ghosts = held.iter().filter(|holding| holding.is_ghost(kind)).count();
    NamespaceDetails {
        name: name.to_string(),
        in_layout: namespace.is_some(),
        description: namespace.and_then(|it| it.description.clone()),
        public: namespace.map(|it| it.public),
        access: namespace.map(|it| it.access.clone()),
        retention: namespace.map(|it| it.retention.clone()).unwrap_or_default(),
        immutable_tags: namespace.map(|it| it.immutable_tags.clone()).unwrap_or_default(),
        scan: namespace.and_then(|it| it.scan.clone()),
        quota: namespace.and_then(|it| it.quota),
        unique_bytes: unique(held.iter().copied()),
        repositories: held.len() - ghosts,
        ghosts,
        tags: held.iter().map(|holding| holding.tags.len()).sum(),
        manifests: held.iter().map(|holding| holding.manifests.len()).sum(),
        last_push: shown(last_push),
        unreadable: held.iter().map(|holding| holding.unreadable).sum(),
    }
}
