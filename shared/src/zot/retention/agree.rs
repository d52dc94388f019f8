//! Whether the layout's decider and zot's on what was compiled from it say the same of every tag, over layouts that nobody thought of.

use proptest::prelude::*;
use serde_json::{Value, json};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

use super::super::Build;
use super::{Retention, Tag, Verdict, compile, namespaces};
use crate::layout::{Gap, Layout, RetentionRule};
use crate::retention::{self, By};

const NOW: OffsetDateTime = datetime!(2026-06-01 12:00 UTC);
const TAGS: [&str; 8] = ["latest", "v1", "v2", "v1-rc", "v2-rc", "dev", "dev-rc", "x"];
const TAG_PATTERNS: [&str; 8] = ["latest", "v*", "v1*", "*-rc", "{v1,dev}*", "[a-w]*", "*", "v[^1]*"];
const REPOSITORIES: [&str; 6] = ["a", "a/web", "a/web/x", "a/api", "a/b", "a/b/web"];
const REPOSITORY_PATTERNS: [&str; 6] = ["web", "web/**", "w*", "*", "{web,api}", "**"];

fn rule() -> impl Strategy<Value = Value> {
    let pick = |from: &'static [&'static str]| prop::collection::vec(prop::sample::select(from), 0..3);
    let repositories = prop_oneof![2 => Just(Vec::new()), 1 => pick(&REPOSITORY_PATTERNS)];
    (pick(&TAG_PATTERNS), repositories, prop::option::of(1u32..4), prop::option::of(1u32..8), prop::bool::weighted(0.15)).prop_map(
        |(tags, repositories, last, days, always)| {
            let days = if last.is_none() && !always { Some(days.unwrap_or(3)) } else { days };
            let mut rule = json!({"tags": tags, "repositories": repositories, "always": always});
            rule["keepLast"] = json!(last);
            rule["keepDays"] = json!(days);
            rule
        },
    )
}

fn layouts() -> impl Strategy<Value = Layout> {
    let namespace = |name: &'static str| {
        (prop::collection::vec(rule(), 0..4), prop::option::weighted(0.2, prop::sample::select(&TAG_PATTERNS[..4]))).prop_map(
            move |(rules, immutable)| json!({"name": name, "retention": rules, "immutableTags": Vec::from_iter(immutable)}),
        )
    };
    (namespace("a"), prop::option::of(namespace("a/b"))).prop_map(|(outer, inner)| {
        let namespaces: Vec<Value> = std::iter::once(outer).chain(inner).collect();
        Layout::parse(&json!({"namespaces": namespaces}).to_string(), "x").unwrap()
    })
}

/// Tags of whom no two are of one age: of those zot keeps any.
fn tags() -> impl Strategy<Value = Vec<(String, Option<OffsetDateTime>)>> {
    let ages = Just((0..TAGS.len() as i64).collect::<Vec<_>>()).prop_shuffle();
    (ages, prop::collection::vec(prop::bool::weighted(0.9), TAGS.len())).prop_map(|(ages, known)| {
        let one = |((name, age), known): ((&&str, i64), bool)| {
            (name.to_string(), known.then(|| NOW - Duration::days(age) - Duration::hours(1)))
        };
        TAGS.iter().zip(ages).zip(known).map(one).collect()
    })
}

fn build() -> Build {
    Build { version: "2.1.20".parse().ok(), extensions: Vec::new() }
}

/// Both decisions for every tag: whether ours keeps it, and whether zot does.
fn both(layout: &Layout, retention: &Retention, repository: &str, tags: &[(String, Option<OffsetDateTime>)]) -> Vec<(bool, bool)> {
    let ours: Vec<_> =
        tags.iter().map(|(name, pushed)| retention::Tag { name: name.clone(), pushed: *pushed, created: None }).collect();
    let zots: Vec<_> = tags.iter().map(|(name, pushed)| Tag { name: name.clone(), pushed: *pushed, pulled: None }).collect();
    let ours = retention::decide(layout, repository, &ours, By::Pushed, NOW);
    let zots = retention.decide(repository, &zots, NOW);
    assert!(!zots.contains(&Verdict::Either));
    ours.iter().zip(zots).map(|(ours, zot)| (ours.keep, zot == Verdict::Keep)).collect()
}

proptest! {
    #[test]
    fn zot_decides_as_we_do_or_a_gap_says_that_it_keeps_more(layout in layouts(), tags in tags()) {
        let (retention, gaps) = compile(&layout, &build());
        for repository in REPOSITORIES {
            let namespace = layout.namespace_of(repository).unwrap();
            for ((name, pushed), (ours, zot)) in tags.iter().zip(both(&layout, &retention, repository, &tags)) {
                prop_assert!(!ours || zot, "{repository}:{name} is kept by us and deleted by zot: {retention:#?}");
                if ours == zot || pushed.is_none() {
                    continue;
                }
                let about = |gap: &Gap| {
                    let at: usize = gap.field.as_ref().unwrap()["retention[".len()..].split(']').next().unwrap().parse().unwrap();
                    let tags = |rule: &RetentionRule| rule.tags.is_empty() || rule.tags.iter().any(|pattern| pattern.matches(name));
                    gap.name == namespace.name.as_str() && tags(&namespace.retention[at])
                };
                prop_assert!(gaps.iter().any(about), "{repository}:{name} is deleted by us and kept by zot: {gaps:#?} {retention:#?}");
            }
        }
    }

    #[test]
    fn rules_that_do_not_count_lose_nothing(layout in layouts(), tags in tags()) {
        let mut layout = layout;
        for rule in layout.namespaces.iter_mut().flat_map(|namespace| &mut namespace.retention) {
            rule.keep_last = None;
            rule.keep_days = rule.keep_days.or(Some(2));
            rule.repositories.clear();
        }
        let (retention, gaps) = compile(&layout, &build());
        prop_assert!(gaps.is_empty(), "{:?}", gaps);
        for repository in REPOSITORIES {
            for ((_, pushed), (ours, zot)) in tags.iter().zip(both(&layout, &retention, repository, &tags)) {
                prop_assert!(ours == zot || pushed.is_none());
            }
        }
    }

    #[test]
    fn what_was_compiled_and_found_again_keeps_no_less(layout in layouts(), tags in tags()) {
        let (retention, _) = compile(&layout, &build());
        let back = Layout { namespaces: namespaces(&retention).0, ..Layout::default() };
        prop_assert!(back.check().is_ok());
        let (again, _) = compile(&back, &build());
        for repository in REPOSITORIES {
            let (first, second) = (both(&layout, &retention, repository, &tags), both(&layout, &again, repository, &tags));
            for ((_, first), (_, second)) in first.into_iter().zip(second) {
                prop_assert!(!first || second, "{repository}: {retention:#?} {again:#?}");
            }
        }
    }
}
