//! The htpasswd file that a command is about: named, or a registry's.
//!
//! The file of an instance is changed under the lock of the instance, so that a start which copies its files back does not take a user
//! away; any other under the lock of its folder.

use reg_shared::cli::{Context, RegistryArgs, Target};
use reg_shared::document::{Registry, User, Users};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::file::{File, How, Lock, Unusual};
use reg_shared::htpasswd::Text;
use reg_shared::instance::{Instance, Locked};
use reg_shared::registry;
use reg_shared::shell;

use crate::cli::{ChangeArgs, PlaceArgs};

/// An htpasswd file, and the registry it is of.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) file: File,
    pub(crate) registry: Option<Registry>,
    instance: Option<Instance>,
}

impl Place {
    /// Finds the file that the flags name. `other` is what standard input is read for beside.
    ///
    /// # Errors
    /// Those of [`Context::target`], and a registry of which no htpasswd file is known.
    pub(crate) fn find(context: &Context, args: &PlaceArgs, other: Option<&str>) -> Result<Self> {
        match &args.file {
            Some(path) => Ok(Self { file: File::find(path)?, registry: None, instance: None }),
            None => Self::of_registry(context, args, other),
        }
    }

    /// The same for who only reads, from a pipe, too.
    ///
    /// # Errors
    /// Those of [`Self::find`].
    pub(crate) fn find_to_read(context: &Context, args: &PlaceArgs, other: Option<&str>) -> Result<Self> {
        match &args.file {
            Some(path) => Ok(Self { file: File::find_to_read(path)?, registry: None, instance: None }),
            None => Self::of_registry(context, args, other),
        }
    }

    fn of_registry(context: &Context, args: &PlaceArgs, other: Option<&str>) -> Result<Self> {
        let environment = &context.environment;
        let document = args.registry.as_deref().or(environment.registry.as_deref()) == Some("-");
        if let Some(other) = other.filter(|_| document) {
            return Err(Error::usage(format!("standard input cannot be both the registry's document and {other}"))
                .hint("name the registry with -r NAME, or give a file in place of standard input"));
        }
        let named = args.registry.is_some() || environment.registry.is_some() || environment.mode.is_some();
        let registry_args = RegistryArgs { registry: args.registry.clone(), ..RegistryArgs::default() };
        let target = context.target(&registry_args).map_err(|fault| match fault.kind() {
            Exit::Usage if !named => Error::usage("neither a file nor a registry was named").hint(
                "name an htpasswd file with --file, or a registry with -r, REG_REGISTRY, REG_MODE or `default` in the config file",
            ),
            _ => fault,
        })?;
        Self::of(target)
    }

    fn of(target: Target) -> Result<Self> {
        let Target { registry, instance, .. } = target;
        let parts = registry.instance.as_ref();
        if registry.kind.is_some_and(|kind| registry::Registry::from(kind).keeps_users_itself()) {
            let what = format!("cannot change the users of {}: it keeps them itself, not in an htpasswd file", registry.title());
            return Err(Error::unsupported(what));
        }
        let path = parts.and_then(|parts| {
            let file = parts.htpasswd.as_ref()?;
            Some(parts.dir.as_ref().map_or_else(|| file.clone(), |dir| dir.join(file)))
        });
        match path {
            Some(path) => Ok(Self { file: File::find(&path)?, registry: Some(registry), instance }),
            None => Err(unknown(&registry, instance.as_ref())),
        }
    }

    /// The flag that names it, for hints.
    pub(crate) fn flag(&self) -> String {
        match self.registry.as_ref().and_then(|registry| registry.name.as_ref()) {
            Some(name) => format!("-r {}", shell::word(name.as_ref())),
            None => format!("--file {}", shell::word(self.file.path().as_os_str())),
        }
    }

    /// The users that are there.
    ///
    /// # Errors
    /// [`Exit::Input`] when there is no file.
    pub(crate) fn text(&self, context: &Context) -> Result<Text> {
        self.bytes(context).map(|bytes| Text::parse(&bytes))
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// [`Exit::Input`] when there is none.
    pub(crate) fn bytes(&self, context: &Context) -> Result<Vec<u8>> {
        context.interrupt.reading(|| self.file.read())?.ok_or_else(|| self.missing())
    }

    /// The users that are there; none in a file that may still be made.
    ///
    /// # Errors
    /// [`Exit::Input`] when a registry's file is missing, or the folder that it would be made in.
    pub(crate) fn text_or_new(&self) -> Result<Text> {
        match self.file.read()? {
            Some(bytes) => Ok(Text::parse(&bytes)),
            // A document may come from anywhere: what it names must be there.
            None if self.registry.is_some() => Err(self.missing()),
            None => self.file.check_folder().map(|()| Text::default()),
        }
    }

    fn missing(&self) -> Error {
        Error::input(format!("cannot read {}: no such file or directory", self.file.path().display()))
            .hint("`reg-users add NAME --file FILE` makes a new one")
    }

    /// Takes the file for a change, waiting for whoever else is at it.
    ///
    /// # Errors
    /// [`Exit::Conflict`] when that takes too long.
    pub(crate) async fn hold(&self, context: &Context) -> Result<Held<'_>> {
        let lock = match &self.instance {
            Some(instance) => AnyLock::Instance(context.lock(instance.name()).await?),
            None => AnyLock::Folder(context.lock_folder(self.file.folder()).await?),
        };
        if self.file.recover()? {
            context.messages.warn(format!("a change of {} that was cut off was taken back", self.file.path().display()));
        }
        Ok(Held { place: self, _lock: lock, before: self.file.read()? })
    }

    /// The document about some of its users.
    pub(crate) fn document(&self, users: Vec<User>) -> Users {
        Users { registry: self.registry.clone(), file: self.file.path().to_owned(), dry_run: false, users }
    }
}

fn unknown(registry: &Registry, instance: Option<&Instance>) -> Error {
    if let Some(instance) = instance {
        let name = instance.name();
        return Error::not_found(format!("the instance \"{name}\" has no htpasswd file: it asks nobody to log in"))
            .hint(format!("`reg-up start {name} --replace --htpasswd FILE` gives it one"));
    }
    let what = format!("no htpasswd file of {} is known on this machine", registry.title());
    Error::not_found(what).hint("`htpasswd` in its mode of the config file names it; --file names any other")
}

/// Either lock; it is given back when this goes.
#[derive(Debug)]
enum AnyLock {
    Instance(#[expect(dead_code, reason = "held, not used")] Locked),
    Folder(#[expect(dead_code, reason = "held, not used")] Lock),
}

/// A file that nobody else changes now.
#[derive(Debug)]
pub(crate) struct Held<'a> {
    place: &'a Place,
    _lock: AnyLock,
    before: Option<Vec<u8>>,
}

impl Held<'_> {
    /// What is in it now; nothing in a file that is still to be made.
    ///
    /// # Errors
    /// [`Exit::Input`] when a registry's file is missing.
    pub(crate) fn text(&self) -> Result<Text> {
        match &self.before {
            Some(bytes) => Ok(Text::parse(bytes)),
            None => self.place.text_or_new(),
        }
    }

    /// What was in it when it was taken.
    pub(crate) fn before(&self) -> Option<&[u8]> {
        self.before.as_deref()
    }

    /// Writes it, if it is another one than before.
    ///
    /// # Errors
    /// When it cannot be written: then it is as it was.
    pub(crate) fn write(&self, context: &Context, text: &Text, args: &ChangeArgs) -> Result<()> {
        let bytes = text.to_bytes();
        if self.before.as_ref() == Some(&bytes) {
            return Ok(());
        }
        let Place { file, registry, instance } = self.place;
        // A registry of which no more is known may be one that would not see another file.
        let watched = registry.as_ref().is_some_and(|r| r.kind.is_none_or(|kind| registry::Registry::from(kind).watches_inode()));
        let how = How { in_place: args.in_place || watched, mode: if args.group { 0o640 } else { 0o600 } };
        if let Some(unusual) = file.write(self.before.as_deref(), &bytes, how)? {
            let why = match unusual {
                Unusual::Mounted => "is mounted by itself, so it was written in its place",
                Unusual::Owner => "is somebody else's and stays so: it was written in its place",
            };
            context.messages.warn(format!("{} {why}", file.path().display()));
        }
        let before = self.before.as_deref().map(Text::parse).unwrap_or_default();
        if text.users().next().is_none() && before.users().next().is_some() {
            context.messages.warn("nobody can log in any more");
        }
        // Nobody asks an engine for it: what is told of one that does not run does no harm.
        let runs = instance.as_ref().is_none_or(|instance| {
            instance.running().is_ok_and(|process| process.is_some()) || instance.placed().is_ok_and(|placed| placed.is_some())
        });
        if let Some(registry) = registry.as_ref().filter(|_| runs) {
            warn_of_restart(context, registry, instance.as_ref());
        }
        Ok(())
    }
}

/// An old zot reads its users only when it starts.
fn warn_of_restart(context: &Context, registry: &Registry, instance: Option<&Instance>) {
    let version = registry.version.as_deref();
    let sees = registry.kind.is_none_or(|kind| registry::Registry::from(kind).sees_new_users(version).unwrap_or(true));
    if !sees {
        let how = match (instance, &registry.name) {
            (Some(instance), _) => format!("`reg-up restart {}`", instance.name()),
            (None, Some(mode)) => format!("`reg-up restart -r {}`", shell::word(mode.as_ref())),
            (None, None) => "restart it".to_owned(),
        };
        context.messages.warn(format!("{} reads its users only when it starts: {how}", registry.title()));
    }
}
