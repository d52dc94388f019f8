//! A server that is killed at any moment, and one that runs out of space.
//!
//! The server is this test program, run again with `REG_TEST_SERVER`; or the program that `REG_TEST_PROGRAM` names, run as
//! `PROGRAM serve --bind 127.0.0.1 --port 0 --data FOLDER`. Either says `http://ADDRESS` on standard error.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use http::Method;
use reg_shared::embedded::{Data, Options, Server};
use reg_shared::name::{Algorithm, Digest};
use reg_shared::oci::media;
use serde_json::json;

use crate::harness::{Image, count_files, descriptor, noise};

const FOLDER: &str = "REG_TEST_SERVER";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the server of the other tests here, which run it themselves"]
async fn serve() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let server = Server::bind(Options::new(([127, 0, 0, 1], 0).into(), Data::Directory(folder.into()))).await.unwrap();
    eprintln!("serving http://{}", server.address());
    server.run(std::future::pending()).await.unwrap();
}

/// A server in a process of its own.
struct Process {
    child: Child,
    url: String,
    client: reqwest::Client,
}

impl Process {
    /// `shell` is run by sh before the server, in the same process.
    fn start(folder: &Path, shell: &str) -> Self {
        let program = std::env::var_os("REG_TEST_PROGRAM");
        let this = std::env::current_exe().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{shell} exec \"$@\""), "sh"]).env(FOLDER, folder);
        match &program {
            Some(program) => command.arg(program).args(["serve", "--bind", "127.0.0.1", "--port", "0", "--data"]).arg(folder),
            None => command.arg(this).args(["crash::serve", "--exact", "--ignored", "--nocapture"]),
        };
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let url = lines.by_ref().map(Result::unwrap).find_map(|line| {
            let address = &line[line.find("http://")?..];
            Some(address.split(|c: char| c == ';' || c.is_whitespace()).next()?.to_owned())
        });
        // Nobody reads on, and nobody must wait for that.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, url: url.expect("the server did not start"), client: crate::harness::client() }
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The status and body of an answer; nothing when the server was killed meanwhile.
    async fn send(&self, method: Method, path: &str, media_type: &str, body: Vec<u8>) -> Option<(u16, Vec<u8>)> {
        let request = self.client.request(method, format!("{}{path}", self.url)).header("content-type", media_type).body(body);
        let response = request.send().await.ok()?;
        let status = response.status().as_u16();
        Some((status, response.bytes().await.ok()?.to_vec()))
    }

    async fn get(&self, path: &str) -> (u16, Vec<u8>) {
        self.send(Method::GET, path, "", Vec::new()).await.expect("no answer")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be dead already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What the server said it has done, and must have done whatever comes.
#[derive(Default)]
struct Acknowledged {
    blobs: Vec<(String, Vec<u8>)>,
    /// Repository, tag, and the manifests it may point to: the acknowledged one, and one whose put was cut short.
    tags: Vec<(String, String, Vec<String>)>,
    deleted: Vec<String>,
}

const REPO: &str = "team/app";

/// Pushes, tags and deletes until the server is killed.
async fn work(server: &Process, worker: u64, round: u64) -> Acknowledged {
    let mut done = Acknowledged::default();
    let push = async |bytes: &[u8]| {
        let path = format!("/v2/{REPO}/blobs/uploads/?digest={}", Digest::sha256(bytes));
        server.send(Method::POST, &path, "", bytes.to_vec()).await.map(|(status, _)| assert_eq!(status, 201))
    };
    for number in 0.. {
        let layer = noise(worker * 1_000_000 + round * 1000 + number, 40_000);
        let mut image = Image::new(&layer);
        image.manifest["subject"] = descriptor(media::OCI_MANIFEST, b"subject");
        let (config, digest, tag) = (image.config.clone(), image.digest(), format!("w{worker}"));
        for blob in [&layer, &config] {
            if push(blob).await.is_none() {
                return done;
            }
            done.blobs.push((Digest::sha256(blob).to_string(), blob.clone()));
        }
        let path = format!("/v2/{REPO}/manifests/{tag}");
        let put = server.send(Method::PUT, &path, media::OCI_MANIFEST, image.manifest.to_string().into_bytes()).await;
        let before = done.tags.pop().map(|(.., manifests)| manifests).unwrap_or_default();
        let Some((status, body)) = put else {
            // Without one before, there may be no tag at all.
            if !before.is_empty() {
                done.tags.push((REPO.to_owned(), tag, before.into_iter().chain([digest.to_string()]).collect()));
            }
            return done;
        };
        assert_eq!(status, 201, "{}", String::from_utf8_lossy(&body));
        done.tags.push((REPO.to_owned(), tag, vec![digest.to_string()]));
        if number % 3 == 2 {
            let path = format!("/v2/{REPO}/manifests/{digest}");
            let deleted = server.send(Method::DELETE, &path, "", Vec::new()).await;
            done.tags.pop();
            match deleted {
                Some((status, _)) => assert_eq!(status, 202),
                None => return done,
            }
            done.deleted.push(digest.to_string());
        }
    }
    done
}

async fn check(server: &Process, done: &Acknowledged) {
    for (digest, bytes) in &done.blobs {
        let (status, got) = server.get(&format!("/v2/{REPO}/blobs/{digest}")).await;
        assert!(status == 200 && got == *bytes, "{digest}: {status}");
    }
    for (repository, tag, manifests) in &done.tags {
        let (status, got) = server.get(&format!("/v2/{repository}/manifests/{tag}")).await;
        assert_eq!(status, 200, "{tag}");
        assert!(manifests.contains(&Digest::sha256(&got).to_string()), "{tag}");
    }
    for digest in &done.deleted {
        assert_eq!(server.get(&format!("/v2/{REPO}/manifests/{digest}")).await.0, 404, "{digest}");
    }
    let (_, tags) = server.get(&format!("/v2/{REPO}/tags/list")).await;
    let tags: serde_json::Value = serde_json::from_slice(&tags).unwrap();
    for tag in tags["tags"].as_array().unwrap() {
        // No tag points nowhere, and what it points to is whole.
        let (status, manifest) = server.get(&format!("/v2/{REPO}/manifests/{}", tag.as_str().unwrap())).await;
        assert_eq!(status, 200, "{tag}");
        whole(server, &manifest).await;
    }
    let path = format!("/v2/{REPO}/referrers/{}", Digest::sha256("subject"));
    let referrers: serde_json::Value = serde_json::from_slice(&server.get(&path).await.1).unwrap();
    for referrer in referrers["manifests"].as_array().unwrap() {
        let (status, manifest) = server.get(&format!("/v2/{REPO}/manifests/{}", referrer["digest"].as_str().unwrap())).await;
        assert_eq!((status, Some(manifest.len() as u64)), (200, referrer["size"].as_u64()));
    }
}

async fn whole(server: &Process, manifest: &[u8]) {
    let manifest: serde_json::Value = serde_json::from_slice(manifest).unwrap();
    for blob in [&manifest["config"], &manifest["layers"][0]] {
        let digest = blob["digest"].as_str().unwrap();
        let (status, bytes) = server.get(&format!("/v2/{REPO}/blobs/{digest}")).await;
        assert!(status == 200 && Digest::sha256(&bytes).to_string() == digest, "{digest}: {status}");
    }
}

/// No file among the contents has another digest than its name says.
fn check_contents(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            check_contents(&path);
        } else {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let algorithm = if name.len() == 64 { Algorithm::Sha256 } else { Algorithm::Sha512 };
            assert_eq!(Digest::of(algorithm, std::fs::read(&path).unwrap()).hex(), name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_it_has_all_that_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut random = 0x2545_f491_4f6c_dd1d_u64;
    for round in 0..15 {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let server = Process::start(&data, "");
        let working = futures_util::future::join_all((0..3).map(|worker| work(&server, worker, round)));
        let killing = async {
            tokio::time::sleep(Duration::from_millis(random % 250)).await;
            // By its number: the workers still hold the server.
            rustix::process::kill_process(rustix::process::Pid::from_child(&server.child), rustix::process::Signal::KILL).unwrap();
        };
        let (done, ()) = tokio::join!(working, killing);
        drop(server);
        check_contents(&data.join("blobs"));
        let server = Process::start(&data, "");
        for done in &done {
            check(&server, done).await;
        }
        server.kill();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_goes_on_after_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let server = Process::start(&data, "");
    let bytes = noise(1, 600_000);
    let start = server.client.post(format!("{}/v2/{REPO}/blobs/uploads/", server.url)).send().await.unwrap();
    let location = start.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(server.send(Method::PATCH, &location, "", bytes[..250_000].to_vec()).await.unwrap().0, 202);
    server.kill();
    let server = Process::start(&data, "");
    let stands = server.client.get(format!("{}{location}", server.url)).send().await.unwrap();
    assert_eq!(stands.headers()["range"], "0-249999");
    let finish = format!("{location}?digest={}", Digest::sha256(&bytes));
    assert_eq!(server.send(Method::PUT, &finish, "", bytes[250_000..].to_vec()).await.unwrap().0, 201);
    assert!(server.get(&format!("/v2/{REPO}/blobs/{}", Digest::sha256(&bytes))).await.1 == bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn out_of_space_it_says_so_and_gives_back_what_it_took() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    // No file may have more than half a MiB, which is to a write what a full disk is.
    let server = Process::start(&data, "trap '' XFSZ; ulimit -f 1024;");
    let bytes = noise(2, 3 << 20);
    let digest = Digest::sha256(&bytes);
    let push = format!("/v2/{REPO}/blobs/uploads/?digest={digest}");
    let start = server.client.post(format!("{}/v2/{REPO}/blobs/uploads/", server.url)).send().await.unwrap();
    let location = start.headers()["location"].to_str().unwrap().to_owned();
    for (method, path) in [(Method::POST, push), (Method::PATCH, location)] {
        let (status, body) = server.send(method, &path, "", bytes.clone()).await.expect("no answer");
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(status, 507);
        assert_eq!(body, json!({ "errors": [{ "code": "UNKNOWN", "message": "the registry's storage is full" }] }));
    }
    for part in ["blobs", "temporary", "repositories"] {
        assert_eq!(count_files(&data.join(part)), 0, "{part}");
    }
    // What fits is still taken.
    let small = format!("/v2/{REPO}/blobs/uploads/?digest={}", Digest::sha256("small"));
    assert_eq!(server.send(Method::POST, &small, "", b"small".to_vec()).await.unwrap().0, 201);
}
