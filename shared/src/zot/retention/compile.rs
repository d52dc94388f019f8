//! A layout's retention as zot's policies.
//!
//! Longest namespaces come first, since the first policy counts. Where zot cannot say a rule exactly, what is written keeps more than
//! the rule would, never less, and a [`Gap`] tells it. Manifests without a tag and referrers are treated as if there were no retention.

use std::collections::HashSet;

use super::super::Build;
use super::entries::entries;
use super::{Policy, Retention};
use crate::layout::{Gap, Language, Layout, Namespace, Pattern, Relation, RetentionRule};
use crate::version::Version;

/// The retention of a layout for a zot of this build, and what of it zot cannot do.
#[must_use]
pub fn compile(layout: &Layout, build: &Build) -> (Retention, Vec<Gap>) {
    let mut namespaces: Vec<&Namespace> = layout.namespaces.iter().collect();
    namespaces.sort_by_key(|namespace| std::cmp::Reverse(namespace.name.as_str().len()));
    let ruled = namespaces.iter().filter(|namespace| !namespace.retention.is_empty());
    let ruled: HashSet<&str> = ruled.map(|namespace| namespace.name.as_str()).collect();
    let (mut policies, mut gaps) = (Vec::new(), Vec::new());
    for namespace in &namespaces {
        let mut whole = false;
        for (region, rules) in regions(namespace, &mut gaps) {
            whole |= region.is_empty();
            let repositories = globs(namespace, region);
            let keep_tags = entries(namespace, &rules, &mut gaps);
            policies.push(Policy { repositories, keep_tags, ..Policy::default() });
        }
        let name = namespace.name.as_str();
        let outer = || name.match_indices('/').any(|(at, _)| ruled.contains(&name[..at]));
        if !whole && outer() {
            // Everything is kept here; without a policy that says so, that of the namespace around would count.
            policies.push(Policy { repositories: globs(namespace, &[]), ..Policy::default() });
        }
    }
    if !build.since(Version::new(2, 1, 9)) {
        // Before, manifests without a tag went only where a policy was.
        policies.iter_mut().for_each(|policy| policy.delete_untagged = Some(false));
    }
    if !build.since(Version::new(2, 1, 5)) {
        let mut entries: Vec<_> = policies.iter_mut().flat_map(|policy| &mut policy.keep_tags).collect();
        if !entries.iter().any(|entry| entry.is_conditional()) {
            // Without a condition these releases have no database of tags, and break where they look into it.
            entries.iter_mut().for_each(|entry| entry.pushed_within = Some(super::entries::within(u32::MAX)));
        }
    }
    (Retention { policies, ..Retention::default() }, gaps)
}

/// Rules with their places.
type Rules<'a> = Vec<(usize, &'a RetentionRule)>;

/// The sets of repositories that the rules tell apart, narrow ones first, with the rules that are about each.
fn regions<'a>(namespace: &'a Namespace, gaps: &mut Vec<Gap>) -> Vec<(&'a [Pattern], Rules<'a>)> {
    let sets: Vec<Language> = namespace.retention.iter().map(|rule| Language::of(&rule.repositories)).collect();
    let relations = Language::relations(&sets.iter().collect::<Vec<_>>());
    let mut regions: Vec<(usize, &[Pattern], Rules<'_>)> = Vec::new();
    for (at, rule) in namespace.retention.iter().enumerate() {
        let relations = &relations[at];
        if relations[..at].contains(&Relation::Same) {
            continue;
        }
        let about =
            |(at, _): &(usize, &RetentionRule)| matches!(relations[*at], Relation::Same | Relation::Within | Relation::Across);
        let around = relations.iter().filter(|relation| **relation == Relation::Within).count();
        regions.push((around, &rule.repositories, namespace.retention.iter().enumerate().filter(about).collect()));
        for other in (0..relations.len()).filter(|other| relations[*other] == Relation::Across) {
            let reason = format!(
                "zot takes one policy for a repository: some are those of retention[{at}], too, so it keeps what this rule keeps in all of those"
            );
            gaps.push(Gap::of_namespace(namespace.name.as_str(), format!("retention[{other}].repositories"), reason));
        }
    }
    regions.sort_by_key(|(around, ..)| std::cmp::Reverse(*around));
    regions.into_iter().map(|(_, region, rules)| (region, rules)).collect()
}

/// The patterns of whole names for patterns of what follows the namespace's.
fn globs(namespace: &Namespace, within: &[Pattern]) -> Vec<String> {
    let name = namespace.name.as_str();
    let any = [Pattern::any()];
    let mut globs = Vec::new();
    for pattern in if within.is_empty() { &any } else { within } {
        let glob = format!("{name}/{pattern}");
        let itself = pattern.matches("") && !glob.parse::<Pattern>().is_ok_and(|glob| glob.matches(name));
        globs.extend(itself.then(|| name.to_owned()));
        globs.push(glob);
    }
    globs.dedup();
    globs
}
