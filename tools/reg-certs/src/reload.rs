//! After a renewal: the registry presents the new certificate, in the way its type needs.
//!
//! Some look at their files and need only be waited for; the others are restarted.

use std::time::Duration;

use reg_shared::cli::Context;
use reg_shared::document::Registry;
use reg_shared::error::{Error, Result};
use reg_shared::http::Url;
use reg_shared::instance::{Instance, Running};
use reg_shared::registry;
use reg_shared::tls::certificate::Certificate;
use reg_shared::tls::handshake::handshake;
use reg_shared::tls::trust::Trust;
use tokio::time::Instant;

use crate::renew::called;

/// How long a registry that looks at its files may take: zot waits 150 ms for a second change, and tries five times.
const REREAD_WITHIN: Duration = Duration::from_secs(10);
/// How long one that was restarted may take to shake hands.
const RESTARTED_WITHIN: Duration = Duration::from_secs(30);
/// How long one handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(5);
const AGAIN: Duration = Duration::from_millis(100);

/// Waits until a registry presents a certificate; restarts it when it does not by itself.
///
/// # Errors
/// When it cannot be restarted, or presents another one then.
pub(crate) async fn present(
    context: &Context,
    registry: &Registry,
    instance: Option<&Instance>,
    certificate: &Certificate,
) -> Result<()> {
    let who = called(registry);
    if let Some(instance) = instance
        && Running::of(instance).await?.is_none()
    {
        context.messages.note(format!("{who} is not running and presents it when it starts"));
        return Ok(());
    }
    let place = place(registry, instance)?;
    if presents(&place, certificate).await.is_ok_and(|presented| presented) {
        context.messages.note(format!("{who} presents it"));
        return Ok(());
    }
    let version = registry.version.as_deref();
    if registry.kind.is_some_and(|kind| registry::Registry::from(kind).rereads_its_certificate(version)) {
        let read = wait(context, &place, certificate, REREAD_WITHIN).await;
        if read.is_ok_and(|presented| presented) {
            context.messages.note(format!("{who} presents it, without a restart"));
            return Ok(());
        }
    }
    context
        .restart(registry, instance)
        .await
        .map_err(|fault| fault.context(format!("{who} does not present the new certificate yet")))?;
    if wait(context, &place, certificate, RESTARTED_WITHIN).await? {
        context.messages.note(format!("{who} presents it, after a restart"));
        return Ok(());
    }
    Err(Error::conflict(format!("{who} was restarted and presents another certificate"))
        .hint("does its configuration name the file that was renewed?"))
}

/// Host and port. Of an instance, where it listens: its name may mean something on other machines only.
fn place(registry: &Registry, instance: Option<&Instance>) -> Result<(String, u16)> {
    let settings = instance.map(Instance::settings).transpose()?.flatten();
    if let Some(address) = settings.and_then(|settings| settings.address()) {
        let any = address.ip().is_unspecified();
        let host = if any { "127.0.0.1".to_owned() } else { address.ip().to_string() };
        return Ok((host, address.port()));
    }
    let url = Url::parse(&registry.url).map_err(|fault| Error::input(format!("{} is not a URL", registry.url)).caused_by(fault))?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    Ok((host, url.port_or_known_default().unwrap_or(443)))
}

async fn presents((host, port): &(String, u16), certificate: &Certificate) -> Result<bool> {
    let shown = handshake(host, *port, &Trust::default(), HANDSHAKE).await?;
    Ok(shown.chain.first().is_some_and(|shown| shown.der == certificate.der))
}

async fn wait(context: &Context, place: &(String, u16), certificate: &Certificate, within: Duration) -> Result<bool> {
    let deadline = Instant::now() + within;
    let waiting = async {
        loop {
            let presented = presents(place, certificate).await;
            if presented.as_ref().is_ok_and(|presented| *presented) || Instant::now() >= deadline {
                return presented;
            }
            tokio::time::sleep(AGAIN).await;
        }
    };
    context.interrupt.or(waiting).await
}
