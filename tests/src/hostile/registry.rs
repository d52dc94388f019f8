//! The well-behaved registry beneath the faults: one image in every repository, uploads, deletes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use reg_shared::name::Digest;
use serde_json::json;

use super::wire::{Answered, Call, Connection, Reply};
use super::{PASSWORD, USERNAME, listing, lock, reading, tokens, trouble, uploads};

/// The image that every repository holds.
#[derive(Debug)]
pub struct Image {
    /// The manifest's bytes.
    pub manifest: Vec<u8>,
    /// The configuration's bytes.
    pub config: Vec<u8>,
    /// The only layer's bytes: 300,000 that do not repeat.
    pub layer: Vec<u8>,
}

impl Image {
    /// The manifest's digest.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::sha256(&self.manifest)
    }

    /// The layer's digest.
    #[must_use]
    pub fn layer_digest(&self) -> Digest {
        Digest::sha256(&self.layer)
    }
}

/// The image that every repository holds under the tag `v1`.
#[must_use]
pub fn image() -> &'static Image {
    static IMAGE: LazyLock<Image> = LazyLock::new(|| {
        let config = br#"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#.to_vec();
        let layer = noise(300_000);
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": OCI_MANIFEST,
            "config": descriptor("application/vnd.oci.image.config.v1+json", &config),
            "layers": [descriptor("application/vnd.oci.image.layer.v1.tar", &layer)],
        });
        Image { manifest: manifest.to_string().into_bytes(), config, layer }
    });
    &IMAGE
}

pub(super) const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

fn descriptor(media_type: &str, bytes: &[u8]) -> serde_json::Value {
    json!({ "mediaType": media_type, "digest": Digest::sha256(bytes).to_string(), "size": bytes.len() })
}

fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut byte = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    (0..length).map(|_| byte()).collect()
}

/// What the registry holds.
#[derive(Debug, Default)]
pub(super) struct Store {
    filled: HashSet<String>,
    blobs: HashMap<(String, String), Vec<u8>>,
    uploaded: HashSet<(String, String)>,
    /// By digest: media type and bytes.
    manifests: HashMap<(String, String), (String, Vec<u8>)>,
    tags: BTreeMap<(String, String), String>,
    tags_put: Vec<(String, String)>,
    pub(super) uploads: HashMap<String, Vec<u8>>,
    begun: usize,
}

impl Store {
    pub(super) fn tags_put(&self, repository: &str) -> Vec<String> {
        self.tags_put.iter().filter(|(own, _)| own == repository).map(|(_, tag)| tag.clone()).collect()
    }

    pub(super) fn uploaded(&self, repository: &str, digest: &str) -> Option<Vec<u8>> {
        let key = (repository.to_owned(), digest.to_owned());
        self.uploaded.contains(&key).then(|| self.blobs.get(&key).cloned()).flatten()
    }

    pub(super) fn open_uploads(&self) -> usize {
        self.uploads.len()
    }

    pub(super) fn begin_upload(&mut self) -> String {
        self.begun += 1;
        let id = format!("upload-{}", self.begun);
        self.uploads.insert(id.clone(), Vec::new());
        id
    }

    pub(super) fn keep_blob(&mut self, repository: &str, digest: &str, bytes: Vec<u8>) {
        let key = (repository.to_owned(), digest.to_owned());
        self.uploaded.insert(key.clone());
        self.blobs.insert(key, bytes);
    }

    fn keep_manifest(&mut self, repository: &str, reference: &str, digest: &str, manifest: (String, Vec<u8>)) {
        self.manifests.insert((repository.to_owned(), digest.to_owned()), manifest);
        if !reference.contains(':') {
            self.tags.insert((repository.to_owned(), reference.to_owned()), digest.to_owned());
            self.tags_put.push((repository.to_owned(), reference.to_owned()));
        }
    }

    fn fill(&mut self, repository: &str) {
        if !self.filled.insert(repository.to_owned()) {
            return;
        }
        let image = image();
        for bytes in [&image.config, &image.layer] {
            self.blobs.insert((repository.to_owned(), Digest::sha256(bytes).to_string()), bytes.clone());
        }
        let digest = image.digest().to_string();
        self.manifests.insert((repository.to_owned(), digest.clone()), (OCI_MANIFEST.to_owned(), image.manifest.clone()));
        self.tags.insert((repository.to_owned(), "v1".to_owned()), digest);
    }

    fn resolve(&self, repository: &str, reference: &str) -> Option<String> {
        if reference.contains(':') {
            return Some(reference.to_owned());
        }
        self.tags.get(&(repository.to_owned(), reference.to_owned())).cloned()
    }
}

/// What of a repository is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Object {
    Tags,
    Referrers(String),
    Manifest(String),
    Blob(String),
    Uploads,
    Upload(String),
}

/// A repository, the fault it has, and what is asked of it.
#[derive(Debug, Clone)]
pub(super) struct Route {
    pub(super) repository: String,
    pub(super) fault: String,
    pub(super) object: Object,
}

impl Route {
    fn parse(path: &str) -> Option<Self> {
        let rest = path.strip_prefix("/v2/")?;
        let (repository, object) = if let Some(repository) = rest.strip_suffix("/tags/list") {
            (repository, Object::Tags)
        } else if let Some((repository, digest)) = rest.split_once("/referrers/") {
            (repository, Object::Referrers(digest.to_owned()))
        } else if let Some((repository, reference)) = rest.split_once("/manifests/") {
            (repository, Object::Manifest(reference.to_owned()))
        } else if let Some((repository, id)) = rest.split_once("/blobs/uploads/") {
            (repository, if id.is_empty() { Object::Uploads } else { Object::Upload(id.to_owned()) })
        } else {
            let (repository, digest) = rest.split_once("/blobs/")?;
            (repository, Object::Blob(digest.to_owned()))
        };
        let fault = repository.strip_prefix("fault/").unwrap_or_default();
        Some(Self { repository: repository.to_owned(), fault: fault.to_owned(), object })
    }

    /// Whether the image's layer is asked for.
    pub(super) fn is_layer(&self) -> bool {
        self.object == Object::Blob(image().layer_digest().to_string())
    }
}

/// Whether a fault took the request over.
pub(super) enum Handled {
    Yes(Answered),
    No,
}

pub(super) async fn answer(connection: &mut Connection, call: &Call) -> Answered {
    if call.path == "/token" {
        return tokens::answer(connection, call).await;
    }
    let (prefix, path) = call.path.find("/v2").map_or(("", ""), |at| call.path.split_at(at));
    if path == "/v2/" {
        let reply = Reply::new(200).header("Docker-Distribution-Api-Version", "registry/2.0").body("{}");
        return connection.reply(call, reply).await;
    }
    if path == "/v2/_catalog" {
        return listing::catalog(connection, call, prefix.trim_start_matches('/')).await;
    }
    let Some(route) = Route::parse(path) else {
        return connection.reply(call, Reply::new(404).body("page not found")).await;
    };
    if let Handled::Yes(answered) = faulty(connection, call, &route).await {
        return answered;
    }
    well_behaved(connection, call, &route).await
}

/// The fault's own answer, if this request meets it.
async fn faulty(connection: &mut Connection, call: &Call, route: &Route) -> Handled {
    if let Handled::Yes(answered) = trouble::answer(connection, call, route).await {
        return Handled::Yes(answered);
    }
    if let Handled::Yes(answered) = unlock(connection, call, route).await {
        return Handled::Yes(answered);
    }
    if let Handled::Yes(answered) = listing::answer(connection, call, route).await {
        return Handled::Yes(answered);
    }
    if let Handled::Yes(answered) = reading::answer(connection, call, route).await {
        return Handled::Yes(answered);
    }
    uploads::answer(connection, call, route).await
}

/// Those marked B in the table, and those that want a token.
async fn unlock(connection: &mut Connection, call: &Call, route: &Route) -> Handled {
    const BASIC: [&str; 6] = ["basic", "redirect-elsewhere", "redirect-port", "redirect-401", "error-echo", "location-elsewhere"];
    if !BASIC.contains(&route.fault.as_str()) {
        return tokens::unlock(connection, call, route).await;
    }
    if call.header("authorization") == Some(&basic()) {
        return Handled::No;
    }
    let reply = Reply::error(401, "UNAUTHORIZED", "authentication required").header("WWW-Authenticate", "Basic realm=\"hostile\"");
    Handled::Yes(connection.reply(call, reply).await)
}

/// The right `Authorization`.
pub(super) fn basic() -> String {
    use base64::Engine as _;
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(format!("{USERNAME}:{PASSWORD}")))
}

/// What a registry without a fault answers.
pub(super) async fn well_behaved(connection: &mut Connection, call: &Call, route: &Route) -> Answered {
    lock(&connection.state.store).fill(&route.repository);
    let reply = match (call.method.as_str(), &route.object) {
        ("GET" | "HEAD", Object::Manifest(reference)) => manifest(connection, route, reference),
        ("PUT", Object::Manifest(reference)) => return put_manifest(connection, call, route, reference).await,
        ("DELETE", Object::Manifest(reference)) => delete_manifest(connection, route, reference),
        ("GET" | "HEAD", Object::Blob(digest)) => blob(connection, call, route, digest),
        ("DELETE", Object::Blob(digest)) => {
            let key = (route.repository.clone(), digest.clone());
            let gone = lock(&connection.state.store).blobs.remove(&key);
            gone.map_or_else(|| Reply::error(404, "BLOB_UNKNOWN", "blob unknown to registry"), |_| Reply::new(202))
        }
        (_, Object::Uploads | Object::Upload(_)) => return uploads::well_behaved(connection, call, route).await,
        ("GET", Object::Tags) => {
            let tags: Vec<_> =
                lock(&connection.state.store).tags.keys().filter(|(own, _)| *own == route.repository).cloned().collect();
            let tags: Vec<_> = tags.into_iter().map(|(_, tag)| tag).collect();
            Reply::new(200).body(json!({ "name": route.repository, "tags": tags }).to_string())
        }
        _ => Reply::new(404).body("404 page not found\n"),
    };
    connection.reply(call, reply).await
}

pub(super) fn manifest(connection: &Connection, route: &Route, reference: &str) -> Reply {
    let store = lock(&connection.state.store);
    let digest = store.resolve(&route.repository, reference);
    let found = digest.and_then(|digest| Some((store.manifests.get(&(route.repository.clone(), digest.clone()))?.clone(), digest)));
    match found {
        Some(((media_type, bytes), digest)) => {
            Reply::new(200).header("Content-Type", media_type).header("Docker-Content-Digest", digest).body(bytes)
        }
        None => Reply::error(404, "MANIFEST_UNKNOWN", "manifest unknown"),
    }
}

async fn put_manifest(connection: &mut Connection, call: &Call, route: &Route, reference: &str) -> Answered {
    let bytes = connection.body(call).await?;
    let digest = Digest::sha256(&bytes).to_string();
    let media_type = call.header("content-type").unwrap_or_default().to_owned();
    lock(&connection.state.store).keep_manifest(&route.repository, reference, &digest, (media_type, bytes));
    let location = format!("/v2/{}/manifests/{digest}", route.repository);
    connection.reply(call, Reply::new(201).header("Location", location).header("Docker-Content-Digest", digest)).await
}

fn delete_manifest(connection: &Connection, route: &Route, reference: &str) -> Reply {
    let mut store = lock(&connection.state.store);
    let repository = route.repository.clone();
    let gone = if reference.contains(':') {
        store.tags.retain(|(own, _), digest| *own != repository || digest != reference);
        store.manifests.remove(&(repository, reference.to_owned())).is_some()
    } else {
        store.tags.remove(&(repository, reference.to_owned())).is_some()
    };
    if gone { Reply::new(202) } else { Reply::error(404, "MANIFEST_UNKNOWN", "manifest unknown") }
}

/// A blob, or the part of it that is asked for.
pub(super) fn blob(connection: &Connection, call: &Call, route: &Route, digest: &str) -> Reply {
    let store = lock(&connection.state.store);
    let Some(bytes) = store.blobs.get(&(route.repository.clone(), digest.to_owned())) else {
        return Reply::error(404, "BLOB_UNKNOWN", "blob unknown to registry");
    };
    let (first, total) = (call.range(), bytes.len());
    let reply = Reply::new(if first.is_some() { 206 } else { 200 })
        .header("Content-Type", "application/octet-stream")
        .header("Docker-Content-Digest", digest);
    match first {
        None => reply.body(bytes.clone()),
        Some(first) if first < total => {
            reply.header("Content-Range", format!("bytes {first}-{}/{total}", total - 1)).body(&bytes[first..])
        }
        Some(_) => Reply::new(416),
    }
}
