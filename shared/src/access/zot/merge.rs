//! A layout's rules laid into rights that people wrote.
//!
//! Inside a namespace of the layout, the layout is the whole truth: patterns that lie in one go. Others stay unless they are pruned, as
//! do administrators and groups that the layout does not name. A pattern that stays and counts inside a namespace is told.

use std::collections::{BTreeSet, HashMap};

use super::compile::{compile, pattern};
use super::{AccessControl, Action, Decider, Verdict};
use crate::access::Access;
use crate::layout::{self, Gap, Layout, Namespace, Pattern, Subject, common_name};
use crate::version::Version;

/// What the rights of a zot become, and what they cannot say. With `prune`, only the layout's are left.
#[must_use]
pub fn merge(existing: &AccessControl, layout: &Layout, version: Option<Version>, prune: bool) -> (AccessControl, Vec<Gap>) {
    let (mut access, mut gaps) = compile(layout, version);
    let metrics = existing.metrics.clone().filter(|_| !prune);
    if let Some(mut metrics) = metrics {
        let own = access.metrics.take().map(|own| own.users).unwrap_or_default();
        metrics.users.extend(own.into_iter().filter(|user| !metrics.users.contains(user)).collect::<Vec<_>>());
        access.metrics = Some(metrics);
    }
    if prune {
        return (access, gaps);
    }
    for (name, group) in &existing.groups {
        access.groups.entry(name.clone()).or_insert_with(|| group.clone());
    }
    gaps.extend(keep_admins(existing, &mut access));
    let foreign: Vec<(&str, Pattern)> = existing
        .repositories
        .keys()
        .filter(|text| !access.repositories.contains_key(*text))
        .filter_map(|text| Some((text.as_str(), text.to_lowercase().parse::<Pattern>().ok()?)))
        .filter(|(_, pattern)| !lies_in_one(pattern, layout))
        .collect();
    for (text, _) in &foreign {
        access.repositories.insert((*text).to_owned(), existing.repositories[*text].clone());
    }
    gaps.extend(shadows(&foreign, layout, &access));
    (access, gaps)
}

/// Administrators of the file stay where they may do everything already; nobody gets more than before.
fn keep_admins(existing: &AccessControl, access: &mut AccessControl) -> Vec<Gap> {
    let (Some(before), Some(own)) = (&existing.admin_policy, &mut access.admin_policy) else { return Vec::new() };
    let whole = before.conditions.is_empty() && own.actions.iter().all(|action| before.actions.contains(action));
    let users: Vec<String> = before.users.iter().filter(|user| !own.users.contains(user)).cloned().collect();
    if whole {
        own.users.extend(users);
        own.groups.extend(before.groups.iter().cloned());
        if before.actions.contains(&Action::DetectManifestCollision) {
            own.actions.push(Action::DetectManifestCollision);
        }
        return Vec::new();
    }
    let told = users.iter().chain(&before.groups).map(|name| Gap {
        object: "admin".to_owned(),
        name: name.clone(),
        field: None,
        reason: "adminPolicy granted less than everything, and zot has one for all administrators: it is taken away".to_owned(),
    });
    told.collect()
}

/// Whether all that a pattern matches is in namespaces of the layout, each alternative in one.
fn lies_in_one(pattern: &Pattern, layout: &Layout) -> bool {
    pattern.alternatives().iter().all(|plain| {
        let whole = |part: &&str| !part.contains(['*', '?', '[', ']', '\\']);
        let parts: Vec<&str> = plain.split('/').take_while(whole).collect();
        layout.namespace_of(&parts.join("/")).is_some()
    })
}

/// Where patterns of others count inside a namespace, and grant something else than the layout does.
fn shadows(foreign: &[(&str, Pattern)], layout: &Layout, access: &AccessControl) -> Vec<Gap> {
    let rules = Access::new(layout);
    let decider = Decider::new(access);
    let own: Vec<Pattern> =
        layout.namespaces.iter().filter_map(|namespace| pattern(namespace.name.as_str()).parse().ok()).collect();
    let inner = nested(layout);
    let mut gaps = Vec::new();
    for (text, theirs) in foreign {
        let longer: Vec<&Pattern> = foreign.iter().filter(|(other, _)| other.len() > text.len()).map(|(_, other)| other).collect();
        for (number, namespace) in layout.namespaces.iter().enumerate() {
            let Some(mine) = own.get(number).filter(|mine| mine.as_str().len() <= text.len()) else { continue };
            if !may_meet(text, namespace.name.as_str()) {
                continue;
            }
            let inside = inner.get(&number).into_iter().flatten().filter_map(|number| own.get(*number));
            let none: Vec<&Pattern> = longer.iter().copied().chain(inside).collect();
            let Some(name) = common_name(&[theirs, mine], &none) else { continue };
            if differ((&rules, &decider), layout, namespace, access, &name) {
                let reason =
                    format!("the pattern {text:?} of the configuration counts for {name:?} there, whatever the layout says");
                gaps.push(Gap::of_namespace(namespace.name.as_str(), "access", reason));
            }
        }
    }
    gaps
}

/// The numbers of the namespaces inside each namespace, by the number of the outer one.
fn nested(layout: &Layout) -> HashMap<usize, Vec<usize>> {
    let numbers: HashMap<&str, usize> =
        layout.namespaces.iter().enumerate().map(|(number, namespace)| (namespace.name.as_str(), number)).collect();
    let mut inner: HashMap<usize, Vec<usize>> = HashMap::new();
    for (name, number) in &numbers {
        let mut above = *name;
        while let Some((outer, _)) = above.rsplit_once('/') {
            if let Some(outer) = numbers.get(outer) {
                inner.entry(*outer).or_default().push(*number);
            }
            above = outer;
        }
    }
    inner
}

/// Whether a pattern could match inside a namespace, by the text before its first sign: most do not, and need no walk.
fn may_meet(pattern: &str, namespace: &str) -> bool {
    let plain = &pattern[..pattern.find(['*', '?', '[', '{', '\\']).unwrap_or(pattern.len())];
    namespace.starts_with(plain) || plain.starts_with(namespace)
}

/// Whether somebody may do something in a repository of the namespace by the layout and not by the rights, or the other way round.
/// Those whom neither names are all alike.
fn differ(both: (&Access, &Decider<'_>), layout: &Layout, namespace: &Namespace, access: &AccessControl, repository: &str) -> bool {
    let (rules, decider) = both;
    let mut logins: BTreeSet<Option<&str>> = BTreeSet::from([None, Some("\0")]);
    for subject in namespace.access.iter().flat_map(|rule| &rule.subjects) {
        match subject {
            Subject::Anonymous | Subject::Authenticated => {}
            Subject::User(name) | Subject::Robot(name) => drop(logins.insert(Some(name))),
            Subject::Group(name) => {
                let members = layout.groups.iter().filter(|group| group.name == *name).flat_map(|group| &group.users);
                logins.extend(members.map(|user| Some(user.as_str())));
            }
        }
    }
    for policy in decider.patterns(repository).into_iter().flat_map(|pattern| &access.repositories[pattern].policies) {
        let members = policy.groups.iter().filter_map(|group| access.groups.get(group)).flat_map(|group| &group.users);
        logins.extend(policy.users.iter().chain(members).map(|user| Some(user.as_str())));
    }
    // The empty name is zot's word for nobody, and an administrator has every right on both sides.
    let counts = |login: &Option<&str>| login.is_none_or(|login| !login.is_empty() && !decider.is_admin(login));
    logins.into_iter().filter(counts).any(|login| {
        let person = rules.of(login);
        layout::Action::ALL.into_iter().any(|action| {
            let ours = person.decide(action, repository, None).allowed;
            match decider.decide(login, action, repository).verdict {
                Verdict::Allowed => !ours,
                Verdict::Denied => ours,
                Verdict::Undetermined => true,
            }
        })
    })
}
