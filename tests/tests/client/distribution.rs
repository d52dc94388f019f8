//! The client against the real Distribution (`docker-registry` or `registry` on PATH, or `REG_LIVE_DISTRIBUTION=/path`).
//!
//! A machine without it skips these by name; with `REG_LIVE_REQUIRED=1` that is a failure.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use reg_shared::auth::Credential;
use reg_shared::exit::Exit;
use reg_shared::name::{Digest, Selector, Tag};
use reg_shared::oci::manifest::Manifest;
use reg_shared::oci::{Client, Content, Options, Put};
use reg_shared::secret::Secret;
use serde_json::json;

use super::proxy::{Cut, Proxy};
use super::{connect, noise};

const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// A running registry in a folder of its own.
struct Distribution {
    url: String,
    process: Child,
    _folder: tempfile::TempDir,
}

impl Drop for Distribution {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// `None`, said by name, where there is no binary.
async fn start(more: &str) -> Option<Distribution> {
    let binary = reg_tests::live::DISTRIBUTION.find()?;
    let folder = tempfile::tempdir().unwrap();
    let port = reg_tests::port::free();
    let data = folder.path().join("data");
    // bcrypt of `secret`, cost 4.
    std::fs::write(folder.path().join("htpasswd"), "me:$2y$04$lv81aIwI8bvWDKVZOrFlnOtFJCd0ZZXr9SwZprleTFD..7ZpD06oa\n").unwrap();
    let config = format!(
        "version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\nstorage:\n  filesystem: {{rootdirectory: {}}}\n  delete: {{enabled: true}}\n\
         http: {{addr: '127.0.0.1:{port}'}}\n{}",
        data.display(),
        more.replace("HTPASSWD", &folder.path().join("htpasswd").display().to_string())
    );
    let file = folder.path().join("config.yml");
    std::fs::write(&file, config).unwrap();
    let log = std::fs::File::create(folder.path().join("log")).unwrap();
    let process = Command::new(binary)
        .arg("serve")
        .arg(&file)
        .env("OTEL_TRACES_EXPORTER", "none")
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        .spawn()
        .unwrap();
    let registry = Distribution { url: format!("http://127.0.0.1:{port}"), process, _folder: folder };
    let began = Instant::now();
    loop {
        match anonymous(&registry).ping().await {
            Ok(_) => return Some(registry),
            Err(error) if error.kind() == Exit::Denied => return Some(registry),
            Err(error) if began.elapsed() > Duration::from_secs(60) => panic!("the registry does not start: {error}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

fn anonymous(registry: &Distribution) -> Client {
    connect(&registry.url, Credential::Anonymous, Options::default())
}

fn image(config: &Content, layer: &Content) -> Manifest {
    let descriptor = |kind: &str, content: &Content| json!({ "mediaType": kind, "digest": content.digest().to_string(), "size": content.size() });
    let manifest = json!({
        "schemaVersion": 2, "mediaType": OCI_MANIFEST,
        "config": descriptor("application/vnd.oci.image.config.v1+json", config),
        "layers": [descriptor("application/vnd.oci.image.layer.v1.tar", layer)],
    });
    let bytes = manifest.to_string();
    Manifest { digest: Digest::sha256(&bytes), media_type: OCI_MANIFEST.to_owned(), bytes: bytes.into() }
}

async fn read(client: &Client, repository: &str, content: &Content) -> Vec<u8> {
    let mut blob = client.blob(&repository.parse().unwrap(), content.digest(), content.size()).await.unwrap();
    let mut bytes = Vec::new();
    while let Some(piece) = blob.chunk().await.unwrap() {
        bytes.extend_from_slice(&piece);
    }
    bytes
}

fn tag(text: &str) -> Selector {
    text.parse::<Tag>().unwrap().into()
}

#[tokio::test]
async fn an_image_goes_there_and_comes_back() {
    let Some(registry) = start("").await else { return };
    let (config, bytes) =
        (Content::bytes(r#"{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#), noise(1, 3 << 20));
    let layer = Content::bytes(bytes.clone());
    let (team, other) = ("team/app".parse().unwrap(), "other".parse().unwrap());
    for chunk in [None, Some(1 << 20)] {
        let client = connect(&registry.url, Credential::Anonymous, Options { chunk, ..Options::default() });
        for content in [&config, &layer] {
            assert_eq!(client.blob_put(&team, content, None).await.unwrap(), Put::Uploaded);
        }
        assert_eq!(read(&client, "team/app", &layer).await, bytes);
        client.blob_delete(&team, layer.digest()).await.unwrap();
    }
    let client = anonymous(&registry);
    client.blob_put(&team, &layer, None).await.unwrap();
    let manifest = image(&config, &layer);
    client.manifest_put(&team, &tag("v1"), &manifest).await.unwrap();
    assert_eq!(client.manifest(&team, &tag("v1")).await.unwrap().0, manifest);
    assert_eq!(client.manifest(&team, &manifest.digest.clone().into()).await.unwrap().0, manifest);
    assert_eq!(client.blob_put(&other, &layer, Some(&team)).await.unwrap(), Put::Mounted);
    let absent = Content::bytes("absent");
    assert_eq!(client.blob_put(&other, &absent, Some(&team)).await.unwrap(), Put::Uploaded);
    // 3.x leaves repositories without a manifest out.
    assert!(client.catalog().await.unwrap().contains(&team));
    assert!(client.referrers(&team, &manifest.digest, None).await.unwrap().is_empty());
    client.manifest_delete(&team, &manifest.digest).await.unwrap();
    assert_eq!(client.manifest_head(&team, &tag("v1")).await.unwrap(), None);
}

#[tokio::test]
async fn lists_longer_than_a_page_come_whole() {
    let Some(registry) = start("catalog: {maxentries: 7}\n").await else { return };
    let client = anonymous(&registry);
    let (config, layer) = (Content::bytes("{}"), Content::bytes("layer"));
    let manifest = image(&config, &layer);
    for number in 0..20 {
        let repository = format!("list/r{number:02}").parse().unwrap();
        client.blob_put(&repository, &config, None).await.unwrap();
        client.blob_put(&repository, &layer, None).await.unwrap();
        client.manifest_put(&repository, &tag("v1"), &manifest).await.unwrap();
        client.manifest_put(&"list/r00".parse().unwrap(), &tag(&format!("t{}", 19 - number)), &manifest).await.unwrap();
    }
    // 2.8 has no limit but 1000; 3.x obeys the configured one and refuses more.
    assert_eq!(client.catalog().await.unwrap().len(), 20);
    let small = connect(&registry.url, Credential::Anonymous, Options { page: 3, ..Options::default() });
    assert_eq!(small.catalog().await.unwrap(), client.catalog().await.unwrap());
    let tags = small.tags(&"list/r00".parse().unwrap()).await.unwrap();
    assert!(tags.len() == 21 && tags.is_sorted(), "{tags:?}");
    assert_eq!(small.tags(&"list/absent".parse().unwrap()).await.unwrap_err().kind(), Exit::NotFound);
}

#[tokio::test]
async fn a_login_is_checked() {
    let more = "auth: {htpasswd: {realm: test, path: HTPASSWD}}\n";
    let Some(registry) = start(more).await else { return };
    let login =
        |password: &str| connect(&registry.url, Credential::password("me", Secret::new(password)).unwrap(), Options::default());
    assert_eq!(anonymous(&registry).ping().await.unwrap_err().kind(), Exit::Denied);
    let error = login("wrong").ping().await.unwrap_err();
    assert_eq!((error.kind(), error.hint_text()), (Exit::Denied, Some("check the user name and the password")));
    login("secret").ping().await.unwrap();
    login("secret").blob_put(&"a".parse().unwrap(), &Content::bytes("x"), None).await.unwrap();
}

#[tokio::test]
async fn a_blob_whose_connection_breaks_arrives_whole_both_ways() {
    let Some(registry) = start("").await else { return };
    let bytes = noise(9, 40 << 20);
    let content = Content::bytes(bytes.clone());
    let team = "team/app".parse().unwrap();
    for (chunk, cut) in [(None, Cut::Sending(13 << 20)), (Some(8 << 20), Cut::Sending(27 << 20)), (None, Cut::Receiving(13 << 20))]
    {
        let proxy = Proxy::start(registry.url.trim_start_matches("http://"), cut).await;
        let client = connect(&proxy.url, Credential::Anonymous, Options { chunk, ..Options::default() });
        client.blob_put(&team, &content, None).await.unwrap();
        assert!(read(&client, "team/app", &content).await == bytes);
        assert!(proxy.has_cut());
        client.blob_delete(&team, content.digest()).await.unwrap();
    }
}
