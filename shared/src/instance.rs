//! Instances: the registries that reg-up started, a folder each.
//!
//! `NAME/` (0700) holds `settings.json` (what was asked for), `registry.json` (the document), `process.json` (pid and start time) or
//! `container.json` (the engine), the rendered config, `htpasswd`, `layout.json`, `admin.password`, `tls.crt`, `tls.key`, `ca.crt`, `secret`, `log/` and `data/TYPE/`. Files
//! given on the command line are copied in, and the copy is the live one. Every change is made under a lock on the folder and lands whole
//! or not at all ([`Change`]). What is true of the process is asked of the process, of a container its engine, never of a file. Does not
//! know how a type is configured.

mod change;
mod container;
mod file;
mod running;

use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::ops::Deref;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tempfile::{NamedTempFile, TempPath};

pub use self::change::Change;
pub use self::container::{Beside, Contained, Placed};
use self::file::{read_json, remove_file, unfinished, write, write_json};
pub use self::running::Running;
use crate::document::{Registry, Type};
use crate::engine::process::Process;
use crate::error::{Error, Result};
use crate::name::quoted;
use crate::options::Options;
use crate::secret::Secret;

/// The file of [`Settings`] in an instance's folder.
pub const SETTINGS: &str = "settings.json";
/// The file of the registry's document.
pub const REGISTRY: &str = "registry.json";
const PROCESS: &str = "process.json";
/// The copy of the certificate with its chain.
pub const CERTIFICATE: &str = "tls.crt";
/// The copy of its private key.
pub const KEY: &str = "tls.key";
/// The copy of the certificate of the authority that clients are to trust.
pub const AUTHORITY: &str = "ca.crt";
/// The live layout of the registry.
pub const LAYOUT: &str = "layout.json";
/// The generated password of the administrator that the tools log in as.
pub const ADMIN_PASSWORD: &str = "admin.password";
/// The file of [`Locked::secret`].
pub const SECRET: &str = "secret";
const DATA: &str = "data";
/// How long to wait for another program that holds an instance.
const LOCK_WAIT: Duration = Duration::from_secs(90);

/// The name of an instance: letters, digits, `-` and `_`, so that it is never taken for a URL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

impl FromStr for Name {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let good = !text.is_empty()
            && text.len() <= 63
            && text != "localhost"
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
            && text.as_bytes()[0].is_ascii_alphanumeric();
        if good {
            Ok(Self(text.to_owned()))
        } else {
            Err(Error::usage(format!("{} is not a name for an instance", quoted(text)))
                .hint("a name is letters, digits, `-` and `_`, begins with a letter or digit, and is not \"localhost\""))
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an instance was asked to be. `start NAME` uses it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// The type of registry.
    #[serde(rename = "type")]
    pub kind: Type,
    /// The registry's program, when one was named.
    pub binary: Option<PathBuf>,
    /// The address it listens on.
    pub bind: IpAddr,
    /// The port that was asked for; 0 is any free one.
    pub port: u16,
    /// The data folder, when one was named.
    pub data: Option<PathBuf>,
    /// Whether `tls.crt` and `tls.key` are in force.
    pub tls: bool,
    /// Whether `ca.crt` is what clients should trust.
    pub ca: bool,
    /// Whether `htpasswd` is in force.
    pub htpasswd: bool,
    /// Whether `layout.json` is in force.
    #[serde(default)]
    pub layout: bool,
    /// Whether it may be open to others without a login.
    pub open: bool,
    /// The port it got the last time; tried again when `port` is 0.
    pub last_port: Option<u16>,
    /// The port of its metrics and health the last time, when they have one of their own: what scrapes them keeps its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_debug_port: Option<u16>,
    /// How it is contained; none for a process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<Contained>,
    /// What it does beyond storing images.
    #[serde(default)]
    pub options: Options,
}

impl Settings {
    /// Where it listens; none before its first start.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        self.last_port.map(|port| SocketAddr::new(self.bind, port))
    }

    /// Whether its data is in a volume of an engine.
    #[must_use]
    pub fn in_volume(&self) -> bool {
        self.container.is_some() && self.data.is_none() && self.options.s3.is_none()
    }
}

/// All instances of one user.
#[derive(Debug, Clone)]
pub struct Store {
    root: PathBuf,
}

impl Store {
    /// The instances below `root`, which need not exist.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The instances there are, by name.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn all(&self) -> Result<Vec<Instance>> {
        let entries = match fs::read_dir(&self.root) {
            Ok(entries) => entries,
            Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(fault) => return Err(Error::io(format!("cannot read {}", self.root.display()), fault)),
        };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<Name>().ok());
        let mut found: Vec<Instance> = names.filter_map(|name| self.find(&name)).collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    /// An instance, when there is one: a folder with settings in it.
    #[must_use]
    pub fn find(&self, name: &Name) -> Option<Instance> {
        let dir = self.dir_of(name);
        dir.join(SETTINGS).is_file().then(|| Instance { name: name.clone(), dir })
    }

    /// Where the folder of an instance is or would be.
    #[must_use]
    pub fn dir_of(&self, name: &Name) -> PathBuf {
        self.root.join(&name.0)
    }

    /// Takes an instance for a change, waiting for whoever else is at it; makes its folder when there is none. A change that was cut off
    /// is ended first.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Conflict`] when another program holds it for longer than a start may take.
    pub async fn lock(&self, name: &Name) -> Result<Locked> {
        let dir = self.dir_of(name);
        let cannot = |fault| Error::io(format!("cannot make the instance folder {}", dir.display()), fault);
        let deadline = Instant::now() + LOCK_WAIT;
        loop {
            if let Some(above) = dir.parent() {
                fs::DirBuilder::new().recursive(true).mode(0o700).create(above).map_err(cannot)?;
            }
            match fs::DirBuilder::new().mode(0o700).create(&dir) {
                Err(fault) if fault.kind() != ErrorKind::AlreadyExists => return Err(cannot(fault)),
                _ => {}
            }
            let folder = match File::open(&dir) {
                Ok(folder) => folder,
                Err(fault) if fault.kind() == ErrorKind::NotFound => continue,
                Err(fault) => return Err(cannot(fault)),
            };
            if folder.try_lock().is_ok() {
                // Whoever held it may have removed the folder: then the lock is on nothing.
                let same = fs::metadata(&dir).ok().zip(folder.metadata().ok()).is_some_and(|(a, b)| a.ino() == b.ino());
                if !same {
                    continue;
                }
                let instance = Instance { name: name.clone(), dir };
                change::recover(&instance)?;
                let fresh = ![SETTINGS, DATA, container::FILE].iter().any(|name| instance.dir.join(name).exists());
                return Ok(Locked { instance, fresh, folder });
            }
            if Instant::now() > deadline {
                return Err(Error::conflict(format!("another reg-up is still at work on \"{name}\""))
                    .hint("wait for it, or stop it with Ctrl-C"));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// One instance, as its folder says.
#[derive(Debug, Clone)]
pub struct Instance {
    name: Name,
    dir: PathBuf,
}

impl Instance {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// Its folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The folder of its log.
    #[must_use]
    pub fn log_dir(&self) -> PathBuf {
        self.dir.join("log")
    }

    /// What it was asked to be; none in a folder where only data was kept.
    ///
    /// # Errors
    /// When the file cannot be read or understood.
    pub fn settings(&self) -> Result<Option<Settings>> {
        read_json(&self.dir.join(SETTINGS))
    }

    /// The document of the registry.
    ///
    /// # Errors
    /// When the file cannot be read or understood.
    pub fn registry(&self) -> Result<Option<Registry>> {
        read_json(&self.dir.join(REGISTRY))
    }

    /// The process that was started last; whether it still runs is asked of the system.
    ///
    /// # Errors
    /// When the file cannot be read or understood.
    pub fn process(&self) -> Result<Option<Process>> {
        read_json(&self.dir.join(PROCESS))
    }

    /// When the process was started that was started last.
    #[must_use]
    pub fn started_at(&self) -> Option<time::OffsetDateTime> {
        fs::metadata(self.dir.join(PROCESS)).ok()?.modified().ok().map(Into::into)
    }

    /// Whether another program changes it now: starts it, say, or stops it.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        File::open(&self.dir).is_ok_and(|folder| matches!(folder.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }

    /// The process, when it runs now.
    ///
    /// # Errors
    /// When the file cannot be read or understood.
    pub fn running(&self) -> Result<Option<Process>> {
        Ok(self.process()?.filter(Process::alive))
    }
}

/// An instance under its lock, for a change.
#[derive(Debug)]
pub struct Locked {
    instance: Instance,
    fresh: bool,
    folder: File,
}

impl Deref for Locked {
    type Target = Instance;
    fn deref(&self) -> &Instance {
        &self.instance
    }
}

impl Locked {
    /// Whether it is new: nothing of an instance was in the folder, not even data, when it was taken.
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.fresh
    }

    /// What holds the lock: a program that is given this keeps the instance locked for as long as it runs, even when this one is gone.
    ///
    /// # Errors
    /// When there are too many open files.
    pub fn hold(&self) -> Result<File> {
        self.folder.try_clone().map_err(|fault| Error::io("cannot hand on the lock", fault))
    }

    /// Keeps what it was asked to be.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save_settings(&self, settings: &Settings) -> Result<()> {
        write_json(&self.dir.join(SETTINGS), settings)
    }

    /// Keeps the document of the registry.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save_registry(&self, registry: &Registry) -> Result<()> {
        write_json(&self.dir.join(REGISTRY), registry)
    }

    /// Keeps which process runs; none when it was stopped.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save_process(&self, process: Option<&Process>) -> Result<()> {
        let path = self.dir.join(PROCESS);
        match process {
            Some(process) => write_json(&path, process),
            None => remove_file(&path),
        }
    }

    /// The instance's own secret, which stays the same as long as the instance is there; a new one, not yet written to [`SECRET`], when
    /// there is none.
    ///
    /// # Errors
    /// When it cannot be read, or the system has no random numbers.
    pub fn secret(&self) -> Result<Secret> {
        let path = self.dir.join(SECRET);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Secret::from_line(text)),
            Err(fault) if fault.kind() == ErrorKind::NotFound => Secret::random(),
            Err(fault) => Err(Error::io(format!("cannot read {}", path.display()), fault)),
        }
    }

    /// Writes a file of the instance, 0600, whole or not at all.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<PathBuf> {
        let path = self.dir.join(name);
        write(&path, bytes)?;
        Ok(path)
    }

    /// Writes a file that is there for a moment, beside those of the instance: it goes when it is dropped, or when this program is killed,
    /// with the next that takes the instance.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn draft(&self, suffix: &str, bytes: &[u8]) -> Result<TempPath> {
        let cannot = |fault| Error::output(format!("cannot write in {}", self.dir.display()), fault);
        unfinished(&self.dir, suffix, bytes).map(NamedTempFile::into_temp_path).map_err(cannot)
    }

    /// Removes a file of the instance, if it is there.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn remove(&self, name: &str) -> Result<()> {
        remove_file(&self.dir.join(name))
    }

    /// Removes the instance. The data folder inside it stays unless `purge`, and so does what says where on an engine things of it are;
    /// tells where the data folder is when it stayed.
    ///
    /// # Errors
    /// When something cannot be removed.
    pub fn delete(self, purge: bool) -> Result<Option<PathBuf>> {
        let dir = &self.instance.dir;
        let cannot = |fault| Error::io(format!("cannot remove {}", dir.display()), fault);
        // Settings first: without them the folder is no instance any more, wherever this is interrupted.
        self.remove(SETTINGS)?;
        let data = dir.join(DATA);
        let placed = dir.join(container::FILE);
        let keep = !purge && fs::read_dir(&data).is_ok_and(|mut entries| entries.next().is_some());
        let keep_placed = !purge && placed.exists();
        for entry in fs::read_dir(dir).map_err(cannot)? {
            let path = entry.map_err(cannot)?.path();
            if keep && path == data || keep_placed && path == placed {
                continue;
            }
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.map_err(cannot)?;
        }
        if !keep && !keep_placed {
            fs::remove_dir(dir).map_err(cannot)?;
        }
        Ok(keep.then_some(data))
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_name_is_never_taken_for_a_url() {
        for good in ["dev", "a-b_c", "0"] {
            assert!(good.parse::<Name>().is_ok(), "{good}");
        }
        for bad in ["", "a.b", "a:1", "a/b", "localhost", "-", "-a", "_a", "a b", "ä", "..", &"a".repeat(64)] {
            assert!(bad.parse::<Name>().is_err(), "{bad}");
        }
    }

    #[tokio::test]
    async fn removing_keeps_data_unless_purged() {
        let root = tempfile::tempdir().unwrap();
        let store = Store::new(root.path().join("instances"));
        let name: Name = "dev".parse().unwrap();
        for (purge, left) in [(false, true), (true, false)] {
            let locked = store.lock(&name).await.unwrap();
            locked.write("settings.json", b"{}").unwrap();
            fs::create_dir_all(locked.dir().join("data/zot")).unwrap();
            let dir = locked.dir().to_owned();
            assert_eq!(fs::metadata(&dir).unwrap().permissions().mode() & 0o777, 0o700);
            assert_eq!(fs::metadata(dir.join("settings.json")).unwrap().permissions().mode() & 0o777, 0o600);
            assert!(store.find(&name).is_some());
            assert_eq!(locked.delete(purge).unwrap(), left.then(|| dir.join("data")));
            assert!(store.find(&name).is_none());
            assert_eq!(dir.exists(), left);
        }
    }

    #[tokio::test]
    async fn a_second_program_waits_for_the_first_and_sees_a_fresh_folder() {
        let root = tempfile::tempdir().unwrap();
        let store = Store::new(root.path());
        let name: Name = "dev".parse().unwrap();
        let first = store.lock(&name).await.unwrap();
        assert!(first.is_fresh());
        let second = tokio::spawn({
            let (store, name) = (store.clone(), name.clone());
            async move { store.lock(&name).await.map(|locked| locked.dir().is_dir()) }
        });
        tokio::time::sleep(Duration::from_millis(120)).await;
        first.delete(true).unwrap();
        assert!(second.await.unwrap().unwrap());
    }
}
