//! Writing a log and reading it back, with real files and a real pump.

use std::fs;
use std::io::{Read, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::StreamExt as _;
use proptest::prelude::*;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use tempfile::TempDir;
use time::macros::datetime;

use super::*;
use crate::engine::process::{Output, Process, Pump, Spawn};

const LONG: Duration = Duration::from_secs(60);

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn pumped(directory: &Path, text: impl AsRef<[u8]>) {
    pump(text.as_ref(), Writer::open(directory).unwrap());
}

fn lines(entries: &[Entry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.line.as_str()).collect()
}

fn all(directory: &Path) -> Vec<Entry> {
    read(directory, None, None).unwrap()
}

#[test]
fn lines_come_back_as_they_were_with_the_time_they_came() {
    let dir = folder();
    let before = OffsetDateTime::now_utc() - Duration::from_millis(1);
    pumped(dir.path(), "{\"level\":\"info\"}\n\n tail \u{1b}[0m\r\nlast without end");
    let entries = all(dir.path());
    assert_eq!(lines(&entries), ["{\"level\":\"info\"}", "", " tail \u{1b}[0m\r", "last without end"]);
    assert!(
        entries
            .iter()
            .all(|entry| entry.time >= before && entry.time <= OffsetDateTime::now_utc() && !entry.cut && entry.lost == 0)
    );
}

#[test]
fn a_file_line_is_one_json_object() {
    let entry = Entry { time: datetime!(2026-11-20 19:01:38.9999 +1), line: "a \"b\"".into(), cut: false, lost: 0 };
    assert_eq!(serde_json::to_string(&entry).unwrap(), r#"{"time":"2026-11-20T18:01:38.999Z","line":"a \"b\""}"#);
    let cut = Entry { cut: true, lost: 3, time: datetime!(2026-11-20 0:00 UTC), ..entry };
    let text = r#"{"time":"2026-11-20T00:00:00.000Z","line":"a \"b\"","cut":true,"lost":3}"#;
    assert_eq!(serde_json::to_string(&cut).unwrap(), text);
    assert_eq!(serde_json::from_str::<Entry>(text).unwrap(), cut);
}

#[test]
fn the_folder_and_its_files_are_for_the_owner_only() {
    let dir = folder();
    let inner = dir.path().join("a/logs");
    pumped(&inner, "x\n");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&inner), mode(&inner.join("log"))), (0o700, 0o600));
}

#[test]
fn a_log_that_is_not_there_is_empty() {
    assert_eq!(all(Path::new("/nowhere/at/all")), []);
}

#[test]
fn bytes_that_are_not_text_are_replaced() {
    let dir = folder();
    pumped(dir.path(), b"a\xff\xfeb\n\0\n");
    assert_eq!(lines(&all(dir.path())), ["a\u{fffd}\u{fffd}b", "\0"]);
}

#[test]
fn a_very_long_line_is_cut_and_the_next_is_whole() {
    let dir = folder();
    let [exact, long] = [LINE, 5 * LINE].map(|length| "x".repeat(length));
    pumped(dir.path(), format!("{exact}\n{long}\nnext\n{long}"));
    let entries = all(dir.path());
    assert_eq!(
        entries.iter().map(|entry| (entry.line.len(), entry.cut)).collect::<Vec<_>>(),
        [(LINE, false), (LINE, true), (4, false), (LINE, true)]
    );
}

#[test]
fn files_rotate_and_are_read_in_order() {
    let dir = folder();
    let line = |number: usize| format!("{number} {}", "x".repeat(100));
    for number in 0..200 {
        // A writer for each line, as after many restarts.
        pump(format!("{}\n", line(number)).as_bytes(), Writer::with_limit(dir.path(), 2000).unwrap());
    }
    let mut names: Vec<_> =
        fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert_eq!(names, ["log", "log.1", "log.2", "log.3"]);
    assert!(fs::metadata(dir.path().join("log.1")).unwrap().len() < 2300);
    let entries = all(dir.path());
    let first = 200 - entries.len();
    assert!((100..160).contains(&first), "{first} lines were rotated away");
    assert_eq!(lines(&entries), (first..200).map(line).collect::<Vec<_>>());
}

#[test]
fn tail_and_since_choose_entries() {
    let dir = folder();
    let file = |name: &str, minutes: std::ops::Range<u8>| {
        let text: String = minutes.map(|m| format!("{{\"time\":\"2026-11-20T10:{m:02}:00.000Z\",\"line\":\"{m}\"}}\n")).collect();
        fs::write(dir.path().join(name), text).unwrap();
    };
    file("log.1", 0..5);
    file("log", 5..10);
    let ask = |tail, since| lines(&read(dir.path(), tail, since).unwrap()).join(" ");
    assert_eq!(ask(None, None), "0 1 2 3 4 5 6 7 8 9");
    assert_eq!(ask(Some(7), None), "3 4 5 6 7 8 9");
    assert_eq!(ask(Some(0), None), "");
    let since = Some(datetime!(2026-11-20 11:04 +1));
    assert_eq!(ask(None, since), "4 5 6 7 8 9");
    assert_eq!(ask(Some(2), since), "8 9");
    assert_eq!(ask(Some(99), Some(datetime!(2027-01-01 0:00 UTC))), "");
}

#[test]
fn a_line_torn_by_a_kill_is_left_out_and_spoils_nothing() {
    let dir = folder();
    pumped(dir.path(), "one\n");
    let mut file = fs::OpenOptions::new().append(true).open(dir.path().join("log")).unwrap();
    file.write_all(b"{\"time\":\"2026-11-").unwrap();
    pumped(dir.path(), "two\n");
    assert_eq!(lines(&all(dir.path())), ["one", "two"]);
}

/// Gives its pieces one read after the other, with something done before each.
struct Pieces<F>(Vec<&'static str>, F);

impl<F: FnMut(usize)> Read for Pieces<F> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.1(self.0.len());
        if self.0.is_empty() {
            return Ok(0);
        }
        let piece = self.0.remove(0);
        buffer[..piece.len()].copy_from_slice(piece.as_bytes());
        Ok(piece.len())
    }
}

#[test]
fn a_folder_that_is_removed_under_a_pump_does_not_stop_it() {
    let dir = folder();
    let inner = dir.path().join("logs");
    let writer = Writer::with_limit(&inner, 10).unwrap();
    let mut read = 0;
    let remove = |left: usize| {
        read += 1;
        if left == 2 {
            fs::remove_dir_all(&inner).unwrap();
        }
    };
    pump(Pieces(vec!["a\n", "b\n", "c\n"], remove), writer);
    assert_eq!(read, 4, "the pump read to the end");
}

#[test]
fn what_has_arrived_is_readable_before_the_next_arrives() {
    let dir = folder();
    let mut seen = Vec::new();
    let look = |_| seen.push(all(dir.path()).len());
    pump(Pieces(vec!["a\nb\n", "c\nd", "\n"], look), Writer::open(dir.path()).unwrap());
    assert_eq!(seen, [0, 2, 3, 4]);
}

#[tokio::test]
async fn following_survives_rotation_and_ends_with_the_process() {
    let dir = folder();
    let path = dir.path().join("not-there-yet");
    let ended = AtomicBool::new(false);
    let write = async {
        for number in 0..60 {
            // Several rotations between two looks of the reader, but never more than the files kept.
            pump(format!("{number} {}\n", "x".repeat(60)).as_bytes(), Writer::with_limit(&path, 1200).unwrap());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        ended.store(true, Ordering::SeqCst);
        // What arrives with the end is not lost.
        pumped(&path, "the end\n");
    };
    let read = follow(&path, None, None, || ended.load(Ordering::SeqCst)).map(Result::unwrap).collect::<Vec<_>>();
    let ((), entries) = tokio::time::timeout(LONG, async { tokio::join!(write, read) }).await.unwrap();
    let numbers: Vec<_> = lines(&entries).into_iter().filter_map(|line| line.split_once(' ')?.0.parse::<usize>().ok()).collect();
    assert_eq!(numbers, (0..60).collect::<Vec<_>>());
    assert_eq!(entries.last().unwrap().line, "the end");
}

#[tokio::test]
async fn following_begins_with_the_tail_and_waits_for_more() {
    let dir = folder();
    pumped(dir.path(), "a\nb\nc\n");
    let mut stream = Box::pin(follow(dir.path(), Some(1), None, || false));
    assert_eq!(stream.next().await.unwrap().unwrap().line, "c");
    let more = async {
        tokio::time::sleep(Duration::from_millis(50)).await;
        pumped(dir.path(), "d\ne\n");
    };
    let ((), next) = tokio::join!(more, stream.next());
    assert_eq!(next.unwrap().unwrap().line, "d");
    assert_eq!(stream.next().await.unwrap().unwrap().line, "e");
}

/// Marks the folder of the test below, and holds the pump's pid.
const PUMP: &str = "pump";

#[tokio::test]
#[ignore = "this is the pump of the next test, which runs it as a program"]
async fn pump_as_a_program() {
    if Path::new(PUMP).exists() {
        outlive_signals().unwrap();
        fs::write(PUMP, std::process::id().to_string()).unwrap();
        pump(std::io::stdin(), Writer::open(Path::new("logs")).unwrap());
    }
}

#[tokio::test]
async fn a_pump_lives_as_long_as_its_process_whatever_signals_come() {
    let dir = folder();
    let [marker, go, logs] = [PUMP, "go", "logs"].map(|name| dir.path().join(name));
    fs::write(&marker, "").unwrap();
    let name = "engine::log::tests::pump_as_a_program";
    let pump =
        Pump { program: std::env::current_exe().unwrap(), arg0: None, args: ["--exact", "--ignored", name].map(Into::into).into() };
    let mut spawn = Spawn::new("/bin/sh", dir.path(), Output::Pump(pump));
    spawn.args = vec!["-c".into(), "echo one; while ! [ -e go ]; do sleep 0.02; done; echo two; exec sleep 1000".into()];
    let mut child = Process::spawn(&spawn).unwrap();
    until("the first line", || lines(&all(&logs)) == ["one"]).await;
    let pid = fs::read_to_string(&marker).unwrap().parse().ok().and_then(Pid::from_raw).unwrap();
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        kill_process(pid, signal).unwrap();
    }
    fs::write(go, "").unwrap();
    until("the second line", || lines(&all(&logs)) == ["one", "two"]).await;
    assert!(child.process().alive());
    child.process().stop(LONG).await.unwrap();
    child.drained(LONG).await;
    assert!(test_kill_process(pid).is_err(), "the pump ends");
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    let deadline = std::time::Instant::now() + LONG;
    while !condition() {
        assert!(std::time::Instant::now() < deadline, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

proptest! {
    #[test]
    fn any_bytes_come_back_line_by_line(text in proptest::collection::vec(prop_oneof![Just(b'\n'), any::<u8>()], 0..400)) {
        let dir = folder();
        pumped(dir.path(), &text);
        let mut expected: Vec<_> = text.split(|&byte| byte == b'\n').map(|line| String::from_utf8_lossy(line).into_owned()).collect();
        if expected.last().is_some_and(String::is_empty) {
            expected.pop();
        }
        let entries = all(dir.path());
        prop_assert_eq!(lines(&entries), expected);
    }
}
