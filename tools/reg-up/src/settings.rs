//! What a registry is to be: the flags, laid over what the instance was before, and the files they bring along.

use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

use reg_shared::cli::Context;
use reg_shared::document::{self, Type};
use reg_shared::error::{Error, Result};
use reg_shared::instance::{AUTHORITY, CERTIFICATE, Instance, KEY, Settings};
use reg_shared::{htpasswd, tls};

use crate::backend::{Backend, Pull};
use crate::cli::SettingsArgs;

/// The name that an instance's copy has.
pub(crate) const HTPASSWD: &str = "htpasswd";

/// What was asked for: the settings, and the files to copy in.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) settings: Settings,
    /// Name in the instance's folder, and content.
    pub(crate) files: Vec<(&'static str, Vec<u8>)>,
    /// When to get the image of a container.
    pub(crate) pull: Pull,
}

impl Wanted {
    /// What it was before.
    pub(crate) fn again(settings: Settings) -> Self {
        Self { settings, files: Vec::new(), pull: Pull::default() }
    }

    /// Lays the flags over what the instance was before; what runs it is decided by [`Self::resolve`].
    ///
    /// # Errors
    /// Files that cannot be read, and settings that would let everybody in.
    pub(crate) fn new(context: &Context, args: &SettingsArgs, before: Option<&Settings>) -> Result<Self> {
        let mut settings = before.cloned().unwrap_or(Settings {
            kind: Type::Embedded,
            binary: None,
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 5000,
            data: None,
            tls: false,
            ca: false,
            htpasswd: false,
            open: false,
            last_port: None,
            container: None,
        });
        if let Some(kind) = args.kind {
            if kind != settings.kind {
                // Another type's program and the folder of another type's data mean nothing to this one.
                settings.binary = None;
                settings.data = None;
            }
            settings.kind = kind;
        }
        let absolute = |path: &PathBuf| context.absolute(path);
        settings.binary = args.binary.as_ref().map(absolute).transpose()?.or(settings.binary);
        settings.data = args.data.as_ref().map(absolute).transpose()?.or(settings.data);
        if args.backend.backend == Some(Backend::Process) {
            settings.container = None;
        }
        settings.bind = args.bind.unwrap_or(settings.bind);
        if let Some(port) = args.port {
            settings.port = port;
        }
        settings.open |= args.open;
        let mut files = Vec::new();
        if let Some((chain, key, authority)) = certificate(context, args)? {
            // Whether the key is the certificate's is told now, not by a registry that does not start.
            tls::server::config(&chain, &key)?;
            files.push((CERTIFICATE, read("the certificate", &chain)?));
            files.push((KEY, read("the private key", &key)?));
            settings.tls = true;
            settings.ca = authority.is_some();
            if let Some(authority) = &authority {
                tls::trust::read_pem(authority)?;
                files.push((AUTHORITY, read("the CA certificate", authority)?));
            }
        }
        if let Some(path) = &args.htpasswd {
            let content = read("the htpasswd file", path)?;
            let (users, faults) = htpasswd::parse(&String::from_utf8_lossy(&content));
            // An empty file may get its users later; one with nothing but faults is a mistake.
            if users.names().next().is_none()
                && let Some(fault) = faults.first()
            {
                let what = format!("{} logs nobody in: line {}: {}", path.display(), fault.line, fault.why);
                return Err(Error::input(what)
                    .hint("`reg-users check FILE` tells of every line, `reg-users generate NAME` prints one that does"));
            }
            for fault in faults {
                context.messages.warn(format!("{}: line {} logs nobody in: {}", path.display(), fault.line, fault.why));
            }
            files.push((HTPASSWD, content));
            settings.htpasswd = true;
        }
        if !settings.bind.is_loopback() && !settings.htpasswd && !settings.open {
            return Err(Error::usage(format!("{} is reachable by others, and nothing would ask them to log in", settings.bind))
                .hint("add --htpasswd FILE, or --open when everybody may read, write and delete"));
        }
        Ok(Self { settings, files, pull: args.backend.pull.unwrap_or_default() })
    }

    /// Decides what runs it. `placed` is the engine that has things of it already.
    ///
    /// # Errors
    /// Flags that do not go together, and an engine that does not answer.
    pub(crate) async fn resolve(
        &mut self,
        context: &Context,
        args: &SettingsArgs,
        before: Option<&Settings>,
        placed: Option<String>,
    ) -> Result<()> {
        let same_kind = before.is_some_and(|before| before.kind == self.settings.kind);
        args.backend.resolve(context, &mut self.settings, same_kind, args.binary.is_some(), placed).await
    }

    /// In words, what differs from how the instance is now; empty when nothing does.
    ///
    /// # Errors
    /// When the instance's files cannot be read.
    pub(crate) fn differences(&self, instance: &Instance, now: &Settings) -> Result<Vec<String>> {
        let wanted = &self.settings;
        let mut found = Vec::new();
        let mut compare = |what: &str, now: String, wanted: String| {
            if now != wanted {
                found.push(format!("{what} is {now}, not {wanted}"));
            }
        };
        let path = |path: &Option<PathBuf>| path.as_ref().map_or("the default".to_owned(), |path| path.display().to_string());
        let port = |port: u16| if port == 0 { "any".to_owned() } else { port.to_string() };
        compare("its type", now.kind.to_string(), wanted.kind.to_string());
        let backend = |settings: &Settings| if settings.container.is_some() { "docker" } else { "process" }.to_owned();
        compare("its backend", backend(now), backend(wanted));
        if let (Some(now), Some(wanted)) = (&now.container, &wanted.container) {
            let limit = |limit: Option<u64>| limit.map_or("unlimited".to_owned(), |limit| limit.to_string());
            compare("its image", now.image.clone(), wanted.image.clone());
            compare("its memory", limit(now.memory), limit(wanted.memory));
            let cpus = |milli: Option<u64>| milli.map_or("unlimited".to_owned(), |milli| format!("{}", milli as f64 / 1000.0));
            compare("its processors", cpus(now.milli_cpus), cpus(wanted.milli_cpus));
        }
        compare("its program", path(&now.binary), path(&wanted.binary));
        compare("its address", now.bind.to_string(), wanted.bind.to_string());
        compare("its port", port(now.port), port(wanted.port));
        compare("its data folder", path(&now.data), path(&wanted.data));
        compare("\"open\"", now.open.to_string(), wanted.open.to_string());
        for (name, what) in [
            (CERTIFICATE, "its certificate"),
            (KEY, "its private key"),
            (AUTHORITY, "its CA certificate"),
            (HTPASSWD, "its htpasswd file"),
        ] {
            if let Some((_, content)) = self.files.iter().find(|(own, _)| *own == name) {
                let own = fs::read(instance.dir().join(name)).unwrap_or_default();
                if own != *content {
                    found.push(format!("{what} is another one"));
                }
            }
        }
        Ok(found)
    }
}

/// The chain, the key and the authority that the flags name.
fn certificate(context: &Context, args: &SettingsArgs) -> Result<Option<(PathBuf, PathBuf, Option<PathBuf>)>> {
    if let Some(path) = &args.tls {
        let (text, source) = if path.as_os_str() == "-" {
            (context.standard_input()?, "standard input".to_owned())
        } else {
            let text = fs::read_to_string(path).map_err(|fault| Error::io(format!("cannot read {}", path.display()), fault))?;
            (text, path.display().to_string())
        };
        let certificate = document::read_certificate(&text, &source)?;
        let (chain, key) = document::served(&certificate, &source)?;
        return Ok(Some((chain, key, certificate.ca_file)));
    }
    let (Some(cert), Some(key)) = (&args.cert, &args.key) else { return Ok(None) };
    Ok(Some((cert.clone(), key.clone(), args.ca_file.clone())))
}

fn read(what: &str, path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|fault| Error::io(format!("cannot read {what} {}", path.display()), fault))
}
