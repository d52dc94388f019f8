//! Known holes of registries: which releases have them, and with which configuration.
//!
//! A table, from the advisories of the Go vulnerability database (a752ea54, 2026-08-21) and the fixes in the projects' own history.
//! It is for a warning at start, and no scanner: a release without an entry may have holes, too.

use serde_json::Value;

use crate::lint::Format;
use crate::version::Version;

/// A hole.
#[derive(Debug, Clone, Copy)]
pub struct Advisory {
    /// Its name.
    pub name: &'static str,
    /// Who has it.
    format: Format,
    /// The first release that has it.
    since: Version,
    /// The first release that has it no more.
    pub fixed: Version,
    /// What it is.
    what: &'static str,
    /// Whether a configuration is open to it.
    applies: fn(&Value) -> bool,
}

/// All of them, by registry and release.
const TABLE: [Advisory; 8] = [
    Advisory {
        name: "CVE-2024-39897",
        format: Format::Zot,
        since: Version::new(2, 0, 0),
        fixed: Version::new(2, 1, 0),
        what: "who may read one repository reads blobs of others that it knows the digest of, out of the dedupe cache",
        applies: |config| is(config, "storage.dedupe", &Value::Bool(true)),
    },
    Advisory {
        name: "CVE-2025-23208",
        format: Format::Zot,
        since: Version::new(2, 0, 0),
        fixed: Version::new(2, 1, 2),
        what: "who is taken out of a group keeps its rights",
        applies: |config| there(config, "http.auth.openid") || there(config, "http.auth.ldap"),
    },
    Advisory {
        name: "CVE-2025-48374",
        format: Format::Zot,
        since: Version::new(2, 0, 0),
        fixed: Version::new(2, 1, 3),
        what: "the client secret of OpenID is written into the log",
        applies: |config| there(config, "http.auth.openid"),
    },
    Advisory {
        name: "CVE-2026-31801",
        format: Format::Zot,
        since: Version::new(2, 0, 0),
        fixed: Version::new(2, 1, 15),
        what: "who may create but not update moves the tag `latest` all the same",
        applies: creates_without_updating,
    },
    Advisory {
        name: "CVE-2023-2253",
        format: Format::Distribution,
        since: Version::new(2, 8, 0),
        fixed: Version::new(2, 8, 2),
        what: "one request for a catalog of any length takes all memory",
        applies: |_| true,
    },
    Advisory {
        name: "CVE-2026-33540",
        format: Format::Distribution,
        since: Version::new(2, 8, 0),
        fixed: Version::new(3, 1, 0),
        what: "the mirrored registry, or who stands between, has the login sent to any host it names",
        applies: |config| there(config, "proxy.username") || there(config, "proxy.exec"),
    },
    Advisory {
        name: "CVE-2026-35172",
        format: Format::Distribution,
        since: Version::new(2, 8, 0),
        fixed: Version::new(3, 1, 0),
        what: "with the cache in Redis, what was deleted from one repository can still be read there",
        applies: |config| {
            is(config, "storage.cache.blobdescriptor", &Value::from("redis"))
                && is(config, "storage.delete.enabled", &Value::Bool(true))
        },
    },
    Advisory {
        name: "CVE-2026-41888",
        format: Format::Distribution,
        since: Version::new(3, 0, 0),
        fixed: Version::new(3, 1, 1),
        what: "deleting is switched off, and tags can be deleted all the same",
        applies: |config| !is(config, "storage.delete.enabled", &Value::Bool(true)),
    },
];

impl Advisory {
    /// The hole in one sentence, for a warning.
    #[must_use]
    pub fn warning(&self, version: Version) -> String {
        let Self { name, format, what, fixed, .. } = self;
        format!("{} {version} has {name}: {what}; {fixed} has not", format.name())
    }
}

/// The holes of a release with this configuration.
pub fn of(format: Format, version: Version, config: &Value) -> impl Iterator<Item = &'static Advisory> {
    let own = TABLE.iter().filter(move |hole| hole.format == format && version >= hole.since && version < hole.fixed);
    own.filter(|hole| (hole.applies)(config))
}

fn find<'a>(config: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(config, |value, part| {
        value.as_object()?.iter().find(|(key, _)| key.eq_ignore_ascii_case(part)).map(|(_, value)| value)
    })
}

fn there(config: &Value, path: &str) -> bool {
    find(config, path).is_some_and(|value| !value.is_null())
}

fn is(config: &Value, path: &str, expected: &Value) -> bool {
    find(config, path) == Some(expected)
}

/// Whether a policy of zot grants `create` without `update`.
fn creates_without_updating(config: &Value) -> bool {
    fn lists(value: &Value) -> bool {
        match value {
            Value::Array(items) => {
                let has = |action: &str| items.iter().any(|item| item == action);
                (has("create") && !has("update")) || items.iter().any(lists)
            }
            Value::Object(map) => map.values().any(lists),
            _ => false,
        }
    }
    find(config, "http.accessControl").is_some_and(lists)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(format: Format, version: &str, config: &Value) -> Vec<&'static str> {
        of(format, version.parse().unwrap(), config).map(|hole| hole.name).collect()
    }

    #[test]
    fn a_hole_is_told_only_where_the_release_and_the_configuration_have_it() {
        let dedupe = json!({"storage": {"dedupe": true}});
        assert_eq!(names(Format::Zot, "2.0.4", &dedupe), ["CVE-2024-39897"]);
        assert_eq!(names(Format::Zot, "2.1.0", &dedupe), [""; 0]);
        assert_eq!(names(Format::Zot, "2.0.4", &json!({"storage": {"dedupe": false}})), [""; 0]);
        let openid = json!({"HTTP": {"auth": {"openID": {}}}});
        assert_eq!(names(Format::Zot, "2.1.1", &openid), ["CVE-2025-23208", "CVE-2025-48374"]);
        let access = |actions: Value| json!({"http": {"accessControl": {"repositories": {"**": {"defaultPolicy": actions}}}}});
        assert_eq!(names(Format::Zot, "2.1.14", &access(json!(["read", "create"]))), ["CVE-2026-31801"]);
        assert_eq!(names(Format::Zot, "2.1.14", &access(json!(["read", "create", "update"]))), [""; 0]);
        let redis = |delete: bool| json!({"storage": {"cache": {"blobdescriptor": "redis"}, "delete": {"enabled": delete}}});
        assert_eq!(names(Format::Distribution, "2.8.1", &redis(true)), ["CVE-2023-2253", "CVE-2026-35172"]);
        assert_eq!(names(Format::Distribution, "3.0.0", &redis(false)), ["CVE-2026-41888"]);
        assert_eq!(names(Format::Distribution, "3.1.1", &redis(false)), [""; 0]);
        let mirror = json!({"proxy": {"remoteurl": "x", "username": "u"}, "storage": {"delete": {"enabled": true}}});
        assert_eq!(names(Format::Distribution, "2.8.3", &mirror), ["CVE-2026-33540"]);
    }

    #[test]
    fn the_warning_says_what_to_take_instead() {
        let version = Version::new(2, 8, 1);
        let told: Vec<String> = of(Format::Distribution, version, &json!({})).map(|hole| hole.warning(version)).collect();
        let expected =
            "Distribution 2.8.1 has CVE-2023-2253: one request for a catalog of any length takes all memory; 2.8.2 has not";
        assert_eq!(told, [expected]);
    }
}
