//! Listing the namespaces of registries in one view.

use futures_util::future::try_join_all;
use reg_shared::cli::{Context, RegistryArgs};
use reg_shared::document::{NamespaceRow, Namespaces, Registry};
use reg_shared::error::Result;
use reg_shared::exit::Exit;
use reg_shared::layout::{Namespace, RetentionRule};
use reg_shared::name::Repository;

use super::known::{Known, by_name};
use crate::cli::ListArgs;

pub(crate) async fn list(context: &Context, args: &ListArgs) -> Result<Exit> {
    let each = args.registries.each();
    let read = try_join_all(each.iter().map(|args| read(context, args))).await?;
    let (mut registries, mut namespaces) = (Vec::new(), Vec::new());
    let several = read.len() > 1;
    for (registry, rows) in read {
        let name = several.then(|| registry.name.clone().unwrap_or_else(|| registry.url.clone()));
        namespaces.extend(rows.into_iter().map(|row| NamespaceRow { registry: name.clone(), ..row }));
        registries.push(registry);
    }
    let registry = if several { None } else { registries.pop() };
    context.output.print(&Namespaces { registry, registries, namespaces }).map(|()| Exit::Ok)
}

async fn read(context: &Context, args: &RegistryArgs) -> Result<(Registry, Vec<NamespaceRow>)> {
    let known = Known::open(context, args, None).await?;
    let census = known.census().await?;
    let named = by_name(&known.layout);
    let rows = census.iter().map(|(name, repositories)| row(name, named.get(name).copied(), repositories.len())).collect();
    Ok((known.connection.registry, rows))
}

fn row(name: &Repository, namespace: Option<&Namespace>, repositories: usize) -> NamespaceRow {
    let most = |of: fn(&RetentionRule) -> Option<u32>| namespace.and_then(|it| it.retention.iter().filter_map(of).max());
    NamespaceRow {
        name: name.to_string(),
        registry: None,
        in_layout: namespace.is_some(),
        description: namespace.and_then(|it| it.description.clone()),
        public: namespace.map(|it| it.public),
        repositories,
        keep_last: most(|rule| rule.keep_last),
        keep_days: most(|rule| rule.keep_days),
        quota: namespace.and_then(|it| it.quota),
    }
}
