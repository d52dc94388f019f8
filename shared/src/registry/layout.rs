//! What a layout is to each type: its configuration with it, and what cannot be done.
//!
//! Embedded reads the layout itself. zot has access, retention and webhooks in its configuration. Distribution has only webhooks: whoever
//! may log in may do everything, and namespaces, quotas and retention are kept for the tools' own commands.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::Registry;
use crate::error::{Error, Result};
use crate::layout::{Event, Gap, Layout, Names, Webhook};
use crate::lint::{Format, Reader};
use crate::secret::Secret;
use crate::version::Version;
use crate::{access, distribution, yaml, zot};

/// The first release of zot that sends webhooks, and that sends headers with them.
const ZOT_WEBHOOKS: (Version, Version) = (Version::new(2, 1, 3), Version::new(2, 1, 5));

/// How the name of a mark begins that shows whether zot has read its configuration: there for a moment, and nobody's.
const MARK: &str = "reg-mark-";

/// What of a configuration is not the layout's.
#[derive(Debug, Clone, Copy)]
pub struct Others<'a> {
    /// The layout that was stored the last time.
    pub stored: &'a Layout,
    /// Whether rights and webhooks that no layout names go.
    pub prune: bool,
}

/// A configuration as a layout wants it.
#[derive(Debug, Clone, Default)]
pub struct Arranged {
    /// Its text, when it is another one.
    pub text: Option<String>,
    /// What it cannot say.
    pub gaps: Vec<Gap>,
    /// Why the registry must be restarted to read it, when it must.
    pub restart: Option<&'static str>,
}

impl Registry {
    /// Whether its namespaces, users and rights can be made what a layout says.
    #[must_use]
    pub fn takes_layouts(self) -> bool {
        match self {
            Self::Embedded | Self::Zot | Self::Distribution => true,
            Self::Harbor | Self::Oci => false,
        }
    }

    /// What it cannot do of a layout, whatever its configuration says.
    #[must_use]
    pub fn gaps(self, version: Option<&str>, layout: &Layout) -> Vec<Gap> {
        let mut gaps = everywhere(layout);
        match self {
            Self::Embedded => {
                gaps.extend(unpruned(layout));
                gaps.extend(
                    layout.webhooks.iter().map(|hook| Gap::new("webhook", &hook.name, "url", "the embedded registry tells nobody")),
                );
            }
            Self::Zot => {
                let version: Option<Version> = version.and_then(|version| version.parse().ok());
                for hook in &layout.webhooks {
                    gaps.extend(zot_webhook_gaps(hook, version));
                }
            }
            Self::Distribution => {
                gaps.extend(unpruned(layout));
                for namespace in &layout.namespaces {
                    let name = namespace.name.as_str();
                    let reason = "plain Distribution knows no rights: everybody who can log in may do everything";
                    gaps.push(Gap::new("namespace", name, "access", reason));
                    if namespace.public {
                        gaps.push(Gap::new("namespace", name, "public", "Distribution asks everybody to log in"));
                    }
                    if !namespace.immutable_tags.is_empty() {
                        gaps.push(Gap::new("namespace", name, "immutableTags", "Distribution lets every tag be moved"));
                    }
                }
                let limited = layout.webhooks.iter().filter(|hook| !hook.namespaces.is_empty());
                gaps.extend(limited.map(|hook| Gap::new("webhook", &hook.name, "namespaces", "it is told of all of them")));
                for hook in &layout.webhooks {
                    gaps.extend(untold(hook, &[Event::Push, Event::Pull, Event::Delete]));
                }
            }
            Self::Harbor | Self::Oci => {}
        }
        gaps
    }

    /// The configuration that makes the registry what the layout says, out of the one it has. `headers` are those of webhooks, by their
    /// names.
    ///
    /// # Errors
    /// A configuration that is not understood.
    pub fn arrange(
        self,
        version: Option<&str>,
        text: &str,
        layout: &Layout,
        others: &Others<'_>,
        headers: &BTreeMap<String, Secret>,
    ) -> Result<Arranged> {
        let mut config = match self {
            Self::Zot => json_config(text)?,
            Self::Distribution => yaml_config(text)?,
            Self::Embedded | Self::Harbor | Self::Oci => return Ok(Arranged::default()),
        };
        let before = config.clone();
        let mut arranged = self.arrange_value(version, &mut config, layout, others, headers)?;
        if config != before {
            arranged.text = Some(match self {
                Self::Zot => format!("{config:#}\n"),
                _ => yaml::to_string(&config)?,
            });
        }
        Ok(arranged)
    }

    /// The same for a configuration as a value.
    pub(super) fn arrange_value(
        self,
        version: Option<&str>,
        config: &mut Value,
        layout: &Layout,
        others: &Others<'_>,
        headers: &BTreeMap<String, Secret>,
    ) -> Result<Arranged> {
        let mut arranged = Arranged::default();
        match self {
            Self::Zot => {
                let version = version.and_then(|version| version.parse().ok());
                let before = config.clone();
                arranged.gaps = zot_rights(config, layout, others, version)?;
                arranged.gaps.extend(zot_retention(config, layout, others, version)?);
                let told = zot_webhooks(config, layout, others, version, headers);
                arranged.restart = zot_restart(&before, config, told);
            }
            Self::Distribution => {
                if distribution_webhooks(config, layout, others, headers) {
                    arranged.restart = Some("it reads its configuration only when it starts");
                }
            }
            Self::Embedded | Self::Harbor | Self::Oci => {}
        }
        Ok(arranged)
    }

    /// What a configuration without a stored layout says, as a layout, and what of it a layout cannot say.
    ///
    /// # Errors
    /// A configuration that is not understood.
    pub fn layout_of(self, text: &str) -> Result<(Layout, Vec<Gap>)> {
        match self {
            Self::Zot => zot_layout(&json_config(text)?),
            Self::Embedded | Self::Distribution | Self::Harbor | Self::Oci => Ok((Layout::default(), Vec::new())),
        }
    }

    /// The configuration with a mark that a request from outside can see, and its name: everybody may see what is below it. None for a
    /// type that reads its configuration only when it starts. A mark that a killed program left behind is none of a layout's, and goes.
    #[must_use]
    pub fn marked(self, text: &str, nonce: &str) -> Option<(String, String)> {
        match self {
            Self::Zot => {
                let name = format!("{MARK}{nonce}");
                let mut config = json_config(text).ok()?;
                let repositories = config.pointer_mut("/http/accessControl/repositories")?.as_object_mut()?;
                repositories.insert(format!("{name}/**"), json!({"anonymousPolicy": ["read"]}));
                Some((format!("{config:#}\n"), name))
            }
            Self::Embedded | Self::Distribution | Self::Harbor | Self::Oci => None,
        }
    }

    /// Why it would refuse a configuration, in words; asks its own program, too, when one is at hand.
    ///
    /// # Errors
    /// A program that cannot be run.
    pub async fn refuses(
        self,
        search: &[std::path::PathBuf],
        binary: Option<&Path>,
        version: Option<&str>,
        text: &str,
    ) -> Result<Option<String>> {
        let Some(format) = self.format() else { return Ok(None) };
        let reader = Reader::new(format, version.and_then(|version| version.parse().ok()));
        let wrong = reader.check(text).into_iter().find(|finding| finding.severity == crate::document::Severity::Error);
        if let Some(finding) = wrong {
            return Ok(Some(format!("{}: {}", finding.path, finding.problem)));
        }
        let program = match binary {
            Some(binary) => Some(binary.to_owned()),
            None => super::plan::at_hand(format, search).await,
        };
        match program {
            Some(program) if format == Format::Zot => super::verify(format, &program, text).await,
            _ => Ok(None),
        }
    }
}

/// What no type does yet.
fn everywhere(layout: &Layout) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for namespace in &layout.namespaces {
        let name = namespace.name.as_str();
        if namespace.quota.is_some() {
            gaps.push(Gap::new("namespace", name, "quota", "it is measured, not enforced: `reg-ns quota check` tells who is over"));
        }
        if namespace.scan.is_some() {
            gaps.push(Gap::new("namespace", name, "scan", "this type demands nothing of images before they are pulled"));
        }
    }
    let expiring = layout.robots.iter().filter(|robot| robot.expires_days.is_some());
    gaps.extend(
        expiring.map(|robot| Gap::new("robot", &robot.name, "expiresDays", "a login of an htpasswd file does not end by itself")),
    );
    let copies = layout.replications.iter();
    gaps.extend(
        copies
            .map(|copy| Gap::new("replication", &copy.name, "url", "it is not set up: `reg-up configure --mirror-of` is for one")),
    );
    gaps
}

/// Retention where no registry does it by itself.
fn unpruned(layout: &Layout) -> impl Iterator<Item = Gap> {
    let ruled = layout.namespaces.iter().filter(|namespace| !namespace.retention.is_empty());
    ruled.map(|namespace| {
        let reason = "this type deletes no tags by itself: `reg-ns prune` does it, from cron";
        Gap::new("namespace", namespace.name.as_str(), "retention", reason)
    })
}

/// Events that a registry does not tell of.
fn untold<'a>(hook: &'a Webhook, told: &'a [Event]) -> impl Iterator<Item = Gap> + 'a {
    let missing = hook.events.iter().filter(|event| !told.contains(event));
    missing.map(|event| {
        Gap::new("webhook", &hook.name, "events", format!("this type does not tell of {}", format!("{event:?}").to_lowercase()))
    })
}

fn zot_webhook_gaps(hook: &Webhook, version: Option<Version>) -> Vec<Gap> {
    let has = |since: Version| version.is_none_or(|own| own >= since);
    if !has(ZOT_WEBHOOKS.0) {
        return vec![Gap::new("webhook", &hook.name, "url", format!("zot tells others since {}", ZOT_WEBHOOKS.0))];
    }
    let mut gaps: Vec<Gap> = untold(hook, &[Event::Push, Event::Delete, Event::Scan]).collect();
    if !hook.namespaces.is_empty() {
        gaps.push(Gap::new("webhook", &hook.name, "namespaces", "it is told of all of them"));
    }
    if !hook.events.is_empty() && (!hook.events.contains(&Event::Push) || !hook.events.contains(&Event::Delete)) {
        gaps.push(Gap::new("webhook", &hook.name, "events", "it is told of pushes and deletions alike"));
    }
    if (hook.header_file.is_some() || hook.header_env.is_some()) && !has(ZOT_WEBHOOKS.1) {
        gaps.push(Gap::new("webhook", &hook.name, "headerFile", format!("zot sends headers since {}", ZOT_WEBHOOKS.1)));
    }
    gaps
}

fn json_config(text: &str) -> Result<Value> {
    if !yaml::is_json(text) {
        return Err(Error::unsupported("a zot configuration in YAML is not changed").hint("zot reads JSON as well: convert it"));
    }
    serde_json::from_str(text).map_err(|fault| Error::input("the configuration is not JSON").caused_by(fault))
}

fn yaml_config(text: &str) -> Result<Value> {
    let node = yaml::Node::parse(text).map_err(|broken| {
        Error::input(format!("the configuration: line {}, column {}: {}", broken.place.line, broken.place.column, broken.why))
    })?;
    Ok(node.value())
}

/// The object at a path, made where it is not there.
fn object<'a>(value: &'a mut Value, path: &[&str]) -> &'a mut Map<String, Value> {
    let mut at = value;
    for key in path {
        if !at.get(*key).is_some_and(Value::is_object) {
            if !at.is_object() {
                *at = json!({});
            }
            at[*key] = json!({});
        }
        at = &mut at[*key];
    }
    if !at.is_object() {
        *at = json!({});
    }
    at.as_object_mut().unwrap_or_else(|| unreachable!("it was just made one"))
}

/// Puts the rights into a zot configuration; what they cannot say is a gap.
fn zot_rights(config: &mut Value, layout: &Layout, others: &Others<'_>, version: Option<Version>) -> Result<Vec<Gap>> {
    let mut before = zot_access(config)?.unwrap_or_default();
    // Of a namespace that was there before nothing stays.
    let names = Names::of(&layout.namespaces);
    let gone = Names::of(others.stored.namespaces.iter().filter(|namespace| !names.contain(namespace.name.as_str())));
    before.repositories.retain(|pattern, _| !gone.cover(pattern));
    let known = |name: &String| others.stored.admins.contains(name) && !layout.admins.contains(name);
    if let Some(policy) = &mut before.admin_policy {
        policy.users.retain(|name| !known(name));
    }
    before.groups.retain(|name, _| !others.stored.groups.iter().any(|group| group.name.eq_ignore_ascii_case(name)));
    let (access, gaps) = access::zot::merge(&before, layout, version, others.prune);
    object(config, &["http"]).insert("accessControl".to_owned(), access.to_value());
    Ok(gaps)
}

/// The rights that a zot configuration has, without the mark of a program that was killed.
fn zot_access(config: &Value) -> Result<Option<access::zot::AccessControl>> {
    let mut access = config.pointer("/http/accessControl").map_or(Ok(None), access::zot::AccessControl::read)?;
    if let Some(access) = &mut access {
        access.repositories.retain(|pattern, _| !pattern.starts_with(MARK));
    }
    Ok(access)
}

/// Puts the retention into a zot configuration; what it cannot say is a gap.
fn zot_retention(config: &mut Value, layout: &Layout, others: &Others<'_>, version: Option<Version>) -> Result<Vec<Gap>> {
    let build = zot::Build { version, extensions: Vec::new() };
    let (mut retention, gaps) = zot::retention::compile(layout, &build);
    if !others.prune {
        // Of a namespace that was there before nothing stays, either.
        let namespaces = layout.namespaces.iter().chain(&others.stored.namespaces).cloned().collect();
        retention = retention.over(&zot::retention::Retention::read(config)?, &Layout { namespaces, ..Layout::default() });
    }
    let storage = object(config, &["storage"]);
    if retention.is_empty() {
        storage.remove("retention");
        return Ok(gaps);
    }
    let value = serde_json::to_value(retention).map_err(|fault| Error::failed("rules that JSON cannot say").caused_by(fault))?;
    storage.insert("retention".to_owned(), value);
    Ok(gaps)
}

/// Puts the webhooks into a zot configuration; tells whether they are other ones.
fn zot_webhooks(
    config: &mut Value,
    layout: &Layout,
    others: &Others<'_>,
    version: Option<Version>,
    headers: &BTreeMap<String, Secret>,
) -> bool {
    let has = |since: Version| version.is_none_or(|own| own >= since);
    let before = config.pointer("/extensions/events/sinks").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut sinks = before.clone();
    let named = |url: &str| layout.webhooks.iter().chain(&others.stored.webhooks).any(|hook| hook.url == url);
    sinks.retain(|sink| !others.prune && !sink["address"].as_str().is_some_and(named));
    if has(ZOT_WEBHOOKS.0) {
        sinks.extend(layout.webhooks.iter().map(|hook| {
            let header = headers.get(&hook.name).filter(|_| has(ZOT_WEBHOOKS.1));
            zot::sink(&hook.url, header.cloned())
        }));
    }
    if sinks == before {
        return false;
    }
    let events = object(config, &["extensions", "events"]);
    events.insert("enable".to_owned(), json!(!sinks.is_empty()));
    events.insert("sinks".to_owned(), Value::Array(sinks));
    true
}

/// Why a zot must be restarted for its new configuration, when it must: webhooks are read at the start only; retention is when there was
/// some before; rights are when there were some, for which its handlers were made.
fn zot_restart(before: &Value, after: &Value, told: bool) -> Option<&'static str> {
    if told {
        return Some("it reads whom it tells only when it starts");
    }
    let (old, new) = (before.pointer("/storage/retention"), after.pointer("/storage/retention"));
    if old != new && old.is_none() {
        return Some("it begins to delete tags only when it starts");
    }
    before.pointer("/http/accessControl").is_none().then_some("it begins to look at rights only when it starts")
}

/// The layout of a zot configuration.
fn zot_layout(config: &Value) -> Result<(Layout, Vec<Gap>)> {
    let (mut layout, mut gaps) = zot_access(config)?.map(|access| access::zot::decompile(&access)).unwrap_or_default();
    let (kept, lost) = zot::retention::namespaces(&zot::retention::Retention::read(config)?);
    gaps.extend(lost);
    for found in kept {
        match layout.namespaces.iter_mut().find(|namespace| namespace.name == found.name) {
            Some(namespace) => namespace.retention = found.retention,
            None => layout.namespaces.push(found),
        }
    }
    Ok((layout, gaps))
}

/// Puts the webhooks into a Distribution configuration; tells whether they are other ones.
fn distribution_webhooks(config: &mut Value, layout: &Layout, others: &Others<'_>, headers: &BTreeMap<String, Secret>) -> bool {
    let before = config.pointer("/notifications/endpoints").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut endpoints = before.clone();
    let named = |name: &str| layout.webhooks.iter().chain(&others.stored.webhooks).any(|hook| hook.name == name);
    endpoints.retain(|endpoint| !others.prune && !endpoint["name"].as_str().is_some_and(named));
    endpoints.extend(layout.webhooks.iter().map(|hook| {
        let told = |event| hook.events.is_empty() || hook.events.contains(&event);
        let actions = [(Event::Push, "push"), (Event::Pull, "pull"), (Event::Delete, "delete")];
        let ignored = actions.into_iter().filter(|(event, _)| !told(*event)).map(|(_, name)| name).collect();
        distribution::endpoint(&hook.name, &hook.url, headers.get(&hook.name).cloned(), ignored)
    }));
    if endpoints == before {
        return false;
    }
    object(config, &["notifications"]).insert("endpoints".to_owned(), Value::Array(endpoints));
    true
}
