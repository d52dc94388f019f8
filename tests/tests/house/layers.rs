//! Who may know whom.
//!
//! The modules of `shared` stand in `shared/src/lib.rs` in reading order, and each names only those above it. Beside that, some
//! knowledge has one home: the type of a registry, the terminal, the environment.

use std::fs;

use super::source::{Source, files, root};

/// Where a line of code breaks a rule, and how.
type Faults = Vec<String>;

fn report(faults: &Faults, cure: &str) {
    assert!(faults.is_empty(), "{}\n\n{cure}\n", faults.join("\n"));
}

/// The lines of code in `files` for which `fault` finds one.
fn find(files: &[Source], fault: impl Fn(&str) -> Option<String>) -> Faults {
    let lines = files.iter().flat_map(|file| file.code().into_iter().map(move |(number, line)| (&file.path, number, line)));
    lines.filter_map(|(path, number, line)| Some(format!("{path}:{number}: {}", fault(line)?))).collect()
}

/// The lines of code that hold one of these texts.
fn find_texts(files: &[Source], texts: &[&str]) -> Faults {
    find(files, |line| texts.iter().find(|text| occurrences(line, text).next().is_some()).map(|text| format!("`{text}`")))
}

/// Where the line goes on behind the text, each time that it holds it, and not as the end of a longer word.
fn occurrences<'a>(line: &'a str, text: &str) -> impl Iterator<Item = &'a str> {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    let places = line.match_indices(text).filter(move |(at, _)| !line[..*at].ends_with(word));
    places.map(|(at, found)| &line[at + found.len()..])
}

/// The modules of `shared` in reading order.
fn reading_order(library: &str) -> Vec<&str> {
    let module = |line: &'_ str| line.trim_start_matches("pub(crate) ").trim_start_matches("pub ").strip_prefix("mod ").is_some();
    library.lines().filter(|line| module(line)).filter_map(|line| line.rsplit(' ').next()?.strip_suffix(';')).collect()
}

/// The modules behind each `crate::` in a file's code, with the line: `crate::name::…` and `crate::{name, tls::…}`.
fn named(file: &Source) -> Vec<(usize, String)> {
    let code = file.code();
    let mut found = Vec::new();
    for (at, (number, line)) in code.iter().enumerate() {
        for path in occurrences(line, "crate::") {
            if !path.starts_with('{') {
                found.push((*number, identifier(path)));
                continue;
            }
            // A group may go on over lines.
            let rest = code[at + 1..].iter().map(|(_, line)| *line);
            let text = std::iter::once(path).chain(rest).collect::<String>();
            found.extend(heads(&text).into_iter().map(|head| (*number, head)));
        }
    }
    found
}

fn identifier(text: &str) -> String {
    text.trim_start().chars().take_while(|&c| c.is_alphanumeric() || c == '_').collect()
}

/// The first name of each path in the group that `text` begins with.
fn heads(text: &str) -> Vec<String> {
    let mut depth = 0;
    let mut heads = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && (c == '{' || c == ',') {
            heads.push(identifier(&text[at + 1..]));
        }
    }
    heads
}

fn upward(files: &[Source], order: &[&str]) -> Faults {
    let place = |module: &str| order.iter().position(|name| *name == module);
    let mut faults = Vec::new();
    for file in files {
        let Some(module) = file.module() else { continue };
        let own = place(module).unwrap_or_else(|| panic!("{} belongs to no module of shared/src/lib.rs", file.path));
        for (number, name) in named(file) {
            if place(&name).is_some_and(|place| place > own) {
                faults.push(format!("{}:{number}: `{module}` names `{name}`, which stands below it", file.path));
            }
        }
    }
    faults
}

#[test]
fn a_module_names_only_those_above_it() {
    let library = fs::read_to_string(root().join("shared/src/lib.rs")).unwrap();
    report(
        &upward(&files(&["shared/src"]), &reading_order(&library)),
        "The modules in shared/src/lib.rs stand in reading order: who reads one needs only those above it. Pass what is needed as a \
         value or a closure, or move the knowledge down into the module that asks for it.",
    );
}

/// The files of `shared` that belong to none of these modules, and those of the tools.
fn outside(modules: &[&str]) -> Vec<Source> {
    let keep = |file: &Source| !file.module().is_some_and(|module| modules.contains(&module));
    files(&["shared/src", "tools"]).into_iter().filter(keep).collect()
}

#[test]
fn the_protocol_knows_no_vendor() {
    let vendors = ["zot", "harbor", "artifactory", "gitlab", "ghcr", "nexus", "quay", "crate::distribution"];
    let protocol: Vec<_> = files(&["shared/src"]).into_iter().filter(|file| file.module() == Some("oci")).collect();
    let faults = find(&protocol, |line| {
        let line = line.to_lowercase();
        vendors.iter().find(|vendor| line.contains(*vendor)).map(|vendor| format!("`{vendor}`"))
    });
    report(
        &faults,
        "`oci` is the protocol as the specification has it. What a registry does otherwise is taken by its effect, for all \
         registries (a comment may name the one that does it); what only one type can do belongs to `registry`.",
    );
}

/// A line that decides by the type of a registry. To name a type as a value, such as a default, is no decision.
fn decision(line: &str) -> Option<String> {
    let variants =
        ["Embedded", "Zot", "Harbor", "Distribution", "Oci"].map(|name| [format!("Type::{name}"), format!("Registry::{name}")]);
    // Of an arm, the pattern decides and the value does not.
    let (pattern, arm) = line.split_once("=>").map_or((line, false), |(pattern, _)| (pattern, true));
    let decides = arm || ["==", "!=", "matches!", " let ", " | "].iter().any(|sign| line.contains(sign));
    let variant = variants.into_iter().flatten().find(|variant| occurrences(pattern, variant).next().is_some());
    variant.filter(|_| decides).map(|variant| format!("decides by `{variant}`"))
}

#[test]
fn only_registry_matches_on_the_type() {
    report(
        &find(&outside(&["registry", "document"]), decision),
        "What a type of registry can do is written once, in `registry`, as the arms of its matches: give `Registry` a method that \
         answers the question, and ask that.",
    );
}

#[test]
fn only_cli_prints_or_exits() {
    let mains = |file: &Source| !file.path.ends_with("/src/main.rs");
    let files: Vec<_> = outside(&["cli", "progress", "exit"]).into_iter().filter(mains).collect();
    let texts = ["print!", "println!", "eprint!", "eprintln!", "dbg!", "stdout()", "stderr()", "process::exit", "ExitCode"];
    report(
        &find_texts(&files, &texts),
        "A library returns what it knows and `cli` prints it, so that documents, messages, closed pipes and exit codes are the same \
         in all tools: return a value or an `Error`, or hand the text to `cli`.",
    );
}

#[test]
fn only_cli_and_auth_read_the_environment() {
    let texts =
        ["env::var", "env::var_os", "env::vars", "env::vars_os", "env::args", "env::args_os", "env::home_dir", "env::temp_dir"];
    report(
        &find_texts(&outside(&["cli", "auth"]), &texts),
        "What stands in the environment is read once, by `cli` (and by `auth` for credentials), and passed on as a value: then it \
         can be seen in a signature, and set in a test.",
    );
}

fn foreign_tools(manifest: &str) -> Vec<&str> {
    let keys = manifest.lines().map(|line| line.split(['.', '=', ' ']).next().unwrap_or_default().trim_matches('"'));
    keys.filter(|key| key.starts_with("reg-") && *key != "reg-shared").collect()
}

#[test]
fn tools_depend_on_shared_only() {
    let mut faults = Vec::new();
    for entry in fs::read_dir(root().join("tools")).unwrap() {
        let manifest = entry.unwrap().path().join("Cargo.toml");
        let text = fs::read_to_string(&manifest).unwrap();
        let shown = manifest.strip_prefix(root()).unwrap().display();
        faults.extend(foreign_tools(&text).into_iter().map(|tool| format!("{shown}: depends on {tool}")));
    }
    report(&faults, "A tool never needs another tool. What two of them know moves to `shared`.");
}

#[test]
fn the_rules_find_what_breaks_them() {
    let order = reading_order("//! Docs.\npub mod name;\n\nmod yaml;\npub(crate) mod tls;\n#[cfg(unix)]\npub mod oci;\n");
    assert_eq!(order, ["name", "yaml", "tls", "oci"]);
    let file = |text| [Source::sample("shared/src/tls/mod.rs", text)];
    for fine in [
        "use crate::name::Tag;",
        "use crate::{name, tls::{oci, Roots}};",
        "// crate::oci",
        "//! [`crate::oci`]",
        "use mycrate::oci;",
    ] {
        assert_eq!(upward(&file(fine), &order), Faults::new(), "{fine}");
    }
    for broken in [
        "use crate::oci;",
        "pub use crate::oci::Client as C;",
        "use crate::{name::Tag, oci};",
        "use crate::{\n    name,\n    oci::X,\n};",
    ] {
        let expected = "shared/src/tls/mod.rs:1: `tls` names `oci`, which stands below it";
        assert_eq!(upward(&file(broken), &order), [expected], "{broken}");
    }
    assert_eq!(find_texts(&file("    eprintln!(\"x\");"), &["println!", "eprintln!"]), ["shared/src/tls/mod.rs:1: `eprintln!`"]);
    for (line, decides) in [
        ("        Type::Zot => 1,", true),
        ("        Type::Zot | Type::Oci", true),
        ("if kind == document::Type::Embedded {", true),
        ("if let Registry::Harbor = registry {", true),
        ("kind.unwrap_or(Type::Embedded)", false),
        ("        None => Type::Embedded,", false),
        ("MyType::Zot => 1,", false),
    ] {
        assert_eq!(decision(line).is_some(), decides, "{line}");
    }
    assert_eq!(
        foreign_tools("reg-shared.workspace = true\nreg-up = { path = \"x\" }\n\"reg-ns\" = 1\nregex = 1\n"),
        ["reg-up", "reg-ns"]
    );
}
