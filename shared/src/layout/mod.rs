//! The layout: what a registry should be, in one document for every type.
//!
//! Namespaces with who may do what in them, what is kept and what is demanded; users, groups, robots and administrators; who is told,
//! and what is copied. The schema is whole: what a type cannot do is a gap that is told, not a field that is missing. Objects are
//! known by their names. Knows no type of registry and no file.

mod account;
mod change;
mod check;
mod content;
mod gap;
mod glob;
mod language;
mod namespace;
mod overlap;
mod pattern;
mod report;
mod service;

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use account::{Group, Robot, User};
pub use change::{Change, Verb, diff, merge};
pub use content::{NamespaceDetails, NamespaceInfo, NamespaceOutcome, NamespaceReport, NamespaceResult};
pub use gap::Gap;
pub use language::{Language, Relation};
pub use namespace::{AccessRule, Action, Names, Namespace, RetentionRule, Scan, Severity, Signature, Subject};
pub use overlap::{common_name, common_tag};
pub use pattern::Pattern;
pub use report::{Counts, InitReport, Plan};
pub use service::{Direction, Event, Replication, TestImage, Webhook};

use crate::document::{self, Document, Registry};
use crate::error::{Error, Result};
use crate::name::Repository;
use crate::yaml::{self, Node};

/// The administrator that a registry of ours has when its layout names nobody.
pub const ADMIN: &str = "admin";

/// What a registry should be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Layout {
    /// The registry that it was read from.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "document::object")]
    pub registry: Option<Registry>,
    /// The namespaces. Repositories outside of all are for administrators only.
    #[serde(default)]
    pub namespaces: Vec<Namespace>,
    /// The users.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<User>,
    /// Users who are meant together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// The names of users who may do everything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub admins: Vec<String>,
    /// Programs that log in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub robots: Vec<Robot>,
    /// Who is told of what happens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub webhooks: Vec<Webhook>,
    /// What is copied from and to other registries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replications: Vec<Replication>,
    /// What is pushed and pulled back to prove it all.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "document::object")]
    pub test_image: Option<TestImage>,
}

impl Document for Layout {
    const KIND: &'static str = "layout";
    const ITEMS: Option<&'static str> = Some("namespaces");
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("NAME", "/name"),
        ("PUBLIC", "/public"),
        ("KEEP LAST", "/retention/0/keepLast"),
        ("KEEP DAYS", "/retention/0/keepDays"),
        ("QUOTA", "/quota"),
        ("DESCRIPTION", "/description"),
    ];
}

impl Layout {
    /// Reads a layout: JSON, or YAML as people write it. `source` names where it came from.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`], with the place.
    pub fn parse(text: &str, source: &str) -> Result<Self> {
        let mut value =
            if yaml::is_json(text) || text.trim().is_empty() { document::parse(text, source)? } else { people(text, source)? };
        if let Value::Object(object) = &mut value {
            match object.remove("kind") {
                None => {}
                Some(kind) if kind == Self::KIND => {}
                Some(kind) => {
                    let what = format!("{source}: .kind: expected \"{}\", found {kind}", Self::KIND);
                    return Err(Error::input(what).hint("`reg-init layout` prints a layout to begin with"));
                }
            }
            object.remove("schema");
        }
        let layout: Self = document::typed(value, source, "")?;
        layout.check().map_err(|fault| Error::input(format!("{source}: {fault}")))?;
        Ok(layout)
    }

    /// The text of a file that holds it.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{:#}\n", document::to_value(self))
    }

    /// The same in the form that a file has already: YAML where that is no JSON. Comments are lost.
    ///
    /// # Errors
    /// A path that is not UTF-8.
    pub fn to_text_like(&self, file: &[u8]) -> Result<String> {
        if file.trim_ascii().is_empty()
            || String::from_utf8_lossy(file).trim_start_matches('\u{feff}').trim_start().starts_with('{')
        {
            return Ok(self.to_text());
        }
        yaml::to_string(&document::to_value(self))
    }

    /// What all users and robots log in as.
    pub fn logins(&self) -> impl Iterator<Item = &str> {
        self.users.iter().map(|user| user.name.as_str()).chain(self.robots.iter().map(|robot| robot.name.as_str()))
    }

    /// The namespace whose policy a repository has: the longest that covers it.
    #[must_use]
    pub fn namespace_of(&self, repository: &str) -> Option<&Namespace> {
        let covering = self.namespaces.iter().filter(|namespace| namespace.covers(repository));
        covering.max_by_key(|namespace| namespace.name.as_str().len())
    }

    /// The namespace of a name.
    #[must_use]
    pub fn namespace(&self, name: &Repository) -> Option<&Namespace> {
        self.namespaces.iter().find(|namespace| namespace.name == *name)
    }

    /// The names of the groups that somebody is in.
    pub fn groups_of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.groups.iter().filter(move |group| group.users.iter().any(|user| user == name)).map(|group| group.name.as_str())
    }

    /// The files that it refers to.
    pub fn paths_mut(&mut self) -> impl Iterator<Item = &mut PathBuf> {
        let users = self.users.iter_mut().filter_map(|user| user.password_file.as_mut());
        let robots = self.robots.iter_mut().filter_map(|robot| robot.secret_file.as_mut());
        let hooks = self.webhooks.iter_mut().filter_map(|webhook| webhook.header_file.as_mut());
        let copies = self.replications.iter_mut().filter_map(|copy| copy.password_file.as_mut());
        users.chain(robots).chain(hooks).chain(copies)
    }

    /// Takes out of groups, administrators and rules whoever is neither a user nor a robot, so that what was read from a registry can be
    /// applied to another.
    pub fn keep_known(&mut self) {
        let robots: Vec<String> = self.robots.iter().map(|robot| robot.name.clone()).collect();
        let users: Vec<String> = self.users.iter().map(|user| user.name.clone()).collect();
        let groups: Vec<String> = self.groups.iter().map(|group| group.name.clone()).collect();
        self.admins.retain(|name| users.contains(name));
        for group in &mut self.groups {
            group.users.retain(|name| users.contains(name) || robots.contains(name));
        }
        for namespace in &mut self.namespaces {
            for rule in &mut namespace.access {
                rule.subjects.retain(|subject| match subject {
                    Subject::Anonymous | Subject::Authenticated => true,
                    Subject::User(name) => users.contains(name),
                    Subject::Robot(name) => robots.contains(name),
                    Subject::Group(name) => groups.contains(name),
                });
            }
            namespace.access.retain(|rule| !rule.subjects.is_empty());
        }
    }

    /// The same with a login among the users and administrators.
    #[must_use]
    pub fn with_admin(mut self, login: &str) -> Self {
        if !self.users.iter().any(|user| user.name == login) {
            self.users.push(User::new(login));
        }
        if !self.admins.iter().any(|name| name == login) {
            self.admins.push(login.to_owned());
        }
        self
    }

    /// The layout of the tools' first users: four namespaces and three accounts.
    #[must_use]
    pub fn standard() -> Self {
        Self::parse(include_str!("standard.yaml"), "the default layout").unwrap_or_else(|fault| unreachable!("{fault}"))
    }
}

fn people(text: &str, source: &str) -> Result<Value> {
    document::meant(text, source)?;
    let node = Node::parse(text.trim_start_matches('\u{feff}')).map_err(|broken| {
        Error::input(format!("{source}: line {}, column {}: {}", broken.place.line, broken.place.column, broken.why))
    })?;
    if let Some((key, line)) = twice(&node) {
        return Err(Error::input(format!("{source}: line {line}: \"{key}\" stands twice")));
    }
    match node.value() {
        value @ Value::Object(_) => document::versioned(value, source),
        _ => {
            Err(Error::input(format!("{source}: expected an object with the layout's fields")).hint("`reg-init layout` prints one"))
        }
    }
}

/// A key that stands twice in one map, and the line where it does for the second time.
fn twice(node: &Node) -> Option<(&str, u64)> {
    match node {
        Node::Scalar(_) => None,
        Node::List(items) => items.iter().find_map(|(_, item)| twice(item)),
        Node::Map(entries) => {
            let again = |at: usize| entries[..at].iter().any(|(key, ..)| *key == entries[at].0);
            let own = (0..entries.len()).find(|at| again(*at)).map(|at| (entries[at].0.as_str(), entries[at].1.line));
            own.or_else(|| entries.iter().find_map(|(_, _, value)| twice(value)))
        }
    }
}

#[cfg(test)]
mod tests;
