//! What of a layout works and is hardly meant.

use crate::access::Actions;
use crate::document::{Finding, Severity};
use crate::layout::{AccessRule, Action, Layout, Namespace, Pattern, RetentionRule, Subject, common_name, common_tag};

/// What is worth a look, in the order of the layout; every finding is a warning, and has no line.
#[must_use]
pub fn lint(layout: &Layout) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, namespace) in layout.namespaces.iter().enumerate() {
        let own = In { path: format!("namespaces[{number}]"), namespace, inner: inner(layout, namespace) };
        own.retention(&mut findings);
        own.patterns("immutableTags", &namespace.immutable_tags, common_tag, &mut findings);
        own.access(&mut findings);
    }
    let ruled = || layout.namespaces.iter().flat_map(|namespace| &namespace.access).flat_map(|rule| &rule.subjects);
    for (number, group) in layout.groups.iter().enumerate() {
        let path = format!("groups[{number}]");
        if group.users.is_empty() {
            findings.push(warning(format!("{path}.users"), "nobody is in it", "name its users, or remove it"));
        }
        if !ruled().any(|subject| *subject == Subject::Group(group.name.clone())) {
            findings.push(warning(path, "no rule names it", &format!("write \"group:{}\" among a rule's subjects", group.name)));
        }
    }
    findings
}

fn warning(path: String, problem: impl Into<String>, hint: &str) -> Finding {
    let hint = (!hint.is_empty()).then(|| hint.to_owned());
    Finding { path, line: None, column: None, severity: Severity::Warning, problem: problem.into(), hint }
}

/// The words for some actions: `create and update`.
fn words(actions: Actions) -> String {
    actions.iter().map(Action::as_str).collect::<Vec<_>>().join(" and ")
}

/// A namespace, and where it stands.
struct In<'a> {
    path: String,
    namespace: &'a Namespace,
    /// The namespaces in it, each with the pattern of its repositories behind this one's name.
    inner: Vec<(&'a str, Pattern)>,
}

/// The namespaces in one, whose repositories have another policy.
fn inner<'a>(layout: &'a Layout, outer: &Namespace) -> Vec<(&'a str, Pattern)> {
    let names = layout.namespaces.iter().map(|namespace| namespace.name.as_str());
    let within = |name: &'a str| {
        let rest = name.strip_prefix(outer.name.as_str())?.strip_prefix('/')?;
        Some((name, format!("{rest}/**").parse().ok()?))
    };
    names.filter_map(within).collect()
}

impl In<'_> {
    fn access(&self, findings: &mut Vec<Finding>) {
        for (number, rule) in self.namespace.access.iter().enumerate() {
            let path = format!("{}.access[{number}]", self.path);
            let actions: Actions = rule.actions.iter().copied().collect();
            if rule.subjects.contains(&Subject::Anonymous) {
                self.for_everybody(&path, actions, findings);
            }
            for (at, subject) in rule.subjects.iter().enumerate() {
                if !self.granted(subject, usize::MAX).has(Action::Read) {
                    let problem = format!("{subject} may {} and not read, which every client does before it", words(actions));
                    findings.push(warning(format!("{path}.subjects[{at}]"), problem, "grant read, too"));
                }
            }
            if rule.subjects.iter().all(|subject| actions.without(self.granted(subject, number)).is_empty()) {
                findings.push(warning(path, "it grants nothing that is not granted already", "remove it"));
            }
        }
    }

    fn for_everybody(&self, path: &str, actions: Actions, findings: &mut Vec<Finding>) {
        if actions.has(Action::Delete) {
            let hint = "grant delete to users, groups or robots";
            findings.push(warning(format!("{path}.actions"), "everybody may delete, without a login", hint));
        }
        let rules = self.namespace.access.iter().filter(|rule| rule.subjects.contains(&Subject::Authenticated));
        let own: Actions = rules.clone().flat_map(|rule| rule.actions.iter().copied()).collect();
        let more = actions.without(own).without(Actions::from_iter([Action::Read]));
        if rules.count() > 0 && !more.is_empty() {
            let problem =
                format!("anonymous may {}, and authenticated is granted less: what anonymous may, every login may", words(more));
            findings.push(warning(format!("{path}.actions"), problem, "grant authenticated at least the same"));
        }
    }

    /// What a subject may do, or who is meant with it, by the rules before a number.
    fn granted(&self, subject: &Subject, before: usize) -> Actions {
        let covers = |other: &Subject| match other {
            Subject::Anonymous => true,
            Subject::Authenticated => *subject != Subject::Anonymous,
            other => other == subject,
        };
        let grants = |rule: &&AccessRule| rule.subjects.iter().any(covers);
        let rules = self.namespace.access.iter().take(before).filter(grants);
        let granted: Actions = rules.flat_map(|rule| rule.actions.iter().copied()).collect();
        granted.with(Actions::from_iter(self.namespace.public.then_some(Action::Read)))
    }

    fn retention(&self, findings: &mut Vec<Finding>) {
        let rules = &self.namespace.retention;
        let before = findings.len();
        for (number, rule) in rules.iter().enumerate() {
            let field = format!("retention[{number}]");
            self.patterns(&format!("{field}.tags"), &rule.tags, common_tag, findings);
            self.patterns(&format!("{field}.repositories"), &rule.repositories, common_name, findings);
            self.elsewhere(&format!("{field}.repositories"), &rule.repositories, findings);
            if let Some(other) =
                rules.iter().enumerate().position(|(at, other)| at != number && keeps_all_of(other, rule, at < number))
            {
                let problem = format!("retention[{other}] keeps everything that it keeps");
                findings.push(warning(format!("{}.{field}", self.path), problem, "remove it"));
            }
        }
        let never = |rule: &RetentionRule| is_dead(&rule.tags, common_tag) || is_dead(&rule.repositories, common_name);
        if !rules.is_empty() && rules.iter().all(never) {
            findings.push(warning(
                format!("{}.retention", self.path),
                "no rule can match, so no tag is kept",
                "keep tags by a rule without `tags`",
            ));
        } else if findings.len() == before
            && !rules.is_empty()
            && !rules.iter().any(|rule| rule.tags.is_empty() || rule.tags.iter().any(|pattern| pattern.matches("latest")))
        {
            let problem = "no rule matches the tag latest, so it is not kept";
            findings.push(warning(format!("{}.retention", self.path), problem, "a rule without `tags` matches every tag"));
        }
    }

    /// Patterns of repositories that are all in namespaces within this one.
    fn elsewhere(&self, field: &str, patterns: &[Pattern], findings: &mut Vec<Finding>) {
        for (at, pattern) in patterns.iter().enumerate() {
            let met: Vec<_> = self.inner.iter().filter(|(_, inner)| common_name(&[pattern, inner], &[]).is_some()).collect();
            let others: Vec<&Pattern> = met.iter().map(|(_, inner)| inner).collect();
            if !met.is_empty() && common_name(&[pattern], &others).is_none() {
                let names = met.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
                let problem = format!("all that \"{pattern}\" matches is in another namespace: {names}");
                findings.push(warning(format!("{}.{field}[{at}]", self.path), problem, "write the rule there"));
            }
        }
    }

    /// Patterns that match no name there can be.
    fn patterns(&self, field: &str, patterns: &[Pattern], example: Example, findings: &mut Vec<Finding>) {
        for (at, pattern) in patterns.iter().enumerate() {
            if example(&[pattern], &[]).is_none() {
                let path = format!("{}.{field}[{at}]", self.path);
                findings.push(warning(path, format!("no name there can be matches \"{pattern}\""), ""));
            }
        }
    }
}

/// [`common_name`] or [`common_tag`].
type Example = fn(&[&Pattern], &[&Pattern]) -> Option<String>;

/// Whether there are patterns, and none of them can match.
fn is_dead(patterns: &[Pattern], example: Example) -> bool {
    !patterns.is_empty() && patterns.iter().all(|pattern| example(&[pattern], &[]).is_none())
}

/// Whether a rule keeps at least what another one does; of two that keep the same only the later one is told.
fn keeps_all_of(rule: &RetentionRule, other: &RetentionRule, earlier: bool) -> bool {
    let wider = |own: &[Pattern], theirs: &[Pattern]| own.is_empty() || own == theirs;
    let more = rule.always || (!other.always && rule.keep_last >= other.keep_last && rule.keep_days >= other.keep_days);
    wider(&rule.tags, &other.tags) && wider(&rule.repositories, &other.repositories) && more && (earlier || rule != other)
}
