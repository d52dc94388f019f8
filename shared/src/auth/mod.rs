//! Who we are to a registry: challenges answered, tokens fetched and kept, credentials looked up.
//!
//! - A credential is sent only when the registry asked for it, to the registry's own host or to a token server that may have it
//!   ([`realm`] says which). Over plain http only where the registry's URL itself was written so.
//! - One token is fetched for many requests that need it at once, and again before it expires.
//! - The environment and the paths of credential files come in as a value ([`lookup::Environment`]).
//! - No secret leaves through an error: what a server says is scrubbed of what it was told.
//!
//! Sources: Docker registry token specification (`distribution/docs/content/spec/auth`), RFC 9110 §11, containers-auth.json(5),
//! docker-credential-helpers protocol.

mod authenticator;
pub mod challenge;
mod credential;
mod helper;
pub mod lookup;
pub mod realm;
pub mod scope;
mod token;

pub use authenticator::{Authenticator, Pass};
pub use credential::Credential;
pub use lookup::{Environment, Found, Lookup};
pub use scope::{Access, Scopes};
