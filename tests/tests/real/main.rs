//! Real registries, started as processes with the configurations that we render for them.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report, in its helpers too")]

mod combinations;
mod distribution;
mod retention;
mod rights;
mod skopeo;
mod zot;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use reg_shared::engine::process::{Child, Process, Spawn, Stopped};
use reqwest::{Client, Response};

const LONG: Duration = Duration::from_secs(60);

/// A user of the htpasswd files in these tests.
const USER: (&str, &str) = ("alice", "p:ä ss");

/// `N` loopback addresses that nobody uses.
fn addresses<const N: usize>() -> [SocketAddr; N] {
    std::array::from_fn(|_| SocketAddr::new([127, 0, 0, 1].into(), reg_tests::port::free()))
}

/// A registry under test. It is killed at the end of the test, also of a failed one.
struct Running {
    child: Child,
    output: PathBuf,
}

impl Running {
    fn start(spawn: &Spawn, output: &Path) -> Self {
        Self { child: Process::spawn(spawn).unwrap(), output: output.to_owned() }
    }

    /// What the registry has written so far.
    fn output(&self) -> String {
        std::fs::read_to_string(&self.output).unwrap()
    }

    /// The first answer to a GET.
    async fn answer(&mut self, client: &Client, url: &str) -> Response {
        let deadline = Instant::now() + LONG;
        loop {
            match client.get(url).send().await {
                Ok(response) => return response,
                Err(error) => assert!(Instant::now() < deadline, "{url}: {error:?}\n{}", self.output()),
            }
            tokio::select! {
                exited = self.child.wait() => panic!("the registry {}\n{}", exited.unwrap(), self.output()),
                () = tokio::time::sleep(Duration::from_millis(50)) => {}
            }
        }
    }

    async fn stop(&mut self) -> Stopped {
        self.child.process().stop(LONG).await.unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let process = self.child.process().clone();
        let kill = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(process.stop(Duration::ZERO))
        };
        let _ = std::thread::spawn(kill).join();
    }
}

/// A client that trusts the given PEM certificate, and no other.
fn client(ca: Option<&str>) -> Client {
    // Another test of this program may have been first.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let roots = ca.map(|ca| reqwest::Certificate::from_pem(ca.as_bytes()).unwrap());
    Client::builder().tls_certs_only(roots).no_proxy().build().unwrap()
}

/// The files of a self-signed certificate for 127.0.0.1, and its PEM.
fn certificate(directory: &Path) -> (PathBuf, PathBuf, String) {
    let certified = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let [cert, key] = ["cert.pem", "key.pem"].map(|name| directory.join(name));
    std::fs::write(&cert, certified.cert.pem()).unwrap();
    std::fs::write(&key, certified.signing_key.serialize_pem()).unwrap();
    (cert, key, certified.cert.pem())
}

/// An htpasswd file with [`USER`] in it.
fn htpasswd(directory: &Path) -> PathBuf {
    let path = directory.join("ht: passwd #1");
    std::fs::write(&path, format!("{}:{}\n", USER.0, bcrypt::hash(USER.1, 4).unwrap())).unwrap();
    path
}
