//! Whether a registry knows of its new configuration: a mark is put into it that a request from outside can see.
//!
//! A registry that reads its configuration again while it runs says so nowhere, and the one we know stops to look when its file was once
//! replaced. So the new configuration is first written with a right that nobody had (to see a repository whose name was just made up and
//! that is not there; where everybody may see everything, nobody may see that one); when a request shows it, the configuration is written
//! without, and when a request shows that too, all of it is in force. One that was not seen in time is restarted.

use std::time::Duration;

use http::StatusCode;
use tokio::time::Instant;

use super::Managed;
use crate::cli::{Context, Login, RegistryArgs, Target};
use crate::error::{Error, Result};
use crate::file::{File, How};
use crate::name::hex;
use crate::registry::ready;

/// How long a registry may take to read its configuration. zot does it at once.
const READ_WITHIN: Duration = Duration::from_secs(5);
/// How long one that was restarted may take to answer.
const RESTARTED_WITHIN: Duration = Duration::from_secs(60);
const AGAIN: Duration = Duration::from_millis(50);
/// The longest page that is read.
const PAGE: usize = 64 << 10;

/// Refuses a configuration that the registry would not take.
pub(super) async fn accepted(context: &Context, managed: &Managed, text: &str) -> Result<()> {
    let binary = managed.instance.as_ref().map(crate::instance::Instance::settings).transpose()?.flatten();
    let binary = binary.and_then(|settings| settings.binary);
    let version = managed.registry.version.as_deref();
    let refused = managed.kind.refuses(&context.environment.path, binary.as_deref(), version, text);
    match context.interrupt.or(refused).await? {
        Some(words) => Err(Error::input(format!("the registry would not take its new configuration: {words}"))),
        None => Ok(()),
    }
}

/// Whether the configuration that is in the file is in force.
pub(super) async fn observed(context: &Context, managed: &Managed, config: &File) -> Result<bool> {
    let text = &managed.config_text()?.unwrap_or_default();
    let mut nonce = [0; 8];
    getrandom::fill(&mut nonce).map_err(|fault| Error::failed("no random numbers to be had").caused_by(fault))?;
    let Some(mark) = managed.kind.marked(text, &hex(&nonce)) else { return Ok(false) };
    let write = |before: &str, after: &str| {
        config.write(Some(before.as_bytes()), after.as_bytes(), How { in_place: true, mode: 0o600 }).map(drop)
    };
    write(text, &mark.text)?;
    let seen = granted(context, managed, &mark.repository, mark.visible).await;
    write(&mark.text, text)?;
    Ok(seen? && granted(context, managed, &mark.repository, !mark.visible).await?)
}

/// Waits until somebody without a login may see a repository that is not there, or may not.
async fn granted(context: &Context, managed: &Managed, name: &str, wanted: bool) -> Result<bool> {
    let target = Target { registry: managed.registry.clone(), instance: managed.instance.clone(), login: Login::Anonymous };
    let connection = context.interrupt.or(context.connect(&RegistryArgs::default(), target, None)).await?;
    let address = format!("{}/v2/{name}/tags/list", connection.registry.url);
    let deadline = Instant::now() + READ_WITHIN;
    let waiting = async {
        loop {
            let status = connection.page(&address, PAGE, context.observer()).await.map(|(status, _)| status);
            let granted = matches!(status, Ok(StatusCode::NOT_FOUND | StatusCode::OK));
            if granted == wanted && status.is_ok() {
                return Ok(true);
            }
            if Instant::now() >= deadline {
                return Ok(false);
            }
            tokio::time::sleep(AGAIN).await;
        }
    };
    context.interrupt.or(waiting).await
}

/// Restarts the registry and waits for its answer.
pub(super) async fn restart(context: &Context, managed: &Managed, why: &str) -> Result<String> {
    context.messages.note(format!("restarting {}: {why}", managed.registry.title()));
    context.restart(&managed.registry, managed.instance.as_ref()).await?;
    // What reg-up restarts, it has waited for; a command of somebody else's may not have.
    let registry = context.url_of(&managed.registry, false).await?;
    let deadline = Instant::now() + RESTARTED_WITHIN;
    let waiting = async {
        while let Err(fault) = ready(&registry, &context.observer()).await {
            if Instant::now() >= deadline {
                return Err(fault);
            }
            tokio::time::sleep(AGAIN).await;
        }
        Ok(())
    };
    context.interrupt.or(waiting).await?;
    Ok(format!("it was restarted: {why}"))
}
