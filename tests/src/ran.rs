//! A program that was run: bounded in time, its words compared exactly once what differs from run to run is masked.

use std::fmt;
use std::io::{Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::mask::mask;

/// No program of a test takes longer on any machine; one that does hangs.
const LIMIT: Duration = Duration::from_secs(120);

/// How a program ended and what it said.
#[derive(Clone)]
pub struct Ran {
    /// The command line, for reports.
    pub what: String,
    /// The exit code; 128 and the signal's number when a signal ended it.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// The folder it ran in: what [`Self::is`] masks as `SANDBOX`.
    pub place: PathBuf,
}

impl fmt::Debug for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, code, stdout, stderr, .. } = self;
        write!(f, "{what}\n--- exit code: {code}\n--- standard output:\n{stdout}\n--- standard error:\n{stderr}")
    }
}

impl Ran {
    /// Standard output as one JSON document.
    ///
    /// # Panics
    /// When it is none: the test's report shows what it was.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|fault| panic!("not JSON: {fault}\n{self:?}"))
    }

    /// Itself, when it ended with this code.
    ///
    /// # Panics
    /// When it ended otherwise.
    #[track_caller]
    pub fn code(self, expected: i32) -> Self {
        assert_eq!(self.code, expected, "{self:?}");
        self
    }

    /// Standard output, masked.
    #[must_use]
    pub fn out(&self) -> String {
        mask(&self.stdout, &self.place)
    }

    /// Standard error, masked.
    #[must_use]
    pub fn err(&self) -> String {
        mask(&self.stderr, &self.place)
    }

    /// Compares all that can be seen from outside: exit code, standard output and standard error, both masked (see [`mask`]).
    ///
    /// # Panics
    /// When something differs.
    #[track_caller]
    pub fn is(&self, code: i32, stdout: &str, stderr: &str) {
        let seen = (self.code, self.out(), self.err());
        assert!(
            seen == (code, stdout.to_owned(), stderr.to_owned()),
            "{}\n--- exit code: {}, expected {code}\n--- standard output:\n{}\n--- expected:\n{stdout}\n--- standard error:\n{}\n\
             --- expected:\n{stderr}",
            self.what,
            seen.0,
            seen.1,
            seen.2
        );
    }
}

/// Runs a command in `place` with a text on standard input and gathers what it says.
///
/// # Errors
/// When it cannot be started, or has not ended and closed its output in a time that is enough for anything; then it is killed.
pub(crate) fn run(mut command: Command, place: PathBuf, input: &str) -> Result<Ran, String> {
    let words = std::iter::once(command.get_program()).chain(command.get_args()).map(|word| word.to_string_lossy());
    let what = words.collect::<Vec<_>>().join(" ");
    // A group of its own, so that a hanging pipeline can be ended whole.
    command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|fault| format!("cannot run {what}: {fault}"))?;
    if let Some(mut stdin) = child.stdin.take() {
        let input = input.as_bytes().to_vec();
        // A program that reads nothing closes its end: that is its right.
        thread::spawn(move || drop(stdin.write_all(&input)));
    }
    let deadline = Instant::now() + LIMIT;
    let [stdout, stderr] = [child.stdout.take().map(gather), child.stderr.take().map(gather)].map(|text| {
        let left = deadline.saturating_duration_since(Instant::now());
        text.and_then(|text| text.recv_timeout(left).ok())
    });
    let (Some(stdout), Some(stderr), Some(status)) = (stdout, stderr, wait(&mut child, deadline)) else {
        let group = format!("-{}", child.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = child.wait();
        return Err(format!("{what}: did not end, or left its output open, within {} s", LIMIT.as_secs()));
    };
    let code = status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or_default());
    Ok(Ran { what, code, stdout, stderr, place })
}

fn gather(mut pipe: impl Read + Send + 'static) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    receiver
}

fn wait(child: &mut Child, deadline: Instant) -> Option<std::process::ExitStatus> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status),
            Ok(None) if Instant::now() < deadline => thread::sleep(Duration::from_millis(2)),
            _ => return None,
        }
    }
}
