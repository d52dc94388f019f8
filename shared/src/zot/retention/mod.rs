//! What a zot keeps, as its configuration says it (`storage.retention`), and how that is decided.
//!
//! Read from `pkg/retention` and `pkg/storage/gc` of the tags v2.0.0 to v2.1.20: of the policies the first with a pattern for the
//! repository counts, and of its `keepTags` the first with a regular expression that finds something in the tag. Conditions in one
//! entry are alternatives; an entry without any keeps all that it takes. A tag that no entry takes is deleted, a policy without
//! entries keeps all. Ages are those of the manifest, from when it was pushed for the first time.

use regex::Regex;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;

use crate::duration;
use crate::error::{Error, Result};
use crate::layout::Pattern;

#[cfg(test)]
mod agree;
mod compile;
mod entries;
mod expression;
mod found;
#[cfg(test)]
mod tests;

pub use compile::compile;
pub use found::namespaces;

/// The names of all keys. zot takes them in any case of letters.
const KEYS: [&str; 13] = [
    "dryRun",
    "delay",
    "policies",
    "repositories",
    "deleteReferrers",
    "deleteUntagged",
    "keepTags",
    "keepUntagged",
    "patterns",
    "pulledWithin",
    "pushedWithin",
    "mostRecentlyPushedCount",
    "mostRecentlyPulledCount",
];

/// What is kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Retention {
    /// Whether it is only told in the log what would go.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dry_run: bool,
    /// How old manifests without a tag or a subject must be, as a Go duration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<String>,
    /// What is kept where; the first that is about a repository counts.
    pub policies: Vec<Policy>,
}

/// What is kept in some repositories.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Policy {
    /// Patterns of their names.
    pub repositories: Vec<String>,
    /// Whether manifests go whose subject is not there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub delete_referrers: bool,
    /// Whether manifests without a tag go. They do when it is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete_untagged: Option<bool>,
    /// What is kept of the tags; all without. The first entry that takes a tag counts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub keep_tags: Vec<KeepTags>,
    /// What is kept of manifests without a tag; since 2.1.19.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_untagged: Option<KeepTags>,
}

/// What is kept of some tags: those for which any condition holds; all of them without one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct KeepTags {
    /// Regular expressions of their names; all without.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub patterns: Vec<String>,
    /// Those pulled, or pushed, within this Go duration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pulled_within: Option<String>,
    /// Those pushed within this Go duration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pushed_within: Option<String>,
    /// So many of the last that were pushed; 0 is no condition.
    #[serde(skip_serializing_if = "is_zero")]
    pub most_recently_pushed_count: u32,
    /// So many of the last that were pulled; 0 is no condition.
    #[serde(skip_serializing_if = "is_zero")]
    pub most_recently_pulled_count: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// What zot knows of a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Its name.
    pub name: String,
    /// When its manifest was pushed. zot does not delete what it has no statistics of; those are signatures, above all.
    pub pushed: Option<OffsetDateTime>,
    /// When its manifest was last pulled.
    pub pulled: Option<OffsetDateTime>,
}

/// What zot does with a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It stays.
    Keep,
    /// It goes.
    Delete,
    /// One or the other: it is as old as another, and one of them stays.
    Either,
}

impl Retention {
    /// Reads it from a whole configuration in JSON.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`] when it is not what zot reads.
    pub fn read(config: &Value) -> Result<Self> {
        let key = |object: &Value, name: &str| {
            let found = object.as_object()?.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.clone())
        };
        let Some(own) = key(config, "storage").and_then(|storage| key(&storage, "retention")) else { return Ok(Self::default()) };
        let read: Self =
            serde_json::from_value(spelled(own)).map_err(|fault| Error::input(format!("storage.retention: {fault}")))?;
        for entry in read.policies.iter().flat_map(|policy| policy.keep_tags.iter().chain(&policy.keep_untagged)) {
            for text in entry.pulled_within.iter().chain(&entry.pushed_within) {
                if duration::parse(text).is_none() {
                    return Err(Error::input(format!("storage.retention: expected a duration like \"24h\", found {text:?}")));
                }
            }
        }
        Ok(read)
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The policy of a repository.
    #[must_use]
    pub fn policy(&self, repository: &str) -> Option<&Policy> {
        let about = |text: &String| text.parse::<Pattern>().is_ok_and(|pattern| pattern.matches(repository));
        self.policies.iter().find(|policy| policy.repositories.iter().any(about))
    }

    /// What zot does with each of a repository's tags, in their order.
    #[must_use]
    pub fn decide(&self, repository: &str, tags: &[Tag], now: OffsetDateTime) -> Vec<Verdict> {
        let entries = self.policy(repository).map_or(&[][..], |policy| &policy.keep_tags);
        if entries.is_empty() {
            return vec![Verdict::Keep; tags.len()];
        }
        let mut verdicts: Vec<Verdict> =
            tags.iter().map(|tag| if tag.pushed.is_none() { Verdict::Keep } else { Verdict::Delete }).collect();
        let mut open: Vec<usize> = (0..tags.len()).filter(|at| tags[*at].pushed.is_some()).collect();
        for entry in entries {
            // zot checks them when it starts.
            let patterns: Vec<Regex> = entry.patterns.iter().filter_map(|text| Regex::new(text).ok()).collect();
            let takes = |at: &usize| entry.patterns.is_empty() || patterns.iter().any(|regex| regex.is_match(&tags[*at].name));
            let (own, rest): (Vec<usize>, Vec<usize>) = open.into_iter().partition(takes);
            entry.judge(tags, &own, now, &mut verdicts);
            open = rest;
        }
        verdicts
    }
}

impl KeepTags {
    /// Whether it has a condition.
    fn is_conditional(&self) -> bool {
        let counts = self.most_recently_pushed_count > 0 || self.most_recently_pulled_count > 0;
        counts || self.pushed_within.is_some() || self.pulled_within.is_some()
    }

    /// What becomes of the tags that the entry takes.
    fn judge(&self, tags: &[Tag], own: &[usize], now: OffsetDateTime, verdicts: &mut [Verdict]) {
        let within = |time: Option<OffsetDateTime>, text: &Option<String>| {
            let span = text.as_deref().and_then(duration::parse);
            time.zip(span).is_some_and(|(time, span)| now - time < span)
        };
        for &at in own {
            let (pushed, pulled) = (tags[at].pushed, tags[at].pulled);
            let pulled_within = within(pulled, &self.pulled_within) || within(pushed, &self.pulled_within);
            if !self.is_conditional() || pulled_within || within(pushed, &self.pushed_within) {
                verdicts[at] = Verdict::Keep;
            }
        }
        newest(own, self.most_recently_pushed_count, |at| tags[at].pushed, verdicts);
        newest(own, self.most_recently_pulled_count, |at| tags[at].pulled, verdicts);
    }
}

/// The newest so many stay. zot sorts them without an order for the same time.
fn newest(own: &[usize], count: u32, time: impl Fn(usize) -> Option<OffsetDateTime>, verdicts: &mut [Verdict]) {
    let mut order = own.to_vec();
    order.sort_by_key(|at| std::cmp::Reverse(time(*at)));
    let count = (count as usize).min(order.len());
    let Some(last) = count.checked_sub(1).map(|last| time(order[last])) else { return };
    let tied = order.get(count).is_some_and(|next| time(*next) == last);
    for (rank, at) in order.into_iter().enumerate() {
        let verdict = match (rank < count, tied && time(at) == last) {
            (_, true) => Verdict::Either,
            (true, false) => Verdict::Keep,
            (false, false) => break,
        };
        if verdicts[at] != Verdict::Keep {
            verdicts[at] = verdict;
        }
    }
}

/// The same with keys as they are spelled here, and durations as text.
fn spelled(value: Value) -> Value {
    let known = |key: String| KEYS.iter().find(|own| own.eq_ignore_ascii_case(&key)).map_or(key, |own| (*own).to_owned());
    let entry = |(key, value): (String, Value)| {
        let key = known(key);
        let value = match value {
            Value::Number(number) if matches!(key.as_str(), "delay" | "pulledWithin" | "pushedWithin") => {
                format!("{number}ns").into()
            }
            other => spelled(other),
        };
        (key, value)
    };
    match value {
        Value::Object(object) => Value::Object(object.into_iter().map(entry).collect()),
        Value::Array(items) => Value::Array(items.into_iter().map(spelled).collect()),
        other => other,
    }
}
