//! zot's rules: its `http.accessControl`, what it decides, and what of a layout it can keep.
//!
//! What differs from a layout's rules, read from `pkg/api/authz.go` and `pkg/api/authn.go` (2.0.4 and 2.1.20) and tried on both:
//!
//! - of the patterns that match a repository the longest text counts, alone, whatever it matches: `team/**` counts for `team/x`
//!   before `team/x` does. Of two that are equally long, one counts by chance, each time anew;
//! - who has a login gets nothing from `anonymousPolicy`;
//! - administrators are asked last, and may do what `adminPolicy` grants; they see every repository in lists whatever it grants;
//! - who has no login gets 401 wherever something is denied, everybody else 403.

mod compile;
mod decide;
mod decompile;
mod merge;
mod policy;

#[cfg(test)]
mod tests;

pub use compile::compile;
pub use decide::{Decider, Rule, Ruling, Verdict, action_of_push};
pub use decompile::decompile;
pub use merge::merge;
pub use policy::{AccessControl, Action, Condition, Group, MetricsAccess, Policy, Repository, group_name};
