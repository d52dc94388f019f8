//! How a tag is taken away from each type of registry, without the manifest's other tags.

use super::Registry;
use crate::error::Result;
use crate::exit::Exit;
use crate::name::{Repository, Tag};
use crate::oci::Client;

impl Registry {
    /// Takes one tag away; the manifest and its other tags stay. What is begun must be ended: do not drop the future half-way.
    ///
    /// # Errors
    /// [`Exit::NotFound`] when there is no such tag; [`Exit::Unsupported`] when the registry deletes nothing.
    pub async fn delete_tag(self, version: Option<&str>, client: &Client, repository: &Repository, tag: &Tag) -> Result<()> {
        if self.deletes_tags(version) {
            match client.tag_delete(repository, tag).await {
                Err(fault) if fault.kind() == Exit::Unsupported => {}
                ended => return ended,
            }
        }
        client.tag_replace_and_delete(repository, tag).await
    }

    /// Whether it may be that a tag is taken away by way of its digest only: whether it is gone then, only the list of tags tells.
    #[must_use]
    pub fn may_keep_tags(self, version: Option<&str>) -> bool {
        match self {
            Self::Embedded | Self::Zot | Self::Harbor => false,
            Self::Distribution => version.is_none() || !self.deletes_tags(version),
            Self::Oci => true,
        }
    }

    /// Whether the `Last-Modified` of a tag says since when it points to its manifest. For others it is missing or means something else.
    #[must_use]
    pub fn dates_tags(self) -> bool {
        match self {
            Self::Embedded => true,
            Self::Zot | Self::Harbor | Self::Distribution | Self::Oci => false,
        }
    }

    /// Whether a repository of which everything was deleted stays in its catalog. zot takes it away when it collects garbage,
    /// Distribution never does.
    #[must_use]
    pub fn leaves_ghosts(self) -> bool {
        match self {
            Self::Zot | Self::Distribution | Self::Oci => true,
            Self::Embedded | Self::Harbor => false,
        }
    }

    /// Whether it lists referrers itself. Distribution does not, in no release: a tag stands in for the list.
    #[must_use]
    pub fn lists_referrers(self) -> bool {
        match self {
            Self::Distribution => false,
            Self::Embedded | Self::Zot | Self::Harbor | Self::Oci => true,
        }
    }
}
