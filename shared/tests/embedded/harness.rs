//! A registry under test, and a client that says exactly what it sends.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderMap, Method};
use reg_shared::embedded::{Data, Log, Options, Server};
use reg_shared::name::{Algorithm, Digest};
use reg_shared::oci::media;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Makes each test two: on a folder and in memory.
macro_rules! on_both {
    ($($(#[doc = $doc:literal])* async fn $name:ident($registry:ident: Running) $body:block)*) => {
        $($(#[doc = $doc])* async fn $name($registry: $crate::harness::Running) $body)*
        mod directory {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::harness::Running::directory().await).await;
            })*
        }
        mod memory {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::harness::Running::memory().await).await;
            })*
        }
    };
}
pub(crate) use on_both;

/// A repository for tests that need just one.
pub(crate) const REPO: &str = "team/app";

/// A server that serves until it is dropped.
pub(crate) struct Running {
    pub(crate) url: String,
    pub(crate) lines: Arc<Mutex<Vec<String>>>,
    token: String,
    client: reqwest::Client,
    folder: Option<TempDir>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Running {
    /// On a new folder.
    pub(crate) async fn directory() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = Data::Directory(folder.path().join("data"));
        let mut running = Self::with(options(data)).await;
        running.folder = Some(folder);
        running
    }

    /// In memory.
    pub(crate) async fn memory() -> Self {
        Self::with(options(Data::Memory)).await
    }

    /// With options of the test's own; their log is taken down.
    pub(crate) async fn with(mut options: Options) -> Self {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let taken = Arc::clone(&lines);
        options.log = Log::new(move |line| taken.lock().unwrap().push(line.to_owned()));
        let scheme = if options.tls.is_some() { "https" } else { "http" };
        let server = Server::bind(options).await.unwrap();
        let url = format!("{scheme}://{}", server.address());
        let token = server.admin_token().expose().to_owned();
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            // The sender may just be dropped.
            server.run(async { drop(stopped.await) }).await.unwrap();
        });
        Self { url, lines, token, client: client(), folder: None, stop: Some(stop), task }
    }

    /// Where the data is, of a registry on a folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.as_ref().unwrap().path().join("data")
    }

    /// A file of the data, if this registry has files.
    pub(crate) fn file(&self, path: &str) -> Option<PathBuf> {
        Some(self.folder.as_ref()?.path().join("data").join(path))
    }

    /// Tells the server to stop and waits until it did.
    pub(crate) async fn stop(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
        (&mut self.task).await.unwrap();
    }

    /// Stops it and starts another one on the same folder.
    pub(crate) async fn restart(mut self) -> Self {
        self.stop().await;
        let folder = self.folder.take().unwrap();
        let mut again = Self::with(options(Data::Directory(folder.path().join("data")))).await;
        again.folder = Some(folder);
        again
    }

    /// Sends a request. A path that begins with `http` or names an upload's `Location` is taken as it is.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<reqwest::Body>,
    ) -> Answer {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.url) };
        let mut request = self.client.request(method, url).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, body: response.bytes().await.unwrap() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], "").await
    }

    pub(crate) async fn head(&self, path: &str) -> Answer {
        self.send(Method::HEAD, path, &[], "").await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, &[], "").await
    }

    /// Collects garbage; the query says how.
    pub(crate) async fn collect(&self, query: &str) -> Answer {
        let authorization = format!("Bearer {}", self.token);
        self.send(Method::POST, &format!("/_reg/gc{query}"), &[("authorization", &authorization)], "").await
    }

    /// Pushes a blob in one request.
    pub(crate) async fn push_blob(&self, repository: &str, bytes: &[u8]) -> Digest {
        let digest = Digest::sha256(bytes);
        let path = format!("/v2/{repository}/blobs/uploads/?digest={digest}");
        self.send(Method::POST, &path, &[], bytes.to_vec()).await.expect(201);
        digest
    }

    /// Begins an upload and returns its `Location`.
    pub(crate) async fn start_upload(&self, repository: &str) -> String {
        let answer = self.send(Method::POST, &format!("/v2/{repository}/blobs/uploads/"), &[], "").await.expect(202);
        answer.header("location").to_owned()
    }

    /// Puts a manifest under a tag or digest.
    pub(crate) async fn put_manifest(&self, repository: &str, reference: &str, manifest: &Value) -> Answer {
        let media_type = manifest["mediaType"].as_str().unwrap();
        let path = format!("/v2/{repository}/manifests/{reference}");
        self.send(Method::PUT, &path, &[("content-type", media_type)], manifest.to_string()).await
    }

    /// Pushes an image with one layer under a tag.
    pub(crate) async fn push_image(&self, repository: &str, tag: &str, layer: &[u8]) -> Image {
        let image = Image::new(layer);
        self.push_blob(repository, &image.config).await;
        self.push_blob(repository, layer).await;
        self.put_manifest(repository, tag, &image.manifest).await.expect(201);
        image
    }
}

fn options(data: Data) -> Options {
    Options::new(([127, 0, 0, 1], 0).into(), data)
}

/// A client without proxies, redirects and a pool that would hide what a connection does.
pub(crate) fn client() -> reqwest::Client {
    client_builder().build().unwrap()
}

pub(crate) fn client_builder() -> reqwest::ClientBuilder {
    // Another test may have been first.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).tls_certs_only([])
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    /// The answer, if it has this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{:?} {}", self.headers, String::from_utf8_lossy(&self.body));
        self
    }

    /// A header, empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// The code of the first error.
    pub(crate) fn code(&self) -> String {
        self.json()["errors"][0]["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The path and query of the `Link` to the next page.
    pub(crate) fn next(&self) -> Option<String> {
        let link = self.header("link").strip_prefix('<')?.strip_suffix(">; rel=\"next\"")?;
        Some(link.to_owned())
    }
}

/// An image: the bytes of its config and its manifest.
#[derive(Debug, Clone)]
pub(crate) struct Image {
    pub(crate) config: Vec<u8>,
    pub(crate) manifest: Value,
}

impl Image {
    pub(crate) fn new(layer: &[u8]) -> Self {
        let config = json!({ "architecture": "amd64", "os": "linux", "rootfs": { "diff_ids": [Digest::sha256(layer)] } });
        let config = config.to_string().into_bytes();
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": media::OCI_MANIFEST,
            "config": descriptor(media::OCI_CONFIG, &config),
            "layers": [descriptor(media::OCI_LAYER_TAR, layer)],
        });
        Self { config, manifest }
    }

    pub(crate) fn digest(&self) -> Digest {
        Digest::sha256(self.manifest.to_string())
    }

    /// How an index or a referrer points to it.
    pub(crate) fn descriptor(&self) -> Value {
        descriptor(media::OCI_MANIFEST, self.manifest.to_string().as_bytes())
    }
}

/// How something points to content.
pub(crate) fn descriptor(media_type: &str, bytes: &[u8]) -> Value {
    json!({ "mediaType": media_type, "digest": Digest::sha256(bytes), "size": bytes.len() })
}

/// Bytes that look like noise and are the same every time.
pub(crate) fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(length + 32);
    let mut block = Digest::sha256(seed.to_le_bytes());
    while bytes.len() < length {
        bytes.extend_from_slice(block.hex().as_bytes());
        block = Digest::sha256(block.hex());
    }
    bytes.truncate(length);
    bytes
}

/// Both algorithms, for what must be the same with either.
pub(crate) const ALGORITHMS: [Algorithm; 2] = [Algorithm::Sha256, Algorithm::Sha512];

/// How many files there are below a folder; none when it is not there.
pub(crate) fn count_files(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries.map(|entry| entry.unwrap()).map(|entry| if entry.path().is_dir() { count_files(&entry.path()) } else { 1 }).sum()
}
