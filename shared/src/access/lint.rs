//! What in a layout is hardly meant.

use crate::document::{Finding, Severity};
use crate::layout::{Action, Layout, Namespace, Subject};

/// Looks a layout through: all that follows from it is right, and may surprise.
#[must_use]
pub fn lint(layout: &Layout) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, namespace) in layout.namespaces.iter().enumerate() {
        rights(at, namespace, &mut findings);
        rules(at, namespace, &mut findings);
        retention(at, namespace, &mut findings);
    }
    for (at, group) in layout.groups.iter().enumerate() {
        if group.users.is_empty() {
            findings.push(finding(format!("groups[{at}]"), "nobody is in the group", "add users, or take it away"));
        }
        let subject = Subject::Group(group.name.clone());
        if !layout.namespaces.iter().flat_map(|namespace| &namespace.access).any(|rule| rule.subjects.contains(&subject)) {
            findings.push(finding(format!("groups[{at}]"), "no rule is for the group", "add a rule, or take it away"));
        }
    }
    if layout.admins.is_empty() {
        findings.push(finding("admins".to_owned(), "nobody administers the registry", "an instance of reg-up has `admin` besides"));
    }
    findings
}

fn finding(path: String, problem: &str, hint: &str) -> Finding {
    Finding {
        path,
        line: None,
        column: None,
        severity: Severity::Warning,
        problem: problem.to_owned(),
        hint: Some(hint.to_owned()),
    }
}

/// Rights that nobody would give like that.
fn rights(at: usize, namespace: &Namespace, findings: &mut Vec<Finding>) {
    let everybody = namespace.granted(&Subject::Anonymous);
    let everyone_logged_in = namespace.granted(&Subject::Authenticated);
    if everybody.iter().any(|action| *action != Action::Read) {
        let problem = "everybody may change it without a login";
        findings.push(finding(format!("namespaces[{at}].access"), problem, "give `authenticated` what is to change it"));
    }
    if everybody.iter().any(|action| !everyone_logged_in.contains(action) && *action != Action::Read) {
        let problem = "it says less for `authenticated` than for `anonymous`, which holds for both";
        findings.push(finding(format!("namespaces[{at}].access"), problem, "say for `authenticated` what is meant for logins"));
    }
    for (of, rule) in namespace.access.iter().enumerate() {
        for subject in &rule.subjects {
            let mut own = namespace.granted(subject);
            own.extend(&everybody);
            if !matches!(subject, Subject::Anonymous) {
                own.extend(&everyone_logged_in);
            }
            if rule.actions.iter().any(|action| *action != Action::Read) && !own.contains(&Action::Read) {
                let problem = format!("{subject} may write and not read: a push looks first at what is there");
                findings.push(finding(format!("namespaces[{at}].access[{of}]"), &problem, "add `read`"));
            }
        }
    }
}

/// Rules that change nothing.
fn rules(at: usize, namespace: &Namespace, findings: &mut Vec<Finding>) {
    let everybody = namespace.granted(&Subject::Anonymous);
    for (of, rule) in namespace.access.iter().enumerate() {
        let wider = |subject: &Subject, action: &Action| {
            let by_all = *subject != Subject::Anonymous && everybody.contains(action);
            let by_logins = !matches!(subject, Subject::Anonymous | Subject::Authenticated)
                && namespace.granted(&Subject::Authenticated).contains(action);
            let before =
                namespace.access[..of].iter().any(|other| other.subjects.contains(subject) && other.actions.contains(action));
            by_all || by_logins || before || (namespace.public && *action == Action::Read)
        };
        if rule.subjects.iter().all(|subject| rule.actions.iter().all(|action| wider(subject, action))) {
            let problem = "other rules grant all of it already";
            findings.push(finding(format!("namespaces[{at}].access[{of}]"), problem, "take the rule away"));
        }
    }
}

/// Rules of retention that keep nothing or everything.
fn retention(at: usize, namespace: &Namespace, findings: &mut Vec<Finding>) {
    let all = |rule: &crate::layout::RetentionRule| rule.tags.is_empty() && rule.repositories.is_empty();
    if let Some(of) = namespace.retention.iter().position(|rule| rule.always && all(rule))
        && namespace.retention.len() > 1
    {
        let problem = "it keeps everything, so the other rules change nothing";
        findings.push(finding(format!("namespaces[{at}].retention[{of}]"), problem, "say which tags it is about"));
    }
    if !namespace.retention.is_empty() && !namespace.retention.iter().any(|rule| rule.tags.is_empty()) {
        let problem = "a tag that no rule matches is deleted";
        findings.push(finding(format!("namespaces[{at}].retention"), problem, "add a rule without `tags` for the others"));
    }
}
