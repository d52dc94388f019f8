//! A change of several files of an instance, which lands whole or not at all, also when the program that makes it is killed.
//!
//! The files as they were are kept in `undo.json` until the change is done or undone. Whoever takes the folder next and finds it there
//! puts them back, unless a process or a container is written down: that happens before the first file is changed (the old one) or
//! behind the last (the new one), so the files belong to it as they are. A change under what runs ([`Locked::change_running`]) is put back
//! in any case, and in its place.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use super::file::{read_json, remove_file, write, write_json};
use super::{Instance, Locked, PROCESS, container};
use crate::error::{Error, Result};
use crate::file::{File, How};

const UNDO: &str = "undo.json";
/// What a file has in its name until it is whole.
pub(super) const UNFINISHED: &str = ".new-";

/// A change under way.
#[derive(Debug)]
pub struct Change<'a>(&'a Locked);

/// The files as they were.
#[derive(Debug, Serialize, Deserialize)]
struct Before {
    /// By name, in base64; none for one that was not there.
    files: BTreeMap<String, Option<String>>,
    /// Whether the process stays the one it is.
    running: bool,
}

impl Locked {
    /// Begins a change of these files. What was written down as running must be taken out ([`Locked::save_process`],
    /// [`Locked::save_placed`]) before the first one is changed, and the new one put in behind the last.
    ///
    /// # Errors
    /// When a file cannot be read, or what is needed to put it back not be written.
    pub fn change<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<Change<'_>> {
        self.begin(names, false)
    }

    /// Begins a change of these files under the process that runs, if one does: it looks at them itself, or is restarted behind the
    /// change.
    ///
    /// # Errors
    /// Those of [`Self::change`].
    pub fn change_running<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Result<Change<'_>> {
        self.begin(names, true)
    }

    fn begin<'a>(&self, names: impl IntoIterator<Item = &'a str>, running: bool) -> Result<Change<'_>> {
        let mut before = Before { files: BTreeMap::new(), running };
        for name in names {
            let path = self.dir().join(name);
            let content = match fs::read(&path) {
                Ok(content) => Some(STANDARD.encode(content)),
                Err(fault) if fault.kind() == ErrorKind::NotFound => None,
                Err(fault) => return Err(Error::io(format!("cannot read {}", path.display()), fault)),
            };
            before.files.insert(name.to_owned(), content);
        }
        write_json(&self.dir().join(UNDO), &before)?;
        Ok(Change(self))
    }
}

impl Change<'_> {
    /// The files stay as they are now.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn done(self) -> Result<()> {
        remove_file(&self.0.dir().join(UNDO))
    }

    /// The files become what they were.
    ///
    /// # Errors
    /// When one cannot be written; the next program that takes the folder tries again.
    pub fn undo(self) -> Result<()> {
        restore(self.0)
    }
}

/// Ends a change that was cut off, and takes away files that were never finished.
pub(super) fn recover(instance: &Instance) -> Result<()> {
    for entry in fs::read_dir(&instance.dir).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            remove_file(&entry.path())?;
        }
    }
    let undo = instance.dir.join(UNDO);
    let runs = instance.dir.join(PROCESS).exists() || container::was_begun(instance);
    if runs && !read_json(&undo)?.is_some_and(|before: Before| before.running) {
        return remove_file(&undo);
    }
    restore(instance)
}

fn restore(instance: &Instance) -> Result<()> {
    let undo = instance.dir.join(UNDO);
    let Some(Before { files, running }) = read_json(&undo)? else { return Ok(()) };
    for (name, content) in files {
        let path = instance.dir.join(name);
        let content = content.map(|content| STANDARD.decode(content)).transpose();
        match content.map_err(|fault| Error::input(format!("{}: not what reg-up wrote", undo.display())).caused_by(fault))? {
            // What runs may watch the inode.
            Some(content) if running => put_back(&path, &content)?,
            Some(content) => write(&path, &content)?,
            None => remove_file(&path)?,
        }
    }
    remove_file(&undo)
}

/// Makes a file what it was, in its place when another one is there.
fn put_back(path: &Path, content: &[u8]) -> Result<()> {
    let file = File::find(path)?;
    match file.read()? {
        Some(now) if now == content => Ok(()),
        now => file.write(now.as_deref(), content, How { in_place: true, mode: 0o600 }).map(drop),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Name, Placed, Store};
    use crate::engine::process::Process;

    enum Running {
        Nothing,
        Process,
        Container(bool),
    }

    async fn change(killed_with: Running) -> Vec<(&'static str, Option<String>)> {
        let root = tempfile::tempdir().unwrap();
        let store = Store::new(root.path());
        let name: Name = "dev".parse().unwrap();
        let locked = store.lock(&name).await.unwrap();
        locked.write("tls.crt", b"old").unwrap();
        let change = locked.change(["tls.crt", "tls.key"]).unwrap();
        locked.write("tls.crt", b"new").unwrap();
        locked.write("tls.key", b"new").unwrap();
        std::fs::write(locked.dir().join(".new-abc"), "half").unwrap();
        match killed_with {
            Running::Nothing => {}
            Running::Process => {
                let process = Process { pid: 0, started: String::new(), boot: String::new() };
                locked.save_process(Some(&process)).unwrap();
            }
            Running::Container(begun) => {
                let placed = Placed { begun: begun.then(|| "id".to_owned()), ..Placed::on("unix:///x") };
                locked.save_placed(Some(&placed)).unwrap();
            }
        }
        let _ = change;
        drop(locked);
        let locked = store.lock(&name).await.unwrap();
        ["tls.crt", "tls.key", "undo.json", ".new-abc"]
            .map(|file| (file, std::fs::read_to_string(locked.dir().join(file)).ok()))
            .into()
    }

    #[tokio::test]
    async fn a_change_that_was_cut_off_is_undone_by_the_next_who_comes() {
        for running in [Running::Nothing, Running::Container(false)] {
            let files = change(running).await;
            assert_eq!(files, [("tls.crt", Some("old".into())), ("tls.key", None), ("undo.json", None), (".new-abc", None)]);
        }
    }

    #[tokio::test]
    async fn a_change_stands_when_what_runs_was_written_down() {
        for running in [Running::Process, Running::Container(true)] {
            let files = change(running).await;
            let new = || Some("new".to_owned());
            assert_eq!(files, [("tls.crt", new()), ("tls.key", new()), ("undo.json", None), (".new-abc", None)]);
        }
    }

    #[tokio::test]
    async fn a_change_under_a_running_process_is_undone_when_it_was_cut_off() {
        let root = tempfile::tempdir().unwrap();
        let store = Store::new(root.path());
        let name: Name = "dev".parse().unwrap();
        let locked = store.lock(&name).await.unwrap();
        let process = Process { pid: 0, started: String::new(), boot: String::new() };
        locked.save_process(Some(&process)).unwrap();
        let crt = locked.write("tls.crt", b"old").unwrap();
        let cut_off = locked.change_running(["tls.crt"]).unwrap();
        locked.write("tls.crt", b"new").unwrap();
        let _ = cut_off;
        drop(locked);
        let locked = store.lock(&name).await.unwrap();
        assert_eq!(std::fs::read(&crt).unwrap(), b"old");
        assert_eq!(locked.process().unwrap(), Some(process));
    }

    #[tokio::test]
    async fn a_change_ends_as_it_is_told() {
        let root = tempfile::tempdir().unwrap();
        let locked = Store::new(root.path()).lock(&"dev".parse().unwrap()).await.unwrap();
        let crt = locked.write("tls.crt", b"\xffold").unwrap();
        let change = locked.change(["tls.crt"]).unwrap();
        locked.write("tls.crt", b"new").unwrap();
        change.undo().unwrap();
        assert_eq!(std::fs::read(&crt).unwrap(), b"\xffold");
        let change = locked.change(["tls.crt"]).unwrap();
        locked.write("tls.crt", b"new").unwrap();
        change.done().unwrap();
        assert_eq!(std::fs::read(&crt).unwrap(), b"new");
        assert!(!locked.dir().join("undo.json").exists());
    }
}
