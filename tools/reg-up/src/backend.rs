//! What is to run a registry: a process or a container, as the flags say, as it was before, or as this machine can.

use clap::{Args, ValueEnum};
use reg_shared::cli::Context;
use reg_shared::engine::Engine;
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::instance::{Beside, Contained, Settings};
use reg_shared::registry::{Companion, Registry};
use reg_shared::size;

/// What runs a registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Backend {
    /// A process when the registry's program is on PATH, else a container
    Auto,
    /// A container, on Docker or Podman
    Docker,
    /// A process
    Process,
}

/// When an image is got from its registry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Pull {
    /// When the engine does not have it
    #[default]
    Missing,
    /// At every start
    Always,
    /// Not at all
    Never,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct BackendArgs {
    /// What runs it [default: auto]
    #[arg(long, value_name = "BACKEND")]
    pub(crate) backend: Option<Backend>,
    /// The image of its container [default: one of a fixed version]
    #[arg(long, value_name = "IMAGE", value_parser = image, conflicts_with = "binary")]
    pub(crate) image: Option<String>,
    /// When the engine is to get the image [default: missing]
    #[arg(long, value_name = "WHEN", conflicts_with = "binary")]
    pub(crate) pull: Option<Pull>,
    /// The most memory its container may use, like 512MiB; 0 for no limit
    #[arg(long, value_name = "SIZE", value_parser = size::parse, conflicts_with = "binary")]
    pub(crate) memory: Option<u64>,
    /// The most processors its container may use, like 1.5; 0 for no limit
    #[arg(long, value_name = "NUMBER", value_parser = milli_cpus, conflicts_with = "binary")]
    pub(crate) cpus: Option<u64>,
    /// The image of the Redis beside it, for --with redis [default: one of a fixed version]
    #[arg(long, value_name = "IMAGE", value_parser = image, conflicts_with = "binary")]
    pub(crate) redis_image: Option<String>,
    /// The image of the pages beside it, for --with ui of Distribution [default: one of a fixed version]
    #[arg(long, value_name = "IMAGE", value_parser = image, conflicts_with = "binary")]
    pub(crate) ui_image: Option<String>,
    /// The port of those pages, 0 for any free one [default: 0]
    #[arg(long, value_name = "PORT", conflicts_with = "binary")]
    pub(crate) ui_port: Option<u16>,
}

/// The name of an image: the characters that occur in one. Whether it is one is for the engine to say.
fn image(text: &str) -> Result<String, String> {
    let good = |c: char| c.is_ascii_alphanumeric() || "._-/:@".contains(c);
    if !text.is_empty() && text.chars().all(good) && text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        Ok(text.to_owned())
    } else {
        Err("an image is named like registry:3.1.1 or ghcr.io/project-zot/zot:v2.1.20".to_owned())
    }
}

/// Processors in thousandths.
fn milli_cpus(text: &str) -> Result<u64, String> {
    let wrong = || "a number of processors is like 2 or 0.5, with at most three digits behind the point".to_owned();
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 3 {
        return Err(wrong());
    }
    let whole: u64 = whole.parse().ok().filter(|whole| *whole <= 100_000).ok_or_else(wrong)?;
    let part: u64 = format!("{part:0<3}").parse().map_err(|_| wrong())?;
    Ok(whole * 1000 + part)
}

impl BackendArgs {
    /// The first flag that only a container has a use for.
    fn for_containers(&self) -> Option<&'static str> {
        let flags = [
            ("--image", self.image.is_some()),
            ("--pull", self.pull.is_some()),
            ("--memory", self.memory.is_some()),
            ("--cpus", self.cpus.is_some()),
            ("--redis-image", self.redis_image.is_some()),
            ("--ui-image", self.ui_image.is_some()),
            ("--ui-port", self.ui_port.is_some()),
        ];
        flags.into_iter().find(|(_, given)| *given).map(|(flag, _)| flag)
    }

    /// Decides what runs it. `settings` are otherwise as they are to be; what they say about a container is how it was before, and
    /// `before` says whether there was one of this type. `program` says whether one was named now, and `placed` is the engine that has
    /// things of it already.
    ///
    /// # Errors
    /// Flags that do not go together, and an engine that does not answer.
    pub(crate) async fn resolve(
        &self,
        context: &Context,
        settings: &mut Settings,
        before: bool,
        program: bool,
        placed: Option<String>,
    ) -> Result<()> {
        let kind = Registry::from(settings.kind);
        let was = settings.container.take();
        let Some(image) = kind.image() else {
            let flag = self.for_containers().or((self.backend == Some(Backend::Docker)).then_some("--backend docker"));
            return match flag {
                Some(flag) => {
                    Err(Error::usage(format!("{flag} is for containers, and reg-up runs {} as a process", settings.kind)))
                }
                None => Ok(()),
            };
        };
        let companions = kind.companions(&settings.options);
        let stays = before && was.is_none() && self.backend.is_none();
        if let Some(companion) = companions.first().filter(|_| stays || program || self.backend == Some(Backend::Process)) {
            let what = format!("--with {} is a container beside the registry's, and", companion.feature());
            let why = if program { "--binary names a program" } else { "this registry is a process" };
            return Err(Error::usage(format!("{what} {why}")).hint(companion.instead()));
        }
        let why = match (self.backend, self.for_containers()) {
            (Some(Backend::Process), Some(flag)) => {
                return Err(Error::usage(format!("{flag} is for containers, and --backend process starts none")));
            }
            (Some(Backend::Docker), _) if program => {
                return Err(Error::usage("--binary names a program, and --backend docker starts a container of an image")
                    .hint("--image names the image"));
            }
            (Some(Backend::Process), None) => return Ok(()),
            (Some(Backend::Docker), _) | (_, Some(_)) => Why::Asked,
            _ if !companions.is_empty() => Why::Asked,
            (None, None) if before && !program && was.is_some() => Why::Asked,
            (None, None) if before => return Ok(()),
            _ if settings.binary.is_some() || kind.has_program(&context.environment.path).await => return Ok(()),
            _ => Why::NoProgram,
        };
        settings.binary = None;
        let beside = self.beside(&companions, was.as_ref().filter(|_| before))?;
        let address = was.as_ref().map(|was| was.engine.clone()).or(placed);
        let engine = match address {
            Some(address) => address,
            None => match Engine::find(&context.environment.engine).await {
                Ok(engine) => engine.address().to_owned(),
                Err(fault) => return Err(why.told(settings, fault)),
            },
        };
        let limit = |asked: Option<u64>, was: Option<u64>| asked.or(was).filter(|limit| *limit > 0);
        settings.container = Some(Contained {
            engine,
            image: self
                .image
                .clone()
                .or_else(|| was.as_ref().filter(|_| before).map(|was| was.image.clone()))
                .unwrap_or_else(|| image.to_owned()),
            memory: limit(self.memory, was.as_ref().and_then(|was| was.memory)),
            milli_cpus: limit(self.cpus, was.as_ref().and_then(|was| was.milli_cpus)),
            beside,
        });
        Ok(())
    }

    /// The containers beside it, as the flags say or as they were.
    fn beside(&self, companions: &[Companion], was: Option<&Contained>) -> Result<Vec<Beside>> {
        let image = |companion: Companion| match companion {
            Companion::Redis => &self.redis_image,
            Companion::Ui => &self.ui_image,
        };
        if let Some(lonely) =
            Companion::ALL.into_iter().find(|one| !companions.contains(one) && (image(*one).is_some() || self.port(*one).is_some()))
        {
            let what = lonely.feature();
            return Err(
                Error::usage(format!("there is no container for {what} to say this of")).hint(format!("--with {what} starts one"))
            );
        }
        let one = |companion: &Companion| {
            let known = was.and_then(|was| was.beside.iter().find(|known| known.part == companion.part()));
            Beside {
                part: companion.part().to_owned(),
                image: image(*companion)
                    .clone()
                    .or_else(|| known.map(|known| known.image.clone()))
                    .unwrap_or_else(|| companion.image().to_owned()),
                port: companion.port().map(|_| self.port(*companion).or(known.and_then(|known| known.port)).unwrap_or(0)),
                last_port: known.and_then(|known| known.last_port),
            }
        };
        Ok(companions.iter().map(one).collect())
    }

    /// The port that was asked for.
    fn port(&self, companion: Companion) -> Option<u16> {
        companion.port().and(self.ui_port)
    }
}

/// Why it is to be a container.
#[derive(Debug, Clone, Copy)]
enum Why {
    Asked,
    NoProgram,
}

impl Why {
    /// Without an engine, all that would help.
    fn told(self, settings: &Settings, fault: Error) -> Error {
        let kind = settings.kind;
        match self {
            Self::Asked if fault.kind() == Exit::Unreachable => {
                fault.hint("start Docker or Podman, or take --type embedded or --backend process, which need neither")
            }
            Self::NoProgram if fault.kind() == Exit::Unreachable => {
                fault.context(format!("there is no {kind} on PATH, and no container engine for it")).hint(format!(
                    "install {kind} or name its program with --binary, start Docker or Podman, or take --type embedded, which needs nothing"
                ))
            }
            Self::Asked => fault,
            Self::NoProgram => {
                let hint = fault.hint_text().map_or(String::new(), |hint| format!("{hint}; "));
                fault.context(format!("there is no {kind} on PATH")).hint(format!("{hint}--type embedded needs no engine"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn processors_are_counted_in_thousandths() {
        for (text, milli) in [("0", 0), ("2", 2000), ("0.5", 500), ("1.25", 1250), ("0.001", 1)] {
            assert_eq!(milli_cpus(text), Ok(milli), "{text}");
        }
        for bad in ["", ".", "1.", ".5", "-1", "1.2345", "1e3", "x", "99999999999999999999"] {
            assert!(milli_cpus(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_name_of_an_image_cannot_be_taken_for_a_path_or_a_flag() {
        for good in ["registry", "registry:2.8.2", "host:5000/a/b:c", "a@sha256:00"] {
            assert!(image(good).is_ok(), "{good}");
        }
        for bad in ["", "-a", "/a", "a b", "a?b", "a\n", "ä"] {
            assert!(image(bad).is_err(), "{bad}");
        }
    }
}
