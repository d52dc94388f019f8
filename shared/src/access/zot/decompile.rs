//! zot's rights as a layout: of a registry that people configured, before there was a layout.
//!
//! `NAME/**` is a namespace. What a layout cannot say is told; of such a pattern the layout then grants less, never more. A pattern of
//! another form is left out and told, also where it counts inside a namespace.

use std::collections::BTreeSet;

use super::{AccessControl, Action, Policy, Repository};
use crate::access::Actions;
use crate::layout::{self, AccessRule, Gap, Group, Layout, Namespace, Subject, User};
use crate::name;

/// A layout of the namespaces, groups and administrators, and of everybody who is named, as users; and what it cannot say.
#[must_use]
pub fn decompile(access: &AccessControl) -> (Layout, Vec<Gap>) {
    let mut gaps = Vec::new();
    let mut namespaces = Vec::new();
    for (pattern, rights) in &access.repositories {
        match pattern.strip_suffix("/**").map(str::parse::<name::Repository>) {
            Some(Ok(name)) => namespaces.push(namespace(name, rights, access, &mut gaps)),
            _ => gaps.push(gap("namespace", pattern, "a layout grants by namespace, which is a pattern like NAME/**")),
        }
    }
    let admins = access.admin_policy.as_ref().map_or_else(Vec::new, |policy| admins(policy, access, &mut gaps));
    for user in access.metrics.iter().flat_map(|metrics| &metrics.users).filter(|user| !admins.contains(user)) {
        gaps.push(gap("user", user, "a layout does not say who reads metrics"));
    }
    let groups: Vec<Group> = access
        .groups
        .iter()
        .map(|(name, group)| Group { name: name.clone(), users: logins(&group.users).map(str::to_owned).collect() })
        .collect();
    let ruled = namespaces.iter().flat_map(|namespace| &namespace.access).flat_map(|rule| &rule.subjects);
    let ruled = ruled.filter_map(|subject| match subject {
        Subject::User(name) => Some(name.as_str()),
        _ => None,
    });
    let members = groups.iter().flat_map(|group| group.users.iter().map(String::as_str));
    let users: BTreeSet<&str> = ruled.chain(members).chain(admins.iter().map(String::as_str)).collect();
    let users = users.into_iter().map(User::new).collect();
    (Layout { namespaces, users, groups, admins, ..Layout::default() }, gaps)
}

fn gap(object: &str, name: &str, reason: impl Into<String>) -> Gap {
    Gap { object: object.to_owned(), name: name.to_owned(), field: None, reason: reason.into() }
}

/// The names that somebody can log in as; the empty one is zot's word for nobody.
fn logins(names: &[String]) -> impl Iterator<Item = &str> {
    names.iter().map(String::as_str).filter(|name| !name.is_empty())
}

fn namespace(name: name::Repository, rights: &Repository, access: &AccessControl, gaps: &mut Vec<Gap>) -> Namespace {
    let mut tell = |reason: String| gaps.push(Gap::of_namespace(name.as_str(), "access", reason));
    let all =
        rights.policies.iter().flat_map(|policy| &policy.actions).chain(&rights.default_policy).chain(&rights.anonymous_policy);
    if all.into_iter().any(|action| action.in_layout().is_none()) {
        tell("a layout does not say who detects collisions of manifests".to_owned());
    }
    let (everybody, default) = (actions(&rights.anonymous_policy), actions(&rights.default_policy));
    let nobody_only: Vec<&str> = everybody.without(default).iter().map(layout::Action::as_str).collect();
    if !nobody_only.is_empty() {
        let what = nobody_only.join(", ");
        tell(format!("{what}: allowed without a login and not with one, which a layout cannot say"));
    }
    // In a layout, `anonymous` is everybody.
    let everybody = everybody.without(everybody.without(default));
    let public = everybody.has(layout::Action::Read);
    let read = Actions::from_iter([layout::Action::Read]);
    let mut rules = Vec::new();
    rules.extend(rule(vec![Subject::Anonymous], everybody.without(read)));
    rules.extend(rule(vec![Subject::Authenticated], default.without(everybody)));
    for policy in &rights.policies {
        if !policy.conditions.is_empty() {
            tell("a policy with conditions, which a layout cannot say".to_owned());
            continue;
        }
        let (known, unknown): (Vec<&String>, Vec<&String>) =
            policy.groups.iter().partition(|group| access.groups.keys().any(|name| name == *group));
        unknown.iter().for_each(|group| tell(format!("zot knows no group {group:?}, so nobody is in it")));
        let users = logins(&policy.users).map(|name| Subject::User(name.to_owned()));
        let subjects: Vec<Subject> = users.chain(known.into_iter().map(|name| Subject::Group(name.clone()))).collect();
        rules.extend(rule(subjects, actions(&policy.actions)));
    }
    Namespace { public, access: rules, ..Namespace::new(name) }
}

/// Administrators, when they may do everything; who is one by a group is named.
fn admins(policy: &Policy, access: &AccessControl, gaps: &mut Vec<Gap>) -> Vec<String> {
    let of_groups = policy.groups.iter().filter_map(|group| access.groups.get(group)).flat_map(|group| &group.users);
    let names: BTreeSet<&String> = policy.users.iter().chain(of_groups).filter(|name| !name.is_empty()).collect();
    if actions(&policy.actions) == Actions::ALL && policy.conditions.is_empty() {
        return names.into_iter().cloned().collect();
    }
    gaps.extend(names.iter().map(|name| gap("admin", name, "adminPolicy grants less than everything, which a layout cannot say")));
    Vec::new()
}

fn rule(subjects: Vec<Subject>, actions: Actions) -> Option<AccessRule> {
    (!subjects.is_empty() && !actions.is_empty()).then(|| AccessRule { subjects, actions: actions.iter().collect() })
}

fn actions(granted: &[Action]) -> Actions {
    granted.iter().filter_map(|action| action.in_layout()).collect()
}
