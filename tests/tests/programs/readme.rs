//! README.md: every command in it is run, every document in it is real.

use std::path::Path;

use reg_tests::live;
use serde_json::Value;

use crate::sandbox;

fn file(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)).unwrap()
}

/// The blocks of README.md: their language and their text.
fn blocks() -> Vec<(String, String)> {
    let text = file("README.md");
    let mut parts = text.split("```").skip(1).step_by(2).map(|block| block.split_once('\n').unwrap());
    let blocks: Vec<_> = parts.by_ref().map(|(language, text)| (language.to_owned(), text.to_owned())).collect();
    assert!(blocks.len() > 3, "README.md has lost its blocks");
    blocks
}

/// What a `make` command line of the README would do: its targets must be there.
fn check_make(line: &str) {
    let makefile = file("Makefile");
    let words = line.split('#').next().unwrap().split_whitespace().skip(1);
    for target in words.filter(|word| !word.contains('=')) {
        assert!(makefile.lines().any(|line| line.starts_with(&format!("{target}:"))), "the Makefile has no target {target}");
    }
}

#[test]
fn every_command_works_from_top_to_bottom() {
    let sandbox = sandbox();
    let mut ran = 0;
    for (language, text) in blocks() {
        match language.as_str() {
            "sh" => {
                for line in text.lines().filter(|line| line.starts_with("make ")) {
                    check_make(line);
                }
                let script: String =
                    text.lines().filter(|line| !line.starts_with("make ")).map(|line| format!("{line}\n")).collect();
                sandbox.sh(&script).code(0);
                ran += 1;
            }
            "nu" if sandbox.sh("command -v nu").code == 0 => {
                let table = sandbox.nu(&text).code(0);
                assert!(table.stdout.contains("outcome") && table.stdout.contains("pass"), "{table:?}");
                ran += 1;
            }
            "nu" => live::skip("nushell", "no `nu` is on PATH"),
            "json" => {}
            other => panic!("README.md has a block of {other:?}, which nothing checks"),
        }
    }
    assert!(ran > 3);
}

#[test]
fn every_make_target_in_the_text_is_there() {
    let text = file("README.md") + &file("CONTRIBUTING.md");
    let mentioned: Vec<_> = text.split('`').skip(1).step_by(2).filter(|code| code.starts_with("make ")).collect();
    assert!(!mentioned.is_empty());
    mentioned.into_iter().for_each(check_make);
}

#[test]
fn what_it_says_a_stopped_registry_gives_is_so() {
    let sandbox = sandbox();
    let script = "reg-up start team --port 0 -q > /dev/null; reg-up stop team -q > /dev/null
        reg-test health -r team -q > /dev/null || echo \"exit code $?\"";
    sandbox.sh(script).is(0, "exit code 4\n", "");
}

#[test]
fn the_documents_are_parts_of_real_ones() {
    /// Whether all keys of the excerpt are in the real document, with values of the same kind; in a list, in some item.
    fn is_part(place: &str, excerpt: &Value, real: &Value) {
        match (excerpt, real) {
            (Value::Object(excerpt), Value::Object(_)) => {
                for (key, value) in excerpt {
                    let found = real.get(key).unwrap_or_else(|| panic!("a real document has no {place}.{key}"));
                    is_part(&format!("{place}.{key}"), value, found);
                }
            }
            (Value::Array(excerpt), Value::Array(real)) => {
                for item in excerpt {
                    let like = real.iter().find(|real| real["name"] == item["name"]);
                    is_part(place, item, like.unwrap_or_else(|| panic!("a real document has no {} in {place}", item["name"])));
                }
            }
            (excerpt, real) => {
                assert_eq!(std::mem::discriminant(excerpt), std::mem::discriminant(real), "{place} is {real} in a real document");
            }
        }
    }
    let sandbox = sandbox();
    let mut compared = 0;
    for (_, text) in blocks().into_iter().filter(|(language, _)| language == "json") {
        let excerpt: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(excerpt["kind"], "test-report", "nothing here makes a document of this kind");
        let real = sandbox.sh("reg-up start ci --port 0 -q | reg-test push-pull -r - -q").code(0).json();
        // The excerpt leaves out what says where things lie on somebody's machine.
        for (key, value) in excerpt.as_object().unwrap() {
            is_part(&format!(".{key}"), value, &real[key]);
        }
        compared += 1;
    }
    assert!(compared > 0, "README.md shows no document");
}

/// The messages that README.md's table of troubles quotes: the code in its first column.
fn troubles() -> Vec<String> {
    let text = file("README.md");
    let table = text.split("## Troubleshooting").nth(1).unwrap().split("\n## ").next().unwrap();
    let cells = table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    cells.map(ToOwned::to_owned).collect()
}

/// What the tools say in these troubles.
fn said() -> String {
    let sandbox = sandbox();
    let mut said = String::new();
    let mut line = |line: &str| {
        let ran = sandbox.line(line);
        said += &format!("{}{}\n", ran.stderr, ran.stdout);
    };
    let holder = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    line(&format!("reg-up start team --port {}", holder.local_addr().unwrap().port()));
    line("reg-up start team --bind 0.0.0.0");
    let script = |name: &str, script: &str| {
        let there = crate::start::pretender(&sandbox, script);
        std::fs::rename(there, sandbox.path(name)).unwrap();
    };
    script("ends", "exit 3");
    script("waits", "exec sleep 60");
    line("reg-up start team --port 0 --type distribution --binary ends");
    line("reg-up start team --port 0 --type distribution --binary waits --wait 1s");
    line("reg-up start team --port 0 --type distribution --binary ends --set http.http3=true");
    // Nobody has a zot or an engine here.
    let mut bare = sandbox.command(sandbox.path("bin/reg-up"));
    bare.args(["start", "team", "--type", "zot"]).env("PATH", sandbox.path("bin"));
    let bare = sandbox.finish(bare, "").stderr;

    sandbox.write("htpasswd", format!("alice:{}\n", bcrypt::hash("right", 4).unwrap()));
    sandbox.write("wrong", "wrong\n");
    line("reg-up start team --port 0 --htpasswd htpasswd");
    line("reg-test push -r team");
    line("reg-test push -r team -u alice --password-file wrong");
    line("reg-up stop team");
    line("reg-test push -r team");
    line("reg-up remove team --purge");
    // Nothing is logged in with it: a hash of any password will do.
    sandbox.write("slow", "bob:$2b$14$ABCDEFGHIJKLMNOPQRSTUuMEs5rP9WGNIXNz2yZfPZKo3ncPvxsrW\n");
    line("reg-users check slow");

    let pair = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    sandbox.write("cert.pem", pair.cert.pem());
    sandbox.write("key.pem", pair.signing_key.serialize_pem());
    let started = sandbox.line("reg-up start team --port 0 --cert cert.pem --key key.pem --ca-file cert.pem").json();
    let port = crate::process::port_of(&started);
    line(&format!("reg-test push -r https://127.0.0.1:{port} --ca-file cert.pem"));
    line(&format!("reg-test push -r http://localhost:{port}"));
    line("reg-up remove team --purge");
    line("reg-up start team --port 0 --cert cert.pem --key key.pem");
    if live::DISTRIBUTION.find().is_some() {
        line("reg-up start dist --port 0 --type distribution --backend process --with read-only");
        line("reg-test push -r dist");
    }
    said + &bare
}

#[test]
fn the_messages_of_the_troubles_are_real() {
    // Said where there is an engine: its own tests hold these, word for word.
    let mut elsewhere = vec![
        "you may not use the container engine at …: permission denied",
        "its redis ended with exit code …, by itself or from outside",
    ];
    if live::DISTRIBUTION.find().is_none() {
        elsewhere.push("the registry answered 405");
    }
    let said = said();
    let messages = troubles();
    assert!(messages.len() > 12, "{messages:?}");
    for message in messages.iter().filter(|message| !elsewhere.contains(&message.as_str())) {
        let parts: Vec<&str> = message.split('…').collect();
        let so =
            |line: &str| parts.iter().try_fold(line, |rest, part| rest.find(part).map(|at| &rest[at + part.len()..])).is_some();
        assert!(said.lines().any(so), "no tool says {message:?} in\n{said}");
    }
}
