//! How files look: their length, their first line, their names.

use super::source::{Source, files};

/// A file that is longer has more than one concern.
const LINES: usize = 500;
/// Names that say nothing about what is in a file, so everything ends up there.
const EMPTY_NAMES: &[&str] = &["common", "helpers", "misc", "shared", "types", "util", "utils"];

fn all() -> Vec<Source> {
    files(&["shared", "tools", "tests"])
}

fn report(faults: &[String], cure: &str) {
    assert!(faults.is_empty(), "{}\n\n{cure}\n", faults.join("\n"));
}

#[test]
fn no_file_is_too_long() {
    let lines = |file: &Source| file.text.lines().count();
    let long = all().into_iter().filter(|file| lines(file) > LINES);
    let faults: Vec<_> = long.map(|file| format!("{} has {} lines", file.path, lines(&file))).collect();
    report(
        &faults,
        "A file has one concern and at most 500 lines, better 300. Move a part that has a name of its own into a file of its own; \
         long unit tests go to `tests.rs` in a folder beside it.",
    );
}

#[test]
fn every_file_says_what_it_is() {
    let silent = all().into_iter().filter(|file| !file.text.starts_with("//! "));
    let faults: Vec<_> = silent.map(|file| format!("{} does not open with `//!`", file.path)).collect();
    report(&faults, "Open the file with `//!`: what it is (one noun phrase), the rules it keeps, what it leaves to others.");
}

#[test]
fn no_file_has_an_empty_name() {
    let stem =
        |path: &str| path.trim_end_matches("/mod.rs").trim_end_matches(".rs").rsplit('/').next().unwrap_or_default().to_owned();
    let empty = all().into_iter().filter(|file| EMPTY_NAMES.contains(&stem(&file.path).as_str()));
    let faults: Vec<_> = empty.map(|file| format!("{} says nothing by its name", file.path)).collect();
    report(&faults, "Name the file by the thing that it owns: a noun of the specification, or of the domain.");
}
