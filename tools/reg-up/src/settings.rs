//! What a registry is to be: the flags, laid over what the instance was before, and the files they bring along.

use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};

use reg_shared::cli::Context;
use reg_shared::document::{self, Type};
use reg_shared::error::{Error, Result};
use reg_shared::instance::{ADMIN_PASSWORD, AUTHORITY, CERTIFICATE, Instance, KEY, LAYOUT, Settings};
use reg_shared::options::Options;
use reg_shared::registry::Registry;
use reg_shared::{htpasswd, overlay, tls};

use crate::backend::{Backend, Pull};
use crate::cli::SettingsArgs;
use crate::{layout, options};

/// The name that an instance's copy has.
pub(crate) const HTPASSWD: &str = "htpasswd";
/// All copies that an instance may have, and what they are.
pub(crate) const COPIES: [(&str, &str); 11] = [
    (CERTIFICATE, "its certificate"),
    (KEY, "its private key"),
    (AUTHORITY, "its CA certificate"),
    (HTPASSWD, "its htpasswd file"),
    (LAYOUT, "its layout"),
    (ADMIN_PASSWORD, "the password of its administrator"),
    (options::BASE, "its base configuration"),
    (options::MIRROR_PASSWORD, "the password of the mirrored registry"),
    (options::WEBHOOK_HEADER, "the header of the webhook"),
    (options::S3_SECRET_KEY, "the key to the bucket"),
    (options::REDIS_URL, "the URL of Redis"),
];

/// Files to copy in: the name in the instance's folder, and the content.
pub(crate) type Files = Vec<(&'static str, Vec<u8>)>;

/// What was asked for: the settings, and the files to copy in.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) settings: Settings,
    pub(crate) files: Files,
    /// When to get the image of a container.
    pub(crate) pull: Pull,
}

impl Wanted {
    /// What it was before.
    pub(crate) fn again(settings: Settings) -> Self {
        Self { settings, files: Files::new(), pull: Pull::default() }
    }

    /// Lays the flags over what the instance was before, in its folder; what runs it is decided by [`Self::resolve`].
    ///
    /// # Errors
    /// Files that cannot be read, and settings that would let everybody in.
    pub(crate) fn new(context: &Context, args: &SettingsArgs, before: Option<(&Settings, &Path)>) -> Result<Self> {
        let mut settings = before.map(|(settings, _)| settings.clone()).unwrap_or(Settings {
            kind: Type::Embedded,
            binary: None,
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            port: 5000,
            data: None,
            tls: false,
            ca: false,
            htpasswd: false,
            layout: false,
            open: false,
            last_port: None,
            last_debug_port: None,
            container: None,
            options: Options::default(),
        });
        if let Some(kind) = args.kind {
            if kind != settings.kind {
                // Another type's program, options and folder of data mean nothing to this one.
                settings.binary = None;
                settings.data = None;
                settings.options = Options::default();
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
        let mut files = Files::new();
        args.options.lay_over(context, &mut settings, &mut files)?;
        if args.data.is_some() && settings.options.s3.is_some() {
            return Err(Error::usage("its data is in a bucket, so there is no folder for it")
                .hint("leave --data out; `--without s3` takes the bucket back"));
        }
        settings.open |= args.open;
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
        layout::lay_over(context, args, before.map(|(_, dir)| dir), &mut settings, &mut files)?;
        let open_to_all = !settings.htpasswd && !settings.open && !logs_in(&settings, before.map(|(_, dir)| dir), &files)?;
        if !settings.bind.is_loopback() && open_to_all {
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
        let on = |on: bool| if on { "on" } else { "off" }.to_owned();
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
            // One that comes or goes is told as what asks for it.
            for now in &now.beside {
                if let Some(wanted) = wanted.beside.iter().find(|wanted| wanted.part == now.part) {
                    compare(&format!("the image of its {}", now.part), now.image.clone(), wanted.image.clone());
                    compare(&format!("the port of its {}", now.part), port(now.port.unwrap_or(0)), port(wanted.port.unwrap_or(0)));
                }
            }
        }
        compare("its program", path(&now.binary), path(&wanted.binary));
        compare("its address", now.bind.to_string(), wanted.bind.to_string());
        compare("its port", port(now.port), port(wanted.port));
        compare("its data folder", path(&now.data), path(&wanted.data));
        compare("\"open\"", now.open.to_string(), wanted.open.to_string());
        compare("TLS", on(now.tls), on(wanted.tls));
        compare("its login", on(now.htpasswd), on(wanted.htpasswd));
        compare("its layout", on(now.layout), on(wanted.layout));
        options::compare(&mut compare, &now.options, &wanted.options);
        for (name, what) in COPIES {
            if let Some((_, content)) = self.files.iter().find(|(own, _)| *own == name) {
                let own = fs::read(instance.dir().join(name)).unwrap_or_default();
                let there = instance.dir().join(name).exists();
                // Those that come into use with what is told above need no words of their own.
                let told = !there && [CERTIFICATE, KEY, HTPASSWD, LAYOUT, ADMIN_PASSWORD, options::BASE].contains(&name);
                if own != *content && !told {
                    found.push(format!("{what} is {}", if there { "another one" } else { "not there" }));
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

/// Whether the base configuration asks for a login by itself.
fn logs_in(settings: &Settings, dir: Option<&Path>, files: &Files) -> Result<bool> {
    let Some(format) = Registry::from(settings.kind).format() else { return Ok(false) };
    Ok(options::base(dir.unwrap_or(Path::new("")), &settings.options, files)?
        .is_some_and(|text| overlay::asks_for_login(format, &text)))
}

/// Which copies are in force: the others go.
pub(crate) fn in_force(settings: &Settings, name: &str) -> bool {
    let options = &settings.options;
    match name {
        CERTIFICATE | KEY => settings.tls,
        AUTHORITY => settings.ca,
        HTPASSWD => settings.htpasswd,
        LAYOUT | ADMIN_PASSWORD => settings.layout,
        options::BASE => options.base.is_some(),
        options::MIRROR_PASSWORD => options.mirror.as_ref().is_some_and(|mirror| mirror.password),
        options::WEBHOOK_HEADER => options.webhook.as_ref().is_some_and(|webhook| webhook.header),
        options::S3_SECRET_KEY => options.s3.as_ref().is_some_and(|s3| s3.secret_key),
        options::REDIS_URL => options.redis,
        _ => true,
    }
}

pub(crate) fn read(what: &str, path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|fault| Error::io(format!("cannot read {what} {}", path.display()), fault))
}
