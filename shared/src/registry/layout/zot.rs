//! The rights, the retention and the webhooks in a zot configuration, out of a layout and into one.
//!
//! zot takes its keys in any case of letters, so what is there is found, and replaced, in any.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Beside, MARK, Mark, Others, at, json_config, object, put, spelled, untold};
use crate::access::zot::{AccessControl, Decider, Verdict, decompile, merge};
use crate::error::{Error, Result};
use crate::layout::{Action, Event, Gap, Layout, Names, Webhook};
use crate::secret::Secret;
use crate::version::Version;
use crate::zot::retention::{self as kept, Retention};
use crate::zot::{Build, sink};

/// The first release that sends webhooks, and that sends headers with them.
const WEBHOOKS: (Version, Version) = (Version::new(2, 1, 3), Version::new(2, 1, 5));

pub(super) fn webhook_gaps(hook: &Webhook, version: Option<Version>) -> Vec<Gap> {
    let has = |since: Version| version.is_none_or(|own| own >= since);
    if !has(WEBHOOKS.0) {
        return vec![Gap::new("webhook", &hook.name, "url", format!("zot tells others since {}", WEBHOOKS.0))];
    }
    let mut gaps: Vec<Gap> = untold(hook, &[Event::Push, Event::Delete, Event::Scan]).collect();
    if !hook.namespaces.is_empty() {
        gaps.push(Gap::new("webhook", &hook.name, "namespaces", "it is told of all of them"));
    }
    if !hook.events.is_empty() && (!hook.events.contains(&Event::Push) || !hook.events.contains(&Event::Delete)) {
        gaps.push(Gap::new("webhook", &hook.name, "events", "it is told of pushes and deletions alike"));
    }
    if (hook.header_file.is_some() || hook.header_env.is_some()) && !has(WEBHOOKS.1) {
        gaps.push(Gap::new("webhook", &hook.name, "headerFile", format!("zot sends headers since {}", WEBHOOKS.1)));
    }
    gaps
}

/// Puts the rights into a zot configuration; what they cannot say is a gap.
pub(super) fn rights(config: &mut Value, layout: &Layout, others: &Others<'_>, version: Option<Version>) -> Result<Vec<Gap>> {
    let (access, gaps) = merge(&of_others(config, layout, others.stored)?, layout, version, others.prune);
    put(object(config, &["http"]), "accessControl", access.to_value());
    Ok(gaps)
}

/// The rights of a configuration without those that the stored layout gave and the new one does not name.
fn of_others(config: &Value, layout: &Layout, stored: &Layout) -> Result<AccessControl> {
    let mut before = access(config)?.unwrap_or_default();
    // Of a namespace that was there before nothing stays.
    let names = Names::of(&layout.namespaces);
    let gone = Names::of(stored.namespaces.iter().filter(|namespace| !names.contain(namespace.name.as_str())));
    before.repositories.retain(|pattern, _| !gone.cover(pattern));
    let known = |name: &String| stored.admins.contains(name) && !layout.admins.contains(name);
    if let Some(policy) = &mut before.admin_policy {
        policy.users.retain(|name| !known(name));
    }
    before.groups.retain(|name, _| !stored.groups.iter().any(|group| group.name.eq_ignore_ascii_case(name)));
    Ok(before)
}

/// What a configuration says beside the layout: what goes when that is pruned.
pub(super) fn beside(config: &Value, layout: &Layout, stored: &Layout, version: Option<Version>) -> Result<Vec<Beside>> {
    let before = of_others(config, layout, stored)?;
    let [(all, _), (own, _)] = [false, true].map(|prune| merge(&before, layout, version, prune));
    let mut found = Vec::new();
    let mut tell = |object, name: &str| found.push(Beside { object, name: name.to_owned() });
    all.repositories.keys().filter(|name| !own.repositories.contains_key(*name)).for_each(|name| tell("pattern", name));
    let admins = own.admin_policy.as_ref().map_or(&[][..], |policy| &policy.users);
    let others = all.admin_policy.iter().flat_map(|policy| &policy.users).filter(|name| !admins.contains(name));
    others.for_each(|name| tell("admin", name));
    all.groups.keys().filter(|name| !own.groups.contains_key(*name)).for_each(|name| tell("group", name));
    let (ruled, _) = kept::compile(layout, &Build { version, extensions: Vec::new() });
    let policies = ruled.clone().over(&Retention::read(config)?, &whole(layout, stored)).policies;
    let policies = policies.iter().filter(|policy| !ruled.policies.iter().any(|own| own.repositories == policy.repositories));
    policies.for_each(|policy| tell("retention", &policy.repositories.join(", ")));
    let named = |url: &str| layout.webhooks.iter().chain(&stored.webhooks).any(|hook| hook.url == url);
    sinks(config).iter().filter_map(address).filter(|url| !named(url)).for_each(|url| tell("webhook", url));
    Ok(found)
}

/// A configuration with a mark in it: a repository that is not there may be seen by everybody, or by nobody where everybody may see all.
pub(super) fn mark(text: &str, nonce: &str) -> Option<Mark> {
    let mut config = json_config(text).ok()?;
    let rights = access(&config).ok()??;
    let repository = format!("{MARK}{nonce}/mark");
    let (visible, policy) = match Decider::new(&rights).decide(None, Action::Read, &repository).verdict {
        Verdict::Denied => (true, json!({"anonymousPolicy": ["read"]})),
        // zot does not see a pattern with nothing in it.
        Verdict::Allowed => (false, json!({"defaultPolicy": []})),
        Verdict::Undetermined => return None,
    };
    let patterns = object(&mut config, &["http", "accessControl", "repositories"]);
    patterns.insert(format!("{MARK}{nonce}/**"), policy);
    Some(Mark { text: format!("{config:#}\n"), repository, unmarked: format!("{MARK}{nonce}-not/mark"), visible })
}

/// The rights that a zot configuration has, without the mark of a program that was killed.
pub(super) fn access(config: &Value) -> Result<Option<AccessControl>> {
    let mut access = at(config, &["http", "accessControl"]).map_or(Ok(None), AccessControl::read)?;
    if let Some(access) = &mut access {
        access.repositories.retain(|pattern, _| !pattern.starts_with(MARK));
    }
    Ok(access)
}

/// Puts the retention into a zot configuration; what it cannot say is a gap.
pub(super) fn retention(config: &mut Value, layout: &Layout, others: &Others<'_>, version: Option<Version>) -> Result<Vec<Gap>> {
    let (mut retention, gaps) = kept::compile(layout, &Build { version, extensions: Vec::new() });
    if !others.prune {
        retention = retention.over(&Retention::read(config)?, &whole(layout, others.stored));
    }
    let storage = object(config, &["storage"]);
    if retention.is_empty() {
        storage.remove(&spelled(storage, "retention"));
        return Ok(gaps);
    }
    let value = serde_json::to_value(retention).map_err(|fault| Error::failed("rules that JSON cannot say").caused_by(fault))?;
    put(storage, "retention", value);
    Ok(gaps)
}

/// The namespaces of both: of one that was there before nothing stays, either.
fn whole(layout: &Layout, stored: &Layout) -> Layout {
    let namespaces = layout.namespaces.iter().chain(&stored.namespaces).cloned().collect();
    Layout { namespaces, ..Layout::default() }
}

/// Puts the webhooks into a zot configuration; tells whether they are other ones.
pub(super) fn webhooks(
    config: &mut Value,
    layout: &Layout,
    others: &Others<'_>,
    version: Option<Version>,
    headers: &BTreeMap<String, Secret>,
) -> bool {
    let has = |since: Version| version.is_none_or(|own| own >= since);
    let before = sinks(config).to_vec();
    let mut sinks = before.clone();
    let named = |url: &str| layout.webhooks.iter().chain(&others.stored.webhooks).any(|hook| hook.url == url);
    sinks.retain(|sink| !others.prune && !address(sink).is_some_and(named));
    if has(WEBHOOKS.0) {
        sinks.extend(layout.webhooks.iter().map(|hook| {
            let header = headers.get(&hook.name).filter(|_| has(WEBHOOKS.1));
            sink(&hook.url, header.cloned())
        }));
    }
    if sinks == before {
        return false;
    }
    let events = object(config, &["extensions", "events"]);
    put(events, "enable", json!(!sinks.is_empty()));
    put(events, "sinks", Value::Array(sinks));
    true
}

/// Whom a configuration tells.
fn sinks(config: &Value) -> &[Value] {
    at(config, &["extensions", "events", "sinks"]).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn address(sink: &Value) -> Option<&str> {
    at(sink, &["address"]).and_then(Value::as_str)
}

/// Why a zot must be restarted for its new configuration, when it must: webhooks are read at the start only; retention is when there was
/// some before; rights are when there were some, for which its handlers were made.
pub(super) fn restart(before: &Value, after: &Value, told: bool) -> Option<&'static str> {
    if told {
        return Some("it reads whom it tells only when it starts");
    }
    let [old, new] = [before, after].map(|config| at(config, &["storage", "retention"]));
    if old != new && old.is_none() {
        return Some("it begins to delete tags only when it starts");
    }
    at(before, &["http", "accessControl"]).is_none().then_some("it begins to look at rights only when it starts")
}

/// The layout of a zot configuration.
pub(super) fn layout(config: &Value) -> Result<(Layout, Vec<Gap>)> {
    let (mut layout, mut gaps) = access(config)?.map(|access| decompile(&access)).unwrap_or_default();
    let (ruled, lost) = kept::namespaces(&Retention::read(config)?);
    gaps.extend(lost);
    for found in ruled {
        match layout.namespaces.iter_mut().find(|namespace| namespace.name == found.name) {
            Some(namespace) => namespace.retention = found.retention,
            None => layout.namespaces.push(found),
        }
    }
    Ok((layout, gaps))
}
