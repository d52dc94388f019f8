//! What a layout is to each type: its configuration with it, and what cannot be done.
//!
//! Embedded reads the layout itself. zot has access, retention and webhooks in its configuration. Distribution has only webhooks: whoever
//! may log in may do everything, and namespaces, quotas and retention are kept for the tools' own commands.

mod zot;

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::Registry;
use crate::error::{Error, Result};
use crate::layout::{Event, Gap, Layout, Webhook};
use crate::lint::{Format, Reader};
use crate::secret::Secret;
use crate::version::Version;
use crate::{distribution, yaml};

/// How the name of a mark begins, a repository or a user, that shows whether a registry has read its files: there for a moment, and
/// nobody's.
pub const MARK: &str = "reg-mark-";

/// Why nothing can be done of what stands in a configuration that is not known.
const NO_CONFIG: &str = "its configuration is not named: `config` in its mode of the config file names it";

/// What of a configuration is not the layout's.
#[derive(Debug, Clone, Copy)]
pub struct Others<'a> {
    /// The layout that was stored the last time.
    pub stored: &'a Layout,
    /// Whether rights and webhooks that no layout names go.
    pub prune: bool,
}

/// Something that a configuration says and no layout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    /// What it is: `pattern`, `admin`, `group`, `retention` or `webhook`.
    pub object: &'static str,
    /// Its name.
    pub name: String,
}

/// A configuration with a mark that a request from outside can see.
#[derive(Debug, Clone)]
pub struct Mark {
    /// Its text.
    pub text: String,
    /// A repository that is not there.
    pub repository: String,
    /// Another one that is not there, and that has no mark.
    pub unmarked: String,
    /// Whether somebody without a login may see it with the mark; without the mark it is the other way round.
    pub visible: bool,
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

    /// Whether it begins to look at rights with its first layout: with this configuration everybody who gets in may do everything.
    ///
    /// # Errors
    /// A configuration that is not understood.
    pub fn begins_rights(self, text: &str) -> Result<bool> {
        match self {
            Self::Zot => Ok(zot::access(&json_config(text)?)?.is_none()),
            Self::Embedded | Self::Distribution | Self::Harbor | Self::Oci => Ok(false),
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
                    gaps.extend(zot::webhook_gaps(hook, version));
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

    /// What it cannot do of a layout when its configuration is not known.
    #[must_use]
    pub fn unconfigured(self, layout: &Layout) -> Vec<Gap> {
        let mut gaps = Vec::new();
        if self == Self::Zot {
            for namespace in &layout.namespaces {
                gaps.push(Gap::of_namespace(namespace.name.as_str(), "access", NO_CONFIG));
                if !namespace.retention.is_empty() {
                    gaps.push(Gap::of_namespace(namespace.name.as_str(), "retention", NO_CONFIG));
                }
            }
            let admin =
                |name: &String| Gap { object: "admin".to_owned(), name: name.clone(), field: None, reason: NO_CONFIG.to_owned() };
            gaps.extend(layout.admins.iter().map(admin));
        }
        if matches!(self, Self::Zot | Self::Distribution) {
            gaps.extend(layout.webhooks.iter().map(|hook| Gap::new("webhook", &hook.name, "url", NO_CONFIG)));
        }
        gaps
    }

    /// Whether it keeps the rights of a layout, as far as its configuration is known.
    #[must_use]
    pub fn keeps_rights(self, configured: bool) -> bool {
        match self {
            Self::Embedded => true,
            Self::Zot => configured,
            Self::Distribution | Self::Harbor | Self::Oci => false,
        }
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
                arranged.gaps = zot::rights(config, layout, others, version)?;
                arranged.gaps.extend(zot::retention(config, layout, others, version)?);
                let told = zot::webhooks(config, layout, others, version, headers);
                arranged.restart = zot::restart(&before, config, told);
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
            Self::Zot => zot::layout(&json_config(text)?),
            Self::Embedded | Self::Distribution | Self::Harbor | Self::Oci => Ok((Layout::default(), Vec::new())),
        }
    }

    /// The configuration with a mark in it. None where a request would not show it, and for a type that reads its configuration only
    /// when it starts. A mark that a killed program left behind is none of a layout's, and goes.
    #[must_use]
    pub fn marked(self, text: &str, nonce: &str) -> Option<Mark> {
        match self {
            Self::Zot => zot::mark(text, nonce),
            Self::Embedded | Self::Distribution | Self::Harbor | Self::Oci => None,
        }
    }

    /// What a configuration says beside a layout: what goes when it is pruned.
    ///
    /// # Errors
    /// A configuration that is not understood.
    pub fn beside(self, version: Option<&str>, text: &str, layout: &Layout, stored: &Layout) -> Result<Vec<Beside>> {
        match self {
            Self::Zot => zot::beside(&json_config(text)?, layout, stored, version.and_then(|version| version.parse().ok())),
            Self::Distribution => {
                let config = yaml_config(text)?;
                let names = endpoints(&config).iter().filter_map(|endpoint| endpoint["name"].as_str());
                let named = |name: &str| layout.webhooks.iter().chain(&stored.webhooks).any(|hook| hook.name == name);
                Ok(names.filter(|name| !named(name)).map(|name| Beside { object: "webhook", name: name.to_owned() }).collect())
            }
            Self::Embedded | Self::Harbor | Self::Oci => Ok(Vec::new()),
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

/// What stands at a path, its keys in any case of letters, as zot takes them.
fn at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter().try_fold(value, |value, key| {
        let object = value.as_object()?;
        object.get(&spelled(object, key))
    })
}

/// A key as an object has it: in any case of letters.
fn spelled(object: &Map<String, Value>, key: &str) -> String {
    object.keys().find(|own| own.eq_ignore_ascii_case(key)).map_or(key, String::as_str).to_owned()
}

/// Puts a value where the key stands, in any case of letters.
fn put(object: &mut Map<String, Value>, key: &str, value: Value) {
    object.insert(spelled(object, key), value);
}

/// The object at a path, its keys in any case of letters, made where it is not there.
fn object<'a>(value: &'a mut Value, path: &[&str]) -> &'a mut Map<String, Value> {
    if !value.is_object() {
        *value = json!({});
    }
    let own = value.as_object_mut().unwrap_or_else(|| unreachable!("it was just made one"));
    match path {
        [] => own,
        [key, rest @ ..] => object(own.entry(spelled(own, key)).or_insert(Value::Null), rest),
    }
}

/// Whom a Distribution configuration tells.
fn endpoints(config: &Value) -> &[Value] {
    at(config, &["notifications", "endpoints"]).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Puts the webhooks into a Distribution configuration; tells whether they are other ones.
fn distribution_webhooks(config: &mut Value, layout: &Layout, others: &Others<'_>, headers: &BTreeMap<String, Secret>) -> bool {
    let before = endpoints(config).to_vec();
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
