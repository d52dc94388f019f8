//! Faults of manifests and blobs that are read.

use serde_json::json;

use super::registry::{Handled, OCI_MANIFEST, Object, Route, image};
use super::wire::{Answered, Call, Connection, Reply};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";

pub(super) async fn answer(connection: &mut Connection, call: &Call, route: &Route) -> Handled {
    match &route.object {
        Object::Manifest(_) => of_manifest(connection, call, route).await,
        Object::Blob(digest) if route.is_layer() && call.method == "GET" => {
            if let Some(location) = redirect(connection, call, route, digest) {
                return Handled::Yes(connection.reply(call, Reply::new(307).header("Location", location)).await);
            }
            of_layer(connection, call, route).await
        }
        _ => Handled::No,
    }
}

fn redirect(connection: &Connection, call: &Call, route: &Route, digest: &str) -> Option<String> {
    let state = &connection.state;
    match route.fault.as_str() {
        "redirect-elsewhere" => Some(format!("http://{}/storage/{digest}?X-Amz-Signature=secret-signature", state.elsewhere)),
        "redirect-port" => Some(format!("http://{}/storage/{digest}", state.other_port)),
        "redirect-401" => Some(format!("http://{}/locked/{digest}", state.elsewhere)),
        "redirect-loop" => Some(call.target.clone()),
        "redirect-endless" => Some(format!("{}?hop={}", call.path, state.count("redirect-endless"))),
        "redirect-metadata" => Some("http://169.254.169.254/latest/meta-data/".to_owned()),
        _ => None,
    }
}

async fn of_layer(connection: &mut Connection, call: &Call, route: &Route) -> Handled {
    let layer = &image().layer;
    let half = layer.len() / 2;
    let whole = |body: Vec<u8>| Reply::new(200).header("Content-Type", "application/octet-stream").body(body);
    let fault = route.fault.as_str();
    let reply = match fault {
        "blob-cut-always" => {
            let reply = ranged(layer, call);
            return Handled::Yes(connection.reply_cut(call, reply, 100).await);
        }
        fault if (fault.starts_with("blob-cut-") || fault.starts_with("blob-range-")) && connection.state.first(fault) => {
            return Handled::Yes(connection.reply_cut(call, whole(layer.clone()), half).await);
        }
        "blob-cut-once" => ranged(layer, call),
        "blob-cut-no-range" => whole(layer.clone()),
        "blob-cut-changed" => whole(std::iter::once(!layer[0]).chain(layer[1..].iter().copied()).collect()),
        "blob-range-wrong" => {
            let first = call.range().unwrap_or(half).saturating_sub(10);
            let range = format!("bytes {first}-{}/{}", layer.len() - 1, layer.len());
            Reply::new(206).header("Content-Range", range).body(&layer[first..])
        }
        "blob-range-416" => {
            let reply = Reply::new(416).body(vec![b' '; layer.len()]);
            return Handled::Yes(connection.reply_cut(call, reply, 10).await);
        }
        "blob-corrupt" => {
            let mut body = layer.clone();
            body[half] = !body[half];
            whole(body)
        }
        "blob-short" => whole(layer[..layer.len() - 1000].to_vec()),
        "blob-long" => whole(layer.iter().copied().chain([0]).collect()),
        "blob-long-chunked" => {
            let reply = whole(layer.iter().copied().chain([0]).collect());
            return Handled::Yes(connection.reply_chunked(call, reply).await);
        }
        "blob-gzip" => whole(layer.clone()).header("Content-Encoding", "gzip"),
        "blob-stall" => return Handled::Yes(stall(connection, call, whole(layer.clone()), half).await),
        _ => return Handled::No,
    };
    Handled::Yes(connection.reply(call, reply).await)
}

fn ranged(bytes: &[u8], call: &Call) -> Reply {
    match call.range() {
        Some(first) if first < bytes.len() => {
            let range = format!("bytes {first}-{}/{}", bytes.len() - 1, bytes.len());
            Reply::new(206).header("Content-Range", range).body(&bytes[first..])
        }
        Some(_) => Reply::new(416),
        None => Reply::new(200).body(bytes),
    }
}

async fn stall(connection: &mut Connection, call: &Call, reply: Reply, length: usize) -> Answered {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", reply.body.len());
    connection.send(call, 200, head.as_bytes()).await?;
    connection.send(call, 200, &reply.body[..length]).await?;
    connection.stand_still().await
}

async fn of_manifest(connection: &mut Connection, call: &Call, route: &Route) -> Handled {
    if call.method == "PUT" && route.fault == "manifest-immutable" {
        connection.body(call).await;
        let reply = Reply::error(409, "DENIED", "the tag is immutable");
        return Handled::Yes(connection.reply(call, reply).await);
    }
    if !matches!(call.method.as_str(), "GET" | "HEAD") {
        return Handled::No;
    }
    let image = image();
    let of_type = |media_type: &str, body: Vec<u8>| Reply::new(200).header("Content-Type", media_type).body(body);
    let digest = image.digest();
    let reply = match route.fault.as_str() {
        "manifest-endless" => {
            let begin = Reply::new(200).header("Content-Type", OCI_MANIFEST);
            return Handled::Yes(connection.reply_endless(call, begin, b" ").await);
        }
        "manifest-large" => of_type(OCI_MANIFEST, vec![b' '; 100 << 20]),
        "manifest-other" => of_type(OCI_MANIFEST, image.manifest.iter().copied().chain([b'\n']).collect()),
        "manifest-digest-lies" => {
            let other = reg_shared::name::Digest::sha256("another");
            of_type(OCI_MANIFEST, image.manifest.clone()).header("Docker-Content-Digest", other)
        }
        "manifest-ambiguous" => {
            let body = json!({ "schemaVersion": 2, "mediaType": OCI_MANIFEST, "manifests": [], "layers": [] });
            of_type(OCI_MANIFEST, body.to_string().into_bytes())
        }
        "manifest-twice" => of_type(OCI_MANIFEST, br#"{"schemaVersion":2,"layers":[],"Layers":[]}"#.to_vec()),
        "manifest-untyped" => Reply::new(200).body(image.manifest.clone()),
        "manifest-type" => of_type(INDEX, image.manifest.clone()).header("Docker-Content-Digest", digest),
        "error-endless" => return Handled::Yes(connection.reply_endless(call, Reply::new(404), b"no such thing ").await),
        "error-echo" => {
            let sent = call.header("authorization").unwrap_or_default().to_owned();
            let message = format!("you sent {sent}, which is {}:{}", super::USERNAME, super::PASSWORD);
            Reply::error(403, "DENIED", &message)
        }
        "error-escape" => Reply::error(404, "MANIFEST_UNKNOWN", "\u{1b}[2J\u{1b}[31mgone\r\nreg: all is well"),
        _ => return Handled::No,
    };
    Handled::Yes(connection.reply(call, reply).await)
}
