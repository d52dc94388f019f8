//! The configuration as a registry would be started with, and what others are to be told of an instance.

mod compose;
mod prometheus;
mod systemd;

use std::fs;
use std::path::Path;

use reg_shared::cli::Context;
use reg_shared::document::RenderedFile;
use reg_shared::engine::owner::Owner;
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::instance::{Instance, Name, Settings};
use reg_shared::registry;

use crate::backend::Backend;
use crate::cli::{RenderArgs, Target};
use crate::contained::Host;
use crate::launch::launch_of;
use crate::settings::Wanted;
use crate::start::instance_of;

pub(crate) async fn render(context: &Context, args: &RenderArgs) -> Result<Exit> {
    let store = context.instances()?;
    let name: Option<Name> = match (&args.name, &args.registry.registry) {
        (Some(name), _) => Some(name.parse()?),
        (None, Some(registry)) => Some(instance_of(context, registry)?),
        (None, None) => None,
    };
    let before: Option<Settings> = match &name {
        Some(name) => store.find(name).map(|instance| instance.settings()).transpose()?.flatten(),
        None => None,
    };
    let dir = name.as_ref().map(|name| store.dir_of(name)).unwrap_or_default();
    let mut settings = args.settings.clone();
    if args.target == Target::Compose {
        // It is for containers, whatever runs the instance.
        settings.backend.backend.get_or_insert(Backend::Docker);
    }
    let mut wanted = Wanted::new(context, &settings, before.as_ref().map(|settings| (settings, dir.as_path())))?;
    if args.target == Target::Compose && registry::Registry::from(wanted.settings.kind).image().is_none() {
        return Err(Error::unsupported(format!(
            "a compose file is for containers, and reg-up runs {} as a process",
            wanted.settings.kind
        ))
        .hint("--type zot and --type distribution have images"));
    }
    context.interrupt.or(wanted.resolve(context, &settings, before.as_ref(), None)).await?;
    let name = name.map_or_else(|| wanted.settings.kind.as_str().parse(), Ok)?;
    if let (Target::Systemd | Target::Prometheus, Some(before)) = (args.target, &before) {
        as_it_is(&wanted.differences(&named(store.find(&name))?, before)?, &name)?;
    }
    let port = if wanted.settings.port == 0 { wanted.settings.last_port.unwrap_or(0) } else { wanted.settings.port };
    let dir = store.dir_of(&name);
    // Only what is written for containers to read holds secrets.
    let folder = args.output.as_deref().filter(|_| args.target == Target::Compose);
    let secrets = folder.map(|output| compose::secrets(output, &dir, &wanted)).transpose()?;
    let launch = launch_of(context, &dir, &wanted, (port, wanted.settings.last_debug_port.unwrap_or(0)), secrets)?;
    let plan = match &wanted.settings.container {
        Some(contained) => {
            let owner = Owner::new(name.to_string(), &dir);
            let host = Host::prepare(context, owner, &wanted.settings, contained, wanted.pull);
            context.interrupt.or(host).await?.plan(&wanted.settings, &launch).await?
        }
        None => registry::Registry::from(wanted.settings.kind).plan(&launch).await?,
    };
    for warning in &plan.warnings {
        context.messages.warn(warning);
    }
    if let Some(output) = folder {
        compose::write_folder(context, output, &dir, &wanted, &launch, &plan)?;
    }
    let files = match args.target {
        Target::Config => plan.rendered(),
        Target::Compose => vec![compose::file(&wanted, &launch, &plan, folder)?],
        Target::Systemd => vec![systemd::unit(&named(store.find(&name))?, &wanted.settings, &launch, &plan)?],
        Target::Prometheus => prometheus::files(context, &named(store.find(&name))?).await?,
    };
    if files.len() > 1 && args.output.is_none() && !context.output.wraps_files() {
        return Err(Error::usage(format!("these are {} files", files.len()))
            .hint("--output DIR writes them, -o json prints them as one document"));
    }
    if folder.is_none() && args.target == Target::Compose {
        context.messages.note("--output DIR writes this file with the folder that it mounts");
    }
    if let Some(dir) = &args.output {
        write(context, dir, &files)?;
        if !context.output.wraps_files() {
            return Ok(Exit::Ok);
        }
    }
    context.output.files(files).map(|()| Exit::Ok)
}

/// What others are told of must be there.
fn named(instance: Option<Instance>) -> Result<Instance> {
    instance.ok_or_else(|| {
        Error::usage("only an instance has the files that are to be named")
            .hint("`reg-up start NAME …` makes one, `reg-up list` shows them")
    })
}

/// Its files are named as they are, so nothing can be said of others that it could have.
fn as_it_is(differences: &[String], name: &Name) -> Result<()> {
    if differences.is_empty() {
        return Ok(());
    }
    Err(Error::conflict(format!("\"{name}\" has other settings: {}", differences.join("; ")))
        .hint(format!("`reg-up configure {name} …` first: what is rendered names its files as they are")))
}

fn write(context: &Context, dir: &Path, files: &[RenderedFile]) -> Result<()> {
    fs::create_dir_all(dir).map_err(|fault| Error::io(format!("cannot make {}", dir.display()), fault))?;
    for file in files {
        let path = dir.join(&file.name);
        fs::write(&path, &file.content).map_err(|fault| Error::io(format!("cannot write {}", path.display()), fault))?;
        context.messages.note(format!("wrote {}", path.display()));
    }
    Ok(())
}
