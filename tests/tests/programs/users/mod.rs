//! reg-users: what it makes of an htpasswd file, what it refuses, and that no user is ever lost.

mod change;
mod check;
mod file;
mod import;
mod killed;
mod live;
mod passwords;
mod registry;
mod terminal;
mod together;
mod wrong;

use reg_tests::sandbox::{Ran, Sandbox};

use crate::sandbox;

/// The password that [`with_file`] gives to everybody.
const PASSWORD: &str = "correct horse";

/// A line with the least costly hash.
fn line(user: &str, password: &str) -> String {
    let hash = bcrypt::hash_with_result(password, 4).unwrap().format_for_version(bcrypt::Version::TwoY);
    format!("{user}:{hash}\n")
}

/// A sandbox with `htpasswd`, in which these users are, and `password`.
fn with_file(users: &[&str]) -> Sandbox {
    let sandbox = sandbox();
    sandbox.write("htpasswd", users.iter().map(|user| line(user, PASSWORD)).collect::<String>());
    sandbox.write("password", format!("{PASSWORD}\n"));
    sandbox
}

fn read(sandbox: &Sandbox, file: &str) -> String {
    std::fs::read_to_string(sandbox.path(file)).unwrap()
}

/// The names in a file, in their order.
fn names(sandbox: &Sandbox, file: &str) -> Vec<String> {
    let listed = sandbox.line(&format!("reg-users list --file {file} -o name")).code(0);
    listed.stdout.lines().map(ToOwned::to_owned).collect()
}

/// Whether this is the user's password, by our own word.
fn verifies(sandbox: &Sandbox, file: &str, user: &str, password: &str) -> bool {
    let verified = sandbox.line_with(&format!("reg-users verify {user} --file {file} --password-stdin -q"), password);
    match verified.code {
        0 => true,
        7 => false,
        _ => panic!("{verified:?}"),
    }
}

/// The outcomes of a document, with the names.
fn outcomes(ran: &Ran) -> Vec<(String, String)> {
    let document = ran.json();
    let rows = document["users"].as_array().unwrap().iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    rows.map(|row| (text(&row["name"]), text(&row["outcome"]))).collect()
}
