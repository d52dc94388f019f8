//! Which tags are kept, and why.
//!
//! The meaning is the same for every type of registry:
//!
//! - A repository that no rule is about keeps everything: one outside of all namespaces, in a namespace without rules, or that the
//!   rules' `repositories` leave out.
//! - In every other repository a tag is kept when any condition of any rule that matches it holds. Rules do not know of each other:
//!   each counts all the tags that it matches. A tag that no rule matches is deleted, as Harbor and zot do.
//! - A tag whose age is not known is kept by a rule that matches it, and takes no place among the newest.
//! - Immutable tags are kept.
//! - Tags that hang on another manifest (signatures and referrers as `sha256-…`) are neither counted nor deleted.
//!
//! Of tags with the same age those whose names come last in the alphabet count as newer.

use time::{Duration, OffsetDateTime};

use crate::layout::{Language, Layout, Namespace, RetentionRule};

#[cfg(test)]
mod tests;

/// What is known of a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// Its name.
    pub name: String,
    /// When it was pushed, if the registry tells.
    pub pushed: Option<OffsetDateTime>,
    /// When its image was made, if that is known and may be asked for.
    pub created: Option<OffsetDateTime>,
}

/// What the age of a tag is counted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// When it was pushed.
    #[default]
    Pushed,
    /// When its image was made, as the image itself says.
    Created,
}

/// What becomes of a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether it stays.
    pub keep: bool,
    /// Why, for people.
    pub reason: String,
    /// What in the layout says so: `namespaces[0].retention[1].keepLast`.
    pub rule: Option<String>,
}

impl Decision {
    fn keep(reason: impl Into<String>, rule: Option<String>) -> Self {
        Self { keep: true, reason: reason.into(), rule }
    }
}

/// Whether a tag is not a version of the repository's own but hangs on another manifest: the tags of cosign and the referrers tags
/// of the distribution spec (`sha256-…`, `sha256-….sig`).
#[must_use]
pub fn hangs_on_another(tag: &str) -> bool {
    let rest = tag.strip_prefix("sha256-").or_else(|| tag.strip_prefix("sha512-"));
    let split = rest.and_then(|rest| rest.split_at_checked(64));
    split.is_some_and(|(hex, rest)| {
        hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) && (rest.is_empty() || rest.starts_with('.'))
    })
}

/// The rules of a namespace that are about a repository in it, with their places.
pub fn rules<'a>(namespace: &'a Namespace, repository: &str) -> impl Iterator<Item = (usize, &'a RetentionRule)> {
    let within = repository.strip_prefix(namespace.name.as_str()).unwrap_or_default();
    let within = within.trim_start_matches('/').to_owned();
    let about = move |rule: &RetentionRule| rule.repositories.is_empty() || Language::of(&rule.repositories).has(&within);
    namespace.retention.iter().enumerate().filter(move |(_, rule)| about(rule))
}

/// What becomes of each of a repository's tags, in their order. `tags` are all that it has, since rules count.
#[must_use]
pub fn decide(layout: &Layout, repository: &str, tags: &[Tag], by: By, now: OffsetDateTime) -> Vec<Decision> {
    let Some(namespace) = layout.namespace_of(repository) else {
        return tags.iter().map(|_| Decision::keep("no namespace covers the repository", None)).collect();
    };
    let place = layout.namespaces.iter().position(|own| own.name == namespace.name).unwrap_or_default();
    let ages: Vec<Option<Duration>> = tags.iter().map(|tag| tag.time(by).map(|time| now - time)).collect();
    let judges: Vec<Judge<'_>> = rules(namespace, repository)
        .map(|(at, rule)| Judge::new(format!("namespaces[{place}].retention[{at}]"), rule, by, tags, &ages))
        .collect();
    let one = |(at, tag): (usize, &Tag)| {
        if judges.is_empty() {
            return Decision::keep("no rule is about the repository", None);
        }
        if hangs_on_another(&tag.name) {
            return Decision::keep("it hangs on another manifest", None);
        }
        if let Some(of) = namespace.immutable_tags.iter().position(|pattern| pattern.matches(&tag.name)) {
            return Decision::keep("it is immutable", Some(format!("namespaces[{place}].immutableTags[{of}]")));
        }
        let judges: Vec<_> = judges.iter().filter(|judge| judge.matches[at]).collect();
        if let Some(kept) = judges.iter().find_map(|judge| judge.keeps(at, ages[at])) {
            return kept;
        }
        let rule = match judges.as_slice() {
            [only] => only.place.clone(),
            _ => format!("namespaces[{place}].retention"),
        };
        let mut reason = judges.iter().map(|judge| judge.against(at, ages[at])).collect::<Vec<_>>().join("; ");
        if reason.is_empty() {
            "no rule matches it".clone_into(&mut reason);
        }
        Decision { keep: false, reason, rule: Some(rule) }
    };
    tags.iter().enumerate().map(one).collect()
}

impl Tag {
    fn time(&self, by: By) -> Option<OffsetDateTime> {
        match by {
            By::Pushed => self.pushed,
            By::Created => self.created,
        }
    }
}

/// A rule with what it has to say of each tag.
struct Judge<'a> {
    place: String,
    rule: &'a RetentionRule,
    verb: &'static str,
    matches: Vec<bool>,
    /// The place of each tag among those that it matches, from 1 for the newest.
    ranks: Vec<usize>,
}

impl<'a> Judge<'a> {
    fn new(place: String, rule: &'a RetentionRule, by: By, tags: &[Tag], ages: &[Option<Duration>]) -> Self {
        let language = Language::of(&rule.tags);
        let matches: Vec<bool> = tags.iter().map(|tag| !hangs_on_another(&tag.name) && language.has(&tag.name)).collect();
        let mut order: Vec<usize> = (0..tags.len()).filter(|at| matches[*at] && ages[*at].is_some()).collect();
        order.sort_by(|a, b| ages[*a].cmp(&ages[*b]).then_with(|| tags[*b].name.cmp(&tags[*a].name)));
        let mut ranks = vec![0; tags.len()];
        order.into_iter().zip(1..).for_each(|(at, rank)| ranks[at] = rank);
        let verb = match by {
            By::Pushed => "pushed",
            By::Created => "created",
        };
        Self { place, rule, verb, matches, ranks }
    }

    /// Why a tag that the rule matches is kept by it.
    fn keeps(&self, at: usize, age: Option<Duration>) -> Option<Decision> {
        let kept = |reason: String, field: &str| Some(Decision::keep(reason, Some(format!("{}.{field}", self.place))));
        if self.rule.always {
            return kept("it is always kept".to_owned(), "always");
        }
        let Some(age) = age else {
            let field = if self.rule.keep_last.is_some() { "keepLast" } else { "keepDays" };
            return kept(format!("it is not known when it was {}", self.verb), field);
        };
        if let Some(count) = self.rule.keep_last.filter(|count| self.ranks[at] <= *count as usize) {
            let reason = match (self.ranks[at], count) {
                (1, _) => "it is the newest".to_owned(),
                (rank, count) => format!("number {rank} of the {count} newest"),
            };
            return kept(reason, "keepLast");
        }
        let days = self.rule.keep_days.filter(|days| age < Duration::days((*days).into()))?;
        kept(format!("{} {} ago, kept for {}", self.verb, self::days(age.whole_days()), self::days(days.into())), "keepDays")
    }

    /// Why a tag that the rule matches is not kept by it.
    fn against(&self, at: usize, age: Option<Duration>) -> String {
        let count = self.rule.keep_last.map(|count| match count {
            1 => format!("number {}, kept is the newest", self.ranks[at]),
            _ => format!("number {}, kept are the {count} newest", self.ranks[at]),
        });
        let age = age.map_or(0, Duration::whole_days);
        let days =
            self.rule.keep_days.map(|days| format!("{} {} ago, kept for {}", self.verb, self::days(age), self::days(days.into())));
        count.into_iter().chain(days).collect::<Vec<_>>().join(", ")
    }
}

fn days(days: i64) -> String {
    match days {
        ..=0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        _ => format!("{days} days"),
    }
}
