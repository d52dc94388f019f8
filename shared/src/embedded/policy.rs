//! Who may do what: a layout in a file that may change at any time.
//!
//! The file is looked at on every request and read again when it changed; as long as it cannot be understood nobody may do anything.
//! Somebody who is not logged in and may not is asked to log in; somebody who is, is told what they may not do.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::answer::Refusal;
use super::log::Log;
use super::stamp::Stamp;
use super::uploads::on_thread;
use crate::access::Access;
use crate::error::{Error, Result};
use crate::layout::{Action, Layout};
use crate::name::{Repository, Selector, Tag, quoted};
use crate::oci::code::Code;
use crate::oci::endpoint::Request;

/// The layout of a server.
#[derive(Debug)]
pub(super) struct Policy {
    file: PathBuf,
    log: Log,
    state: Mutex<State>,
    /// Held from the look at a tag to its change, so that of two who create it one changes it.
    pub(super) tags: Arc<Mutex<()>>,
}

#[derive(Debug)]
struct State {
    stamp: Option<Stamp>,
    access: Arc<Access>,
    /// Why nobody may do anything.
    fault: Option<String>,
}

impl Policy {
    /// Reads the file for the first time.
    ///
    /// # Errors
    /// The file cannot be read or understood.
    pub(super) fn new(file: &Path, log: Log) -> Result<Self> {
        let stamp = Stamp::of(file).ok();
        let access = Arc::new(Access::new(&read(file)?));
        let state = Mutex::new(State { stamp, access, fault: None });
        Ok(Self { file: file.to_owned(), log, state, tags: Arc::default() })
    }

    /// What is allowed now.
    pub(super) async fn access(&self) -> Arc<Access> {
        let stamp = Stamp::of(&self.file).ok();
        {
            let state = self.state();
            if stamp.is_some() && stamp == state.stamp && stamp.as_ref().is_some_and(Stamp::is_settled) {
                return Arc::clone(&state.access);
            }
        }
        let file = self.file.clone();
        let layout = on_thread(move || Ok(read(&file).map(|layout| Access::new(&layout)))).await;
        let layout = layout.map_err(|fault| fault.to_string()).and_then(|read| read.map_err(|fault| fault.to_string()));
        let mut state = self.state();
        let (access, fault) = match layout {
            Ok(access) => (access, None),
            Err(fault) => (Access::new(&Layout::default()), Some(fault)),
        };
        if let Some(fault) = fault.as_ref().filter(|fault| state.fault.as_ref() != Some(*fault)) {
            self.log.say("error", &format!("nobody may do anything: {fault}"));
        } else if fault.is_none() && stamp != state.stamp {
            self.log.say("info", "the layout was read again");
        }
        *state = State { stamp, access: Arc::new(access), fault };
        Arc::clone(&state.access)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // It is replaced as a whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read(file: &Path) -> Result<Layout> {
    let name = file.display().to_string();
    let text =
        std::fs::read_to_string(file).map_err(|fault| Error::io(format!("cannot read the layout {}", quoted(&name)), fault))?;
    Layout::parse(&text, &name)
}

/// What the sender of a request may do. Without a layout, everything.
#[derive(Debug, Clone)]
pub(super) struct Rights {
    access: Option<Arc<Access>>,
    user: Option<String>,
}

impl Rights {
    pub(super) fn new(access: Option<Arc<Access>>, user: Option<String>) -> Self {
        Self { access, user }
    }

    /// Whether it depends on who asks.
    pub(super) fn are_limited(&self) -> bool {
        self.access.is_some()
    }

    /// Whether they may see a repository.
    pub(super) fn read(&self, repository: &str) -> bool {
        self.access.as_ref().is_none_or(|access| access.decide(self.user.as_deref(), Action::Read, repository, None).allowed)
    }

    /// Refuses what they may not do.
    pub(super) fn may(&self, action: Action, repository: &Repository, tag: Option<&Tag>) -> std::result::Result<(), Refusal> {
        let Some(access) = &self.access else { return Ok(()) };
        if access.decide(self.user.as_deref(), action, repository.as_str(), tag).allowed {
            return Ok(());
        }
        let Some(user) = &self.user else { return Err(Refusal::unauthorized()) };
        let what = tag.map_or_else(|| quoted(repository.as_str()), |tag| quoted(&format!("{repository}:{tag}")));
        Err(Refusal::new(Code::Denied, format!("{} may not {action} in {what}", quoted(user))))
    }

    /// Refuses a request that they may not make. What depends on the tags that are there is asked with [`Self::put`] and
    /// [`Self::delete`].
    pub(super) fn request(&self, request: &Request) -> std::result::Result<(), Refusal> {
        match request {
            Request::Ping if self.are_limited() && self.user.is_none() => Err(Refusal::unauthorized()),
            Request::Ping | Request::Catalog(_) => Ok(()),
            Request::Tags(repository, _)
            | Request::Referrers(repository, ..)
            | Request::ManifestHead(repository, _)
            | Request::ManifestGet(repository, _)
            | Request::BlobHead(repository, _)
            | Request::BlobGet(repository, _) => self.may(Action::Read, repository, None),
            Request::ManifestPut(repository, ..)
            | Request::UploadStart(repository, _)
            | Request::UploadWhole(repository, _)
            | Request::UploadMount(repository, ..)
            | Request::UploadStatus(repository, _)
            | Request::UploadChunk(repository, _)
            | Request::UploadFinish(repository, ..)
            | Request::UploadCancel(repository, _) => self.write(repository),
            Request::ManifestDelete(repository, Selector::Tag(tag)) => self.may(Action::Delete, repository, Some(tag)),
            Request::ManifestDelete(repository, Selector::Digest(_)) | Request::BlobDelete(repository, _) => {
                self.may(Action::Delete, repository, None)
            }
        }
    }

    /// Whoever may push a new tag or move one may bring what it needs.
    fn write(&self, repository: &Repository) -> std::result::Result<(), Refusal> {
        self.may(Action::Update, repository, None).or_else(|_| self.may(Action::Create, repository, None))
    }

    /// Refuses to point a tag that they may not, now that it is known whether it is there.
    pub(super) fn put(&self, repository: &Repository, tag: &Tag, there: bool) -> std::result::Result<(), Refusal> {
        self.may(if there { Action::Update } else { Action::Create }, repository, Some(tag))
    }

    /// Refuses to delete a manifest that one of these tags points to.
    pub(super) fn delete<'a>(
        &self,
        repository: &Repository,
        mut tags: impl Iterator<Item = &'a Tag>,
    ) -> std::result::Result<(), Refusal> {
        tags.try_for_each(|tag| self.may(Action::Delete, repository, Some(tag)))
    }
}
