//! Launching: the settings become files and a process or a container, and this an answer, or all is as it was before.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use reg_shared::cli::Context;
use reg_shared::document::{InstanceReference, Registry, Tls};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::instance::{AUTHORITY, CERTIFICATE, KEY, LAYOUT, Locked, Placed, REGISTRY, Running, SECRET, SETTINGS, Settings};
use reg_shared::options::Secrets;
use reg_shared::registry::{self, HIDDEN, Launch, Plan};
use reg_shared::secret::Secret;

use crate::attempt::{attempt, failed_for_good};
use crate::backend::Pull;
use crate::contained::Host;
use crate::possessions::{self, Stays};
use crate::settings::{COPIES, Files, HTPASSWD, Wanted, in_force};
use crate::{layout, options, place, ports, running};

/// How long a registry may take to finish what it is doing when it is replaced or restarted.
pub(crate) const STOP_WITHIN: Duration = Duration::from_secs(30);
/// How often a port is picked for one that takes any.
const TRIES: usize = 3;
/// How long a registry may take to answer again that ran before.
const AGAIN_WITHIN: Duration = Duration::from_secs(60);

/// What a signal does to an attempt to start.
#[derive(Debug, Clone, Copy)]
pub(crate) enum OnSignal {
    /// It is given up.
    GiveUp,
    /// Nothing: it is the cleaning up.
    Finish,
}

impl OnSignal {
    /// Runs a part of the attempt.
    pub(crate) async fn during<T>(self, context: &Context, work: impl Future<Output = Result<T>>) -> Result<T> {
        match self {
            Self::GiveUp => context.interrupt.or(work).await,
            Self::Finish => work.await,
        }
    }
}

/// Why a registry did not come up.
struct Failure {
    fault: Error,
    /// The port that was free when it was picked for it, and that somebody else has now.
    lost: Option<u16>,
}

impl From<Error> for Failure {
    fn from(fault: Error) -> Self {
        Self { fault, lost: None }
    }
}

/// Puts the settings in force: stops what runs, starts anew, waits; on failure everything is as it was before. Where any port will do,
/// another one is taken when somebody was faster.
pub(crate) async fn launch(
    context: &Context,
    locked: &Locked,
    wanted: Wanted,
    wait: Duration,
    on_signal: OnSignal,
) -> Result<Registry> {
    for _ in 1..TRIES {
        match launch_once(context, locked, wanted.clone(), wait, on_signal).await {
            Err(Failure { lost: Some(port), .. }) => {
                context.messages.note(format!("somebody else took port {port} meanwhile; taking another"));
            }
            outcome => return outcome.map_err(|failure| failure.fault),
        }
    }
    launch_once(context, locked, wanted, wait, on_signal).await.map_err(|failure| failure.fault)
}

async fn launch_once(
    context: &Context,
    locked: &Locked,
    wanted: Wanted,
    wait: Duration,
    on_signal: OnSignal,
) -> std::result::Result<Registry, Failure> {
    let running = on_signal.during(context, Running::of(locked)).await?;
    let replaces = !wanted.files.is_empty() || locked.settings()?.as_ref() != Some(&wanted.settings);
    // Whatever can be found wrong is found before anything is stopped or written.
    let mut ready = Ready::new(context, locked, wanted, running.is_some(), on_signal).await?;
    let change = locked.change(ready.names())?;
    let mut made_data = None;
    let outcome: Result<Registry> = async {
        if let Some(running) = &running {
            context.messages.note(format!("stopping \"{}\"", locked.name()));
            on_signal.during(context, running.stop(STOP_WITHIN)).await?;
        }
        running::save_none(locked)?;
        if ready.host.is_none() {
            // What an engine that is away still has of it stays written down.
            match possessions::clear(locked, Stays::DataAndLog).await {
                Err(fault) if fault.kind() == Exit::Unreachable => context.messages.detail(1, fault.to_string()),
                cleared => drop(cleared?),
            }
        }
        if ready.host.is_none() || ready.settings.data.is_some() {
            made_data = make_data(&ready.launch.data)?;
        }
        let document = ready.write(locked)?;
        ready.attempt(context, locked, &document, wait, on_signal).await?;
        Ok(document)
    }
    .await;
    match outcome {
        Ok(document) => {
            change.done()?;
            ready.in_force(context);
            if let Err(fault) = registry::trusted(&document).await {
                let hint = fault.hint_text().map_or(String::new(), |hint| format!(" ({hint})"));
                context.messages.warn(format!("{fault}{hint}"));
            }
            Ok(document)
        }
        Err(fault) => {
            let gone = match &ready.host {
                Some(host) => host.give_up(locked).await,
                None => Ok(()),
            };
            if let Err(trouble) = gone.and(change.undo()) {
                context.messages.warn(format!("not everything is as it was before: {trouble}"));
            }
            if let Some(made) = made_data {
                // Nobody was told of this registry: what is in its new folder is its own first files.
                let _ = fs::remove_dir_all(made);
            }
            let lost = if failed_for_good(&fault) { ports::lost(&ready.settings, &ready.launch) } else { None };
            if running.is_some() && replaces {
                restart_as_before(context, locked).await;
            }
            Err(Failure { fault, lost })
        }
    }
}

/// Settings that were thought through: nothing is left but to write them down and to start.
pub(crate) struct Ready {
    settings: Settings,
    files: Files,
    secret: Option<Secret>,
    launch: Launch,
    plan: Plan,
    /// The engine of a container.
    host: Option<Host>,
    /// What to say of the data that it had.
    left_behind: Option<String>,
}

impl Ready {
    /// Finds whatever can be found wrong; writes nothing, and leaves nothing on an engine when something is.
    pub(crate) async fn new(context: &Context, locked: &Locked, wanted: Wanted, runs: bool, on_signal: OnSignal) -> Result<Self> {
        let contained = wanted.settings.container.is_some();
        let ready = on_signal.during(context, Self::thought_through(context, locked, wanted, runs)).await;
        if ready.is_err() && contained {
            possessions::tidy(context, locked).await;
        }
        ready
    }

    async fn thought_through(context: &Context, locked: &Locked, mut wanted: Wanted, runs: bool) -> Result<Self> {
        let ports = ports::pick(locked, &mut wanted.settings, runs).await?;
        let kind = registry::Registry::from(wanted.settings.kind);
        let secret = kind.keeps_a_secret().then(|| locked.secret()).transpose()?;
        let secrets = options::secrets(locked.dir(), &wanted.settings.options, &wanted.files)?;
        let launch = launch_of(context, locked.dir(), &wanted, ports, Some((secret.clone(), secrets)))?;
        let (host, plan) = prepare(context, locked, &wanted.settings, &launch, wanted.pull).await?;
        wanted.settings.last_debug_port = plan.is_debugged().then_some(ports.1);
        for warning in &plan.warnings {
            context.messages.warn(warning);
        }
        let left_behind = place::left_behind(locked, &wanted.settings)?;
        Ok(Self { settings: wanted.settings, files: wanted.files, secret, launch, plan, host, left_behind })
    }

    /// Tells what is another way now that it is in force.
    pub(crate) fn in_force(&self, context: &Context) {
        if let Some(left_behind) = &self.left_behind {
            context.messages.warn(left_behind);
        }
    }

    /// Starts it and waits for its answer; on failure nothing of it runs.
    async fn attempt(
        &mut self,
        context: &Context,
        locked: &Locked,
        document: &Registry,
        wait: Duration,
        on_signal: OnSignal,
    ) -> Result<()> {
        let Self { settings, launch, plan, host, .. } = self;
        let version = plan.version.as_ref().map_or(String::new(), |version| format!(" {version}"));
        context.messages.note(format!("starting \"{}\" ({}{version}) at {}", locked.name(), settings.kind, document.url));
        match host {
            Some(host) => host.attempt(context, locked, settings, plan, launch, document, wait, on_signal).await,
            None => attempt(context, locked, plan, launch, document, wait, on_signal).await,
        }
    }

    /// The files that it will change.
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        let own = [SECRET, SETTINGS, REGISTRY].into_iter().chain(HIDDEN).chain(COPIES.map(|(name, _)| name));
        let config = self.plan.config.as_ref().map(|config| config.name);
        own.chain(config)
    }

    /// Writes it down; the document of the registry as it will be.
    pub(crate) fn write(&self, locked: &Locked) -> Result<Registry> {
        for (name, content) in &self.files {
            locked.write(name, content)?;
        }
        for (name, _) in COPIES.iter().filter(|(name, _)| !in_force(&self.settings, name)) {
            locked.remove(name)?;
        }
        if let Some(secret) = &self.secret {
            locked.write(SECRET, secret.expose().as_bytes())?;
        }
        if let Some(config) = &self.plan.config {
            locked.write(config.name, config.text.as_bytes())?;
        }
        for name in HIDDEN {
            match self.plan.hidden.iter().find(|(own, _)| *own == name) {
                Some((_, secret)) => _ = locked.write(name, secret.expose().as_bytes())?,
                None => locked.remove(name)?,
            }
        }
        for name in self.plan.writes.iter().filter(|name| !locked.dir().join(name).exists()) {
            locked.write(name, b"")?;
        }
        let document = document(locked, &self.settings, &self.launch, &self.plan)?;
        locked.save_settings(&self.settings)?;
        locked.save_registry(&document)?;
        Ok(document)
    }
}

/// After a failed replacement: what ran before runs again.
async fn restart_as_before(context: &Context, locked: &Locked) {
    let again = async {
        let settings = locked.settings()?.ok_or_else(|| Error::failed("its settings are missing"))?;
        let wanted = Wanted::again(settings);
        Box::pin(launch(context, locked, wanted, AGAIN_WITHIN, OnSignal::Finish)).await
    };
    match again.await {
        Ok(_) => context.messages.note(format!("\"{}\" runs as before", locked.name())),
        Err(fault) => context.messages.warn(format!("\"{}\" could not be started as before, either: {fault}", locked.name())),
    }
}

/// How it is started, and the engine of a container with its image.
pub(crate) async fn prepare(
    context: &Context,
    locked: &Locked,
    settings: &Settings,
    launch: &Launch,
    pull: Pull,
) -> Result<(Option<Host>, Plan)> {
    let Some(contained) = &settings.container else {
        return Ok((None, registry::Registry::from(settings.kind).plan(launch).await?));
    };
    if locked.placed()?.is_none() {
        locked.save_placed(Some(&Placed::on(&contained.engine)))?;
    }
    let host = Host::prepare(context, locked.owner(), settings, contained, pull).await?;
    host.get_companions(context, pull).await?;
    let plan = host.plan(settings, launch).await?;
    host.check(locked, settings, &plan).await?;
    Ok((Some(host), plan))
}

/// What a plan needs to know, with the paths as they will be; without secrets it is only to be looked at.
pub(crate) fn launch_of(
    context: &Context,
    dir: &Path,
    wanted: &Wanted,
    (port, debug_port): (u16, u16),
    secrets: Option<(Option<Secret>, Secrets)>,
) -> Result<Launch> {
    let settings = &wanted.settings;
    let (secret, secrets) = secrets.unzip();
    Ok(Launch {
        name: dir.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        dir: dir.to_owned(),
        data: place::folder(dir, settings),
        binary: settings.binary.clone(),
        search: context.environment.path.clone(),
        embedded: (own_program()?, context.program.into()),
        address: SocketAddr::new(settings.bind, port),
        debug_address: SocketAddr::new(Ipv4Addr::LOCALHOST.into(), debug_port),
        debug_reached: SocketAddr::new(Ipv4Addr::LOCALHOST.into(), debug_port),
        page: page(settings),
        tls: settings.tls.then(|| (dir.join(CERTIFICATE), dir.join(KEY))),
        htpasswd: settings.htpasswd.then(|| dir.join(HTPASSWD)),
        layout: settings.layout.then(|| layout::laid(context, dir, &wanted.files, secrets.is_some())).transpose()?,
        open: settings.open,
        secret: secret.flatten(),
        variables: context.environment.variables.clone(),
        base: options::base(dir, &settings.options, &wanted.files)?,
        options: settings.options.clone(),
        redis: options::redis(dir, &settings.options, &wanted.files)?,
        secrets,
    })
}

/// Where the pages beside a registry are reached.
fn page(settings: &Settings) -> Option<SocketAddr> {
    let mut published = settings.container.iter().flat_map(|contained| &contained.beside);
    let (asked, last) = published.find_map(|beside| beside.port.map(|port| (port, beside.last_port)))?;
    Some(SocketAddr::new(settings.bind, if asked == 0 { last.unwrap_or(0) } else { asked }))
}

/// This program's file: it runs the embedded server and the log pump.
pub(crate) fn own_program() -> Result<PathBuf> {
    std::env::current_exe().map_err(|fault| Error::failed("cannot find the program's own file").caused_by(fault))
}

/// Makes the data folder, and tells the topmost folder that was not there before.
fn make_data(data: &Path) -> Result<Option<PathBuf>> {
    use std::os::unix::fs::DirBuilderExt;
    let made = data.ancestors().take_while(|folder| !folder.exists()).last();
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(data)
        .map_err(|fault| Error::output(format!("cannot make the data folder {}", data.display()), fault))?;
    Ok(made.map(Path::to_owned))
}

/// The document of the registry as it will be.
fn document(locked: &Locked, settings: &Settings, launch: &Launch, plan: &Plan) -> Result<Registry> {
    let host = registry::host(launch)?;
    let scheme = if settings.tls { "https" } else { "http" };
    let url = format!("{scheme}://{host}:{}", launch.address.port());
    Ok(Registry {
        name: Some(locked.name().to_string()),
        kind: Some(settings.kind),
        version: plan.version.clone(),
        credential: layout::credential(locked.dir(), settings),
        tls: settings.tls.then(|| Tls { ca_file: settings.ca.then(|| locked.dir().join(AUTHORITY)), verify: true }),
        endpoints: Some(plan.endpoints(&url)),
        url,
        instance: Some(InstanceReference {
            backend: if settings.container.is_some() { "docker" } else { "process" }.to_owned(),
            dir: Some(locked.dir().to_owned()),
            // A volume has no path that anybody but the engine may use, and a bucket is no folder.
            data: match (&settings.container, &settings.options.s3) {
                (_, Some(_)) => None,
                (Some(_), None) => settings.data.clone(),
                (None, None) => Some(launch.data.clone()),
            },
            containers: settings.container.iter().flat_map(|contained| contained.names(&locked.owner())).collect(),
            config: plan.config.as_ref().map(|config| config.name.into()),
            htpasswd: settings.htpasswd.then(|| HTPASSWD.into()),
            layout: settings.layout.then(|| LAYOUT.into()),
            ..InstanceReference::default()
        }),
        ..Registry::default()
    })
}
