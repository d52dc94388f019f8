//! Rights of a zot that work otherwise than they look: its `http.accessControl.repositories`, by the rules of [`crate::access::zot`].

use serde_json::Value;

use super::{finding, shape};
use crate::access::zot::{AccessControl, Action, Repository, group_name};
use crate::document::{Finding, Severity};
use crate::layout::{self, Pattern, common_name};
use crate::name::quoted;
use crate::yaml::{Node, Place};

/// What is worth a look. `access` is the value of `http.accessControl`, `path` where its patterns stand.
pub(super) fn check(access: &Value, path: &str, patterns: &[(String, Place, Node)]) -> Vec<Finding> {
    // What zot does not read is told where the shape is checked.
    let Ok(Some(access)) = AccessControl::read(access) else { return Vec::new() };
    let entry = |(text, place, _): &(String, Place, Node)| {
        let pattern: Pattern = text.to_lowercase().parse().ok()?;
        let plain = text.find(['*', '?', '[', '{', '\\']).map_or(text.len(), |at| at);
        Some(Entry {
            path: shape::joined(path, text),
            place: *place,
            plain,
            rights: access.repositories.get(pattern.as_str()),
            pattern,
        })
    };
    let entries: Vec<Entry<'_>> = patterns.iter().filter_map(entry).collect();
    let mut findings = Vec::new();
    for entry in &entries {
        findings.extend(entry.reach(&entries));
        findings.extend(entry.rights.into_iter().flat_map(|rights| entry.grants(rights, &access)));
    }
    findings
}

/// A pattern of the file.
struct Entry<'a> {
    path: String,
    place: Place,
    pattern: Pattern,
    /// So much of the text means itself.
    plain: usize,
    /// What it grants; none when zot does not see it.
    rights: Option<&'a Repository>,
}

impl Entry<'_> {
    fn text(&self) -> &str {
        self.pattern.as_str()
    }

    fn told(&self, severity: Severity, problem: String, hint: String) -> Finding {
        Finding { hint: Some(hint), ..finding(self.path.clone(), self.place, severity, problem) }
    }

    /// Whether both may match one name, by the text that each begins with.
    fn may_meet(&self, other: &Self) -> bool {
        let (own, theirs) = (&self.text()[..self.plain], &other.text()[..other.plain]);
        // `a/**` matches `a`, too.
        let (own, theirs) = (own.trim_end_matches('/'), theirs.trim_end_matches('/'));
        own.starts_with(theirs) || theirs.starts_with(own)
    }

    /// Whether it ever counts, and alone.
    fn reach(&self, all: &[Self]) -> Option<Finding> {
        if common_name(&[&self.pattern], &[]).is_none() {
            let hint = "names are parts of lower-case letters and digits between slashes".to_owned();
            return Some(self.told(Severity::Warning, "no repository's name can match it".to_owned(), hint));
        }
        let others = || all.iter().filter(|other| other.path != self.path && self.may_meet(other));
        let seen = || others().filter(|other| other.rights.is_some());
        if self.rights.is_none() {
            let shorter = seen().find(|other| other.text().len() < self.text().len() && self.meets(other, &[]).is_some())?;
            let problem = format!("zot does not see a pattern with nothing in it: {} counts", quoted(shorter.text()));
            return Some(self.told(Severity::Error, problem, "write \"defaultPolicy\": [] in it".to_owned()));
        }
        let longer: Vec<&Pattern> =
            seen().filter(|other| other.text().len() > self.text().len()).map(|other| &other.pattern).collect();
        if common_name(&[&self.pattern], &longer).is_none() {
            let by = longer.iter().find(|other| common_name(&[&self.pattern], &[other]).is_none());
            let by = by.map_or_else(|| "longer ones".to_owned(), |by| quoted(by.as_str()));
            let problem = format!("it never counts: zot takes the longest text that matches, and {by} always is longer");
            return Some(self.told(Severity::Error, problem, "give its rights to the longer one, or write both longer".to_owned()));
        }
        let tied = |other: &&Self| other.text().len() == self.text().len() && other.path > self.path && other.rights != self.rights;
        let (other, name) = seen().filter(tied).find_map(|other| Some((other, self.meets(other, &longer)?)))?;
        let problem =
            format!("it is as long as {}, and both match {}: chance decides, each time anew", quoted(other.text()), quoted(&name));
        Some(self.told(Severity::Error, problem, "make the one that is to count longer".to_owned()))
    }

    /// A name that both match, and none of the others.
    fn meets(&self, other: &Self, none: &[&Pattern]) -> Option<String> {
        common_name(&[&self.pattern, &other.pattern], none)
    }

    fn grants(&self, rights: &Repository, access: &AccessControl) -> Vec<Finding> {
        let mut findings = Vec::new();
        let word = |action: &Action| action.in_layout().map(layout::Action::as_str);
        let lacking: Vec<&str> =
            rights.anonymous_policy.iter().filter(|action| !rights.default_policy.contains(action)).filter_map(word).collect();
        if !lacking.is_empty() {
            let what = lacking.join(" and ");
            let problem = format!("anonymousPolicy is not for those who log in: without a login they may {what}, with one not");
            findings.push(self.told(Severity::Warning, problem, format!("add {what} to defaultPolicy")));
        }
        if rights.anonymous_policy.contains(&Action::Delete) {
            let hint = "grant delete to users or groups".to_owned();
            findings.push(self.told(Severity::Warning, "everybody may delete, without a login".to_owned(), hint));
        }
        for (number, policy) in rights.policies.iter().enumerate() {
            for group in policy.groups.iter().filter(|group| !access.groups.contains_key(*group)) {
                let lower = group_name(group);
                let (why, hint) = if access.groups.contains_key(&lower) {
                    ("zot makes the names of groups lower-case, and not here", format!("write {} here", quoted(&lower)))
                } else {
                    ("there is no such group", "define it in http.accessControl.groups, or it is LDAP's or OpenID's".to_owned())
                };
                let told = self.told(Severity::Warning, format!("group {}: {why}", quoted(group)), hint);
                findings.push(Finding { path: format!("{}.policies[{number}].groups", self.path), ..told });
            }
            let may = |action| policy.actions.contains(&action);
            if !policy.actions.is_empty() && !may(Action::Read) && !rights.default_policy.contains(&Action::Read) {
                let elsewhere = |name: &String| {
                    rights.policies.iter().any(|other| other.users.contains(name) && other.actions.contains(&Action::Read))
                };
                if let Some(user) = policy.users.iter().find(|user| !elsewhere(user)) {
                    let problem = format!("user {} may write and not read, which every client does before it", quoted(user));
                    let told = self.told(Severity::Warning, problem, "add read".to_owned());
                    findings.push(Finding { path: format!("{}.policies[{number}].actions", self.path), ..told });
                }
            }
        }
        findings
    }
}
