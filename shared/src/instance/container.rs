//! An instance in a container: what it was asked to be, and where on which engine it is.

use serde::{Deserialize, Serialize};

use super::{Instance, Locked, read_json, remove_file, write_json};
use crate::engine::owner::Owner;
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
