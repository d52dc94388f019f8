//! A home of its own for a test: the tools on PATH, empty configuration, instances that are gone when the test is.
//!
//! What runs inside sees only what a user's shell would: programs by name, files by path. Nothing of the machine's own configuration
//! or of another test reaches in.

use std::ffi::OsStr;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::ran;
pub use crate::ran::Ran;
use crate::schemas::Schemas;

/// A folder with `bin`, `home`, `state` and `config`, and the tools. Every document that is printed inside is validated.
#[derive(Debug)]
pub struct Sandbox {
    root: tempfile::TempDir,
    schemas: &'static Schemas,
    /// What `DOCKER_HOST` says; a machine's own engine is no part of a test that does not name it.
    engine: String,
}

impl Sandbox {
    /// A fresh one. `multicall` is the path of the `reg-multicall` binary: `env!("CARGO_BIN_EXE_reg-multicall")` in a test.
    ///
    /// # Panics
    /// When the folders cannot be made.
    #[must_use]
    pub fn new(multicall: &str) -> Self {
        let root =
            tempfile::Builder::new().prefix("reg-test-").tempdir().unwrap_or_else(|fault| panic!("no temporary folder: {fault}"));
        for dir in ["bin", "home", "state", "config", "run"] {
            std::fs::create_dir(root.path().join(dir)).unwrap_or_else(|fault| panic!("cannot make {dir}: {fault}"));
        }
        for program in crate::PROGRAMS {
            let link = root.path().join("bin").join(program.name);
            symlink(multicall, &link).unwrap_or_else(|fault| panic!("cannot link {}: {fault}", link.display()));
        }
        let engine = format!("unix://{}", root.path().join("no-engine").display());
        Self { root, schemas: Schemas::of(multicall), engine }
    }

    /// The same with the container engine at this address.
    #[must_use]
    pub fn with_engine(mut self, address: &str) -> Self {
        address.clone_into(&mut self.engine);
        self
    }

    /// A path inside.
    #[must_use]
    pub fn path(&self, relative: impl AsRef<Path>) -> PathBuf {
        self.root.path().join(relative)
    }

    /// The folder of an instance.
    #[must_use]
    pub fn instance(&self, name: &str) -> PathBuf {
        self.path("state/reg/instances").join(name)
    }

    /// Writes a file inside; its path.
    ///
    /// # Panics
    /// When it cannot be written.
    pub fn write(&self, relative: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(relative);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).unwrap_or_else(|fault| panic!("cannot make {}: {fault}", folder.display()));
        }
        std::fs::write(&path, content).unwrap_or_else(|fault| panic!("cannot write {}: {fault}", path.display()));
        path
    }

    /// A command that runs inside.
    #[must_use]
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(std::iter::once(self.path("bin")).chain(std::env::split_paths(&path))).unwrap_or(path);
        command
            .current_dir(self.root.path())
            .env_clear()
            .env("PATH", path)
            .env("HOME", self.path("home"))
            .env("XDG_STATE_HOME", self.path("state"))
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("XDG_RUNTIME_DIR", self.path("run"))
            .env("DOCKER_HOST", &self.engine)
            .env("LC_ALL", "C.UTF-8");
        command
    }

    /// Runs one of the tools.
    #[track_caller]
    pub fn run<S: AsRef<OsStr>>(&self, tool: &str, args: impl IntoIterator<Item = S>) -> Ran {
        self.run_with(tool, args, "")
    }

    /// Runs one of the tools with a text on standard input.
    #[track_caller]
    pub fn run_with<S: AsRef<OsStr>>(&self, tool: &str, args: impl IntoIterator<Item = S>, input: &str) -> Ran {
        let mut command = self.command(self.path("bin").join(tool));
        command.args(args);
        let ran = self.finish(command, input);
        self.schemas.check(Some(tool), &ran);
        ran
    }

    /// Runs one of the tools as it would be typed: words with spaces between them, nothing quoted.
    #[track_caller]
    pub fn line(&self, line: &str) -> Ran {
        self.line_with(line, "")
    }

    /// The same with a text on standard input.
    #[track_caller]
    pub fn line_with(&self, line: &str, input: &str) -> Ran {
        let mut words = line.split(' ');
        self.run_with(words.next().unwrap_or_default(), words, input)
    }

    /// Runs a script of the shell, with `set -euo pipefail` in front.
    #[track_caller]
    pub fn sh(&self, script: &str) -> Ran {
        let mut command = self.command("bash");
        command.args(["-euo", "pipefail", "-c", script]);
        self.checked(command, "")
    }

    /// Runs a Nushell script.
    #[track_caller]
    pub fn nu(&self, script: &str) -> Ran {
        let mut command = self.command("nu");
        command.args(["--no-config-file", "-c", script]);
        self.checked(command, "")
    }

    /// Runs a command of any kind with a text on standard input and validates the documents it printed.
    #[track_caller]
    pub fn checked(&self, command: Command, input: &str) -> Ran {
        let ran = self.finish(command, input);
        self.schemas.check(None, &ran);
        ran
    }

    /// Runs a command with a text on standard input and gathers what it says, in bounded time.
    ///
    /// # Panics
    /// When it cannot be started, or does not end.
    #[track_caller]
    pub fn finish(&self, command: Command, input: &str) -> Ran {
        ran::run(command, self.root.path().to_owned(), input).unwrap_or_else(|fault| panic!("{fault}"))
    }
}

/// Ends what a test left running: whatever works in the sandbox's folder, whose name is like no other, or has it on its command
/// line.
fn end_leftovers(root: &Path) {
    let name = root.as_os_str().as_encoded_bytes();
    for process in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let line = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
        let inside = std::fs::read_link(process.path().join("cwd")).is_ok_and(|folder| folder.starts_with(root));
        if inside || line.windows(name.len()).any(|part| part == name) {
            let _ = Command::new("kill").arg("-KILL").arg(process.file_name()).status();
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Registries outlive the program that started them; they must not outlive the test.
        for entry in std::fs::read_dir(self.path("state/reg/instances")).into_iter().flatten().flatten() {
            let mut command = self.command(self.path("bin/reg-up"));
            command.args([OsStr::new("remove"), &entry.file_name(), OsStr::new("--purge")]);
            let _ = ran::run(command, self.path(""), "");
        }
        end_leftovers(self.root.path());
    }
}
