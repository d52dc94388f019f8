//! What points to what in a repository: its tags, and the indexes that a tag leads to.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt, TryStreamExt, stream};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::name::{Algorithm, Digest, Repository, Tag};
use reg_shared::oci::media::is_index;
use reg_shared::oci::{Client, fallback_tag};

use crate::AT_ONCE;

/// What is in a repository, as far as its tags lead there.
#[derive(Debug, Default)]
pub(crate) struct Holdings {
    tags: BTreeMap<Tag, Digest>,
    indexes: BTreeMap<Digest, BTreeSet<Digest>>,
}

impl Holdings {
    /// Looks at every tag, and into every index.
    pub(crate) async fn look(client: &Client, repository: &Repository) -> Result<Self> {
        let tags = match client.tags(repository).await {
            Err(fault) if fault.kind() == Exit::NotFound => Vec::new(),
            tags => tags?,
        };
        let found: Vec<_> = stream::iter(tags)
            .map(|tag| async {
                let found = client.resolve(repository, &tag.clone().into()).await?;
                Ok::<_, Error>(found.map(|found| (tag, found)))
            })
            .buffer_unordered(AT_ONCE)
            .try_filter_map(|found| async { Ok(found) })
            .try_collect()
            .await?;
        let mut holdings = Self::default();
        let mut next = BTreeSet::new();
        for (tag, found) in found {
            // A list of referrers is no image that would miss what it lists.
            if is_index(&found.media_type) && stands_for(&tag).is_none() {
                next.insert(found.digest.clone());
            }
            holdings.tags.insert(tag, found.digest);
        }
        while !next.is_empty() {
            let indexes = std::mem::take(&mut next);
            let read: Vec<_> = stream::iter(indexes)
                .map(|digest| async { index(client, repository, digest).await })
                .buffer_unordered(AT_ONCE)
                .try_collect()
                .await?;
            for (digest, entries) in read {
                next.extend(entries.iter().filter(|(_, media_type)| is_index(media_type)).map(|(entry, _)| entry.clone()));
                holdings.indexes.insert(digest, entries.into_iter().map(|(entry, _)| entry).collect());
            }
            next.retain(|digest| !holdings.indexes.contains_key(digest));
        }
        Ok(holdings)
    }

    /// The tags that point to a manifest.
    pub(crate) fn tags_of(&self, digest: &Digest) -> Vec<Tag> {
        self.tags.iter().filter(|(_, to)| *to == digest).map(|(tag, _)| tag.clone()).collect()
    }

    /// The indexes that list a manifest.
    pub(crate) fn indexes_with(&self, digest: &Digest) -> Vec<Digest> {
        self.indexes.iter().filter(|(_, entries)| entries.contains(digest)).map(|(index, _)| index.clone()).collect()
    }

    /// Whether it is an index.
    pub(crate) fn is_index(&self, digest: &Digest) -> bool {
        self.indexes.contains_key(digest)
    }

    /// The tags that stand for something about a manifest by their names, and what they point to: the list of its referrers, and what
    /// cosign puts beside an image (`sha256-….sig`, `.att`, `.sbom`).
    pub(crate) fn tags_about(&self, subject: &Digest) -> Vec<(Tag, Digest)> {
        let about = |tag: &Tag| fallback_tag(subject).is_ok_and(|name| stands_for(tag) == Some(name.as_str()));
        self.tags.iter().filter(|(tag, _)| about(tag)).map(|(tag, digest)| (tag.clone(), digest.clone())).collect()
    }
}

async fn index(client: &Client, repository: &Repository, digest: Digest) -> Result<(Digest, Vec<(Digest, String)>)> {
    let entries = match client.manifest(repository, &digest.clone().into()).await {
        Ok((_, view)) => view.manifests.unwrap_or_default(),
        Err(fault) if fault.kind() == Exit::NotFound => Vec::new(),
        Err(fault) => return Err(fault),
    };
    Ok((digest, entries.into_iter().map(|entry| (entry.digest, entry.media_type)).collect()))
}

/// The part of a tag's name that a digest is written in: `sha256-…`, alone or with an ending behind a dot.
fn stands_for(tag: &Tag) -> Option<&str> {
    let name = tag.as_str().split('.').next().unwrap_or_default();
    let (algorithm, digits) = name.split_once('-')?;
    let known: Algorithm = algorithm.parse().ok()?;
    let length = known.hex_len().min(64);
    (digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_may_stand_for_what_is_about_a_manifest() {
        let subject = Digest::sha256("image");
        let name = fallback_tag(&subject).unwrap();
        let other = fallback_tag(&Digest::sha256("other")).unwrap();
        let tags = [name.to_string(), format!("{name}.sig"), other.to_string(), "v1".to_owned(), "sha256-abc".to_owned()];
        let tags = tags.iter().map(|tag| (tag.parse().unwrap(), Digest::sha256("x"))).collect();
        let holdings = Holdings { tags, ..Holdings::default() };
        let about: Vec<String> = holdings.tags_about(&subject).iter().map(|(tag, _)| tag.to_string()).collect();
        assert_eq!(about, [name.to_string(), format!("{name}.sig")]);
    }
}
