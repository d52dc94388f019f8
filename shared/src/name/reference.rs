//! A manifest as people write it: `team/app:v1`, `team/app@sha256:…`, and where no registry is known, with its host in front.

use std::fmt;
use std::str::FromStr;

use super::{InvalidName, Repository, Selector, quoted};

/// A manifest of a repository, by tag or by digest.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Reference {
    /// Where it is.
    pub repository: Repository,
    /// Which one.
    pub selector: Selector,
}

impl Reference {
    /// The manifest that `selector` names.
    #[must_use]
    pub fn new(repository: &Repository, selector: impl Into<Selector>) -> Self {
        Self { repository: repository.clone(), selector: selector.into() }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.selector {
            Selector::Tag(tag) => write!(f, "{}:{tag}", self.repository),
            Selector::Digest(digest) => write!(f, "{}@{digest}", self.repository),
        }
    }
}

impl FromStr for Reference {
    type Err = InvalidName;

    /// A tag is never made up, and nothing is named twice.
    fn from_str(text: &str) -> Result<Self, InvalidName> {
        if let Some((repository, digest)) = text.split_once('@') {
            if repository.rsplit('/').next().is_some_and(|last| last.contains(':')) {
                return Err(InvalidName(format!("{} names both a tag and a digest", quoted(text))));
            }
            return Ok(Self { repository: repository.parse()?, selector: Selector::Digest(digest.parse()?) });
        }
        let name = text.rsplit('/').next().unwrap_or(text);
        let Some((_, tag)) = name.split_once(':') else {
            let _: Repository = text.parse()?;
            return Err(InvalidName(format!("{} names neither a tag nor a digest", quoted(text))));
        };
        let repository = text[..text.len() - tag.len() - 1].parse()?;
        Ok(Self { repository, selector: Selector::Tag(tag.parse()?) })
    }
}

/// The host in front of a name and the rest. A host has a dot or a port, or is `localhost`.
#[must_use]
pub fn split_host(text: &str) -> Option<(&str, &str)> {
    let (host, rest) = text.split_once('/')?;
    (host == "localhost" || host.contains(['.', ':'])).then_some((host, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_reference_is_a_repository_and_a_tag_or_a_digest() {
        let digest = format!("sha256:{}", "0".repeat(64));
        for text in ["app:v1".to_owned(), "team/app:v1.0".to_owned(), format!("team/app@{digest}")] {
            assert_eq!(text.parse::<Reference>().unwrap().to_string(), text);
        }
        for (text, fault) in [
            ("team/app", "\"team/app\" names neither a tag nor a digest"),
            ("team/app:", "\"\" is not a tag: it is empty"),
            ("Team/app", "\"Team/app\" is not a repository name: it has upper-case letters"),
            ("team/app:v1@sha256:0", "\"team/app:v1@sha256:0\" names both a tag and a digest"),
            ("team/app@sha256:0", "\"sha256:0\" is not a digest: sha256 takes 64 lower-case hexadecimal digits"),
            ("", "\"\" is not a repository name: it is empty"),
        ] {
            assert_eq!(text.parse::<Reference>().unwrap_err().to_string(), fault);
        }
        assert!("localhost:5000/team/app:v1".parse::<Reference>().is_err(), "a host is no part of a repository");
    }

    #[test]
    fn a_host_has_a_dot_or_a_port() {
        assert_eq!(split_host("localhost/app:v1"), Some(("localhost", "app:v1")));
        assert_eq!(split_host("localhost:5000/team/app"), Some(("localhost:5000", "team/app")));
        assert_eq!(split_host("ghcr.io/team/app:v1"), Some(("ghcr.io", "team/app:v1")));
        for relative in ["team/app:v1", "app:v1", "app.v1"] {
            assert_eq!(split_host(relative), None, "{relative}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_panic(text in ".*") {
            let _ = text.parse::<Reference>();
        }
    }
}
