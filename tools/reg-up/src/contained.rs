//! A registry in a container, and what stands beside it: images got, the version asked, things made on the engine, and taken away again
//! when it does not come up.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::select_all;
use reg_shared::auth::Lookup;
use reg_shared::cli::Context;
use reg_shared::document::Registry;
use reg_shared::engine::container::{Ended, KILLED};
use reg_shared::engine::owner::{Owner, REGISTRY};
use reg_shared::engine::spec::{Errand, Mount, Source, Spec};
use reg_shared::engine::{Engine, Image};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::instance::{Contained, Locked, Placed, Settings};
use reg_shared::options::Options;
use reg_shared::registry::container::{Asked, DATA, DEBUG_PORT, FILES, PORT};
use reg_shared::registry::{self, Companion, Launch, Plan};

use crate::attempt::{answered, failed_for_good, patiently, show_last_words};
use crate::backend::Pull;
use crate::launch::OnSignal;
use crate::{possessions, running};

/// How long a container may take to tell its version, or to check a configuration.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);

/// The engine of an instance, ready for it.
#[derive(Debug)]
pub(crate) struct Host {
    engine: Engine,
    owner: Owner,
    contained: Contained,
    /// The names of the variables that the image sets.
    variables: Vec<String>,
    /// What its program told of its version, and how that ended.
    asked: (String, Ended),
    /// What this attempt made, and has to take away when it fails.
    made_network: bool,
    made_volume: bool,
}

impl Host {
    /// Gets the image and asks it for its version. An engine has nothing of the instance afterwards that it did not have before.
    ///
    /// # Errors
    /// When the engine does not answer, or there is no such image.
    pub(crate) async fn prepare(
        context: &Context,
        owner: Owner,
        settings: &Settings,
        contained: &Contained,
        pull: Pull,
    ) -> Result<Self> {
        let engine = Engine::at(&contained.engine).await?;
        let image = image(context, &engine, &contained.image, pull).await?;
        let args = registry::Registry::from(settings.kind).version_arguments();
        let errand = Errand { image: image.id, args, env: Vec::new(), mounts: Vec::new(), networked: false };
        let asked = ask(&engine, &owner, &errand).await;
        Ok(Self {
            engine,
            owner,
            contained: contained.clone(),
            variables: image.variables,
            asked: asked.map_err(|fault| fault.context(format!("cannot run the image {}", contained.image)))?,
            made_network: false,
            made_volume: false,
        })
    }

    /// Gets the images of what stands beside it.
    ///
    /// # Errors
    /// When there is no such image.
    pub(crate) async fn get_companions(&self, context: &Context, pull: Pull) -> Result<()> {
        for beside in &self.contained.beside {
            image(context, &self.engine, &beside.image, pull).await?;
        }
        Ok(())
    }

    /// How it is started.
    ///
    /// # Errors
    /// When the image is not one of this type of registry, or the settings are nothing for it.
    pub(crate) async fn plan(&self, settings: &Settings, launch: &Launch) -> Result<Plan> {
        let (answer, ended) = &self.asked;
        let asked = Asked { image: &self.contained.image, variables: &self.variables, answer, ended };
        registry::Registry::from(settings.kind).plan_contained(launch, &asked).await
    }

    /// Refuses when the volume with its data is gone: the engine would make another one for an errand, whose owner nobody would know.
    ///
    /// # Errors
    /// When there is none, or the engine does not tell.
    pub(crate) async fn needs_volume(&self, settings: &Settings) -> Result<()> {
        if !settings.in_volume() || self.engine.has_volume(&self.owner).await? {
            return Ok(());
        }
        let Owner { instance, .. } = &self.owner;
        Err(Error::failed(format!("its volume {} is gone, and its data with it", self.owner.volume()))
            .hint(format!("`reg-up start {instance}` begins with an empty one, `reg-up remove {instance} --purge` forgets it")))
    }

    /// Has the image's program check the configuration, where it can and somebody had a hand in it.
    ///
    /// # Errors
    /// [`Exit::Input`] with its words when it does not take it.
    pub(crate) async fn check(&self, locked: &Locked, settings: &Settings, plan: &Plan) -> Result<()> {
        let check = registry::Registry::from(settings.kind).check().filter(|_| settings.options != Options::default());
        let Some((check, config)) = check.zip(plan.config.as_ref()) else { return Ok(()) };
        let suffix = format!("-{}", config.name);
        let draft = locked.draft(&suffix, config.text.as_bytes())?;
        let inside = Path::new(FILES).join(draft.file_name().unwrap_or_default());
        let errand = Errand {
            image: self.contained.image.clone(),
            args: vec![check.to_owned(), inside.display().to_string()],
            env: Vec::new(),
            mounts: vec![Mount { inside: FILES.into(), source: Source::ReadOnly(locked.dir().to_owned()) }],
            networked: false,
        };
        let (told, ended) = ask(&self.engine, &self.owner, &errand).await?;
        if ended.code == 0 { Ok(()) } else { Err(registry::refused(&told)) }
    }

    /// Has the registry's program do something with its configuration and its data, while no registry runs; `tell` hears what it prints.
    ///
    /// # Errors
    /// When it cannot be run.
    pub(crate) async fn run(
        &self,
        settings: &Settings,
        plan: &Plan,
        launch: &Launch,
        args: &[&str],
        tell: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Ended> {
        let spec = spec(&self.contained, settings, launch, plan);
        let config = plan.config.as_ref().map(|config| format!("{FILES}/{}", config.name));
        let args = args.iter().map(|&arg| arg.to_owned()).chain(config).collect();
        // A bucket is reached through it.
        let networked = settings.options.s3.is_some();
        if networked {
            self.engine.make_network(&self.owner).await?;
        }
        let errand = Errand { image: spec.image, args, env: spec.env, mounts: spec.mounts, networked };
        self.engine.run(&self.owner, &errand, tell).await
    }

    /// Makes the containers, begins them and waits for their answers; on failure they are gone again.
    ///
    /// # Errors
    /// When it does not come up.
    #[expect(clippy::too_many_arguments, reason = "an attempt is about all of these, as that of a process is")]
    pub(crate) async fn attempt(
        &mut self,
        context: &Context,
        locked: &Locked,
        settings: &Settings,
        plan: &Plan,
        launch: &Launch,
        document: &Registry,
        wait: Duration,
        on_signal: OnSignal,
    ) -> Result<()> {
        running::remove_containers(locked, &self.engine).await?;
        self.made_network = self.engine.make_network(&self.owner).await?;
        self.made_volume = settings.in_volume() && self.engine.make_volume(&self.owner).await?;
        let had_volume = locked.placed()?.is_some_and(|placed| placed.volume);
        if self.made_volume && had_volume {
            let volume = self.owner.volume();
            context.messages.warn(format!("its data is gone: somebody removed the volume {volume}; it begins with an empty one"));
        }
        let registry = spec(&self.contained, settings, launch, plan);
        let id = self.make(context, &registry).await?;
        // From here on every reg-up knows of it; only now may it begin.
        let mut placed = Placed { begun: Some(id.clone()), volume: had_volume, ..Placed::on(self.engine.address()) };
        locked.save_placed(Some(&placed))?;
        let mut wrong = id.clone();
        let outcome = on_signal
            .during(context, async {
                let beside = beside(&self.contained, launch, self.engine.names().await?);
                for spec in &beside {
                    let made = self.make(context, spec).await?;
                    placed.beside.insert(spec.part.clone(), made);
                }
                locked.save_placed(Some(&placed))?;
                self.begin(&id, &registry).await?;
                for spec in &beside {
                    wrong.clone_from(&placed.beside[&spec.part]);
                    self.begin(&wrong, spec).await?;
                }
                wrong.clone_from(&id);
                let answered = tokio::select! {
                    biased;
                    answered = all_answer(context, document, launch, wait) => answered,
                    fell = self.any_ends(&id, &placed.beside) => {
                        let (part, ended) = fell?;
                        if let Some(id) = placed.beside.get(part) {
                            wrong.clone_from(id);
                            return Err(Error::failed(format!("its {part} {ended}")));
                        }
                        let fault = Error::failed(format!("the registry {ended}"));
                        Err(if ended.out_of_memory { fault.hint("--memory gives it more") } else { fault })
                    }
                };
                answered?;
                if settings.in_volume() && !had_volume {
                    placed.volume = true;
                    locked.save_placed(Some(&placed))?;
                }
                // A slow engine may only now have made what a program asked for that was killed before this one began.
                self.engine.remove_errands(&self.owner).await?;
                Ok(())
            })
            .await;
        if let Err(fault) = outcome {
            if failed_for_good(&fault) {
                self.show_output(context, &wrong).await;
            }
            running::remove_containers(locked, &self.engine).await?;
            running::save_none(locked)?;
            return Err(fault);
        }
        Ok(())
    }

    async fn make(&self, context: &Context, spec: &Spec) -> Result<String> {
        let (id, warnings) = self.engine.make(&self.owner, spec).await?;
        for warning in warnings {
            context.messages.warn(format!("the engine says: {warning}"));
        }
        Ok(id)
    }

    async fn begin(&self, id: &str, spec: &Spec) -> Result<()> {
        let begun = self.engine.begin(id).await;
        let Err(fault) = begun else { return Ok(()) };
        match spec.ports.first() {
            Some((_, outside)) if fault.kind() == Exit::Conflict => {
                Err(taken(Some(&self.engine), outside.port(), String::new()).await)
            }
            _ => Err(fault.context(format!("the container of its {} cannot begin", spec.part))),
        }
    }

    /// Waits until one of the containers ends; which, and how.
    async fn any_ends<'a>(&self, registry: &str, beside: &'a BTreeMap<String, String>) -> Result<(&'a str, Ended)> {
        let all = std::iter::once((REGISTRY, registry)).chain(beside.iter().map(|(part, id)| (&**part, &**id)));
        let ends = all.map(|(part, id)| Box::pin(async move { (part, self.engine.ended(&self.owner, id).await) }));
        let ((part, ended), ..) = select_all(ends).await;
        let mut ended = ended?;
        // Not every engine tells why; who has little memory is killed for nothing else.
        ended.out_of_memory |= ended.code == KILLED && (part != REGISTRY || self.contained.memory.is_some());
        Ok((part, ended))
    }

    /// The last lines that a container wrote in this attempt.
    async fn show_output(&self, context: &Context, id: &str) {
        let mut output = self.engine.output(id, false, None, None);
        let mut lines = Vec::new();
        while let Some(Ok(entry)) = output.next().await {
            lines.push(entry.line);
        }
        show_last_words(context, &lines);
    }

    /// Takes away what this attempt made beside the container.
    ///
    /// # Errors
    /// When the engine refuses; the instance's folder still says that something may be there.
    pub(crate) async fn give_up(&self, locked: &Locked) -> Result<()> {
        if self.made_network {
            self.engine.remove_network(&self.owner).await?;
        }
        if self.made_volume {
            self.engine.remove_volume(&self.owner).await?;
        }
        possessions::forget(locked).await
    }
}

/// Where its data is on the engine's machine; none when it is in a bucket.
fn stored(settings: &Settings) -> Option<Source> {
    let here = settings.options.s3.is_none();
    here.then(|| settings.data.clone().map_or(Source::Volume, Source::Folder))
}

/// What the program of an image says, which ends by itself soon.
async fn ask(engine: &Engine, owner: &Owner, errand: &Errand) -> Result<(String, Ended)> {
    let mut answer = String::new();
    let mut take = |line: &str| answer.extend([line, "\n"]);
    let ended = tokio::time::timeout(ANSWER_WITHIN, engine.run(owner, errand, &mut take)).await;
    let ended = ended.unwrap_or_else(|_| Err(Error::failed(format!("{} did not end", errand.args.join(" ")))))?;
    Ok((answer, ended))
}

/// What an engine is to be told of the registry's container.
pub(crate) fn spec(contained: &Contained, settings: &Settings, launch: &Launch, plan: &Plan) -> Spec {
    let text = |text: &std::ffi::OsString| text.to_string_lossy().into_owned();
    let data = stored(settings).map(|source| Mount { inside: PathBuf::from(DATA), source });
    let mut ports = vec![(PORT, launch.address)];
    if plan.is_debugged() {
        ports.push((DEBUG_PORT, launch.debug_reached));
    }
    let files = PathBuf::from(FILES);
    let writes = plan.writes.iter().map(|name| Mount { inside: files.join(name), source: Source::Folder(launch.dir.join(name)) });
    let mut mounts = vec![Mount { inside: files.clone(), source: Source::ReadOnly(launch.dir.clone()) }];
    mounts.extend(data.into_iter().chain(writes));
    Spec {
        part: REGISTRY.to_owned(),
        image: contained.image.clone(),
        program: None,
        args: plan.args.iter().map(text).collect(),
        user: None,
        check: Vec::new(),
        env: plan.env.iter().map(|(name, value)| (text(name), text(value))).collect(),
        mounts,
        ports,
        memory: contained.memory,
        milli_cpus: contained.milli_cpus,
    }
}

/// What an engine is to be told of those beside it; `names` is who tells the addresses in their network.
pub(crate) fn beside(contained: &Contained, launch: &Launch, names: Option<&str>) -> Vec<Spec> {
    let companion = |part: &str| Companion::ALL.into_iter().find(|companion| companion.part() == part);
    let known = contained.beside.iter().filter_map(|beside| companion(&beside.part).map(|companion| (companion, &beside.image)));
    known.map(|(companion, image)| companion.spec(launch, image, names)).collect()
}

/// Waits until the registry answers, and the pages beside it.
async fn all_answer(context: &Context, document: &Registry, launch: &Launch, wait: Duration) -> Result<()> {
    answered(context, document, launch, None, wait).await?;
    let page = document.endpoints.as_ref().and_then(|endpoints| endpoints.ui.as_ref()).filter(|_| launch.page.is_some());
    let Some(page) = page else { return Ok(()) };
    let answered = patiently(wait, || async move { registry::page_answers(page, &context.observer()).await }).await;
    answered.map_err(|fault| fault.context("its pages"))
}

/// The image, got from its registry as `--pull` says.
async fn image(context: &Context, engine: &Engine, name: &str, pull: Pull) -> Result<Image> {
    if pull != Pull::Always {
        match engine.image(name).await? {
            Some(image) => return Ok(image),
            None if pull == Pull::Never => {
                return Err(Error::not_found(format!("the engine does not have the image {name}, and --pull never gets none"))
                    .hint(format!("`docker pull {name}` or --pull missing gets it")));
            }
            None => {}
        }
    }
    context.messages.note(format!("pulling {name}"));
    let mib = |bytes: u64| bytes.div_ceil(1 << 20);
    let tell = |have: u64, all: u64| context.messages.note(format!("pulling {name}: {} of {} MiB", mib(have), mib(all)));
    let image = engine.pull(name, &Lookup::new(context.environment.auth.clone()), &tell).await?;
    context.messages.note(format!("pulled {name}"));
    Ok(image)
}

/// A port is taken, and by which container when that can be known.
pub(crate) async fn taken(engine: Option<&Engine>, port: u16, by: String) -> Error {
    let publisher = match engine {
        Some(engine) => engine.publisher(port).await.ok().flatten(),
        None => None,
    };
    let by = publisher.map_or(by, |name| format!(" by the container {name}"));
    Error::conflict(format!("port {port} is taken{by}")).hint("take another with --port, or --port 0 for any free one")
}
