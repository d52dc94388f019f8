//! From a target to a registry that answers: the scheme of its URL, its type.

use super::Context;
use crate::document::Registry;
use crate::error::{Error, Result};
use crate::http::Url;
use crate::name::quoted;
use crate::registry;

impl Context {
    /// The registry with its whole URL. A written scheme is consent; without one it is https, and on this machine https, then http.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Usage`] for a URL that is none or carries a password.
    pub async fn url_of(&self, registry: &Registry, plain_http: bool) -> Result<Registry> {
        let text = &registry.url;
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (Some(scheme), rest),
            None => (None, text.as_str()),
        };
        let with = |scheme: &str| -> Result<Registry> {
            let url = Url::parse(&format!("{scheme}://{rest}")).map_err(|_| not_a_url(text))?;
            if !url.username().is_empty() || url.password().is_some() {
                return Err(Error::usage("a password in a URL is seen by everybody on this machine")
                    .hint("give the user with -u and the password with --password-stdin, --password-file or --password-env"));
            }
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
                if !is_this_machine(&secure.url) || registry::ready(&secure).await.is_ok() {
                    return Ok(secure);
                }
                let plain = with("http")?;
                // When neither answers, the plain address makes the better error on this machine.
                Ok(plain)
            }
        }
    }
}

fn is_this_machine(url: &str) -> bool {
    let host = Url::parse(url).ok().and_then(|url| url.host_str().map(|host| host.trim_matches(['[', ']']).to_owned()));
    host.is_some_and(|host| host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback()))
}

fn not_a_url(text: &str) -> Error {
    Error::usage(format!("{} is not a URL", quoted(text))).hint("a registry is written like https://registry.example:5000")
}
