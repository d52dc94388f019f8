//! Who may do what: a layout's rules, and the decision with the rule that decided.
//!
//! The rules of our own model, which the embedded server keeps and other types are configured to keep:
//!
//! - administrators may do everything; nobody else may do anything in a repository outside of every namespace;
//! - of the namespaces that cover a repository the longest counts, alone; what nothing in it grants is denied;
//! - `anonymous` means everybody, those with a login too; `public` is the same for reading; `authenticated` is every login;
//! - a tag that is immutable neither changes nor goes, whoever asks.
//!
//! [`zot`] has zot's own rules, and what of a layout zot can keep. Knows names of logins, not how they were proved; does no I/O.

mod actions;
mod lint;
mod rules;
pub mod zot;

#[cfg(test)]
mod tests;

pub use actions::Actions;
pub use lint::lint;
pub use rules::{Access, Decision, Person, Rule};
