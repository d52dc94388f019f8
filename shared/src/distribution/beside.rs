//! What may stand beside a Distribution in containers of its own: a Redis for its cache, and Joxit's pages for a browser. What each is
//! told, as values.
//!
//! The pages are nginx with a script that reads variables (`bin/90-docker-registry-ui.sh` of docker-registry-ui 2.6.0). They hand on to
//! the registry what the browser asks under `/v2`, so a login and a deletion work: a Distribution that wants a login refuses a browser's
//! question whether it may delete from another origin (distribution#4458), whatever it says about origins.

use super::Settings;
use crate::options::Feature;
use crate::secret::Secret;

/// The name of its Redis in the instance's network, which is its host name there.
pub const REDIS: &str = "redis";
/// The name of its pages there.
pub const UI: &str = "ui";
/// The Redis: the last line under the licence that all distributions ship.
pub const REDIS_IMAGE: &str = "docker.io/library/redis:7.2.11";
/// The pages.
pub const UI_IMAGE: &str = "docker.io/joxit/docker-registry-ui:2.6.0";
/// The file of Redis' configuration. It holds a password.
pub const REDIS_CONFIG: &str = "redis.conf";
/// The port of Redis.
pub const REDIS_PORT: u16 = 6379;
/// The port of the pages: one that needs no privilege.
pub const UI_PORT: u16 = 8080;
/// The user that the pages' image has for itself.
pub const UI_USER: u32 = 101;
/// The most memory that Redis keeps its cache in, in bytes: descriptors of some 300,000 blobs.
const CACHE: u64 = 64 << 20;
/// The most memory its container may use, in bytes: what Redis needs beside what it keeps.
pub const REDIS_MEMORY: u64 = 2 * CACHE;
/// The most memory the pages' container may use, in bytes.
pub const UI_MEMORY: u64 = 64 << 20;

/// Its Redis' password, out of the registry's own secret. Nothing else has to be kept for it.
pub(super) fn redis_password(secret: &Secret) -> Secret {
    secret.derived(REDIS)
}

/// The configuration of its Redis: a cache that forgets what was not asked for the longest, and nothing on disk.
#[must_use]
pub fn redis_config(secret: &Secret) -> Secret {
    let password = redis_password(secret);
    Secret::new(format!(
        "port {REDIS_PORT}\nbind * -::*\nmaxmemory {CACHE}\nmaxmemory-policy allkeys-lru\nsave \"\"\nappendonly no\nrequirepass {}\n",
        password.expose()
    ))
}

/// What the pages are told.
#[derive(Debug, Clone)]
pub struct Pages<'a> {
    /// What stands above them.
    pub title: &'a str,
    /// The registry's address in the instance's network.
    pub registry: String,
    /// Where people pull from, as it stands before an image's name; none when it is not known.
    pub pull: Option<String>,
    /// Whether the registry asks for a login.
    pub login: bool,
    /// Whether images can be deleted.
    pub delete: bool,
    /// Who tells the registry's address there, which is another one when its container is made anew.
    pub names: Option<&'a str>,
}

impl Pages<'_> {
    /// As variables.
    #[must_use]
    pub fn environment(&self) -> Vec<(String, String)> {
        let on = |on: bool| if on { "true" } else { "false" }.to_owned();
        let mut variables = vec![
            ("SINGLE_REGISTRY", "true".to_owned()),
            ("REGISTRY_TITLE", self.title.to_owned()),
            ("REGISTRY_SECURED", on(self.login)),
            ("DELETE_IMAGES", on(self.delete)),
            ("SHOW_CONTENT_DIGEST", "true".to_owned()),
            ("NGINX_PROXY_PASS_URL", self.registry.clone()),
            ("NGINX_LISTEN_PORT", UI_PORT.to_string()),
            // It would ask GitHub for newer releases.
            ("ENABLE_VERSION_NOTIFICATION", "false".to_owned()),
        ];
        variables.extend(self.pull.clone().map(|pull| ("PULL_URL", pull)));
        variables.extend(self.names.map(|names| ("NGINX_RESOLVER", names.to_owned())));
        variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// Whether images can be deleted from one with these settings.
#[must_use]
pub fn deletes(options: &crate::options::Options) -> bool {
    options.has(Feature::Delete, true) && !options.has(Feature::ReadOnly, false)
}

/// The origin that may use the registry from a browser: the one that was named, else that of the pages.
pub(super) fn origin(settings: &Settings) -> Option<&String> {
    settings.options.cors.as_ref().or(settings.page.as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redis_is_a_bounded_cache_with_a_password() {
        let secret = Secret::new("s");
        let config = redis_config(&secret);
        for line in ["maxmemory 67108864\n", "maxmemory-policy allkeys-lru\n", "save \"\"\n", "port 6379\n"] {
            assert!(config.expose().contains(line), "{line}");
        }
        let password = redis_password(&secret);
        assert!(config.expose().ends_with(&format!("requirepass {}\n", password.expose())));
        assert_eq!(password.expose().len(), 64);
        assert_ne!(password.expose(), redis_password(&Secret::new("other")).expose());
    }

    #[test]
    fn the_pages_hand_on_to_the_registry() {
        let pages = Pages {
            title: "team",
            registry: "http://registry:5000".to_owned(),
            pull: None,
            login: true,
            delete: false,
            names: None,
        };
        let told =
            |pages: &Pages<'_>, name: &str| pages.environment().into_iter().find(|(own, _)| own == name).map(|(_, value)| value);
        assert_eq!(told(&pages, "NGINX_PROXY_PASS_URL").as_deref(), Some("http://registry:5000"));
        assert_eq!(told(&pages, "DELETE_IMAGES").as_deref(), Some("false"));
        assert_eq!((told(&pages, "PULL_URL"), told(&pages, "NGINX_RESOLVER")), (None, None));
        let pages = Pages { pull: Some("localhost:5000".to_owned()), delete: true, names: Some("127.0.0.11"), ..pages };
        assert_eq!(told(&pages, "PULL_URL").as_deref(), Some("localhost:5000"));
        assert_eq!(told(&pages, "NGINX_RESOLVER").as_deref(), Some("127.0.0.11"));
    }
}
