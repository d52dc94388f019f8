//! reg-init: a registry becomes what its layout says, once, whole, and on every type alike.

mod access;
mod adopted;
mod apply;
mod distribution;
mod effect;
mod export;
mod immutable;
mod killed;
mod layouts;
mod lint;
mod pipelines;
mod plan;
mod running;
mod start;
mod users;
mod webhooks;
mod wrong;

use std::collections::BTreeMap;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use reg_tests::sandbox::{Ran, Sandbox};
use serde_json::Value;
use tokio::runtime::Runtime;

/// The password that [`logins`] gives to everybody.
const PASSWORD: &str = "correct horse";

/// The lines of an htpasswd file with the least costly hash, so that many requests are soon checked.
fn logins(users: &[&str]) -> String {
    let hash = bcrypt::hash_with_result(PASSWORD, 4).unwrap().format_for_version(bcrypt::Version::TwoY);
    users.iter().map(|user| format!("{user}:{hash}\n")).collect()
}

/// What changed, a line each: `create namespace a`, `change user b email`.
fn changes(document: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let line = |change: &Value| {
        let words = ["verb", "object", "name", "field"].map(|key| text(&change[key]));
        words.join(" ").trim_end().to_owned()
    };
    document["changes"].as_array().unwrap_or_else(|| panic!("no changes: {document}")).iter().map(line).collect()
}

/// What cannot be done, a line each: `namespace a retention`.
fn gaps(document: &Value) -> Vec<String> {
    let line = |gap: &Value| ["object", "name", "field"].map(|key| gap[key].as_str().unwrap_or_default()).join(" ");
    document["gaps"].as_array().unwrap_or_else(|| panic!("no gaps: {document}")).iter().map(line).collect()
}

/// How the registry came to know of a change, as the report of a run tells it.
fn effect(ran: &Ran) -> String {
    let report = ran.json();
    let row = report["steps"].as_array().unwrap().iter().find(|row| row["name"] == "converge").cloned();
    row.unwrap_or_else(|| panic!("{report}"))["detail"].as_str().unwrap().to_owned()
}

/// A file as [`snapshot`] saw it.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    inode: u64,
    mode: u32,
    bytes: Vec<u8>,
}

/// The files of a folder, but for what a registry writes while it runs: its data and log.
fn snapshot(folder: &Path) -> BTreeMap<PathBuf, Seen> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let seen = |path: &PathBuf| {
        let about = std::fs::metadata(path).unwrap();
        Seen { inode: about.ino(), mode: about.permissions().mode() & 0o777, bytes: std::fs::read(path).unwrap() }
    };
    files.map(|path| (PathBuf::from(path.file_name().unwrap()), seen(&path))).collect()
}

/// The password that was generated for a user of an instance.
fn generated(sandbox: &Sandbox, instance: &str, user: &str) -> String {
    let path = sandbox.instance(instance).join(format!("{user}.password"));
    std::fs::read_to_string(&path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display())).trim().to_owned()
}

/// Somebody who asks a registry by plain HTTP.
struct Http {
    runtime: Runtime,
    client: reqwest::Client,
    url: String,
}

/// What is sent as a login; none for nobody.
type Login<'a> = Option<(&'a str, &'a str)>;

impl Http {
    fn of(registry: &Value) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(reg_shared::tls::trust::Trust::default().config().unwrap())
            .no_proxy()
            // A registry that was restarted has closed what was open.
            .pool_max_idle_per_host(0)
            .build()
            .unwrap();
        Self { runtime, client, url: registry["url"].as_str().unwrap().to_owned() }
    }

    /// The status, and the body as text.
    fn ask(&self, login: Login<'_>, method: &str, path: &str, body: Option<(&str, &[u8])>) -> (u16, String) {
        let mut request = self.client.request(method.parse().unwrap(), format!("{}{path}", self.url));
        if let Some((user, password)) = login {
            request = request.basic_auth(user, Some(password));
        }
        if let Some((kind, bytes)) = body {
            request = request.header("content-type", kind).body(bytes.to_vec());
        }
        self.runtime.block_on(async {
            let answer = request.send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap_or_default())
        })
    }

    /// The status of a request without a body.
    fn status(&self, login: Login<'_>, method: &str, path: &str) -> u16 {
        self.ask(login, method, path, None).0
    }

    /// The repositories that somebody sees.
    fn catalog(&self, login: Login<'_>) -> Vec<String> {
        let (status, body) = self.ask(login, "GET", "/v2/_catalog?n=1000", None);
        assert_eq!(status, 200, "{body}");
        let listed: Value = serde_json::from_str(&body).unwrap();
        listed["repositories"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
    }

    /// Uploads a blob; the status that ended it.
    fn put_blob(&self, login: Login<'_>, repository: &str, bytes: &[u8]) -> u16 {
        let digest = reg_shared::name::Digest::sha256(bytes);
        let mut request = self.client.post(format!("{}/v2/{repository}/blobs/uploads/", self.url));
        if let Some((user, password)) = login {
            request = request.basic_auth(user, Some(password));
        }
        let answer = self.runtime.block_on(request.send()).unwrap();
        if answer.status() != 202 {
            return answer.status().as_u16();
        }
        let location = answer.headers()["location"].to_str().unwrap();
        let location = location.strip_prefix(&self.url).unwrap_or(location);
        let mark = if location.contains('?') { '&' } else { '?' };
        let path = format!("{location}{mark}digest={digest}");
        self.ask(login, "PUT", &path, Some(("application/octet-stream", bytes))).0
    }

    /// Pushes a manifest of this text's own under a tag; its digest and the status that ended it.
    fn push(&self, login: Login<'_>, repository: &str, tag: &str, text: &str) -> (String, u16) {
        let config = format!("{{\"text\":\"{text}\"}}");
        let digest = reg_shared::name::Digest::sha256(config.as_bytes());
        let manifest = serde_json::json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest, "size": config.len()},
            "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", "digest": digest, "size": config.len()}],
        })
        .to_string();
        let taken = self.put_blob(login, repository, config.as_bytes());
        if taken != 201 {
            return (String::new(), taken);
        }
        let (status, _) =
            self.ask(login, "PUT", &format!("/v2/{repository}/manifests/{tag}"), Some((MANIFEST, manifest.as_bytes())));
        (reg_shared::name::Digest::sha256(manifest.as_bytes()).to_string(), status)
    }
}

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// How requests end that are refused: for want of a login, or in spite of it.
fn refused(login: Login<'_>) -> u16 {
    if login.is_some() { 403 } else { 401 }
}
