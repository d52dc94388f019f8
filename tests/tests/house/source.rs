//! The Rust files of the workspace, as text.
//!
//! They are read by line, not parsed: the house writes one statement a line and `cargo fmt` keeps it so. What is said about code
//! is said about [`Source::code`], without comments and without tests.

use std::fs;
use std::path::{Path, PathBuf};

/// A Rust file.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    /// Its path from the workspace's root, with slashes.
    pub(crate) path: String,
    /// What is in it.
    pub(crate) text: String,
}

/// The workspace's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// All Rust files below these folders of the workspace, in the order of their paths.
pub(crate) fn files(folders: &[&str]) -> Vec<Source> {
    let mut found = Vec::new();
    for folder in folders {
        collect(&root().join(folder), &mut found);
    }
    found.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(!found.is_empty(), "no Rust file below {folders:?}: has the house moved?");
    found
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let path = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
            found.push(Source { path, text });
        }
    }
}

impl Source {
    /// A file for the tests of the rules themselves.
    pub(crate) fn sample(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// The module of `shared` that the file belongs to.
    pub(crate) fn module(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("shared/src/")?;
        let name = inside.split('/').next()?;
        let name = name.strip_suffix(".rs").unwrap_or(name);
        (name != "lib").then_some(name)
    }

    /// The numbered lines that are neither comments nor tests; comments behind code are cut off.
    pub(crate) fn code(&self) -> Vec<(usize, &str)> {
        if self.path.ends_with("/tests.rs") || self.path.contains("/tests/") {
            return Vec::new();
        }
        let mut lines = self.text.lines().enumerate().map(|(at, line)| (at + 1, line)).peekable();
        let mut code = Vec::new();
        while let Some((number, line)) = lines.next() {
            if line.trim() == "#[cfg(test)]" {
                let indent = line.len() - line.trim_start().len();
                // An item that opens a block ends with a brace below its beginning.
                if lines.next().is_some_and(|(_, item)| item.ends_with('{')) {
                    let _ = lines.find(|(_, line)| line.len() > indent && line[indent..].starts_with('}'));
                }
                continue;
            }
            let line = line.split(" // ").next().unwrap_or_default();
            if !line.trim_start().starts_with("//") {
                code.push((number, line));
            }
        }
        code
    }
}

#[test]
fn code_is_what_is_neither_comment_nor_test() {
    let text = "//! Doc.\nlet a = \"https://x\"; // why\n#[cfg(test)]\nmod tests {\n    fn b() {\n    }\n}\n#[cfg(test)]\nmod more;\nlet c;\n";
    let file = Source::sample("shared/src/oci/list.rs", text);
    assert_eq!(file.code(), [(2, "let a = \"https://x\";"), (10, "let c;")]);
    assert!(Source::sample("shared/src/oci/tests.rs", text).code().is_empty());
}

#[test]
fn a_file_knows_its_module() {
    for (path, module) in [
        ("shared/src/name.rs", Some("name")),
        ("shared/src/oci/mod.rs", Some("oci")),
        ("shared/src/lib.rs", None),
        ("tools/reg-up/src/lib.rs", None),
    ] {
        assert_eq!(Source::sample(path, "").module(), module, "{path}");
    }
}
