//! A unit that has systemd run the process of an instance.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::MetadataExt;

use reg_shared::document::RenderedFile;
use reg_shared::error::{Error, Result};
use reg_shared::instance::{Instance, Settings};
use reg_shared::registry::{Launch, Plan};
use reg_shared::systemd::Service;

use crate::launch::STOP_WITHIN;

/// The unit; it names the instance's own files.
pub(super) fn unit(instance: &Instance, settings: &Settings, launch: &Launch, plan: &Plan) -> Result<RenderedFile> {
    if settings.container.is_some() {
        let left = if settings.in_volume() { ", and its data stays in its volume" } else { "" };
        return Err(Error::unsupported(format!("\"{}\" is a container, which its engine runs by itself", instance.name())).hint(
            format!("a unit is for a process: `reg-up configure {} --backend process` makes one of it{left}", instance.name()),
        ));
    }
    let text = |text: &OsStr| {
        text.to_str().map(ToOwned::to_owned).ok_or_else(|| Error::input(format!("{} is not UTF-8", text.to_string_lossy())))
    };
    let dir = instance.dir();
    let owner = fs::metadata(dir).map_err(|fault| Error::io(format!("cannot look at {}", dir.display()), fault))?;
    let service = Service {
        description: format!("{} registry \"{}\"", settings.kind, instance.name()),
        program: plan.program.clone(),
        arg0: plan.arg0.as_deref().map(text).transpose()?,
        args: plan.args.iter().map(|argument| text(argument)).collect::<Result<_>>()?,
        env: plan.env.iter().map(|(name, value)| Ok((text(name)?, text(value)?))).collect::<Result<_>>()?,
        user: (owner.uid() != 0).then(|| (owner.uid(), owner.gid())),
        writable: std::iter::once(launch.data.clone()).chain(plan.writes.iter().map(|name| dir.join(name))).collect(),
        stop_seconds: STOP_WITHIN.as_secs(),
    };
    Ok(RenderedFile { name: format!("reg-{}.service", instance.name()), content: service.to_unit()? })
}
