//! What is known of a registry's namespaces: its layout says which there should be, its catalog shows which there are.
//!
//! A repository is in the longest namespace of the layout that covers it. One outside of all shows a namespace of its own: the first part
//! of its name. Of a registry whose parts are not known on this machine, there is only what it shows.

use std::collections::BTreeMap;
use std::path::Path;

use reg_shared::cli::{Connection, Context, RegistryArgs, Target};
use reg_shared::converge::Managed;
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::layout::{Layout, Namespace};
use reg_shared::name::{Repository, quoted};

use crate::operand::{at, connect, flag};

/// A registry that answers, and its layout as far as it is known.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) connection: Connection,
    /// Its parts, when they can be changed from here.
    pub(crate) managed: Option<Managed>,
    /// Its layout; nothing in it when it is not known.
    pub(crate) layout: Layout,
}

impl Known {
    /// Connects to a registry, and reads its layout.
    pub(crate) async fn open(context: &Context, args: &RegistryArgs, host: Option<&str>) -> Result<Self> {
        let args = at(args, host);
        let target = context.target(&args)?;
        let connection = connect(context, &args, target.clone(), None).await?;
        let found = Managed::find(&Target { registry: connection.registry.clone(), ..target });
        let managed = match found {
            Err(fault) if fault.kind() == Exit::Unsupported => None,
            found => Some(found?),
        };
        let layout = match managed.as_ref().map(Managed::written) {
            None => Layout::default(),
            // What it shows can be told all the same.
            Some(Err(fault)) if fault.kind() == Exit::Denied => {
                context.messages.warn(fault.to_string());
                Layout::default()
            }
            Some(written) => written?.0,
        };
        Ok(Self { connection, managed, layout })
    }

    /// Its namespaces, with the repositories in each.
    pub(crate) async fn census(&self) -> Result<Census> {
        Ok(Census::new(&self.layout, self.connection.client.catalog().await?))
    }

    /// The layout with the rules: the given one, else its own.
    pub(crate) fn rules(self, context: &Context, args: &RegistryArgs, given: Option<&Path>) -> Result<(Connection, Layout)> {
        if let Some(path) = given {
            return Ok((self.connection, context.layout_beside(path, args)?));
        }
        if self.layout.namespaces.is_empty() {
            let what = format!("no layout is known of {}, and rules stand in one", self.connection.registry.title());
            return Err(Error::usage(what).hint("--layout FILE names one; `reg-init layout` prints one to begin with"));
        }
        Ok((self.connection, self.layout))
    }
}

/// The parts of a registry that is to be changed. It need not run, but to tell of which type it is.
pub(crate) async fn managed(context: &Context, args: &RegistryArgs, host: Option<&str>) -> Result<Managed> {
    let args = at(args, host);
    let mut target = context.target(&args)?;
    if target.registry.kind.is_none() {
        let connection = connect(context, &args, target.clone(), None).await?;
        target.registry = connection.registry;
    }
    Managed::find(&target)
}

/// Which repositories are in which namespace.
#[derive(Debug)]
pub(crate) struct Census(BTreeMap<Repository, Vec<Repository>>);

impl Census {
    pub(crate) fn new(layout: &Layout, repositories: Vec<Repository>) -> Self {
        let mut all: BTreeMap<Repository, Vec<Repository>> =
            layout.namespaces.iter().map(|namespace| (namespace.name.clone(), Vec::new())).collect();
        let named = all.clone();
        for repository in repositories {
            let namespace = covering(&named, &repository).unwrap_or_else(|| first_part(&repository));
            all.entry(namespace).or_default().push(repository);
        }
        Self(all)
    }

    /// The namespaces, sorted by name, with the repositories in each.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Repository, &Vec<Repository>)> {
        self.0.iter()
    }

    /// The repositories of a namespace; none when there is no such namespace.
    pub(crate) fn of(&self, namespace: &Repository) -> Option<&Vec<Repository>> {
        self.0.get(namespace)
    }

    /// That all of these are there.
    pub(crate) fn has(&self, connection: &Connection, names: &[Repository]) -> Result<()> {
        let missing: Vec<&Repository> = names.iter().filter(|name| !self.0.contains_key(*name)).collect();
        if missing.is_empty() { Ok(()) } else { Err(none(connection, &missing)) }
    }
}

/// The longest of these names that covers a repository.
fn covering<T>(names: &BTreeMap<Repository, T>, repository: &Repository) -> Option<Repository> {
    let mut name = repository.as_str();
    loop {
        if let Some((found, _)) = name.parse().ok().and_then(|name: Repository| names.get_key_value(&name)) {
            return Some(found.clone());
        }
        name = &name[..name.rfind('/')?];
    }
}

fn first_part(repository: &Repository) -> Repository {
    let part = repository.as_str().split('/').next().unwrap_or_default();
    part.parse().unwrap_or_else(|_| repository.clone())
}

/// Namespaces by their names, for many look-ups.
pub(crate) fn by_name(layout: &Layout) -> BTreeMap<&Repository, &Namespace> {
    layout.namespaces.iter().map(|namespace| (&namespace.name, namespace)).collect()
}

/// That there are no such namespaces.
pub(crate) fn none(connection: &Connection, names: &[&Repository]) -> Error {
    let names: Vec<String> = names.iter().map(|name| quoted(name.as_str())).collect();
    Error::not_found(format!("there is no namespace {} at {}", names.join(", "), connection.registry.url))
        .hint(format!("`reg-ns list {}` shows what there is", flag(connection)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_is_in_the_longest_namespace_that_covers_it_or_shows_its_own() {
        let names = ["team", "team/app", "empty"];
        let namespaces = names.iter().map(|name| Namespace::new(name.parse().unwrap())).collect();
        let layout = Layout { namespaces, ..Layout::default() };
        let repositories = ["team", "team/app", "team/app/x", "team/apple", "teams/a", "other"];
        let census = Census::new(&layout, repositories.iter().map(|name| name.parse().unwrap()).collect());
        let all: Vec<String> = census
            .iter()
            .map(|(name, repositories)| {
                format!("{name}: {}", repositories.iter().map(Repository::as_str).collect::<Vec<_>>().join(" "))
            })
            .collect();
        assert_eq!(all, ["empty: ", "other: other", "team: team team/apple", "team/app: team/app team/app/x", "teams: teams/a"]);
    }
}
