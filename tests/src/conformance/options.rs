//! What a run is told: the version of the spec, the repositories, and what is switched off.

use std::collections::BTreeSet;

use reg_shared::secret::Secret;
use reg_shared::tls::trust::Trust;

/// A version of the distribution spec: it decides what is switched off to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// 1.0: before referrers.
    V1_0,
    /// 1.1, which the suite also calls stable.
    V1_1,
    /// What the next version adds: digest headers must be there, uploads can be cancelled, a manifest is pushed with its tags.
    Dev,
}

/// How a run is to be.
#[derive(Debug, Clone)]
pub struct Options {
    /// The repository that is tested.
    pub repo1: String,
    /// The repository that blobs are mounted from.
    pub repo2: String,
    /// User name and password, for a registry that asks.
    pub credentials: Option<(String, Secret)>,
    /// The certificates that are believed where the registry speaks TLS.
    pub trust: Trust,
    /// What the content is made from: the same seed makes the same bytes.
    pub seed: u64,
    /// What is not tested.
    pub off: BTreeSet<Switch>,
}

impl Options {
    /// The suite's own defaults for a version.
    #[must_use]
    pub fn new(version: Version) -> Self {
        use Switch::{BlobDigestHeader, ManifestDigestHeader, MountAnonymous, Referrer, Sparse, TagParam, UploadCancel};
        let off = match version {
            Version::V1_0 => {
                vec![BlobDigestHeader, ManifestDigestHeader, UploadCancel, TagParam, Sparse, MountAnonymous, Referrer]
            }
            Version::V1_1 => vec![BlobDigestHeader, ManifestDigestHeader, UploadCancel, TagParam, Sparse],
            Version::Dev => vec![Sparse],
        };
        Self {
            repo1: "conformance/repo1".to_owned(),
            repo2: "conformance/repo2".to_owned(),
            credentials: None,
            trust: Trust::default(),
            seed: 1,
            off: off.into_iter().collect(),
        }
    }

    /// Whether this is tested.
    #[must_use]
    pub fn has(&self, switch: Switch) -> bool {
        !self.off.contains(&switch)
    }
}

/// One thing that can be tested or not: the suite's `OCI_API_*` and `OCI_DATA_*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Switch {
    /// `GET /v2/`.
    Ping,
    /// Reading manifests and blobs.
    Pull,
    /// Writing them. Without it there is no content, and little to test.
    Push,
    /// A deleted blob is gone at once.
    BlobAtomic,
    /// Blobs can be deleted.
    BlobDelete,
    /// Answers about blobs carry `Docker-Content-Digest`.
    BlobDigestHeader,
    /// A mount without a source repository.
    MountAnonymous,
    /// An upload can be cancelled.
    UploadCancel,
    /// A deleted manifest is gone at once.
    ManifestAtomic,
    /// Manifests can be deleted.
    ManifestDelete,
    /// Answers about manifests carry `Docker-Content-Digest`.
    ManifestDigestHeader,
    /// A manifest is pushed by digest with tags as parameters.
    TagParam,
    /// A deleted tag is gone at once.
    TagAtomic,
    /// Tags can be deleted.
    TagDelete,
    /// Tags can be listed.
    TagList,
    /// Referrers can be listed.
    Referrer,
    /// An image; all other content needs it too.
    Image,
    /// An index.
    Index,
    /// An index of indexes.
    IndexList,
    /// Manifests that name content which is not there.
    Sparse,
    /// An artifact.
    Artifact,
    /// Manifests with a subject.
    Subject,
    /// A manifest whose subject is not there.
    SubjectMissing,
    /// An index of artifacts.
    ArtifactList,
    /// An index with a subject.
    SubjectList,
    /// Descriptors with the content in `data`.
    DataField,
    /// Layers that must not be distributed.
    Nondistributable,
    /// Fields the spec does not know.
    CustomFields,
    /// An image without layers.
    NoLayers,
    /// A blob of no bytes.
    EmptyBlob,
    /// Digests by SHA-512.
    Sha512,
}
