//! No secret shows: on standard output, standard error, in a process list, in a log, or in a file that others may read.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reg_tests::live;
use reg_tests::sandbox::Sandbox;

use crate::sandbox;

const USER: &str = "alice";
const PASSWORD: &str = "Tops3cret-Zq7-xK2";
const WRONG: &str = "Tops3cret-wrong-pW9";

/// All that must not show: the passwords, and what they are on the wire.
fn secrets() -> Vec<String> {
    [PASSWORD, WRONG]
        .into_iter()
        .flat_map(|password| [password.to_owned(), STANDARD.encode(format!("{USER}:{password}"))])
        .collect()
}

#[track_caller]
fn shows_none(what: &str, text: &[u8]) {
    for secret in secrets() {
        assert!(!text.windows(secret.len()).any(|part| part == secret.as_bytes()), "{what} shows a secret");
    }
}

/// Watches the command lines of all processes of the machine for secrets until it is ended.
pub(crate) struct Watch {
    over: Arc<AtomicBool>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Watch {
    pub(crate) fn begin(secrets: &[impl AsRef<str>]) -> Self {
        let over = Arc::new(AtomicBool::new(false));
        let until = Arc::clone(&over);
        let secrets: Vec<String> = secrets.iter().map(|secret| secret.as_ref().to_owned()).collect();
        let watch = move || {
            while !until.load(Ordering::Relaxed) {
                for process in fs::read_dir("/proc").into_iter().flatten().flatten() {
                    let line = fs::read(process.path().join("cmdline")).unwrap_or_default();
                    for secret in &secrets {
                        let shown = line.windows(secret.len()).any(|part| part == secret.as_bytes());
                        assert!(!shown, "the command line of {} shows a secret", process.path().display());
                    }
                }
                thread::sleep(Duration::from_millis(1));
            }
        };
        Self { over, thread: Some(thread::spawn(watch)) }
    }

    pub(crate) fn end(mut self) {
        self.over.store(true, Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap();
    }
}

/// Every command of both tools, on the instance `team`, with these flags to log in; reg-up has none, but is given the document of a
/// program that logged in.
fn all_commands(login: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for suite in ["push", "pull", "all --write"] {
        lines.push(format!("reg-test {suite} -r team -vv {login}"));
    }
    for command in ["info", "status", "gc", "logs", "restart"] {
        lines.push(format!("reg-up {command} -r @team.json -vv"));
    }
    lines
}

/// Runs a command line with everything a person might bring along, and looks at what it says.
fn run(sandbox: &Sandbox, line: &str, input: &str) {
    // Both kinds of errors, in turns.
    static RUNS: AtomicUsize = AtomicUsize::new(0);
    let format = ["json", "table"][RUNS.fetch_add(1, Ordering::Relaxed) % 2];
    let mut words = line.split_whitespace();
    let mut command: Command = sandbox.command(sandbox.path("bin").join(words.next().unwrap()));
    command.args(words).args(["-o", format]).env("SECRET", PASSWORD).env("WRONG", WRONG);
    let ran = sandbox.checked(command, input);
    assert_ne!(ran.code, 2, "{ran:?}");
    shows_none(&format!("{line} -o {format} < {input}"), format!("{}{}", ran.stdout, ran.stderr).as_bytes());
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Nothing of an instance is for others; the password is nowhere in it, its hash only where it belongs.
fn look_at_the_folder(sandbox: &Sandbox) {
    let folder = sandbox.instance("team");
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for path in files(&folder) {
        // The registry itself writes and removes files while we look.
        let Ok(content) = fs::read(&path) else { continue };
        shows_none(&path.display().to_string(), &content);
        let hash = content.windows(7).any(|part| part == b"$2b$04$");
        assert!(!hash || (path.ends_with("htpasswd") && mode(&path) == 0o600), "{} has a hash", path.display());
    }
}

fn with_login(kind: &str) -> Sandbox {
    let sandbox = sandbox();
    sandbox.write("htpasswd", format!("{USER}:{}\n", bcrypt::hash(PASSWORD, 4).unwrap()));
    sandbox.write("password", PASSWORD);
    sandbox.write("wrong", WRONG);
    let start = format!("reg-up start team --port 0 --type {kind} --htpasswd htpasswd -vv");
    let started = sandbox.line(&start).code(0);
    shows_none(&start, format!("{}{}", started.stdout, started.stderr).as_bytes());
    let report = sandbox.line("reg-test health -r team -u alice --password-file password -q").code(0);
    sandbox.write("team.json", &report.stdout);
    sandbox
}

#[test]
fn no_way_to_log_in_shows_the_password() {
    let sandbox = with_login("embedded");
    let url = sandbox.line("reg-up info team").json()["url"].as_str().unwrap().to_owned();
    let watch = Watch::begin(&secrets());
    for (login, input) in [
        ("-u alice --password-file password", ""),
        ("-u alice --password-env SECRET", ""),
        ("-u alice --password-stdin", PASSWORD),
        ("-u alice --password-file wrong", ""),
        ("-u alice --password-env WRONG --log-format json", ""),
    ] {
        for line in all_commands(login) {
            run(&sandbox, &line, input);
        }
    }
    let auth = STANDARD.encode(format!("{USER}:{PASSWORD}"));
    let address = url.trim_start_matches("http://");
    sandbox.write("home/.docker/config.json", format!("{{\"auths\":{{\"{address}\":{{\"auth\":\"{auth}\"}}}}}}"));
    for line in all_commands("") {
        run(&sandbox, &line, "");
    }
    watch.end();
    sandbox.line("reg-up logs team").code(0);
    look_at_the_folder(&sandbox);
}

#[test]
fn no_mistake_shows_a_password() {
    let sandbox = sandbox();
    let credential = |credential: &str| format!("{{\"url\":\"http://localhost:1\",\"credential\":{credential}}}");
    for document in [
        credential(&format!("\"{PASSWORD}\"")),
        credential(&format!("[\"{PASSWORD}\"]")),
        credential(&format!("{{\"username\":\"alice\",\"password\":\"{PASSWORD}\"}}")),
        credential(&format!("{{\"username\":\"alice\",\"passwd\":\"{PASSWORD}\"}}")),
        credential(&format!("{{\"username\":\"alice\",\"passwordFile\":{{\"text\":\"{PASSWORD}\"}}}}")),
        format!("{{\"url\":\"http://localhost:1\",\"password\":\"{PASSWORD}\"}}"),
        format!("{{\"url\":\"http://alice:{PASSWORD}@localhost:1\"}}"),
        format!("{{\"url\":\"http://alice:{PASSWORD}@localhost:1\",\"tls\":{{\"verify\":false}}}}"),
        PASSWORD.to_owned(),
        format!("{{\"url\":\"http://localhost:1\"}} {PASSWORD}"),
    ] {
        for line in
            ["reg-test health -r - -vv", "reg-up status -r - -vv", "reg-up info -r -", "reg-up stop -r -", "reg-up restart -r -"]
        {
            run(&sandbox, line, &document);
        }
    }
    for mode in [
        format!("credential = \"{PASSWORD}\""),
        format!("credential = {{ username = \"alice\", password = \"{PASSWORD}\" }}"),
        format!("credential = {{ username = \"alice\", passwordFile = [\"{PASSWORD}\"] }}"),
        format!("credential = {{ username = \"alice\", passwordEnv = {PASSWORD} }}"),
        format!("password = \"{PASSWORD}\""),
    ] {
        sandbox.write("config/reg/config.toml", format!("[modes.prod.registry]\nurl = \"http://localhost:1\"\n{mode}\n"));
        for line in ["reg-test health -r prod -vv", "reg-up info -r prod", "reg-up status -r prod -vv"] {
            run(&sandbox, line, "");
        }
    }
    // A password given as if it were a file, a variable, an auth file or a helper's answer.
    sandbox.write("config/reg/config.toml", "");
    sandbox.write("home/.docker/config.json", format!("{{\"auths\":{{\"localhost:1\":{{\"auth\":\"{PASSWORD}\"}}}}}}"));
    run(&sandbox, "reg-test health -r http://localhost:1 -vv", "");
    sandbox.write("home/.docker/config.json", format!("{{\"auths\":{{\"localhost:1\":\"{PASSWORD}\"}}}}"));
    run(&sandbox, "reg-test health -r http://localhost:1 -vv", "");
    let helper =
        sandbox.write("bin/docker-credential-vault", format!("#!/bin/sh\necho '{PASSWORD}'; echo '{PASSWORD}' >&2; exit 1\n"));
    fs::set_permissions(&helper, fs::Permissions::from_mode(0o755)).unwrap();
    sandbox.write("home/.docker/config.json", "{\"credsStore\":\"vault\"}");
    run(&sandbox, "reg-test health -r http://localhost:1 -vv", "");
}

#[test]
fn the_real_distribution_shows_no_password_either() {
    if live::DISTRIBUTION.find().is_none() {
        return;
    }
    let sandbox = with_login("distribution");
    let watch = Watch::begin(&secrets());
    for line in all_commands("-u alice --password-file password") {
        run(&sandbox, &line, "");
    }
    run(&sandbox, "reg-test all --write -r team -vv -u alice --password-file wrong", "");
    watch.end();
    look_at_the_folder(&sandbox);
}
