//! The folder of the embedded registry: what stands where. This page is its specification.
//!
//! ```text
//! version                                       "1": which edition of this page the folder follows
//! lock                                          held (flock) by the server, or by an offline gc, that works on the folder
//! admin-token                                   mode 0600: who can read it may ask the running server to collect garbage
//! temporary/                                    files being written; whatever is in it when a server starts is thrown away
//! blobs/<algorithm>/<2 digits>/<digits>         content, once for all repositories: blobs and manifests
//! repositories/<name>/
//!   _blobs/<algorithm>/<digits>                 empty: this repository shows the blob
//!   _manifests/<algorithm>/<digits>             the media type: this repository has the manifest
//!   _tags/<tag>                                 the digest the tag points to; an upper-case letter X is written ^x
//!   _referrers/<algorithm>/<digits>/<algorithm>-<digits>
//!                                               the descriptor (JSON) of a manifest whose subject is the first digest
//!   _uploads/<id>                               the bytes of an upload so far
//! ```
//!
//! No part of a repository's name begins with `_`, so names cannot meet these folders; only values that [`crate::name`] has parsed
//! become paths. Tags are spelled so that `RC1` and `rc1` stay two tags on a file system that does not tell them apart.
//!
//! Files appear whole: they are written in `temporary`, synced, renamed into place, and the folder is synced. What points is written
//! after what it points to (content, referrers entry, manifest, tag) and removed before it, so that a server may be killed between
//! any two steps. What may be left then is invisible and harmless: content that nothing shows, a referrers entry whose manifest is
//! not there, a file in `temporary`. Garbage collection removes it; a restart needs no repair.
//!
//! The time of a content's or link's last change tells garbage collection when it was last promised to a client.

use crate::name::{Algorithm, Digest, Repository, TAG_MAX, Tag};

/// What `version` holds.
pub(super) const EDITION: &str = "1";
pub(super) const VERSION: &str = "version";
pub(super) const LOCK: &str = "lock";
pub(super) const ADMIN_TOKEN: &str = "admin-token";
pub(super) const TEMPORARY: &str = "temporary";
pub(super) const BLOBS: &str = "blobs";
pub(super) const REPOSITORIES: &str = "repositories";

pub(super) const ALGORITHMS: [Algorithm; 2] = [Algorithm::Sha256, Algorithm::Sha512];

/// The folder of all content by one algorithm, divided by the first two digits.
pub(super) fn contents(algorithm: Algorithm) -> String {
    format!("{BLOBS}/{}", algorithm.as_str())
}

pub(super) fn content(digest: &Digest) -> String {
    let hex = digest.hex();
    format!("{BLOBS}/{}/{}/{hex}", digest.algorithm().as_str(), &hex[..2])
}

/// The folder of the blobs, by one algorithm, that a repository shows.
pub(super) fn blobs(repository: &Repository, algorithm: Algorithm) -> String {
    format!("{REPOSITORIES}/{repository}/_blobs/{}", algorithm.as_str())
}

pub(super) fn blob(repository: &Repository, digest: &Digest) -> String {
    format!("{REPOSITORIES}/{repository}/_blobs/{}/{}", digest.algorithm().as_str(), digest.hex())
}

/// The folder of a repository's manifests by one algorithm.
pub(super) fn manifests(repository: &Repository, algorithm: Algorithm) -> String {
    format!("{REPOSITORIES}/{repository}/_manifests/{}", algorithm.as_str())
}

pub(super) fn manifest(repository: &Repository, digest: &Digest) -> String {
    format!("{REPOSITORIES}/{repository}/_manifests/{}/{}", digest.algorithm().as_str(), digest.hex())
}

pub(super) fn tags(repository: &Repository) -> String {
    format!("{REPOSITORIES}/{repository}/_tags")
}

pub(super) fn tag(repository: &Repository, tag: &Tag) -> String {
    let mut path = format!("{REPOSITORIES}/{repository}/_tags/");
    // 128 capitals, one by one, would be longer than a file name may be (255 bytes); no other tag is.
    if tag.as_str().len() == TAG_MAX && tag.as_str().bytes().all(|letter| letter.is_ascii_uppercase()) {
        return format!("{path}^^{}", tag.as_str().to_ascii_lowercase());
    }
    for letter in tag.as_str().chars() {
        if letter.is_ascii_uppercase() {
            path.push('^');
        }
        path.push(letter.to_ascii_lowercase());
    }
    path
}

/// The tag of a file name in [`tags`].
pub(super) fn read_tag(name: &str) -> Option<Tag> {
    if let Some(capitals) = name.strip_prefix("^^") {
        return capitals.to_ascii_uppercase().parse().ok();
    }
    let mut letters = name.chars();
    let mut tag = String::with_capacity(name.len());
    while let Some(letter) = letters.next() {
        tag.push(if letter == '^' { letters.next()?.to_ascii_uppercase() } else { letter });
    }
    tag.parse().ok()
}

/// The folder of all subjects by one algorithm.
pub(super) fn subjects(repository: &Repository, algorithm: Algorithm) -> String {
    format!("{REPOSITORIES}/{repository}/_referrers/{}", algorithm.as_str())
}

/// The folder of what refers to a subject.
pub(super) fn referrers(repository: &Repository, subject: &Digest) -> String {
    format!("{REPOSITORIES}/{repository}/_referrers/{}/{}", subject.algorithm().as_str(), subject.hex())
}

pub(super) fn referrer(repository: &Repository, subject: &Digest, digest: &Digest) -> String {
    format!("{}/{}-{}", referrers(repository, subject), digest.algorithm().as_str(), digest.hex())
}

/// The digest of a file name in [`referrers`].
pub(super) fn read_referrer(name: &str) -> Option<Digest> {
    name.replacen('-', ":", 1).parse().ok()
}

/// The digest of a file name below a folder of one algorithm.
pub(super) fn read_digest(algorithm: Algorithm, name: &str) -> Option<Digest> {
    format!("{}:{name}", algorithm.as_str()).parse().ok()
}

pub(super) fn uploads(repository: &Repository) -> String {
    format!("{REPOSITORIES}/{repository}/_uploads")
}

pub(super) fn upload(repository: &Repository, id: &str) -> String {
    format!("{REPOSITORIES}/{repository}/_uploads/{id}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tags_that_differ_in_case_are_two_files_everywhere() {
        let name: Repository = "a/b".parse().unwrap();
        assert_eq!(tag(&name, &"v1.0-RC1".parse().unwrap()), "repositories/a/b/_tags/v1.0-^r^c1");
        assert_eq!(tag(&name, &"_x".parse().unwrap()), "repositories/a/b/_tags/_x");
    }

    proptest! {
        #[test]
        fn a_tag_is_read_back_from_its_file_name(text in "[a-zA-Z0-9_][a-zA-Z0-9._-]{0,20}") {
            let name: Repository = "a".parse().unwrap();
            let path = tag(&name, &text.parse().unwrap());
            let file = path.rsplit('/').next().unwrap();
            prop_assert_eq!(read_tag(file).unwrap().to_string(), text);
        }

        #[test]
        fn a_digest_is_read_back_from_its_file_name(seed: u8) {
            let name: Repository = "a".parse().unwrap();
            for algorithm in ALGORITHMS {
                let digest = Digest::of(algorithm, [seed]);
                let path = referrer(&name, &digest, &digest);
                prop_assert_eq!(read_referrer(path.rsplit('/').next().unwrap()), Some(digest.clone()));
                prop_assert_eq!(read_digest(algorithm, content(&digest).rsplit('/').next().unwrap()), Some(digest));
            }
        }
    }
}
