//! A home of its own for a test: the tools on PATH, empty configuration, instances that are gone when the test is.
//!
//! What runs inside sees only what a user's shell would: programs by name, files by path. Nothing of the machine's own configuration
//! or of another test reaches in.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// A folder with `bin`, `home`, `state` and `config`, and the tools.
#[derive(Debug)]
pub struct Sandbox {
    root: tempfile::TempDir,
}

/// How a program ended and what it said.
#[derive(Debug, Clone)]
pub struct Ran {
    /// The exit code; 128 and the signal's number when a signal ended it.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Ran {
    /// Standard output as one JSON document.
    ///
    /// # Panics
    /// When it is none: the test's report shows what it was.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|fault| panic!("not JSON: {fault}\n{self:#?}"))
    }

    /// Itself, when it ended with this code.
    ///
    /// # Panics
    /// When it ended otherwise.
    #[must_use]
    pub fn code(self, expected: i32) -> Self {
        assert_eq!(self.code, expected, "{self:#?}");
        self
    }
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
        Self { root }
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
            .env("LC_ALL", "C.UTF-8");
        command
    }

    /// Runs one of the tools.
    pub fn run<S: AsRef<OsStr>>(&self, tool: &str, args: impl IntoIterator<Item = S>) -> Ran {
        self.run_with(tool, args, "")
    }

    /// Runs one of the tools with a text on standard input.
    pub fn run_with<S: AsRef<OsStr>>(&self, tool: &str, args: impl IntoIterator<Item = S>, input: &str) -> Ran {
        let mut command = self.command(self.path("bin").join(tool));
        command.args(args);
        finish(command, input)
    }

    /// Runs a script of the POSIX shell, with `set -eu` in front.
    pub fn sh(&self, script: &str) -> Ran {
        let mut command = self.command("bash");
        command.args(["-euo", "pipefail", "-c", script]);
        finish(command, "")
    }

    /// Runs a Nushell script; none when there is no Nushell on this machine.
    #[must_use]
    pub fn nu(&self, script: &str) -> Ran {
        let mut command = self.command("nu");
        command.args(["--no-config-file", "-c", script]);
        finish(command, "")
    }
}

/// Runs a command with a text on standard input and gathers what it says.
///
/// # Panics
/// When it cannot be started.
pub fn finish(mut command: Command, input: &str) -> Ran {
    use std::os::unix::process::ExitStatusExt;
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|fault| panic!("cannot run {command:?}: {fault}"));
    if let Some(mut stdin) = child.stdin.take() {
        // A program that reads nothing closes its end: that is its right.
        let _ = stdin.write_all(input.as_bytes());
    }
    let output = child.wait_with_output().unwrap_or_else(|fault| panic!("cannot wait for {command:?}: {fault}"));
    Ran {
        code: output.status.code().unwrap_or_else(|| 128 + output.status.signal().unwrap_or_default()),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Registries outlive the program that started them; they must not outlive the test.
        for entry in std::fs::read_dir(self.path("state/reg/instances")).into_iter().flatten().flatten() {
            let name = entry.file_name();
            self.run("reg-up", [OsStr::new("remove"), &name, OsStr::new("--purge")]);
        }
    }
}
