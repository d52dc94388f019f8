//! What a Distribution talks to: a bucket, Redis, the registry it mirrors, those it tells of pushes.
//!
//! Read from `configuration/configuration.go`, `registry/storage/driver/s3-aws` and `registry/handlers/app.go`. Each of these may
//! hold a secret.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde::{Serialize, Serializer};

use super::Settings;
use super::beside::{REDIS, REDIS_PORT, origin, redis_password};
use crate::error::{Error, Result};
use crate::http::Url;
use crate::options::Feature;
use crate::secret::Secret;
use crate::version::Version;

/// How long a cache may take for anything: longer, and to do without is faster.
const SOON: &str = "1s";

/// HTTP headers: each a list.
pub type Headers = BTreeMap<String, Vec<Text>>;

/// A text of a file that may be a secret.
#[derive(Debug, Clone)]
pub enum Text {
    /// One that anybody may read.
    Plain(String),
    /// One that nobody may.
    Hidden(Secret),
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::Plain(text) => text,
            Self::Hidden(secret) => secret.expose(),
        })
    }
}

/// A bucket.
#[derive(Debug, Clone, Serialize)]
pub struct S3 {
    /// Its name.
    pub bucket: String,
    /// Where it is.
    pub region: String,
    /// The server, when it is not Amazon's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regionendpoint: Option<String>,
    /// Whether the bucket's name is a path on the server, not a part of its host; since 3.0, before it is with any endpoint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forcepathstyle: Option<bool>,
    /// The key's public half.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accesskey: Option<String>,
    /// The other half.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secretkey: Option<Text>,
}

/// A Redis, as 2.8 says it or as 3 does.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Redis {
    /// Host and port; before 3.0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub addr: Option<String>,
    /// Host and port; since 3.0.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addrs: Vec<String>,
    /// The name to log in with; since 3.0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<Text>,
    /// The number of the database.
    pub db: u32,
    /// How long it may take to connect, as a Go duration: without, every request waits minutes for one that is not reached.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub dialtimeout: &'static str,
    /// How long it may take to answer, likewise.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub readtimeout: &'static str,
    /// How long it may take to be told something, likewise.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub writetimeout: &'static str,
    /// Connections that are kept; before 3.0, which keeps some by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pool: Option<Pool>,
}

/// Connections that are kept.
#[derive(Debug, Clone, Serialize)]
pub struct Pool {
    /// While nobody uses them.
    pub maxidle: u32,
    /// At most.
    pub maxactive: u32,
    /// How long, as a Go duration.
    pub idletimeout: &'static str,
}

/// The registry that this one is a mirror of. Nothing can be pushed to a mirror.
#[derive(Debug, Clone, Serialize)]
pub struct Proxy {
    /// Its address.
    pub remoteurl: String,
    /// The name to log in with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The password.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<Text>,
}

/// Who is told of pushes, pulls and deletions.
#[derive(Debug, Clone, Serialize)]
pub struct Notifications {
    /// Each of them.
    pub endpoints: Vec<Endpoint>,
}

/// One who is told. What could not be told is told again, until the registry ends.
#[derive(Debug, Clone, Serialize)]
pub struct Endpoint {
    /// What it is called in metrics.
    pub name: String,
    /// The address.
    pub url: String,
    /// What is sent along.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: Headers,
    /// How long one may take, as a Go duration.
    pub timeout: &'static str,
    /// How often it may fail until it is left alone for a while.
    pub threshold: u32,
    /// How long it is left alone, as a Go duration.
    pub backoff: &'static str,
    /// What it is not told of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore: Option<Ignore>,
}

/// What somebody is not told of.
#[derive(Debug, Clone, Serialize)]
pub struct Ignore {
    /// `push`, `pull`, `delete`.
    pub actions: Vec<&'static str>,
}

/// When it refuses everything by itself.
#[derive(Debug, Clone, Serialize)]
pub struct Health {
    /// While its storage is not there.
    pub storagedriver: StorageDriver,
}

/// How it finds out that its storage is not there.
#[derive(Debug, Clone, Serialize)]
pub struct StorageDriver {
    /// Whether it looks.
    pub enabled: bool,
    /// How often.
    pub interval: String,
    /// After how many looks in vain.
    pub threshold: u32,
}

impl Default for Health {
    fn default() -> Self {
        // As in upstream's examples.
        Self { storagedriver: StorageDriver { enabled: true, interval: "10s".to_owned(), threshold: 3 } }
    }
}

pub(super) fn s3(settings: &Settings, version: Version) -> Option<S3> {
    let s3 = settings.options.s3.as_ref()?;
    Some(S3 {
        bucket: s3.bucket.clone(),
        region: s3.region.clone(),
        regionendpoint: s3.endpoint.clone(),
        forcepathstyle: (s3.endpoint.is_some() && version >= Version::new(3, 0, 0)).then_some(true),
        accesskey: s3.access_key.clone(),
        secretkey: settings.secrets.s3_secret_key.clone().map(Text::Hidden),
    })
}

/// Whether its cache is in Redis.
pub(super) fn has_redis(settings: &Settings) -> bool {
    settings.options.redis || settings.options.has(Feature::Redis, false)
}

/// Where Redis is: beside it, or where the URL says.
pub(super) fn redis(settings: &Settings, version: Version) -> Result<Option<Redis>> {
    if settings.options.has(Feature::Redis, false) {
        if settings.options.redis {
            return Err(Error::usage("--with redis starts a Redis, and --redis-url-file names another")
                .hint("`--without redis` takes both back"));
        }
        let password = settings.secret.as_ref().map(redis_password).map(Text::Hidden);
        return Ok(Some(Redis::at(format!("{REDIS}:{REDIS_PORT}"), None, password, 0, version)));
    }
    if !settings.options.redis {
        return Ok(None);
    }
    elsewhere(settings, version).map(Some)
}

/// `redis://[USER:PASSWORD@]HOST[:PORT][/DB]`; nothing of a wrong one is told, for it is a secret.
fn elsewhere(settings: &Settings, version: Version) -> Result<Redis> {
    let Some(secret) = &settings.secrets.redis_url else { return Ok(Redis::default()) };
    let wrong = |why: &str| Error::input(format!("the URL of Redis {why}")).hint("redis://[USER:PASSWORD@]HOST[:PORT][/DB]");
    let url = Url::parse(secret.expose().trim()).map_err(|_| wrong("is not a URL"))?;
    match url.scheme() {
        "redis" => {}
        "rediss" => {
            return Err(wrong("asks for TLS, which needs files").hint("redis.tls in a file for --config-base names them"));
        }
        _ => return Err(wrong("does not begin with redis://")),
    }
    let host = url.host_str().ok_or_else(|| wrong("names no host"))?;
    let addr = format!("{host}:{}", url.port().unwrap_or(6379));
    let db = match url.path().trim_matches('/') {
        "" => 0,
        number => number.parse().map_err(|_| wrong("has a database that is not a number"))?,
    };
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let username = Some(decoded(url.username())).filter(|name| !name.is_empty());
    let password = url.password().map(|password| Text::Hidden(Secret::new(decoded(password))));
    if version < Version::new(3, 0, 0) && username.as_ref().is_some_and(|name| name != "default") {
        return Err(Error::unsupported(format!(
            "Distribution {version} logs in to Redis without a name: users are known since 3.0"
        ))
        .hint("redis://:PASSWORD@HOST"));
    }
    Ok(Redis::at(addr, username, password, db, version))
}

impl Redis {
    /// As this release says it.
    fn at(addr: String, username: Option<String>, password: Option<Text>, db: u32, version: Version) -> Self {
        let own = Self { password, db, dialtimeout: SOON, readtimeout: SOON, writetimeout: SOON, ..Self::default() };
        if version >= Version::new(3, 0, 0) {
            return Self { addrs: vec![addr], username, ..own };
        }
        let pool = Pool { maxidle: 16, maxactive: 64, idletimeout: "300s" };
        Self { addr: Some(addr), pool: Some(pool), ..own }
    }
}

pub(super) fn proxy(settings: &Settings) -> Option<Proxy> {
    let mirror = settings.options.mirror.as_ref()?;
    Some(Proxy {
        remoteurl: mirror.url.clone(),
        username: mirror.username.clone(),
        password: settings.secrets.mirror_password.clone().map(Text::Hidden),
    })
}

pub(super) fn notifications(settings: &Settings) -> Option<Notifications> {
    let webhook = settings.options.webhook.as_ref()?;
    let endpoint = Endpoint::new("reg", &webhook.url, settings.secrets.webhook_header.clone(), Vec::new());
    Some(Notifications { endpoints: vec![endpoint] })
}

impl Endpoint {
    fn new(name: &str, url: &str, header: Option<Secret>, ignored: Vec<&'static str>) -> Self {
        Self {
            name: name.to_owned(),
            url: url.to_owned(),
            headers: header.map(|header| ("Authorization".to_owned(), vec![Text::Hidden(header)])).into_iter().collect(),
            timeout: "5s",
            threshold: 5,
            backoff: "10s",
            ignore: (!ignored.is_empty()).then_some(Ignore { actions: ignored }),
        }
    }
}

/// One who is told, and not of what is ignored, as a value of the configuration.
#[must_use]
pub fn endpoint(name: &str, url: &str, header: Option<Secret>, ignored: Vec<&'static str>) -> serde_json::Value {
    let endpoint = Endpoint::new(name, url, header, ignored);
    serde_json::to_value(endpoint).unwrap_or_else(|fault| unreachable!("texts that JSON cannot say: {fault}"))
}

/// What a browser must be told before a page of another origin may use the registry.
pub(super) fn cors(settings: &Settings) -> Headers {
    let Some(origin) = origin(settings) else { return Headers::new() };
    let list = |texts: &[&str]| texts.iter().map(|&text| Text::Plain(text.to_owned())).collect();
    let mut headers = Headers::from([
        ("Access-Control-Allow-Origin".to_owned(), list(&[origin])),
        ("Access-Control-Allow-Methods".to_owned(), list(&["HEAD", "GET", "OPTIONS", "DELETE"])),
        ("Access-Control-Allow-Headers".to_owned(), list(&["Authorization", "Accept", "Cache-Control"])),
        ("Access-Control-Expose-Headers".to_owned(), list(&["Docker-Content-Digest"])),
    ]);
    // A browser does not send logins to a registry that says `*`.
    if origin != "*" {
        headers.insert("Access-Control-Allow-Credentials".to_owned(), list(&["true"]));
    }
    headers
}
