//! Is a registry well: API, login, version, certificate, its own health page, how fast it answers.

use std::time::Duration;

use reg_shared::cli::Connection;
use reg_shared::document::Type;
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::http::{Client as Http, Method, Observer, Options, Request, Retry, Url};
use reg_shared::name::quoted;
use reg_shared::oci::Client;
use reg_shared::registry::Health;
use reg_shared::tls::handshake::handshake;
use reg_shared::tls::trust::Trust;
use time::OffsetDateTime;

use crate::suite::{Found, Suite};

/// How long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// A certificate that is good for fewer days is said to need renewal.
const RENEW_WITHIN: i64 = 30;
/// How often the registry is asked to see how fast it answers.
const LATENCY_SAMPLES: usize = 5;
/// The largest health page that is read, in bytes.
const PAGE_MAX: usize = 1 << 20;

pub(crate) async fn checks(suite: &mut Suite<'_>) {
    let connection = suite.connection.clone();
    let Connection { registry, client, trust, has_login, .. } = connection.clone();
    let retry = Retry { tries: 1, ..Retry::default() };
    let options = Options { trust: trust.clone(), retry, observer: Some(suite.context.observer()), ..Options::default() };
    suite.check("auth", auth(&client, has_login, &options)).await;
    suite.check("version", async { Ok(version(registry.kind.map(Type::as_str), registry.version.as_deref())) }).await;
    suite.check("tls", tls(&registry.url, &trust)).await;
    let page = suite.kind().health(registry.endpoints.as_ref().and_then(|endpoints| endpoints.health.as_deref()));
    suite.check("health", own_health(&connection, page, suite.context.observer())).await;
    suite.check("latency", latency(&client, has_login)).await;
}

/// Whether the registry lets us in.
async fn auth(client: &Client, has_login: bool, options: &Options) -> Result<Found> {
    // Whoever lets anybody in says nothing about a login.
    let open = has_login && lets_anybody_in(client, options).await;
    match client.ping().await {
        Ok(_) if has_login && open => Ok(Found::Pass("no login is wanted; the one that is known was not checked".to_owned())),
        Ok(_) if has_login => Ok(Found::Pass("the login is accepted".to_owned())),
        Ok(_) => Ok(Found::Pass("no login is wanted".to_owned())),
        Err(fault) if fault.kind() == Exit::Denied && !has_login => Ok(Found::Skip(
            "it wants a login, and none is known: -u with --password-file, --password-env or --password-stdin".to_owned(),
        )),
        Err(fault) => Err(fault),
    }
}

async fn lets_anybody_in(client: &Client, options: &Options) -> bool {
    let Ok(url) = client.base().join("v2/") else { return false };
    let answer = Http::new(options.clone()).send(Request::new(Method::GET, url).without_redirects()).await;
    answer.is_ok_and(|answer| answer.status().is_success())
}

fn version(kind: Option<&str>, version: Option<&str>) -> Found {
    match (kind, version) {
        (Some(kind), Some(version)) => Found::Pass(format!("{kind} {version}")),
        (Some(kind), None) => Found::Skip(format!("{kind}; it does not tell its version")),
        (None, _) => Found::Skip("it tells neither type nor version".to_owned()),
    }
}

/// Whether its certificate is believed, and for how long yet.
async fn tls(url: &str, trust: &Trust) -> Result<Found> {
    let url = Url::parse(url).map_err(|_| Error::input(format!("{} is not a URL", quoted(url))))?;
    if url.scheme() != "https" {
        return Ok(Found::Skip("it is plain http".to_owned()));
    }
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let shown = handshake(host, url.port_or_known_default().unwrap_or(443), trust, HANDSHAKE).await?;
    shown.verified.map_err(|fault| fault.context("its certificate is not believed"))?;
    let leaf = shown.chain.first().ok_or_else(|| Error::failed("it shows no certificate"))?;
    let days = leaf.days_left(OffsetDateTime::now_utc());
    let renew = if days < RENEW_WITHIN { ": renew it soon" } else { "" };
    let length = shown.chain.len();
    Ok(Found::Pass(format!("{}, {length} in the chain, good for {days} more days{renew}", shown.protocol)))
}

/// What the type's own health page says.
async fn own_health(connection: &Connection, page: Option<Health>, observer: Observer) -> Result<Found> {
    let Some(page) = page else { return Ok(Found::Skip("this type has no health page of its own".to_owned())) };
    let (status, bytes) = connection.page(&page.address, PAGE_MAX, observer).await?;
    page.judge(status, &bytes).map(Found::Pass).map_err(|why| Error::failed(format!("{} says: {why}", page.address)))
}

/// How long an answer takes, in the middle of a few.
async fn latency(client: &Client, has_login: bool) -> Result<Found> {
    let mut samples = Vec::new();
    for _ in 0..LATENCY_SAMPLES {
        match client.ping().await {
            Ok(ping) => samples.push(ping.elapsed),
            Err(fault) if fault.kind() == Exit::Denied && !has_login => {
                return Ok(Found::Skip("it wants a login, and none is known".to_owned()));
            }
            Err(fault) => return Err(fault),
        }
    }
    samples.sort();
    let median = samples.get(samples.len() / 2).copied().unwrap_or_default();
    Ok(Found::Pass(format!("{:.1} ms, the middle of {LATENCY_SAMPLES}", median.as_secs_f64() * 1000.0)))
}
