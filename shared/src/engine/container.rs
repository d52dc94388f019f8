//! A container: made, begun, looked at, ended, removed.
//!
//! Making and beginning are two steps, so that whoever starts one can write down which it is before it does anything.

use std::collections::HashMap;
use std::time::Duration;

use bollard::models::{ContainerInspectResponse, ContainerStateStatusEnum, Health, HealthStatusEnum};
use bollard::query_parameters::{
    CreateContainerOptionsBuilder, EventsOptionsBuilder, ListContainersOptionsBuilder, RemoveContainerOptionsBuilder,
    StopContainerOptionsBuilder, WaitContainerOptionsBuilder,
};
use futures_util::StreamExt as _;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Engine;
use super::fault::{fault, found, gone};
use super::owner::{Owner, PART};
use super::process::Stopped;
use super::spec::{Errand, Spec};
use crate::error::{Error, Result};
use crate::exit::Exit;

/// SIGKILL's number behind 128: how a container ends that did not heed its stop signal.
pub const KILLED: i64 = 137;

/// A container as the engine sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// The engine's number for it: never used again.
    pub id: String,
    /// The identity of its image.
    pub image: String,
    /// What it is doing.
    pub state: State,
    /// Its process on this machine, when it runs.
    pub pid: Option<u32>,
    /// When it began the last time.
    pub started_at: Option<OffsetDateTime>,
    /// How often the engine began it again by itself.
    pub restarts: u64,
    /// Whether it is in the instance's network.
    pub networked: bool,
    /// What its own check said, when the engine holds it to be unwell.
    pub unwell: Option<String>,
}

/// What a container is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It was made and never began.
    Made,
    /// It runs.
    Running,
    /// Somebody halted it.
    Paused,
    /// It ended, and the engine is about to begin it again.
    Restarting(Ended),
    /// It ended.
    Ended(Ended),
}

/// How a container ended. Displays like a process: "ended with exit code 2".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The exit code; 128 and its number for a signal.
    pub code: i64,
    /// It wanted more memory than there was.
    pub out_of_memory: bool,
    /// What the engine says about it.
    pub error: Option<String>,
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (&self.error, self.code) {
            (Some(error), _) => write!(f, "could not begin: {error}"),
            (None, _) if self.out_of_memory => f.write_str("was killed for want of memory"),
            (None, code @ 129..=159) => write!(f, "was killed by signal {}", code - 128),
            (None, code) => write!(f, "ended with exit code {code}"),
        }
    }
}

impl Container {
    /// Whether it runs, or would again without us.
    #[must_use]
    pub fn lives(&self) -> bool {
        matches!(self.state, State::Running | State::Paused | State::Restarting(_))
    }

    fn of(seen: ContainerInspectResponse, owner: &Owner) -> Self {
        let state = seen.state.unwrap_or_default();
        let error = state.error.filter(|error| !error.is_empty());
        let code = state.exit_code.unwrap_or(0);
        let ended = Ended { code, out_of_memory: state.oom_killed == Some(true), error };
        let networks = seen.network_settings.and_then(|settings| settings.networks).unwrap_or_default();
        Self {
            id: seen.id.unwrap_or_default(),
            image: seen.image.unwrap_or_default(),
            state: match state.status {
                Some(ContainerStateStatusEnum::RUNNING | ContainerStateStatusEnum::STOPPING) => State::Running,
                Some(ContainerStateStatusEnum::PAUSED) => State::Paused,
                Some(ContainerStateStatusEnum::RESTARTING) => State::Restarting(ended),
                // A container whose first begin failed is still called made.
                Some(ContainerStateStatusEnum::CREATED) if ended.error.is_none() => State::Made,
                _ => State::Ended(ended),
            },
            pid: state.pid.and_then(|pid| u32::try_from(pid).ok()).filter(|pid| *pid != 0),
            started_at: state.started_at.and_then(|at| OffsetDateTime::parse(&at, &Rfc3339).ok()).filter(|at| at.year() > 1),
            restarts: seen.restart_count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0),
            networked: networks.contains_key(&owner.name()),
            unwell: state.health.and_then(unwell),
        }
    }
}

/// The last words of a check that failed too often.
fn unwell(health: Health) -> Option<String> {
    let last = health.log.unwrap_or_default().pop().and_then(|last| last.output).unwrap_or_default();
    let words = last.split_whitespace().collect::<Vec<_>>().join(" ");
    (health.status == Some(HealthStatusEnum::UNHEALTHY)).then_some(words)
}

impl Engine {
    /// One of the instance's containers.
    ///
    /// # Errors
    /// When the engine does not tell.
    pub async fn container(&self, owner: &Owner, part: &str) -> Result<Option<Container>> {
        let named = found(self.docker.inspect_container(&owner.container(part), None).await)?;
        let owned = |seen: &ContainerInspectResponse| owner.owns(seen.config.as_ref().and_then(|config| config.labels.as_ref()));
        let seen = match named.filter(owned) {
            Some(seen) => Some(seen),
            // Somebody may have renamed it.
            None => match self.listed(&owner.filters_with(&format!("{PART}={part}"))).await?.first() {
                Some(id) => found(self.docker.inspect_container(id, None).await)?,
                None => None,
            },
        };
        Ok(seen.map(|seen| Container::of(seen, owner)))
    }

    /// Makes one of the instance's containers, which begins with [`Self::begin`]; its number, and what the engine warns of: limits that it cannot
    /// keep.
    ///
    /// # Errors
    /// [`Exit::Conflict`] when somebody else has its name, [`Exit::Usage`] for limits that the engine does not accept.
    pub async fn make(&self, owner: &Owner, spec: &Spec) -> Result<(String, Vec<String>)> {
        let name = owner.container(&spec.part);
        if let Some(other) = found(self.docker.inspect_container(&name, None).await)? {
            let labels = other.config.and_then(|config| config.labels);
            return Err(Owner::taken("container", &name, labels.as_ref()));
        }
        let options = CreateContainerOptionsBuilder::new().name(&name).build();
        let made = self.docker.create_container(Some(options), spec.body(owner)).await;
        made.map(|made| (made.id, made.warnings)).map_err(|error| {
            let fault = fault(error);
            let elsewhere = fault.to_string().contains("bind source path does not exist");
            if elsewhere { fault.hint("the engine has to run on this machine: it mounts the instance's folder") } else { fault }
        })
    }

    /// Begins a container that was made.
    ///
    /// # Errors
    /// [`Exit::Conflict`] when a port is taken; else what the engine says.
    pub async fn begin(&self, id: &str) -> Result<()> {
        self.docker.start_container(id, None).await.map_err(|error| {
            let fault = fault(error);
            let words = fault.to_string();
            let taken = ["port is already allocated", "address already in use"].iter().any(|taken| words.contains(taken));
            if taken { fault.with_kind(Exit::Conflict) } else { fault }
        })
    }

    /// Waits until a container that was begun ends; how it did.
    ///
    /// # Errors
    /// [`Exit::Conflict`] when somebody removes it meanwhile.
    pub async fn ended(&self, owner: &Owner, id: &str) -> Result<Ended> {
        use bollard::errors::Error::{DockerContainerWaitError, RequestTimeoutError};
        loop {
            let options = WaitContainerOptionsBuilder::new().condition("not-running").build();
            let code = match self.docker.wait_container(id, Some(options)).next().await {
                Some(Ok(answer)) => answer.status_code,
                Some(Err(DockerContainerWaitError { code, .. })) => code,
                // An engine that says nothing until there is something to say.
                Some(Err(RequestTimeoutError)) | None => continue,
                Some(Err(error)) => return Err(fault(error)),
            };
            let seen = found(self.docker.inspect_container(id, None).await)?;
            let seen = seen.ok_or_else(|| Error::conflict("somebody removed its container"))?;
            if let Some(first) = self.first_end(id).await? {
                return Ok(first);
            }
            return Ok(match Container::of(seen, owner).state {
                State::Ended(ended) | State::Restarting(ended) => ended,
                State::Made | State::Running | State::Paused => Ended { code, out_of_memory: false, error: None },
            });
        }
    }

    /// How a container ended the first time, as the engine's events have it: it may have begun it again since, and then its state tells
    /// nothing of it any more.
    async fn first_end(&self, id: &str) -> Result<Option<Ended>> {
        let now = OffsetDateTime::now_utc();
        let until = format!("{}.{:09}", now.unix_timestamp(), now.nanosecond());
        let filters = HashMap::from([("container", vec![id]), ("event", vec!["die", "oom"])]);
        let options = EventsOptionsBuilder::new().since("0").until(&until).filters(&filters).build();
        let mut events = self.docker.events(Some(options));
        let mut out_of_memory = false;
        while let Some(event) = events.next().await {
            let event = event.map_err(fault)?;
            if event.action.as_deref() == Some("oom") {
                out_of_memory = true;
                continue;
            }
            let attributes = event.actor.and_then(|actor| actor.attributes).unwrap_or_default();
            let code = attributes.get("exitCode").and_then(|code| code.parse().ok());
            return Ok(code.map(|code| Ended { code, out_of_memory, error: None }));
        }
        Ok(None)
    }

    /// Ends a container: its stop signal, then SIGKILL when it still runs after `grace`. The engine does not begin it again.
    ///
    /// # Errors
    /// When the engine refuses.
    pub async fn stop(&self, container: &Container, grace: Duration) -> Result<Stopped> {
        let patient = self.patient(grace);
        if container.state == State::Paused {
            // One that is halted hears nothing.
            gone(patient.unpause_container(&container.id).await)?;
        }
        let seconds = i32::try_from(grace.as_secs()).unwrap_or(i32::MAX);
        let options = StopContainerOptionsBuilder::new().t(seconds).build();
        gone(patient.stop_container(&container.id, Some(options)).await)?;
        let seen = found(self.docker.inspect_container(&container.id, None).await)?;
        let code = seen.and_then(|seen| seen.state).and_then(|state| state.exit_code);
        Ok(if code == Some(KILLED) { Stopped::Killed } else { Stopped::Gracefully })
    }

    /// Removes all containers of the instance, running or not.
    ///
    /// # Errors
    /// When the engine refuses.
    pub async fn remove_containers(&self, owner: &Owner) -> Result<()> {
        self.remove_listed(&owner.filters()).await
    }

    /// Whether there is any container of the instance, running or not.
    ///
    /// # Errors
    /// When the engine does not tell.
    pub async fn has_containers(&self, owner: &Owner) -> Result<bool> {
        self.listed(&owner.filters()).await.map(|found| !found.is_empty())
    }

    pub(super) async fn remove_listed(&self, filters: &HashMap<String, Vec<String>>) -> Result<()> {
        for id in self.listed(filters).await? {
            self.remove_container(&id).await?;
        }
        Ok(())
    }

    /// The numbers of containers, running or not.
    async fn listed(&self, filters: &HashMap<String, Vec<String>>) -> Result<Vec<String>> {
        let options = ListContainersOptionsBuilder::new().all(true).filters(filters).build();
        let containers = self.docker.list_containers(Some(options)).await.map_err(fault)?;
        Ok(containers.into_iter().filter_map(|container| container.id).collect())
    }

    /// Removes a container, running or not, with what only it had.
    ///
    /// # Errors
    /// When the engine refuses.
    pub async fn remove_container(&self, id: &str) -> Result<()> {
        let options = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
        gone(self.docker.remove_container(id, Some(options)).await)
    }

    /// The name of the container that has published a port of this machine.
    ///
    /// # Errors
    /// When the engine does not tell.
    pub async fn publisher(&self, port: u16) -> Result<Option<String>> {
        let filters = HashMap::from([("publish".to_owned(), vec![port.to_string()])]);
        let options = ListContainersOptionsBuilder::new().filters(&filters).build();
        let containers = self.docker.list_containers(Some(options)).await.map_err(fault)?;
        let published = |container: &&bollard::models::ContainerSummary| {
            container.ports.iter().flatten().any(|mapping| mapping.public_port == Some(port))
        };
        let name = containers.iter().find(published).and_then(|container| container.names.as_ref()?.first().cloned());
        Ok(name.map(|name| name.trim_start_matches('/').to_owned()))
    }

    /// Has the program of an image do something once, in a container of its own that is gone afterwards; `tell` hears what it prints. When
    /// this is given up half-way, [`Self::remove_errands`] takes it away.
    ///
    /// # Errors
    /// When it cannot be run.
    pub async fn run(&self, owner: &Owner, errand: &Errand, tell: &mut (dyn FnMut(&str) + Send)) -> Result<Ended> {
        let made = self.make_errand(owner, errand).await?;
        let done = async {
            self.begin(&made.id).await?;
            let mut last = None;
            let mut entries = self.output(&made.id, true, None, None);
            while let Some(entry) = entries.next().await {
                let entry = entry?;
                last = Some(entry.time);
                tell(&entry.line);
            }
            let ended = self.ended(owner, &made.id).await?;
            // Whoever follows a container that ends at once is not told its last words by every engine; now they are written down.
            let mut rest = self.output(&made.id, false, None, last);
            while let Some(entry) = rest.next().await {
                let entry = entry?;
                if last.is_none_or(|last| entry.time > last) {
                    tell(&entry.line);
                }
            }
            Ok(ended)
        };
        let done = done.await;
        self.remove_container(&made.id).await?;
        done
    }
}
