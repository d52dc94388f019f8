//! What zot decides.

use std::collections::HashMap;
use std::fmt;

use super::{AccessControl, Action, Policy, Repository, group_name};
use crate::layout::{self, Pattern};
use crate::version::Version;

/// The release since which `latest` is a tag like others.
const LATEST_IS_A_TAG: Version = Version::new(2, 1, 15);

/// Rights, ready for questions: most patterns are `NAME/**` or a name, and are looked up by the parts of a repository's name.
#[derive(Debug, Clone)]
pub struct Decider<'a> {
    access: &'a AccessControl,
    /// The text in the file behind `NAME` of `NAME/**`, and behind a plain name.
    trees: HashMap<String, &'a str>,
    names: HashMap<String, &'a str>,
    /// What has to be tried.
    others: Vec<(Pattern, &'a str)>,
}

/// Whether something may be done, and what says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling<'a> {
    /// Whether.
    pub verdict: Verdict,
    /// What decided.
    pub rule: Rule<'a>,
}

/// What zot answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It may be done.
    Allowed,
    /// It may not.
    Denied,
    /// That hangs on chance, or on a condition.
    Undetermined,
}

/// A place in `http.accessControl` that decides. Displays as its path, or as a few words where there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule<'a> {
    /// A policy of a pattern.
    Policy {
        /// The pattern.
        pattern: &'a str,
        /// The number of the policy.
        policy: usize,
    },
    /// What everybody may do who is logged in.
    DefaultPolicy {
        /// The pattern.
        pattern: &'a str,
    },
    /// What everybody may do who is not.
    AnonymousPolicy {
        /// The pattern.
        pattern: &'a str,
    },
    /// Who asks is an administrator.
    AdminPolicy,
    /// A policy would grant it, when its conditions hold.
    Condition {
        /// The pattern; none for administrators.
        pattern: Option<&'a str>,
    },
    /// These are equally long, and do not say the same.
    Tied(Vec<&'a str>),
    /// Nothing at the pattern grants it.
    NoGrant {
        /// The pattern.
        pattern: &'a str,
    },
    /// No pattern matches the repository.
    NoPattern,
}

impl fmt::Display for Rule<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Policy { pattern, policy } => write!(f, "repositories[{pattern:?}].policies[{policy}]"),
            Self::DefaultPolicy { pattern } => write!(f, "repositories[{pattern:?}].defaultPolicy"),
            Self::AnonymousPolicy { pattern } => write!(f, "repositories[{pattern:?}].anonymousPolicy"),
            Self::AdminPolicy => f.write_str("adminPolicy"),
            Self::Condition { pattern: Some(pattern) } => write!(f, "a condition in repositories[{pattern:?}]"),
            Self::Condition { pattern: None } => f.write_str("a condition in adminPolicy"),
            Self::Tied(patterns) => {
                let quoted: Vec<String> = patterns.iter().map(|pattern| format!("{pattern:?}")).collect();
                write!(f, "{} are equally long: chance decides", quoted.join(" and "))
            }
            Self::NoGrant { pattern } => write!(f, "nothing in repositories[{pattern:?}] grants it"),
            Self::NoPattern => f.write_str("no pattern matches it"),
        }
    }
}

/// What a push of a tag asks for, by whether the tag is there. Before 2.1.15, `latest` counts as if it never were (PR #3847).
#[must_use]
pub fn action_of_push(tag: &str, exists: bool, version: Option<Version>) -> layout::Action {
    let skipped = tag == "latest" && latest_is_never_there(version);
    if exists && !skipped { layout::Action::Update } else { layout::Action::Create }
}

/// Whether who may create may push `latest` again. A release that is not known is taken for a new one.
pub(super) fn latest_is_never_there(version: Option<Version>) -> bool {
    version.is_some_and(|version| version < LATEST_IS_A_TAG)
}

impl<'a> Decider<'a> {
    /// The rights of a configuration.
    #[must_use]
    pub fn new(access: &'a AccessControl) -> Self {
        let mut decider = Self { access, trees: HashMap::new(), names: HashMap::new(), others: Vec::new() };
        for text in access.repositories.keys().map(String::as_str) {
            let lower = text.to_lowercase();
            let plain = |name: &str| !name.is_empty() && !name.contains(['*', '?', '[', ']', '{', '}', '\\']);
            match lower.strip_suffix("/**").filter(|name| plain(name)) {
                Some(name) => drop(decider.trees.insert(name.to_owned(), text)),
                None if plain(&lower) => drop(decider.names.insert(lower, text)),
                // What is no pattern matches nothing; zot does not start with it.
                None => decider.others.extend(lower.parse().ok().map(|pattern: Pattern| (pattern, text))),
            }
        }
        decider
    }

    /// The patterns that may count for a repository: the longest that matches, and those of the same length.
    #[must_use]
    pub fn patterns(&self, repository: &str) -> Vec<&'a str> {
        let mut longest: Vec<&str> = Vec::new();
        let mut take = |pattern: &'a str| {
            let length = longest.first().map_or(0, |first| first.len());
            if pattern.len() > length {
                longest.clear();
            }
            if pattern.len() >= length {
                longest.push(pattern);
            }
        };
        let mut above = Some(repository);
        while let Some(name) = above {
            self.trees.get(name).copied().into_iter().for_each(&mut take);
            above = name.rsplit_once('/').map(|(above, _)| above);
        }
        self.names.get(repository).copied().into_iter().for_each(&mut take);
        self.others.iter().filter(|(pattern, _)| pattern.matches(repository)).for_each(|(_, text)| take(text));
        longest
    }

    /// Whether somebody may do something: a login by its name, or nobody that is known.
    #[must_use]
    pub fn decide(&self, login: Option<&str>, action: layout::Action, repository: &str) -> Ruling<'a> {
        let action = Action::from(action);
        let name = login.unwrap_or_default();
        let groups = self.groups(name);
        let patterns = self.patterns(repository);
        let rulings: Vec<Ruling<'_>> = patterns.iter().map(|pattern| self.at(pattern, name, &groups, action)).collect();
        let own = match rulings.as_slice() {
            [] => Ruling { verdict: Verdict::Denied, rule: Rule::NoPattern },
            [first, rest @ ..] if rest.iter().all(|ruling| ruling.verdict == first.verdict) => first.clone(),
            _ => Ruling { verdict: Verdict::Undetermined, rule: Rule::Tied(patterns) },
        };
        let Some(admin) = self.access.admin_policy.as_ref().filter(|_| own.verdict != Verdict::Allowed) else { return own };
        match (is_for(admin, name, &groups) && admin.actions.contains(&action), admin.conditions.is_empty()) {
            (true, true) => Ruling { verdict: Verdict::Allowed, rule: Rule::AdminPolicy },
            (true, false) => Ruling { verdict: Verdict::Undetermined, rule: Rule::Condition { pattern: None } },
            (false, _) => own,
        }
    }

    /// Whether this login is an administrator's, whatever these may do.
    #[must_use]
    pub fn is_admin(&self, login: &str) -> bool {
        self.access.admin_policy.as_ref().is_some_and(|admin| is_for(admin, login, &self.groups(login)))
    }

    /// Whether a repository stands in the lists that somebody gets (`UserAccessControl.Can`): for administrators each does, and
    /// conditions are taken as true.
    #[must_use]
    pub fn lists(&self, login: Option<&str>, repository: &str) -> Verdict {
        let name = login.unwrap_or_default();
        if self.is_admin(name) {
            return Verdict::Allowed;
        }
        let groups = self.groups(name);
        let patterns = self.patterns(repository);
        let mut verdicts = patterns.iter().map(|pattern| match self.at(pattern, name, &groups, Action::Read).verdict {
            Verdict::Denied => Verdict::Denied,
            Verdict::Allowed | Verdict::Undetermined => Verdict::Allowed,
        });
        let Some(first) = verdicts.next() else { return Verdict::Denied };
        if verdicts.all(|verdict| verdict == first) { first } else { Verdict::Undetermined }
    }

    /// The groups that a login is in, by the names that policies must use.
    fn groups(&self, login: &str) -> Vec<String> {
        let of = self.access.groups.iter().filter(|(_, group)| group.users.iter().any(|user| user == login));
        of.map(|(name, _)| group_name(name)).collect()
    }

    /// What is decided at a pattern: the first grant wins.
    fn at(&self, pattern: &'a str, login: &str, groups: &[String], action: Action) -> Ruling<'a> {
        let rights = &self.access.repositories[pattern];
        let Repository { policies, default_policy, anonymous_policy } = rights;
        let granting =
            policies.iter().enumerate().filter(|(_, policy)| policy.actions.contains(&action) && is_for(policy, login, groups));
        let (without, with): (Vec<_>, Vec<_>) = granting.partition(|(_, policy)| policy.conditions.is_empty());
        let allowed = |rule| Ruling { verdict: Verdict::Allowed, rule };
        if let Some((policy, _)) = without.first() {
            return allowed(Rule::Policy { pattern, policy: *policy });
        }
        if !login.is_empty() && default_policy.contains(&action) {
            return allowed(Rule::DefaultPolicy { pattern });
        }
        if login.is_empty() && anonymous_policy.contains(&action) {
            return allowed(Rule::AnonymousPolicy { pattern });
        }
        match with.is_empty() {
            true => Ruling { verdict: Verdict::Denied, rule: Rule::NoGrant { pattern } },
            false => Ruling { verdict: Verdict::Undetermined, rule: Rule::Condition { pattern: Some(pattern) } },
        }
    }
}

fn is_for(policy: &Policy, login: &str, groups: &[String]) -> bool {
    policy.users.iter().any(|user| user == login) || policy.groups.iter().any(|group| groups.contains(group))
}
