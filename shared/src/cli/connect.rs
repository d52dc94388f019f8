//! From a target to a registry that answers: the scheme of its URL, its client, its type.

use std::sync::Arc;
use std::time::Duration;

use ::http::StatusCode;
use bytes::Bytes;

use super::login::password;
use super::{Context, Login, Messages, RegistryArgs, Target};
use crate::auth::{Credential, Lookup};
use crate::document::Registry;
use crate::error::{Error, Result};
use crate::http::{self, Event, Observer, Url};
use crate::name::{Repository, quoted};
use crate::oci::{Client, Options};
use crate::registry;
use crate::tls::trust::{Trust, read_pem};

/// A registry that can be talked to.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Its document, the URL whole.
    pub registry: Registry,
    /// Its client.
    pub client: Client,
    /// Which certificates are believed.
    pub trust: Trust,
    /// Whether there is a credential to log in with.
    pub has_login: bool,
    /// The name that is logged in with; none without a login, and for a token.
    pub username: Option<String>,
}

impl Connection {
    /// A page beside the protocol, of at most `max` bytes: a path, or a whole URL. On the registry's own origin it is asked for with the
    /// login; on another port, such as Distribution's debug address, without. Any status is an answer.
    ///
    /// # Errors
    /// When nothing answers, or with more.
    pub async fn page(&self, address: &str, max: usize, observer: Observer) -> Result<(StatusCode, Bytes)> {
        let own = address.strip_prefix(self.registry.url.trim_end_matches('/')).unwrap_or(address);
        if own.starts_with('/') {
            let document = self.client.fetch_within(own, max).await?;
            return Ok((document.status, document.bytes));
        }
        let url = Url::parse(address).map_err(|_| not_a_url(address))?;
        let retry = http::Retry { tries: 1, ..http::Retry::default() };
        let options = http::Options { trust: self.trust.clone(), retry, observer: Some(observer), ..http::Options::default() };
        let response = http::Client::new(options).send(http::Request::new(http::Method::GET, url).without_redirects()).await?;
        Ok((response.status(), response.bytes(max).await?))
    }
}

impl Connection {
    /// Asks of which type it is, when nobody has said.
    ///
    /// # Errors
    /// When nothing answers.
    pub async fn learn_type(&mut self) -> Result<()> {
        if self.registry.kind.is_none() {
            let (kind, version) = registry::probe(&self.client).await?;
            self.registry.kind = Some(kind);
            self.registry.version = self.registry.version.take().or(version);
        }
        Ok(())
    }
}

impl Context {
    /// The client of a registry. A credential that neither the flags nor the document name is looked up in the auth files of Docker and
    /// Podman, for `repository` when they tell repositories apart.
    ///
    /// # Errors
    /// Those of [`Self::url_of`], and auth files or CA files that cannot be read.
    pub async fn connect(&self, args: &RegistryArgs, target: Target, repository: Option<&Repository>) -> Result<Connection> {
        let registry = self.url_of(&target.registry, args.access.plain_http).await?;
        let url = Url::parse(&registry.url).map_err(|_| not_a_url(&registry.url))?;
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let tls = registry.tls.as_ref();
        let trust = Trust {
            ca_file: tls.and_then(|tls| tls.ca_file.clone()),
            insecure: if tls.is_some_and(|tls| !tls.verify) { vec![host.clone()] } else { Vec::new() },
        };
        let credential = match target.login {
            Login::Anonymous => Credential::Anonymous,
            Login::Reference(reference) => {
                Credential::password(&reference.username, self.interrupt.reading(|| password(&reference))?)?
            }
            Login::User(username, password) => Credential::password(username, password)?,
            Login::AuthFile => {
                let address =
                    url.port().map_or_else(|| host.clone(), |port| format!("{}:{port}", url.host_str().unwrap_or_default()));
                let found = Lookup::new(self.environment.auth.clone()).find(&address, repository).await?;
                if let Some(note) = &found.note {
                    self.messages.detail(1, note);
                }
                found.credential
            }
        };
        if let (Some(ca_file), "https") = (&trust.ca_file, url.scheme()) {
            // A file that is missing is no fault of the registry's.
            read_pem(ca_file)?;
        }
        let has_login = !credential.is_anonymous();
        let username = credential.username().map(ToOwned::to_owned);
        let options = http::Options { trust: trust.clone(), observer: Some(self.observer()), ..http::Options::default() };
        let token_hosts = registry.token_hosts.clone();
        let client = Client::new(http::Client::new(options), url, credential, Options { token_hosts, ..Options::default() })?;
        Ok(Connection { registry, client, trust, has_login, username })
    }

    /// Tells standard error of every exchange with a registry, as far as `-v` asks for it.
    #[must_use]
    pub fn observer(&self) -> Observer {
        let messages = Arc::clone(&self.messages);
        Arc::new(move |event: &Event| tell(&messages, event))
    }

    /// The registry with its whole URL. A written scheme is consent; without one it is https, and on this machine https, then http.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Usage`] for a URL that is none.
    pub async fn url_of(&self, registry: &Registry, plain_http: bool) -> Result<Registry> {
        let text = &registry.url;
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme), rest),
            None => (None, text.as_str()),
        };
        let with = |scheme: &str| -> Result<Registry> {
            let url = Url::parse(&format!("{scheme}://{rest}")).map_err(|_| not_a_url(text))?;
            if !matches!(url.path(), "" | "/") || url.query().is_some() {
                return Err(Error::usage(format!("{} is more than a registry: a URL ends behind host and port", quoted(text))));
            }
            let url = url.as_str().trim_end_matches('/').to_owned();
            Ok(Registry { url, ..registry.clone() })
        };
        match scheme {
            Some("http" | "https") => with(scheme.unwrap_or_default()),
            Some(other) => Err(Error::usage(format!("{}: a registry speaks http or https, not {other}", quoted(text)))),
            None if plain_http => with("http"),
            None => {
                let secure = with("https")?;
                if !is_this_machine(&secure.url) || registry::ready(&secure, &self.observer()).await.is_ok() {
                    return Ok(secure);
                }
                let plain = with("http")?;
                // When neither answers, the plain address makes the better error on this machine.
                Ok(plain)
            }
        }
    }
}

/// An exchange, in words: `-v` tells what was asked and answered, `-vv` also what is waited for.
fn tell(messages: &Messages, event: &Event) {
    let milliseconds = |time: &Duration| time.as_secs_f64() * 1000.0;
    match event {
        Event::Answered { method, url, status, elapsed } => {
            messages.detail(1, format!("{method} {url} {} {:.1} ms", status.as_u16(), milliseconds(elapsed)));
        }
        Event::Failed { method, url, reason, elapsed } => {
            messages.detail(1, format!("{method} {url} failed after {:.1} ms: {reason}", milliseconds(elapsed)));
        }
        Event::Waiting { origin, wait } => messages.detail(2, format!("waiting {:.1} s for {origin}", wait.as_secs_f64())),
    }
}

fn is_this_machine(url: &str) -> bool {
    let host = Url::parse(url).ok().and_then(|url| url.host_str().map(|host| host.trim_matches(['[', ']']).to_owned()));
    host.is_some_and(|host| host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback()))
}

fn not_a_url(text: &str) -> Error {
    Error::usage(format!("{} is not a URL", quoted(text))).hint("a registry is written like https://registry.example:5000")
}
