//! Killed at any moment, or without room: the file is the old one or the new one, whole.

use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use super::{names, read, with_file};
use crate::disk::small_disk;
use crate::random::Random;
use crate::{process, sandbox};

/// How long the rounds may take together; a slow machine makes fewer.
const ROUNDS: Duration = Duration::from_secs(8);

fn kill_imports(how: &[&str], seed: &str) {
    let sandbox = with_file(&["anna", "bert"]);
    let mut random = Random::new().fork(seed);
    let users = 400;
    let rows: String = (0..users).map(|at| format!("user{at},x\n")).collect();
    sandbox.write("people.csv", format!("name,password\n{rows}"));
    let old = read(&sandbox, "htpasswd");
    let begun = Instant::now();
    let whole = {
        let begun = Instant::now();
        sandbox.line("reg-users import people.csv --file other --cost 4 -q -o name").code(0);
        begun.elapsed()
    };
    loop {
        sandbox.write("htpasswd", &old);
        let mut command = sandbox.command(sandbox.path("bin/reg-users"));
        command.args(["import", "people.csv", "--file", "htpasswd", "--cost", "4", "-q"]).args(how);
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        // Mostly at the end, where the file is written.
        thread::sleep(whole.mul_f64(0.85 + 0.4 * random.fraction()));
        let _ = child.kill();
        child.wait().unwrap();
        // A rename leaves it whole at once; a write in its place may have to be taken back by the next who changes it.
        if how.is_empty() {
            let now = read(&sandbox, "htpasswd");
            assert!(
                now == old || (now.starts_with(&old) && now.lines().count() == users + 2 && now.ends_with('\n')),
                "{random}: {now}"
            );
        }
        sandbox.line("reg-users add next --file htpasswd --password-file password --cost 4 -q").code(0);
        let all = names(&sandbox, "htpasswd").len();
        assert!(all == 3 || all == users + 3, "{random}: {all} users\n{}", read(&sandbox, "htpasswd"));
        assert!(!sandbox.path(".htpasswd.unfinished").exists());
        let left = std::fs::read_dir(sandbox.path(""))
            .unwrap()
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy().contains(".new-"));
        assert_eq!(left.count(), 0, "{random}");
        if begun.elapsed() > ROUNDS {
            return;
        }
    }
}

#[test]
fn a_killed_import_leaves_the_old_file_or_the_new_one() {
    kill_imports(&[], "rename");
}

#[test]
fn a_killed_import_in_place_is_taken_back_or_stands() {
    kill_imports(&["--in-place"], "in place");
}

#[test]
fn a_write_in_place_that_was_cut_off_is_taken_back_by_the_next_change() {
    let sandbox = with_file(&["anna", "bert"]);
    let old = read(&sandbox, "htpasswd");
    let new = old.replace("bert", "carl") + &old.replace("anna", "dora").replace("bert", "emil");
    sandbox.write(".htpasswd.bak", &old);
    sandbox.write(".htpasswd.unfinished", &new);
    let torn = format!("{}{}", &new[..90], &old[90..]);
    sandbox.write("htpasswd", torn);
    sandbox.line("reg-users add next --file htpasswd --password-file password --cost 4 -o name").is(
        0,
        "next\n",
        "reg-users: warning: a change of SANDBOX/htpasswd that was cut off was taken back\n\
         reg-users: added \"next\" in SANDBOX/htpasswd: bcrypt, cost 4, N ms a login\n",
    );
    assert_eq!(names(&sandbox, "htpasswd"), ["anna", "bert", "next"]);
    assert!(read(&sandbox, "htpasswd").starts_with(&old));
}

#[test]
fn a_full_disk_leaves_the_file_as_it_was() {
    let sandbox = sandbox();
    let Some(_disk) = small_disk(&sandbox) else { return };
    sandbox.write("disk/htpasswd", super::line("anna", "x"));
    let old = read(&sandbox, "disk/htpasswd");
    let rows: String = (0..900).map(|at| format!("user{at},x\n")).collect();
    sandbox.write("people.csv", format!("name,password\n{rows}"));
    for how in ["", " --in-place"] {
        sandbox.line(&format!("reg-users import people.csv --file disk/htpasswd --cost 4 -q{how}")).is(
            1,
            "",
            "reg-users: error: cannot write SANDBOX/disk/htpasswd: no space left on device\n",
        );
        assert_eq!(read(&sandbox, "disk/htpasswd"), old);
        let left: Vec<_> = std::fs::read_dir(sandbox.path("disk")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| name == "htpasswd" || name == ".htpasswd.bak"), "{left:?}");
    }
    // With the rest of the room taken there is none for a password, either.
    sandbox.sh("head -c 100000 /dev/zero > disk/rest || true").code(0);
    let ran = sandbox.line("reg-users add bert --file disk/htpasswd --generate --out disk -q").code(1);
    assert!(ran.err().ends_with(": no space left on device\n"), "{ran:?}");
    assert_eq!(read(&sandbox, "disk/htpasswd"), old);
    assert!(!sandbox.path("disk/bert.password").exists());
}

#[test]
fn a_signal_in_the_middle_leaves_the_file_as_it_was() {
    let sandbox = with_file(&["anna"]);
    let old = read(&sandbox, "htpasswd");
    let rows: String = (0..2000).map(|at| format!("user{at},x\n")).collect();
    sandbox.write("people.csv", format!("name,password\n{rows}"));
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let child = process::spawn(&sandbox, "reg-users", &["import", "people.csv", "--file", "htpasswd", "--cost", "12"]);
        let status = format!("/proc/{}/status", child.id());
        // Hashing, which a thread for each processor does, is what the signal is to meet.
        process::until("it hashes", || {
            let threads = std::fs::read_to_string(&status).unwrap();
            let threads = threads.lines().find_map(|line| line.strip_prefix("Threads:")).unwrap().trim().to_owned();
            threads.parse::<usize>().unwrap() > 2 * thread::available_parallelism().map_or(1, usize::from)
        });
        process::signal(child.id(), signal);
        process::ended(&sandbox, child).is(code, "", "reg-users: error: interrupted\n");
        assert_eq!(read(&sandbox, "htpasswd"), old);
    }
}
