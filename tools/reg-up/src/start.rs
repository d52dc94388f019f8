//! Starting: the settings become files and a process, and the process an answer, or nothing is left of the attempt.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use reg_shared::cli::{Context, RegistryArgs};
use reg_shared::document::{InstanceReference, Registry, Tls, Type};
use reg_shared::engine::{log, port, process};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::instance::{Locked, Name, Settings};
use reg_shared::registry::{self, Launch, Plan};
use reg_shared::secret::Secret;

use crate::cli::StartArgs;
use crate::settings::{AUTHORITY, CERTIFICATE, HTPASSWD, KEY, Wanted};

/// How long a registry may take to finish what it is doing when it is replaced or restarted.
pub(crate) const STOP_WITHIN: Duration = Duration::from_secs(30);
/// How many lines of the log an error shows.
const LAST_LINES: usize = 10;

pub(crate) async fn start(context: &Context, args: &StartArgs) -> Result<Exit> {
    let name = name_of(context, args)?;
    let store = context.instances()?;
    let locked = context.interrupt.or(store.lock(&name)).await?;
    let fresh = locked.is_fresh();
    let before = locked.settings()?;
    let outcome = async {
        let wanted = Wanted::new(context, &args.settings, before.as_ref())?;
        if let (Some(now), Some(_)) = (&before, locked.running()?) {
            let differences = wanted.differences(&locked, now)?;
            if differences.is_empty() {
                return unchanged(context, &locked, args.wait).await;
            }
            if !args.replace {
                return Err(Error::conflict(format!("\"{name}\" already runs with other settings: {}", differences.join("; ")))
                    .hint(format!(
                        "`reg-up start {name} … --replace` starts it with the new ones, `reg-up info {name}` shows what runs"
                    )));
            }
        }
        launch(context, &locked, wanted, args.wait).await
    }
    .await;
    match outcome {
        Ok(registry) => context.output.print(&registry).map(|()| Exit::Ok),
        Err(fault) => {
            if fresh {
                // Nothing was here before, so nothing stays; data that is not ours never lies in here.
                locked.delete(true)?;
            }
            Err(fault.context(format!("cannot start \"{name}\"")))
        }
    }
}

fn name_of(context: &Context, args: &StartArgs) -> Result<Name> {
    match (&args.registry.registry, &args.name) {
        (Some(registry), _) => instance_of(context, registry),
        (None, Some(name)) => name.parse(),
        (None, None) => args.settings.kind.unwrap_or(Type::Embedded).as_str().parse(),
    }
}

/// The name of the instance that a `-r` says.
pub(crate) fn instance_of(context: &Context, registry: &str) -> Result<Name> {
    let named = RegistryArgs { registry: Some(registry.to_owned()), ..RegistryArgs::default() };
    let target = context.target(&named)?;
    target.instance.map(|instance| instance.name().clone()).ok_or_else(|| {
        Error::not_found(format!("{} is not an instance of reg-up", target.registry.url)).hint("`reg-up list` shows them")
    })
}

async fn unchanged(context: &Context, locked: &Locked, wait: Duration) -> Result<Registry> {
    let registry = locked.registry()?.ok_or_else(|| Error::failed("its document is missing"))?;
    context.messages.note(format!("\"{}\" already runs at {}", locked.name(), registry.url));
    let deadline = Instant::now() + wait;
    loop {
        match context.interrupt.or(registry::ready(&registry, &context.observer())).await {
            Ok(()) => return Ok(registry),
            Err(fault) if fault.kind() != Exit::Unreachable || Instant::now() > deadline => return Err(fault),
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

/// Puts the settings in force: stops what runs, starts anew, waits; on failure everything is as it was before.
pub(crate) async fn launch(context: &Context, locked: &Locked, wanted: Wanted, wait: Duration) -> Result<Registry> {
    // Whatever can be found wrong is found before anything is stopped or written.
    let mut settings = wanted.settings;
    let running = locked.running()?;
    let (port, debug_port) = ports(locked, &settings, running.is_some())?;
    settings.last_port = Some(port);
    let kind = registry::Registry::from(settings.kind);
    let secret = kind.keeps_a_secret().then(|| locked.secret()).transpose()?;
    let launch = launch_of(context, locked.dir(), &settings, port, debug_port, secret)?;
    let plan = kind.plan(&launch).await?;

    let backup = Backup::take(locked, plan.config.as_ref().map(|config| config.name))?;
    if let Some(process) = &running {
        context.messages.note(format!("stopping \"{}\"", locked.name()));
        process.stop(STOP_WITHIN).await?;
    }
    let made_data = make_data(&launch.data)?;
    let outcome = async {
        for (name, content) in &wanted.files {
            locked.write(name, content)?;
        }
        let document = document(locked, &settings, &launch, &plan)?;
        run(context, locked, &settings, &plan, document, wait).await
    }
    .await;
    match outcome {
        Ok(document) => Ok(document),
        Err(fault) => {
            if made_data {
                // Only when nothing was written into it.
                let _ = fs::remove_dir(&launch.data);
            }
            backup.restore()?;
            if running.is_some() {
                restart_as_before(context, locked, wait).await;
            }
            Err(fault)
        }
    }
}

/// After a failed replacement: what ran before runs again.
async fn restart_as_before(context: &Context, locked: &Locked, wait: Duration) {
    let again = async {
        let settings = locked.settings()?.ok_or_else(|| Error::failed("its settings are missing"))?;
        let wanted = Wanted { settings, files: Vec::new() };
        Box::pin(launch(context, locked, wanted, wait)).await
    };
    match again.await {
        Ok(_) => context.messages.note(format!("\"{}\" runs as before", locked.name())),
        Err(fault) => context.messages.warn(format!("\"{}\" could not be started as before, either: {fault}", locked.name())),
    }
}

/// Starts the process of a plan and waits for its answer.
async fn run(
    context: &Context,
    locked: &Locked,
    settings: &Settings,
    plan: &Plan,
    document: Registry,
    wait: Duration,
) -> Result<Registry> {
    if let Some(config) = &plan.config {
        locked.write(config.name, config.text.as_bytes())?;
    }
    let mut spawn = process::Spawn::new(
        &plan.program,
        locked.dir(),
        process::Output::Pump(process::Pump {
            program: own_program()?,
            arg0: Some(context.program.into()),
            args: vec!["log-pump".into(), locked.log_dir().into()],
        }),
    );
    spawn.arg0.clone_from(&plan.arg0);
    spawn.args.clone_from(&plan.args);
    spawn.env.clone_from(&plan.env);
    spawn.env_remove.clone_from(&plan.env_remove);
    let since = time::OffsetDateTime::now_utc();
    let mut child = process::Process::spawn(&spawn)?;
    locked.save_process(Some(child.process()))?;
    locked.save_settings(settings)?;
    locked.save_registry(&document)?;
    let version = plan.version.as_ref().map_or(String::new(), |version| format!(" {version}"));
    context.messages.note(format!("starting \"{}\" ({}{version}) at {}", locked.name(), settings.kind, document.url));

    let deadline = Instant::now() + wait;
    let answered = async {
        let mut pause = Duration::from_millis(10);
        loop {
            let fault = match registry::ready(&document, &context.observer()).await {
                Ok(()) => return Ok(()),
                Err(fault) => fault,
            };
            if Instant::now() >= deadline {
                return Err(fault
                    .context(format!("it was not ready within {} s", wait.as_secs_f64()))
                    .with_kind(Exit::Unreachable));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_millis(250));
        }
    };
    let outcome = context
        .interrupt
        .or(async {
            tokio::select! {
                biased;
                answered = answered => answered,
                exited = child.wait() => Err(Error::failed(format!("the registry {}", exited?))),
            }
        })
        .await;
    let outcome = match outcome {
        // Something else may have answered in its place.
        Ok(()) if !child.process().alive() => Err(Error::failed("the registry ended at once")),
        other => other,
    };
    if let Err(fault) = outcome {
        child.process().stop(STOP_WITHIN).await?;
        if !matches!(fault.kind(), Exit::Interrupted | Exit::Terminated) {
            show_log(context, locked, since);
        }
        locked.save_process(None)?;
        return Err(fault);
    }
    if let Err(fault) = registry::trusted(&document).await {
        context.messages.warn(format!("clients will not trust its certificate: {fault}"));
    }
    Ok(document)
}

/// The last lines that the registry wrote in this attempt.
fn show_log(context: &Context, locked: &Locked, since: time::OffsetDateTime) {
    // The pump needs a moment to write what came last.
    std::thread::sleep(Duration::from_millis(100));
    for line in log::read(&locked.log_dir(), Some(LAST_LINES), Some(since)).unwrap_or_default() {
        context.messages.always(format!("log: {}", line.line));
    }
}

/// The port to listen on, which must be free, and one for the registry's own use.
fn ports(locked: &Locked, settings: &Settings, runs: bool) -> Result<(u16, u16)> {
    let cannot = |fault| Error::failed(format!("cannot listen on {}", settings.bind)).caused_by(fault);
    let own = locked.registry()?.and_then(|registry| registry.url.rsplit(':').next()?.parse::<u16>().ok()).filter(|_| runs);
    let [any, debug] = port::free_ports(settings.bind).map_err(cannot)?;
    if settings.port == 0 {
        let again = settings.last_port.filter(|last| own == Some(*last) || free(settings, *last));
        return Ok((again.unwrap_or(any), debug));
    }
    if own == Some(settings.port) || free(settings, settings.port) {
        return Ok((settings.port, debug));
    }
    if let Err(fault) = TcpListener::bind((settings.bind, settings.port))
        && fault.kind() != std::io::ErrorKind::AddrInUse
    {
        return Err(Error::failed(format!("cannot listen on port {}", settings.port)).caused_by(fault));
    }
    let holder = port::holder(SocketAddr::new(settings.bind, settings.port));
    let by = holder.map_or(String::new(), |holder| format!(" by {} (pid {})", holder.name, holder.pid));
    Err(Error::conflict(format!("port {} is taken{by}", settings.port))
        .hint("take another with --port, or --port 0 for any free one"))
}

fn free(settings: &Settings, port: u16) -> bool {
    TcpListener::bind((settings.bind, port)).is_ok()
}

/// What a plan needs to know, with the paths as they will be.
pub(crate) fn launch_of(
    context: &Context,
    dir: &Path,
    settings: &Settings,
    port: u16,
    debug_port: u16,
    secret: Option<Secret>,
) -> Result<Launch> {
    Ok(Launch {
        dir: dir.to_owned(),
        data: settings.data.clone().unwrap_or_else(|| dir.join("data").join(settings.kind.as_str())),
        binary: settings.binary.clone(),
        search: context.environment.path.clone(),
        embedded: (own_program()?, context.program.into()),
        address: SocketAddr::new(settings.bind, port),
        debug_address: SocketAddr::new(Ipv4Addr::LOCALHOST.into(), debug_port),
        tls: settings.tls.then(|| (dir.join(CERTIFICATE), dir.join(KEY))),
        htpasswd: settings.htpasswd.then(|| dir.join(HTPASSWD)),
        open: settings.open,
        secret,
        variables: context.environment.variables.clone(),
    })
}

/// This program's file: it runs the embedded server and the log pump.
pub(crate) fn own_program() -> Result<PathBuf> {
    std::env::current_exe().map_err(|fault| Error::failed("cannot find the program's own file").caused_by(fault))
}

fn make_data(data: &Path) -> Result<bool> {
    use std::os::unix::fs::DirBuilderExt;
    if data.is_dir() {
        return Ok(false);
    }
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(data)
        .map(|()| true)
        .map_err(|fault| Error::io(format!("cannot make the data folder {}", data.display()), fault).with_kind(Exit::Failed))
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
        tls: settings.tls.then(|| Tls { ca_file: settings.ca.then(|| locked.dir().join(AUTHORITY)), verify: true }),
        endpoints: Some(plan.endpoints(&url)),
        url,
        instance: Some(InstanceReference {
            backend: "process".to_owned(),
            dir: Some(locked.dir().to_owned()),
            data: Some(launch.data.clone()),
            config: plan.config.as_ref().map(|config| config.name.into()),
            htpasswd: settings.htpasswd.then(|| HTPASSWD.into()),
            ..InstanceReference::default()
        }),
        ..Registry::default()
    })
}

/// The instance's small files as they were, to be put back when a start fails.
struct Backup<'a> {
    locked: &'a Locked,
    files: Vec<(String, Option<Vec<u8>>)>,
}

impl<'a> Backup<'a> {
    fn take(locked: &'a Locked, config: Option<&'static str>) -> Result<Self> {
        let names = [CERTIFICATE, KEY, AUTHORITY, HTPASSWD, "settings.json", "registry.json"].into_iter().chain(config);
        let mut files = Vec::new();
        for name in names {
            let path = locked.dir().join(name);
            let content = match fs::read(&path) {
                Ok(content) => Some(content),
                Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => None,
                Err(fault) => return Err(Error::io(format!("cannot read {}", path.display()), fault)),
            };
            files.push((name.to_owned(), content));
        }
        Ok(Self { locked, files })
    }

    fn restore(&self) -> Result<()> {
        for (name, content) in &self.files {
            match content {
                Some(content) => drop(self.locked.write(name, content)?),
                None => self.locked.remove(name)?,
            }
        }
        Ok(())
    }
}
