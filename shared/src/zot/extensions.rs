//! zot's extensions: what is built in beyond the registry itself.
//!
//! Read from `pkg/extensions/config`. A build without one warns and goes on without, so it is refused here when it is asked for.

use std::path::PathBuf;

use serde::{Serialize, Serializer};

use super::{Build, METRICS, Settings};
use crate::error::{Error, Result};
use crate::options::{Feature, Options};
use crate::secret::Secret;
use crate::version::Version;

/// What is built in beyond the registry itself.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Extensions {
    /// Prometheus metrics.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metrics: Option<Metrics>,
    /// Questions about images.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<Search>,
    /// Pages for a browser; needs search.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ui: Option<Switch>,
    /// What is stored is read again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scrub: Option<Scrub>,
    /// Who is told of pushes and deletions; since 2.1.3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<Events>,
    /// What is fetched from other registries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync: Option<Sync>,
}

/// A switch.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Switch {
    /// Whether it is on.
    pub enable: bool,
}

/// Prometheus metrics.
#[derive(Debug, Clone, Serialize)]
pub struct Metrics {
    /// Whether they are served.
    pub enable: bool,
    /// Where.
    pub prometheus: Prometheus,
}

/// Where metrics are served.
#[derive(Debug, Clone, Serialize)]
pub struct Prometheus {
    /// The path.
    pub path: String,
}

/// Questions about images.
#[derive(Debug, Clone, Serialize)]
pub struct Search {
    /// Whether they are answered.
    pub enable: bool,
    /// A scan for known holes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cve: Option<Cve>,
}

/// A scan for known holes, by Trivy, whose database zot fetches.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cve {
    /// How often the database is fetched, as a Go duration of two hours or more.
    pub update_interval: String,
}

/// What is stored is read again.
#[derive(Debug, Clone, Serialize)]
pub struct Scrub {
    /// Whether it is.
    pub enable: bool,
    /// How often, as a Go duration of two hours or more.
    pub interval: String,
}

/// Who is told of pushes and deletions.
#[derive(Debug, Clone, Serialize)]
pub struct Events {
    /// Whether somebody is.
    pub enable: bool,
    /// Who.
    pub sinks: Vec<Sink>,
}

/// One who is told, by CloudEvents; once, and not again when that fails.
#[derive(Debug, Clone, Serialize)]
pub struct Sink {
    /// `http`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The address.
    pub address: String,
    /// How long one may take, as a Go duration.
    pub timeout: &'static str,
    /// What is sent along; since 2.1.5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headers: Option<Headers>,
}

/// What is sent along.
#[derive(Debug, Clone, Serialize)]
pub struct Headers {
    /// How zot is known there.
    #[serde(rename = "Authorization", serialize_with = "expose")]
    pub authorization: Secret,
}

fn expose<S: Serializer>(secret: &Secret, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

/// What is fetched from other registries.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sync {
    /// Whether anything is.
    pub enable: bool,
    /// The file of logins by host ([`credentials`]).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credentials_file: Option<PathBuf>,
    /// From where.
    pub registries: Vec<Upstream>,
}

/// A registry that is fetched from.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Upstream {
    /// Its addresses, of which the first that answers counts.
    pub urls: Vec<String>,
    /// Whether an image is fetched when somebody asks for it.
    pub on_demand: bool,
    /// Whether its certificate is checked.
    pub tls_verify: bool,
    /// Whether manifests stay as they are; needs `http.compat`; since 2.1.3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preserve_digest: Option<bool>,
    /// How often everything is fetched, as a Go duration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub poll_interval: Option<String>,
    /// Which repositories; all when somebody asks, none otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub content: Vec<Content>,
}

/// Which repositories are fetched.
#[derive(Debug, Clone, Serialize)]
pub struct Content {
    /// The beginning of their names, as a glob.
    pub prefix: String,
}

impl Extensions {
    /// The extensions that the settings ask for; none when they ask for nothing.
    pub(super) fn new(settings: &Settings, build: &Build) -> Result<Option<Self>> {
        let options = &settings.options;
        let on = |feature| options.has(feature, false);
        if on(Feature::Ui) && !options.has(Feature::Search, true) {
            return Err(Error::usage("the UI needs search").hint("leave out `--without search`, or add `--without ui`"));
        }
        if on(Feature::Cve) && !options.has(Feature::Search, true) {
            return Err(Error::usage("the scan needs search").hint("leave out `--without search`, or add `--without cve`"));
        }
        let search = on(Feature::Search) || on(Feature::Ui) || on(Feature::Cve);
        // First of all, for a release that does not have them yet is built without them, however full its build is.
        let events = events(settings, build)?;
        if let Some(name) = wanted(options).into_iter().find(|name| !build.has(name)) {
            return Err(Error::unsupported(format!("this zot is built without {name}")).hint(
                "zot's full build has it (`zot-linux-amd64` where `zot-linux-amd64-minimal` has not); name it with --binary",
            ));
        }
        let metrics = build.metrics().filter(|_| options.has(Feature::Metrics, true));
        let metrics = metrics.or_else(|| on(Feature::Metrics).then_some(METRICS));
        let extensions = Self {
            metrics: metrics.map(|path| Metrics { enable: true, prometheus: Prometheus { path: path.to_owned() } }),
            search: search
                .then(|| Search { enable: true, cve: on(Feature::Cve).then(|| Cve { update_interval: "24h".to_owned() }) }),
            ui: on(Feature::Ui).then_some(Switch { enable: true }),
            scrub: on(Feature::Scrub).then(|| Scrub { enable: true, interval: "24h".to_owned() }),
            events,
            sync: sync(settings, build),
        };
        Ok(extensions.any().then_some(extensions))
    }

    fn any(&self) -> bool {
        self.metrics.is_some() || self.search.is_some() || self.scrub.is_some() || self.events.is_some() || self.sync.is_some()
    }
}

/// The extensions that options need.
fn wanted(options: &Options) -> Vec<&'static str> {
    let on = |feature| options.has(feature, false);
    let all = [
        ("metrics", on(Feature::Metrics)),
        ("search", on(Feature::Search) || on(Feature::Ui) || on(Feature::Cve)),
        ("ui", on(Feature::Ui)),
        ("scrub", on(Feature::Scrub)),
        ("events", options.webhook.is_some()),
        ("sync", options.mirror.is_some()),
    ];
    all.into_iter().filter_map(|(name, wanted)| wanted.then_some(name)).collect()
}

/// What somebody should know who asks this build for these options.
pub fn caveats(options: &Options, build: &Build) -> impl Iterator<Item = String> {
    let wanted = wanted(options);
    let silent = build.version.is_none() && build.extensions.is_empty() && !wanted.is_empty();
    let silent = silent
        .then(|| format!("this zot does not say what is built into it: without {} it goes on without a word", wanted.join(", ")));
    let source = "extensions.search.cve.trivy.dbrepository";
    let elsewhere = options.base.is_some() || options.set.keys().any(|key| key.eq_ignore_ascii_case(source));
    let holes = (options.has(Feature::Cve, false) && !elsewhere).then(|| {
        "zot gets the list of known holes from ghcr.io by itself, and finds none before it is there; its log tells when it does not come"
            .to_owned()
    });
    silent.into_iter().chain(holes)
}

fn events(settings: &Settings, build: &Build) -> Result<Option<Events>> {
    let Some(webhook) = &settings.options.webhook else { return Ok(None) };
    let since = if webhook.header { Version::new(2, 1, 5) } else { Version::new(2, 1, 3) };
    if !build.since(since) {
        let what = if webhook.header { "headers of webhooks" } else { "webhooks" };
        return Err(build.too_old(what, since));
    }
    let sink = Sink::new(&webhook.url, settings.secrets.webhook_header.clone());
    Ok(Some(Events { enable: true, sinks: vec![sink] }))
}

impl Sink {
    fn new(url: &str, header: Option<Secret>) -> Self {
        let headers = header.map(|authorization| Headers { authorization });
        Self { kind: "http", address: url.to_owned(), timeout: "10s", headers }
    }
}

/// One who is told, as a value of the configuration.
#[must_use]
pub fn sink(url: &str, header: Option<Secret>) -> serde_json::Value {
    serde_json::to_value(Sink::new(url, header)).unwrap_or_else(|fault| unreachable!("texts that JSON cannot say: {fault}"))
}

fn sync(settings: &Settings, build: &Build) -> Option<Sync> {
    let mirror = settings.options.mirror.as_ref()?;
    let upstream = Upstream {
        urls: vec![mirror.url.clone()],
        on_demand: true,
        tls_verify: true,
        preserve_digest: build.since(Version::new(2, 1, 3)).then_some(true),
        poll_interval: mirror.every_seconds.map(|seconds| format!("{seconds}s")),
        content: mirror.every_seconds.map(|_| Content { prefix: "**".to_owned() }).into_iter().collect(),
    };
    Some(Sync {
        enable: true,
        credentials_file: mirror.password.then(|| settings.folder.join(super::CREDENTIALS)),
        registries: vec![upstream],
    })
}

/// The text of the file with the login for the registry that is mirrored; none when there is nothing to log in with.
#[must_use]
pub fn credentials(settings: &Settings) -> Option<Secret> {
    let mirror = settings.options.mirror.as_ref()?;
    let password = settings.secrets.mirror_password.as_ref()?;
    // zot looks it up by host and port.
    let host = mirror.url.split_once("://").map_or(mirror.url.as_str(), |(_, rest)| rest).split('/').next()?;
    let login = serde_json::json!({ host: {"username": mirror.username, "password": password.expose()} });
    Some(Secret::new(format!("{login}\n")))
}
