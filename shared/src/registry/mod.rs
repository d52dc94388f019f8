//! What each type of registry can do. The only place that matches on the type.
//!
//! A closed set as an enum: the match arms are the support table, and a new type does not compile until every row is filled.

mod check;
mod companion;
pub mod container;
mod garbage;
mod health;
mod layout;
mod metrics;
mod plan;
mod probe;
mod pushed;
mod ready;
mod tag;

pub use check::{reader, refused, verify};
pub use companion::Companion;
pub use garbage::{Collection, Program};
pub use health::Health;
pub use layout::{Arranged, Beside, MARK, Mark, Others};
pub use plan::{ConfigFile, HIDDEN, Laid, Launch, Plan, host};
pub use probe::probe;
pub use ready::{page_answers, ready, ready_at, trusted};

pub use crate::distribution::Garbage;
use crate::document::Type;
use crate::htpasswd::Reader;
use crate::version::Version;
pub use crate::zot::Schedule;

/// A type of registry, as what it can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registry {
    /// Our own small server.
    Embedded,
    /// zot.
    Zot,
    /// Harbor.
    Harbor,
    /// Distribution.
    Distribution,
    /// Any other.
    Oci,
}

impl From<Type> for Registry {
    fn from(kind: Type) -> Self {
        match kind {
            Type::Embedded => Self::Embedded,
            Type::Zot => Self::Zot,
            Type::Harbor => Self::Harbor,
            Type::Distribution => Self::Distribution,
            Type::Oci => Self::Oci,
        }
    }
}

impl From<Option<Type>> for Registry {
    /// A registry of an unknown type is any other.
    fn from(kind: Option<Type>) -> Self {
        kind.map_or(Self::Oci, Self::from)
    }
}

impl Registry {
    /// Whether reg-up can start one on this machine.
    #[must_use]
    pub fn starts(self) -> bool {
        match self {
            Self::Embedded | Self::Zot | Self::Distribution => true,
            Self::Harbor | Self::Oci => false,
        }
    }

    /// Whether it needs a secret that stays the same over restarts: Distribution signs the state of uploads with one.
    #[must_use]
    pub fn keeps_a_secret(self) -> bool {
        match self {
            Self::Distribution => true,
            Self::Embedded | Self::Zot | Self::Harbor | Self::Oci => false,
        }
    }

    /// Whether a running one presents a certificate that was renewed in its file. zot looks since 2.1.15
    /// (`pkg/api/tls_config_watcher.go`), Distribution reads it once.
    #[must_use]
    pub fn rereads_its_certificate(self, version: Option<&str>) -> bool {
        match self {
            Self::Embedded => true,
            Self::Zot => version.and_then(|text| text.parse::<Version>().ok()).is_some_and(|own| own >= Version::new(2, 1, 15)),
            Self::Distribution | Self::Harbor | Self::Oci => false,
        }
    }

    /// How it reads an htpasswd file, as far as it is known; none for one that keeps its users itself, or of which nothing is known.
    #[must_use]
    pub fn htpasswd_reader(self, version: Option<&str>) -> Option<Reader> {
        match self {
            Self::Embedded => Some(Reader::Embedded),
            Self::Zot => Some(Reader::Zot(version.and_then(|version| version.parse().ok()))),
            Self::Distribution => Some(Reader::Distribution),
            Self::Harbor | Self::Oci => None,
        }
    }

    /// Whether its users stand in its own database.
    #[must_use]
    pub fn keeps_users_itself(self) -> bool {
        match self {
            Self::Harbor => true,
            Self::Embedded | Self::Zot | Self::Distribution | Self::Oci => false,
        }
    }

    /// Whether it watches the inode of its htpasswd file, so that a file renamed over it is never seen: zot up to 2.1.20
    /// (pkg/api/htpasswd.go).
    #[must_use]
    pub fn watches_inode(self) -> bool {
        match self {
            Self::Zot => true,
            Self::Embedded | Self::Distribution | Self::Harbor | Self::Oci => false,
        }
    }

    /// Whether it sees a change of its htpasswd file while it runs. zot does since 2.1.3; of another release it is not known.
    #[must_use]
    pub fn sees_new_users(self, version: Option<&str>) -> Option<bool> {
        let version: Option<Version> = version.and_then(|version| version.parse().ok());
        match self {
            Self::Zot => version.map(|version| version >= Version::new(2, 1, 3)),
            Self::Embedded | Self::Distribution | Self::Harbor | Self::Oci => Some(true),
        }
    }

    /// Whether a tag goes without the manifest it points to. Distribution before 3.0 and its kin delete by digest only.
    #[must_use]
    pub fn deletes_tags(self, version: Option<&str>) -> bool {
        match self {
            Self::Embedded | Self::Zot | Self::Harbor => true,
            Self::Distribution => version.is_none_or(|version| !version.starts_with("2.")),
            Self::Oci => true,
        }
    }
}
