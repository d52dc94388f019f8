//! zot 2 with rendered configurations.

use std::path::{Path, PathBuf};
use std::process::Command;

use reg_shared::auth::Credential;
use reg_shared::engine::process::{Output, Spawn, Stopped};
use reg_shared::options::{Options, Secrets};
use reg_shared::version::Version;
use reg_shared::zot::{self, Build, Config, Settings, Tls};
use reg_shared::{http, oci};
use reg_tests::live::{Program, ZOT};
use reqwest::StatusCode;
use tempfile::TempDir;

use super::{Running, USER, addresses, certificate, client, htpasswd};

/// A folder, a program and settings to begin with.
pub(super) struct Bench {
    directory: TempDir,
    pub(super) program: PathBuf,
    pub(super) build: Build,
    pub(super) settings: Settings,
}

impl Bench {
    pub(super) fn new() -> Option<Self> {
        Self::of(ZOT)
    }

    pub(super) fn of(program: Program) -> Option<Self> {
        let program = program.find()?;
        let output = Command::new(&program).arg(zot::VERSION).output().unwrap();
        let told = [output.stdout, output.stderr].concat();
        let build = Build::parse(&String::from_utf8(told).unwrap()).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let [address] = addresses();
        let root = directory.path().join("da: ta #1 ${HOME} \"'");
        let settings = Settings {
            address,
            root,
            tls: None,
            htpasswd: None,
            realm: "our \"reg\"".into(),
            folder: directory.path().to_owned(),
            access: None,
            retention: zot::retention::Retention::default(),
            options: Options::default(),
            secrets: Secrets::default(),
        };
        Some(Self { directory, program, build, settings })
    }

    pub(super) fn path(&self) -> &Path {
        self.directory.path()
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.settings.address)
    }

    /// A client of ours for it.
    pub(super) fn oci(&self) -> oci::Client {
        let http = http::Client::new(http::Options::default());
        oci::Client::new(http, self.url("").parse().unwrap(), Credential::Anonymous, oci::Options::default()).unwrap()
    }

    pub(super) fn config(&self) -> PathBuf {
        let config = self.path().join("zot.json");
        std::fs::write(&config, Config::new(&self.settings, &self.build).unwrap().to_json().unwrap()).unwrap();
        config
    }

    /// Whether zot takes the configuration, and what it says.
    pub(super) fn verify(&self, config: &Path) -> (bool, String) {
        let output = Command::new(&self.program).arg(zot::VERIFY).arg(config).output().unwrap();
        (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
    }

    pub(super) fn start(&self) -> Running {
        let config = self.config();
        let (right, told) = self.verify(&config);
        assert!(right, "{told}");
        self.serve(&config)
    }

    pub(super) fn serve(&self, config: &Path) -> Running {
        let output = self.path().join("output");
        let mut spawn = Spawn::new(&self.program, self.path(), Output::File(output.clone()));
        spawn.args = vec![zot::SERVE.into(), config.into()];
        Running::start(&spawn, &output)
    }
}

#[tokio::test]
async fn the_registry_is_what_the_settings_say() {
    let Some(bench) = Bench::new() else { return };
    let mut registry = bench.start();
    let client = client(None);
    let response = registry.answer(&client, &bench.url("/v2/")).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()["docker-distribution-api-version"], "registry/2.0");
    if let Some(path) = bench.build.metrics() {
        let metrics = client.get(bench.url(path)).send().await.unwrap().text().await.unwrap();
        assert!(metrics.contains("# TYPE zot_"), "{metrics}");
    }
    let upload = client.post(bench.url("/v2/a/blobs/uploads/")).send().await.unwrap();
    assert_eq!(upload.status(), StatusCode::ACCEPTED);
    assert!(bench.settings.root.join("a").is_dir(), "the data is in the folder of that very name");
    assert_eq!(registry.stop().await, Stopped::Gracefully);
    let output = registry.output();
    assert!(output.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{output}");
    assert!(output.contains("\"path\":\"/v2/a/blobs/uploads/\""), "the access log: {output}");
}

#[tokio::test]
async fn users_log_in_and_probes_need_no_login() {
    let Some(mut bench) = Bench::new() else { return };
    bench.settings.htpasswd = Some(htpasswd(bench.path()));
    let mut registry = bench.start();
    let client = client(None);
    let response = registry.answer(&client, &bench.url("/v2/")).await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(response.headers()["www-authenticate"], r#"Basic realm="our \"reg\"""#);
    let login = |password| client.get(bench.url("/v2/")).basic_auth(USER.0, Some(password)).send();
    assert_eq!(login(USER.1).await.unwrap().status(), StatusCode::OK);
    assert_eq!(login("wrong").await.unwrap().status(), StatusCode::UNAUTHORIZED);
    if let Some(probes) = bench.build.probes() {
        for path in [probes.live, probes.ready, probes.startup] {
            assert_eq!(client.get(bench.url(path)).send().await.unwrap().status(), StatusCode::OK, "{path}");
        }
    }
}

#[tokio::test]
async fn the_certificate_is_served() {
    let Some(mut bench) = Bench::new() else { return };
    let (cert, key, ca) = certificate(bench.path());
    bench.settings.tls = Some(Tls { cert, key });
    let mut registry = bench.start();
    let url = bench.url("/v2/").replace("http:", "https:");
    assert_eq!(registry.answer(&client(Some(&ca)), &url).await.status(), StatusCode::OK);
    assert!(client(None).get(&url).send().await.is_err(), "a stranger's certificate");
}

#[tokio::test]
async fn docker_media_types_are_taken_since_2_1_2() {
    let Some(bench) = Bench::new() else { return };
    let mut registry = bench.start();
    let client = client(None);
    registry.answer(&client, &bench.url("/v2/")).await;
    let digest = reg_shared::name::Digest::sha256("{}");
    let url = bench.url(&format!("/v2/a/blobs/uploads/?digest={digest}"));
    // zot answers 415 to a blob of any other type.
    let upload = client.post(url).header("content-type", "application/octet-stream").body("{}").send().await.unwrap();
    assert_eq!(upload.status(), StatusCode::CREATED);
    let media = "application/vnd.docker.distribution.manifest.v2+json";
    let manifest = format!(
        r#"{{"schemaVersion":2,"mediaType":"{media}","config":{{"mediaType":"application/vnd.docker.container.image.v1+json","size":2,"digest":"{digest}"}},"layers":[]}}"#
    );
    let put = client.put(bench.url("/v2/a/manifests/v1")).header("content-type", media).body(manifest).send().await.unwrap();
    let known = bench.build.version.is_none_or(|version| version >= Version::new(2, 1, 2));
    let expected = if known { StatusCode::CREATED } else { StatusCode::UNSUPPORTED_MEDIA_TYPE };
    assert_eq!(put.status(), expected, "{}", put.text().await.unwrap());
}

#[tokio::test]
async fn ipv6_is_listened_on() {
    let Some(mut bench) = Bench::new() else { return };
    let ip = std::net::Ipv6Addr::LOCALHOST.into();
    let Ok(port) = reg_shared::engine::port::free_port(ip) else {
        return reg_tests::live::skip("ipv6", "this machine has no IPv6");
    };
    bench.settings.address = std::net::SocketAddr::new(ip, port);
    let mut registry = bench.start();
    assert_eq!(registry.answer(&client(None), &bench.url("/v2/")).await.status(), StatusCode::OK);
}

#[test]
fn zot_itself_refuses_a_key_that_it_does_not_know() {
    let Some(bench) = Bench::new() else { return };
    let config = bench.config();
    let text = std::fs::read_to_string(&config).unwrap().replace("\"realm\"", "\"relam\"");
    std::fs::write(&config, text).unwrap();
    let (right, told) = bench.verify(&config);
    assert!(!right && told.contains("relam"), "{told}");
}
