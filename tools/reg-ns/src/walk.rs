//! Everything that the tags of repositories lead to: their manifests, those that an index lists, and those about them.
//!
//! Reads manifests and no blob: a manifest says how large its blobs are. A repository or manifest that may not or cannot be read is
//! counted and passed over; what is gone by the time that it is asked for was never there.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::{StreamExt, TryStreamExt, stream};
use reg_shared::cli::{Connection, Context};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::name::{Digest, Repository, Selector, Tag};
use reg_shared::oci::manifest::View;
use reg_shared::registry;

use crate::AT_ONCE;

/// What a repository holds.
#[derive(Debug)]
pub(crate) struct Holding {
    pub(crate) repository: Repository,
    pub(crate) tags: Vec<Tag>,
    /// How large each manifest and each blob is, in bytes.
    pub(crate) content: HashMap<Digest, u64>,
    /// Its manifests: whatever was found by way of another comes behind that.
    pub(crate) manifests: Vec<Digest>,
    /// Those of them that an index lists.
    pub(crate) listed: HashSet<Digest>,
    /// The bytes of all manifests, each with all of its blobs.
    pub(crate) referenced: u64,
    /// How much of it could not be read.
    pub(crate) unreadable: usize,
}

/// Something to be read: in which repository, and what.
type Next = (usize, Selector);

/// What was read: the manifest, and what is about it.
struct Read {
    digest: Digest,
    size: u64,
    view: View,
    referrers: Vec<Digest>,
}

/// Reads all that the tags of these repositories lead to.
pub(crate) async fn walk(context: &Context, connection: &Connection, repositories: Vec<Repository>) -> Result<Vec<Holding>> {
    let listed: Vec<_> = stream::iter(repositories)
        .map(|repository| async move {
            let tags = passable(context, connection.client.tags(&repository).await)?;
            Ok::<_, Error>((repository, tags))
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    let (mut holdings, mut next) = (Vec::new(), Vec::<Next>::new());
    for (repository, tags) in listed {
        let unreadable = usize::from(matches!(tags, Passable::Unreadable));
        let tags = if let Passable::Read(tags) = tags { tags } else { Vec::new() };
        next.extend(tags.iter().map(|tag| (holdings.len(), tag.clone().into())));
        let (content, manifests, listed) = (HashMap::new(), Vec::new(), HashSet::new());
        let holding = Holding { repository, tags, content, manifests, listed, referenced: 0, unreadable };
        holdings.push(holding);
    }
    let kind: registry::Registry = connection.registry.kind.into();
    // The first answer tells whether the registry keeps lists of referrers; where it does not, tags stand in for them.
    let lists_referrers = AtomicBool::new(kind.lists_referrers());
    while !next.is_empty() {
        let read: Vec<(usize, Passable<Read>)> = stream::iter(std::mem::take(&mut next))
            .map(|(at, selector)| {
                let (repository, lists) = (&holdings[at].repository, &lists_referrers);
                async move { Ok::<_, Error>((at, read(context, connection, repository, selector, lists).await?)) }
            })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        for (at, read) in read {
            match read {
                Passable::Read(read) => next.extend(holdings[at].take(read).into_iter().map(|digest| (at, digest.into()))),
                Passable::Unreadable => holdings[at].unreadable += 1,
                Passable::Gone => {}
            }
        }
    }
    Ok(holdings)
}

async fn read(
    context: &Context,
    connection: &Connection,
    repository: &Repository,
    selector: Selector,
    lists_referrers: &AtomicBool,
) -> Result<Passable<Read>> {
    let (manifest, view) = match passable(context, connection.client.manifest(repository, &selector).await)? {
        Passable::Read(read) => read,
        Passable::Unreadable => return Ok(Passable::Unreadable),
        Passable::Gone => return Ok(Passable::Gone),
    };
    let mut referrers = Vec::new();
    if lists_referrers.load(Ordering::Relaxed) {
        match connection.client.referrers_by_api(repository, &manifest.digest, None).await? {
            Some(found) => referrers = found.into_iter().map(|referrer| referrer.digest).collect(),
            None => lists_referrers.store(false, Ordering::Relaxed),
        }
    }
    Ok(Passable::Read(Read { digest: manifest.digest, size: manifest.bytes.len() as u64, view, referrers }))
}

impl Holding {
    /// Whether it is a name in the catalog and nothing else.
    pub(crate) fn is_ghost(&self, kind: registry::Registry) -> bool {
        self.tags.is_empty() && self.unreadable == 0 && kind.leaves_ghosts()
    }

    /// Counts a manifest that is new, and says what it leads to.
    fn take(&mut self, read: Read) -> Vec<Digest> {
        let Read { digest, size, view, referrers } = read;
        if self.content.insert(digest.clone(), size).is_some() {
            return Vec::new();
        }
        self.manifests.push(digest);
        self.referenced += size;
        for blob in view.blobs() {
            self.referenced = self.referenced.saturating_add(blob.size);
            self.content.insert(blob.digest.clone(), blob.size);
        }
        let entries: Vec<Digest> = view.manifests.into_iter().flatten().map(|entry| entry.digest).collect();
        self.listed.extend(entries.iter().cloned());
        entries.into_iter().chain(referrers).filter(|digest| !self.content.contains_key(digest)).collect()
    }
}

/// Something that was asked for.
enum Passable<T> {
    Read(T),
    Unreadable,
    Gone,
}

/// What a failure means for the walk: it goes on, unless the registry itself is the matter.
fn passable<T>(context: &Context, outcome: Result<T>) -> Result<Passable<T>> {
    match outcome {
        Ok(read) => Ok(Passable::Read(read)),
        Err(fault) => match fault.kind() {
            Exit::NotFound => Ok(Passable::Gone),
            Exit::Denied | Exit::Failed | Exit::Integrity | Exit::Unsupported => {
                context.messages.warn(fault.to_string());
                Ok(Passable::Unreadable)
            }
            _ => Err(fault),
        },
    }
}
