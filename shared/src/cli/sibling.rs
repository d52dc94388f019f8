//! Another program of the family, asked to do what is its business, as a person would ask it.
//!
//! Only reg-up knows how a registry was started, so a restart is its affair: also that of an adopted registry, whose command it runs.

use std::path::PathBuf;
use std::process::Stdio;

use super::Context;
use crate::document::Registry;
use crate::error::{Error, Result};
use crate::instance::Instance;

const REG_UP: &str = "reg-up";

impl Context {
    /// Has reg-up restart a registry. Nobody may hold its lock.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Unsupported`] when it is not known how; those of reg-up, in its words; a signal.
    pub async fn restart(&self, registry: &Registry, instance: Option<&Instance>) -> Result<()> {
        let (program, name) = self.restarter(registry, instance)?;
        let mut command = tokio::process::Command::new(&program);
        command.args(["restart", "-q", "-r", &name]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        if let Some((config, _)) = self.environment.config.as_ref().filter(|(_, named)| *named) {
            command.arg("--config").arg(config);
        }
        let cannot = |fault| Error::output(format!("cannot run {}", program.display()), fault);
        let child = command.spawn().map_err(cannot)?;
        let output = self.interrupt.or(async { child.wait_with_output().await.map_err(cannot) }).await?;
        if output.status.success() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&output.stderr);
        let marked = |mark: &str| text.lines().find_map(|line| line.split_once(mark)).map(|(_, rest)| rest.to_owned());
        let fault = Error::failed(marked(": error: ").unwrap_or_else(|| "reg-up could not restart it".to_owned()));
        Err(match marked(": hint: ") {
            Some(hint) => fault.hint(hint),
            None => fault,
        })
    }

    /// Whether [`Self::restart`] would know what to do.
    ///
    /// # Errors
    /// Why not.
    pub fn can_restart(&self, registry: &Registry, instance: Option<&Instance>) -> Result<()> {
        self.restarter(registry, instance).map(drop)
    }

    /// The program that restarts a registry, and what it calls it.
    fn restarter(&self, registry: &Registry, instance: Option<&Instance>) -> Result<(PathBuf, String)> {
        let command = registry.instance.as_ref().and_then(|parts| parts.restart_command.as_ref());
        let name = match (instance, &registry.name, command) {
            (Some(instance), ..) => format!("instance:{}", instance.name()),
            (None, Some(name), Some(_)) => format!("mode:{name}"),
            _ => {
                return Err(Error::unsupported("it is not known how it is restarted")
                    .hint("restart it yourself, or say how with `restartCommand` in its mode of the config file"));
            }
        };
        Ok((self.reg_up()?, name))
    }

    /// The program reg-up: on PATH, or beside this one.
    fn reg_up(&self) -> Result<PathBuf> {
        let beside = std::env::current_exe().ok().and_then(|own| own.parent().map(PathBuf::from));
        let folders = self.environment.path.iter().cloned().chain(beside);
        folders.map(|folder| folder.join(REG_UP)).find(|file| file.is_file()).ok_or_else(|| {
            Error::failed("reg-up, which restarts registries, is not on PATH")
                .hint("restart it yourself: the files are the new ones")
        })
    }
}
