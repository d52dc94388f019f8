//! Answers to a registry that asks for a login: Basic, or a token from where it points to.
//!
//! What it obtained is used again for the same repository and the same kind of access. A second 401 is the check's to judge.

use std::cell::RefCell;
use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reg_shared::secret::Secret;
use reqwest::header::HeaderValue;
use reqwest::{Method, Url};
use serde::Deserialize;

use super::client::{Answer, Request};
use super::report::{Found, Outcome};

/// The logins of a run.
#[derive(Default)]
pub(super) struct Login {
    known: RefCell<HashMap<(String, &'static str), HeaderValue>>,
}

/// What a token server answers; either field may bear the token.
#[derive(Deserialize)]
struct Token {
    access_token: Option<String>,
    token: Option<String>,
}

impl Login {
    /// The `Authorization` that served such a request before.
    pub(super) fn known(&self, request: &Request) -> Option<HeaderValue> {
        self.known.borrow().get(&access(request)).cloned()
    }

    /// The `Authorization` that the challenge of this answer asks for; none when nobody could give it.
    pub(super) async fn obtain(
        &self,
        http: &reqwest::Client,
        request: &Request,
        answer: &Answer,
        credentials: Option<&(String, Secret)>,
    ) -> Found<Option<HeaderValue>> {
        let challenge = answer.header("www-authenticate");
        let scheme = challenge.split(' ').next().unwrap_or_default().to_ascii_lowercase();
        let basic =
            credentials.map(|(user, password)| format!("Basic {}", STANDARD.encode(format!("{user}:{}", password.expose()))));
        let value = match (scheme.as_str(), basic) {
            ("basic", Some(basic)) => basic,
            ("bearer", basic) => {
                format!("Bearer {}", token(http, challenge, basic).await.map_err(|fault| answer.fault(Outcome::Fail, fault))?)
            }
            _ => return Ok(None),
        };
        let mut value = HeaderValue::from_str(&value).map_err(|fault| answer.fault(Outcome::Fail, fault))?;
        value.set_sensitive(true);
        self.known.borrow_mut().insert(access(request), value.clone());
        Ok(Some(value))
    }
}

/// Gets the token that a challenge describes.
async fn token(http: &reqwest::Client, challenge: &str, basic: Option<String>) -> anyhow::Result<String> {
    let mut realm = Url::parse(parameter(challenge, "realm"))?;
    for name in ["service", "scope"] {
        match parameter(challenge, name) {
            "" => {}
            value => drop(realm.query_pairs_mut().append_pair(name, value)),
        }
    }
    let mut request = http.get(realm);
    if let Some(basic) = basic {
        request = request.header(reqwest::header::AUTHORIZATION, basic);
    }
    let body = request.send().await?.error_for_status()?.bytes().await?;
    let token: Token = serde_json::from_slice(&body)?;
    token.access_token.or(token.token).ok_or_else(|| anyhow::anyhow!("the token server gave no token"))
}

/// A quoted parameter of a challenge; empty when it is not there.
fn parameter<'a>(challenge: &'a str, name: &str) -> &'a str {
    let mut pieces = challenge.split('"');
    while let (Some(before), Some(value)) = (pieces.next(), pieces.next()) {
        if before.trim_end_matches('=').rsplit([' ', ',']).next().is_some_and(|key| key.eq_ignore_ascii_case(name)) {
            return value;
        }
    }
    ""
}

/// What a login is good for: a repository and a kind of access.
fn access(request: &Request) -> (String, &'static str) {
    let path = request.url.path();
    let repository = ["/blobs/", "/manifests/", "/tags/", "/referrers/"].iter().find_map(|mark| path.rsplit_once(mark));
    let kind = match request.method {
        Method::GET | Method::HEAD => "pull",
        Method::DELETE => "delete",
        _ => "push",
    };
    (repository.map_or(path, |(before, _)| before).to_owned(), kind)
}

#[cfg(test)]
mod tests {
    use super::parameter;

    #[test]
    fn a_challenge_is_taken_apart() {
        let challenge = r#"Bearer realm="https://auth.example/token",service="reg",scope="repository:a/b:pull,push""#;
        assert_eq!(parameter(challenge, "realm"), "https://auth.example/token");
        assert_eq!(parameter(challenge, "service"), "reg");
        assert_eq!(parameter(challenge, "scope"), "repository:a/b:pull,push");
        assert_eq!(parameter(challenge, "error"), "");
    }
}
