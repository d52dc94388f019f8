//! The index over a layout's rules that answers each request.
//!
//! Built once for a layout. A request costs a look-up for each part of the repository's name, and one for each rule of the one
//! namespace that counts: neither the number of namespaces nor of a rule's subjects matters.

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::Actions;
use crate::layout::{AccessRule, Action, Layout, Pattern, Subject};
use crate::name::Tag;

/// A layout's rules, ready for questions.
#[derive(Debug, Clone, Default)]
pub struct Access {
    namespaces: HashMap<String, Namespace>,
    /// The groups that a login is in.
    groups: HashMap<String, Vec<String>>,
    admins: HashSet<String>,
}

/// Somebody who asks: a login of a user or robot, or nobody that is known.
#[derive(Debug, Clone)]
pub struct Person<'a> {
    access: &'a Access,
    login: Option<&'a str>,
    groups: &'a [String],
    admin: bool,
}

/// Whether something may be done, and what says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// Whether it may be done.
    pub allowed: bool,
    /// What decided.
    pub rule: Rule,
}

/// A place in a layout that decides. Displays as its path, or as a few words where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Who asks is an administrator.
    Admins,
    /// Everybody may read.
    Public {
        /// The number of the namespace in the layout.
        namespace: usize,
    },
    /// A rule grants it.
    Access {
        /// The number of the namespace in the layout.
        namespace: usize,
        /// The number of the rule in it.
        rule: usize,
    },
    /// The tag is there to stay.
    ImmutableTags {
        /// The number of the namespace in the layout.
        namespace: usize,
        /// The number of the pattern in it.
        pattern: usize,
    },
    /// No rule of the namespace grants it.
    NoGrant {
        /// The number of the namespace in the layout.
        namespace: usize,
    },
    /// No namespace covers the repository.
    NoNamespace,
}

impl Rule {
    /// The number of the namespace in the layout that counts, when that is what decided.
    #[must_use]
    pub fn namespace(self) -> Option<usize> {
        match self {
            Self::Admins | Self::NoNamespace => None,
            Self::Public { namespace }
            | Self::Access { namespace, .. }
            | Self::ImmutableTags { namespace, .. }
            | Self::NoGrant { namespace } => Some(namespace),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admins => f.write_str("admins"),
            Self::Public { namespace } => write!(f, "namespaces[{namespace}].public"),
            Self::Access { namespace, rule } => write!(f, "namespaces[{namespace}].access[{rule}]"),
            Self::ImmutableTags { namespace, pattern } => write!(f, "namespaces[{namespace}].immutableTags[{pattern}]"),
            Self::NoGrant { namespace } => write!(f, "nothing in namespaces[{namespace}].access grants it"),
            Self::NoNamespace => f.write_str("no namespace covers it"),
        }
    }
}

#[derive(Debug, Clone)]
struct Namespace {
    number: usize,
    public: bool,
    rules: Vec<Grant>,
    immutable: Vec<Pattern>,
}

/// An access rule with its subjects sorted out.
#[derive(Debug, Clone, Default)]
struct Grant {
    everybody: bool,
    authenticated: bool,
    logins: HashSet<String>,
    groups: HashSet<String>,
    actions: Actions,
}

impl Grant {
    fn new(rule: &AccessRule) -> Self {
        let mut grant = Self { actions: rule.actions.iter().copied().collect(), ..Self::default() };
        for subject in &rule.subjects {
            match subject {
                Subject::Anonymous => grant.everybody = true,
                Subject::Authenticated => grant.authenticated = true,
                Subject::User(name) | Subject::Robot(name) => {
                    grant.logins.insert(name.clone());
                }
                Subject::Group(name) => {
                    grant.groups.insert(name.clone());
                }
            }
        }
        grant
    }

    fn is_for(&self, person: &Person<'_>) -> bool {
        self.everybody
            || person.login.is_some_and(|login| self.authenticated || self.logins.contains(login))
            || person.groups.iter().any(|group| self.groups.contains(group))
    }
}

impl Access {
    /// The rules of a layout.
    #[must_use]
    pub fn new(layout: &Layout) -> Self {
        let mut access = Self { admins: layout.admins.iter().cloned().collect(), ..Self::default() };
        for (number, namespace) in layout.namespaces.iter().enumerate() {
            let rules = namespace.access.iter().map(Grant::new).collect();
            let immutable = namespace.immutable_tags.clone();
            let own = Namespace { number, public: namespace.public, rules, immutable };
            access.namespaces.insert(namespace.name.to_string(), own);
        }
        for group in &layout.groups {
            for user in &group.users {
                access.groups.entry(user.clone()).or_default().push(group.name.clone());
            }
        }
        access
    }

    /// Somebody who asks, by the name of the login; `None` is who has none. To be kept for several questions of the same.
    #[must_use]
    pub fn of<'a>(&'a self, login: Option<&'a str>) -> Person<'a> {
        let groups = login.and_then(|login| self.groups.get(login)).map_or(&[][..], Vec::as_slice);
        Person { access: self, login, groups, admin: login.is_some_and(|login| self.admins.contains(login)) }
    }

    /// Whether somebody may do something, for a single question; [`Person::decide`] has the meaning.
    #[must_use]
    pub fn decide(&self, login: Option<&str>, action: Action, repository: &str, tag: Option<&Tag>) -> Decision {
        self.of(login).decide(action, repository, tag)
    }

    /// What keeps a tag as it is, once it is there.
    #[must_use]
    pub fn immutable(&self, repository: &str, tag: &Tag) -> Option<Rule> {
        self.namespace_of(repository)?.immutable(tag)
    }

    /// The longest namespace that covers a repository: of its own name, or of the parts that it begins with.
    fn namespace_of(&self, repository: &str) -> Option<&Namespace> {
        let mut name = repository;
        loop {
            if let Some(namespace) = self.namespaces.get(name) {
                return Some(namespace);
            }
            (name, _) = name.rsplit_once('/')?;
        }
    }
}

impl Namespace {
    fn immutable(&self, tag: &Tag) -> Option<Rule> {
        let pattern = self.immutable.iter().position(|pattern| pattern.matches(tag.as_str()))?;
        Some(Rule::ImmutableTags { namespace: self.number, pattern })
    }
}

impl Person<'_> {
    /// Whether this is an administrator.
    #[must_use]
    pub fn is_admin(&self) -> bool {
        self.admin
    }

    /// Whether it may be done. [`Action::Create`] is for a tag that is not there, [`Action::Update`] for one that is. `tag` is the
    /// one that would change or go; who deletes by digest asks for each tag that goes with it.
    #[must_use]
    pub fn decide(&self, action: Action, repository: &str, tag: Option<&Tag>) -> Decision {
        let namespace = self.access.namespace_of(repository);
        if let (Some(namespace), Some(tag), Action::Update | Action::Delete) = (namespace, tag, action)
            && let Some(rule) = namespace.immutable(tag)
        {
            return Decision { allowed: false, rule };
        }
        if self.admin {
            return Decision { allowed: true, rule: Rule::Admins };
        }
        let Some(own) = namespace else { return Decision { allowed: false, rule: Rule::NoNamespace } };
        let namespace = own.number;
        if own.public && action == Action::Read {
            return Decision { allowed: true, rule: Rule::Public { namespace } };
        }
        match own.rules.iter().position(|rule| rule.actions.has(action) && rule.is_for(self)) {
            Some(rule) => Decision { allowed: true, rule: Rule::Access { namespace, rule } },
            None => Decision { allowed: false, rule: Rule::NoGrant { namespace } },
        }
    }

    /// Everything that may be done in a repository; tags that are immutable aside.
    #[must_use]
    pub fn actions(&self, repository: &str) -> Actions {
        if self.admin {
            return Actions::ALL;
        }
        let Some(own) = self.access.namespace_of(repository) else { return Actions::NONE };
        let public = if own.public { Actions::from_iter([Action::Read]) } else { Actions::NONE };
        own.rules.iter().filter(|rule| rule.is_for(self)).fold(public, |all, rule| all.with(rule.actions))
    }
}
