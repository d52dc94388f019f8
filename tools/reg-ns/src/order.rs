//! Versions in tags: which are within a range, and which comes first.
//!
//! A tag is a version when it is one of semver.org, with a `v` in front or not, and with parts left out at its end (`v1`, `1.2`). What a
//! version says behind a plus sign stands behind an underscore in a tag, which has no plus sign.

use std::cmp::Ordering;

use semver::{Version, VersionReq};

/// A range of versions.
#[derive(Debug, Clone)]
pub(crate) struct Range(VersionReq);

impl Range {
    /// Whether a tag is a version within it. One that is not a release (`1.2.0-rc.1`) is only within a range that names one of the same
    /// version.
    pub(crate) fn has(&self, tag: &str) -> bool {
        version(tag).is_some_and(|version| self.0.matches(&version))
    }
}

/// Reads a range.
///
/// # Errors
/// What is wrong with it, in words.
pub(crate) fn range(text: &str) -> Result<Range, String> {
    VersionReq::parse(text).map(Range).map_err(|fault| format!("{fault}; a range is written like ^1.2, ~1.2 or '>=1.2, <2'"))
}

/// The version that a tag is.
fn version(tag: &str) -> Option<Version> {
    let text = tag.strip_prefix(['v', 'V']).unwrap_or(tag).replacen('_', "+", 1);
    let end = text.find(['-', '+']).unwrap_or(text.len());
    let (core, rest) = text.split_at(end);
    let left_out = 2usize.saturating_sub(core.matches('.').count());
    Version::parse(&format!("{core}{}{rest}", ".0".repeat(left_out))).ok()
}

/// By version; what is none comes first, and of two of the same version the one whose name does.
pub(crate) fn by_version(left: &str, right: &str) -> Ordering {
    version(left).cmp(&version(right)).then_with(|| left.cmp(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_sorted_by_version_with_the_others_in_front() {
        let mut tags = ["v1.10.0", "latest", "v1.9.0", "1", "v1.10.0-rc.1", "2.0", "v1.9.0_build7", "1.2.3.4", "sha-abc", "01.2"];
        tags.sort_by(|left, right| by_version(left, right));
        assert_eq!(
            tags,
            ["01.2", "1.2.3.4", "latest", "sha-abc", "1", "v1.9.0", "v1.9.0_build7", "v1.10.0-rc.1", "v1.10.0", "2.0"]
        );
    }

    #[test]
    fn a_range_takes_releases_and_the_candidates_it_names() {
        for (text, tag, within) in [
            ("^1.2", "v1.9.0", true),
            ("^1.2", "2.0", false),
            (">=1.2, <2", "1.2", true),
            (">=1.2, <2", "1.3.0-rc.1", false),
            (">=1.3.0-rc.1", "1.3.0-rc.2", true),
            ("*", "latest", false),
            ("16", "16", true),
        ] {
            assert_eq!(range(text).unwrap().has(tag), within, "{tag} in {text}");
        }
        let fault = range(">=1.2 <2").unwrap_err();
        assert!(fault.ends_with("a range is written like ^1.2, ~1.2 or '>=1.2, <2'"), "{fault}");
    }
}
