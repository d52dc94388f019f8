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
