//! Tests with the real registries: where their programs are, and what a test does without.
//!
//! A live test that cannot run says so on standard error, past the capture of the test harness, and passes. With
//! `REG_LIVE_REQUIRED=1`, or with its name or its program's name in the list there (`REG_LIVE_REQUIRED=distribution,zot`), it fails.

use std::env;
use std::io::Write as _;
use std::path::PathBuf;

/// A real program that live tests need.
#[derive(Debug, Clone, Copy)]
pub struct Program {
    /// What `REG_LIVE_REQUIRED` calls it.
    pub name: &'static str,
    /// The variable that tells its file.
    pub variable: &'static str,
    /// The names it has on `PATH`.
    pub files: &'static [&'static str],
}

/// Distribution 2.8.
pub const DISTRIBUTION: Program =
    Program { name: "distribution", variable: "REG_LIVE_DISTRIBUTION", files: &["docker-registry", "registry"] };
/// Distribution 3.
pub const DISTRIBUTION3: Program = Program { name: "distribution3", variable: "REG_LIVE_DISTRIBUTION3", files: &[] };
/// zot 2.
pub const ZOT: Program = Program { name: "zot", variable: "REG_LIVE_ZOT", files: &["zot"] };
/// zot 2.0, which differs in much.
pub const ZOT_OLD: Program = Program { name: "zot204", variable: "REG_LIVE_ZOT_OLD", files: &[] };
/// A server that speaks S3 (PyPI's `moto[server]`).
pub const MOTO: Program = Program { name: "moto", variable: "REG_LIVE_MOTO", files: &["moto_server"] };
/// Debian's compose, or the plugin under the name of the program.
pub const COMPOSE: Program = Program { name: "docker-compose", variable: "REG_LIVE_COMPOSE", files: &["docker-compose"] };
/// A web server for an image of pages.
pub const BUSYBOX: Program = Program { name: "busybox", variable: "REG_LIVE_BUSYBOX", files: &["busybox"] };
/// Redis.
pub const REDIS: Program = Program { name: "redis", variable: "REG_LIVE_REDIS", files: &["redis-server"] };

impl Program {
    /// The program's file; `None`, said aloud, when there is none.
    ///
    /// # Panics
    /// When it is required, or the variable names no file.
    #[must_use]
    pub fn find(self) -> Option<PathBuf> {
        let Self { name, variable, files } = self;
        if let Some(path) = env::var_os(variable).filter(|path| !path.is_empty()) {
            let path = PathBuf::from(path);
            assert!(path.is_file(), "{variable} names no file: {}", path.display());
            return Some(path);
        }
        let path = env::var_os("PATH").unwrap_or_default();
        let found = env::split_paths(&path).flat_map(|folder| files.iter().map(move |file| folder.join(file)));
        let found = found.into_iter().find(|file| file.is_file());
        if found.is_none() {
            let on_path = files.iter().map(|file| format!(" and no `{file}` is on PATH")).collect::<String>();
            skip(name, &format!("{variable} is not set{on_path}"));
        }
        found
    }
}

/// Says that the running test is skipped, and why; fails when the test or `what` it needs is required.
///
/// # Panics
/// When it is required.
pub fn skip(what: &str, why: &str) {
    let thread = std::thread::current();
    let test = thread.name().unwrap_or(what);
    let required = env::var("REG_LIVE_REQUIRED").unwrap_or_default();
    let listed = required.split(',').any(|name| ["1", what, test].contains(&name.trim()));
    assert!(!listed, "{what} is required by REG_LIVE_REQUIRED={required}, but {why}");
    // Not `eprintln!`: the harness keeps that back when a test passes.
    let _ = writeln!(std::io::stderr(), "live test skipped: {test}: {why}");
}
