//! Faults of lists: catalog, tags, referrers.

use serde_json::json;

use super::registry::{Handled, Object, Route};
use super::wire::{Answered, Call, Connection, Reply};

/// The fault named in front of the path.
pub(super) async fn catalog(connection: &mut Connection, call: &Call, fault: &str) -> Answered {
    let page = |names: &[&str]| Reply::new(200).body(json!({ "repositories": names }).to_string());
    let reply = match fault {
        "catalog-loop" => page(&["fault/none"]).header("Link", format!("<{}>; rel=\"next\"", call.target)),
        "catalog-number" if call.parameter("n").is_some_and(|n| n.parse::<usize>().is_ok_and(|n| n > 100)) => {
            too_many("between 1 and 100")
        }
        "catalog-none" => Reply::new(404).body("404 page not found\n"),
        _ => page(&["fault/none", "fault/basic"]),
    };
    connection.reply(call, reply).await
}

pub(super) async fn answer(connection: &mut Connection, call: &Call, route: &Route) -> Handled {
    let reply = match &route.object {
        Object::Tags => tags(connection, call, route),
        Object::Referrers(_) => referrers(call, route),
        _ => None,
    };
    if route.object == Object::Tags && route.fault == "tags-endless" {
        let begin = Reply::new(200).header("Content-Type", "application/json");
        return Handled::Yes(connection.reply_endless(call, begin, br#"{"name":"x","tags":["#).await);
    }
    match reply {
        Some(reply) => Handled::Yes(connection.reply(call, reply).await),
        None => Handled::No,
    }
}

fn too_many(allowed: &str) -> Reply {
    Reply::error(400, "PAGINATION_NUMBER_INVALID", &format!("invalid number of results requested: {allowed}"))
}

fn tags(connection: &Connection, call: &Call, route: &Route) -> Option<Reply> {
    let page = |names: &[&str]| Reply::new(200).body(json!({ "name": route.repository, "tags": names }).to_string());
    let n = call.parameter("n").and_then(|n| n.parse::<usize>().ok());
    let last = call.parameter("last");
    let reply = match route.fault.as_str() {
        "tags-loop" => page(&["a", "b"]).header("Link", format!("<{}>; rel=\"next\"", call.target)),
        "tags-same" => {
            let count = connection.state.count("tags-same");
            page(&["a", "b"]).header("Link", format!("<{}?n=2&last=b{count}>; rel=\"next\"", call.path))
        }
        "tags-elsewhere" => {
            page(&["a"]).header("Link", format!("<http://{}{}?last=a>; rel=\"next\"", connection.state.elsewhere, call.path))
        }
        "tags-forms" => match last.as_deref() {
            None => page(&["a"]).header("Link", format!("<{}?last=a>; rel=\"next\"", call.path)),
            Some("a") => page(&["b"]).header("Link", "<list?last=b&n=5>; rel=next"),
            Some("b") => {
                page(&["c"]).header("Link", format!("<{0}?x>; rel=\"prev\", <{0}?last=c>; title=\"a, b\"; rel=\"next\"", call.path))
            }
            Some(_) => page(&["d"]),
        },
        "tags-number" => match n {
            Some(n) if n > 5 => too_many("n must be between 1 and 5"),
            _ if last.is_none() => page(&["a", "b"]).header("Link", format!("<{}?n=5&last=b>; rel=\"next\"", call.path)),
            _ => page(&["c"]),
        },
        "tags-number-unnamed" => match n {
            Some(n) => too_many(&n.to_string()),
            None => page(&["a"]),
        },
        "tags-unsorted" => page(&["b", "a", "c", "a"]),
        "tags-bad" => page(&["a", "../../x\u{1b}[31m"]),
        "tags-null" => Reply::new(200).body(r#"{"name":"x","tags":null}"#),
        "tags-many" => {
            many(call, last.and_then(|last| last.trim_start_matches('t').parse().ok()).map_or(0, |last: usize| last + 1))
        }
        _ => return None,
    };
    Some(reply)
}

/// 1000 of 100,000 tags, beginning with number `first`.
fn many(call: &Call, first: usize) -> Reply {
    let names: Vec<_> = (first..first + 1000).map(|number| format!("t{number:06}")).collect();
    let reply = Reply::new(200).body(json!({ "tags": names }).to_string());
    if first + 1000 < 100_000 {
        reply.header("Link", format!("<{}?n=1000&last=t{:06}>; rel=\"next\"", call.path, first + 999))
    } else {
        reply
    }
}

fn referrers(call: &Call, route: &Route) -> Option<Reply> {
    let entry = |kind: &str, seed: &str| {
        let digest = reg_shared::name::Digest::sha256(seed).to_string();
        json!({ "mediaType": super::registry::OCI_MANIFEST, "digest": digest, "size": 2, "artifactType": kind })
    };
    let index = |entries: &[serde_json::Value]| {
        let body = json!({ "schemaVersion": 2, "manifests": entries, "mediaType": "application/vnd.oci.image.index.v1+json" });
        Reply::new(200).header("Content-Type", "application/vnd.oci.image.index.v1+json").body(body.to_string())
    };
    match route.fault.as_str() {
        "referrers-unfiltered" => Some(index(&[entry("a/sbom", "1"), entry("a/signature", "2"), entry("a/sbom", "1")])),
        "referrers-loop" => Some(index(&[entry("a/sbom", "1")]).header("Link", format!("<{}>; rel=\"next\"", call.target))),
        _ => None,
    }
}
