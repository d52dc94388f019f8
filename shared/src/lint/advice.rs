//! The right way, for keys that are often wrong: those of other releases, of other registries and of old instructions.

use super::keys::Key;
use super::{Format, Reader};

/// A key that is wrong, without indexes and in lower case, and what is right.
const KNOWN: &[(Format, &str, &str)] = &[
    (Format::Zot, "http.http2", "remove it: zot speaks HTTP/2 by itself wherever it has TLS"),
    (Format::Zot, "http2", "remove it: zot speaks HTTP/2 by itself wherever it has TLS"),
    (
        Format::Zot,
        "http.notifications",
        "webhooks are extensions.events.sinks, since zot 2.1.3; their headers are texts, not lists",
    ),
    (Format::Zot, "notifications", "webhooks are extensions.events.sinks, since zot 2.1.3; their headers are texts, not lists"),
    (Format::Zot, "accesscontrol", "move it to http.accessControl, with its patterns below http.accessControl.repositories"),
    (Format::Zot, "extensions.events.sinks[].token", "move it to extensions.events.sinks[].credentials.token"),
    (Format::Zot, "extensions.events.sinks[].username", "move it to extensions.events.sinks[].credentials.username"),
    (Format::Zot, "extensions.events.sinks[].password", "move it to extensions.events.sinks[].credentials.password"),
    (Format::Zot, "storage.delete", "remove it: deleting is always on in zot; withhold `delete` in http.accessControl"),
    (Format::Zot, "storage.retention.keeptags", "move it into storage.retention.policies[]"),
    (Format::Distribution, "redis.addr", "since 3.0 it is redis.addrs, a list: `addrs: [HOST:PORT]`"),
    (Format::Distribution, "redis.pool", "since 3.0 they are redis.maxidleconns, redis.poolsize and redis.connmaxidletime"),
    (Format::Distribution, "redis.addrs", "before 3.0 it is redis.addr, one `HOST:PORT`"),
    (Format::Distribution, "redis.maxidleconns", "before 3.0 it is redis.pool.maxidle"),
    (Format::Distribution, "redis.poolsize", "before 3.0 it is redis.pool.maxactive"),
    (Format::Distribution, "redis.connmaxidletime", "before 3.0 it is redis.pool.idletimeout"),
    (Format::Distribution, "redis.tls.clientcas", "since 3.1 it is redis.tls.rootcas"),
    (Format::Distribution, "redis.tls.rootcas", "in 3.0 it is redis.tls.clientcas"),
    (Format::Distribution, "compatibility", "remove it: 3.0 gave up Docker's manifests of schema 1"),
    (Format::Distribution, "reporting", "remove it: 3.0 reports to no service; metrics are at http.debug.prometheus"),
    (Format::Distribution, "storage.oss", "3.0 has no driver for OSS; its S3 endpoint works with storage.s3"),
    (Format::Distribution, "storage.swift", "3.0 has no driver for Swift; its S3 endpoint works with storage.s3"),
    (
        Format::Distribution,
        "http.accesscontrol",
        "Distribution has no rights within: who may log in may do everything; auth.token hands them out",
    ),
    (
        Format::Distribution,
        "accesscontrol",
        "Distribution has no rights within: who may log in may do everything; auth.token hands them out",
    ),
    (Format::Distribution, "http.notifications", "move it to the top: notifications.endpoints"),
    (Format::Distribution, "extensions", "this is zot's; Distribution has none"),
];

/// What is right in place of this path.
pub(super) fn of_path(reader: &Reader, path: &str) -> Option<&'static str> {
    let plain = plain(path);
    KNOWN.iter().find(|(format, wrong, _)| *format == reader.format && *wrong == plain).map(|(_, _, right)| *right)
}

/// What is right in place of a key that is not known below `key`.
pub(super) fn of_unknown(reader: &Reader, path: &str, name: &str, key: &Key) -> Option<String> {
    if let Some(right) = of_path(reader, path) {
        return Some(right.to_owned());
    }
    let names: Vec<&str> = key.names(reader.version).collect();
    if plain(path).rsplit_once('.').is_some_and(|(above, _)| above == "http.accesscontrol") && reader.format == Format::Zot {
        return Some("patterns stand below http.accessControl.repositories since zot 2.0".to_owned());
    }
    if let Some(near) = nearest(name, &names) {
        return Some(format!("did you mean {near}?"));
    }
    let elsewhere = reader.keys().paths_of(name, reader.version);
    match elsewhere.as_slice() {
        [] if names.is_empty() => None,
        [] => Some(format!("keys that stand here: {}", names.join(", "))),
        [one] => Some(format!("it belongs to {one}")),
        [first, second] => Some(format!("it belongs to {first} or {second}")),
        [first, second, ..] => Some(format!("it belongs to places such as {first} and {second}")),
    }
}

/// What is right in place of a line that is no JSON.
pub(super) fn of_syntax(text: &str, line: u64) -> Option<&'static str> {
    let index = usize::try_from(line.saturating_sub(1)).ok()?;
    let near = text.lines().skip(index.saturating_sub(1)).take(2);
    let json = crate::yaml::is_json(text) || text.trim_start().starts_with("//");
    let commented =
        near.into_iter().any(|line| line.contains("//") || line.trim_start().starts_with(['#', '*']) || line.contains("/*"));
    (json && commented).then_some("JSON has no comments: take them out, or write the file as YAML")
}

/// A path without indexes, in lower case.
fn plain(path: &str) -> String {
    let mut plain = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('[') {
        let (inside, behind) = after.split_once(']').unwrap_or((after, ""));
        plain += before;
        plain += if inside.starts_with('"') { ".*" } else { "[]" };
        rest = behind;
    }
    (plain + rest).to_ascii_lowercase()
}

/// The name that is meant by a mistyped one.
fn nearest<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    let typed = name.to_ascii_lowercase();
    let allowed = (typed.chars().count() / 3).clamp(1, 3);
    let scored = names.iter().map(|known| (distance(&typed, &known.to_ascii_lowercase()), *known));
    scored.filter(|(score, _)| *score <= allowed).min_by_key(|(score, _)| *score).map(|(_, known)| known)
}

/// How many letters must be changed, added, left out or swapped with their neighbour (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                let mut least = changed.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                    least = least.min(rows[i - 2][j - 2] + 1);
                }
                least
            };
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistyped_names_are_near() {
        let names = ["gcDelay", "gcInterval", "gc", "dedupe", "rootDirectory"];
        for (typed, meant) in [
            ("gcDealy", Some("gcDelay")),
            ("gcdelay", Some("gcDelay")),
            ("rootDir", None),
            ("dedup", Some("dedupe")),
            ("xyz", None),
        ] {
            assert_eq!(nearest(typed, &names), meant, "{typed}");
        }
        assert_eq!(distance("realm", "relam"), 1);
        assert_eq!(distance("", "abc"), 3);
    }

    #[test]
    fn a_path_is_compared_without_what_people_chose() {
        assert_eq!(
            plain("http.accessControl.repositories[\"a/**\"].policies[0].actions"),
            "http.accesscontrol.repositories.*.policies[].actions"
        );
    }
}
