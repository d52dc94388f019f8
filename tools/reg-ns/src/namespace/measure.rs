//! What is in namespaces, measured.

use std::collections::BTreeMap;

use reg_shared::cli::{Connection, Context};
use reg_shared::error::Result;
use reg_shared::name::Repository;

use super::known::Census;
use crate::walk::{Holding, walk};

/// What the repositories of some namespaces hold.
pub(super) struct Measured<'a> {
    census: &'a Census,
    held: BTreeMap<Repository, Holding>,
}

impl<'a> Measured<'a> {
    /// Reads all that the tags in these namespaces lead to.
    pub(super) async fn read(context: &Context, connection: &Connection, census: &'a Census, names: &[Repository]) -> Result<Self> {
        let repositories = names.iter().filter_map(|name| census.of(name)).flatten().cloned().collect();
        let held = walk(context, connection, repositories).await?;
        Ok(Self { census, held: held.into_iter().map(|holding| (holding.repository.clone(), holding)).collect() })
    }

    /// What the repositories of one hold.
    pub(super) fn of(&self, name: &Repository) -> Vec<&Holding> {
        self.census.of(name).into_iter().flatten().filter_map(|name| self.held.get(name)).collect()
    }

    /// What all of them hold.
    pub(super) fn all(&self) -> impl Iterator<Item = &Holding> {
        self.held.values()
    }
}
