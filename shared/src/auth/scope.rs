//! What a token is asked for: `repository:team/app:pull,push`, `registry:catalog:*`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::name::Repository;

/// What is done to a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Read.
    Pull,
    /// Write; reading is part of it.
    Push,
    /// Delete a tag, a manifest or a blob; reading is part of it.
    Delete,
}

/// A set of scopes. Equal sets are equal whatever the order they were put together in, so a set is the key of its token.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Scopes(BTreeMap<(String, String), BTreeSet<String>>);

impl Scopes {
    /// No scope: enough to ask whether there is a registry.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// The catalog of repositories.
    #[must_use]
    pub fn catalog() -> Self {
        Self::one("registry", "catalog", &["*"])
    }

    /// Access to one repository.
    #[must_use]
    pub fn repository(name: &Repository, access: Access) -> Self {
        let actions: &[&str] = match access {
            Access::Pull => &["pull"],
            Access::Push => &["pull", "push"],
            Access::Delete => &["delete", "pull"],
        };
        Self::one("repository", name.as_str(), actions)
    }

    fn one(kind: &str, name: &str, actions: &[&str]) -> Self {
        let actions = actions.iter().map(|&action| action.to_owned()).collect();
        Self(BTreeMap::from([((kind.to_owned(), name.to_owned()), actions)]))
    }

    /// Reads the `scope` of a challenge: scopes separated by spaces. What is none is left out.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut scopes = Self::default();
        for scope in text.split_ascii_whitespace() {
            // A name may hold a colon (`host:5000/app`), the kind and the actions may not.
            let Some((kind, rest)) = scope.split_once(':') else { continue };
            let Some((name, actions)) = rest.rsplit_once(':') else { continue };
            let actions = actions.split(',').filter(|action| !action.is_empty()).map(str::to_owned);
            scopes.0.entry((kind.to_owned(), name.to_owned())).or_default().extend(actions);
        }
        scopes
    }

    /// Both sets together.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        for (object, actions) in &other.0 {
            self.0.entry(object.clone()).or_default().extend(actions.iter().cloned());
        }
        self
    }

    /// Whether a token for these may do all that `other` asks.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other.0.iter().all(|(object, wanted)| self.0.get(object).is_some_and(|actions| wanted.is_subset(actions)))
    }

    /// Whether the catalog is among them.
    #[must_use]
    pub fn has_catalog(&self) -> bool {
        self.0.keys().any(|(kind, _)| kind == "registry")
    }

    /// The larger set whose token serves these too, when there is a usual one: who may push may pull.
    pub(super) fn widened(&self) -> Option<Self> {
        let mut wider = self.clone();
        for actions in wider.0.values_mut() {
            actions.insert("push".to_owned());
        }
        (!self.has_catalog() && wider != *self).then_some(wider)
    }

    /// Each scope as it stands in a token request.
    pub fn iter(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|((kind, name), actions)| {
            let actions: Vec<&str> = actions.iter().map(String::as_str).collect();
            format!("{kind}:{name}:{}", actions.join(","))
        })
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iter().collect::<Vec<_>>().join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_sets() {
        let app: Repository = "team/app".parse().unwrap();
        let push = Scopes::repository(&app, Access::Push);
        assert_eq!(push.to_string(), "repository:team/app:pull,push");
        assert_eq!(Scopes::parse("repository:team/app:push,pull  nonsense"), push);
        assert_eq!(Scopes::parse("repository:host:5000/app:pull").to_string(), "repository:host:5000/app:pull");
        let pull = Scopes::repository(&app, Access::Pull);
        assert!(push.covers(&pull) && !pull.covers(&push) && pull.covers(&Scopes::none()));
        assert_eq!(pull.widened(), Some(push.clone()));
        assert_eq!(push.widened(), None);
        let both = pull.and(&Scopes::repository(&"a".parse().unwrap(), Access::Pull));
        assert_eq!(both.to_string(), "repository:a:pull repository:team/app:pull");
    }
}
