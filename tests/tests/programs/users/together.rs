//! Many at once: nobody's change is lost, and whoever reads meanwhile sees a whole file.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::{line, names, read, with_file};
use crate::with_instance;

#[test]
fn a_hundred_adds_at_once_give_a_hundred_users() {
    let sandbox = with_file(&[]);
    thread::scope(|scope| {
        for at in 0..100 {
            let sandbox = &sandbox;
            scope.spawn(move || {
                let add = format!("reg-users add user{at} --file htpasswd --password-file password --cost 4 -q -o name");
                sandbox.line(&add).is(0, &format!("user{at}\n"), "");
            });
        }
    });
    let expected: BTreeSet<String> = (0..100).map(|at| format!("user{at}")).collect();
    assert_eq!(names(&sandbox, "htpasswd").into_iter().collect::<BTreeSet<_>>(), expected);
    assert_eq!(read(&sandbox, "htpasswd").lines().count(), 100);
}

#[test]
fn adds_in_place_and_by_a_rename_do_not_lose_each_other() {
    let sandbox = with_file(&["anna"]);
    thread::scope(|scope| {
        for at in 0..24 {
            let sandbox = &sandbox;
            scope.spawn(move || {
                let how = if at % 2 == 0 { "--in-place" } else { "" };
                let add = format!("reg-users add user{at} --file htpasswd --password-file password --cost 4 -q {how}");
                sandbox.line(add.trim_end()).code(0);
            });
        }
    });
    assert_eq!(names(&sandbox, "htpasswd").len(), 25);
}

#[test]
fn adds_to_an_instance_at_once_are_all_there() {
    let sandbox = with_instance("dev");
    sandbox.write("htpasswd", line("anna", "x"));
    sandbox.write("password", "secret\n");
    sandbox.line("reg-up start dev --replace --htpasswd htpasswd -q").code(0);
    thread::scope(|scope| {
        for at in 0..12 {
            let sandbox = &sandbox;
            scope.spawn(move || {
                sandbox.line(&format!("reg-users add user{at} -r dev --password-file password --cost 4 -q")).code(0)
            });
        }
        // A start looks at the same folder meanwhile.
        scope.spawn(|| sandbox.line("reg-up restart dev -q").code(0));
    });
    let listed = sandbox.line("reg-users list -r dev -o name").code(0);
    assert_eq!(listed.stdout.lines().count(), 13, "{listed:?}");
    sandbox.line("reg-test push-pull -r dev -u user7 --password-file password -q").code(0);
}

#[test]
fn who_reads_meanwhile_always_sees_a_whole_file() {
    let sandbox = with_file(&["anna", "bert", "carl"]);
    let over = AtomicBool::new(false);
    let path = sandbox.path("htpasswd");
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = 0;
            while !over.load(Ordering::Relaxed) {
                let text = std::fs::read_to_string(&path).unwrap();
                let (users, faults) = reg_shared::htpasswd::parse(&text);
                assert!(users.names().count() >= 3 && faults.is_empty() && text.ends_with('\n'), "{text}");
                seen += 1;
            }
            seen
        });
        let input: String = (0..200).map(|at| format!("{{\"name\":\"user{at}\",\"password\":\"x\"}}\n")).collect();
        for _ in 0..10 {
            sandbox.line_with("reg-users import --json - --file htpasswd --cost 4 -q -o name", &input).code(0);
            for name in ["anna", "bert"] {
                sandbox.line(&format!("reg-users passwd {name} --file htpasswd --password-file password --cost 4 -q")).code(0);
            }
            let names: String = (0..200).map(|at| format!("user{at}\n")).collect();
            sandbox.line_with("reg-users remove - --file htpasswd -q -o name", &names).code(0);
        }
        over.store(true, Ordering::Relaxed);
        assert!(reader.join().unwrap() > 0);
    });
}

#[test]
fn a_wait_for_somebody_else_is_told() {
    let sandbox = with_file(&[]);
    sandbox.sh("reg-certs ca -q -o name").code(0);
    let place = sandbox.path("").display().to_string();
    let place = place.trim_end_matches('/');
    for line in ["reg-users add anna --file htpasswd --password-file password --cost 4", "reg-certs issue a.example --out ."] {
        let folder = std::fs::File::open(sandbox.path("")).unwrap();
        folder.lock().unwrap();
        let mut words = line.split(' ');
        let mut command = sandbox.command(sandbox.path("bin").join(words.next().unwrap()));
        let mut child = command.args(words).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut told = BufReader::new(child.stderr.take().unwrap());
        let mut first = String::new();
        told.read_line(&mut first).unwrap();
        let tool = line.split(' ').next().unwrap();
        assert_eq!(first, format!("{tool}: waiting for another program at work in {place}\n"));
        drop(folder);
        std::io::copy(&mut told, &mut std::io::sink()).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{line}");
    }
}
