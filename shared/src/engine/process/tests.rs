//! Real processes started, recognised and stopped.

use std::time::Instant;

use super::*;

const LONG: Duration = Duration::from_secs(60);

fn sh(script: &str, directory: &Path) -> Spawn {
    let mut spawn = Spawn::new("/bin/sh", directory, Output::File(directory.join("out")));
    spawn.args = vec!["-c".into(), script.into()];
    spawn
}

fn written(directory: &Path) -> String {
    std::fs::read_to_string(directory.join("out")).unwrap()
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    let deadline = Instant::now() + LONG;
    while !condition() {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        tokio::time::sleep(LOOK).await;
    }
}

#[tokio::test]
async fn a_process_is_recognised_from_its_file_and_ends_gracefully() {
    let dir = tempfile::tempdir().unwrap();
    let child = Process::spawn(&sh("exec sleep 1000", dir.path())).unwrap();
    let kept = serde_json::to_string(child.process()).unwrap();
    drop(child);
    let process: Process = serde_json::from_str(&kept).unwrap();
    assert!(process.alive());
    assert_eq!(process.stop(LONG).await.unwrap(), Stopped::Gracefully);
    assert!(!process.alive());
    assert_eq!(process.stop(LONG).await.unwrap(), Stopped::Already);
}

#[tokio::test]
async fn a_recycled_pid_is_never_ours_and_never_stopped() {
    let dir = tempfile::tempdir().unwrap();
    let child = Process::spawn(&sh("exec sleep 1000", dir.path())).unwrap();
    let process = child.process();
    let later = Process { started: format!("{}0", process.started), ..process.clone() };
    let other_boot = Process { boot: "another".into(), ..process.clone() };
    for stranger in [later, other_boot] {
        assert!(!stranger.alive());
        assert_eq!(stranger.stop(LONG).await.unwrap(), Stopped::Already);
    }
    assert!(process.alive());
    process.stop(LONG).await.unwrap();
}

#[tokio::test]
async fn impossible_pids_are_dead() {
    for pid in [0, u32::MAX, 0x7fff_ffff] {
        let process = Process { pid, started: "1".into(), boot: system::boot() };
        assert!(!process.alive());
        assert_eq!(process.stop(LONG).await.unwrap(), Stopped::Already);
    }
}

#[tokio::test]
async fn a_process_that_ignores_sigterm_is_killed_after_the_grace() {
    let dir = tempfile::tempdir().unwrap();
    let child = Process::spawn(&sh("trap '' TERM; echo ready; while :; do sleep 0.05; done", dir.path())).unwrap();
    until("the trap is set", || written(dir.path()).contains("ready")).await;
    let grace = Duration::from_millis(300);
    let before = Instant::now();
    assert_eq!(child.process().stop(grace).await.unwrap(), Stopped::Killed);
    assert!(before.elapsed() >= grace);
    assert!(!child.process().alive());
}

#[tokio::test]
async fn a_halted_process_hears_that_it_should_end() {
    let dir = tempfile::tempdir().unwrap();
    let child = Process::spawn(&sh("kill -STOP $$; exec sleep 1000", dir.path())).unwrap();
    let process = child.process();
    tokio::time::sleep(10 * LOOK).await;
    assert_eq!(process.stop(LONG).await.unwrap(), Stopped::Gracefully);
}

#[tokio::test]
async fn a_zombie_is_dead() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = Process::spawn(&sh("exit 3", dir.path())).unwrap();
    let process = child.process().clone();
    // Nobody has waited for it, so its entry stays.
    until("it ends", || !process.alive()).await;
    assert!(system::look(process.pid).unwrap().zombie);
    assert_eq!(process.stop(LONG).await.unwrap(), Stopped::Already);
    let exited = child.wait().await.unwrap();
    assert_eq!(exited.code(), Some(3));
    assert_eq!(exited.to_string(), "ended with exit code 3");
    assert!(system::look(process.pid).is_none());
}

#[tokio::test]
async fn waiting_can_be_given_up_and_taken_up_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = Process::spawn(&sh("exec sleep 1000", dir.path())).unwrap();
    assert!(tokio::time::timeout(Duration::from_millis(50), child.wait()).await.is_err());
    rustix::process::kill_process(Pid::from_raw(child.process().pid.cast_signed()).unwrap(), Signal::KILL).unwrap();
    assert_eq!(child.wait().await.unwrap().to_string(), "was killed by signal 9");
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn a_process_has_its_own_group_and_an_empty_input() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = Process::spawn(&sh("cat; cut -d' ' -f1,5 /proc/$$/stat", dir.path())).unwrap();
    child.wait().await.unwrap();
    let pid = child.process().pid;
    assert_eq!(written(dir.path()), format!("{pid} {pid}\n"));
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn name_arguments_environment_and_directory_are_as_asked() {
    let dir = tempfile::tempdir().unwrap();
    let mut spawn =
        sh(r#"echo "$0|$1|$ADDED|${CARGO_MANIFEST_DIR-none}"; pwd; tr '\0' ' ' </proc/$$/cmdline; echo oh >&2"#, dir.path());
    spawn.args.extend(["zero".into(), "one two".into()]);
    spawn.arg0 = Some("registry".into());
    spawn.env = vec![("ADDED".into(), "yes".into())];
    spawn.env_remove = vec!["CARGO_MANIFEST_DIR".into()];
    Process::spawn(&spawn).unwrap().wait().await.unwrap();
    let text = written(dir.path());
    let directory = dir.path().canonicalize().unwrap();
    assert!(text.starts_with(&format!("zero|one two|yes|none\n{}\nregistry -c ", directory.display())), "{text}");
    assert!(text.ends_with("oh\n"), "{text}");
}

#[tokio::test]
#[cfg(target_os = "linux")]
async fn a_pump_takes_both_outputs_and_ends_with_the_last_writer() {
    let dir = tempfile::tempdir().unwrap();
    let script = r#"echo $$ >pump.pid; cat >kept; echo end >>kept"#;
    let pump = Pump { program: "/bin/sh".into(), arg0: None, args: vec!["-c".into(), script.into()] };
    let mut spawn = sh("echo out; echo err >&2; exec sleep 1000", dir.path());
    spawn.output = Output::Pump(pump);
    let mut child = Process::spawn(&spawn).unwrap();
    let kept = || std::fs::read_to_string(dir.path().join("kept")).unwrap_or_default();
    until("both lines arrive", || kept() == "out\nerr\n").await;
    let pump: u32 = std::fs::read_to_string(dir.path().join("pump.pid")).unwrap().trim().parse().unwrap();
    let stat = std::fs::read_to_string(format!("/proc/{pump}/stat")).unwrap();
    assert_eq!(stat.split_whitespace().nth(4), Some(pump.to_string().as_str()), "its own process group");
    child.process().stop(LONG).await.unwrap();
    child.drained(LONG).await;
    assert_eq!(kept(), "out\nerr\nend\n");
}

#[tokio::test]
async fn a_program_that_is_not_there_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let error = Process::spawn(&Spawn::new("/nowhere/zot", dir.path(), Output::File(dir.path().join("out")))).unwrap_err();
    assert_eq!(error.to_string(), "cannot start /nowhere/zot: no such file or directory");
    assert_eq!(error.kind(), crate::exit::Exit::Input);
}

#[test]
#[cfg(target_os = "linux")]
fn a_name_with_blanks_and_parentheses_does_not_shift_the_fields() {
    let seen = system::parse("42 (a) Z (b) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 1 18 98765 20 21").unwrap();
    assert_eq!((seen.started.as_str(), seen.zombie), ("98765", false));
    assert!(system::parse("42 (a").is_none());
}

#[test]
#[cfg(target_os = "linux")]
fn a_zombie_with_threads_is_not_dead_yet() {
    let stat = |threads: u32| format!("42 (a) Z 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 {threads} 18 98765 20 21");
    assert!(system::parse(&stat(1)).unwrap().zombie);
    assert!(!system::parse(&stat(2)).unwrap().zombie);
}

/// A process behind a gate that the shell keeps.
fn gated(script: &str, directory: &Path) -> Spawn {
    let mut spawn = sh(script, directory);
    let pass = r#"read -r _ && exec "$@" </dev/null"#;
    spawn.gate = Some(Gate { program: "/bin/sh".into(), arg0: None, args: vec!["-c".into(), pass.into()] });
    spawn
}

#[tokio::test]
async fn a_gate_holds_a_process_until_it_is_written_down() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = Process::spawn(&gated("cat; echo begun; exec sleep 1000", dir.path())).unwrap();
    tokio::time::sleep(10 * LOOK).await;
    assert_eq!(written(dir.path()), "", "it began before it was let through");
    child.begin().await.unwrap();
    until("it begins, with nothing on its standard input", || written(dir.path()) == "begun\n").await;
    assert!(child.process().alive(), "it is the process that was written down");
    child.process().stop(LONG).await.unwrap();
}

#[tokio::test]
async fn a_process_at_its_gate_ends_with_its_starter() {
    let dir = tempfile::tempdir().unwrap();
    let child = Process::spawn(&gated("echo begun", dir.path())).unwrap();
    let process = child.process().clone();
    drop(child);
    until("it ends", || !process.alive()).await;
    assert_eq!(written(dir.path()), "");
}

#[test]
fn a_gate_is_passed_by_the_word_alone() {
    let nowhere = Path::new("/nowhere/zot");
    pass(std::io::empty(), OsStr::new("zot"), nowhere, &[]).unwrap();
    let error = pass(b"\n".as_slice(), OsStr::new("zot"), nowhere, &[]).unwrap_err();
    assert_eq!(error.to_string(), "cannot start /nowhere/zot: no such file or directory");
}
