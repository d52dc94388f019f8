//! Which type of registry answers at a URL.
//!
//! Nothing in the protocol says so; these are the marks that the real ones leave (checked on zot 2.0.4 and 2.1.20, Distribution 2.8.2 and
//! 3.1.1; Harbor from its sources): the embedded server names itself in `Server`; Harbor answers `Pong` on its own ping; zot lists its
//! extensions where the OCI extension API says, allows its own header in CORS, and refuses a stranger with one bare error where the
//! specification wants a list; Distribution answers that path in plain text, with the API version in a header. Whatever else answers
//! is `oci`.

use ::http::StatusCode;
use ::http::header::{HeaderMap, SERVER};

use crate::document::Type;
use crate::error::Result;
use crate::oci::Client;

/// The type, and the version when it tells.
///
/// # Errors
/// When nothing answers.
pub async fn probe(client: &Client) -> Result<(Type, Option<String>)> {
    let ping = client.fetch("/v2/").await?;
    if let Some(version) = text(&ping.headers, SERVER.as_str()).and_then(|server| server.strip_prefix("reg-embedded/")) {
        return Ok((Type::Embedded, Some(version.to_owned())));
    }
    if is_zot(&ping.headers) || refuses_like_zot(&ping) {
        return Ok((Type::Zot, zot_version(client).await));
    }
    let discover = client.fetch("/v2/_oci/ext/discover").await?;
    if discover.status == StatusCode::NOT_FOUND
        && text(&discover.headers, "docker-distribution-api-version").is_some()
        && text(&discover.headers, "content-type").is_some_and(|kind| kind.starts_with("text/plain"))
    {
        // Harbor's core stands in front of a Distribution, too; only Harbor has this page.
        let harbor = client.fetch("/api/v2.0/ping").await?;
        return Ok(if is_harbor(&harbor) { (Type::Harbor, None) } else { (Type::Distribution, None) });
    }
    if is_zot(&discover.headers) {
        return Ok((Type::Zot, zot_version(client).await));
    }
    let harbor = client.fetch("/api/v2.0/ping").await?;
    Ok((if is_harbor(&harbor) { Type::Harbor } else { Type::Oci }, None))
}

fn is_zot(headers: &HeaderMap) -> bool {
    text(headers, "access-control-allow-headers").is_some_and(|allowed| allowed.contains("X-ZOT-API-CLIENT"))
}

/// `{"code":"UNAUTHORIZED",…}` (pkg/common/http_server.go, `AuthzFail`): every other registry puts `errors` around it.
fn refuses_like_zot(ping: &crate::oci::Document) -> bool {
    let bare = || serde_json::from_slice::<serde_json::Value>(&ping.bytes).ok();
    ping.status == StatusCode::UNAUTHORIZED && bare().is_some_and(|error| error["code"] == "UNAUTHORIZED")
}

fn is_harbor(ping: &crate::oci::Document) -> bool {
    ping.status == StatusCode::OK && ping.bytes.trim_ascii().trim_ascii_start().starts_with(b"Pong")
}

/// A zot with the search extension tells its release; zot-minimal does not.
async fn zot_version(client: &Client) -> Option<String> {
    let page = client.fetch("/v2/_zot/ext/mgmt").await.ok()?;
    let page: serde_json::Value = serde_json::from_slice(&page.bytes).ok()?;
    let release = page.get("releaseTag").and_then(serde_json::Value::as_str)?;
    Some(release.trim_start_matches('v').to_owned()).filter(|release| !release.is_empty())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
