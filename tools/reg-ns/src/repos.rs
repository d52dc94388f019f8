//! Listing the repositories, and which of them are ghosts.

use futures_util::{StreamExt, TryStreamExt, stream};
use reg_shared::cli::{Connection, Context, Format};
use reg_shared::document::{Repositories, RepositoryRow};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::layout::Namespace;
use reg_shared::name::Repository;
use reg_shared::registry;

use crate::AT_ONCE;
use crate::cli::ReposArgs;
use crate::operand::{Operand, flag, open};

pub(crate) async fn repos(context: &Context, args: &ReposArgs) -> Result<Exit> {
    let asked = args.namespace.as_deref().map(|text| Operand::<Repository>::parse(&args.registry, text)).transpose()?;
    let host = asked.as_ref().and_then(|operand| operand.host.as_deref());
    let connection = open(context, &args.registry, host, None).await?;
    let namespace = asked.map(|operand| operand.name);
    let names = below(&connection, namespace.as_ref()).await?;
    // Whoever wants names alone is not made to wait for a look at each.
    let looks = context.output.format() != Format::Name;
    let rows = stream::iter(names)
        .map(|name| async { if looks { look(&connection, name).await } else { Ok(row(&name, None)) } })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let namespace = namespace.map(|name| name.to_string());
    context.output.print(&Repositories { registry: connection.registry, namespace, repositories: rows }).map(|()| Exit::Ok)
}

/// The repositories of the catalog that are in a namespace, or all.
async fn below(connection: &Connection, namespace: Option<&Repository>) -> Result<Vec<Repository>> {
    let mut names = connection.client.catalog().await?;
    let Some(name) = namespace else { return Ok(names) };
    let namespace = Namespace::new(name.clone());
    names.retain(|repository| namespace.covers(repository.as_str()));
    if names.is_empty() {
        return Err(Error::not_found(format!("there is no repository in {name} at {}", connection.registry.url))
            .hint(format!("`reg-ns repos {}` lists all", flag(connection))));
    }
    Ok(names)
}

async fn look(connection: &Connection, name: Repository) -> Result<RepositoryRow> {
    let tags = match connection.client.tags(&name).await {
        Ok(tags) => tags.len(),
        Err(fault) if fault.kind() == Exit::NotFound => 0,
        // A catalog may name what its reader may not see.
        Err(fault) if fault.kind() == Exit::Denied => {
            return Ok(RepositoryRow { detail: Some(fault.to_string()), ..row(&name, None) });
        }
        Err(fault) => return Err(fault),
    };
    let kind: registry::Registry = connection.registry.kind.into();
    Ok(RepositoryRow { ghost: tags == 0 && kind.leaves_ghosts(), ..row(&name, Some(tags)) })
}

fn row(name: &Repository, tags: Option<usize>) -> RepositoryRow {
    RepositoryRow { name: name.to_string(), tags, ghost: false, detail: None }
}
