//! A native process that outlives the program that started it.
//!
//! A pid alone says nothing: numbers are used again. So a process is known by its pid, the moment it began and the boot of the
//! machine, and a signal goes through a handle (pidfd) that was compared with these first: no other process can be hit. SIGHUP
//! is never sent (it ends zot). A started process has its own process group, so that Ctrl-C in the terminal stays there, and an
//! empty standard input; what it writes goes to a file or to a [`Pump`]. Behind a [`Gate`] it begins only when its starter has
//! written down which process it is: a starter that is killed in between leaves no process that nobody knows.
//!
//! Only the process itself is stopped, not what it started: a wrapper script given as the program must end in `exec`.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::OpenOptions;
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt as _;
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tokio::time::Instant;

use crate::error::{Error, Result};

mod descriptors;
mod system;
#[cfg(test)]
mod tests;

/// How often a process that was told to end is looked at.
const LOOK: Duration = Duration::from_millis(20);
/// How long the kernel gets to take a killed process away. It needs longer only when the process hangs in a broken disk.
const KILLED_WITHIN: Duration = Duration::from_secs(10);

/// What to start, and how.
#[derive(Debug, Clone)]
pub struct Spawn {
    /// The program's file, absolute.
    pub program: PathBuf,
    /// The name the program sees as its own, when it is not `program`.
    pub arg0: Option<OsString>,
    /// The arguments.
    pub args: Vec<OsString>,
    /// Variables added to our environment.
    pub env: Vec<(OsString, OsString)>,
    /// Variables taken out of our environment.
    pub env_remove: Vec<OsString>,
    /// The working directory.
    pub directory: PathBuf,
    /// Where standard output and standard error go.
    pub output: Output,
    /// What it waits in until [`Child::begin`]; without one it begins at once.
    pub gate: Option<Gate>,
}

/// A program of ours that waits on its standard input and then becomes the one to start, with the same pid and start time;
/// [`pass`] is its work. When its starter ends before [`Child::begin`], it ends, too.
#[derive(Debug, Clone)]
pub struct Gate {
    /// The program's file, absolute.
    pub program: PathBuf,
    /// The name the program sees as its own, when it is not `program`.
    pub arg0: Option<OsString>,
    /// The arguments; the other program's name, file and arguments come behind them.
    pub args: Vec<OsString>,
}

/// Where standard output and standard error of a process go.
#[derive(Debug, Clone)]
pub enum Output {
    /// To the end of this file, which is made with mode 0600.
    File(PathBuf),
    /// Into the standard input of a pump.
    Pump(Pump),
}

/// A program that reads lines from its standard input until the end and keeps them; [`crate::engine::log::pump`] is its work.
///
/// It has a process group of its own and ends when the last process that writes to it has ended.
#[derive(Debug, Clone)]
pub struct Pump {
    /// The program's file, absolute.
    pub program: PathBuf,
    /// The name the program sees as its own, when it is not `program`.
    pub arg0: Option<OsString>,
    /// The arguments.
    pub args: Vec<OsString>,
}

impl Spawn {
    /// A program to run in `directory`, without arguments and in our environment; the fields say more.
    #[must_use]
    pub fn new(program: impl Into<PathBuf>, directory: impl Into<PathBuf>, output: Output) -> Self {
        Self {
            program: program.into(),
            arg0: None,
            args: Vec::new(),
            env: Vec::new(),
            env_remove: Vec::new(),
            directory: directory.into(),
            output,
            gate: None,
        }
    }

    fn start(&self) -> Result<(tokio::process::Child, Option<tokio::process::Child>)> {
        let mut command = match &self.gate {
            None => detached(&self.program, self.arg0.as_ref(), &self.directory),
            Some(gate) => {
                let mut command = detached(&gate.program, gate.arg0.as_ref(), &self.directory);
                let arg0 = self.arg0.as_deref().unwrap_or(self.program.as_os_str());
                command.args(&gate.args).arg(arg0).arg(&self.program).stdin(Stdio::piped());
                command
            }
        };
        command.args(&self.args).envs(self.env.iter().map(|(name, value)| (name, value)));
        for name in &self.env_remove {
            command.env_remove(name);
        }
        let (stdout, stderr, pump) = self.output.open(&self.directory)?;
        command.stdout(stdout).stderr(stderr);
        let program = self.program.display();
        let child = command.spawn().map_err(|error| Error::io(format!("cannot start {program}"), error))?;
        Ok((child, pump))
    }
}

impl Output {
    fn open(&self, directory: &Path) -> Result<(Stdio, Stdio, Option<tokio::process::Child>)> {
        match self {
            Self::File(path) => {
                let cannot = |error| Error::io(format!("cannot write {}", path.display()), error);
                let file = OpenOptions::new().append(true).create(true).mode(0o600).open(path).map_err(cannot)?;
                Ok((file.try_clone().map_err(cannot)?.into(), file.into(), None))
            }
            Self::Pump(pump) => {
                let cannot = |error| Error::io(format!("cannot start {}", pump.program.display()), error);
                let (reader, writer) = std::io::pipe().map_err(cannot)?;
                let mut command = detached(&pump.program, pump.arg0.as_ref(), directory);
                command.args(&pump.args).stdin(reader).stdout(Stdio::null()).stderr(Stdio::null());
                let pump = command.spawn().map_err(cannot)?;
                Ok((writer.try_clone().map_err(cannot)?.into(), writer.into(), Some(pump)))
            }
        }
    }
}

fn detached(program: &Path, arg0: Option<&OsString>, directory: &Path) -> Command {
    let mut command = Command::new(program);
    if let Some(arg0) = arg0 {
        command.arg0(arg0);
    }
    command.current_dir(directory).process_group(0).stdin(Stdio::null());
    command
}

/// Lets this process have as many descriptors as the system allows it: shells give 1024, and a connection that is served a blob needs
/// two. Best effort.
pub fn raise_descriptor_limit() {
    let mut limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    limit.current = limit.maximum;
    let _ = rustix::process::setrlimit(rustix::process::Resource::Nofile, limit);
}

/// The work of a [`Gate`]: waits for the word on standard input, then becomes `program`, which sees `arg0` as its name and an empty
/// standard input. Returns quietly when the starter has gone. Blocks.
///
/// # Errors
/// Those of [`Error::io`].
pub fn pass(mut word: impl Read, arg0: &OsStr, program: &Path, args: &[OsString]) -> Result<()> {
    let cannot = |error| Error::io(format!("cannot start {}", program.display()), error);
    match word.read_exact(&mut [0]) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(()),
        Err(error) => return Err(cannot(error)),
    }
    Err(cannot(std::process::Command::new(program).arg0(arg0).args(args).stdin(Stdio::null()).exec()))
}

/// A process as it can be kept in a file and recognised later, also by another program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Process {
    /// The process number.
    pub pid: u32,
    /// When it began, in the system's words: clock ticks since boot on Linux, a date elsewhere. Only compared.
    pub started: String,
    /// Which boot of which machine that was: Linux's boot id; empty where there is none.
    pub boot: String,
}

/// How a process came to its end in [`Process::stop`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// It had ended before.
    Already,
    /// It ended by itself after SIGTERM.
    Gracefully,
    /// It did not within the grace and was killed.
    Killed,
}

impl Process {
    /// Starts a process that does not end with us. Needs a tokio runtime.
    ///
    /// # Errors
    /// Those of [`Error::io`], of the program or the directory.
    pub fn spawn(spawn: &Spawn) -> Result<Child> {
        descriptors::keep_to_ourselves();
        let (child, pump) = spawn.start()?;
        // Until we wait for it, a child's pid stays taken even if it has ended.
        let process = child.id().and_then(Self::observe);
        let program = spawn.program.display();
        let process = process.ok_or_else(|| Error::failed(format!("cannot look at {program}, which was just started")))?;
        Ok(Child { process, child, pump })
    }

    /// The process that has this pid now; a zombie counts. `None` when there is none.
    fn observe(pid: u32) -> Option<Self> {
        Some(Self { pid, started: system::look(pid)?.started, boot: system::boot() })
    }

    /// Whether this very process still runs. A zombie does not; another process with its pid is not it.
    #[must_use]
    pub fn alive(&self) -> bool {
        system::look(self.pid).is_some_and(|seen| !seen.zombie && seen.started == self.started) && system::boot() == self.boot
    }

    /// Ends the process: SIGTERM, then SIGKILL when it still runs after `grace`. Returns when it is gone.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Denied`] when it belongs to another user, [`crate::exit::Exit::Failed`] when it does not go even when killed.
    pub async fn stop(&self, grace: Duration) -> Result<Stopped> {
        let Some(handle) = self.handle()? else { return Ok(Stopped::Already) };
        handle.signal(Signal::TERM)?;
        // One that was halted (Ctrl-Z, SIGSTOP) hears nothing until it goes on.
        handle.signal(Signal::CONT)?;
        if self.gone_within(grace).await {
            return Ok(Stopped::Gracefully);
        }
        handle.signal(Signal::KILL)?;
        if self.gone_within(KILLED_WITHIN).await {
            return Ok(Stopped::Killed);
        }
        Err(Error::failed(format!("process {} does not end, not even when killed", self.pid)))
    }

    async fn gone_within(&self, limit: Duration) -> bool {
        let deadline = Instant::now() + limit;
        while self.alive() {
            if Instant::now() >= deadline {
                return false;
            }
            tokio::time::sleep(LOOK).await;
        }
        true
    }

    /// A handle that can only mean this process: it is compared after the handle was opened. `None` when the process has ended.
    fn handle(&self) -> Result<Option<Handle<'_>>> {
        let Some(pid) = i32::try_from(self.pid).ok().and_then(Pid::from_raw) else { return Ok(None) };
        let handle = Handle { process: self, pid, fd: system::pidfd(pid) };
        Ok(self.alive().then_some(handle))
    }
}

/// What signals go through. Without a pidfd (a kernel before 5.3, another Unix) the pid is compared right before each signal.
struct Handle<'a> {
    process: &'a Process,
    pid: Pid,
    fd: Option<std::os::fd::OwnedFd>,
}

impl Handle<'_> {
    fn signal(&self, signal: Signal) -> Result<()> {
        let sent = match &self.fd {
            Some(fd) => system::pidfd_signal(fd, signal),
            None if self.process.alive() => rustix::process::kill_process(self.pid, signal),
            None => return Ok(()),
        };
        match sent {
            // It ended in this moment, which is what the signal was for.
            Ok(()) | Err(rustix::io::Errno::SRCH) => Ok(()),
            Err(error) => Err(Error::io(format!("cannot stop process {}", self.process.pid), error.into())),
        }
    }
}

/// A process that we started and have not left yet. Dropping it leaves the process running.
#[derive(Debug)]
pub struct Child {
    process: Process,
    child: tokio::process::Child,
    pump: Option<tokio::process::Child>,
}

impl Child {
    /// What is kept to recognise it later.
    #[must_use]
    pub fn process(&self) -> &Process {
        &self.process
    }

    /// Lets it through its [`Gate`].
    ///
    /// # Errors
    /// [`crate::exit::Exit::Failed`] when it has ended.
    pub async fn begin(&mut self) -> Result<()> {
        let Some(mut gate) = self.child.stdin.take() else { return Ok(()) };
        let told = gate.write_all(b"\n").await;
        told.map_err(|error| Error::io(format!("cannot start process {}", self.process.pid), error))
    }

    /// Waits until it ends. Can be dropped half-way and called again, so it can stand in a `select!` beside a health check.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Failed`] when the system does not let us wait.
    pub async fn wait(&mut self) -> Result<Exited> {
        let status = self.child.wait().await;
        status.map(Exited).map_err(|error| Error::io(format!("cannot wait for process {}", self.process.pid), error))
    }

    /// Waits until its pump has kept all that it wrote: when it has ended, and what it may have started, but not longer than `limit`.
    pub async fn drained(&mut self, limit: Duration) {
        if let Some(pump) = &mut self.pump {
            // How the pump ended does not matter: there is no more to come.
            let _ = tokio::time::timeout(limit, pump.wait()).await;
        }
    }
}

/// How a process of ours ended. Displays as "ended with exit code 2" or "was killed by signal 9".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exited(ExitStatus);

impl Exited {
    /// The exit code; `None` when a signal killed it.
    #[must_use]
    pub fn code(self) -> Option<i32> {
        self.0.code()
    }
}

impl fmt::Display for Exited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0.code(), self.0.signal()) {
            (Some(code), _) => write!(f, "ended with exit code {code}"),
            (None, Some(signal)) => write!(f, "was killed by signal {signal}"),
            (None, None) => f.write_str("ended"),
        }
    }
}
