//! A namespace: a prefix of repository names that carries policy.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::Pattern;
use crate::name::{Repository, quoted};
use crate::size;

/// A prefix of repository names that carries policy: of the repository of this name, and of all whose names go on with a slash. Of
/// two that both cover a repository, the longer counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Namespace {
    /// The prefix.
    #[schemars(with = "String")]
    pub name: Repository,
    /// What it is for, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether everybody may read, without a login.
    #[serde(default)]
    pub public: bool,
    /// The most that its blobs may take, in bytes; `10GiB` is read, too.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "bytes")]
    #[schemars(with = "Option<Bytes>")]
    pub quota: Option<u64>,
    /// What is kept: a tag is, when any rule that matches it keeps it, and one that no rule matches is not. A repository that no rule
    /// is about keeps everything. A single rule may stand for a list.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "one_or_many")]
    #[schemars(with = "Rules")]
    pub retention: Vec<RetentionRule>,
    /// Tags that, once pushed, neither change nor go; retention keeps them, too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub immutable_tags: Vec<Pattern>,
    /// What is demanded of images.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "crate::document::object")]
    pub scan: Option<Scan>,
    /// Who may do what: all of it, what is not here is denied. Administrators may do everything.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub access: Vec<AccessRule>,
}

impl Namespace {
    /// One in which only administrators may do something.
    #[must_use]
    pub fn new(name: Repository) -> Self {
        Self {
            name,
            description: None,
            public: false,
            quota: None,
            retention: Vec::new(),
            immutable_tags: Vec::new(),
            scan: None,
            access: Vec::new(),
        }
    }

    /// Whether a repository is in it, unless a longer one covers it.
    #[must_use]
    pub fn covers(&self, repository: &str) -> bool {
        let rest = repository.strip_prefix(self.name.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

/// The names of many namespaces, to be asked often: an answer takes as long as a name has parts.
#[derive(Debug, Clone, Default)]
pub struct Names<'a>(HashSet<&'a str>);

impl<'a> Names<'a> {
    /// Those of some namespaces.
    pub fn of(namespaces: impl IntoIterator<Item = &'a Namespace>) -> Self {
        Self(namespaces.into_iter().map(|namespace| namespace.name.as_str()).collect())
    }

    /// Whether it is one of them.
    #[must_use]
    pub fn contain(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Whether a repository, or a pattern, is in one of them.
    #[must_use]
    pub fn cover(&self, repository: &str) -> bool {
        let mut name = repository;
        loop {
            if self.0.contains(name) {
                return true;
            }
            let Some((above, _)) = name.rsplit_once('/') else { return false };
            name = above;
        }
    }
}

/// Who may do what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccessRule {
    /// Who: any of these.
    pub subjects: Vec<Subject>,
    /// What.
    pub actions: Vec<Action>,
}

/// Something that may be done in a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// Pull, and see in lists.
    Read,
    /// Push a tag that is not there.
    Create,
    /// Push a tag that is there.
    Update,
    /// Delete tags and manifests.
    Delete,
}

impl Action {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Read, Self::Create, Self::Update, Self::Delete];

    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Create => "create",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Somebody who may do something: `user:NAME`, `group:NAME`, `robot:NAME`, `authenticated` (every login), `anonymous` (everybody).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub enum Subject {
    /// Everybody, with a login or without.
    Anonymous,
    /// Everybody with a login, robots too.
    Authenticated,
    /// Everybody in a group of the layout.
    Group(String),
    /// A user.
    User(String),
    /// A robot of the layout.
    Robot(String),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anonymous => f.write_str("anonymous"),
            Self::Authenticated => f.write_str("authenticated"),
            Self::Group(name) => write!(f, "group:{name}"),
            Self::User(name) => write!(f, "user:{name}"),
            Self::Robot(name) => write!(f, "robot:{name}"),
        }
    }
}

impl FromStr for Subject {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.split_once(':').filter(|(_, name)| !name.is_empty())) {
            ("anonymous", _) => Ok(Self::Anonymous),
            ("authenticated", _) => Ok(Self::Authenticated),
            (_, Some(("group", name))) => Ok(Self::Group(name.to_owned())),
            (_, Some(("user", name))) => Ok(Self::User(name.to_owned())),
            (_, Some(("robot", name))) => Ok(Self::Robot(name.to_owned())),
            _ => Err(format!("expected user:NAME, group:NAME, robot:NAME, authenticated or anonymous, found {}", quoted(text))),
        }
    }
}

impl TryFrom<String> for Subject {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Subject> for String {
    fn from(subject: Subject) -> Self {
        subject.to_string()
    }
}

/// What is kept. A tag that matches is kept when any of the conditions holds, or when its age is not known and would decide. Each
/// rule is held against all tags of a repository, whatever the others say; one of a signature or another referrer (`sha256-…`) is
/// neither counted nor deleted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RetentionRule {
    /// The tags that it is about; all without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Pattern>,
    /// The repositories that it is about, by what follows the namespace's name and slash (nothing, of the repository of that very
    /// name: `*` and `**` take it, too); all without.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repositories: Vec<Pattern>,
    /// Of the tags that match, so many of the newest in each repository are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_last: Option<u32>,
    /// Tags pushed less than so many days ago are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_days: Option<u32>,
    /// All that match are kept.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub always: bool,
}

/// What is demanded of images before they are pulled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scan {
    /// Whether each is scanned when it is pushed.
    #[serde(default)]
    pub on_push: bool,
    /// Images with a hole of this severity or a higher one cannot be pulled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block_severity: Option<Severity>,
    /// Images that nobody signed in this way cannot be pulled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Signature>,
}

/// How bad a hole is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the words of CVSS v3.1, 5")]
pub enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

/// How an image is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names of the two programs")]
pub enum Signature {
    Cosign,
    Notation,
}

/// A size as it may be written.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "the schema of what is read")]
enum Bytes {
    Number(u64),
    Text(String),
}

/// Rules as they may be written.
#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "the schema of what is read")]
enum Rules {
    One(RetentionRule),
    Many(Vec<RetentionRule>),
}

fn bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    struct Size;
    impl Visitor<'_> for Size {
        type Value = Option<u64>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a size in bytes or like \"10GiB\"")
        }
        fn visit_unit<E>(self) -> Result<Option<u64>, E> {
            Ok(None)
        }
        fn visit_u64<E>(self, value: u64) -> Result<Option<u64>, E> {
            Ok(Some(value))
        }
        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Option<u64>, E> {
            size::parse(text).map(Some).map_err(E::custom)
        }
    }
    deserializer.deserialize_any(Size)
}

fn one_or_many<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<RetentionRule>, D::Error> {
    struct OneOrMany;
    impl<'de> Visitor<'de> for OneOrMany {
        type Value = Vec<RetentionRule>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a rule or a list of rules")
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Vec::new())
        }
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            RetentionRule::deserialize(MapAccessDeserializer::new(map)).map(|rule| vec![rule])
        }
        fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Self::Value, A::Error> {
            Vec::deserialize(SeqAccessDeserializer::new(list))
        }
    }
    deserializer.deserialize_any(OneOrMany)
}
