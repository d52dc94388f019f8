//! What runs an instance now: its process or its container, asked of the system or of the engine.

use std::time::Duration;

use super::Instance;
use crate::engine::Engine;
use crate::engine::container::Container;
use crate::engine::owner::REGISTRY;
use crate::engine::process::{Process, Stopped};
use crate::error::Result;
use crate::exit::Exit;

/// What runs.
#[derive(Debug)]
pub enum Running {
    /// Its process.
    Process(Process),
    /// Its container, and the engine that has it.
    Container(Engine, Box<Container>),
}

impl Running {
    /// What runs of an instance.
    ///
    /// # Errors
    /// When its files cannot be read, or the engine does not answer that was told to run it: then nobody knows.
    pub async fn of(instance: &Instance) -> Result<Option<Self>> {
        if let Some(process) = instance.running()? {
            return Ok(Some(Self::Process(process)));
        }
        let Some(placed) = instance.placed()? else { return Ok(None) };
        let engine = match Engine::at(&placed.engine).await {
            Ok(engine) => engine,
            // Nothing of it was told to run: what may be left on an engine that is away is not in the way of anything else.
            Err(fault) if fault.kind() == Exit::Unreachable && placed.begun.is_none() => return Ok(None),
            Err(fault) => return Err(fault),
        };
        let container = engine.container(&instance.owner(), REGISTRY).await?.filter(Container::lives);
        Ok(container.map(|container| Self::Container(engine, Box::new(container))))
    }

    /// Ends it: told to, then made to when it has not within `wait`.
    ///
    /// # Errors
    /// When it does not go.
    pub async fn stop(&self, wait: Duration) -> Result<Stopped> {
        match self {
            Self::Process(process) => process.stop(wait).await,
            Self::Container(engine, container) => engine.stop(container, wait).await,
        }
    }
}
