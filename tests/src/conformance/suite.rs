//! The tree of checks: what is made, in which order, under which name.
//!
//! A branch is a name that its checks begin with; only checks are written down.

use std::mem::discriminant;

use reg_shared::name::{Algorithm, Digest};
use reqwest::{Method, Url};

use super::blob::Upload;
use super::client::{Registry, Request};
use super::content::{Blob, Content, Recipe};
use super::kinds::KINDS;
use super::manifest::asking;
use super::options::{Options, Switch};
use super::report::{Fault, Found, Outcome, Report};

/// The root of the tree.
const ROOT: &str = "OCI Conformance Test";

/// A run.
pub(super) struct Suite<'a> {
    pub(super) registry: Registry<'a>,
    pub(super) options: &'a Options,
    pub(super) report: Report,
    /// The worst that each way to push a blob has seen.
    uploads: [Outcome; Upload::ALL.len()],
}

impl<'a> Suite<'a> {
    pub(super) fn new(registry: Registry<'a>) -> Self {
        let options = registry.options;
        Self { registry, options, report: Report::default(), uploads: [Outcome::Disabled; Upload::ALL.len()] }
    }

    /// Makes every check.
    pub(super) async fn all(mut self) -> Report {
        let options = self.options;
        let repo = options.repo1.as_str();
        self.check(format!("{ROOT}/ping"), &[Switch::Ping], async |registry| {
            registry.send(Request::new(Method::GET, registry.url(""))).await?.status(&[200]).map(drop)
        })
        .await;
        self.empty(&format!("{ROOT}/empty"), repo).await;
        self.blobs(&format!("{ROOT}/sha256 blobs"), Algorithm::Sha256).await;
        if options.has(Switch::Sha512) {
            self.blobs(&format!("{ROOT}/sha512 blobs"), Algorithm::Sha512).await;
        }
        if options.has(Switch::Image) && options.has(Switch::Push) {
            for kind in KINDS.iter().filter(|kind| kind.needs.iter().all(|switch| options.has(*switch))) {
                let mut content = Content::new(options.seed, kind.name);
                (kind.fill)(&mut content);
                self.content(&format!("{ROOT}/{}", kind.name), &content).await;
            }
        }
        self.missing(&format!("{ROOT}/missing-manifest"), repo).await;
        self.invalid_digest(&format!("{ROOT}/invalid-digest-format"), repo).await;
        self.report
    }

    /// What a repository says that nothing was pushed to.
    async fn empty(&mut self, at: &str, repo: &str) {
        self.check(format!("{at}/tag list"), &[Switch::TagList], async |registry| registry.tags(repo, None).await.map(drop)).await;
        let subject = Digest::sha256(Content::new(self.options.seed, at).bytes(26)).to_string();
        self.check(format!("{at}/referrers"), &[Switch::Referrer], async |registry| {
            registry.referrers(repo, &subject, None).await.map(drop)
        })
        .await;
    }

    /// Manifests that are not there.
    async fn missing(&mut self, at: &str, repo: &str) {
        let mut content = Content::new(self.options.seed, at);
        let digest = Digest::sha256(content.bytes(1024)).to_string();
        let tag = format!("missing-{}", content.word());
        for (name, reference) in [("by-digest", digest), ("by-tag", tag)] {
            self.check(format!("{at}/{name}"), &[Switch::Pull], async |registry| {
                registry.absent(asking(Method::GET, registry.manifest_url(repo, &reference))).await
            })
            .await;
        }
    }

    /// A digest that cannot be one.
    async fn invalid_digest(&mut self, at: &str, repo: &str) {
        let mut content = Content::new(self.options.seed, at);
        content.image(&Recipe { layers: 1, ..Recipe::default() }, "amd64");
        for blob in &content.blobs {
            self.push_somehow(at, repo, blob).await;
        }
        let reference = "sha256:baddigeststring";
        for manifest in &mut content.manifests.clone() {
            manifest.corrupt = true;
            self.check(format!("{at}/manifest-put"), &[Switch::Push], async |registry| {
                registry.put_manifest(repo, reference, manifest, &[]).await.map(drop)
            })
            .await;
        }
        self.check(format!("{at}/manifest-get"), &[Switch::Pull], async |registry| {
            let request = asking(Method::GET, registry.manifest_url(repo, reference));
            registry.send(request).await?.status(&[404, 400]).map(drop)
        })
        .await;
        self.clean_up(at, repo, &content, &Default::default()).await;
    }

    /// Makes one check, if all it needs is switched on.
    pub(super) async fn check(&mut self, name: String, needs: &[Switch], ask: impl AsyncFnOnce(&Registry<'_>) -> Found) -> Outcome {
        let found = match self.need(needs) {
            Ok(()) => ask(&self.registry).await,
            off => off,
        };
        self.report.row(name, [found])
    }

    fn need(&self, needs: &[Switch]) -> Found {
        match needs.iter().find(|switch| !self.options.has(**switch)) {
            Some(off) => Err(Fault::new(Outcome::Disabled, format!("{off:?} is switched off"))),
            None => Ok(()),
        }
    }

    /// Pushes a blob in one way.
    pub(super) async fn push(&mut self, at: &str, repo: &str, blob: &Blob, upload: Upload) -> Outcome {
        let name = format!("{at}/{}", upload.name());
        let outcome = self.check(name, &[Switch::Push], async |registry| registry.push_blob(upload, repo, blob).await).await;
        for (way, worst) in Upload::ALL.iter().zip(&mut self.uploads) {
            if discriminant(way) == discriminant(&upload) {
                *worst = outcome.max(*worst);
            }
        }
        outcome
    }

    /// Pushes a blob in the first way that succeeds, those first that always have.
    pub(super) async fn push_somehow(&mut self, at: &str, repo: &str, blob: &Blob) -> bool {
        if !self.options.has(Switch::Push) {
            return false;
        }
        let mut ways: Vec<_> = Upload::ALL.into_iter().zip(self.uploads).collect();
        ways.sort_by_key(|(_, worst)| *worst != Outcome::Pass);
        for (way, _) in ways {
            if self.push(at, repo, blob, way).await == Outcome::Pass {
                return true;
            }
        }
        false
    }

    /// A blob is there, by HEAD.
    pub(super) async fn head_blob(&mut self, at: &str, repo: &str, blob: &Blob) {
        self.check(format!("{at}/blob-head"), &[Switch::Pull], async |registry| registry.head_blob(repo, blob).await).await;
    }

    /// A blob is there, by GET.
    pub(super) async fn get_blob(&mut self, at: &str, repo: &str, blob: &Blob) {
        self.check(format!("{at}/blob-get"), &[Switch::Pull], async |registry| registry.get_blob(repo, blob).await).await;
    }

    /// Deletes a blob.
    pub(super) async fn delete_blob(&mut self, at: &str, repo: &str, blob: &Blob) {
        let url = self.registry.blob_url(repo, blob);
        let head = Request::new(Method::HEAD, url.clone());
        self.delete(format!("{at}/blob-delete"), [Switch::BlobDelete, Switch::BlobAtomic], url, &[405], head).await;
    }

    /// Deletes a manifest by its digest, or a tag.
    pub(super) async fn delete_manifest(&mut self, name: String, needs: [Switch; 2], repo: &str, reference: &str) {
        let url = self.registry.manifest_url(repo, reference);
        let head = asking(Method::HEAD, url.clone());
        self.delete(name, needs, url, &[400, 405], head).await;
    }

    /// Deletes, and sees that it is gone at once: one row, of two findings.
    async fn delete(&mut self, name: String, [delete, atomic]: [Switch; 2], url: Url, declined: &[u16], head: Request) {
        let deleted = match self.need(&[delete]) {
            Ok(()) => self.registry.delete(url, declined).await,
            off => {
                self.report.row(name, [off]);
                return;
            }
        };
        let gone = match (&deleted, self.need(&[atomic])) {
            (Err(fault), _) => Err(Fault::new(Outcome::Skip, &fault.text)),
            (Ok(()), Ok(())) => self.registry.absent(head).await,
            (Ok(()), off) => off,
        };
        self.report.row(name, [deleted, gone]);
    }
}
