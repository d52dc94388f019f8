//! How the garbage of each type is collected.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Registry;
use crate::distribution;
use crate::error::{Error, Result};
use crate::name::Digest;
use crate::oci::media;
use crate::version::Version;

/// How the garbage of a type is collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Collection {
    /// The running server does it when asked; the folder of a stopped one is swept by us.
    Server,
    /// A command of the registry's own program does it, while nobody writes.
    Program(Program),
    /// The registry does it by itself and cannot be asked.
    Schedule,
}

/// Distribution's command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Program;

impl Registry {
    /// How its garbage is collected; none when it cannot be from here.
    #[must_use]
    pub fn collection(self) -> Option<Collection> {
        match self {
            Self::Embedded => Some(Collection::Server),
            Self::Distribution => Some(Collection::Program(Program)),
            Self::Zot => Some(Collection::Schedule),
            Self::Harbor | Self::Oci => None,
        }
    }
}

impl Program {
    /// Its arguments, in front of the configuration's path.
    #[must_use]
    pub fn args(self, dry_run: bool, untagged: bool) -> Vec<&'static str> {
        distribution::collect(dry_run, untagged)
    }

    /// Whether it failed with this line because nothing was ever stored.
    #[must_use]
    pub fn found_nothing(self, line: &str) -> bool {
        distribution::nothing_stored(line)
    }

    /// The contents in a data folder: how many, and their bytes.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn contents(self, data: &Path) -> Result<(u64, u64)> {
        let mut sum = (0, 0);
        for algorithm in children(&data.join(ROOT).join("blobs"))? {
            for prefix in children(&algorithm)? {
                for content in children(&prefix)? {
                    if let Ok(found) = fs::metadata(content.join("data")) {
                        sum = (sum.0 + 1, sum.1 + found.len());
                    }
                }
            }
        }
        Ok(sum)
    }

    /// The bytes of these contents in a data folder.
    #[must_use]
    pub fn bytes_of(self, data: &Path, contents: &[Digest]) -> u64 {
        contents.iter().filter_map(|digest| fs::metadata(content(data, &digest.to_string())).ok()).map(|found| found.len()).sum()
    }

    /// Whether manifests without a tag may be removed: not where that takes the images out of a tagged index. An unknown version counts as
    /// an old one.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Unsupported`] when it would, or when nobody can see whether it would.
    pub fn may_remove_untagged(self, version: Option<&str>, data: Option<&Path>) -> Result<()> {
        if version.and_then(|version| version.parse::<Version>().ok()).is_some_and(distribution::spares_indexes) {
            return Ok(());
        }
        let hint = "Distribution 3.0 and newer keep what an index refers to";
        let release = version.map_or("a release before 3.0".to_owned(), |version| format!("Distribution {version}"));
        let Some(data) = data else {
            let what =
                format!("{release} removes the images of every tagged index, too, and its data cannot be looked through from here");
            return Err(Error::unsupported(what).hint(hint));
        };
        match first_index(data)? {
            None => Ok(()),
            Some(index) => Err(Error::unsupported(format!("{release} would remove the images of {index}, too")).hint(hint)),
        }
    }
}

/// The folder in Distribution's data where all is.
const ROOT: &str = "docker/registry/v2";

/// Distribution's file of a content, in its data folder (`registry/storage/paths.go`).
fn content(data: &Path, digest: &str) -> PathBuf {
    let (algorithm, hex) = digest.split_once(':').unwrap_or(("sha256", digest));
    data.join(ROOT).join("blobs").join(algorithm).join(hex.get(..2).unwrap_or_default()).join(hex).join("data")
}

/// An index in Distribution's data folder, as `repository@digest`; none when there is none.
fn first_index(data: &Path) -> Result<Option<String>> {
    let root = data.join(ROOT).join("repositories");
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for path in children(&folder)? {
            let name = path.file_name().unwrap_or_default();
            if name != "_manifests" {
                folders.extend((!name.as_encoded_bytes().starts_with(b"_")).then_some(path));
                continue;
            }
            for algorithm in children(&path.join("revisions"))? {
                for revision in children(&algorithm)? {
                    let part = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    let digest = format!("{}:{}", part(&algorithm), part(&revision));
                    if is_index(&content(data, &digest)) {
                        let repository = folder.strip_prefix(&root).unwrap_or(&folder);
                        return Ok(Some(format!("{}@{digest}", repository.display())));
                    }
                }
            }
        }
    }
    Ok(None)
}

/// The folders in a folder; none when there is no such folder.
fn children(folder: &Path) -> Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(entries) => Ok(entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect()),
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(fault) => Err(Error::io(format!("cannot read {}", folder.display()), fault)),
    }
}

/// Whether a manifest is an index, by its own words or by what it holds. One that cannot be read counts as one: nothing is lost by it.
fn is_index(file: &Path) -> bool {
    let Ok(bytes) = fs::read(file) else { return file.exists() };
    let Ok(manifest) = serde_json::from_slice::<Value>(&bytes) else { return true };
    let media_type = manifest.get("mediaType").and_then(Value::as_str).unwrap_or_default();
    media::is_index(media_type) || manifest.get("manifests").is_some_and(Value::is_array)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_without_a_tag_go_only_where_no_index_loses_its_images() {
        let data = tempfile::tempdir().unwrap();
        let may = |version: Option<&str>, data| Program.may_remove_untagged(version, data).map_err(|fault| fault.to_string());
        let put = |repository: &str, hex: &str, manifest: &str| {
            let blob = content(data.path(), &format!("sha256:{hex}"));
            fs::create_dir_all(blob.parent().unwrap()).unwrap();
            fs::write(blob, manifest).unwrap();
            let link = data.path().join(ROOT).join("repositories").join(repository).join("_manifests/revisions/sha256").join(hex);
            fs::create_dir_all(link).unwrap();
        };
        assert_eq!(may(Some("2.8.2"), Some(data.path())), Ok(()));
        put("team/app", &"a".repeat(64), r#"{"schemaVersion":2,"layers":[]}"#);
        assert_eq!(may(Some("2.8.2"), Some(data.path())), Ok(()));
        put("team/deep/app", &"b".repeat(64), r#"{"schemaVersion":2,"manifests":[]}"#);
        let index = format!("team/deep/app@sha256:{}", "b".repeat(64));
        assert_eq!(
            may(Some("2.8.2"), Some(data.path())),
            Err(format!("Distribution 2.8.2 would remove the images of {index}, too"))
        );
        assert_eq!(may(None, Some(data.path())), Err(format!("a release before 3.0 would remove the images of {index}, too")));
        assert_eq!(may(Some("3.1.1"), Some(data.path())), Ok(()));
        assert!(may(Some("2.8.2"), None).is_err());
    }
}
