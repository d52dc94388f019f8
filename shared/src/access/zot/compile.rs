//! A layout's rules as zot's.
//!
//! A namespace becomes the pattern `NAME/**`, which matches `NAME`, too; of two of these the longer name is the longer text, so
//! zot picks the namespace that the layout means. What everybody may do is written twice, with and without a login. A robot is a
//! user of its name. What zot cannot say is a [`Gap`].

use std::collections::{BTreeMap, BTreeSet};

use super::decide::latest_is_never_there;
use super::{AccessControl, Action, Group, MetricsAccess, Policy, Repository, group_name};
use crate::access::Actions;
use crate::layout::{self, AccessRule, Gap, Layout, Namespace, Subject};
use crate::version::Version;

/// The release since which docker can log in although some may read without.
const DOCKER_IS_ASKED: Version = Version::new(2, 1, 16);

/// The rights that make a zot of a release keep a layout's rules, and what they cannot say. A release that is not known is taken for
/// a new one. zot does not start with them unless its users can log in.
#[must_use]
pub fn compile(layout: &Layout, version: Option<Version>) -> (AccessControl, Vec<Gap>) {
    let groups = group_names(layout);
    let repositories = layout.namespaces.iter().map(|namespace| (pattern(namespace.name.as_str()), rights(namespace, &groups)));
    let access = AccessControl {
        repositories: repositories.collect(),
        // Written for nobody, too: rights in which nothing stands would open the registry to everybody.
        admin_policy: Some(Policy {
            users: layout.admins.clone(),
            actions: layout::Action::ALL.map(Action::from).to_vec(),
            ..Policy::default()
        }),
        groups: layout
            .groups
            .iter()
            .map(|group| (groups[group.name.as_str()].clone(), Group { users: group.users.clone() }))
            .collect(),
        metrics: (!layout.admins.is_empty()).then(|| MetricsAccess { users: layout.admins.clone(), ..MetricsAccess::default() }),
    };
    let gaps = gaps(layout, &access, version);
    (access, gaps)
}

/// The pattern of a namespace.
pub(super) fn pattern(namespace: &str) -> String {
    format!("{namespace}/**")
}

/// What zot calls each group of the layout: in lower case, and never two the same.
fn group_names(layout: &Layout) -> BTreeMap<&str, String> {
    let mut taken = BTreeSet::new();
    let mut names = BTreeMap::new();
    for group in &layout.groups {
        let plain = group_name(&group.name);
        let numbered = (2..).map(|number| format!("{plain}-{number}"));
        let free = std::iter::once(plain.clone()).chain(numbered).find(|name| taken.insert(name.clone()));
        names.insert(group.name.as_str(), free.unwrap_or(plain));
    }
    names
}

fn rights(namespace: &Namespace, groups: &BTreeMap<&str, String>) -> Repository {
    let granted_to = |is: fn(&Subject) -> bool| -> Actions {
        let rules = namespace.access.iter().filter(|rule| rule.subjects.iter().any(is));
        rules.flat_map(|rule| rule.actions.iter().copied()).collect()
    };
    let public = Actions::from_iter(namespace.public.then_some(layout::Action::Read));
    let anonymous = granted_to(|subject| matches!(subject, Subject::Anonymous)).with(public);
    let authenticated = granted_to(|subject| matches!(subject, Subject::Authenticated)).with(anonymous);
    Repository {
        policies: namespace.access.iter().filter_map(|rule| policy(rule, groups)).collect(),
        default_policy: authenticated.iter().map(Action::from).collect(),
        anonymous_policy: anonymous.iter().map(Action::from).collect(),
    }
}

/// A rule for those whom it names; none when it names nobody.
fn policy(rule: &AccessRule, groups: &BTreeMap<&str, String>) -> Option<Policy> {
    let mut policy = Policy { actions: rule.actions.iter().copied().map(Action::from).collect(), ..Policy::default() };
    for subject in &rule.subjects {
        match subject {
            Subject::Anonymous | Subject::Authenticated => {}
            Subject::User(name) | Subject::Robot(name) => policy.users.push(name.clone()),
            Subject::Group(name) => policy.groups.push(groups.get(name.as_str()).cloned().unwrap_or_else(|| group_name(name))),
        }
    }
    (!policy.users.is_empty() || !policy.groups.is_empty()).then_some(policy)
}

fn gaps(layout: &Layout, access: &AccessControl, version: Option<Version>) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for namespace in &layout.namespaces {
        let mut gap = |field: &str, reason: &str| gaps.push(Gap::of_namespace(namespace.name.as_str(), field, reason));
        let granted: Actions = namespace.access.iter().flat_map(|rule| rule.actions.iter().copied()).collect();
        let changes = granted.has(layout::Action::Update) || granted.has(layout::Action::Delete);
        if !namespace.immutable_tags.is_empty() && (changes || !layout.admins.is_empty()) {
            gap("immutableTags", "zot has no immutable tags: who may update or delete, administrators too, may do it to every tag");
        }
        if latest_is_never_there(version) && some_may_only(namespace, layout::Action::Create, layout::Action::Update) {
            gap("access", "before 2.1.15, zot lets who may create push the tag latest again without a right to update");
        }
        if some_may_only(namespace, layout::Action::Update, layout::Action::Create) {
            gap(
                "access",
                "zot takes layers of those alone who may create: who may only update moves tags to what is there already",
            );
        }
    }
    let mixed = access.opens_to_anonymous() && !access.is_anonymous_only();
    let open = layout.namespaces.iter().find(|namespace| !rights(namespace, &BTreeMap::new()).anonymous_policy.is_empty());
    if let (true, Some(namespace)) = (mixed && version.is_some_and(|version| version < DOCKER_IS_ASKED), open) {
        let reason = "before 2.1.16, docker sends no login to a zot in which something is public, and cannot use what is not";
        gaps.push(Gap::of_namespace(namespace.name.as_str(), "public", reason));
    }
    gaps
}

/// Whether somebody whom a rule names may do the one and not the other, by the rules that name the same or everybody.
fn some_may_only(namespace: &Namespace, one: layout::Action, other: layout::Action) -> bool {
    let subjects = || namespace.access.iter().flat_map(|rule| &rule.subjects);
    subjects().any(|subject| {
        let covers = |other: &Subject| match other {
            Subject::Anonymous => true,
            Subject::Authenticated => *subject != Subject::Anonymous,
            other => other == subject,
        };
        let rules = namespace.access.iter().filter(|rule| rule.subjects.iter().any(covers));
        let actions: Actions = rules.flat_map(|rule| rule.actions.iter().copied()).collect();
        actions.has(one) && !actions.has(other)
    })
}
