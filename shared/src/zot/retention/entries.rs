//! Rules of one repository as the entries of a policy.
//!
//! Rules of ours do not know of each other, and zot gives a tag to the first entry that takes it. So entries are put in order: those
//! that always keep first, then by age, and of two of which one takes all tags of the other, the narrower one first, which also gets
//! the conditions of the wider. That is exact for ages. Counting is not: the wider one counts without the tags that were taken before.

use super::KeepTags;
use crate::layout::{Gap, Language, Namespace, Pattern, Relation, RetentionRule};

/// The tags that [`crate::retention::hangs_on_another`], which no rule counts and nothing deletes.
pub(super) const HANGING: &str = r"^sha(256|512)-[0-9a-f]{64}(\..*)?$";
/// Go has no longer durations than 292 years, and nothing was pushed so long ago.
const LONGEST: u32 = 100_000;

/// So many days as a Go duration.
pub(super) fn within(days: u32) -> String {
    format!("{}h", u64::from(days.min(LONGEST)) * 24)
}

/// Rules that match the same tags.
#[derive(Clone)]
struct Entry<'a> {
    /// Which rules; none for immutable tags.
    rules: Vec<usize>,
    patterns: &'a [Pattern],
    tags: Language,
    keep: Keep,
}

#[derive(Clone, Copy)]
struct Keep {
    always: bool,
    last: u32,
    days: u32,
}

impl Keep {
    const ALWAYS: Self = Self { always: true, last: 0, days: 0 };

    fn of(rule: &RetentionRule) -> Self {
        Self { always: rule.always, last: rule.keep_last.unwrap_or(0), days: rule.keep_days.unwrap_or(0) }
    }

    fn or(self, other: Self) -> Self {
        Self { always: self.always || other.always, last: self.last.max(other.last), days: self.days.max(other.days) }
    }

    fn counts(self) -> bool {
        !self.always && self.last > 0
    }
}

/// The entries for rules that are all about the same repositories; none when they keep everything.
pub(super) fn entries(namespace: &Namespace, rules: &[(usize, &RetentionRule)], gaps: &mut Vec<Gap>) -> Vec<KeepTags> {
    let mut entries = merged(namespace, rules);
    let relations = Language::relations(&entries.iter().map(|entry| &entry.tags).collect::<Vec<_>>());
    for at in (0..entries.len()).rev() {
        let across = |other: &usize| relations[at][*other] == Relation::Across && !entries[*other].keep.always;
        if let Some(other) = (0..entries.len()).find(across).filter(|_| entries[at].keep.counts()) {
            let reason = format!(
                "zot gives a tag to one rule alone, and some of these are those of retention[{}], too: it keeps all of them",
                entries[other].rules[0]
            );
            tell(gaps, namespace, &entries[at].rules, "", &reason);
            entries[at].keep = Keep::ALWAYS;
        }
    }
    let around = |at: usize| (0..entries.len()).filter(|other| relations[at][*other] == Relation::Within).collect::<Vec<_>>();
    let keeps: Vec<Keep> = (0..entries.len())
        .map(|at| around(at).iter().fold(entries[at].keep, |keep, wider| keep.or(entries[*wider].keep)))
        .collect();
    let mut order: Vec<usize> = (0..entries.len()).filter(|at| entries[*at].keep.always || !keeps[*at].always).collect();
    order.sort_by_key(|at| (!keeps[*at].always, std::cmp::Reverse((keeps[*at].days, around(*at).len()))));
    for (place, at) in order.iter().enumerate() {
        let before = order[..place].iter().find(|before| relations[*at][**before] != Relation::Apart);
        if let Some(before) = before.filter(|_| keeps[*at].counts() && entries[*at].keep.counts()) {
            let taken = match entries[*before].rules.first() {
                Some(rule) => format!("that retention[{rule}] matches"),
                None => "that are immutable".to_owned(),
            };
            let reason = format!("zot gives a tag to one rule alone: it counts without those {taken}, so it may keep more");
            let counting = |rule: &usize| namespace.retention[*rule].keep_last.is_some();
            let rules: Vec<usize> = entries[*at].rules.iter().copied().filter(counting).collect();
            tell(gaps, namespace, &rules, ".keepLast", &reason);
        }
    }
    written(&entries, &keeps, &order)
}

fn merged<'a>(namespace: &'a Namespace, rules: &[(usize, &'a RetentionRule)]) -> Vec<Entry<'a>> {
    let new = |rules, patterns: &'a [Pattern], keep| Entry { rules, patterns, tags: Language::of(patterns), keep };
    let mut entries: Vec<Entry<'_>> = Vec::new();
    if !namespace.immutable_tags.is_empty() {
        entries.push(new(Vec::new(), &namespace.immutable_tags, Keep::ALWAYS));
    }
    for (at, rule) in rules {
        let entry = new(vec![*at], &rule.tags, Keep::of(rule));
        match entries.iter_mut().find(|other| other.tags.relation(&entry.tags) == Relation::Same) {
            Some(same) => {
                same.rules.push(*at);
                same.keep = same.keep.or(entry.keep);
            }
            None => entries.push(entry),
        }
    }
    entries
}

fn written(entries: &[Entry<'_>], keeps: &[Keep], order: &[usize]) -> Vec<KeepTags> {
    let everything = |at: usize| entries[at].tags.relation(&Language::of(&[])) == Relation::Same;
    if order.iter().any(|at| keeps[*at].always && everything(*at)) {
        return Vec::new();
    }
    let regexes = |at: usize| entries[at].patterns.iter().flat_map(Pattern::regexes);
    let always = order.iter().filter(|at| keeps[**at].always).flat_map(|at| regexes(*at));
    let first = KeepTags { patterns: std::iter::once(HANGING.to_owned()).chain(always).collect(), ..KeepTags::default() };
    let others = order.iter().filter(|at| !keeps[**at].always).map(|&at| KeepTags {
        patterns: if everything(at) { Vec::new() } else { regexes(at).collect() },
        pushed_within: (keeps[at].days > 0).then(|| within(keeps[at].days)),
        most_recently_pushed_count: keeps[at].last,
        ..KeepTags::default()
    });
    std::iter::once(first).chain(others).collect()
}

fn tell(gaps: &mut Vec<Gap>, namespace: &Namespace, rules: &[usize], field: &str, reason: &str) {
    for rule in rules {
        let gap = Gap::of_namespace(namespace.name.as_str(), format!("retention[{rule}]{field}"), reason);
        if !gaps.contains(&gap) {
            gaps.push(gap);
        }
    }
}
