//! Which registry: `-r`, the variables, the config file.
//!
//! Nothing here talks to a registry: what comes out is a document, the instance it belongs to when there is one, and where the
//! password is. Standard input is read only where `-` stands, and once.

use std::fmt;
use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::{Context, Login};
use crate::document::{self, Registry, Tls, Type};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::instance::{Instance, Name};
use crate::mode::Config;
use crate::name::quoted;

/// The flags that say which registry, and how to log in.
#[derive(Debug, Clone, Default, Args)]
pub struct RegistryArgs {
    /// The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    #[arg(short = 'r', long = "registry", value_name = "REGISTRY", help_heading = "Registry")]
    pub registry: Option<String>,
    /// How it is talked to.
    #[command(flatten)]
    pub access: AccessArgs,
}

/// The same for a command that looks at several registries at once.
#[derive(Debug, Clone, Default, Args)]
pub struct RegistriesArgs {
    /// A registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE; may be repeated [default: REG_REGISTRY, REG_MODE, or the config file's default]
    #[arg(short = 'r', long = "registry", value_name = "REGISTRY", help_heading = "Registry")]
    pub registries: Vec<String>,
    /// How they are talked to.
    #[command(flatten)]
    pub access: AccessArgs,
}

impl RegistriesArgs {
    /// Each of them by itself.
    #[must_use]
    pub fn each(&self) -> Vec<RegistryArgs> {
        let one = |registry: Option<String>| RegistryArgs { registry, access: self.access.clone() };
        if self.registries.is_empty() {
            return vec![one(None)];
        }
        self.registries.iter().map(|registry| one(Some(registry.clone()))).collect()
    }
}

/// The flags that say how to talk to a registry and how to log in.
#[derive(Debug, Clone, Default, Args)]
pub struct AccessArgs {
    /// The type of registry, when probing its URL is not enough
    #[arg(long, value_name = "TYPE", help_heading = "Registry", value_parser = parse_type)]
    pub registry_type: Option<Type>,
    /// The user to log in as
    #[arg(short, long, value_name = "NAME", help_heading = "Registry", conflicts_with = "anonymous")]
    pub username: Option<String>,
    /// Read the password from standard input
    #[arg(long, help_heading = "Registry", requires = "username", conflicts_with_all = ["password_file", "password_env"])]
    pub password_stdin: bool,
    /// Read the password from a file
    #[arg(long, value_name = "FILE", help_heading = "Registry", requires = "username", conflicts_with = "password_env", value_hint = ValueHint::FilePath)]
    pub password_file: Option<PathBuf>,
    /// Take the password from an environment variable
    #[arg(long, value_name = "VARIABLE", help_heading = "Registry", requires = "username")]
    pub password_env: Option<String>,
    /// Do not log in
    #[arg(long, help_heading = "Registry")]
    pub anonymous: bool,
    /// Trust the certificates in a PEM file beside the system's
    #[arg(long, value_name = "FILE", help_heading = "Registry", value_hint = ValueHint::FilePath)]
    pub ca_file: Option<PathBuf>,
    /// Take any certificate (warns)
    #[arg(long, help_heading = "Registry", conflicts_with = "ca_file")]
    pub insecure: bool,
    /// Talk http to a host that is not this machine
    #[arg(long, help_heading = "Registry")]
    pub plain_http: bool,
    /// A host beside the registry's own that may see the credential when it hands out tokens; may be repeated
    #[arg(long, value_name = "HOST", help_heading = "Registry")]
    pub token_host: Vec<String>,
}

fn parse_type(text: &str) -> Result<Type, String> {
    text.parse().map_err(|fault: Error| fault.to_string())
}

/// A registry that was found, not yet talked to.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its document. The URL may lack a scheme and the type may be unknown.
    pub registry: Registry,
    /// The instance of ours that it is.
    pub instance: Option<Instance>,
    /// How to log in, when the command line or the document says.
    pub login: Login,
}

impl Context {
    /// Finds the registry that the flags, the variables or the config file name.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Usage`] when nothing names one, [`crate::exit::Exit::NotFound`] when there is no such mode or instance,
    /// [`crate::exit::Exit::Input`] for a document or file that is not understood.
    pub fn target(&self, args: &RegistryArgs) -> Result<Target> {
        let named = args.registry.as_deref().or(self.environment.registry.as_deref());
        let access = &args.access;
        if access.password_stdin && named == Some("-") {
            return Err(Error::usage("standard input cannot be both the registry's document and the password")
                .hint("use --password-file or --password-env"));
        }
        let mut target = self.named(args)?;
        if let Some(kind) = access.registry_type {
            target.registry.kind = Some(kind);
        }
        if access.ca_file.is_some() || access.insecure {
            let ca_file = access.ca_file.as_deref().map(|path| self.absolute(path)).transpose()?;
            target.registry.tls = Some(Tls { ca_file, verify: !access.insecure });
        }
        if target.registry.tls.as_ref().is_some_and(|tls| !tls.verify) {
            self.messages.warn(format!("the certificate of {} is not checked", target.registry.url));
        }
        target.registry.token_hosts.extend(access.token_host.iter().cloned());
        target.login = self.login(access, &mut target.registry)?;
        Ok(target)
    }

    fn named(&self, args: &RegistryArgs) -> Result<Target> {
        let config = self.modes()?;
        if let Some(text) = args.registry.as_ref().or(self.environment.registry.as_ref()) {
            return self.find(text, &config);
        }
        if let Some(mode) = self.environment.mode.as_ref().or(config.default.as_ref()) {
            return self.find(&format!("mode:{mode}"), &config);
        }
        Err(Error::usage("no registry was named").hint(
            "name one with -r (a URL, a mode, an instance, or - for standard input), with REG_REGISTRY, with REG_MODE, or with `default` in the config file",
        ))
    }

    fn find(&self, text: &str, config: &Config) -> Result<Target> {
        if text == "-" {
            return self.of_document(&self.standard_input()?, "standard input");
        }
        if let Some(path) = text.strip_prefix('@') {
            let content = self
                .interrupt
                .reading(|| std::fs::read_to_string(path))
                .map_err(|fault| Error::io(format!("cannot read {path}"), fault))?;
            return self.of_document(&content, path);
        }
        if let Some(name) = text.strip_prefix("mode:") {
            let registry = config.registry(name).ok_or_else(|| unknown_mode(name, config))?;
            return self.with_instance(registry);
        }
        if let Some(name) = text.strip_prefix("instance:") {
            return self.instance(&name.parse()?);
        }
        if is_url(text) {
            refuse_password(text)?;
            return self.with_instance(Registry { url: text.to_owned(), ..Registry::default() });
        }
        if text.is_empty() {
            return Err(Error::usage("the registry's name is empty"));
        }
        let instance = text.parse::<Name>().ok().filter(|name| self.instances().is_ok_and(|store| store.find(name).is_some()));
        match (config.registry(text), instance) {
            (Some(registry), other) => {
                if other.is_some() {
                    self.messages.warn(format!(
                        "{} is a mode and an instance; the mode is taken (instance:{text} is the other)",
                        quoted(text)
                    ));
                }
                self.with_instance(registry)
            }
            (None, Some(name)) => self.instance(&name),
            (None, None) => {
                let instances: Vec<String> = self.instances()?.all()?.iter().map(|instance| instance.name().to_string()).collect();
                let known = config.names().chain(instances.iter().map(String::as_str));
                let none = "there are none yet; `reg-up start` makes an instance, and a URL needs a `.`, a `:` or a `/`";
                Err(unknown("mode or instance", text, known, none))
            }
        }
    }

    /// An instance by its name.
    ///
    /// # Errors
    /// [`crate::exit::Exit::NotFound`] when there is none.
    pub fn instance(&self, name: &Name) -> Result<Target> {
        let store = self.instances()?;
        let Some(instance) = store.find(name) else {
            let all = store.all()?;
            let none = format!("there are none yet; `reg-up start {name}` makes one");
            return Err(unknown("instance", &name.to_string(), all.iter().map(Instance::name), &none));
        };
        let registry = instance.registry()?.ok_or_else(|| {
            Error::not_found(format!("the instance \"{name}\" was never started")).hint(format!("`reg-up start {name}`"))
        })?;
        Ok(Target { registry, instance: Some(instance), login: Login::AuthFile })
    }

    fn of_document(&self, text: &str, source: &str) -> Result<Target> {
        let mut registry = document::read_registry(text, source)?;
        if let Some(instance) = &mut registry.instance {
            // A command is run for its user: it is believed from their own config file only, never from a pipe.
            let own =
                registry.name.as_ref().and_then(|name| self.modes().ok()?.registry(name)).filter(|own| own.url == registry.url);
            instance.restart_command = own.and_then(|own| own.instance).and_then(|own| own.restart_command);
        }
        self.with_instance(registry)
    }

    /// A registry whose URL is an instance's is that instance; a document that says where its instance lies, too.
    fn with_instance(&self, mut registry: Registry) -> Result<Target> {
        refuse_password(&registry.url).map_err(|fault| fault.with_kind(Exit::Input))?;
        let dir = registry.instance.as_ref().and_then(|reference| reference.dir.clone());
        let mut found = None;
        // Without a home there are no instances, and a URL needs none.
        let instances = self.instances().ok().map(|store| store.all()).transpose()?.unwrap_or_default();
        for instance in instances {
            let own = match instance.registry() {
                Ok(own) => own,
                Err(fault) => {
                    self.messages.detail(1, fault.to_string());
                    continue;
                }
            };
            let same_url = own.as_ref().is_some_and(|own| same_url(&own.url, &registry.url));
            if dir.as_deref() == Some(instance.dir()) || same_url {
                found = own.map(|own| (instance, own));
                break;
            }
        }
        let instance = found.map(|(instance, own)| {
            // What a person wrote about it stands; what was not said is known.
            registry.name = registry.name.take().or(own.name);
            registry.kind = registry.kind.take().or(own.kind);
            registry.tls = registry.tls.take().or(own.tls);
            registry.version = registry.version.take().or(own.version);
            registry.credential = registry.credential.take().or(own.credential);
            registry.endpoints = registry.endpoints.take().or(own.endpoints);
            registry.instance = registry.instance.take().or(own.instance);
            if !registry.url.contains("://") {
                registry.url = own.url;
            }
            instance
        });
        Ok(Target { registry, instance, login: Login::AuthFile })
    }
}

/// A URL contains `.`, `:` or `/`, or is `localhost`; a mode and an instance never do.
fn is_url(text: &str) -> bool {
    text == "localhost" || text.contains(['.', ':', '/'])
}

/// A registry's URL is host and port, so an `@` in it can only stand behind a user's name. The text is not repeated: it is secret.
fn refuse_password(url: &str) -> Result<()> {
    if !url.contains('@') {
        return Ok(());
    }
    Err(Error::usage("a URL with a user or a password in it is seen by everybody on this machine")
        .hint("give the user with -u and the password with --password-stdin, --password-file or --password-env"))
}

/// Whether two URLs are one address; a missing scheme matches any, a missing slash at the end too.
fn same_url(own: &str, asked: &str) -> bool {
    fn bare(url: &str) -> (&str, &str) {
        let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
        (scheme, rest.trim_end_matches('/'))
    }
    let loopback = |host: &str| host.replacen("localhost:", "127.0.0.1:", 1);
    let ((own_scheme, own), (asked_scheme, asked)) = (bare(own), bare(asked));
    (asked_scheme.is_empty() || asked_scheme == own_scheme) && loopback(own) == loopback(asked)
}

fn unknown(what: &str, name: &str, known: impl IntoIterator<Item = impl fmt::Display>, none: &str) -> Error {
    let known: Vec<String> = known.into_iter().map(|name| name.to_string()).collect();
    let hint = if known.is_empty() { none.to_owned() } else { format!("there are: {}", known.join(", ")) };
    Error::not_found(format!("there is no {what} {}", quoted(name))).hint(hint)
}

fn unknown_mode(name: &str, config: &Config) -> Error {
    unknown("mode", name, config.names(), "the config file names none; `man reg-config` shows how it is written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_told_from_a_name() {
        for url in ["localhost", "localhost:5000", "http://a", "registry.example", "a/b"] {
            assert!(is_url(url), "{url}");
        }
        assert!(!is_url("dev"));
    }

    #[test]
    fn one_address_has_many_spellings() {
        assert!(same_url("http://127.0.0.1:5000", "localhost:5000"));
        assert!(same_url("https://localhost:5000", "https://localhost:5000/"));
        assert!(!same_url("https://localhost:5000", "http://localhost:5000"));
        assert!(!same_url("http://127.0.0.1:5000", "127.0.0.1:5001"));
    }
}
