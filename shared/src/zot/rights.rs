//! What `http.accessControl` means, and a layout as one.
//!
//! Read from `pkg/api/authz.go` of the tags v2.0.0 to v2.1.20: of all patterns that match a repository the longest counts, alone; of two
//! of the same length one, by chance. There first grant wins: users, groups, then everybody with a login or everybody without; beside
//! that, administrators. A right for those without a login is none for those with one.

use std::collections::{BTreeMap, BTreeSet};

use super::{AccessControl, Action, Group, MetricsAccess, Policy, Repository};
use crate::layout::{self, AccessRule, Gap, Layout, Namespace, Pattern, Subject};

const ALL: [Action; 4] = [Action::Read, Action::Create, Action::Update, Action::Delete];

/// How a name begins that shows whether zot has read its configuration: put there for a moment, and never kept.
pub const MARK: &str = "reg-mark-";

/// What zot does with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is done.
    Allowed,
    /// It is refused.
    Denied,
    /// The one or the other, by chance: patterns of the same length disagree.
    Undetermined,
}

impl From<layout::Action> for Action {
    fn from(action: layout::Action) -> Self {
        match action {
            layout::Action::Read => Self::Read,
            layout::Action::Create => Self::Create,
            layout::Action::Update => Self::Update,
            layout::Action::Delete => Self::Delete,
        }
    }
}

impl AccessControl {
    /// What zot decides. `who` is a login, or nobody. Pushing a tag that is there is [`Action::Update`], another one [`Action::Create`].
    #[must_use]
    pub fn decide(&self, who: Option<&str>, action: Action, repository: &str) -> Verdict {
        let groups: Vec<&str> = self.groups_of(who).collect();
        if self.admin_policy.as_ref().is_some_and(|policy| grants(policy, who, &groups, action)) {
            return Verdict::Allowed;
        }
        let matching = |pattern: &&String| pattern.parse::<Pattern>().is_ok_and(|pattern| pattern.matches(repository));
        let longest = self.repositories.keys().filter(matching).map(String::len).max();
        let rules = self.repositories.iter().filter(|(pattern, _)| Some(pattern.len()) == longest && matching(pattern));
        let verdicts: BTreeSet<bool> = rules.map(|(_, rules)| rules.grants(who, &groups, action)).collect();
        match (verdicts.contains(&true), verdicts.contains(&false)) {
            (true, true) => Verdict::Undetermined,
            (true, false) => Verdict::Allowed,
            (false, _) => Verdict::Denied,
        }
    }

    fn groups_of<'a>(&'a self, who: Option<&'a str>) -> impl Iterator<Item = &'a str> {
        let member = move |group: &Group| who.is_some_and(|who| group.users.iter().any(|user| user == who));
        self.groups.iter().filter(move |(_, group)| member(group)).map(|(name, _)| name.as_str())
    }

    /// The access control of a layout.
    #[must_use]
    pub fn of(layout: &Layout) -> Self {
        let groups = layout.groups.iter().map(|group| (group.name.clone(), Group { users: group.users.clone() }));
        let administrators = |actions: Vec<Action>| Policy { users: layout.admins.clone(), actions, ..Policy::default() };
        Self {
            repositories: layout
                .namespaces
                .iter()
                .map(|namespace| (pattern(namespace.name.as_str()), repository(namespace)))
                .collect(),
            admin_policy: (!layout.admins.is_empty()).then(|| administrators(ALL.to_vec())),
            groups: groups.collect(),
            metrics: (!layout.admins.is_empty())
                .then(|| MetricsAccess { users: layout.admins.clone(), anonymous_policy: Vec::new() }),
        }
    }

    /// Patterns of others, written by hand, stay beside those of a layout: unless what they say is about a namespace of it, or of the one
    /// that was there before, or they are to be pruned. Tells which of them shadow a namespace.
    pub fn keep_others(&mut self, before: &Self, layout: &Layout, stored: &Layout, prune: bool) -> Vec<Gap> {
        let named: Vec<&str> =
            layout.namespaces.iter().chain(&stored.namespaces).map(|namespace| namespace.name.as_str()).collect();
        let mut gaps = Vec::new();
        for (text, rules) in before
            .repositories
            .iter()
            .filter(|(text, _)| !prune && !text.starts_with(MARK) && !named.iter().any(|name| inside(text, name)))
        {
            for namespace in &layout.namespaces {
                let name = namespace.name.as_str();
                let probe = format!("{name}/x");
                let shadows = text.len() >= pattern(name).len() && text.parse::<Pattern>().is_ok_and(|other| other.matches(&probe));
                if shadows {
                    let reason = format!(
                        "the pattern \"{text}\", which the layout does not name, is longer and counts in its place; --prune takes it away"
                    );
                    gaps.push(Gap::new("namespace", name, "access", reason));
                }
            }
            self.repositories.entry(text.clone()).or_insert_with(|| rules.clone());
        }
        if let Some(metrics) = &before.metrics {
            let own = self.metrics.get_or_insert_default();
            own.anonymous_policy.clone_from(&metrics.anonymous_policy);
            let more = metrics.users.iter().filter(|user| !prune && !own.users.contains(user)).cloned().collect::<Vec<_>>();
            own.users.extend(more);
        }
        gaps
    }

    /// The namespaces, groups and administrators that it says, and what of it a layout cannot say.
    #[must_use]
    pub fn to_layout(&self) -> (Layout, Vec<Gap>) {
        let mut layout = Layout::default();
        let mut gaps = Vec::new();
        for (text, rules) in self.repositories.iter().filter(|(text, _)| !text.starts_with(MARK)) {
            let name = text.strip_suffix("/**").and_then(|name| name.parse().ok());
            match name {
                Some(name) => layout.namespaces.push(rules.to_namespace(name)),
                None => gaps.push(Gap::new("namespace", text, "access", "a pattern that is no namespace: a namespace is NAME/**")),
            }
            if rules.policies.iter().any(|policy| !policy.conditions.is_empty()) {
                gaps.push(Gap::new("namespace", text, "access", "its conditions have no equal in a layout"));
            }
        }
        layout.groups =
            self.groups.iter().map(|(name, group)| layout::Group { name: name.clone(), users: group.users.clone() }).collect();
        if let Some(policy) = &self.admin_policy {
            if ALL.iter().all(|action| policy.actions.contains(action)) {
                layout.admins.clone_from(&policy.users);
            } else {
                gaps.push(Gap::new(
                    "namespace",
                    "**",
                    "access",
                    "administrators who may not do everything have no equal in a layout",
                ));
            }
            if !policy.groups.is_empty() {
                gaps.push(Gap::new(
                    "group",
                    policy.groups.join(", "),
                    "users",
                    "a group of administrators has no equal in a layout",
                ));
            }
        }
        (layout, gaps)
    }
}

impl Repository {
    fn grants(&self, who: Option<&str>, groups: &[&str], action: Action) -> bool {
        let others = if who.is_some() { &self.default_policy } else { &self.anonymous_policy };
        self.policies.iter().any(|policy| grants(policy, who, groups, action)) || others.contains(&action)
    }

    fn to_namespace(&self, name: crate::name::Repository) -> Namespace {
        let actions =
            |actions: &[Action]| layout::Action::ALL.into_iter().filter(|own| actions.contains(&(*own).into())).collect::<Vec<_>>();
        let rule = |subjects: Vec<Subject>, actions: Vec<layout::Action>| {
            (!subjects.is_empty() && !actions.is_empty()).then_some(AccessRule { subjects, actions })
        };
        let mut anonymous = actions(&self.anonymous_policy);
        // What everybody may do who is not logged in, and others may not, cannot be said; so it is said for nobody.
        anonymous.retain(|action| self.default_policy.contains(&(*action).into()));
        let public = anonymous.contains(&layout::Action::Read);
        anonymous.retain(|action| *action != layout::Action::Read);
        let mut authenticated = actions(&self.default_policy);
        authenticated.retain(|action| !(anonymous.contains(action) || public && *action == layout::Action::Read));
        let named = self.policies.iter().filter_map(|policy| {
            let users = policy.users.iter().cloned().map(Subject::User);
            rule(users.chain(policy.groups.iter().cloned().map(Subject::Group)).collect(), actions(&policy.actions))
        });
        let access = named
            .chain(rule(vec![Subject::Authenticated], authenticated))
            .chain(rule(vec![Subject::Anonymous], anonymous))
            .collect();
        Namespace { public, access, ..Namespace::new(name) }
    }
}

fn grants(policy: &Policy, who: Option<&str>, groups: &[&str], action: Action) -> bool {
    let meant = who.is_some_and(|who| policy.users.iter().any(|user| user == who))
        || policy.groups.iter().any(|group| groups.contains(&group.as_str()));
    meant && policy.actions.contains(&action)
}

/// The pattern of a namespace: of its own name, too.
fn pattern(name: &str) -> String {
    format!("{name}/**")
}

/// Whether a pattern is about a namespace, or repositories in it.
fn inside(pattern: &str, name: &str) -> bool {
    let rest = pattern.strip_prefix(name);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What a namespace says, for its pattern.
fn repository(namespace: &Namespace) -> Repository {
    let mut anonymous: BTreeSet<Action> = namespace.public.then_some(Action::Read).into_iter().collect();
    let mut authenticated = BTreeSet::new();
    let mut policies: BTreeMap<Vec<Action>, Policy> = BTreeMap::new();
    for rule in &namespace.access {
        let actions: BTreeSet<Action> = rule.actions.iter().map(|action| (*action).into()).collect();
        let sorted: Vec<Action> = actions.iter().copied().collect();
        for subject in &rule.subjects {
            let policy = || Policy { actions: sorted.clone(), ..Policy::default() };
            match subject {
                Subject::Anonymous => anonymous.extend(&actions),
                Subject::Authenticated => authenticated.extend(&actions),
                Subject::User(name) | Subject::Robot(name) => {
                    policies.entry(sorted.clone()).or_insert_with(policy).users.push(name.clone());
                }
                Subject::Group(name) => {
                    policies.entry(sorted.clone()).or_insert_with(policy).groups.push(name.clone());
                }
            }
        }
    }
    authenticated.extend(&anonymous);
    Repository {
        policies: policies.into_values().collect(),
        default_policy: authenticated.into_iter().collect(),
        anonymous_policy: anonymous.into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::access::Access;
    use crate::layout::{Robot, User};

    const NAMES: [&str; 5] = ["a", "a/b", "a/b/c", "ab", "b"];
    const REPOSITORIES: [&str; 8] = ["a", "a/x", "a/b", "a/b/x", "a/b/c/d", "ab", "b/y", "z"];
    const LOGINS: [Option<&str>; 6] = [None, Some("anna"), Some("bert"), Some("ci"), Some("root"), Some("stranger")];

    fn subject() -> impl Strategy<Value = Subject> {
        let named = ["anonymous", "authenticated", "user:anna", "user:bert", "group:devs", "robot:ci"];
        prop::sample::select(named.to_vec()).prop_map(|text| text.parse().unwrap())
    }

    fn layout() -> impl Strategy<Value = Layout> {
        let rule = (prop::collection::vec(subject(), 1..3), prop::sample::subsequence(layout::Action::ALL.to_vec(), 1..4));
        let rule = rule.prop_map(|(subjects, actions)| AccessRule { subjects, actions });
        let rules = (any::<bool>(), prop::collection::vec(rule, 0..3));
        prop::collection::btree_map(prop::sample::select(NAMES.to_vec()), rules, 0..5).prop_map(|namespaces| Layout {
            namespaces: namespaces
                .into_iter()
                .map(|(name, (public, access))| Namespace { public, access, ..Namespace::new(name.parse().unwrap()) })
                .collect(),
            users: ["anna", "bert", "root"].map(User::new).into(),
            groups: vec![layout::Group { name: "devs".into(), users: vec!["bert".into(), "ci".into()] }],
            robots: vec![Robot { name: "ci".into(), description: None, expires_days: None, secret_file: None, secret_env: None }],
            admins: vec!["root".into()],
            ..Layout::default()
        })
    }

    fn verdicts(decide: impl Fn(Option<&str>, layout::Action, &str) -> bool) -> Vec<bool> {
        let mut all = Vec::new();
        for who in LOGINS {
            for repository in REPOSITORIES {
                all.extend(layout::Action::ALL.map(|action| decide(who, action, repository)));
            }
        }
        all
    }

    proptest! {
        #[test]
        fn zot_decides_as_the_layout_does(layout in layout()) {
            layout.check().unwrap();
            let (ours, zots) = (Access::new(&layout), AccessControl::of(&layout));
            let ours = verdicts(|who, action, repository| ours.decide(who, action, repository, None).allowed);
            let zots = verdicts(|who, action, repository| {
                let verdict = zots.decide(who, action.into(), repository);
                assert_ne!(verdict, Verdict::Undetermined);
                verdict == Verdict::Allowed
            });
            prop_assert_eq!(ours, zots);
        }

        #[test]
        fn what_was_compiled_is_read_back_with_the_same_meaning(layout in layout()) {
            let (mut back, gaps) = AccessControl::of(&layout).to_layout();
            prop_assert_eq!(gaps, []);
            back.users.clone_from(&layout.users);
            back.users.push(User::new("ci"));
            back.check().unwrap();
            let (a, b) = (Access::new(&layout), Access::new(&back));
            prop_assert_eq!(
                verdicts(|who, action, repository| a.decide(who, action, repository, None).allowed),
                verdicts(|who, action, repository| b.decide(who, action, repository, None).allowed)
            );
        }
    }

    #[test]
    fn patterns_of_the_same_length_that_disagree_are_left_to_chance() {
        let rights = |actions: &[Action]| Repository { default_policy: actions.to_vec(), ..Repository::default() };
        let repositories = BTreeMap::from([("a/**".to_owned(), rights(&[Action::Read])), ("**/b".to_owned(), rights(&[]))]);
        let access = AccessControl { repositories, ..AccessControl::default() };
        assert_eq!(access.decide(Some("anna"), Action::Read, "a/b"), Verdict::Undetermined);
        assert_eq!(access.decide(Some("anna"), Action::Read, "a/c"), Verdict::Allowed);
        assert_eq!(access.decide(None, Action::Read, "a/c"), Verdict::Denied);
    }

    #[test]
    fn patterns_of_others_stay_unless_they_are_about_a_namespace() {
        let layout = Layout::parse("namespaces: [{name: team}]", "x").unwrap();
        let stored = Layout::parse("namespaces: [{name: gone}]", "x").unwrap();
        let names = ["team/special/**", "gone/**", "other/**", "**/secret-things-of-all", "**"];
        let before = AccessControl {
            repositories: names.map(|name| (name.to_owned(), Repository::default())).into(),
            ..AccessControl::default()
        };
        let mut merged = AccessControl::of(&layout);
        let gaps = merged.keep_others(&before, &layout, &stored, false);
        assert_eq!(merged.repositories.keys().collect::<Vec<_>>(), ["**", "**/secret-things-of-all", "other/**", "team/**"]);
        assert_eq!(gaps, [], "none of them matches any repository of the namespace");
        let catch_all =
            AccessControl { repositories: [("team*/**".to_owned(), Repository::default())].into(), ..AccessControl::default() };
        let gaps = AccessControl::of(&layout).keep_others(&catch_all, &layout, &stored, false);
        assert_eq!(gaps.len(), 1, "{gaps:?}");
        let mut pruned = AccessControl::of(&layout);
        pruned.keep_others(&before, &layout, &stored, true);
        assert_eq!(pruned.repositories.keys().collect::<Vec<_>>(), ["team/**"]);
    }
}
