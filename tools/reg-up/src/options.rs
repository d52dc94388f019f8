//! The flags for what a registry does beyond storing images, laid over what the instance was asked for before.
//!
//! Every one of them stays until it is taken back with `--without` or `--unset`. A secret is named by a file or a variable, and copied
//! into the instance.

use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, ValueHint};
use reg_shared::cli::{Context, Environment, duration};
use reg_shared::error::{Error, Result};
use reg_shared::instance::Settings;
use reg_shared::options::{Feature, Mirror, Options, S3, Secrets, Webhook};
use reg_shared::overlay;
use reg_shared::registry::Registry;
use reg_shared::secret::Secret;

use crate::settings::{Files, read};

/// The names that an instance's copies have.
pub(crate) const BASE: &str = "base.config";
pub(crate) const MIRROR_PASSWORD: &str = "mirror.password";
pub(crate) const WEBHOOK_HEADER: &str = "webhook.header";
pub(crate) const S3_SECRET_KEY: &str = "s3.secret";
pub(crate) const REDIS_URL: &str = "redis.url";

const HEADING: &str = "Options of zot and Distribution";

/// What a registry does beyond storing images.
#[derive(Debug, Clone, Args)]
pub(crate) struct OptionArgs {
    /// Switch on: audit, cve, metrics, scrub, search, ui (zot); read-only, redis, ui (Distribution; the latter two in containers beside it)
    #[arg(long, help_heading = HEADING, value_name = "WHAT", value_delimiter = ',')]
    with: Vec<Feature>,
    /// Take back what was asked for before, or switch off what is on by itself: any of --with, dedupe, gc (zot), delete (Distribution),
    /// and tls, htpasswd, layout, open, mirror, webhook, cors, rate-limit, s3, redis, config-base
    #[arg(long, help_heading = HEADING, value_name = "WHAT", value_delimiter = ',')]
    without: Vec<Removal>,
    /// Be a mirror of another registry: fetch what somebody asks for, and keep it
    #[arg(long, help_heading = HEADING, value_name = "URL")]
    mirror_of: Option<String>,
    /// Fetch everything that often, too, asked for or not (zot)
    #[arg(long, help_heading = HEADING, value_name = "TIME", value_parser = duration)]
    mirror_every: Option<Duration>,
    /// The name to log in to the mirrored registry with
    #[arg(long, help_heading = HEADING, value_name = "NAME")]
    mirror_username: Option<String>,
    /// The file with its password
    #[arg(long, help_heading = HEADING, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "mirror_password_env")]
    mirror_password_file: Option<PathBuf>,
    /// The variable with its password
    #[arg(long, help_heading = HEADING, value_name = "VARIABLE")]
    mirror_password_env: Option<String>,
    /// Tell this address of pushes and deletions
    #[arg(long, help_heading = HEADING, value_name = "URL")]
    webhook: Option<String>,
    /// The file with the value of the Authorization header for it, as in `Bearer …`
    #[arg(long, help_heading = HEADING, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "webhook_header_env")]
    webhook_header_file: Option<PathBuf>,
    /// The variable with that value
    #[arg(long, help_heading = HEADING, value_name = "VARIABLE")]
    webhook_header_env: Option<String>,
    /// Let a page of this origin use the registry from a browser, as in https://ui.example
    #[arg(long, help_heading = HEADING, value_name = "ORIGIN")]
    cors: Option<String>,
    /// Take that many requests in a second, and no more (zot)
    #[arg(long, help_heading = HEADING, value_name = "REQUESTS", value_parser = clap::value_parser!(u32).range(1..))]
    rate_limit: Option<u32>,
    /// Keep the data in this bucket (Distribution)
    #[arg(long, help_heading = HEADING, value_name = "BUCKET")]
    s3_bucket: Option<String>,
    /// The region of the bucket [default: us-east-1]
    #[arg(long, help_heading = HEADING, value_name = "REGION")]
    s3_region: Option<String>,
    /// The server of the bucket, when it is not Amazon's
    #[arg(long, help_heading = HEADING, value_name = "URL")]
    s3_endpoint: Option<String>,
    /// The public half of the key to the bucket; without, the machine's own role counts
    #[arg(long, help_heading = HEADING, value_name = "ID")]
    s3_access_key: Option<String>,
    /// The file with the secret half
    #[arg(long, help_heading = HEADING, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "s3_secret_key_env")]
    s3_secret_key_file: Option<PathBuf>,
    /// The variable with the secret half
    #[arg(long, help_heading = HEADING, value_name = "VARIABLE")]
    s3_secret_key_env: Option<String>,
    /// Keep the cache in the Redis of this file's URL: redis://[USER:PASSWORD@]HOST[:PORT][/DB] (Distribution)
    #[arg(long, help_heading = HEADING, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "redis_url_env")]
    redis_url_file: Option<PathBuf>,
    /// The variable with that URL
    #[arg(long, help_heading = HEADING, value_name = "VARIABLE")]
    redis_url_env: Option<String>,
    /// Lay the configuration over this file of the registry's own format, or - for standard input; it is copied
    #[arg(long, help_heading = HEADING, value_name = "FILE", value_hint = ValueHint::FilePath)]
    config_base: Option<PathBuf>,
    /// Set any key of the configuration, as in http.realm=team; the value may be JSON, null takes a key out
    #[arg(long, help_heading = HEADING, value_name = "KEY=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,
    /// Take back a --set
    #[arg(long, help_heading = HEADING, value_name = "KEY")]
    unset: Vec<String>,
}

/// What `--without` takes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Removal {
    Switch(Feature),
    Tls,
    Htpasswd,
    Layout,
    Open,
    Mirror,
    Webhook,
    Cors,
    RateLimit,
    S3,
    Redis,
    ConfigBase,
}

impl FromStr for Removal {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Ok(match text {
            "tls" => Self::Tls,
            "htpasswd" => Self::Htpasswd,
            "layout" => Self::Layout,
            "open" => Self::Open,
            "mirror" => Self::Mirror,
            "webhook" => Self::Webhook,
            "cors" => Self::Cors,
            "rate-limit" => Self::RateLimit,
            "s3" => Self::S3,
            "redis" => Self::Redis,
            "config-base" => Self::ConfigBase,
            other => Self::Switch(other.parse().map_err(|fault: Error| {
                Error::usage(format!(
                    "{fault}, tls, htpasswd, layout, open, mirror, webhook, cors, rate-limit, s3, redis, config-base"
                ))
            })?),
        })
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    // A key may have `=` in it, inside quotes.
    let mut quoted = false;
    let at = text.find(|c| {
        quoted ^= c == '"';
        c == '=' && !quoted
    });
    let (key, value) = at.map(|at| (&text[..at], &text[at + 1..])).ok_or("a key and its value, as in http.realm=team")?;
    overlay::path(key).map_err(|fault| fault.to_string())?;
    Ok((key.to_owned(), value.to_owned()))
}

impl OptionArgs {
    /// Lays the flags over the settings; files that they name are added to those that are copied in.
    pub(crate) fn lay_over(&self, context: &Context, settings: &mut Settings, files: &mut Files) -> Result<()> {
        self.take_back(settings);
        let options = &mut settings.options;
        options.switches.extend(self.with.iter().map(|feature| (*feature, true)));
        self.mirror(context, options, files)?;
        self.webhook(context, options, files)?;
        self.s3(context, options, files)?;
        if let Some(url) = secret(context, "the URL of Redis", self.redis_url_file.as_ref(), self.redis_url_env.as_ref())? {
            files.push((REDIS_URL, url));
            options.redis = true;
        }
        options.cors = self.cors.clone().or(options.cors.take());
        options.rate_limit = self.rate_limit.or(options.rate_limit);
        if let Some(path) = &self.config_base {
            let piped = path.as_os_str() == "-";
            let content = if piped { context.standard_input()?.into_bytes() } else { read("the configuration", path)? };
            files.push((BASE, content));
            options.base = Some(if piped { "standard input".to_owned() } else { path.display().to_string() });
        }
        if let Some(format) = Registry::from(settings.kind).format() {
            for (key, _) in &self.set {
                overlay::may_set(format, key)?;
            }
        }
        options.set.extend(self.set.iter().cloned());
        Ok(())
    }

    fn take_back(&self, settings: &mut Settings) {
        for removal in &self.without {
            let options = &mut settings.options;
            match removal {
                Removal::Switch(feature) => _ = options.switches.insert(*feature, false),
                Removal::Tls => (settings.tls, settings.ca) = (false, false),
                Removal::Htpasswd => settings.htpasswd = false,
                Removal::Layout => settings.layout = false,
                Removal::Open => settings.open = false,
                Removal::Mirror => options.mirror = None,
                Removal::Webhook => options.webhook = None,
                Removal::Cors => options.cors = None,
                Removal::RateLimit => options.rate_limit = None,
                Removal::S3 => options.s3 = None,
                Removal::Redis => {
                    options.redis = false;
                    options.switches.remove(&Feature::Redis);
                }
                Removal::ConfigBase => options.base = None,
            }
        }
        for key in &self.unset {
            settings.options.set.remove(key);
        }
    }

    fn mirror(&self, context: &Context, options: &mut Options, files: &mut Files) -> Result<()> {
        let (file, variable) = (self.mirror_password_file.as_ref(), self.mirror_password_env.as_ref());
        let password = secret(context, "the password", file, variable)?;
        let before = options.mirror.take();
        let url = match (&self.mirror_of, &before) {
            (Some(url), _) => address(url, "--mirror-of")?,
            (None, Some(before)) => before.url.clone(),
            (None, None) if password.is_some() || self.mirror_username.is_some() || self.mirror_every.is_some() => {
                return Err(Error::usage("there is no mirror to say this of").hint("--mirror-of URL makes one"));
            }
            (None, None) => return Ok(()),
        };
        // Another registry has other logins.
        let before = before.filter(|before| before.url == url);
        let known = before.as_ref();
        let mirror = Mirror {
            every_seconds: self.mirror_every.map(|every| every.as_secs()).or(known.and_then(|known| known.every_seconds)),
            username: self.mirror_username.clone().or(known.and_then(|known| known.username.clone())),
            password: password.is_some() || known.is_some_and(|known| known.password),
            url,
        };
        if mirror.username.is_some() != mirror.password {
            return Err(Error::usage("a name and a password for the mirrored registry go together")
                .hint("--mirror-username NAME --mirror-password-file FILE"));
        }
        files.extend(password.map(|password| (MIRROR_PASSWORD, password)));
        options.mirror = Some(mirror);
        Ok(())
    }

    fn webhook(&self, context: &Context, options: &mut Options, files: &mut Files) -> Result<()> {
        let (file, variable) = (self.webhook_header_file.as_ref(), self.webhook_header_env.as_ref());
        let header = secret(context, "the header", file, variable)?;
        let before = options.webhook.take();
        let url = match (&self.webhook, &before) {
            (Some(url), _) => address(url, "--webhook")?,
            (None, Some(before)) => before.url.clone(),
            (None, None) if header.is_some() => {
                return Err(Error::usage("there is no webhook to send this header to").hint("--webhook URL makes one"));
            }
            (None, None) => return Ok(()),
        };
        let kept = before.is_some_and(|before| before.url == url && before.header);
        options.webhook = Some(Webhook { header: header.is_some() || kept, url });
        files.extend(header.map(|header| (WEBHOOK_HEADER, header)));
        Ok(())
    }

    fn s3(&self, context: &Context, options: &mut Options, files: &mut Files) -> Result<()> {
        let secret = secret(context, "the key", self.s3_secret_key_file.as_ref(), self.s3_secret_key_env.as_ref())?;
        let before = options.s3.take();
        let bucket = match (&self.s3_bucket, &before) {
            (Some(bucket), _) => bucket.clone(),
            (None, Some(before)) => before.bucket.clone(),
            (None, None) => {
                let more = [&self.s3_region, &self.s3_endpoint, &self.s3_access_key].into_iter().any(Option::is_some);
                if more || secret.is_some() {
                    return Err(Error::usage("there is no bucket to say this of").hint("--s3-bucket BUCKET names one"));
                }
                return Ok(());
            }
        };
        let known = before.as_ref();
        let endpoint = self.s3_endpoint.as_ref().map(|url| address(url, "--s3-endpoint")).transpose()?;
        let s3 = S3 {
            bucket,
            region: self.s3_region.clone().or(known.map(|known| known.region.clone())).unwrap_or_else(|| "us-east-1".to_owned()),
            endpoint: endpoint.or(known.and_then(|known| known.endpoint.clone())),
            access_key: self.s3_access_key.clone().or(known.and_then(|known| known.access_key.clone())),
            secret_key: secret.is_some() || known.is_some_and(|known| known.secret_key),
        };
        if s3.access_key.is_some() != s3.secret_key {
            return Err(Error::usage("the two halves of the key to the bucket go together")
                .hint("--s3-access-key ID --s3-secret-key-file FILE"));
        }
        files.extend(secret.map(|secret| (S3_SECRET_KEY, secret)));
        options.s3 = Some(s3);
        Ok(())
    }
}

/// A URL of http or https without a login in it, which would be for all to read.
fn address(text: &str, flag: &str) -> Result<String> {
    let url = reg_shared::http::Url::parse(text).ok().filter(|url| ["http", "https"].contains(&url.scheme()));
    let url = url.ok_or_else(|| Error::usage(format!("{flag} wants a URL that begins with https:// or http://")))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::usage(format!("the URL of {flag} has a login in it, and a command line is for all to read")));
    }
    Ok(text.trim_end_matches('/').to_owned())
}

/// A secret by reference: the content of a file, or of a variable.
fn secret(context: &Context, what: &str, file: Option<&PathBuf>, variable: Option<&String>) -> Result<Option<Vec<u8>>> {
    let text = match (file, variable) {
        (Some(path), _) if path.as_os_str() == "-" => context.standard_input()?,
        (Some(path), _) => {
            fs::read_to_string(path).map_err(|fault| Error::io(format!("cannot read {what} in {}", path.display()), fault))?
        }
        (None, Some(variable)) => Environment::named(variable)
            .ok_or_else(|| Error::input(format!("{what} is to be in the variable {variable}, which is not set")))?,
        (None, None) => return Ok(None),
    };
    let secret = Secret::from_line(text);
    if secret.expose().is_empty() {
        return Err(Error::input(format!("{what} is empty")));
    }
    Ok(Some(secret.expose().as_bytes().to_vec()))
}

/// The secrets of the options: those that are on their way in, else those in the instance's folder.
pub(crate) fn secrets(dir: &Path, options: &Options, files: &Files) -> Result<Secrets> {
    let find = |there: bool, name: &str| there.then(|| content(dir, files, name)).transpose();
    let text = |bytes: Vec<u8>| Secret::from_line(String::from_utf8_lossy(&bytes).into_owned());
    Ok(Secrets {
        mirror_password: find(options.mirror.as_ref().is_some_and(|mirror| mirror.password), MIRROR_PASSWORD)?.map(text),
        webhook_header: find(options.webhook.as_ref().is_some_and(|webhook| webhook.header), WEBHOOK_HEADER)?.map(text),
        s3_secret_key: find(options.s3.as_ref().is_some_and(|s3| s3.secret_key), S3_SECRET_KEY)?.map(text),
        redis_url: find(options.redis, REDIS_URL)?.map(text),
    })
}

/// The URL of Redis without its login.
pub(crate) fn redis(dir: &Path, options: &Options, files: &Files) -> Result<Option<Secret>> {
    let Some(whole) = secrets(dir, &Options { redis: options.redis, ..Options::default() }, files)?.redis_url else {
        return Ok(None);
    };
    let Ok(mut url) = reg_shared::http::Url::parse(whole.expose()) else { return Ok(Some(whole)) };
    // Only a URL that can have none refuses this.
    let _ = url.set_username("").and(url.set_password(None));
    Ok(Some(Secret::new(url.to_string())))
}

/// The configuration file that lies below ours.
pub(crate) fn base(dir: &Path, options: &Options, files: &Files) -> Result<Option<String>> {
    if options.base.is_none() {
        return Ok(None);
    }
    let bytes = match files.iter().find(|(name, _)| *name == BASE) {
        Some((_, content)) => content.clone(),
        None => read("the configuration", &dir.join(BASE))?,
    };
    let name = options.base.as_deref().unwrap_or(BASE);
    String::from_utf8(bytes).map(Some).map_err(|_| Error::input(format!("{name} is not text")))
}

fn content(dir: &Path, files: &Files, name: &str) -> Result<Vec<u8>> {
    match files.iter().find(|(own, _)| *own == name) {
        Some((_, content)) => Ok(content.clone()),
        None => read("a secret of the instance", &dir.join(name)),
    }
}

/// In words, what differs.
pub(crate) fn compare(compare: &mut impl FnMut(&str, String, String), now: &Options, wanted: &Options) {
    let switch = |options: &Options, feature| match options.switches.get(&feature) {
        None => "by default",
        Some(true) => "on",
        Some(false) => "off",
    };
    for feature in Feature::ALL {
        compare(&format!("\"{feature}\""), switch(now, feature).to_owned(), switch(wanted, feature).to_owned());
    }
    let or_none = |text: Option<String>| text.unwrap_or_else(|| "none".to_owned());
    let mirror = |options: &Options| or_none(options.mirror.as_ref().map(|mirror| mirror.url.clone()));
    compare("what it mirrors", mirror(now), mirror(wanted));
    let every = |options: &Options| {
        let every = options.mirror.as_ref().and_then(|mirror| mirror.every_seconds);
        every.map_or("never".to_owned(), |seconds| format!("every {seconds} s"))
    };
    compare("its fetching of everything", every(now), every(wanted));
    let login = |options: &Options| or_none(options.mirror.as_ref().and_then(|mirror| mirror.username.clone()));
    compare("its login to what it mirrors", login(now), login(wanted));
    let webhook = |options: &Options| or_none(options.webhook.as_ref().map(|webhook| webhook.url.clone()));
    compare("its webhook", webhook(now), webhook(wanted));
    compare("its origin for browsers", or_none(now.cors.clone()), or_none(wanted.cors.clone()));
    let rate = |options: &Options| or_none(options.rate_limit.map(|rate| rate.to_string()));
    compare("its rate limit", rate(now), rate(wanted));
    let s3 = |options: &Options| {
        let told = |s3: &S3| {
            [Some(&s3.bucket), Some(&s3.region), s3.endpoint.as_ref(), s3.access_key.as_ref()]
                .into_iter()
                .flatten()
                .cloned()
                .collect::<Vec<_>>()
                .join(" ")
        };
        or_none(options.s3.as_ref().map(told))
    };
    compare("its bucket", s3(now), s3(wanted));
    let redis = |options: &Options| if options.redis { "there" } else { "not there" }.to_owned();
    compare("its Redis", redis(now), redis(wanted));
    let base = |options: &Options| or_none(options.base.clone());
    compare("its base configuration", base(now), base(wanted));
    let keys: std::collections::BTreeSet<&String> = now.set.keys().chain(wanted.set.keys()).collect();
    for key in keys {
        let typed = |options: &Options| options.set.get(key).cloned().unwrap_or_else(|| "not set".to_owned());
        compare(key, typed(now), typed(wanted));
    }
}
