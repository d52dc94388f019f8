//! Counting what is in registries.

use std::collections::{BTreeSet, HashMap};

use futures_util::future::try_join_all;
use reg_shared::cli::{Context, RegistryArgs};
use reg_shared::document::{Counts, Registry, RegistryCounts, Statistics};
use reg_shared::error::Result;
use reg_shared::exit::Exit;
use reg_shared::name::Digest;
use reg_shared::registry;

use crate::cli::StatsArgs;
use crate::operand::open;
use crate::walk::{Holding, walk};

pub(crate) async fn stats(context: &Context, args: &StatsArgs) -> Result<Exit> {
    let each = args.registries.each();
    let read = try_join_all(each.iter().map(|args| read(context, args))).await?;
    let all: Vec<&Holding> = read.iter().flat_map(|(_, holdings)| holdings).collect();
    let mut total = Counts { unique_bytes: unique(all.into_iter()), ..Counts::default() };
    let mut rows = Vec::new();
    for (registry, holdings) in &read {
        let counts = count(registry, holdings);
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

async fn read(context: &Context, args: &RegistryArgs) -> Result<(Registry, Vec<Holding>)> {
    let connection = open(context, args, None, None).await?;
    let repositories = connection.client.catalog().await?;
    let holdings = walk(context, &connection, repositories).await?;
    Ok((connection.registry, holdings))
}

fn count(registry: &Registry, holdings: &[Holding]) -> Counts {
    let kind: registry::Registry = registry.kind.into();
    let mut counts = Counts { unique_bytes: unique(holdings.iter()), ..Counts::default() };
    let mut namespaces = BTreeSet::new();
    counts.ghosts = holdings.iter().filter(|holding| holding.is_ghost(kind)).count();
    for holding in holdings.iter().filter(|holding| !holding.is_ghost(kind)) {
        namespaces.extend(holding.repository.as_str().split('/').next());
        counts.repositories += 1;
        counts.tags += holding.tags.len();
        counts.manifests += holding.manifests.len();
        counts.referenced_bytes = counts.referenced_bytes.saturating_add(holding.referenced);
        counts.unreadable += holding.unreadable;
    }
    counts.namespaces = namespaces.len();
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
