//! The embedded server: asked while it runs; of a stopped one the folder is swept.

use std::time::Duration;

use reg_shared::cli::Context;
use reg_shared::document::{Collected, Registry};
use reg_shared::embedded::{self, CollectOptions};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::http::{Client, HeaderValue, Method, Options, Request, Retry, Timeouts, Url, header};
use reg_shared::instance::{CERTIFICATE, Instance};
use reg_shared::tls::trust::Trust;

use crate::cli::GcArgs;

/// The largest report that is read, in bytes.
const REPORT_MAX: usize = 1 << 20;
/// A large folder may take long; the server answers when it is done.
const WITHIN: Duration = Duration::from_secs(6 * 60 * 60);

pub(super) async fn collect(context: &Context, instance: &Instance, registry: Registry, args: &GcArgs) -> Result<Collected> {
    let data = registry.instance.as_ref().and_then(|parts| parts.data.clone());
    let data = data.ok_or_else(|| Error::failed("its document does not say where its data is"))?;
    // A running server looks after itself, however long it takes; of a stopped one the lock keeps a start away.
    let mut locked = None;
    if instance.running()?.is_none() {
        locked = Some(context.lock(instance.name()).await?);
    }
    let online = instance.running()?.is_some();
    let swept = context
        .interrupt
        .or(async {
            if online {
                ask(context, instance, &registry, &data, args).await
            } else {
                embedded::collect_garbage(&data, CollectOptions { grace: args.grace, dry_run: args.dry_run }).await
            }
        })
        .await?;
    drop(locked);
    Ok(Collected::swept(registry, online, &swept))
}

/// Asks the running server, with the token from its data folder.
async fn ask(
    context: &Context,
    instance: &Instance,
    registry: &Registry,
    data: &std::path::Path,
    args: &GcArgs,
) -> Result<embedded::Swept> {
    let token_file = embedded::token_file(data);
    let token = std::fs::read_to_string(&token_file)
        .map_err(|fault| Error::io(format!("cannot read {}", token_file.display()), fault).with_kind(Exit::Denied))?;
    let address = format!("{}{}?dryRun={}&grace={}", registry.url, embedded::COLLECT_PATH, args.dry_run, args.grace.as_secs());
    let url = Url::parse(&address).map_err(|_| Error::input(format!("{} is not a URL", registry.url)))?;
    // It is our own server: its own certificate is enough.
    let trust = Trust { ca_file: registry.tls.is_some().then(|| instance.dir().join(CERTIFICATE)), insecure: Vec::new() };
    let timeouts = Timeouts { answer: WITHIN, commit: WITHIN, idle: WITHIN, ..Timeouts::default() };
    let client =
        Client::new(Options { trust, timeouts, retry: Retry { tries: 1, ..Retry::default() }, observer: Some(context.observer()) });
    let mut bearer = HeaderValue::from_str(&format!("Bearer {}", token.trim()))
        .map_err(|_| Error::failed(format!("{} holds no token", token_file.display())))?;
    bearer.set_sensitive(true);
    let request = Request::new(Method::POST, url).header(header::AUTHORIZATION, bearer).without_redirects();
    let response = client.send(request).await?;
    let status = response.status();
    let body = response.bytes(REPORT_MAX).await?;
    if !status.is_success() {
        return Err(Error::failed(format!("the server answers {status}")));
    }
    serde_json::from_slice(&body).map_err(|fault| Error::failed("the server's report cannot be read").caused_by(fault))
}
