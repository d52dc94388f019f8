//! The policies of a zot that somebody else configured, as namespaces with rules.
//!
//! A namespace whose policy cannot be said gets no rules: then nothing of it is deleted by mistake. What is lost is told.

use std::collections::{BTreeMap, HashMap};

use super::entries::HANGING;
use super::{KeepTags, Policy, Retention, expression};
use crate::duration;
use crate::layout::{Gap, Language, Layout, Names, Namespace, Pattern, Relation, RetentionRule};
use crate::name::Repository;

/// The namespaces that the policies are about, with their rules and nothing else, and what could not be said.
#[must_use]
pub fn namespaces(retention: &Retention) -> (Vec<Namespace>, Vec<Gap>) {
    let mut found = Found::default();
    if retention.dry_run {
        found.tell("**", "dryRun", "a layout cannot say that nothing is deleted yet: the rules would count");
    }
    for policy in &retention.policies {
        // Of two namespaces the one within the other first.
        for (name, within) in found.places(policy).into_iter().rev() {
            found.policy(policy, &name, &within);
        }
    }
    let rules =
        found.rules.into_iter().map(|(name, rules)| Namespace { retention: rules.unwrap_or_default(), ..Namespace::new(name) });
    (rules.collect(), found.gaps)
}

#[derive(Default)]
struct Found {
    /// By namespace; none where the rules cannot be said.
    rules: BTreeMap<Repository, Option<Vec<RetentionRule>>>,
    /// What policies before were about, by namespace.
    taken: Vec<(Repository, Vec<Pattern>)>,
    gaps: Vec<Gap>,
}

impl Found {
    fn tell(&mut self, name: &str, field: &str, reason: &str) {
        let gap = Gap::of_namespace(name, field, reason);
        if !self.gaps.contains(&gap) {
            self.gaps.push(gap);
        }
    }

    /// The namespaces of a policy, with the patterns of the repositories in each; none of them for all.
    fn places(&mut self, policy: &Policy) -> Vec<(Repository, Vec<Pattern>)> {
        let mut places: BTreeMap<Repository, Vec<Pattern>> = BTreeMap::new();
        let found: Vec<_> = policy.repositories.iter().map(|glob| (glob, place(glob))).collect();
        for (glob, place) in &found {
            // The namespace's own repository stands beside a pattern that takes it here but not there.
            let itself = |(_, other): &(&String, Option<(Repository, Pattern)>)| {
                other.as_ref().is_some_and(|(name, within)| name.as_str() == *glob && within.matches(""))
            };
            match place {
                _ if found.iter().any(itself) => {}
                Some((name, within)) => places.entry(name.clone()).or_default().push(within.clone()),
                None => self.tell(
                    glob,
                    "retention",
                    "zot keeps it by a pattern that is no namespace: it begins with no name of its own",
                ),
            }
        }
        let all = |within: Vec<Pattern>| if within.contains(&Pattern::any()) { Vec::new() } else { within };
        places.into_iter().map(|(name, within)| (name, all(within))).collect()
    }

    fn policy(&mut self, policy: &Policy, name: &Repository, within: &[Pattern]) {
        let text = name.as_str();
        if policy.delete_referrers {
            self.tell(text, "retention", "a layout does not say that referrers go with their subjects (deleteReferrers)");
        }
        if policy.keep_untagged.is_some() {
            self.tell(text, "retention", "a layout does not say which manifests without a tag stay (keepUntagged)");
        }
        let own = Language::of(within);
        // Whether two policies are about the same repository, one of them in the namespace around the other's.
        let meet = |outer: &Repository, patterns: &Language, inner: &str| {
            let rest = inner.strip_prefix(outer.as_str()).and_then(|rest| rest.strip_prefix('/'));
            let rest = rest.and_then(|rest| format!("{rest}/**").parse::<Pattern>().ok());
            rest.is_some_and(|rest| patterns.relation(&Language::of(&[rest])) != Relation::Apart)
        };
        let hidden = |(other, patterns): &(Repository, Vec<Pattern>)| {
            let patterns = Language::of(patterns);
            if other == name { patterns.relation(&own) != Relation::Apart } else { meet(other, &patterns, text) }
        };
        let partly = |(other, patterns): &&(Repository, Vec<Pattern>)| !patterns.is_empty() && meet(name, &own, other.as_str());
        let partly: Vec<String> = self.taken.iter().filter(partly).map(|(other, _)| other.to_string()).collect();
        for other in partly {
            let reason = format!("what its own policy leaves out is kept here, and in zot as that of {text} says");
            self.tell(&other, "retention", &reason);
        }
        let unclear = self.taken.iter().any(hidden);
        self.taken.push((name.clone(), within.to_vec()));
        if unclear {
            self.tell(text, "retention", "zot takes the first policy of a repository, and one before is about some of the same");
            self.rules.insert(name.clone(), None);
            return;
        }
        let known = self.rules.entry(name.clone()).or_insert_with(|| Some(Vec::new())).as_ref().map(Vec::len);
        let Some(known) = known else { return };
        let rules = self.entries(&policy.keep_tags, text, within, known);
        if let Some(all) = self.rules.get_mut(name) {
            *all = all.take().zip(rules).map(|(all, rules)| [all, rules].concat());
        }
    }

    fn entries(&mut self, entries: &[KeepTags], name: &str, within: &[Pattern], known: usize) -> Option<Vec<RetentionRule>> {
        let mut rules: Vec<RetentionRule> = Vec::new();
        for entry in entries {
            let own: Vec<&String> = entry.patterns.iter().filter(|regex| *regex != HANGING).collect();
            if own.is_empty() && !entry.patterns.is_empty() {
                continue;
            }
            let field = format!("retention[{}]", known + rules.len());
            if entry.most_recently_pulled_count > 0 || entry.pulled_within.is_some() {
                self.tell(
                    name,
                    &field,
                    "a layout does not count pulls: without a rule that says the same, all of the namespace is kept",
                );
                return None;
            }
            let Some(tags) = own.iter().map(|regex| expression::pattern(regex)).collect::<Option<Vec<_>>>() else {
                let regexes = own.iter().map(|regex| format!("\"{regex}\"")).collect::<Vec<_>>().join(", ");
                let reason = format!("no pattern says {regexes}: without a rule that says the same, all of the namespace is kept");
                self.tell(name, &field, &reason);
                return None;
            };
            let tags = if tags.iter().any(|tag| tag.as_str() == "*") { Vec::new() } else { tags };
            let rule = self.rule(entry, name, &field, tags, within);
            let language = Language::of(&rule.tags);
            let before = rules.iter().position(|other| {
                let shares = Language::of(&other.tags).relation(&language) != Relation::Apart;
                shares && (!other.always || rule.keep_last.is_some())
            });
            if let Some(before) = before {
                let reason =
                    format!("zot holds it against no tag that retention[{}] matches, a layout against all", known + before);
                self.tell(name, &field, &reason);
            }
            if rule.keep_last.or(rule.keep_days).is_none() && !rule.always {
                self.tell(name, &field, "it keeps nothing, which no rule says: all of the namespace is kept");
                return None;
            }
            rules.push(rule);
        }
        if rules.is_empty() && !entries.is_empty() {
            self.tell(name, "retention", "it keeps nothing, which no rule says: all of the namespace is kept");
            return None;
        }
        Some(rules)
    }

    fn rule(&mut self, entry: &KeepTags, name: &str, field: &str, tags: Vec<Pattern>, within: &[Pattern]) -> RetentionRule {
        let days = entry.pushed_within.as_deref().and_then(duration::parse).map(|span| {
            let days = span.as_secs_f64() / 86_400.0;
            if days.fract() > 0.0 {
                self.tell(name, &format!("{field}.keepDays"), "a layout counts whole days: it is rounded up");
            }
            days.ceil() as u32
        });
        RetentionRule {
            tags,
            repositories: within.to_vec(),
            keep_last: (entry.most_recently_pushed_count > 0).then_some(entry.most_recently_pushed_count),
            keep_days: days.filter(|days| *days > 0),
            always: !entry.is_conditional(),
        }
    }
}

/// The namespace of a repository pattern, and the pattern of what follows its name.
fn place(glob: &str) -> Option<(Repository, Pattern)> {
    let plain = glob.find(|letter| "*?[]{}\\".contains(letter)).unwrap_or(glob.len());
    let (name, within) = match glob[..plain].rfind('/') {
        Some(slash) => (&glob[..slash], &glob[slash + 1..]),
        None => return None,
    };
    Some((name.parse().ok()?, within.parse().ok()?))
}

impl Retention {
    /// What this one says of a layout's namespaces, and the one that was found of everything else: its policies for repositories
    /// outside of them, and in those for the same repositories whatever is not about tags.
    #[must_use]
    pub fn over(mut self, found: &Self, layout: &Layout) -> Self {
        let by_repositories: HashMap<&[String], &Policy> =
            found.policies.iter().rev().map(|policy| (policy.repositories.as_slice(), policy)).collect();
        for policy in &mut self.policies {
            if let Some(same) = by_repositories.get(policy.repositories.as_slice()) {
                policy.delete_referrers = same.delete_referrers;
                policy.delete_untagged = same.delete_untagged;
                policy.keep_untagged.clone_from(&same.keep_untagged);
            }
        }
        let ours = Names::of(&layout.namespaces);
        let ours = |policy: &&Policy| policy.repositories.iter().all(|glob| ours.cover(glob));
        let others = found.policies.iter().filter(|policy| !ours(policy)).cloned();
        Self { dry_run: found.dry_run, delay: found.delay.clone(), policies: self.policies.into_iter().chain(others).collect() }
    }
}
