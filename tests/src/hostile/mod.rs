//! A registry that breaks and lies on purpose, one fault per repository name, with a log of everything it was sent.
//!
//! Everything else about it is well-behaved: it holds [`image`] in every repository under the tag `v1`, takes uploads, mounts nothing,
//! has no referrers API, deletes. Faults of the catalog, which has no repository name, stand in front of the path:
//! `http://ADDRESS/catalog-loop` is the base URL of a registry with that fault.
//!
//! Three servers: the registry on 127.0.0.1, [`Place::OtherPort`] on 127.0.0.1, and [`Place::Elsewhere`] on 127.0.0.2. The latter two
//! hold the layer under `/storage`, hand out tokens under `/token`, and take uploads under `/upload`; nobody should ever send them a
//! credential.
//!
//! Those marked B want Basic `me:`[`PASSWORD`]; the others want nothing, unless they are about tokens.
//!
//! | repository | what is wrong |
//! | --- | --- |
//! | `fault/none` | nothing |
//! | `fault/basic` B | nothing |
//! | **blobs** | *of the layer* |
//! | `fault/blob-cut-once` | the first answer ends half-way; ranges work |
//! | `fault/blob-cut-always` | every answer ends after 100 bytes |
//! | `fault/blob-cut-no-range` | the first answer ends half-way; a range is answered with 200 and all |
//! | `fault/blob-cut-changed` | the same, and the first byte has changed since |
//! | `fault/blob-range-wrong` | the first answer ends half-way; a range is answered with one that begins 10 bytes earlier |
//! | `fault/blob-range-416` | the first answer ends half-way; a range is answered with 416, the whole's length and a short body (Distribution 2.8.2) |
//! | `fault/blob-corrupt` | one byte is wrong |
//! | `fault/blob-short`, `fault/blob-long` | 1000 bytes fewer, one byte more, with the `Content-Length` to match |
//! | `fault/blob-long-chunked` | one byte more, in chunked encoding |
//! | `fault/blob-gzip` | `Content-Encoding: gzip` |
//! | `fault/blob-stall` | half of it, then nothing |
//! | `fault/redirect-elsewhere` B, `fault/redirect-port` B | 307 to the storage elsewhere, or on another port |
//! | `fault/redirect-401` B | 307 to a storage elsewhere that wants Basic itself |
//! | `fault/redirect-loop`, `fault/redirect-endless` | to itself; to ever new URLs |
//! | `fault/redirect-metadata` | 307 to 169.254.169.254 |
//! | **manifests** | |
//! | `fault/manifest-endless`, `fault/manifest-large` | a body without end; 100 MiB |
//! | `fault/manifest-other` | by digest, another manifest comes |
//! | `fault/manifest-digest-lies` | `Docker-Content-Digest` is another |
//! | `fault/manifest-ambiguous`, `fault/manifest-twice` | `manifests` beside `layers`; a key twice |
//! | `fault/manifest-type`, `fault/manifest-untyped` | the `Content-Type` of an index for an image; none |
//! | `fault/manifest-immutable` | a PUT is answered with 409 |
//! | **errors** | *to a manifest GET* |
//! | `fault/error-endless` | 404 with a body without end |
//! | `fault/error-echo` B | 403 with what it was sent as `Authorization`, in the message |
//! | `fault/error-escape` | 404 with terminal control characters in the message |
//! | **tags** | |
//! | `fault/tags-loop`, `fault/tags-same` | links to itself; ever new links, the same names |
//! | `fault/tags-elsewhere` | links to another host |
//! | `fault/tags-forms` | several pages: a relative link, one without quotes, two in one header |
//! | `fault/tags-number` | refuses `n` above 5 with PAGINATION_NUMBER_INVALID and names 5; pages |
//! | `fault/tags-number-unnamed` | refuses any `n`, names only ours (Distribution) |
//! | `fault/tags-unsorted` | unsorted, one twice |
//! | `fault/tags-bad`, `fault/tags-null` | `../../x` among them; `null` for none |
//! | `fault/tags-endless` | a page without end |
//! | `fault/tags-many` | 100 pages of 1000 |
//! | `/catalog-loop`, `/catalog-number`, `/catalog-none` | like the tags; 404 |
//! | **referrers** | |
//! | `fault/referrers-unfiltered`, `fault/referrers-loop` | all types, without `OCI-Filters-Applied`; links to itself |
//! | **tokens** | *wants a bearer token* |
//! | `fault/token` | nothing; also `fault/token-b`. Tokens are for the scopes asked and live 300 s |
//! | `fault/token-short` | tokens live 1 s |
//! | `fault/token-revoked` | a token is good for one request |
//! | `fault/token-refused`, `fault/token-endless`, `fault/token-redirect` | the token server answers 401, without end, 302 |
//! | `fault/realm-elsewhere`, `fault/realm-metadata`, `fault/realm-user-info` | the realm is on another host, at 169.254.169.254, has user info |
//! | `fault/realm-or-basic` | the realm is elsewhere, but Basic would do as well |
//! | **uploads** | |
//! | `fault/location-elsewhere` B | the upload's `Location` is on another host |
//! | `fault/put-cut-once`, `fault/put-cut-lost` | the first PUT breaks half-way; the upload can be resumed, is forgotten |
//! | `fault/put-cut-always` | every PUT breaks half-way, nothing is kept |
//! | `fault/put-503-once` | the first PUT of a blob is answered with 503 when it has been read, and not kept |
//! | `fault/put-digest-lies` | a PUT is answered with another `Docker-Content-Digest` |
//! | `fault/put-slow` | a PUT is read but never answered |
//! | `fault/patch-416-once` | the second PATCH is answered with 416 |
//! | `fault/chunk-min` | `OCI-Chunk-Min-Length: 400000` |
//! | `fault/mount` | mounts |
//! | `fault/mount-accepted`, `fault/mount-denied` | a mount is answered with 202 and an upload, with 403 |
//! | **any request** | |
//! | `fault/status-NNN`, `fault/status-NNN-once` | that status, always or at first |
//! | `fault/eof-once`, `fault/reset-once` | the connection is closed, reset before an answer, at first |
//! | `fault/429-seconds`, `-date`, `-garbage`, `-huge` | at first 429 with such a `Retry-After` |
//! | `fault/headers-slow`, `fault/headers-endless`, `fault/headers-many` | a byte at a time; one without end; 100,000 of them |
//! | `fault/informational` | 1xx answers without end |

mod listing;
mod places;
mod reading;
mod registry;
mod tokens;
mod trouble;
mod uploads;
mod wire;

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub use registry::{Image, image};

/// The user that repositories marked B want.
pub const USERNAME: &str = "me";
/// The password that must never be seen anywhere.
pub const PASSWORD: &str = "hunter2-never-shown";

/// Which of the servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The registry.
    Registry,
    /// Another port of the registry's host.
    OtherPort,
    /// Another host.
    Elsewhere,
}

/// A request that was seen.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Where.
    pub place: Place,
    /// The method.
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    /// The `Authorization` header.
    pub authorization: Option<String>,
    /// All headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// How many bytes of the body arrived.
    pub received: usize,
    /// The body, when it was small.
    pub body: Vec<u8>,
    /// The status that was answered; 0 when there was none.
    pub status: u16,
    /// How many bytes of the answer the client took (or the network for it).
    pub sent: usize,
}

impl Seen {
    /// A header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// `GET /v2/...`.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }
}

/// The running servers. Dropped, they are gone.
#[derive(Debug)]
pub struct Hostile {
    /// The registry's address, `127.0.0.1:PORT`.
    pub address: SocketAddr,
    state: Arc<State>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What the servers share.
#[derive(Debug)]
struct State {
    registry: SocketAddr,
    other_port: SocketAddr,
    elsewhere: SocketAddr,
    seen: Mutex<Vec<Seen>>,
    store: Mutex<registry::Store>,
    counts: Mutex<HashMap<String, u32>>,
}

impl State {
    /// How often this was asked before.
    fn count(&self, what: &str) -> u32 {
        let mut counts = lock(&self.counts);
        let count = counts.entry(what.to_owned()).or_default();
        *count += 1;
        *count - 1
    }

    fn first(&self, what: &str) -> bool {
        self.count(what) == 0
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hostile {
    /// Starts the servers on a thread of their own.
    ///
    /// # Panics
    /// When this machine has no loopback addresses to bind.
    #[must_use]
    #[allow(clippy::expect_used, reason = "a fixture that cannot start is the test's failure")]
    pub fn start() -> Self {
        let (started, wait) = std::sync::mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let here = IpAddr::from([127, 0, 0, 1]);
                let bind = |ip: IpAddr| TcpListener::bind((ip, 0));
                let registry = bind(here).await.expect("a port on 127.0.0.1");
                let other_port = bind(here).await.expect("a port on 127.0.0.1");
                let elsewhere = bind(IpAddr::from([127, 0, 0, 2])).await.expect("a port on 127.0.0.2");
                let address = |listener: &TcpListener| listener.local_addr().expect("an address");
                let state = Arc::new(State {
                    registry: address(&registry),
                    other_port: address(&other_port),
                    elsewhere: address(&elsewhere),
                    seen: Mutex::default(),
                    store: Mutex::default(),
                    counts: Mutex::default(),
                });
                started.send(state.clone()).expect("somebody waits");
                for (place, listener) in
                    [(Place::Registry, registry), (Place::OtherPort, other_port), (Place::Elsewhere, elsewhere)]
                {
                    tokio::spawn(serve(place, listener, state.clone()));
                }
                let _ = stopped.await;
            });
        });
        let state = wait.recv().expect("the servers start");
        Self { address: state.registry, state, stop: Some(stop), thread: Some(thread) }
    }

    /// `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// `127.0.0.2:PORT`, the other host.
    #[must_use]
    pub fn elsewhere(&self) -> SocketAddr {
        self.state.elsewhere
    }

    /// Every request so far, in the order of arrival.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        lock(&self.state.seen).clone()
    }

    /// The requests whose `METHOD /target` holds `part`.
    #[must_use]
    pub fn seen_with(&self, part: &str) -> Vec<Seen> {
        self.seen().into_iter().filter(|seen| seen.line().contains(part)).collect()
    }

    /// Requests with a credential at any server but the registry itself: the leaks.
    #[must_use]
    pub fn leaks(&self) -> Vec<Seen> {
        let holds_secret = |seen: &Seen| {
            let body = String::from_utf8_lossy(&seen.body);
            seen.authorization.is_some() || body.contains(PASSWORD) || seen.target.contains(PASSWORD)
        };
        self.seen().into_iter().filter(|seen| seen.place != Place::Registry && holds_secret(seen)).collect()
    }

    /// The tags of a repository that something was put under.
    #[must_use]
    pub fn tags_put(&self, repository: &str) -> Vec<String> {
        lock(&self.state.store).tags_put(repository)
    }

    /// The blob that was stored, if it was.
    #[must_use]
    pub fn blob(&self, repository: &str, digest: &str) -> Option<Vec<u8>> {
        lock(&self.state.store).uploaded(repository, digest)
    }

    /// How many uploads are neither finished nor cancelled.
    #[must_use]
    pub fn open_uploads(&self) -> usize {
        lock(&self.state.store).open_uploads()
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn serve(place: Place, listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        let state = state.clone();
        tokio::spawn(async move {
            let mut connection = wire::Connection::new(stream, place, state);
            while let Some(call) = connection.next_call().await {
                let answered = match place {
                    Place::Registry => registry::answer(&mut connection, &call).await,
                    Place::OtherPort | Place::Elsewhere => places::answer(&mut connection, &call).await,
                };
                if answered.is_none() {
                    return;
                }
            }
        });
    }
}
