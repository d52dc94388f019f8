//! The listener: accepts connections, up to a number, speaks TLS where it should, and drains when it is told to stop.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;

use super::admin::Token;
use super::arrival::Pace;
use super::certificates::Certificates;
use super::connection::Paced;
use super::files::{Directory, Files, Memory};
use super::log::Log;
use super::login::Logins;
use super::policy::Policy;
use super::registry::{Connected, Registry};
use super::store::Store;
use crate::error::{Error, Result};
use crate::secret::Secret;

/// Where the registry keeps what it is given.
#[derive(Debug, Clone)]
pub enum Data {
    /// In a folder, made when it is not there.
    Directory(PathBuf),
    /// In memory: gone when the server stops.
    Memory,
}

/// How a server is to be.
#[derive(Debug, Clone)]
pub struct Options {
    /// The address to listen on; port 0 takes a free one.
    pub bind: SocketAddr,
    /// Where the registry keeps what it is given.
    pub data: Data,
    /// Who may log in; without it everybody may do everything.
    pub htpasswd: Option<PathBuf>,
    /// The layout that says who may do what; without it everybody who may log in may do everything.
    pub layout: Option<PathBuf>,
    /// The certificate chain and the key, as PEM files; read again when they change.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// How long garbage collection leaves alone what a client was told about.
    pub grace: Duration,
    /// Where the access log goes.
    pub log: Log,
    /// What a client may cost.
    pub limits: Limits,
}

impl Options {
    /// Options with the usual values: no login, no TLS, an hour of grace, no log.
    #[must_use]
    pub fn new(bind: SocketAddr, data: Data) -> Self {
        let grace = Duration::from_secs(60 * 60);
        Self { bind, data, htpasswd: None, layout: None, tls: None, grace, log: Log::none(), limits: Limits::default() }
    }
}

/// What a client may cost before it is cut off.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// So many connections are served at once; more wait to be accepted.
    pub connections: usize,
    /// A whole request head, or a TLS handshake, comes within this time of the opening or the last answer.
    pub head: Duration,
    /// How slowly bodies may move, in both directions.
    pub pace: Pace,
    /// How long requests under way may go on when the server is told to stop. Shorter than the 30 s after which `reg-up stop` kills.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: 512, head: Duration::from_secs(30), pace: Pace::default(), drain: Duration::from_secs(25) }
    }
}

/// A server that listens.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<Arc<Certificates>>,
    registry: Arc<Registry>,
    admin_token: Secret,
    limits: Limits,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Server {
    /// Takes the data folder over and binds the address. Connections wait until [`run`](Self::run) serves them.
    ///
    /// # Errors
    /// [`Exit::Conflict`](crate::exit::Exit::Conflict) when the port or the folder is taken,
    /// [`Exit::Input`](crate::exit::Exit::Input) when a file is missing or not what it should be.
    pub async fn bind(options: Options) -> Result<Self> {
        let tls = options.tls.as_ref().map(|(certificate, key)| Certificates::new(certificate, key, options.log.clone()));
        let tls = tls.transpose()?.map(Arc::new);
        let logins = options.htpasswd.as_ref().map(|file| Logins::new(file, options.log.clone())).transpose()?;
        let policy = options.layout.as_ref().map(|file| Policy::new(file, options.log.clone())).transpose()?;
        let (token, admin_token) = Token::generate()?;
        let files = match &options.data {
            Data::Memory => Files::Memory(Memory::default()),
            Data::Directory(directory) => open(directory, admin_token.clone()).await?,
        };
        let listener = TcpListener::bind(options.bind).await.map_err(|fault| cannot_bind(options.bind, fault))?;
        let address = listener.local_addr().map_err(|fault| cannot_bind(options.bind, fault))?;
        let store = Store::new(files, options.grace);
        let registry = Arc::new(Registry::new(store, logins, policy, token, options.log, options.limits.pace));
        Ok(Self { listener, address, tls, registry, admin_token, limits: options.limits })
    }

    /// The address it listens on, with the port that was found for port 0.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What admits to [`COLLECT_PATH`](super::COLLECT_PATH). It also stands in the [token file](super::token_file) of a data folder.
    #[must_use]
    pub fn admin_token(&self) -> &Secret {
        &self.admin_token
    }

    /// Serves until `shutdown` is done. Then it accepts nothing more, lets the requests under way end within
    /// [`Limits::drain`], and cuts off the rest.
    ///
    /// # Errors
    /// None today: trouble with one connection ends that connection, and is logged.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> Result<()> {
        let Self { listener, tls, registry, limits, .. } = self;
        let places = Arc::new(Semaphore::new(limits.connections));
        let (stop, stopped) = watch::channel(());
        let mut connections = JoinSet::new();
        tokio::pin!(shutdown);
        loop {
            let (stream, remote, place) = tokio::select! {
                () = &mut shutdown => break,
                // Reaps the ended ones.
                Some(_) = connections.join_next() => continue,
                accepted = accept(&listener, &places, &registry) => accepted,
            };
            let connection = Connection { registry: Arc::clone(&registry), remote, limits, stopped: stopped.clone() };
            let tls = tls.clone();
            connections.spawn(async move {
                let _place = place;
                connection.serve(stream, tls).await;
            });
        }
        drop(listener);
        drop(stopped);
        drop(stop);
        let drained = async { while connections.join_next().await.is_some() {} };
        if tokio::time::timeout(limits.drain, drained).await.is_err() {
            registry.log.say("warning", "cut off the connections that did not end in time");
        }
        connections.shutdown().await;
        Ok(())
    }
}

async fn open(directory: &Path, token: Secret) -> Result<Files> {
    let directory = directory.to_owned();
    let opened = tokio::task::spawn_blocking(move || {
        let files = Directory::open(&directory)?;
        files.write_token(token.expose()).map_err(|fault| Error::io("cannot write the admin token", fault))?;
        Ok(Files::Directory(files))
    });
    opened.await.map_err(|fault| Error::failed("opening the data folder broke off").caused_by(fault))?
}

fn cannot_bind(address: SocketAddr, fault: io::Error) -> Error {
    let error = Error::io(format!("cannot listen on {address}"), fault);
    match std::error::Error::source(&error).map(ToString::to_string) {
        Some(reason) if reason.contains("in use") => {
            Error::conflict(format!("port {} of {} is taken", address.port(), address.ip())).hint("--port 0 takes a free one")
        }
        _ => error,
    }
}

/// The next connection, once there is a place for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    registry: &Registry,
) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    loop {
        let Ok(place) = Arc::clone(places).acquire_owned().await else {
            // The semaphore is never closed.
            return std::future::pending().await;
        };
        match listener.accept().await {
            Ok((stream, remote)) => return (stream, remote, place),
            Err(fault) => {
                // Too many open files, or a connection that went before it was taken: a moment later it may work again.
                registry.log.say("error", &format!("cannot accept a connection: {fault}"));
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// One connection.
struct Connection {
    registry: Arc<Registry>,
    remote: SocketAddr,
    limits: Limits,
    /// Closed when the server is to stop.
    stopped: watch::Receiver<()>,
}

impl Connection {
    async fn serve(self, stream: TcpStream, tls: Option<Arc<Certificates>>) {
        let _connected = Connected::new(Arc::clone(&self.registry));
        // Answers are small or whole buffers; waiting to fill a segment only costs time. Best effort.
        let _ = stream.set_nodelay(true);
        let Some(tls) = tls else {
            return self.speak(stream).await;
        };
        // A handshake that fails is the client's affair: a scanner, a plain http request.
        let shake = async { tls.acceptor().await.accept(stream).await };
        if let Ok(Ok(stream)) = tokio::time::timeout(self.limits.head, shake).await {
            self.speak(stream).await;
        }
    }

    async fn speak(mut self, stream: impl AsyncRead + AsyncWrite + Unpin) {
        let (registry, remote) = (Arc::clone(&self.registry), self.remote);
        let io = TokioIo::new(Paced::new(stream, Arc::clone(&self.registry)));
        let service = service_fn(move |request| Arc::clone(&registry).serve(remote, request));
        let connection =
            http1::Builder::new().timer(TokioTimer::new()).header_read_timeout(self.limits.head).serve_connection(io, service);
        tokio::pin!(connection);
        // Errors here are broken connections: the access log tells what became of their requests.
        tokio::select! {
            _ = &mut connection => return,
            _ = self.stopped.changed() => connection.as_mut().graceful_shutdown(),
        }
        let _ = connection.await;
    }
}
