//! The servers that are not the registry: a storage, a token server, a place to upload to.

use super::registry::image;
use super::wire::{Answered, Call, Connection, Reply};
use super::{Place, tokens};

pub(super) async fn answer(connection: &mut Connection, call: &Call) -> Answered {
    let reply = match call.path.as_str() {
        "/token" => return tokens::answer(connection, call).await,
        path if path.starts_with("/storage/") => Reply::new(200).body(image().layer.clone()),
        path if path.starts_with("/locked/") => Reply::new(401).header("WWW-Authenticate", "Basic realm=\"storage\""),
        path if path.starts_with("/upload/") => {
            connection.body(call).await?;
            Reply::new(if call.method == "PUT" { 201 } else { 202 })
        }
        _ if connection.place() == Place::Elsewhere => Reply::new(404).body("elsewhere"),
        _ => Reply::new(404).body("another port"),
    };
    connection.reply(call, reply).await
}
