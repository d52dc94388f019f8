//! Processes as a test sees them: who runs, who holds what, signals.

use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reg_tests::sandbox::{Ran, Sandbox};

/// How long something may take that a test waits for; a loaded machine needs its time.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// Waits until something is so.
pub(crate) fn until(what: &str, mut so: impl FnMut() -> bool) {
    let deadline = Instant::now() + LONG;
    while !so() {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The pid of an instance's registry, while it runs.
pub(crate) fn pid(sandbox: &Sandbox, name: &str) -> u32 {
    let status = sandbox.run("reg-up", ["status", name]).code(0).json();
    u32::try_from(status["pid"].as_u64().unwrap_or_else(|| panic!("no process: {status}"))).unwrap()
}

/// Whether a process runs; a zombie does not.
pub(crate) fn runs(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let Some((_, fields)) = stat.rsplit_once(')') else { return false };
    let fields: Vec<_> = fields.split_ascii_whitespace().collect();
    // While other threads run, a process whose first one has ended shows as a zombie.
    !matches!(fields[0], "Z" | "X") || fields[17] != "1"
}

/// The pids of all processes that have a path below the sandbox's folder in their command line.
pub(crate) fn inside(sandbox: &Sandbox) -> Vec<u32> {
    let folder = sandbox.path("").display().to_string();
    let pids = std::fs::read_dir("/proc").unwrap().flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let inside = |pid: &u32| {
        let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains(&folder)
    };
    pids.filter(|pid| inside(pid) && runs(*pid)).collect()
}

/// Sends a signal (`TERM`, `KILL`, `STOP`, …); a process that is gone needs none.
pub(crate) fn signal(pid: u32, name: &str) {
    Command::new("kill").args([&format!("-{name}"), &pid.to_string()]).stderr(Stdio::null()).status().unwrap();
}

/// Starts one of the tools and does not wait for it.
pub(crate) fn spawn(sandbox: &Sandbox, tool: &str, args: &[&str]) -> Child {
    let mut command = sandbox.command(sandbox.path("bin").join(tool));
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

/// How a program that was spawned ended.
pub(crate) fn ended(sandbox: &Sandbox, child: Child) -> Ran {
    let output = child.wait_with_output().unwrap();
    Ran {
        what: "what was spawned".to_owned(),
        place: sandbox.path(""),
        code: output.status.code().unwrap_or_else(|| 128 + output.status.signal().unwrap_or_default()),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// What a registry document says is its port.
pub(crate) fn port_of(registry: &serde_json::Value) -> u16 {
    registry["url"].as_str().and_then(|url| url.rsplit(':').next()?.parse().ok()).unwrap_or_else(|| panic!("no port: {registry}"))
}
