//! Namespaces: those of the layout and those that are only seen, made and deleted, measured and pruned.

mod create;
mod delete;
mod info;
mod killed;
mod list;
mod pipelines;
mod prune;
mod quota;
mod setup;

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use reg_tests::sandbox::Sandbox;
use serde_json::Value;

use crate::client::Client;
use crate::sandbox;

/// A sandbox with the embedded registry `dev` of this layout, and a client of its administrator.
pub(super) fn with_layout(layout: &str) -> (Sandbox, Client) {
    let sandbox = sandbox();
    sandbox.write("team.yaml", layout);
    let registry = sandbox.line("reg-up start dev --port 0 --layout team.yaml -q").code(0).json();
    let client = Client::of(&registry);
    (sandbox, client)
}

/// The same registry with the login of a new user.
fn with_user(sandbox: &Sandbox, name: &str) -> Value {
    sandbox.line(&format!("reg-users add {name} -r dev --generate --out . -q -o name")).code(0);
    let mut registry = sandbox.line("reg-up info dev").code(0).json();
    let file = sandbox.path(format!("{name}.password"));
    registry["credential"] = serde_json::json!({"username": name, "passwordFile": file});
    sandbox.write(&format!("{name}.json"), registry.to_string());
    registry
}

/// Lets a tag of the embedded registry be older than it is, by days and some minutes.
fn age(sandbox: &Sandbox, repository: &str, tag: &str, days: u64) {
    fn find(folder: &Path, end: &str) -> Option<PathBuf> {
        std::fs::read_dir(folder).ok()?.flatten().find_map(|entry| {
            let path = entry.path();
            if path.ends_with(end) { Some(path) } else { path.is_dir().then(|| find(&path, end)).flatten() }
        })
    }
    let file = find(&sandbox.instance("dev"), &format!("{repository}/_tags/{tag}")).unwrap();
    let time = SystemTime::now() - Duration::from_secs(days * 86_400 + 600);
    std::fs::File::options().write(true).open(file).unwrap().set_modified(time).unwrap();
}

/// What stands at one field of each item.
pub(crate) fn each(document: &Value, items: &str, field: &str) -> Vec<String> {
    let items = document[items].as_array().unwrap();
    items.iter().map(|item| item[field].as_str().map_or_else(|| item[field].to_string(), ToOwned::to_owned)).collect()
}
