//! An instance in containers: what it was asked to be, and where on which engine it is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::file::{read_json, remove_file, write_json};
use super::{Instance, Locked};
use crate::engine::owner::{Owner, REGISTRY};
use crate::error::Result;

/// The file of [`Placed`] in an instance's folder.
pub(super) const FILE: &str = "container.json";

/// How an instance is contained.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contained {
    /// The address of the engine that it was made on; it stays there.
    pub engine: String,
    /// The image, as it was named.
    pub image: String,
    /// The most memory it may use, in bytes.
    pub memory: Option<u64>,
    /// The most processor time it may use, in thousandths of a processor.
    pub milli_cpus: Option<u64>,
    /// The containers beside it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<Beside>,
}

impl Contained {
    /// The names of its containers, the registry's first.
    #[must_use]
    pub fn names(&self, owner: &Owner) -> Vec<String> {
        std::iter::once(REGISTRY).chain(self.beside.iter().map(|beside| &*beside.part)).map(|part| owner.container(part)).collect()
    }
}

/// A container beside the registry's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Beside {
    /// Its name in the instance's network.
    pub part: String,
    /// The image, as it was named.
    pub image: String,
    /// The port of this machine that was asked for, 0 for any; none for one that nobody outside talks to.
    pub port: Option<u16>,
    /// The port it got the last time; tried again when any is wanted.
    pub last_port: Option<u16>,
}

/// Where things of an instance are that are not in its folder. Written before the first one is made and there until the last is gone, so
/// that a start that is killed leaves nothing that nobody knows of. What is there is asked of the engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Placed {
    /// The engine's address.
    pub engine: String,
    /// The container that was told to run and not to stop since; the files of the instance are its.
    pub begun: Option<String>,
    /// Those that were begun beside it, by their names in its network.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub beside: BTreeMap<String, String>,
    /// Whether a registry answered that kept its data in the instance's volume: if that is not there, somebody removed it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub volume: bool,
}

impl Placed {
    /// An engine that may have things of it and was told to run nothing.
    #[must_use]
    pub fn on(engine: impl Into<String>) -> Self {
        Self { engine: engine.into(), begun: None, beside: BTreeMap::new(), volume: false }
    }

    /// The same, told to run nothing any more.
    #[must_use]
    pub fn halted(self) -> Self {
        Self { volume: self.volume, ..Self::on(self.engine) }
    }
}

impl Instance {
    /// Where on an engine things of it may be; none when there are none.
    ///
    /// # Errors
    /// When the file cannot be read or understood.
    pub fn placed(&self) -> Result<Option<Placed>> {
        read_json(&self.dir().join(FILE))
    }

    /// How its things on an engine are marked.
    #[must_use]
    pub fn owner(&self) -> Owner {
        Owner::new(self.name().to_string(), self.dir())
    }
}

impl Locked {
    /// Keeps where on an engine things of it are; none when there are none any more.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save_placed(&self, placed: Option<&Placed>) -> Result<()> {
        let path = self.dir().join(FILE);
        match placed {
            Some(placed) => write_json(&path, placed),
            None => remove_file(&path),
        }
    }
}

/// Whether a container is written down that was told to run.
pub(super) fn was_begun(instance: &Instance) -> bool {
    instance.placed().is_ok_and(|placed| placed.is_some_and(|placed| placed.begun.is_some()))
}
