//! Fetching a bearer token: by GET with the password, by OAuth2 POST with a refresh token, or anonymously.

use std::fmt::Write as _;
use std::time::Duration;

use ::http::header::{CONTENT_TYPE, HeaderValue};
use ::http::{Method, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Url;
use serde::Deserialize;
use tokio::time::Instant;

use super::credential::Credential;
use super::scope::Scopes;
use crate::error::{Error, Result};
use crate::http::{Body, Client, Origin, Request, Response, says};
use crate::secret::Secret;

/// The largest token answer read, in bytes.
const ANSWER_MAX: usize = 1 << 20;
/// What a token without `expires_in` is good for, in seconds (token specification).
const LIFETIME: u64 = 60;

/// A bearer token.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) text: Secret,
    /// When to fetch another: some time before it expires.
    pub(super) stale: Instant,
    /// A refresh token that replaces the one we have.
    pub(super) refresh: Option<Secret>,
}

/// The token server of a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Server {
    /// Checked by [`super::realm`].
    pub(super) realm: Url,
    pub(super) service: Option<String>,
}

#[derive(Deserialize)]
struct Answer {
    token: Option<String>,
    access_token: Option<String>,
    refresh_token: Option<String>,
    expires_in: Option<u64>,
}

impl Server {
    /// Asks for a token.
    pub(super) async fn fetch(&self, http: &Client, credential: &Credential, scopes: &Scopes) -> Result<Token> {
        let place = Origin::of(&self.realm);
        let request = match credential {
            Credential::IdentityToken(refresh) => self.post(refresh, scopes),
            _ => self.get(credential, scopes),
        };
        let asked = Instant::now();
        let response = http.send(request).await.map_err(|error| error.context("cannot get a token"))?;
        if response.status() != StatusCode::OK {
            return Err(refused(response, credential).await.context("cannot get a token"));
        }
        let unreadable = || Error::failed(format!("cannot get a token: the answer of {place} is none"));
        let body = response.bytes(ANSWER_MAX).await.map_err(|error| error.context("cannot get a token"))?;
        let answer: Answer = serde_json::from_slice(&body).map_err(|_| unreadable())?;
        let text = [answer.token, answer.access_token].into_iter().flatten().find(|text| !text.is_empty());
        let lifetime = Duration::from_secs(answer.expires_in.unwrap_or(LIFETIME).min(u64::from(u32::MAX)));
        Ok(Token {
            text: Secret::new(text.ok_or_else(unreadable)?),
            stale: asked + lifetime - (lifetime / 10).min(Duration::from_secs(30)),
            refresh: answer.refresh_token.filter(|text| !text.is_empty()).map(Secret::new),
        })
    }

    fn get(&self, credential: &Credential, scopes: &Scopes) -> Request {
        let mut url = self.realm.clone();
        {
            let mut query = url.query_pairs_mut();
            if let Some(service) = &self.service {
                query.append_pair("service", service);
            }
            for scope in scopes.iter() {
                query.append_pair("scope", &scope);
            }
            if let Credential::Password { username, .. } = credential {
                query.append_pair("account", username);
            }
        }
        Request::new(Method::GET, url).authorization(credential.basic()).without_redirects()
    }

    /// OAuth2 `refresh_token` grant (token specification, "oauth").
    fn post(&self, refresh: &Secret, scopes: &Scopes) -> Request {
        let (service, scope) = (self.service.as_deref().unwrap_or_default(), scopes.to_string());
        let form = [("service", service), ("scope", &scope), ("refresh_token", refresh.expose())];
        let mut body = "grant_type=refresh_token&client_id=reg".to_owned();
        for (name, value) in form {
            // Writing to a String cannot fail.
            let _ = write!(body, "&{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC));
        }
        Request::new(Method::POST, self.realm.clone())
            .header(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"))
            .body(Body::Bytes(body.into()))
            .repeatable(true)
    }
}

async fn refused(response: Response, credential: &Credential) -> Error {
    let (place, status) = (Origin::of(response.url()), response.status());
    if status.is_redirection() {
        return Error::denied(format!("the token server {place} redirects, which is not followed"));
    }
    let body = response.excerpt().await;
    let words = words(&body);
    let said = if words.is_empty() { String::new() } else { format!(", it says {}", says(&words, &credential.secrets())) };
    let what = format!("the token server {place} answered {}{said}", status.as_u16());
    match (status.as_u16(), credential.is_anonymous()) {
        (400 | 401 | 403, true) => Error::denied(what).hint("log in: -u USER with --password-stdin"),
        (400 | 401 | 403, false) => Error::denied(what).hint("check the user name and the password"),
        _ => Error::failed(what),
    }
}

/// The message of an error: of the registry's form, of OAuth2's, or of another common one.
fn words(body: &[u8]) -> String {
    let Ok(value) = serde_json::from_slice::<serde_json::Value>(body) else { return String::new() };
    ["/errors/0/message", "/error_description", "/details", "/message", "/error"]
        .into_iter()
        .find_map(|place| value.pointer(place)?.as_str())
        .unwrap_or_default()
        .to_owned()
}
