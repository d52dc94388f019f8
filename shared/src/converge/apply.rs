//! Changing a registry: users, layout and configuration under one lock, then the effect, or all as it was.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::managed::Held;
use super::plan::{Planned, Wanted, is_about, plan};
use super::{Managed, effect, users};
use crate::cli::Context;
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::file::{File, How};
use crate::instance::{LAYOUT, Running, SETTINGS};
use crate::layout::{Change, diff};
use crate::name::quoted;

/// What was done.
#[derive(Debug)]
pub struct Applied {
    /// What changed.
    pub planned: Planned,
    /// The files of generated passwords, of users who are new.
    pub generated: Vec<PathBuf>,
    /// In what way the registry came to know of it, in words; none when nothing changed.
    pub effect: Option<String>,
}

/// A file as it was, and as it is to be.
struct Write {
    file: File,
    before: Option<Vec<u8>>,
    after: Vec<u8>,
    in_place: bool,
}

impl Write {
    fn do_it(&self) -> Result<()> {
        if self.before.as_ref() == Some(&self.after) {
            return Ok(());
        }
        let how = How { in_place: self.in_place && self.before.is_some(), mode: 0o600 };
        self.file.write(self.before.as_deref(), &self.after, how).map(drop)
    }

    fn undo(&self) -> Result<()> {
        match &self.before {
            Some(before) => {
                self.file.write(self.file.read()?.as_deref(), before, How { in_place: self.in_place, mode: 0o600 }).map(drop)
            }
            None => fs::remove_file(self.file.path())
                .map_err(|fault| Error::io(format!("cannot remove {}", self.file.path().display()), fault)),
        }
    }
}

/// Makes a registry what is wanted of it, and reads it back. Generated passwords go to `passwords`, else to the folder of the instance.
///
/// # Errors
/// Those of [`plan`]; a configuration that the registry refuses, a registry that does not come up with it: then all is as it was before.
pub async fn apply(context: &Context, managed: &Managed, wanted: &Wanted, passwords: Option<&Path>) -> Result<Applied> {
    let held = managed.hold(context).await?;
    let mut planned = plan(context, managed, wanted)?;
    let running = runs(managed).await?;
    if planned.is_empty() {
        return Ok(Applied { planned, generated: Vec::new(), effect: None });
    }
    // Looked at before its configuration changes: some releases of zot stop to watch their users' file when they read that again.
    let users = managed.htpasswd.as_ref().filter(|_| running && planned.users_unseen && planned.restart.is_none());
    if let Some(users) = users
        && !effect::users_observed(context, managed, users).await?
    {
        planned.restart = Some("it was not seen to read its users".to_owned());
    }
    if let Some(why) = planned.restart.as_ref().filter(|_| running) {
        let can = context.can_restart(&managed.registry, managed.instance.as_ref());
        // Nothing is written yet: that somebody restarts it by hand is of no use.
        can.map_err(|fault| fault.context(why.clone()).hint("say how with `restartCommand` in its mode of the config file"))?;
    }
    if let Some(text) = &planned.config {
        effect::accepted(context, managed, text).await?;
    }
    if planned.begins {
        let (title, admins) = (managed.registry.title(), planned.after.admins.join(", "));
        context.messages.warn(format!(
            "{title} looks at rights from now on: all outside of the layout's namespaces is for administrators alone ({admins})"
        ));
    }
    for name in kept_passwords(&planned) {
        let registry = managed.registry.name.as_deref().unwrap_or(&managed.registry.url);
        let stays = format!("the password of {} stays as it is: a layout gives one to who is new", quoted(name));
        context.messages.warn(format!("{stays}; `reg-users passwd {name} -r {registry}` sets another"));
    }
    let mut writes = Vec::new();
    let mut generated = Vec::new();
    if managed.htpasswd.is_some() || !planned.newcomers().is_empty() {
        let users = users::users(context, managed, &planned, passwords).await?;
        generated = users.generated;
        writes.extend(managed.htpasswd.clone().map(|file| (file, users.text)));
    }
    // One that says the same already stays as somebody wrote it.
    if managed.stored()?.as_ref() != Some(&planned.stored) {
        let there = managed.layout.read()?.unwrap_or_default();
        writes.push((managed.layout.clone(), planned.stored.to_text_like(&there)?.into_bytes()));
    }
    writes.extend(managed.config.clone().zip(planned.config.clone()).map(|(file, text)| (file, text.into_bytes())));
    let in_place = managed.kind.watches_inode();
    let writes: Vec<Write> = writes
        .into_iter()
        .map(|(file, after)| {
            // The layout of an instance is the tools' own, and the embedded registry looks at its path; of one that people wrote a copy
            // is left beside it, for its comments.
            let is_layout = file.path() == managed.layout.path();
            let in_place = if is_layout { managed.instance.is_none() } else { in_place };
            Ok(Write { before: file.read()?, file, after, in_place })
        })
        .collect::<Result<_>>()?;
    let effect = write(context, managed, held, &planned, &writes, running).await?;
    read_back(managed, &planned)?;
    Ok(Applied { planned, generated, effect: Some(effect) })
}

/// Those who are there already, and whose password the layout now takes from elsewhere.
fn kept_passwords(planned: &Planned) -> BTreeSet<&str> {
    let sources = ["passwordFile", "passwordEnv", "secretFile", "secretEnv"];
    let is_one = |change: &&Change| {
        matches!(&*change.object, "user" | "robot") && change.field.as_deref().is_some_and(|field| sources.contains(&field))
    };
    planned.changes.iter().filter(is_one).map(|change| change.name.as_str()).collect()
}

/// Writes everything and sees to it that the registry knows; takes it back when that fails.
async fn write(
    context: &Context,
    managed: &Managed,
    held: Held,
    planned: &Planned,
    writes: &[Write],
    running: bool,
) -> Result<String> {
    let settings = match &held {
        Held::Instance(locked) => locked.settings()?,
        Held::Folders(_) => None,
    };
    {
        let change = match &held {
            Held::Instance(locked) => {
                let names = writes.iter().filter_map(|write| write.file.path().file_name()?.to_str());
                Some(locked.change_running(names.chain([SETTINGS, LAYOUT]))?)
            }
            Held::Folders(_) => None,
        };
        // Whoever is killed from here on leaves the note, and the next run sees to it that the registry knows.
        if planned.restart.is_some() || planned.config.is_some() {
            managed.owe(planned.restart.as_deref())?;
        }
        for write in writes {
            write.do_it()?;
        }
        if let (Held::Instance(locked), Some(mut settings), true) = (&held, settings.clone(), planned.opens) {
            (settings.layout, settings.htpasswd) = (true, true);
            locked.save_settings(&settings)?;
        }
        if let Some(change) = change {
            change.done()?;
        }
    }
    if !running {
        managed.settle()?;
        return Ok("it does not run, and knows when it starts".to_owned());
    }
    match known(context, managed, held, planned).await {
        Ok(told) => {
            managed.settle()?;
            Ok(told)
        }
        // Taking back needs a restart, too: the note stays, and the next run ends what was begun.
        Err(fault) if matches!(fault.kind(), Exit::Interrupted | Exit::Terminated) => Err(fault),
        Err(fault) => {
            let back = take_back(context, managed, settings.as_ref().filter(|_| planned.opens), writes).await;
            let now = match back {
                Ok(()) => "so all is as it was before".to_owned(),
                Err(trouble) => format!("and not everything is as it was before ({trouble})"),
            };
            Err(fault.context(format!("the registry does not run with the new layout, {now}")))
        }
    }
}

/// Sees to it that the registry knows of what was written; in what way, in words.
async fn known(context: &Context, managed: &Managed, held: Held, planned: &Planned) -> Result<String> {
    let why = match (&planned.restart, &managed.config) {
        (Some(why), _) => why,
        (None, Some(config)) if planned.config.is_some() || planned.unseen => {
            if effect::observed(context, managed, config).await? {
                return Ok("it was seen to read its configuration again".to_owned());
            }
            "it was not seen to read its configuration"
        }
        (None, _) => return Ok("it reads its files again by itself".to_owned()),
    };
    effect::restart(context, managed, Some(held), why).await
}

/// After a restart that failed: the files as they were, and the registry with them.
async fn take_back(
    context: &Context,
    managed: &Managed,
    settings: Option<&crate::instance::Settings>,
    writes: &[Write],
) -> Result<()> {
    let held = managed.hold(context).await?;
    for write in writes {
        write.undo()?;
    }
    if let (Held::Instance(locked), Some(settings)) = (&held, settings) {
        locked.save_settings(settings)?;
    }
    drop(held);
    // One that nobody can restart has not come to know of the files that are gone.
    if context.can_restart(&managed.registry, managed.instance.as_ref()).is_ok() {
        context.restart(&managed.registry, managed.instance.as_ref()).await?;
    }
    managed.settle()
}

async fn runs(managed: &Managed) -> Result<bool> {
    match &managed.instance {
        Some(instance) => Ok(Running::of(instance).await?.is_some()),
        // Somebody else's: it answered a moment ago.
        None => Ok(true),
    }
}

/// Compares what is live now with what was wanted.
fn read_back(managed: &Managed, planned: &Planned) -> Result<()> {
    let (live, _) = managed.live()?;
    let differences = diff(&live, &planned.after);
    if let Some(first) = differences.iter().find(|change| !is_about(change, &planned.absent)) {
        let what = format!("{} {} is not what was written", first.object, quoted(&first.name));
        return Err(
            Error::failed(format!("read back, the registry differs: {what}")).hint("another program changed it: run it again")
        );
    }
    Ok(())
}
