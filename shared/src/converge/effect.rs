//! Whether a registry knows of its new configuration: a mark is put into it that a request from outside can see.
//!
//! A registry that reads its configuration again while it runs says so nowhere, and the one we know stops to look when its file was once
//! replaced. So the new configuration is first written with a right that nobody had (to see a repository whose name was just made up and
//! that is not there; where everybody may see everything, nobody may see that one); when a request shows it, the configuration is written
//! without, and when a request shows that too, all of it is in force. One that was not seen in time is restarted. So is one that was not
//! seen to read its users, where it is not known that its release does so while it runs.

use std::time::Duration;

use ::http::{Method, StatusCode};
use tokio::time::Instant;

use super::Managed;
use super::managed::Held;
use crate::auth::Credential;
use crate::cli::{Connection, Context, Login, RegistryArgs, Target};
use crate::error::{Error, Result};
use crate::file::{File, How};
use crate::htpasswd::{self, Text};
use crate::http::{Client, Options, Request, Retry, Url};
use crate::name::hex;
use crate::registry::{MARK, Mark, ready};
use crate::secret::Secret;

/// How long a registry may take to read its configuration. zot does it at once.
const READ_WITHIN: Duration = Duration::from_secs(5);
/// How long one that was restarted may take to answer.
const RESTARTED_WITHIN: Duration = Duration::from_secs(60);
const AGAIN: Duration = Duration::from_millis(50);
/// How long one that answers may take to be the new one.
const BACK_WITHIN: Duration = Duration::from_secs(15);
/// When one is asked again that may have answered while it stopped.
const A_MOMENT: Duration = Duration::from_millis(500);
/// The least that bcrypt may cost: the login of a mark is there for a moment.
const MARK_COST: u32 = 4;
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

/// A configuration that has a mark in its file.
struct Marked<'a> {
    config: &'a File,
    text: String,
    mark: Mark,
}

impl<'a> Marked<'a> {
    /// Writes a mark; none where a request would not show it.
    fn write(managed: &Managed, config: &'a File) -> Result<Option<Self>> {
        let text = managed.config_text()?.unwrap_or_default();
        let Some(mark) = managed.kind.marked(&text, &nonce()?) else { return Ok(None) };
        let marked = Self { config, text, mark };
        marked.replace(&marked.text, &marked.mark.text)?;
        Ok(Some(marked))
    }

    /// The configuration as it was.
    fn clear(&self) -> Result<()> {
        self.replace(&self.mark.text, &self.text)
    }

    fn replace(&self, before: &str, after: &str) -> Result<()> {
        self.config.write(Some(before.as_bytes()), after.as_bytes(), How { in_place: true, mode: 0o600 }).map(drop)
    }
}

/// Whether the configuration that is in the file is in force.
pub(super) async fn observed(context: &Context, managed: &Managed, config: &File) -> Result<bool> {
    let Some(marked) = Marked::write(managed, config)? else { return Ok(false) };
    let Mark { repository, visible, .. } = &marked.mark;
    let seen = shown(context, managed, repository, *visible, READ_WITHIN).await;
    marked.clear()?;
    Ok(seen? && shown(context, managed, repository, !*visible, READ_WITHIN).await?)
}

/// Whether it sees its users' file change: a user whom nobody knows is in it for a moment.
pub(super) async fn users_observed(context: &Context, managed: &Managed, file: &File) -> Result<bool> {
    let there = file.read()?.unwrap_or_default();
    let (name, password) = (format!("{MARK}{}", nonce()?), Secret::password()?);
    let mut marked = Text::parse(&there);
    marked.set(&name, &htpasswd::hash(&password, MARK_COST)?);
    let marked = marked.to_bytes();
    let how = How { in_place: managed.kind.watches_inode(), mode: 0o600 };
    file.write(Some(&there), &marked, how)?;
    let seen = known(context, managed, &Credential::password(name, password)?).await;
    file.write(Some(&marked), &there, how)?;
    seen
}

fn nonce() -> Result<String> {
    let mut nonce = [0; 8];
    getrandom::fill(&mut nonce).map_err(|fault| Error::failed("no random numbers to be had").caused_by(fault))?;
    Ok(hex(&nonce))
}

/// The registry as somebody sees it who has no login.
async fn stranger(context: &Context, managed: &Managed) -> Result<Connection> {
    let target = Target { registry: managed.registry.clone(), instance: managed.instance.clone(), login: Login::Anonymous };
    context.interrupt.or(context.connect(&RegistryArgs::default(), target, None)).await
}

/// Waits until somebody without a login may see a repository that is not there, or may not.
async fn shown(context: &Context, managed: &Managed, repository: &str, wanted: bool, within: Duration) -> Result<bool> {
    let connection = stranger(context, managed).await?;
    let address = format!("{}/v2/{repository}/tags/list", connection.registry.url);
    let is_so = || async {
        let answer = connection.page(&address, PAGE, context.observer()).await;
        answer.is_ok_and(|(status, _)| matches!(status, StatusCode::NOT_FOUND | StatusCode::OK) == wanted)
    };
    context.interrupt.or(soon(within, is_so)).await
}

/// Waits until a login is accepted. It is sent unasked: a registry that anybody may see asks for none.
async fn known(context: &Context, managed: &Managed, credential: &Credential) -> Result<bool> {
    let connection = stranger(context, managed).await?;
    let address = format!("{}/v2/", connection.registry.url);
    let url = Url::parse(&address).map_err(|fault| Error::input(format!("{address} is not a URL")).caused_by(fault))?;
    let retry = Retry { tries: 1, ..Retry::default() };
    let options = Options { trust: connection.trust, retry, observer: Some(context.observer()), ..Options::default() };
    let client = Client::new(options);
    let accepted = || async {
        let request = Request::new(Method::GET, url.clone()).authorization(credential.basic()).without_redirects();
        client.send(request).await.is_ok_and(|answer| answer.status() == StatusCode::OK)
    };
    context.interrupt.or(soon(READ_WITHIN, accepted)).await
}

/// Whether something becomes true in time.
async fn soon<F: Future<Output = bool>>(within: Duration, is_so: impl Fn() -> F) -> Result<bool> {
    let deadline = Instant::now() + within;
    loop {
        if is_so().await {
            return Ok(true);
        }
        if Instant::now() >= deadline {
            return Ok(false);
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Restarts the registry and waits for its answer. What reg-up restarts, it has waited for; a command of somebody else's may have come
/// back while the old one ran, or have done nothing, so it is given a mark that only who has read the new configuration shows.
pub(super) async fn restart(context: &Context, managed: &Managed, held: Option<Held>, why: &str) -> Result<String> {
    context.messages.note(format!("restarting {}: {why}", managed.registry.title()));
    let config = managed.config.as_ref().filter(|_| managed.instance.is_none());
    let marked = config.map(|config| Marked::write(managed, config)).transpose()?.flatten();
    // reg-up takes the instance for itself.
    let held = held.filter(|held| matches!(held, Held::Folders(_)));
    let restarted = restarted(context, managed, marked.as_ref().map(|marked| &marked.mark)).await;
    let cleared = marked.map_or(Ok(()), |marked| marked.clear());
    drop(held);
    restarted.and(cleared)?;
    Ok(format!("it was restarted: {why}"))
}

async fn restarted(context: &Context, managed: &Managed, mark: Option<&Mark>) -> Result<()> {
    context.restart(&managed.registry, managed.instance.as_ref()).await?;
    answers(context, managed).await?;
    // One that looks at no rights before its restart shows everything.
    let is_back = async |mark: &Mark| -> Result<bool> {
        let marked = shown(context, managed, &mark.repository, mark.visible, BACK_WITHIN).await?;
        Ok(marked && shown(context, managed, &mark.unmarked, !mark.visible, BACK_WITHIN).await?)
    };
    match mark {
        _ if managed.instance.is_some() => Ok(()),
        Some(mark) if is_back(mark).await? => Ok(()),
        Some(_) => Err(Error::failed("it was not seen to read its configuration after its `restartCommand`")
            .hint("the command must restart it, and come back when that is done")),
        None => {
            tokio::time::sleep(A_MOMENT).await;
            answers(context, managed).await
        }
    }
}

/// Waits until it answers.
async fn answers(context: &Context, managed: &Managed) -> Result<()> {
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
    context.interrupt.or(waiting).await
}
