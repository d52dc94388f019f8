//! Who may do what, by our model: a decision, and the rule that made it.
//!
//! - Administrators may do everything, but for immutable tags.
//! - A repository belongs to the longest namespace that covers it; one outside of all is for administrators only.
//! - In a namespace its access list is the whole truth: what no rule grants is denied. `public` grants everybody to read.
//! - A rule for `anonymous` is for everybody, one for `authenticated` for every login, robots too.
//! - A tag that is immutable in its namespace is neither moved nor deleted, by nobody.

use std::collections::{BTreeMap, BTreeSet};

use crate::layout::{Action, Layout, Pattern, Subject};
use crate::name::Tag;

mod lint;
#[cfg(test)]
mod tests;

pub use lint::lint;

/// What is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether it is allowed.
    pub allowed: bool,
    /// What in the layout says so, such as `namespaces[2].access[0]`, or why nothing does, in words.
    pub rule: String,
}

/// A layout made ready for many decisions: each takes as long as the repository's name has parts, however many namespaces there are.
#[derive(Debug, Default)]
pub struct Access {
    /// By their names.
    namespaces: BTreeMap<String, Rules>,
    admins: BTreeSet<String>,
    robots: BTreeSet<String>,
    /// The groups of each login.
    groups: BTreeMap<String, Vec<String>>,
}

#[derive(Debug)]
struct Rules {
    /// Its place in the layout.
    at: usize,
    public: bool,
    access: Vec<(Vec<Subject>, Vec<Action>)>,
    immutable: Vec<Pattern>,
}

impl Access {
    /// Makes a layout ready.
    #[must_use]
    pub fn new(layout: &Layout) -> Self {
        let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for group in &layout.groups {
            for user in &group.users {
                groups.entry(user.clone()).or_default().push(group.name.clone());
            }
        }
        let rules = |(at, namespace): (usize, &crate::layout::Namespace)| {
            let access = namespace.access.iter().map(|rule| (rule.subjects.clone(), rule.actions.clone())).collect();
            let rules = Rules { at, public: namespace.public, access, immutable: namespace.immutable_tags.clone() };
            (namespace.name.to_string(), rules)
        };
        Self {
            namespaces: layout.namespaces.iter().enumerate().map(rules).collect(),
            admins: layout.admins.iter().cloned().collect(),
            robots: layout.robots.iter().map(|robot| robot.name.clone()).collect(),
            groups,
        }
    }

    /// Whether somebody may do something in a repository. `who` is a login, or nobody; `tag` is what it is done to, when it is one tag.
    #[must_use]
    pub fn decide(&self, who: Option<&str>, action: Action, repository: &str, tag: Option<&Tag>) -> Decision {
        let rules = self.rules(repository);
        if let (Some(rules), Some(tag), Action::Update | Action::Delete) = (rules, tag, action)
            && let Some(of) = rules.immutable.iter().position(|pattern| pattern.matches(tag.as_str()))
        {
            return Decision { allowed: false, rule: format!("namespaces[{}].immutableTags[{of}]", rules.at) };
        }
        if who.is_some_and(|who| self.admins.contains(who)) {
            return Decision { allowed: true, rule: "admins".to_owned() };
        }
        let Some(rules) = rules else {
            return Decision { allowed: false, rule: "no namespace covers the repository".to_owned() };
        };
        if rules.public && action == Action::Read {
            return Decision { allowed: true, rule: format!("namespaces[{}].public", rules.at) };
        }
        let granting = rules
            .access
            .iter()
            .position(|(subjects, actions)| actions.contains(&action) && subjects.iter().any(|subject| self.is(who, subject)));
        match granting {
            Some(of) => Decision { allowed: true, rule: format!("namespaces[{}].access[{of}]", rules.at) },
            None => Decision { allowed: false, rule: format!("no rule of namespaces[{}] grants it", rules.at) },
        }
    }

    /// The rules of the longest namespace that covers a repository.
    fn rules(&self, repository: &str) -> Option<&Rules> {
        let mut name = repository;
        loop {
            if let Some(rules) = self.namespaces.get(name) {
                return Some(rules);
            }
            name = &name[..name.rfind('/')?];
        }
    }

    /// Whether somebody is meant by a subject.
    fn is(&self, who: Option<&str>, subject: &Subject) -> bool {
        match (subject, who) {
            (Subject::Anonymous, _) | (Subject::Authenticated, Some(_)) => true,
            (Subject::User(name), Some(who)) => name == who && !self.robots.contains(who),
            (Subject::Robot(name), Some(who)) => name == who && self.robots.contains(who),
            (Subject::Group(name), Some(who)) => self.groups.get(who).is_some_and(|groups| groups.contains(name)),
            (_, None) => false,
        }
    }
}
