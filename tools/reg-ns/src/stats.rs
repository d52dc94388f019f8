//! Counting what is in registries.

use std::collections::HashMap;

use futures_util::future::try_join_all;
use reg_shared::cli::{Context, RegistryArgs};
use reg_shared::document::{Counts, Registry, RegistryCounts, Statistics};
use reg_shared::error::Result;
use reg_shared::exit::Exit;
use reg_shared::name::Digest;
use reg_shared::registry;

use crate::cli::StatsArgs;
use crate::namespace::{Census, Known};
use crate::walk::{Holding, walk};

pub(crate) async fn stats(context: &Context, args: &StatsArgs) -> Result<Exit> {
    let each = args.registries.each();
    let read = try_join_all(each.iter().map(|args| read(context, args))).await?;
    let all: Vec<&Holding> = read.iter().flat_map(|read| &read.holdings).collect();
    let mut total = Counts { unique_bytes: unique(all.into_iter()), ..Counts::default() };
    let mut rows = Vec::new();
    for read in &read {
        let (registry, counts) = (&read.registry, count(read));
        add(&mut total, &counts);
        let name = registry.name.clone().unwrap_or_else(|| registry.url.clone());
        rows.push(RegistryCounts { name, registry: registry.clone(), counts });
    }
    let registry = match rows.as_slice() {
        [only] => Some(only.registry.clone()),
        _ => None,
    };
    context.output.print(&Statistics { registry, registries: rows, total })?;
    Ok(if total.unreadable > 0 { Exit::Negative } else { Exit::Ok })
}

/// What a registry holds.
struct Read {
    registry: Registry,
    namespaces: usize,
    holdings: Vec<Holding>,
}

async fn read(context: &Context, args: &RegistryArgs) -> Result<Read> {
    let Known { connection, layout, .. } = Known::open(context, args, None).await?;
    let repositories = connection.client.catalog().await?;
    let namespaces = Census::new(&layout, repositories.clone()).iter().count();
    let holdings = walk(context, &connection, repositories).await?;
    Ok(Read { registry: connection.registry, namespaces, holdings })
}

fn count(read: &Read) -> Counts {
    let kind: registry::Registry = read.registry.kind.into();
    let mut counts = Counts { namespaces: read.namespaces, unique_bytes: unique(read.holdings.iter()), ..Counts::default() };
    counts.ghosts = read.holdings.iter().filter(|holding| holding.is_ghost(kind)).count();
    for holding in read.holdings.iter().filter(|holding| !holding.is_ghost(kind)) {
        counts.repositories += 1;
        counts.tags += holding.tags.len();
        counts.manifests += holding.manifests.len();
        counts.referenced_bytes = counts.referenced_bytes.saturating_add(holding.referenced);
        counts.unreadable += holding.unreadable;
    }
    counts
}

/// The bytes of all content, each once.
pub(crate) fn unique<'a>(holdings: impl Iterator<Item = &'a Holding>) -> u64 {
    let content: HashMap<&Digest, u64> =
        holdings.flat_map(|holding| &holding.content).map(|(digest, size)| (digest, *size)).collect();
    content.into_values().fold(0, u64::saturating_add)
}

/// Adds all numbers but the unique bytes, which are not a sum.
fn add(total: &mut Counts, counts: &Counts) {
    total.namespaces += counts.namespaces;
    total.repositories += counts.repositories;
    total.ghosts += counts.ghosts;
    total.tags += counts.tags;
    total.manifests += counts.manifests;
    total.referenced_bytes = total.referenced_bytes.saturating_add(counts.referenced_bytes);
    total.unreadable += counts.unreadable;
}
