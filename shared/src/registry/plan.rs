//! How a registry is started: its program, arguments, environment and configuration. What differs in a container is in
//! [`super::container`].

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use serde_json::Value;

use super::layout::Others;
use super::{Registry, check};
use crate::document::{Endpoints, RenderedFile, Severity};
use crate::error::{Error, Result};
use crate::layout::Layout;
use crate::lint::{Format, Reader, without_secrets};
use crate::options::{Feature, Options, Secrets};
use crate::overlay::Layers;
use crate::secret::Secret;
use crate::shell;
use crate::tls::certificate::Certificate;
use crate::version::Version;
use crate::{advisory, distribution, yaml, zot};

/// How long a program may take to tell its version.
const VERSION_WITHIN: Duration = Duration::from_secs(20);
/// How long requests may go on after a registry was told to end.
const DRAIN: Duration = Duration::from_secs(10);
/// The names that zot's program has.
const ZOT: &[&str] = &["zot"];
/// The names that Distribution's program has.
const DISTRIBUTION: &[&str] = &["registry", "docker-registry"];
/// What a registry says its users log in to.
const REALM: &str = "reg";

/// The files beside the configuration that hold secrets: logins for other registries, and what the containers beside it are told.
pub const HIDDEN: [&str; 2] = [zot::CREDENTIALS, distribution::beside::REDIS_CONFIG];

/// What a registry is started with.
#[derive(Debug, Clone)]
pub struct Launch {
    /// The name of the instance.
    pub name: String,
    /// The registry's data folder.
    pub data: PathBuf,
    /// The program, when one was named; otherwise it is searched for.
    pub binary: Option<PathBuf>,
    /// Folders to search for the program.
    pub search: Vec<PathBuf>,
    /// The folder of the instance, where the configuration will be.
    pub dir: PathBuf,
    /// The program that runs the embedded server, and the name it goes by.
    pub embedded: (PathBuf, OsString),
    /// Where it listens.
    pub address: SocketAddr,
    /// Where its metrics and health are, when they are not on the same port.
    pub debug_address: SocketAddr,
    /// Where these are reached on this machine: the same, but for a container.
    pub debug_reached: SocketAddr,
    /// Where the pages of a container beside it are reached on this machine; port 0 when that is not known yet.
    pub page: Option<SocketAddr>,
    /// Certificate chain and key.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Its users.
    pub htpasswd: Option<PathBuf>,
    /// Its layout.
    pub layout: Option<Laid>,
    /// Whether others may come in without a login.
    pub open: bool,
    /// A secret that stays the same over restarts, for the types that need one.
    pub secret: Option<Secret>,
    /// The names of all variables of our environment.
    pub variables: Vec<OsString>,
    /// What else it is to do.
    pub options: Options,
    /// The text of the configuration file that lies below ours.
    pub base: Option<String>,
    /// The URL of Redis without its login, which is no secret.
    pub redis: Option<Secret>,
    /// The secrets of the options; none when the plan is only to be looked at, and then no secret stands in it, whoever wrote it.
    pub secrets: Option<Secrets>,
}

/// A layout that a registry is started with.
#[derive(Debug, Clone)]
pub struct Laid {
    /// Its file.
    pub file: PathBuf,
    /// What is in it.
    pub layout: Layout,
    /// The headers of its webhooks, by their names.
    pub headers: BTreeMap<String, Secret>,
}

/// How a registry is started.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The program's file; empty for a container, whose image has its own.
    pub program: PathBuf,
    /// The name the program is called by, when not by its file's.
    pub arg0: Option<OsString>,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Variables added to the environment.
    pub env: Vec<(OsString, OsString)>,
    /// Variables taken out of the environment.
    pub env_remove: Vec<OsString>,
    /// Its configuration file; none for a program that takes only flags.
    pub config: Option<ConfigFile>,
    /// The texts of those of [`HIDDEN`] that there are.
    pub hidden: Vec<(&'static str, Secret)>,
    /// The files in the instance's folder that it writes to; they must be there before it starts.
    pub writes: Vec<&'static str>,
    /// What somebody should know before it starts: a sentence each.
    pub warnings: Vec<String>,
    /// The version of the program, when it knows it.
    pub version: Option<String>,
    /// Where metrics are, as a whole URL or a path.
    metrics: Option<String>,
    /// Where the type's own health is, likewise.
    health: Option<String>,
    /// Where its pages for people are, likewise.
    ui: Option<String>,
}

/// A configuration file of an instance.
#[derive(Debug, Clone)]
pub struct ConfigFile {
    /// Its name in the instance's folder.
    pub name: &'static str,
    /// Its text. May hold a secret: the file is 0600.
    pub text: String,
}

impl Plan {
    /// The other addresses of a registry at `url`.
    #[must_use]
    pub fn endpoints(&self, url: &str) -> Endpoints {
        let whole = |address: &Option<String>| {
            address.as_ref().map(|address| if address.starts_with('/') { format!("{url}{address}") } else { address.clone() })
        };
        Endpoints { metrics: whole(&self.metrics), health: whole(&self.health), ui: whole(&self.ui), ..Endpoints::default() }
    }

    /// Whether metrics or health are at the debug address.
    #[must_use]
    pub fn is_debugged(&self) -> bool {
        [&self.metrics, &self.health].into_iter().flatten().any(|address| !address.starts_with('/'))
    }

    /// The files for people to read: the configuration, or the command line of a program that takes only flags.
    #[must_use]
    pub fn rendered(&self) -> Vec<RenderedFile> {
        match &self.config {
            Some(config) => vec![RenderedFile { name: config.name.to_owned(), content: config.text.clone() }],
            None => {
                let program = self.arg0.as_deref().unwrap_or(self.program.as_os_str());
                let words: Vec<String> =
                    std::iter::once(program).chain(self.args.iter().map(OsString::as_os_str)).map(shell::word).collect();
                vec![RenderedFile { name: "command".to_owned(), content: words.join(" ") + "\n" }]
            }
        }
    }
}

impl Registry {
    /// How a registry of this type is started. Finds its program and asks it for its version; writes nothing.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Unsupported`] for a type or version that cannot be started, [`crate::exit::Exit::Failed`] when its
    /// program is not found.
    pub async fn plan(self, launch: &Launch) -> Result<Plan> {
        match self {
            Self::Embedded => {
                launch.options.only("the embedded registry", &[], &[])?;
                Ok(embedded(launch))
            }
            Self::Zot => {
                let (program, build) = find(launch, "zot", ZOT, zot::VERSION, zot::Build::parse).await?;
                zot_plan(launch, Some(program), &build).await
            }
            Self::Distribution => {
                let (program, release) = find(launch, "Distribution", DISTRIBUTION, distribution::VERSION, Release::parse).await?;
                distribution_plan(launch, Some(program), release)
            }
            Self::Harbor | Self::Oci => Err(Error::unsupported("reg-up does not start registries of this type")
                .hint("embedded, zot and distribution can be started")),
        }
    }

    /// Whether its program is in one of these folders, or it needs none.
    pub async fn has_program(self, search: &[PathBuf]) -> bool {
        match self {
            Self::Embedded => true,
            Self::Zot => first(search, ZOT, zot::VERSION, zot::Build::parse).await.is_some(),
            Self::Distribution => first(search, DISTRIBUTION, distribution::VERSION, distribution::parse_version).await.is_some(),
            Self::Harbor | Self::Oci => false,
        }
    }
}

fn embedded(launch: &Launch) -> Plan {
    let (program, name) = launch.embedded.clone();
    let mut args: Vec<OsString> = vec!["serve".into()];
    args.extend(["--bind".into(), launch.address.ip().to_string().into()]);
    args.extend(["--port".into(), launch.address.port().to_string().into()]);
    args.extend(["--data".into(), launch.data.clone().into()]);
    if let Some((cert, key)) = &launch.tls {
        args.extend(["--cert".into(), cert.into(), "--key".into(), key.into()]);
    }
    if let Some(htpasswd) = &launch.htpasswd {
        args.extend(["--htpasswd".into(), htpasswd.into()]);
    }
    if let Some(laid) = &launch.layout {
        args.extend(["--layout".into(), (&laid.file).into()]);
    }
    if launch.open {
        args.push("--open".into());
    }
    Plan {
        program,
        arg0: Some(name),
        args,
        env: Vec::new(),
        env_remove: Vec::new(),
        config: None,
        hidden: Vec::new(),
        writes: Vec::new(),
        warnings: Vec::new(),
        version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        metrics: Some("/metrics".to_owned()),
        health: Some("/healthz".to_owned()),
        ui: None,
    }
}

pub(super) async fn zot_plan(launch: &Launch, program: Option<PathBuf>, build: &zot::Build) -> Result<Plan> {
    let settings = zot::Settings {
        address: launch.address,
        root: launch.data.clone(),
        tls: launch.tls.clone().map(|(cert, key)| zot::Tls { cert, key }),
        htpasswd: launch.htpasswd.clone(),
        realm: REALM.to_owned(),
        folder: launch.dir.clone(),
        access: None,
        retention: zot::retention::Retention::default(),
        options: launch.options.clone(),
        secrets: launch.secrets.clone().unwrap_or_default(),
    };
    let mut ours = zot::Config::new(&settings, build)?.to_value()?;
    arrange(launch, Registry::Zot, build.version, &mut ours)?;
    let plain = launch.options == Options::default();
    let reader = if plain { Reader::new(Format::Zot, build.version) } else { check::zot_reader(build, program.as_deref()).await? };
    let (value, mut warnings) = layered(launch, &reader, ours)?;
    warnings.extend(zot::caveats(&launch.options, build));
    let metrics = value.pointer("/extensions/metrics").filter(|metrics| metrics["enable"] == true);
    let metrics = metrics.and_then(|metrics| metrics.pointer("/prometheus/path")).and_then(Value::as_str).map(ToOwned::to_owned);
    let ui = value.pointer("/extensions/ui/enable").filter(|on| **on == true).map(|_| "/".to_owned());
    let config = ConfigFile { name: "zot.json", text: format!("{value:#}\n") };
    let hidden = zot::credentials(&settings).map(|text| (zot::CREDENTIALS, text)).into_iter().collect();
    // What nobody asked for is known to be right. Credentials that zot would read are not there yet.
    if !plain
        && launch.secrets.is_some()
        && let Some(program) = &program
        && let Some(words) = check::verify(Format::Zot, program, &config.text).await?
    {
        return Err(check::not_taken(&words));
    }
    Ok(Plan {
        program: program.unwrap_or_default(),
        arg0: None,
        args: vec![zot::SERVE.into(), launch.dir.join(config.name).into()],
        env: Vec::new(),
        env_remove: Vec::new(),
        config: Some(config),
        hidden,
        writes: launch.options.has(Feature::Audit, false).then_some(zot::AUDIT).into_iter().collect(),
        warnings,
        version: build.version.map(|version| version.to_string()),
        metrics,
        health: build.probes().map(|probes| probes.ready.to_owned()),
        ui,
    })
}

/// What a Distribution says of itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Release {
    version: Version,
    /// A candidate with a hole that its number does not tell.
    takes_any_token: bool,
}

impl Release {
    pub(super) fn parse(output: &str) -> Result<Self> {
        Ok(Self { version: distribution::parse_version(output)?, takes_any_token: distribution::takes_any_token(output) })
    }
}

pub(super) fn distribution_plan(launch: &Launch, program: Option<PathBuf>, release: Release) -> Result<Plan> {
    let Release { version, takes_any_token } = release;
    let page = launch.page.filter(|page| page.port() != 0).map(|page| format!("http://{}", reached(page)));
    let settings = distribution::Settings {
        address: launch.address,
        debug: Some(launch.debug_address),
        root: launch.data.clone(),
        tls: launch.tls.clone().map(|(certificate, key)| distribution::Tls { certificate, key }),
        htpasswd: launch.htpasswd.clone(),
        realm: REALM.to_owned(),
        secret: launch.secret.clone(),
        drain: DRAIN,
        page: page.clone(),
        options: launch.options.clone(),
        secrets: launch.secrets.clone().unwrap_or_else(|| Secrets { redis_url: launch.redis.clone(), ..Secrets::default() }),
    };
    let mut ours = distribution::Config::new(&settings, version)?.to_value()?;
    arrange(launch, Registry::Distribution, Some(version), &mut ours)?;
    let (value, mut warnings) = layered(launch, &Reader::new(Format::Distribution, Some(version)), ours)?;
    warnings.extend(distribution::caveats(&launch.options, version).map(ToOwned::to_owned));
    if launch.htpasswd.is_some() && launch.page.is_some_and(|page| !page.ip().is_loopback()) {
        warnings.push("its pages are served without TLS: a password that is typed there can be read on its way".to_owned());
    }
    if takes_any_token && value.pointer("/auth/token").is_some() {
        return Err(Error::unsupported(format!(
            "this candidate of Distribution {version} takes tokens that anybody signed (CVE-2025-24976)"
        ))
        .hint("take a later release"));
    }
    let config = ConfigFile { name: "config.yml", text: yaml::to_string(&value)? };
    let debug = format!("http://{}", launch.debug_reached);
    let redis =
        launch.secret.as_ref().filter(|_| launch.options.has(Feature::Redis, false)).map(distribution::beside::redis_config);
    let changes = |name: &&OsString| name.to_str().is_some_and(distribution::changes_config);
    Ok(Plan {
        program: program.unwrap_or_default(),
        arg0: None,
        args: vec![distribution::SERVE.into(), launch.dir.join(config.name).into()],
        env: distribution::environment(version).iter().map(|(name, value)| (name.into(), value.into())).collect(),
        env_remove: launch.variables.iter().filter(changes).cloned().collect(),
        config: Some(config),
        hidden: redis.map(|config| (distribution::beside::REDIS_CONFIG, config)).into_iter().collect(),
        writes: Vec::new(),
        warnings,
        version: Some(version.to_string()),
        metrics: Some(format!("{debug}{}", distribution::METRICS)),
        health: Some(format!("{debug}{}", distribution::HEALTH)),
        ui: page.map(|page| page + "/"),
    })
}

/// Puts the layout into our configuration.
fn arrange(launch: &Launch, kind: Registry, version: Option<Version>, ours: &mut Value) -> Result<()> {
    let Some(Laid { layout, headers, .. }) = &launch.layout else { return Ok(()) };
    let version = version.map(|version| version.to_string());
    kind.arrange_value(version.as_deref(), ours, layout, &Others { stored: layout, prune: false }, headers).map(drop)
}

/// Our configuration with what lies below and above it, looked through where somebody else had a hand in it.
fn layered(launch: &Launch, reader: &Reader, ours: Value) -> Result<(Value, Vec<String>)> {
    let base = launch.options.base.as_deref().zip(launch.base.as_deref());
    let layers = Layers { base, set: &launch.options.set };
    let mut warnings = Vec::new();
    let whole = if layers.is_empty() { ours } else { layers.apply(reader, ours)? };
    if !layers.is_empty() {
        let findings = reader.check_value(&whole);
        let (errors, others): (Vec<_>, Vec<_>) = findings.into_iter().partition(|finding| finding.severity == Severity::Error);
        if let [first, rest @ ..] = errors.as_slice() {
            let more = if rest.is_empty() { String::new() } else { format!(", and {} more mistakes", rest.len()) };
            let error = Error::input(format!("the configuration is not right: {}: {}{more}", first.path, first.problem));
            return Err(match (&first.hint, &launch.options.base) {
                (_, Some(base)) if !rest.is_empty() => error.hint(format!("`reg-up lint {base}` tells all of them")),
                (Some(hint), _) => error.hint(hint),
                (None, _) => error,
            });
        }
        warnings.extend(others.into_iter().map(|finding| format!("{}: {}", finding.path, finding.problem)));
    }
    if let Some(version) = reader.version {
        warnings.extend(advisory::of(reader.format, version, &whole).map(|hole| hole.warning(version)));
    }
    let whole = if launch.secrets.is_some() { whole } else { without_secrets(whole) };
    Ok((whole, warnings))
}

/// Finds a registry's program and reads its version: the named one, or the first on the path that answers like one.
async fn find<V>(launch: &Launch, what: &str, names: &[&str], flag: &str, parse: fn(&str) -> Result<V>) -> Result<(PathBuf, V)> {
    if let Some(binary) = &launch.binary {
        let text = ask(binary, flag).await?;
        let version = parse(&text).map_err(|fault| fault.context(format!("{} is not {what}", binary.display())))?;
        return Ok((binary.clone(), version));
    }
    if let Some(found) = first(&launch.search, names, flag, parse).await {
        return Ok(found);
    }
    Err(Error::failed(format!("there is no {what} on this machine: {} is not on PATH", names.join(" or ")))
        .hint("name its program with --binary, or take --type embedded, which needs nothing installed"))
}

/// A program that reads this format, on the path.
pub(super) async fn at_hand(format: Format, search: &[PathBuf]) -> Option<PathBuf> {
    match format {
        Format::Zot => first(search, ZOT, zot::VERSION, zot::Build::parse).await.map(|(program, _)| program),
        Format::Distribution => {
            first(search, DISTRIBUTION, distribution::VERSION, Release::parse).await.map(|(program, _)| program)
        }
    }
}

/// The first program of one of these names that answers like the registry.
async fn first<V>(search: &[PathBuf], names: &[&str], flag: &str, parse: fn(&str) -> Result<V>) -> Option<(PathBuf, V)> {
    for folder in search {
        for name in names {
            let program = folder.join(name);
            if program.is_file()
                && let Ok(text) = ask(&program, flag).await
                && let Ok(version) = parse(&text)
            {
                return Some((program, version));
            }
        }
    }
    None
}

/// What a program prints for a flag, on standard output and error.
pub(super) async fn ask(program: &Path, flag: &str) -> Result<String> {
    run(program, &[flag.as_ref()]).await.map(|(_, told)| told)
}

/// How a program ended that was run for a moment, and what it printed on standard output and error. One that a signal ended has code
/// -1.
pub(super) async fn run(program: &Path, args: &[&std::ffi::OsStr]) -> Result<(i32, String)> {
    let cannot = |fault| Error::io(format!("cannot run {}", program.display()), fault);
    let child = tokio::process::Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(cannot)?;
    let output = tokio::time::timeout(VERSION_WITHIN, child.wait_with_output())
        .await
        .map_err(|_| Error::failed(format!("{} {} did not end", program.display(), args[0].display())))?
        .map_err(cannot)?;
    let told = format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Ok((output.status.code().unwrap_or(-1), told))
}

/// Where something that listens at an address is reached from this machine.
pub(super) fn reached(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// The host that clients on this machine should use: one that the certificate is for, else the address.
///
/// # Errors
/// [`crate::exit::Exit::Input`] when the certificate cannot be read.
pub fn host(launch: &Launch) -> Result<String> {
    let address = if launch.address.ip().is_unspecified() { Ipv4Addr::LOCALHOST.into() } else { launch.address.ip() };
    let literal = if address.is_ipv6() { format!("[{address}]") } else { address.to_string() };
    let Some((cert, _)) = &launch.tls else { return Ok(literal) };
    let chain = crate::tls::trust::read_pem(cert)?;
    let leaf = chain.first().map(|der| Certificate::read(der)).transpose()?;
    let Some(leaf) = leaf else { return Ok(literal) };
    if address.is_loopback() && leaf.dns_names.iter().any(|name| name.eq_ignore_ascii_case("localhost")) {
        Ok("localhost".to_owned())
    } else if leaf.ip_addresses.contains(&address) {
        Ok(literal)
    } else {
        Ok(leaf.dns_names.into_iter().find(|name| !name.starts_with('*')).unwrap_or(literal))
    }
}
