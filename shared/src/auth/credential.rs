//! A credential, in the forms registries know.

use ::http::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::{Error, Result};
use crate::name::quoted;
use crate::secret::Secret;

/// Who we say we are.
#[derive(Debug, Clone, Default)]
pub enum Credential {
    /// Nobody.
    #[default]
    Anonymous,
    /// A user and a password (or a personal access token, a robot's secret, ...).
    Password {
        /// The user.
        username: String,
        /// The password.
        password: Secret,
    },
    /// An OAuth2 refresh token (`identitytoken` in a Docker auth file): exchanged for access tokens.
    IdentityToken(Secret),
    /// A bearer token to be sent as it is (`registrytoken` in a Docker auth file).
    RegistryToken(Secret),
}

impl Credential {
    /// A user and a password.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`] for a user name that HTTP cannot carry: with a colon (RFC 7617) or a control character.
    pub fn password(username: impl Into<String>, password: Secret) -> Result<Self> {
        let username = username.into();
        if username.contains(':') || username.chars().any(char::is_control) {
            return Err(Error::input(format!("the user name {} has a colon or a control character", quoted(&username))));
        }
        Ok(Self::Password { username, password })
    }

    /// Whether it is nobody.
    #[must_use]
    pub fn is_anonymous(&self) -> bool {
        matches!(self, Self::Anonymous)
    }

    /// The name of the user, when it has one.
    #[must_use]
    pub fn username(&self) -> Option<&str> {
        match self {
            Self::Password { username, .. } => Some(username),
            Self::Anonymous | Self::IdentityToken(_) | Self::RegistryToken(_) => None,
        }
    }

    /// The `Authorization` of the Basic scheme (RFC 7617).
    #[must_use]
    pub fn basic(&self) -> Option<HeaderValue> {
        let pair = self.basic_pair()?;
        sensitive(&format!("Basic {}", pair.expose()))
    }

    fn basic_pair(&self) -> Option<Secret> {
        let Self::Password { username, password } = self else { return None };
        let pair = Secret::new(format!("{username}:{}", password.expose()));
        Some(Secret::new(STANDARD.encode(pair.expose())))
    }

    /// The texts that must not be shown, should a server repeat them.
    pub(super) fn secrets(&self) -> Vec<Secret> {
        match self {
            Self::Anonymous => Vec::new(),
            Self::Password { password, .. } => std::iter::once(password.clone()).chain(self.basic_pair()).collect(),
            Self::IdentityToken(token) | Self::RegistryToken(token) => vec![token.clone()],
        }
    }
}

/// A header value that is not shown, when the text can be one.
pub(super) fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}
