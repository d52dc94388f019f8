//! A person at a terminal: asked twice, without seeing what is typed; nobody else is ever asked.

use std::io::{Read as _, Write as _};
use std::process::{Child, Stdio};

use reg_tests::live;
use reg_tests::sandbox::Sandbox;

use super::{PASSWORD, names, verifies, with_file};

/// A command on a terminal of its own: `script` makes one and shows on its standard output what is to be seen there.
struct Terminal {
    script: Child,
    seen: String,
}

impl Terminal {
    /// None, said aloud, where there is no `script`.
    fn open(sandbox: &Sandbox, line: &str) -> Option<Self> {
        if sandbox.sh("command -v script").code != 0 {
            live::skip("script", "no `script` is on PATH");
            return None;
        }
        let mut command = sandbox.command("script");
        command.args(["-qec", line, "/dev/null"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        Some(Self { script: command.spawn().unwrap(), seen: String::new() })
    }

    /// Reads until this is to be seen.
    fn wait_for(&mut self, text: &str) {
        let mut byte = [0];
        while !self.seen.ends_with(text) {
            let read = self.script.stdout.as_mut().unwrap().read(&mut byte).unwrap();
            assert_eq!(read, 1, "{text:?} was never to be seen: {}", self.seen);
            self.seen.push(char::from(byte[0]));
        }
    }

    fn type_in(&mut self, text: &str) {
        self.script.stdin.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
    }

    /// What was to be seen, and the exit code.
    fn end(mut self) -> (String, i32) {
        let mut rest = Vec::new();
        self.script.stdout.as_mut().unwrap().read_to_end(&mut rest).unwrap();
        let code = self.script.wait().unwrap().code().unwrap();
        (self.seen.replace('\r', "") + &String::from_utf8_lossy(&rest).replace('\r', ""), code)
    }
}

#[test]
fn a_password_is_asked_for_twice_and_not_shown() {
    let sandbox = with_file(&[]);
    let Some(mut terminal) = Terminal::open(&sandbox, "reg-users add anna --file htpasswd --cost 4 -q -o name") else { return };
    terminal.wait_for("New password of \"anna\": ");
    terminal.type_in("correct horse\n");
    terminal.wait_for("The same again: ");
    terminal.type_in("correct horse\n");
    assert_eq!(terminal.end(), ("New password of \"anna\": \nThe same again: \nanna\n".to_owned(), 0));
    assert!(verifies(&sandbox, "htpasswd", "anna", PASSWORD));
    let mut terminal = Terminal::open(&sandbox, "reg-users verify anna --file htpasswd -q -o name").unwrap();
    terminal.wait_for("Password of \"anna\": ");
    terminal.type_in("correct horse\n");
    assert_eq!(terminal.end(), ("Password of \"anna\": \nanna\n".to_owned(), 0));
}

#[test]
fn two_that_differ_and_none_at_all_change_nothing() {
    let sandbox = with_file(&[]);
    for (first, second, expected) in [
        ("one\n", "two\n", "New password of \"anna\": \nThe same again: \nreg-users: error: the two passwords differ\n"),
        ("\u{4}", "", "New password of \"anna\": \nreg-users: error: no password was typed\n"),
    ] {
        let Some(mut terminal) = Terminal::open(&sandbox, "reg-users add anna --file htpasswd --cost 4") else { return };
        terminal.wait_for("New password of \"anna\": ");
        terminal.type_in(first);
        if !second.is_empty() {
            terminal.wait_for("The same again: ");
            terminal.type_in(second);
        }
        assert_eq!(terminal.end(), (expected.to_owned(), 3));
    }
    assert!(names(&sandbox, "htpasswd").is_empty());
}

#[test]
fn after_a_signal_the_terminal_shows_again_what_is_typed() {
    let sandbox = with_file(&[]);
    let line = "reg-users add anna --file htpasswd --cost 4; echo code $?; stty -a | grep -o \" -\\?echo \"";
    let Some(mut terminal) = Terminal::open(&sandbox, &format!("bash -c '{line}'")) else { return };
    terminal.wait_for("New password of \"anna\": ");
    terminal.type_in("corr\u{3}");
    let (seen, _) = terminal.end();
    assert!(seen.contains("reg-users: error: interrupted\n") && !seen.contains("corr"), "{seen}");
    // bash ends with the signal's own code when the program does not die of it.
    assert!(!seen.contains(" -echo "), "{seen}");
    let mut terminal = Terminal::open(&sandbox, &format!("bash -c 'trap : INT; {line}'")).unwrap();
    terminal.wait_for("New password of \"anna\": ");
    terminal.type_in("\u{3}");
    let (seen, _) = terminal.end();
    assert!(seen.ends_with("code 130\n echo \n"), "{seen}");
}

#[test]
fn without_a_terminal_nobody_is_asked() {
    let sandbox = with_file(&["anna"]);
    let usage = |user: &str, flags: &str| {
        format!(
            "reg-users: error: no password was given for \"{user}\", and there is no terminal to ask at\n\
             reg-users: hint: add {flags}\n"
        )
    };
    let three = "--password-stdin, --password-file FILE or --password-env VARIABLE";
    let four = "--password-stdin, --password-file FILE, --password-env VARIABLE or --generate";
    for (line, user, flags) in [
        ("reg-users add bert --file htpasswd", "bert", four),
        ("reg-users passwd anna --file htpasswd", "anna", four),
        ("reg-users verify anna --file htpasswd", "anna", three),
        ("reg-users generate bert", "bert", three),
    ] {
        sandbox.line_with(line, "secret\nsecret\n").is(2, "", &usage(user, flags));
    }
    // A terminal to type at, but none to be told at, is not enough.
    let Some(terminal) = Terminal::open(&sandbox, "reg-users add bert --file htpasswd 2> said; echo code $?") else { return };
    assert_eq!(terminal.end(), ("code 2\n".to_owned(), 0));
    assert_eq!(super::read(&sandbox, "said"), usage("bert", four));
}

#[test]
fn nobody_is_asked_in_vain_for_a_file_in_a_folder_that_is_not_there() {
    let sandbox = with_file(&[]);
    let Some(terminal) = Terminal::open(&sandbox, "reg-users add anna --file none/htpasswd") else { return };
    let none = sandbox.path("none").display().to_string();
    let expected = format!("reg-users: error: the folder {none} does not exist\nreg-users: hint: `mkdir -p {none}` makes it\n");
    assert_eq!(terminal.end(), (expected, 3));
}
