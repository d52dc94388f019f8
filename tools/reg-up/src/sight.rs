//! What can be seen of an instance before it is asked itself: its process or its containers, and what somebody else did to them.

use reg_shared::document::State;
use reg_shared::engine::Engine;
use reg_shared::engine::container::{self, Container};
use reg_shared::engine::owner::REGISTRY;
use reg_shared::error::Result;
use reg_shared::exit::Exit;
use reg_shared::instance::{Contained, Instance, Placed};
use time::OffsetDateTime;

/// What is seen.
#[derive(Debug)]
pub(crate) struct Sight {
    /// [`State::Running`] when it runs, whether it answers or not.
    pub(crate) state: State,
    /// Its process on this machine.
    pub(crate) pid: Option<u32>,
    /// When it began.
    pub(crate) started_at: Option<OffsetDateTime>,
    /// What is not as reg-up left it, in words.
    pub(crate) wrong: Vec<String>,
    /// What of that keeps its container from answering, and goes when it is started anew.
    pub(crate) cut_off: Vec<String>,
    /// What is wrong with what stands beside it, while the registry itself runs.
    pub(crate) beside: Vec<String>,
}

impl Sight {
    fn stopped(wrong: impl IntoIterator<Item = String>) -> Self {
        let wrong = wrong.into_iter().collect();
        Self { state: State::Stopped, pid: None, started_at: None, wrong, cut_off: Vec::new(), beside: Vec::new() }
    }

    /// Looks at an instance.
    ///
    /// # Errors
    /// When its files cannot be read.
    pub(crate) async fn of(instance: &Instance) -> Result<Self> {
        let contained = instance.settings()?.and_then(|settings| settings.container);
        if let (Some(contained), Some(placed)) = (contained, instance.placed()?) {
            return Ok(match of_container(instance, &contained, &placed).await {
                Ok(seen) => seen,
                // The registry may answer without its engine: containers can outlive it.
                Err(fault) if fault.kind() == Exit::Unreachable && placed.begun.is_some() => {
                    Self { state: State::Running, ..Self::stopped([fault.to_string()]) }
                }
                Err(fault) if fault.kind() == Exit::Unreachable => Self::stopped([fault.to_string()]),
                Err(fault) => Self { state: State::Unhealthy, ..Self::stopped([fault.to_string()]) },
            });
        }
        Ok(match instance.process()? {
            Some(process) if process.alive() => {
                Self { state: State::Running, pid: Some(process.pid), started_at: instance.started_at(), ..Self::stopped([]) }
            }
            Some(_) => Self::stopped(["its process is gone: it ended by itself or was killed".to_owned()]),
            None => Self::stopped([]),
        })
    }
}

async fn of_container(instance: &Instance, contained: &Contained, placed: &Placed) -> Result<Sight> {
    let owner = instance.owner();
    let engine = Engine::at(&placed.engine).await?;
    let container = engine.container(&owner, REGISTRY).await?;
    let mut wrong = Vec::new();
    if let (Some(container), Some(begun)) = (&container, &placed.begun)
        && container.id != *begun
    {
        wrong.push("its container is another one: somebody made it anew".to_owned());
    }
    let mut seen = match &container {
        Some(container) => of_state(container, placed.begun.is_some()),
        None if placed.begun.is_some() => Sight::stopped(["its container is gone: somebody removed it".to_owned()]),
        None => Sight::stopped([]),
    };
    let told_to_run = placed.begun.is_some() || container.is_some();
    let lives = container.as_ref().is_some_and(Container::lives);
    let unconnected = if !engine.has_network(&owner).await? {
        told_to_run.then(|| format!("its network {} is gone", owner.name()))
    } else {
        let outside = container.as_ref().is_some_and(|container| lives && !container.networked);
        outside.then(|| format!("its container is not in its network {}", owner.name()))
    };
    seen.cut_off.extend(unconnected.iter().filter(|_| lives).cloned());
    wrong.extend(unconnected);
    let in_volume = instance.settings()?.is_some_and(|settings| settings.in_volume());
    if in_volume && (told_to_run || placed.volume) && !engine.has_volume(&owner).await? {
        wrong.push(format!("its volume {} is gone, and its data with it", owner.volume()));
    }
    if engine.image(&contained.image).await?.is_none() {
        wrong.push(format!("its image {} is gone: the next start has to pull it", contained.image));
    }
    if seen.state == State::Running {
        seen.beside = of_companions(&engine, instance, contained, placed).await?;
    }
    seen.wrong.append(&mut wrong);
    Ok(seen)
}

/// What is wrong with those beside a registry that runs.
async fn of_companions(engine: &Engine, instance: &Instance, contained: &Contained, placed: &Placed) -> Result<Vec<String>> {
    let owner = instance.owner();
    let mut wrong = Vec::new();
    for part in contained.beside.iter().map(|beside| &beside.part) {
        let Some(container) = engine.container(&owner, part).await? else {
            wrong.push(format!("the container of its {part} is gone: somebody removed it"));
            continue;
        };
        let seen = of_state(&container, true);
        wrong.extend(seen.wrong.into_iter().map(|words| match words.strip_prefix("its container ") {
            Some(rest) => format!("the container of its {part} {rest}"),
            None => format!("its {part} {}", words.strip_prefix("it ").unwrap_or(&words)),
        }));
        if placed.beside.get(part).is_some_and(|begun| *begun != container.id) {
            wrong.push(format!("the container of its {part} is another one: somebody made it anew"));
        }
        if container.lives() && !container.networked {
            wrong.push(format!("the container of its {part} is not in its network {}", owner.name()));
        }
        wrong.extend(
            container
                .unwell
                .filter(|_| container.state == container::State::Running)
                .map(|words| format!("its {part} is not well: {words}")),
        );
    }
    Ok(wrong)
}

/// What a container is doing, and whether that is what it was told.
fn of_state(container: &Container, told_to_run: bool) -> Sight {
    use container::State as Doing;
    let (state, wrong) = match &container.state {
        Doing::Running => (State::Running, (!told_to_run).then(|| "somebody began its container".to_owned())),
        Doing::Paused => (State::Unhealthy, Some("its container is paused: somebody halted it".to_owned())),
        Doing::Restarting(ended) => {
            let times = container.restarts;
            (State::Unhealthy, Some(format!("it {ended} and is begun again by the engine, {times} times by now")))
        }
        Doing::Made => (State::Stopped, Some("its container never began".to_owned())),
        Doing::Ended(ended) => (State::Stopped, told_to_run.then(|| format!("it {ended}, by itself or from outside"))),
    };
    let alive = matches!(state, State::Running | State::Unhealthy);
    let cut_off = wrong.iter().filter(|_| container.state == Doing::Paused).cloned().collect();
    Sight { state, pid: container.pid, started_at: container.started_at.filter(|_| alive), cut_off, ..Sight::stopped(wrong) }
}
