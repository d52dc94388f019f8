//! Uploads, and their faults.

use reg_shared::name::Digest;

use super::lock;
use super::registry::{Handled, Object, Route};
use super::wire::{Answered, Call, Connection, Reply};

pub(super) async fn answer(connection: &mut Connection, call: &Call, route: &Route) -> Handled {
    let fault = route.fault.as_str();
    match (call.method.as_str(), &route.object) {
        ("POST", Object::Uploads) => begin(connection, call, route).await,
        ("PUT", Object::Upload(id)) => match fault {
            "put-cut-once" | "put-cut-lost" if connection.state.first(fault) => {
                Handled::Yes(cut(connection, call, id, fault == "put-cut-once").await)
            }
            "put-cut-always" => Handled::Yes(cut(connection, call, id, false).await),
            "put-503-once" if connection.state.first(fault) => {
                connection.body(call).await;
                lock(&connection.state.store).uploads.remove(id);
                Handled::Yes(connection.reply(call, Reply::error(503, "UNKNOWN", "not now")).await)
            }
            "put-digest-lies" => {
                connection.body(call).await;
                lock(&connection.state.store).uploads.remove(id);
                let other = Digest::sha256("another");
                Handled::Yes(connection.reply(call, Reply::new(201).header("Docker-Content-Digest", other)).await)
            }
            "put-slow" => {
                connection.body(call).await;
                Handled::Yes(connection.stand_still().await)
            }
            _ => Handled::No,
        },
        ("PATCH", Object::Upload(_)) if fault == "patch-416-once" && connection.state.count(fault) == 1 => {
            connection.body(call).await;
            Handled::Yes(connection.reply(call, Reply::error(416, "RANGE_INVALID", "out of order")).await)
        }
        _ => Handled::No,
    }
}

async fn begin(connection: &mut Connection, call: &Call, route: &Route) -> Handled {
    let mounted = call.parameter("mount");
    let reply = match (route.fault.as_str(), &mounted) {
        ("mount", Some(digest)) => Reply::new(201).header("Docker-Content-Digest", digest),
        ("mount-denied", Some(_)) => Reply::error(403, "DENIED", "no access to the source"),
        ("mount-accepted", _) | (_, None) => accepted(connection, route),
        _ => accepted(connection, route),
    };
    let reply = match route.fault.as_str() {
        "location-elsewhere" => {
            Reply::new(202).header("Location", format!("http://{}/upload/1?_state=secret-state", connection.state.elsewhere))
        }
        "chunk-min" => reply.header("OCI-Chunk-Min-Length", 400_000),
        _ => reply,
    };
    Handled::Yes(connection.reply(call, reply).await)
}

fn accepted(connection: &Connection, route: &Route) -> Reply {
    let id = lock(&connection.state.store).begin_upload();
    Reply::new(202).header("Location", location(route, &id)).header("Range", "0-0")
}

fn location(route: &Route, id: &str) -> String {
    format!("/v2/{}/blobs/uploads/{id}?_state=secret-state", route.repository)
}

/// Reads half of the body and breaks the connection.
async fn cut(connection: &mut Connection, call: &Call, id: &str, keep: bool) -> Answered {
    let half = connection.read(call, call.length() / 2).await?;
    if keep {
        lock(&connection.state.store).uploads.entry(id.to_owned()).or_default().extend(half);
    } else {
        lock(&connection.state.store).uploads.remove(id);
    }
    connection.reset()
}

/// An upload as the spec has it.
pub(super) async fn well_behaved(connection: &mut Connection, call: &Call, route: &Route) -> Answered {
    let Object::Upload(id) = &route.object else {
        return connection.reply(call, Reply::new(405)).await;
    };
    let body = connection.body(call).await?;
    let reply = match lock(&connection.state.store).uploads.get_mut(id) {
        None => Reply::error(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry"),
        Some(bytes) => {
            let begins = call.header("content-range").and_then(|range| range.split('-').next()?.parse().ok());
            if begins.is_some_and(|begins: usize| begins != bytes.len()) {
                Reply::error(416, "RANGE_INVALID", "out of order")
            } else {
                bytes.extend_from_slice(&body);
                let range = format!("0-{}", bytes.len().saturating_sub(1));
                Reply::new(if call.method == "GET" { 204 } else { 202 })
                    .header("Location", location(route, id))
                    .header("Range", range)
            }
        }
    };
    let reply = match call.method.as_str() {
        "DELETE" if reply.status == 202 => {
            lock(&connection.state.store).uploads.remove(id);
            Reply::new(204)
        }
        "PUT" if reply.status == 202 => finish(connection, call, route, id),
        _ => reply,
    };
    connection.reply(call, reply).await
}

fn finish(connection: &Connection, call: &Call, route: &Route, id: &str) -> Reply {
    let mut store = lock(&connection.state.store);
    let bytes = store.uploads.remove(id).unwrap_or_default();
    let (digest, wanted) = (Digest::sha256(&bytes).to_string(), call.parameter("digest").unwrap_or_default());
    if digest != wanted {
        return Reply::error(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
    }
    store.keep_blob(&route.repository, &digest, bytes);
    Reply::new(201).header("Location", format!("/v2/{}/blobs/{digest}", route.repository)).header("Docker-Content-Digest", digest)
}
