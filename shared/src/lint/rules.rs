//! What cannot go together, by the registries' own checks: zot's `pkg/cli/server/root.go`, Distribution's
//! `configuration/parser.go` and `registry/handlers/app.go`.

use std::time::Duration;

use serde_json::Value;

use super::{Format, Reader, access, finding, shape};
use crate::access::zot::AccessControl;
use crate::document::{Finding, Severity};
use crate::duration;
use crate::version::Version;
use crate::yaml::{Node, Place};

/// zot makes two hours of a shorter interval.
const LEAST_INTERVAL: Duration = Duration::from_secs(2 * 60 * 60);
const LEVELS: [&str; 4] = ["debug", "info", "warn", "error"];

/// What does not go together.
pub(super) fn check(reader: &Reader, node: &Node) -> Vec<Finding> {
    let mut rules = Rules { reader, root: node, findings: Vec::new() };
    match reader.format {
        Format::Zot => rules.zot(),
        Format::Distribution => rules.distribution(),
    }
    rules.findings
}

struct Rules<'a> {
    reader: &'a Reader,
    root: &'a Node,
    findings: Vec<Finding>,
}

/// A value with its place and its path as it is written in the file.
type Found<'a> = (String, Place, &'a Node);

impl<'a> Rules<'a> {
    /// What stands at a path of keys.
    fn find(&self, path: &str) -> Option<Found<'a>> {
        let start = (String::new(), Place::default(), self.root);
        path.split('.').try_fold(start, |(above, _, node), part| {
            let Node::Map(entries) = node else { return None };
            let same = |name: &str| if self.reader.format == Format::Zot { name.eq_ignore_ascii_case(part) } else { name == part };
            entries.iter().rfind(|(name, ..)| same(name)).map(|(name, at, node)| (shape::joined(&above, name), *at, node))
        })
    }

    fn value(&self, path: &str) -> Option<&'a Value> {
        match self.find(path)?.2 {
            Node::Scalar(value) if !value.is_null() => Some(value),
            _ => None,
        }
    }

    fn text(&self, path: &str) -> Option<&'a str> {
        self.value(path).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    fn is_on(&self, path: &str) -> bool {
        self.value(path).is_some_and(|value| value == &Value::Bool(true) || value.as_str() == Some("true"))
    }

    /// Whether an extension of zot is on: it is when it is there and not switched off.
    fn extension(&self, name: &str) -> bool {
        let there = self.find(&format!("extensions.{name}")).is_some_and(|(_, _, node)| matches!(node, Node::Map(_)));
        there && self.value(&format!("extensions.{name}.enable")).is_none_or(|on| on != &Value::Bool(false) && on != "false")
    }

    fn report(&mut self, path: &str, severity: Severity, problem: impl Into<String>, hint: &str) {
        let (path, place) = self.find(path).map_or_else(|| (path.to_owned(), Place::default()), |(path, place, _)| (path, place));
        let hint = (!hint.is_empty()).then(|| hint.to_owned());
        self.findings.push(Finding { hint, ..finding(path, place, severity, problem) });
    }

    fn error(&mut self, path: &str, problem: impl Into<String>, hint: &str) {
        self.report(path, Severity::Error, problem, hint);
    }

    fn zot(&mut self) {
        if let Some(level) = self.text("log.level")
            && !LEVELS.contains(&level)
            && !["trace", "fatal", "panic", "disabled"].contains(&level)
        {
            self.error("log.level", "zot knows no such level", "debug, info, warn or error");
        }
        self.zot_extensions();
        self.zot_access();
        let remote =
            self.find("storage.storageDriver").is_some_and(|(_, _, node)| matches!(node, Node::Map(map) if !map.is_empty()));
        if self.is_on("storage.redirectBlobURL") && !remote {
            self.error("storage.redirectBlobURL", "only S3, GCS and Azure storage can be redirected to", "remove it");
        }
        if remote && self.extension("search") && self.find("extensions.search.cve").is_some() {
            self.error("extensions.search.cve", "zot does not scan what is in remote storage", "remove it");
        }
        if remote && self.extension("sync") && self.text("extensions.sync.downloadDir").is_none() {
            self.error(
                "extensions.sync",
                "with remote storage it needs a folder for what is under way",
                "set extensions.sync.downloadDir",
            );
        }
        let port = self.value("http.port").map(|port| port.as_str().map_or_else(|| port.to_string(), str::to_owned));
        if port.is_some_and(|port| !port.is_empty() && port.parse::<u16>().is_err()) {
            self.error("http.port", "is not a port", "0 to 65535");
        }
    }

    fn zot_extensions(&mut self) {
        if self.extension("ui") && !self.extension("search") {
            self.error("extensions.ui", "the UI needs the search extension", "set extensions.search.enable=true");
        }
        if let Some(path) = self.text("extensions.metrics.prometheus.path")
            && (!path.starts_with('/') || path == "/" || path == "/v2" || path.ends_with('/') || path.contains("//"))
        {
            self.error("extensions.metrics.prometheus.path", "zot does not serve metrics there", "/metrics");
        }
        for (name, path) in [("search", "extensions.search.cve.updateInterval"), ("scrub", "extensions.scrub.interval")] {
            let short = self.text(path).and_then(duration::parse).is_some_and(|every| every < LEAST_INTERVAL);
            if short && self.extension(name) {
                self.report(path, Severity::Warning, "zot makes two hours of it", "2h or more");
            }
        }
        if let Some((_, _, Node::List(registries))) = self.find("extensions.sync.registries") {
            for (index, (at, registry)) in registries.iter().enumerate() {
                let has = |name: &str| matches!(registry, Node::Map(entries) if entries.iter().any(|(key, ..)| key.eq_ignore_ascii_case(name)));
                if has("maxRetries") && !has("retryDelay") {
                    let path = format!("extensions.sync.registries[{index}].maxRetries");
                    let wrong = finding(path, *at, Severity::Error, "wants a retryDelay beside it");
                    self.findings.push(wrong);
                }
            }
        }
        if let Some(built) = &self.reader.extensions {
            let known = ["search", "sync", "metrics", "scrub", "lint", "ui", "events", "trust"];
            let on: Vec<&str> = known.into_iter().filter(|name| self.extension(name)).collect();
            for name in on {
                let part = if name == "trust" { "imagetrust" } else { name };
                if !built.iter().any(|own| own == part) {
                    let what = format!("this zot is built without {part}: it says so in its log and goes on without");
                    self.report(&format!("extensions.{name}"), Severity::Warning, what, "take a zot that has it, or remove this");
                }
            }
        }
    }

    /// Rights of users need a way to log in.
    fn zot_access(&mut self) {
        let Some((_, _, rights @ Node::Map(_))) = self.find("http.accessControl") else { return };
        let auth = ["http.auth.htpasswd.path", "http.auth.bearer.realm"].iter().any(|path| self.text(path).is_some())
            || self.is_on("http.auth.apikey")
            || ["http.auth.ldap", "http.auth.openid", "http.auth.bearer.oidc", "http.auth.mtls", "http.tls.cacert"]
                .iter()
                .any(|path| self.find(path).is_some());
        if !auth
            && matches!(AccessControl::read(&rights.value()), Ok(Some(rights)) if rights.needs_logins() && rights != AccessControl::default())
        {
            self.error(
                "http.accessControl",
                "it gives rights to users, and nobody can log in: zot does not start with it",
                "set http.auth.htpasswd.path, or give anonymousPolicy only",
            );
        }
        if let Some((path, _, Node::Map(patterns))) = self.find("http.accessControl.repositories") {
            for (pattern, at, _) in patterns.iter().filter(|(pattern, ..)| pattern.starts_with('/')) {
                let problem = "no repository begins with a slash, so it matches none";
                let wrong = finding(shape::joined(&path, pattern), *at, Severity::Error, problem);
                self.findings.push(Finding { hint: Some(format!("write {}", pattern.trim_start_matches('/'))), ..wrong });
            }
            self.findings.extend(access::check(&rights.value(), &path, patterns));
        }
    }

    fn distribution(&mut self) {
        match self.value("version").map(|version| version.as_str().map_or_else(|| version.to_string(), str::to_owned)) {
            None => self.error("version", "is missing, and Distribution does not start without", "write `version: 0.1`"),
            Some(version) if version != "0.1" => {
                self.error("version", "is the version of the file's format, not the registry's", "write `version: 0.1`");
            }
            Some(_) => {}
        }
        for path in ["log.level", "loglevel"] {
            if self.text(path).is_some_and(|level| !LEVELS.contains(&level.to_ascii_lowercase().as_str())) {
                self.error(path, "Distribution knows no such level, and does not start with it", "debug, info, warn or error");
            }
        }
        self.one_of(
            "storage",
            &["maintenance", "cache", "delete", "redirect", "tag"],
            "a storage driver",
            "storage.filesystem or storage.s3",
        );
        if self.find("auth").is_some_and(|(_, _, node)| matches!(node, Node::Map(_))) {
            self.one_of("auth", &[], "a way to log in", "auth.htpasswd or auth.token");
        }
        self.distribution_cache();
        if self.find("storage.maintenance.uploadpurging").is_some()
            && self.value("storage.maintenance.uploadpurging.enabled") != Some(&Value::Bool(false))
        {
            for key in ["age", "interval", "dryrun"] {
                if self.find(&format!("storage.maintenance.uploadpurging.{key}")).is_none() {
                    let problem =
                        format!("without {key}, Distribution does not start: it wants all of enabled, age, interval and dryrun");
                    self.error("storage.maintenance.uploadpurging", problem, "age: 168h, interval: 24h, dryrun: false");
                }
            }
        }
        if self.text("http.tls.certificate").is_some() != self.text("http.tls.key").is_some() {
            self.error("http.tls", "certificate and key go together", "");
        }
    }

    fn distribution_cache(&mut self) {
        match self.text("storage.cache.blobdescriptor").or_else(|| self.text("storage.cache.layerinfo")) {
            Some("redis") => {
                let old = self.reader.version.is_some_and(|version| version < Version::new(3, 0, 0));
                let new = self.reader.version.is_none_or(|version| version >= Version::new(3, 0, 0));
                let told = (new || self.reader.version.is_none()) && self.find("redis.addrs").is_some()
                    || (old || self.reader.version.is_none()) && self.text("redis.addr").is_some();
                if !told {
                    let key = if old { "redis.addr" } else { "redis.addrs" };
                    self.error(
                        "storage.cache",
                        format!("Redis is to keep it, and {key} does not say where it is: Distribution panics"),
                        "",
                    );
                }
            }
            Some("inmemory") | None => {}
            Some(_) => self.report(
                "storage.cache",
                Severity::Warning,
                "Distribution knows no such cache and does without",
                "inmemory or redis",
            ),
        }
    }

    /// Exactly one key of a map, but for those that mean something else.
    fn one_of(&mut self, path: &str, others: &[&str], what: &str, hint: &str) {
        let names: Vec<String> = match self.find(path) {
            Some((_, _, Node::Map(entries))) => entries.iter().map(|(name, ..)| name.clone()).collect(),
            Some((_, _, Node::Scalar(Value::String(_)))) => return,
            _ => Vec::new(),
        };
        let kinds: Vec<&String> = names.iter().filter(|name| !others.contains(&name.as_str())).collect();
        match kinds.as_slice() {
            [_] => {}
            [] => self.error(path, format!("wants {what}"), hint),
            [first, second, ..] => {
                let problem = format!("wants one only, and {first} and {second} stand there: Distribution does not start with it");
                self.error(path, problem, "keep one");
            }
        }
    }
}
