//! What to send to one registry so that it lets us in, learnt from what it asks for.
//!
//! With a credential the registry is first asked, once and without it, which scheme it wants; anonymously we wait for a 401. After
//! that every request carries what it needs at the first try.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ::http::{HeaderMap, HeaderValue, Method};
use reqwest::Url;
use tokio::sync::OnceCell;
use tokio::time::Instant;

use super::challenge::{self, Challenge};
use super::credential::{Credential, sensitive};
use super::realm;
use super::scope::Scopes;
use super::token::{Server, Token};
use crate::error::{Error, Result};
use crate::http::{Client, Request};
use crate::secret::Secret;

/// The keeper of one credential for one registry. Clones share what was learnt.
#[derive(Debug, Clone)]
pub struct Authenticator(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    http: Client,
    registry: Url,
    token_hosts: Vec<String>,
    /// Changes when a token server replaces a refresh token.
    credential: Mutex<Credential>,
    greeted: OnceCell<()>,
    schemes: Mutex<Schemes>,
    tokens: Mutex<HashMap<Scopes, Arc<tokio::sync::Mutex<Slot>>>>,
}

/// What the registry wants: it may want another scheme for the catalog (Harbor wants Basic there).
#[derive(Debug, Default)]
struct Schemes {
    catalog: Option<Scheme>,
    rest: Option<Scheme>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Scheme {
    Basic,
    Bearer(Server),
}

/// The token for a set of scopes. The lock is held while it is fetched, so that one fetch serves all who wait.
#[derive(Debug, Default)]
struct Slot {
    token: Option<Token>,
    /// What the registry asked for beyond our own idea of it.
    extra: Scopes,
}

/// What a request was sent with.
#[derive(Debug, Clone)]
pub struct Pass {
    header: Option<HeaderValue>,
    kind: PassKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum PassKind {
    Nothing,
    Basic,
    /// A token from before, which may have been revoked or forgotten.
    OldToken(Secret),
    NewToken,
}

impl Pass {
    /// The `Authorization` header.
    #[must_use]
    pub fn header(&self) -> Option<HeaderValue> {
        self.header.clone()
    }

    fn bearer(token: &Secret, kind: PassKind) -> Result<Self> {
        let header = sensitive(&format!("Bearer {}", token.expose()));
        let header = header.ok_or_else(|| Error::failed("the token has characters that no header can carry"))?;
        Ok(Self { header: Some(header), kind })
    }
}

impl Authenticator {
    /// Keeps `credential` for the registry at `registry` (its base URL, whose scheme is taken as meant: a written `http` is consent
    /// to send the credential in the clear). `token_hosts` are further hosts (`host` or `host:port`) that may have it.
    #[must_use]
    pub fn new(http: Client, registry: Url, credential: Credential, token_hosts: Vec<String>) -> Self {
        Self(Arc::new(Inner {
            http,
            registry,
            token_hosts,
            credential: Mutex::new(credential),
            greeted: OnceCell::new(),
            schemes: Mutex::default(),
            tokens: Mutex::default(),
        }))
    }

    /// Whether there is no credential.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        self.credential().is_anonymous()
    }

    /// What a request for `scopes` should carry, as far as is known.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Denied`] when the token server refuses or may not be asked; those of [`Client::send`].
    pub async fn authorize(&self, scopes: &Scopes) -> Result<Pass> {
        if !self.is_anonymous() {
            self.0.greeted.get_or_try_init(|| self.greet()).await?;
        }
        match self.scheme(scopes) {
            None => Ok(Pass { header: None, kind: PassKind::Nothing }),
            Some(Scheme::Basic) => Ok(Pass { header: self.credential().basic(), kind: PassKind::Basic }),
            Some(Scheme::Bearer(server)) => match self.credential() {
                Credential::RegistryToken(token) => Pass::bearer(&token, PassKind::NewToken),
                _ => self.token(&server, scopes).await,
            },
        }
    }

    /// Learns from a 401 what would have been right; says whether another try makes sense.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Denied`] when the registry wants a token from a server that may not have the credential.
    pub async fn refused(&self, pass: &Pass, headers: &HeaderMap, scopes: &Scopes) -> Result<bool> {
        if let PassKind::OldToken(token) = &pass.kind {
            self.forget(token, scopes).await;
            return Ok(true);
        }
        let challenges = challenge::read(headers);
        let bearer = challenges.iter().find(|challenge| challenge.scheme == "bearer");
        if let Some(challenge) = bearer
            && let Some(learnt) = self.learn_bearer(challenge, &challenges, pass, scopes).await?
        {
            return Ok(learnt);
        }
        let basic = challenges.iter().any(|challenge| challenge.scheme == "basic");
        if basic && pass.kind != PassKind::Basic && self.credential().basic().is_some() {
            self.keep(Scheme::Basic, scopes);
            return Ok(true);
        }
        Ok(false)
    }

    /// Every text that must not be shown, should the registry repeat it.
    #[must_use]
    pub fn secrets(&self) -> Vec<Secret> {
        let tokens = self.0.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let tokens = tokens.values().filter_map(|slot| slot.try_lock().ok()?.token.as_ref().map(|token| token.text.clone()));
        self.credential().secrets().into_iter().chain(tokens).collect()
    }

    /// `None` when another scheme may do.
    async fn learn_bearer(&self, bearer: &Challenge, all: &[Challenge], pass: &Pass, scopes: &Scopes) -> Result<Option<bool>> {
        let with_credential = matches!(self.credential(), Credential::Password { .. } | Credential::IdentityToken(_));
        let basic_too = all.iter().any(|challenge| challenge.scheme == "basic");
        let realm = bearer.get("realm").unwrap_or_default();
        let realm = match realm::check(&self.0.registry, realm, with_credential, &self.0.token_hosts) {
            Ok(realm) => realm,
            Err(_) if basic_too && with_credential => return Ok(None),
            Err(error) => return Err(error),
        };
        let server = Server { realm, service: bearer.get("service").map(str::to_owned) };
        let asked = bearer.get("scope").map(Scopes::parse).unwrap_or_default();
        let news = self.want(scopes, &asked).await;
        let known = self.scheme(scopes).as_ref() == Some(&Scheme::Bearer(server.clone()));
        if known && !news && pass.kind == PassKind::NewToken {
            return Ok(None);
        }
        self.keep(Scheme::Bearer(server), scopes);
        Ok(Some(true))
    }

    /// Asks the registry, without the credential, which scheme it wants. Any answer will do: zot sends a challenge with a 200 where
    /// anonymous reading is allowed.
    async fn greet(&self) -> Result<()> {
        let mut url = self.0.registry.clone();
        url.set_path(&format!("{}/v2/", url.path().trim_end_matches('/')));
        let response = self.0.http.send(Request::new(Method::GET, url).without_redirects()).await?;
        let nothing = Pass { header: None, kind: PassKind::Nothing };
        self.refused(&nothing, response.headers(), &Scopes::none()).await?;
        response.discard().await;
        Ok(())
    }

    fn credential(&self) -> Credential {
        self.0.credential.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn scheme(&self, scopes: &Scopes) -> Option<Scheme> {
        let schemes = self.0.schemes.lock().unwrap_or_else(PoisonError::into_inner);
        if scopes.has_catalog() && schemes.catalog.is_some() { schemes.catalog.clone() } else { schemes.rest.clone() }
    }

    fn keep(&self, scheme: Scheme, scopes: &Scopes) {
        let mut schemes = self.0.schemes.lock().unwrap_or_else(PoisonError::into_inner);
        if scopes.has_catalog() { schemes.catalog = Some(scheme) } else { schemes.rest = Some(scheme) }
    }

    fn slot(&self, scopes: &Scopes) -> Arc<tokio::sync::Mutex<Slot>> {
        let mut tokens = self.0.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if !tokens.contains_key(scopes) {
            // A registry of many repositories has many tokens; those that nobody uses and nobody could use any more go.
            tokens.retain(|_, slot| Arc::strong_count(slot) > 1 || slot.try_lock().is_ok_and(|slot| slot.fresh().is_some()));
        }
        tokens.entry(scopes.clone()).or_default().clone()
    }

    async fn token(&self, server: &Server, scopes: &Scopes) -> Result<Pass> {
        if let Some(wider) = scopes.widened()
            && let Some(token) = self.at_hand(&wider)
        {
            return Pass::bearer(&token, PassKind::OldToken(token.clone()));
        }
        let slot = self.slot(scopes);
        let mut slot = slot.lock().await;
        if let Some(token) = slot.fresh() {
            return Pass::bearer(&token, PassKind::OldToken(token.clone()));
        }
        let token = server.fetch(&self.0.http, &self.credential(), &scopes.clone().and(&slot.extra)).await?;
        if let Some(refresh) = &token.refresh {
            self.replace_refresh_token(refresh);
        }
        let pass = Pass::bearer(&token.text, PassKind::NewToken)?;
        slot.token = Some(token);
        Ok(pass)
    }

    /// A token that is there and needs no waiting for.
    fn at_hand(&self, scopes: &Scopes) -> Option<Secret> {
        let tokens = self.0.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.get(scopes)?.try_lock().ok()?.fresh()
    }

    async fn forget(&self, token: &Secret, scopes: &Scopes) {
        for scopes in [Some(scopes.clone()), scopes.widened()].into_iter().flatten() {
            let slot = self.slot(&scopes);
            let mut slot = slot.lock().await;
            // Another request may have replaced it already.
            if slot.token.as_ref().is_some_and(|own| own.text == *token) {
                slot.token = None;
            }
        }
    }

    /// Remembers what the registry asks for; says whether that is new. A new wish makes the token at hand useless.
    async fn want(&self, scopes: &Scopes, asked: &Scopes) -> bool {
        let slot = self.slot(scopes);
        let mut slot = slot.lock().await;
        if scopes.clone().and(&slot.extra).covers(asked) {
            return false;
        }
        slot.extra = std::mem::take(&mut slot.extra).and(asked);
        slot.token = None;
        true
    }

    fn replace_refresh_token(&self, refresh: &Secret) {
        let mut credential = self.0.credential.lock().unwrap_or_else(PoisonError::into_inner);
        if let Credential::IdentityToken(token) = &mut *credential {
            *token = refresh.clone();
        }
    }
}

impl Slot {
    fn fresh(&self) -> Option<Secret> {
        self.token.as_ref().filter(|token| token.stale > Instant::now()).map(|token| token.text.clone())
    }
}
