//! A registry whose parts can be changed from this machine: an instance of ours, or one whose mode names its parts.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use super::effect;
use crate::cli::{Context, Target};
use crate::document;
use crate::error::{Error, Result};
use crate::file::{File, How, Lock};
use crate::htpasswd::Text;
use crate::instance::{self, Instance, Locked, Running};
use crate::layout::{Gap, Layout, User};
use crate::registry::{Beside, MARK, Registry};

/// The htpasswd file of an instance.
const HTPASSWD: &str = "htpasswd";

/// Where the parts of a registry lie.
#[derive(Debug, Clone)]
pub struct Managed {
    /// Its document.
    pub registry: document::Registry,
    /// The instance of ours that it is.
    pub instance: Option<Instance>,
    /// Its type, as what it can do.
    pub kind: Registry,
    pub(super) layout: File,
    pub(super) htpasswd: Option<File>,
    pub(super) config: Option<File>,
}

/// What nobody else changes now; it is given back when this goes.
#[derive(Debug)]
pub(super) enum Held {
    Instance(Locked),
    Folders(#[expect(dead_code, reason = "held, not used")] Vec<Lock>),
}

impl Managed {
    /// Finds the parts of a registry.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Unsupported`] when they are not known on this machine, or its type cannot be converged.
    pub fn find(target: &Target) -> Result<Self> {
        let registry = target.registry.clone();
        let kind = Registry::from(registry.kind);
        let cannot = |why: String, hint: &str| Err(Error::unsupported(why).hint(hint));
        if registry.kind.is_some() && !kind.takes_layouts() {
            return cannot(
                format!("cannot set {} up: registries of this type are not set up yet", registry.title()),
                "embedded, zot and distribution are",
            );
        }
        let nowhere = || {
            Err(Error::unsupported(format!("cannot set {} up: its parts are not known on this machine", registry.title()))
                .hint("a mode of the config file names them: `config`, `htpasswd`, `layout`; `man reg-config` shows how"))
        };
        let Some(parts) = registry.instance.clone() else { return nowhere() };
        let at = |path: &PathBuf| parts.dir.as_ref().map_or_else(|| path.clone(), |dir| dir.join(path));
        let find = |path: Option<PathBuf>| path.map(|path| File::find(&path)).transpose();
        let (layout, htpasswd) = match &target.instance {
            Some(instance) => (Some(instance.dir().join(instance::LAYOUT)), Some(instance.dir().join(HTPASSWD))),
            None => (parts.layout.as_ref().map(at), parts.htpasswd.as_ref().map(at)),
        };
        let Some(layout) = find(layout)? else { return nowhere() };
        let config = find(parts.config.as_ref().map(at))?;
        Ok(Self { registry: registry.clone(), instance: target.instance.clone(), kind, layout, htpasswd: find(htpasswd)?, config })
    }

    /// The layout that was stored the last time; none before there was one.
    ///
    /// # Errors
    /// When it cannot be read or understood.
    pub fn stored(&self) -> Result<Option<Layout>> {
        let in_force = match &self.instance {
            Some(instance) => instance.settings()?.is_some_and(|settings| settings.layout),
            None => true,
        };
        let Some(bytes) = self.layout.read()?.filter(|_| in_force) else { return Ok(None) };
        let path = self.layout.path().display().to_string();
        let broken = |fault: Error| {
            fault.hint(format!("this is the stored layout: mend it, or put another in its place (`cp FILE {path}`)"))
        };
        Layout::parse(&String::from_utf8_lossy(&bytes), &path).map(Some).map_err(broken)
    }

    /// The layout that is meant: the given one, else the stored one, else the default one for an instance of ours.
    ///
    /// # Errors
    /// Those of [`Self::stored`]; [`crate::exit::Exit::Usage`] for somebody else's registry without one.
    pub fn meant(&self, given: Option<Layout>) -> Result<Layout> {
        match given.map_or_else(|| self.stored(), |layout| Ok(Some(layout)))? {
            Some(layout) => Ok(layout),
            None if self.instance.is_some() => Ok(Layout::standard()),
            None => Err(Error::usage(format!("no layout was named for {}", self.registry.title()))
                .hint("`reg-init layout > layout.json` prints one to begin with, --layout FILE names it")),
        }
    }

    /// What is written of it: the stored layout, of a registry without one what its configuration says; and what of it a layout cannot
    /// say. Who can log in stands elsewhere.
    ///
    /// # Errors
    /// When a part cannot be read or understood.
    pub fn written(&self) -> Result<(Layout, Vec<Gap>)> {
        self.written_as(self.stored()?)
    }

    /// The same for a stored layout that was read already.
    pub(super) fn written_as(&self, stored: Option<Layout>) -> Result<(Layout, Vec<Gap>)> {
        if let Some(layout) = stored {
            return Ok((layout, Vec::new()));
        }
        self.config_text()?.map_or_else(|| Ok((Layout::default(), Vec::new())), |text| self.kind.layout_of(&text))
    }

    /// What it cannot do of a layout.
    #[must_use]
    pub fn gaps(&self, layout: &Layout) -> Vec<Gap> {
        let mut gaps = self.kind.gaps(self.registry.version.as_deref(), layout);
        if self.config.is_none() {
            gaps.extend(self.kind.unconfigured(layout));
        }
        gaps
    }

    /// Whether it keeps the rights of its layout.
    #[must_use]
    pub fn keeps_rights(&self) -> bool {
        self.kind.keeps_rights(self.config.is_some())
    }

    /// What its configuration says beside a layout and the stored one; of one without a stored layout that is the layout.
    ///
    /// # Errors
    /// When a part cannot be read or understood.
    pub fn beside(&self, layout: &Layout) -> Result<Vec<Beside>> {
        let Some(text) = self.config_text()? else { return Ok(Vec::new()) };
        let stored = self.stored()?.unwrap_or_default();
        self.kind.beside(self.registry.version.as_deref(), &text, layout, &stored)
    }

    /// What the registry is now: what is written of it with the users who can really log in.
    ///
    /// # Errors
    /// When a part cannot be read or understood.
    pub fn live(&self) -> Result<(Layout, Vec<Gap>)> {
        let (layout, gaps) = self.written()?;
        Ok((self.with_logins(layout)?, gaps))
    }

    /// What is written of it with the users who can really log in.
    pub(super) fn with_logins(&self, mut layout: Layout) -> Result<Layout> {
        let there = self.users()?;
        let known: HashSet<&str> = there.iter().map(String::as_str).collect();
        layout.users.retain(|user| known.contains(user.name.as_str()));
        layout.robots.retain(|robot| known.contains(robot.name.as_str()));
        let named: HashSet<&str> = layout.logins().collect();
        let strangers: Vec<User> = there.iter().filter(|name| !named.contains(name.as_str())).map(User::new).collect();
        layout.users.extend(strangers);
        Ok(layout)
    }

    /// The names of all who can log in, in the order of the file.
    pub(super) fn users(&self) -> Result<Vec<String>> {
        let Some(htpasswd) = &self.htpasswd else { return Ok(Vec::new()) };
        let bytes = htpasswd.read()?.unwrap_or_default();
        let text = Text::parse(&bytes);
        let mut seen = HashSet::new();
        let names = text.users().map(|user| user.name_text().into_owned()).filter(|name| !name.starts_with(MARK));
        Ok(names.filter(|name| seen.insert(name.clone())).collect())
    }

    /// The text of its configuration, when it has one.
    pub(super) fn config_text(&self) -> Result<Option<String>> {
        let Some(config) = &self.config else { return Ok(None) };
        let bytes = config.read()?.ok_or_else(|| {
            Error::input(format!("cannot read {}: no such file or directory", config.path().display()))
                .hint("is `config` in its mode of the config file right?")
        })?;
        String::from_utf8(bytes).map(Some).map_err(|_| Error::input(format!("{} is not UTF-8", config.path().display())))
    }

    /// The folder that generated passwords go to when nobody names another.
    #[must_use]
    pub fn folder(&self) -> Option<&Path> {
        self.instance.as_ref().map(Instance::dir)
    }

    /// What is owed to the registry: made before its files change, it goes when the registry runs with them.
    fn debt(&self) -> Result<File> {
        File::find(&self.layout.path_beside(".restart"))
    }

    /// What a run that was cut off still owes: why the registry must be restarted, or nothing when it must only be seen to have read
    /// its configuration.
    pub(super) fn owed(&self) -> Result<Option<String>> {
        let why = self.debt()?.read()?;
        Ok(why.map(|why| String::from_utf8_lossy(&why).trim().to_owned()))
    }

    /// Notes what is owed from now on.
    pub(super) fn owe(&self, why: Option<&str>) -> Result<()> {
        let debt = self.debt()?;
        debt.write(debt.read()?.as_deref(), why.unwrap_or_default().as_bytes(), How { in_place: false, mode: 0o600 }).map(drop)
    }

    /// Nothing is owed any more.
    pub(super) fn settle(&self) -> Result<()> {
        let debt = self.debt()?;
        match std::fs::remove_file(debt.path()) {
            Err(fault) if fault.kind() != std::io::ErrorKind::NotFound => {
                Err(Error::io(format!("cannot remove {}", debt.path().display()), fault))
            }
            _ => Ok(()),
        }
    }

    /// Takes back what a run that was cut off left half written. What was read before may be of it.
    ///
    /// # Errors
    /// When the parts are held by somebody else for long, or cannot be written.
    pub async fn recover(&self, context: &Context) -> Result<()> {
        self.hold(context).await.map(drop)
    }

    /// Whether a run that was cut off still owes it something. The next change pays it.
    ///
    /// # Errors
    /// When the note cannot be read.
    pub fn is_owed(&self) -> Result<bool> {
        Ok(self.owed()?.is_some())
    }

    /// Starts an instance whose restart was cut off when it was down; others run, or were stopped by somebody.
    ///
    /// # Errors
    /// Those of [`Self::recover`]; one that does not come up.
    pub async fn resume(&self, context: &Context) -> Result<()> {
        let Some(instance) = &self.instance else { return Ok(()) };
        if !self.is_owed()? || Running::of(instance).await?.is_some() {
            return Ok(());
        }
        self.recover(context).await?;
        effect::restart(context, self, None, "a restart was cut off").await.map(drop)
    }

    /// The locks of all folders that the parts are in, in one order for everybody.
    async fn folders(&self, context: &Context) -> Result<Vec<Lock>> {
        let files = [Some(&self.layout), self.htpasswd.as_ref(), self.config.as_ref()];
        let by_folder: BTreeMap<_, _> = files.into_iter().flatten().map(|file| (file.path().parent(), file)).collect();
        let mut locks = Vec::new();
        for file in by_folder.into_values() {
            locks.push(context.lock_folder(file.folder()).await?);
        }
        Ok(locks)
    }

    /// Takes the parts for a change, waiting for whoever else is at them.
    pub(super) async fn hold(&self, context: &Context) -> Result<Held> {
        let held = match &self.instance {
            Some(instance) => Held::Instance(context.lock(instance.name()).await?),
            None => Held::Folders(self.folders(context).await?),
        };
        let debt = self.debt()?;
        for file in [Some(&debt), Some(&self.layout), self.htpasswd.as_ref(), self.config.as_ref()].into_iter().flatten() {
            if file.recover()? {
                context.messages.warn(format!("a change of {} that was cut off was taken back", file.path().display()));
            }
        }
        Ok(held)
    }
}
