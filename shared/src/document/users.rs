//! What reg-users tells: a row per user with what became of it, a row per line of a checked file. And the rows that it imports.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::read::{meant, not_json, typed_unseen};
use super::{Document, Outcome, Registry, Summary};
use crate::error::{Error, Result};
use crate::secret::Secret;

/// What became of a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UserOutcome {
    /// It is new.
    Added,
    /// It has another password.
    Changed,
    /// It stays as it was.
    Unchanged,
    /// It is gone.
    Removed,
    /// It cannot be written; `detail` says why.
    Refused,
    /// The password is right.
    Match,
    /// It is not; `detail` says why.
    Mismatch,
}

/// A user. There is never a password or a hash in it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// What it logs in as.
    pub name: String,
    /// What became of it, when something was to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<UserOutcome>,
    /// How its password is hashed: `bcrypt`, `apr1`, `sha1`, `md5-crypt`, `sha256-crypt`, `sha512-crypt`, `yescrypt`, `des-crypt` or `plain`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub algorithm: Option<String>,
    /// The cost of its bcrypt hash; one more takes twice the time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<u32>,
    /// The line where it stands: in the htpasswd file, or in what was imported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The file that its generated password is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_file: Option<PathBuf>,
    /// Why, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl User {
    /// One of which nothing is known but what became of it.
    #[must_use]
    pub fn new(name: impl Into<String>, outcome: Option<UserOutcome>) -> Self {
        Self { name: name.into(), outcome, algorithm: None, cost: None, line: None, password_file: None, detail: None }
    }
}

/// Users of an htpasswd file, and what became of them.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Users {
    /// The registry that they log in to, when one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<Registry>,
    /// The htpasswd file.
    pub file: PathBuf,
    /// True: nothing was written, the rows say what would be.
    #[serde(default, skip_serializing_if = "is_false")]
    pub dry_run: bool,
    /// A row per user.
    pub users: Vec<User>,
}

fn is_false(value: &bool) -> bool {
    !value
}

impl Document for Users {
    const KIND: &'static str = "users";
    const ITEMS: Option<&'static str> = Some("users");
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("NAME", "/name"),
        ("OUTCOME", "/outcome"),
        ("ALGORITHM", "/algorithm"),
        ("COST", "/cost"),
        ("LINE", "/line"),
        ("PASSWORD FILE", "/passwordFile"),
        ("DETAIL", "/detail"),
    ];
}

/// A program that lets nobody in by a line, and why.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// The program: `zot`, `distribution`, `apache` or `embedded`.
    pub by: String,
    /// Why.
    pub why: String,
}

/// A line of an htpasswd file, and who lets its user in.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckedLine {
    /// Counted from 1.
    pub line: usize,
    /// The user; empty where the line has none.
    pub name: String,
    /// `pass`: all that were asked about let it in.
    pub outcome: Outcome,
    /// How the password is hashed, as in `users`; null where there is no hash.
    pub algorithm: Option<String>,
    /// The cost of a bcrypt hash; null for others.
    pub cost: Option<u32>,
    /// The programs that let it in.
    pub accepted_by: Vec<String>,
    /// The programs that do not.
    pub refusals: Vec<Refusal>,
    /// All that is to be said of it, for people.
    pub detail: String,
}

/// The lines of an htpasswd file that are neither empty nor comments, and who lets their users in.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HtpasswdReport {
    /// The registry whose file it is, when one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<Registry>,
    /// The file; null when it was read from standard input.
    pub file: Option<PathBuf>,
    /// The programs that were asked about.
    pub readers: Vec<String>,
    /// A row per line.
    pub lines: Vec<CheckedLine>,
    /// The rows counted.
    pub summary: Summary,
}

impl Document for HtpasswdReport {
    const KIND: &'static str = "htpasswd-report";
    const ITEMS: Option<&'static str> = Some("lines");
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("LINE", "/line"),
        ("NAME", "/name"),
        ("OUTCOME", "/outcome"),
        ("ALGORITHM", "/algorithm"),
        ("COST", "/cost"),
        ("ACCEPTED BY", "/acceptedBy"),
        ("DETAIL", "/detail"),
    ];
}

/// A user to import: what a row of a CSV file or an object of a JSON list says. The fields of [`User`] that are not here are read over,
/// so that what list, export and import print can be imported.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportedUser {
    /// What it logs in as.
    pub name: String,
    /// Its password.
    #[serde(default, deserialize_with = "secret")]
    pub password: Option<Secret>,
    /// A file with its password.
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// It gets a generated password.
    #[serde(default)]
    pub generated: Option<bool>,
    /// Its e-mail address, for registries that keep one.
    #[serde(default)]
    pub email: Option<String>,
    /// The groups it is in, for registries that know groups.
    #[serde(default)]
    pub groups: Option<Vec<String>>,
}

impl ImportedUser {
    /// The fields that mean something here.
    pub const FIELDS: [&'static str; 6] = ["name", "password", "passwordFile", "generated", "email", "groups"];
    /// The fields of our own documents that are read over.
    pub const READ_OVER: [&'static str; 5] = ["outcome", "algorithm", "cost", "line", "detail"];

    /// Reads one object. `place` says which one.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`], with the place and without a field or value, which may be a password.
    pub fn read(value: Value, place: &str) -> Result<Self> {
        let known = |field: &String| Self::FIELDS.iter().chain(&Self::READ_OVER).any(|known| known == field);
        if value.as_object().is_some_and(|object| !object.keys().all(known)) {
            return Err(Error::input(format!("{place}: a field is not known; known here: {}", Self::FIELDS.join(", "))));
        }
        if !value.is_object() {
            return Err(Error::input(format!("{place}: expected an object")));
        }
        typed_unseen(value, place)
    }
}

/// The objects of a list of users, each with its place: a JSON list, a `users` document, or an object a line. Objects are not looked at
/// yet, and a line that is not JSON is an error of its own.
///
/// # Errors
/// [`crate::exit::Exit::Input`]: nothing there, a drawn table, not JSON as a whole.
pub fn list_of_users(text: &str, source: &str) -> Result<Vec<(String, Result<Value>)>> {
    let text = meant(text, source)?;
    let items = |place: &str, values: Vec<Value>| {
        values.into_iter().enumerate().map(|(at, value)| (format!("{place}[{at}]"), Ok(value))).collect()
    };
    match serde_json::from_str(text) {
        Ok(Value::Array(values)) => Ok(items("", values)),
        Ok(mut value @ Value::Object(_)) => match value.get("kind").and_then(Value::as_str) {
            None => Ok(vec![("line 1".to_owned(), Ok(value))]),
            Some(Users::KIND) => match value.get_mut("users").map(Value::take) {
                Some(Value::Array(values)) => Ok(items(".users", values)),
                _ => Err(Error::input(format!("{source}: .users: expected a list"))),
            },
            Some(_) => Err(Error::input(format!("{source}: .kind: expected \"{}\"", Users::KIND))),
        },
        Ok(_) => Err(Error::input(format!("{source}: expected a list of users"))),
        // More than one line, each an object of its own.
        Err(_) if text.starts_with('{') && text.lines().count() > 1 && is_object(text.lines().next()) => {
            let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
            let read = lines.map(|(at, line)| {
                let place = format!("line {}", at + 1);
                let value = serde_json::from_str(line).map_err(|_| Error::input(format!("{place}: not JSON")));
                (place, value)
            });
            Ok(read.collect())
        }
        Err(fault) => Err(not_json(&fault, text, source)),
    }
}

fn is_object(line: Option<&str>) -> bool {
    line.is_some_and(|line| serde_json::from_str::<serde_json::Map<String, Value>>(line).is_ok())
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Option<Secret>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(Secret::new))
}
