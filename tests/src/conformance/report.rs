//! What a run found: one row a check, and the suite's own counts.
//!
//! A row is a leaf of the suite's tree, under its full name; rows that say the same thing of several blobs bear the same name. A
//! check that deletes counts twice, for the deletion and for what is seen afterwards, so the counts exceed the rows.

use std::collections::BTreeMap;
use std::fmt;

/// How a check ended. Of two, the greater one is the row's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Switched off by the options.
    Disabled,
    /// The registry does not offer what the spec leaves open to it.
    Skip,
    /// As the spec says.
    Pass,
    /// Not as the spec says.
    Fail,
    /// What the suite calls an error: a filtered list of referrers with others in it.
    Error,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Disabled => "disabled",
            Self::Skip => "skip",
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Error => "error",
        })
    }
}

/// Why a check did not pass.
#[derive(Debug, Clone)]
pub(super) struct Fault {
    /// What the check becomes by it: never [`Outcome::Pass`].
    pub(super) outcome: Outcome,
    /// The request and what was wrong with its answer.
    pub(super) text: String,
}

/// What a check found.
pub(super) type Found<T = ()> = Result<T, Fault>;

impl Fault {
    pub(super) fn new(outcome: Outcome, text: impl Into<String>) -> Self {
        Self { outcome, text: text.into() }
    }

    /// Several faults of one check as one. What the registry does not offer excuses what is wrong beside it: the suite's rule.
    pub(super) fn all(faults: Vec<Self>) -> Found {
        let weight = |fault: &Self| {
            [Outcome::Fail, Outcome::Skip, Outcome::Disabled, Outcome::Error].iter().position(|o| *o == fault.outcome)
        };
        let texts: Vec<_> = faults.iter().map(|fault| fault.text.as_str()).collect();
        let text = texts.join("; ");
        faults.into_iter().max_by_key(weight).map_or(Ok(()), |fault| Err(Self { outcome: fault.outcome, text }))
    }
}

/// One check.
#[derive(Debug, Clone)]
pub struct Check {
    /// The full name, as the suite builds it.
    pub name: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it did not pass; empty when it did.
    pub detail: String,
}

/// What a run found.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The checks, in the order they were made.
    pub checks: Vec<Check>,
    counts: BTreeMap<Outcome, usize>,
}

impl Report {
    /// How many ended this way, as the suite counts.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.counts.get(&outcome).copied().unwrap_or_default()
    }

    /// All counts together: the suite's total.
    #[must_use]
    pub fn total(&self) -> usize {
        self.counts.values().sum()
    }

    /// Every name, with how often it occurs.
    #[must_use]
    pub fn names(&self) -> BTreeMap<&str, usize> {
        self.checks.iter().fold(BTreeMap::new(), |mut names, check| {
            *names.entry(check.name.as_str()).or_default() += 1;
            names
        })
    }

    /// Writes a row down: the worst of what was found, each of which counts. That worst.
    pub(super) fn row(&mut self, name: String, found: impl IntoIterator<Item = Found>) -> Outcome {
        let mut row = Check { name, outcome: Outcome::Disabled, detail: String::new() };
        for found in found {
            let (outcome, detail) = found.map_or_else(|fault| (fault.outcome, fault.text), |()| (Outcome::Pass, String::new()));
            self.add(outcome);
            if outcome >= row.outcome {
                (row.outcome, row.detail) = (outcome, detail);
            }
        }
        let outcome = row.outcome;
        self.checks.push(row);
        outcome
    }

    /// Counts one more of an outcome.
    pub(super) fn add(&mut self, outcome: Outcome) {
        *self.counts.entry(outcome).or_default() += 1;
    }
}
