//! What a registry is to do beyond storing images, in words that hold for every type.
//!
//! Kept in an instance's settings, so it holds no secret: those are files of the instance, and here stands only that there is one
//! ([`Secrets`]). Which type can do what is told by `zot` and `distribution`, where these become keys.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::http::Url;
use crate::secret::Secret;

/// Something that is on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Feature {
    /// A file of who did what.
    Audit,
    /// A scan for known holes in what images hold.
    Cve,
    /// The same blob in two repositories is stored once.
    Dedupe,
    /// Manifests and blobs can be deleted.
    Delete,
    /// What nothing refers to any more is removed by itself.
    Gc,
    /// Prometheus metrics.
    Metrics,
    /// Nothing can be written.
    ReadOnly,
    /// Its cache is in a Redis of its own, beside it.
    Redis,
    /// What is stored is read again and hashed, every day.
    Scrub,
    /// Questions about images, beyond what the distribution spec knows.
    Search,
    /// Pages for a browser.
    Ui,
}

impl Feature {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Audit,
        Self::Cve,
        Self::Dedupe,
        Self::Delete,
        Self::Gc,
        Self::Metrics,
        Self::ReadOnly,
        Self::Redis,
        Self::Scrub,
        Self::Search,
        Self::Ui,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Audit => "audit",
            Self::Cve => "cve",
            Self::Dedupe => "dedupe",
            Self::Delete => "delete",
            Self::Gc => "gc",
            Self::Metrics => "metrics",
            Self::ReadOnly => "read-only",
            Self::Redis => "redis",
            Self::Scrub => "scrub",
            Self::Search => "search",
            Self::Ui => "ui",
        }
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Feature {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|feature| feature.name() == text).ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|feature| feature.name()).collect();
            Error::usage(format!("what can be switched is {}", names.join(", ")))
        })
    }
}

/// What was asked for; what is not here is as the type has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Options {
    /// What was switched on or off.
    pub switches: BTreeMap<Feature, bool>,
    /// The registry that this one is a mirror of.
    pub mirror: Option<Mirror>,
    /// Who is told of pushes and deletions.
    pub webhook: Option<Webhook>,
    /// The page that may speak to it from a browser, as an origin (`https://ui.example`) or `*`.
    pub cors: Option<String>,
    /// How many requests it takes in a second.
    pub rate_limit: Option<u32>,
    /// The bucket that its data is in, in place of a folder.
    pub s3: Option<S3>,
    /// Whether its cache is in a Redis that somebody else runs; where, is a secret.
    pub redis: bool,
    /// Values set by their keys, as they were typed.
    pub set: BTreeMap<String, String>,
    /// The name of the configuration file that lies below ours; the instance has its copy.
    pub base: Option<String>,
}

/// Another registry, whose images are fetched when somebody asks for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mirror {
    /// Its address.
    pub url: String,
    /// How often everything is fetched, asked for or not, in seconds.
    pub every_seconds: Option<u64>,
    /// The name to log in with.
    pub username: Option<String>,
    /// Whether there is a password.
    pub password: bool,
}

/// An address that is told of what happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Webhook {
    /// The address.
    pub url: String,
    /// Whether there is an `Authorization` header to send.
    pub header: bool,
}

/// A bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct S3 {
    /// Its name.
    pub bucket: String,
    /// Where it is.
    pub region: String,
    /// The server, when it is not Amazon's.
    pub endpoint: Option<String>,
    /// The key's public half; without it the machine's own role counts.
    pub access_key: Option<String>,
    /// Whether there is the other half.
    pub secret_key: bool,
}

/// The secrets that belong to options. None where one is not asked for, or where a configuration is only looked at.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    /// Of [`Mirror`].
    pub mirror_password: Option<Secret>,
    /// Of [`Webhook`]: the whole value of the header.
    pub webhook_header: Option<Secret>,
    /// Of [`S3`].
    pub s3_secret_key: Option<Secret>,
    /// `redis://[USER:PASSWORD@]HOST:PORT[/DB]`
    pub redis_url: Option<Secret>,
}

impl Options {
    /// Whether something is on: switched, or by default.
    #[must_use]
    pub fn has(&self, feature: Feature, default: bool) -> bool {
        self.switches.get(&feature).copied().unwrap_or(default)
    }

    /// Refuses everything that is switched, set or named and not in `can`.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Unsupported`], with what cannot be done.
    pub fn only(&self, who: &str, features: &[Feature], parts: &[Part]) -> Result<()> {
        let feature = self.switches.keys().find(|feature| !features.contains(feature)).map(ToString::to_string);
        let part = self.parts().into_iter().find(|part| !parts.contains(part)).map(|part| part.flag().to_owned());
        match feature.map(|name| format!("--with or --without {name}")).or(part) {
            None => Ok(()),
            Some(what) => {
                let error = Error::unsupported(format!("{who} has nothing for {what}"));
                let names = features.iter().map(|feature| feature.name());
                let names: Vec<&str> = names.chain(parts.iter().map(|part| part.flag())).collect();
                Err(if names.is_empty() {
                    error.hint("--type zot and --type distribution have options")
                } else {
                    error.hint(format!("it has {}", names.join(", ")))
                })
            }
        }
    }

    /// What leads to the machine that the registry itself is on, as 127.0.0.1 does: in a container that is the container alone.
    #[must_use]
    pub fn leads_to_itself(&self, secrets: &Secrets) -> Vec<Part> {
        let addresses = [
            (Part::Mirror, self.mirror.as_ref().map(|mirror| &*mirror.url)),
            (Part::Webhook, self.webhook.as_ref().map(|webhook| &*webhook.url)),
            (Part::S3, self.s3.as_ref().and_then(|s3| s3.endpoint.as_deref())),
            (Part::Redis, secrets.redis_url.as_ref().map(Secret::expose)),
        ];
        let itself = |url: Url| {
            let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
            host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        };
        let leads = |url: Option<&str>| url.and_then(|url| Url::parse(url).ok()).is_some_and(itself);
        addresses.into_iter().filter_map(|(part, url)| leads(url).then_some(part)).collect()
    }

    /// What is asked for beside switches.
    fn parts(&self) -> Vec<Part> {
        let there = [
            (Part::Mirror, self.mirror.is_some()),
            (Part::MirrorEvery, self.mirror.as_ref().is_some_and(|mirror| mirror.every_seconds.is_some())),
            (Part::Webhook, self.webhook.is_some()),
            (Part::Cors, self.cors.is_some()),
            (Part::RateLimit, self.rate_limit.is_some()),
            (Part::S3, self.s3.is_some()),
            (Part::Redis, self.redis),
            (Part::Set, !self.set.is_empty()),
            (Part::Base, self.base.is_some()),
        ];
        there.into_iter().filter_map(|(part, there)| there.then_some(part)).collect()
    }
}

/// What can be asked for beside switches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the field of its name")]
pub enum Part {
    Mirror,
    MirrorEvery,
    Webhook,
    Cors,
    RateLimit,
    S3,
    Redis,
    Set,
    Base,
}

impl Part {
    /// The flag that asks for it.
    #[must_use]
    pub fn flag(self) -> &'static str {
        match self {
            Self::Mirror => "--mirror-of",
            Self::MirrorEvery => "--mirror-every",
            Self::Webhook => "--webhook",
            Self::Cors => "--cors",
            Self::RateLimit => "--rate-limit",
            Self::S3 => "--s3-bucket",
            Self::Redis => "--redis-url-file",
            Self::Set => "--set",
            Self::Base => "--config-base",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_refused_by_name() {
        let mut options = Options::default();
        assert!(options.only("it", &[], &[]).is_ok());
        options.switches.insert(Feature::Ui, true);
        let error = options.only("the embedded registry", &[], &[]).unwrap_err();
        assert_eq!(error.to_string(), "the embedded registry has nothing for --with or --without ui");
        assert!(options.only("zot", &[Feature::Ui], &[]).is_ok());
        options.redis = true;
        let error = options.only("zot", &[Feature::Ui], &[Part::Cors]).unwrap_err();
        assert_eq!(
            (error.to_string().as_str(), error.hint_text()),
            ("zot has nothing for --redis-url-file", Some("it has ui, --cors"))
        );
    }

    #[test]
    fn an_address_of_this_machine_alone_is_found_in_every_kind_of_url() {
        let mirror = |url: &str| Some(Mirror { url: url.to_owned(), every_seconds: None, username: None, password: false });
        for (url, itself) in [
            ("http://127.0.0.1:5000", true),
            ("https://localhost", true),
            ("http://[::1]:5000", true),
            ("https://registry-1.docker.io", false),
            ("http://172.17.0.1:5000", false),
            ("http://localhost.example", false),
        ] {
            let options = Options { mirror: mirror(url), ..Options::default() };
            assert_eq!(options.leads_to_itself(&Secrets::default()) == [Part::Mirror], itself, "{url}");
        }
        for (url, itself) in
            [("redis://:secret@127.0.0.1:6379/0", true), ("redis://[::1]:6379", true), ("redis://cache:6379", false)]
        {
            let secrets = Secrets { redis_url: Some(Secret::from_line(url.to_owned())), ..Secrets::default() };
            assert_eq!(Options::default().leads_to_itself(&secrets) == [Part::Redis], itself, "{url}");
        }
    }

    #[test]
    fn they_are_kept_by_name() {
        let options = Options { switches: [(Feature::ReadOnly, true)].into(), ..Options::default() };
        let text = serde_json::to_string(&options).unwrap();
        assert!(text.contains(r#""switches":{"read-only":true}"#), "{text}");
        assert_eq!(serde_json::from_str::<Options>(&text).unwrap(), options);
        assert_eq!(serde_json::from_str::<Options>("{}").unwrap(), Options::default());
        for feature in Feature::ALL {
            assert_eq!(feature.name().parse::<Feature>().unwrap(), feature);
            assert_eq!(serde_json::to_value(feature).unwrap(), feature.name());
        }
    }
}
