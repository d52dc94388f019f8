//! Standard input and the files a program works with: read once, and only where they were named.

use std::collections::HashSet;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Context, RegistryArgs};
use crate::document;
use crate::error::{Error, Result};
use crate::file::Lock;
use crate::instance::{Locked, Name, Store};
use crate::layout::Layout;
use crate::mode::Config;

/// The most that is read from standard input, in bytes: no document of ours comes near it.
const STANDARD_INPUT_MAX: u64 = 64 << 20;

/// How long a wait for another program's lock is not worth a word.
const SILENT: Duration = Duration::from_secs(1);

impl Context {
    /// The text of standard input. A second call gets the same text.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`]: a terminal, not UTF-8, or more than 64 MiB.
    pub fn standard_input(&self) -> Result<String> {
        std::str::from_utf8(self.standard_input_bytes()?)
            .map(ToOwned::to_owned)
            .map_err(|_| Error::input("cannot read standard input: stream did not contain valid UTF-8"))
    }

    /// The bytes of standard input, which may be no text. A second call gets the same.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`]: a terminal, or more than 64 MiB.
    pub fn standard_input_bytes(&self) -> Result<&[u8]> {
        if let Some(bytes) = self.standard_input.get() {
            return Ok(bytes);
        }
        let stdin = std::io::stdin();
        if stdin.is_terminal() {
            return Err(Error::input("standard input is a terminal: nothing is piped into this program")
                .hint("`-` stands for what another program prints, as in `reg-up info NAME | reg-test health -r -`"));
        }
        let mut bytes = Vec::new();
        self.interrupt
            .reading(|| stdin.lock().take(STANDARD_INPUT_MAX).read_to_end(&mut bytes))
            .map_err(|fault| Error::io("cannot read standard input", fault).with_kind(crate::exit::Exit::Input))?;
        Ok(self.standard_input.get_or_init(|| bytes))
    }

    /// The names that a command is to work on, each once: its operands, and where `-` stands those on standard input: one a line,
    /// or the items of a document.
    ///
    /// # Errors
    /// Those of [`Self::standard_input`] and [`document::names`].
    pub fn operands(&self, given: &[String]) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for name in given {
            if name == "-" {
                names.extend(document::names(&self.standard_input()?, "standard input")?);
            } else {
                names.push(name.clone());
            }
        }
        let mut seen = HashSet::new();
        names.retain(|name| seen.insert(name.clone()));
        Ok(names)
    }

    /// The layout of a command that works on a registry, whose document may be on standard input, too.
    ///
    /// # Errors
    /// Those of [`Self::layout`]; [`crate::exit::Exit::Usage`] when standard input would be both.
    pub fn layout_beside(&self, path: &Path, args: &RegistryArgs) -> Result<Layout> {
        if path.as_os_str() == "-" && args.registry.as_deref() == Some("-") {
            return Err(Error::usage("standard input cannot be both the registry's document and the layout")
                .hint("name the registry with -r NAME, or give the layout in a file"));
        }
        self.layout(path)
    }

    /// The config file with the modes; empty when there is none.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`]: not understood, or named and missing.
    pub fn modes(&self) -> Result<Config> {
        match &self.environment.config {
            Some((path, named)) => Config::read(path, *named),
            None => Ok(Config::default()),
        }
    }

    /// This user's instances.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Failed`] when neither `HOME` nor `XDG_STATE_HOME` says where they are.
    pub fn instances(&self) -> Result<Store> {
        self.environment.instances.clone().map(Store::new).ok_or_else(|| {
            Error::failed("there is no place for instances: neither HOME nor XDG_STATE_HOME is set")
                .hint("set XDG_STATE_HOME to a folder")
        })
    }

    /// Takes a folder for a change of its files, waiting for whoever else is at it.
    ///
    /// # Errors
    /// Those of [`Lock::take`], and a signal.
    pub async fn lock_folder(&self, dir: &Path) -> Result<Lock> {
        self.waiting(dir, Lock::take(dir)).await
    }

    /// Takes an instance for a change, waiting for whoever else is at it, who may have removed it.
    ///
    /// # Errors
    /// [`crate::exit::Exit::NotFound`] when there is no such instance any more, those of [`Store::lock`], and a signal.
    pub async fn lock(&self, name: &Name) -> Result<Locked> {
        let instances = self.instances()?;
        let locked = self.waiting(&instances.dir_of(name), instances.lock(name)).await?;
        if locked.settings()?.is_some() {
            return Ok(locked);
        }
        if locked.is_fresh() {
            locked.delete(false)?;
        }
        Err(Error::not_found(format!("there is no instance \"{name}\" any more")).hint("`reg-up list` shows what there is"))
    }

    /// Waits for the lock of a folder, and says so when that takes more than a moment: silence would look like a program that hangs.
    async fn waiting<T>(&self, dir: &Path, lock: impl Future<Output = Result<T>>) -> Result<T> {
        let taken = async {
            let mut lock = std::pin::pin!(lock);
            if let Ok(taken) = tokio::time::timeout(SILENT, lock.as_mut()).await {
                return taken;
            }
            self.messages.note(format!("waiting for another program at work in {}", dir.display()));
            lock.await
        };
        self.interrupt.or(taken).await
    }

    /// A path that a person gave, made absolute, so that it means the same to a program started elsewhere.
    ///
    /// # Errors
    /// When the current folder is gone.
    pub fn absolute(&self, path: &Path) -> Result<PathBuf> {
        std::path::absolute(path).map_err(|fault| Error::io(format!("cannot tell where {} is", path.display()), fault))
    }

    /// A layout that a person wrote: in a file, or on standard input where `-` stands. The paths in it are made absolute.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`] when it cannot be read or understood.
    pub fn layout(&self, path: &Path) -> Result<Layout> {
        let layout = if path.as_os_str() == "-" {
            Layout::parse(&self.standard_input()?, "standard input")?
        } else {
            let name = path.display().to_string();
            let text = self.interrupt.reading(|| std::fs::read(path));
            let bytes = text.map_err(|fault| Error::io(format!("cannot read the layout {name}"), fault))?;
            Layout::parse(&String::from_utf8(bytes).map_err(|_| Error::input(format!("{name} is not UTF-8")))?, &name)?
        };
        self.with_whole_paths(layout)
    }

    /// A layout with whole paths, so that they mean the same wherever a later program runs.
    ///
    /// # Errors
    /// Those of [`Self::absolute`].
    pub fn with_whole_paths(&self, mut layout: Layout) -> Result<Layout> {
        for path in layout.paths_mut() {
            *path = self.absolute(path)?;
        }
        Ok(layout)
    }
}
