//! What is asked of the server rather than of the registry: is it well, what did it count, collect the garbage.
//!
//! `GET /healthz` is open to everybody. `GET /metrics` is open when the registry is, and wants a login when the registry does.
//! `POST /_reg/gc` wants a token that stands in the data folder, so whoever may read that folder may ask for it.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{Method, StatusCode};
use sha2::{Digest as _, Sha256};

use super::answer::{self, Answer, Refusal};
use super::garbage::CollectOptions;
use super::layout;
use super::login::Logins;
use super::registry::{Asked, Registry};
use crate::error::{Error, Result};
use crate::oci::code::Code;
use crate::secret::Secret;

/// `GET`: 200 when the registry can work.
pub const HEALTH_PATH: &str = "/healthz";
/// `GET`: the counters, for Prometheus.
pub const METRICS_PATH: &str = "/metrics";
/// `POST` with `Authorization: Bearer` and the token of [`token_file`]: collects garbage and answers a
/// [`Swept`](super::Swept). Parameters: `dryRun=true`, `grace=` in whole seconds.
pub const COLLECT_PATH: &str = "/_reg/gc";

/// Where a running server keeps the token for [`COLLECT_PATH`]: in its data folder, readable by its owner alone. It changes with
/// every start.
#[must_use]
pub fn token_file(directory: &Path) -> PathBuf {
    directory.join(layout::ADMIN_TOKEN)
}

/// What admits to the admin path. Only its hash is kept, which also makes comparing it take the same time always.
#[derive(Debug)]
pub(super) struct Token([u8; 32]);

impl Token {
    /// A new one, and its text.
    pub(super) fn generate() -> Result<(Self, Secret)> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|fault| Error::failed("no random numbers to be had").caused_by(fault))?;
        let text = crate::name::hex(&bytes);
        Ok((Self(Sha256::digest(&text).into()), Secret::new(text)))
    }

    fn admits(&self, asked: &Asked) -> bool {
        let given = asked.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let given = given.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        given.is_some_and(|(_, token)| <[u8; 32]>::from(Sha256::digest(token.trim())) == self.0)
    }
}

/// Answers what needs no login; nothing when the request is for somebody else.
pub(super) async fn answer_open(registry: &Registry, asked: &Asked) -> std::result::Result<Option<Answer>, Refusal> {
    match asked.uri.path() {
        HEALTH_PATH => {
            only(asked, &[Method::GET, Method::HEAD])?;
            health(registry).await.map(Some)
        }
        COLLECT_PATH => {
            only(asked, &[Method::POST])?;
            collect(registry, asked).await.map(Some)
        }
        _ => Ok(None),
    }
}

fn only(asked: &Asked, methods: &[Method]) -> std::result::Result<(), Refusal> {
    if methods.contains(&asked.method) {
        return Ok(());
    }
    let allowed = methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
    let message = format!("{} is not an operation of this path", asked.method);
    Err(Refusal::new(Code::Unsupported, message).with_header(http::header::ALLOW, allowed))
}

/// Well is a registry that can write. Anybody may ask, so it is tried at most once a second.
async fn health(registry: &Registry) -> std::result::Result<Answer, Refusal> {
    let mut last = registry.last_well.lock().await;
    if last.is_none_or(|last| last.elapsed() > Duration::from_secs(1)) {
        let written = registry.ask(|store| {
            let path = store.files.temporary();
            store.files.write(&path, b"ok").and_then(|()| store.files.remove(&path))
        });
        written.await.map_err(|refusal| refusal.with_status(StatusCode::SERVICE_UNAVAILABLE))?;
        *last = Some(Instant::now());
    }
    Ok(answer::text(StatusCode::OK, "ok\n".to_owned()))
}

/// The counters.
pub(super) fn metrics(registry: &Registry, asked: &Asked) -> std::result::Result<Answer, Refusal> {
    only(asked, &[Method::GET, Method::HEAD])?;
    let checks = registry.logins.as_ref().map_or(0, Logins::checks);
    let mut answer = answer::text(StatusCode::OK, registry.metrics.text(registry.uploads.count(), checks));
    answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"));
    Ok(answer)
}

async fn collect(registry: &Registry, asked: &Asked) -> std::result::Result<Answer, Refusal> {
    if !registry.token.admits(asked) {
        return Err(Refusal::new(Code::Unauthorized, "the server's admin token is required")
            .with_header(http::header::WWW_AUTHENTICATE, r#"Bearer realm="reg""#));
    }
    let options = options(asked.uri.query().unwrap_or_default(), registry.store.grace)?;
    let Some(collected) = registry.ask(move |store| store.collect(options)).await? else {
        return Err(Refusal::new(Code::Denied, "garbage is being collected already").with_status(StatusCode::CONFLICT));
    };
    registry.uploads.forget_removed().await?;
    registry.metrics.collections.fetch_add(1, Relaxed);
    Ok(answer::json(StatusCode::OK, &collected))
}

fn options(query: &str, grace: Duration) -> std::result::Result<CollectOptions, Refusal> {
    let mut options = CollectOptions { grace, dry_run: false };
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("dryRun", value @ ("true" | "false"))) => options.dry_run = value == "true",
            Some(("grace", seconds)) if seconds.parse::<u64>().is_ok() => {
                options.grace = Duration::from_secs(seconds.parse().unwrap_or_default());
            }
            _ => {
                let message = "the parameters are dryRun=true|false and grace=<whole seconds>";
                return Err(Refusal::new(Code::Unsupported, message).with_status(StatusCode::BAD_REQUEST));
            }
        }
    }
    Ok(options)
}
