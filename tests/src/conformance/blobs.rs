//! The checks of blobs: every way to push one, mounts, ranges, and blobs that are refused.

use reg_shared::name::{Algorithm, Digest};
use reqwest::Method;

use super::blob::{Chunks, Upload};
use super::client::Request;
use super::content::{Blob, Content};
use super::options::Switch;
use super::report::{Fault, Found, Outcome};
use super::suite::Suite;

/// What a branch does with its blob before that is looked at.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Push(Upload),
    Mount,
    MountAnonymous,
    MountMissing,
    Cancel,
}

const IN_ORDER: Chunks = Chunks { last_in_put: false, out_of_order: false };
const LAST_IN_PUT: Chunks = Chunks { last_in_put: true, ..IN_ORDER };

/// The branches that push, in order: name, way, and the number of chunks that the blob is good for.
const BRANCHES: [(&str, Way, usize); 12] = [
    ("post only", Way::Push(Upload::PostOnly), 1),
    ("post+put", Way::Push(Upload::PostPut), 1),
    ("chunked single", Way::Push(Upload::Chunked(IN_ORDER)), 1),
    ("stream", Way::Push(Upload::Stream), 1),
    ("mount", Way::Mount, 1),
    ("mount anonymous", Way::MountAnonymous, 1),
    ("mount missing", Way::MountMissing, 1),
    ("post cancel", Way::Cancel, 1),
    ("chunked multi", Way::Push(Upload::Chunked(IN_ORDER)), 3),
    ("chunked multi and put chunk", Way::Push(Upload::Chunked(LAST_IN_PUT)), 3),
    ("chunked out-of-order", Way::Push(Upload::Chunked(Chunks { out_of_order: true, ..IN_ORDER })), 3),
    ("chunked out-of-order and put chunk", Way::Push(Upload::Chunked(Chunks { out_of_order: true, ..LAST_IN_PUT })), 3),
];

/// What is asked for of a blob of 2048 bytes, and the first and last byte that are to come.
const RANGES: [(&str, Option<(usize, usize)>); 6] = [
    ("500-1499", Some((500, 1499))),
    ("500-", Some((500, 2047))),
    ("-500", Some((1548, 2047))),
    ("2000-5000", Some((2000, 2047))),
    ("500-0", None),
    ("5000-10000", None),
];

/// The branches that offer a corrupt blob.
const CORRUPT: [(&str, Upload); 5] = [
    ("bad digest post only", Upload::PostOnly),
    ("bad digest post+put", Upload::PostPut),
    ("bad digest chunked", Upload::Chunked(IN_ORDER)),
    ("bad digest chunked and put chunk", Upload::Chunked(LAST_IN_PUT)),
    ("bad digest stream", Upload::Stream),
];

impl Suite<'_> {
    /// All checks of blobs by one algorithm.
    pub(super) async fn blobs(&mut self, at: &str, algorithm: Algorithm) {
        let options = self.options;
        let repo = options.repo1.as_str();
        if !options.has(Switch::Push) {
            self.check(at.to_owned(), &[Switch::Push], async |_| Ok(())).await;
            return;
        }
        let mut content = Content::new(options.seed, at);
        // Looked for before anything is pushed, and again when its upload is cancelled.
        let missing = blob(&mut content, algorithm, 512);
        self.check(format!("{at}/get-missing"), &[Switch::Pull], async |registry| {
            registry.absent(Request::new(Method::GET, registry.blob_url(repo, &missing))).await
        })
        .await;
        for (name, way, chunks) in BRANCHES {
            let blob = match (way, chunks) {
                (Way::Cancel, _) => missing.clone(),
                (_, 1) => blob(&mut content, algorithm, 512),
                _ => blob(&mut content, algorithm, self.three_chunks()),
            };
            self.pushed(&format!("{at}/{name}"), way, &blob).await;
        }
        self.ranges(&format!("{at}/range requests"), &blob(&mut content, algorithm, 2048)).await;
        let empty = options.has(Switch::EmptyBlob).then_some(("empty", ""));
        for (name, text) in empty.into_iter().chain([("emptyJSON", "{}")]) {
            let at = format!("{at}/{name}");
            let blob = Blob { digest: Digest::of(algorithm, text), bytes: text.into(), corrupt: false };
            self.push_somehow(&at, repo, &blob).await;
            self.head_blob(&at, repo, &blob).await;
            self.get_blob(&at, repo, &blob).await;
            self.delete_blob(&at, repo, &blob).await;
        }
        for (name, upload) in CORRUPT {
            let Blob { digest, bytes, .. } = blob(&mut content, algorithm, self.three_chunks());
            let blob = Blob { digest, bytes: [&bytes, b"oh no".as_slice()].concat().into(), corrupt: true };
            self.push(&format!("{at}/{name}"), repo, &blob, upload).await;
        }
    }

    /// The size of a blob for three chunks, the last one shorter.
    fn three_chunks(&self) -> usize {
        self.registry.chunk.get() * 3 - 5
    }

    /// One branch that pushes: push or mount, look, delete.
    async fn pushed(&mut self, at: &str, way: Way, blob: &Blob) {
        let options = self.options;
        let (repo, other) = (options.repo1.as_str(), options.repo2.as_str());
        let from_other = matches!(way, Way::Mount | Way::MountAnonymous);
        if from_other {
            self.push_somehow(at, other, blob).await;
        }
        let there = match way {
            Way::Push(upload) => self.push(at, repo, blob, upload).await,
            Way::Mount | Way::MountMissing => {
                self.check(format!("{at}/blob-mount"), &[Switch::Push], async |registry| {
                    let mounted = registry.mount(repo, Some(other), blob).await;
                    if way == Way::MountMissing { not(mounted) } else { mounted }
                })
                .await
            }
            Way::MountAnonymous => {
                let needs = [Switch::Push, Switch::MountAnonymous];
                self.check(format!("{at}/blob-mount-anonymous"), &needs, async |registry| registry.mount(repo, None, blob).await)
                    .await
            }
            Way::Cancel => {
                let needs = [Switch::Push, Switch::UploadCancel];
                self.check(format!("{at}/blob-post-cancel"), &needs, async |registry| registry.cancel(repo).await).await
            }
        };
        if there == Outcome::Pass && way != Way::Cancel {
            self.head_blob(at, repo, blob).await;
            self.get_blob(at, repo, blob).await;
        }
        self.delete_blob(at, repo, blob).await;
        if from_other {
            self.delete_blob(at, other, blob).await;
        }
    }

    /// Parts of a blob.
    async fn ranges(&mut self, at: &str, blob: &Blob) {
        let repo = self.options.repo1.as_str();
        if !self.options.has(Switch::Pull) {
            self.check(at.to_owned(), &[Switch::Pull], async |_| Ok(())).await;
            return;
        }
        if !self.push_somehow(at, repo, blob).await {
            // The branch itself fails then, without a row.
            self.report.add(Outcome::Fail);
            return;
        }
        for (asked, part) in RANGES {
            self.check(format!("{at}/range {asked}"), &[], async |registry| {
                registry.get_range(repo, blob, asked, part.map(|(first, last)| first..last + 1)).await
            })
            .await;
        }
        self.delete_blob(at, repo, blob).await;
    }
}

/// A mount of what the other repository has not: it may only begin an upload.
fn not(mounted: Found) -> Found {
    match mounted {
        Ok(()) => Err(Fault::new(Outcome::Fail, "a blob was mounted that was not there")),
        Err(fault) if fault.outcome == Outcome::Skip => Ok(()),
        Err(fault) => Err(fault),
    }
}

/// A blob like no other.
fn blob(content: &mut Content, algorithm: Algorithm, length: usize) -> Blob {
    let bytes = content.bytes(length);
    Blob { digest: Digest::of(algorithm, &bytes), bytes, corrupt: false }
}
