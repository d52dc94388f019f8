//! Distribution 2.8 and 3 with rendered configurations.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use reg_shared::distribution::{self, Config, Settings, Tls, changes_config, environment, parse_version};
use reg_shared::engine::process::{Output, Spawn, Stopped};
use reg_shared::options::{Options, Secrets};
use reg_shared::secret::Secret;
use reg_shared::version::Version;
use reg_tests::live::{DISTRIBUTION, DISTRIBUTION3, Program};
use reqwest::StatusCode;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{LONG, Running, USER, addresses, certificate, client, htpasswd};

/// Runs each test with both releases.
macro_rules! for_both {
    ($(async fn $name:ident($bench:ident: Bench) $body:block)*) => {
        $(async fn $name($bench: Bench) $body)*
        for_both!(release_2, DISTRIBUTION, $($name)*);
        for_both!(release_3, DISTRIBUTION3, $($name)*);
    };
    ($release:ident, $program:ident, $($name:ident)*) => {
        mod $release {
            $(#[tokio::test]
            async fn $name() {
                if let Some(bench) = super::Bench::new(super::$program) {
                    super::$name(bench).await;
                }
            })*
        }
    };
}

/// A folder, a program and settings to begin with.
struct Bench {
    directory: TempDir,
    program: std::path::PathBuf,
    version: Version,
    settings: Settings,
}

impl Bench {
    fn new(program: Program) -> Option<Self> {
        let program = program.find()?;
        let output = Command::new(&program).arg(distribution::VERSION).output().unwrap();
        let version = parse_version(&String::from_utf8(output.stdout).unwrap()).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let [address, debug] = addresses();
        let settings = Settings {
            address,
            debug: Some(debug),
            // Nothing in a path may be taken for YAML.
            root: directory.path().join("da: ta #1 ${HOME} \"'"),
            tls: None,
            htpasswd: None,
            realm: "our \"reg\": #1 ${HOME}".into(),
            secret: Some(Secret::new("the same after a restart")),
            drain: Duration::from_secs(30),
            page: None,
            options: Options::default(),
            secrets: Secrets::default(),
        };
        Some(Self { directory, program, version, settings })
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.settings.address)
    }

    fn start(&self) -> Running {
        let [config, output] = ["config.yml", "output"].map(|name| self.path().join(name));
        std::fs::write(&config, Config::new(&self.settings, self.version).unwrap().to_yaml().unwrap()).unwrap();
        let mut spawn = Spawn::new(&self.program, self.path(), Output::File(output.clone()));
        spawn.args = vec![distribution::SERVE.into(), config.into()];
        // A variable that would make the registry listen elsewhere, if it were let through.
        spawn.env = vec![("REGISTRY_HTTP_ADDR".into(), "127.0.0.1:1".into())];
        spawn.env.extend(environment(self.version).iter().map(|(name, value)| (name.into(), value.into())));
        spawn.env_remove =
            spawn.env.iter().map(|(name, _)| name.clone()).filter(|name| changes_config(&name.to_string_lossy())).collect();
        Running::start(&spawn, &output)
    }
}

for_both! {
    async fn the_registry_is_what_the_settings_say(bench: Bench) {
        let mut registry = bench.start();
        let client = client(None);
        let response = registry.answer(&client, &bench.url("/v2/")).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["docker-distribution-api-version"], "registry/2.0");

        let debug = bench.settings.debug.unwrap();
        let metrics = client.get(format!("http://{debug}{}", distribution::METRICS)).send().await.unwrap();
        assert!(metrics.text().await.unwrap().contains("registry_http_requests_total"), "Prometheus metrics");
        let health = client.get(format!("http://{debug}{}", distribution::HEALTH)).send().await.unwrap();
        assert_eq!(health.status(), StatusCode::OK);

        let absent = format!("/v2/a/manifests/sha256:{}", "0".repeat(64));
        let deleted = client.delete(bench.url(&absent)).send().await.unwrap();
        assert_eq!(deleted.status(), StatusCode::NOT_FOUND, "405 would say that deleting is off");

        let upload = client.post(bench.url("/v2/a/blobs/uploads/")).send().await.unwrap();
        assert_eq!(upload.status(), StatusCode::ACCEPTED);
        assert!(bench.settings.root.join("docker/registry/v2/repositories/a").is_dir(), "the data is in the folder of that very name");

        assert_eq!(registry.stop().await, Stopped::Gracefully);
        let output = registry.output();
        let json = output.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        assert!(json.filter(|line| line["level"] == "info").count() > 1, "{output}");
        assert!(output.contains("\"POST /v2/a/blobs/uploads/ HTTP/1.1\" 202"), "the access log: {output}");
        assert!(!output.contains("No HTTP secret provided"), "{output}");
        assert!(!output.contains("4318"), "no traces are sent: {output}");
    }

    async fn users_log_in(bench: Bench) {
        let mut bench = bench;
        bench.settings.htpasswd = Some(htpasswd(bench.path()));
        let mut registry = bench.start();
        let client = client(None);
        let response = registry.answer(&client, &bench.url("/v2/")).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(response.headers()["www-authenticate"], r#"Basic realm="our \"reg\": #1 ${HOME}""#);
        let login = |password| client.get(bench.url("/v2/")).basic_auth(USER.0, Some(password)).send();
        assert_eq!(login(USER.1).await.unwrap().status(), StatusCode::OK);
        assert_eq!(login("wrong").await.unwrap().status(), StatusCode::UNAUTHORIZED);
        assert!(!registry.output().contains("docker"), "no user of its own: {}", registry.output());
    }

    async fn the_certificate_is_served(bench: Bench) {
        let mut bench = bench;
        let (certificate, key, ca) = certificate(bench.path());
        bench.settings.tls = Some(Tls { certificate, key });
        let mut registry = bench.start();
        let url = bench.url("/v2/").replace("http:", "https:");
        assert_eq!(registry.answer(&client(Some(&ca)), &url).await.status(), StatusCode::OK);
        assert!(client(None).get(&url).send().await.is_err(), "a stranger's certificate");
    }

    async fn a_request_in_flight_ends_well_when_the_registry_is_stopped(bench: Bench) {
        let mut registry = bench.start();
        let client = client(None);
        registry.answer(&client, &bench.url("/v2/")).await;
        let upload = client.post(bench.url("/v2/a/blobs/uploads/")).send().await.unwrap();
        let location = upload.headers()["location"].to_str().unwrap();
        let path = location.strip_prefix(&bench.url("")).unwrap_or(location);
        let mut stream = TcpStream::connect(bench.settings.address).await.unwrap();
        let head = format!("PATCH {path} HTTP/1.1\r\nHost: {}\r\nContent-Length: 10\r\nConnection: close\r\n\r\n12345", bench.settings.address);
        stream.write_all(head.as_bytes()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
        let finish = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            stream.write_all(b"67890").await.unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            answer
        };
        let (stopped, answer) = tokio::time::timeout(LONG, async { tokio::join!(registry.stop(), finish) }).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
        assert_eq!(stopped, Stopped::Gracefully);
    }

    async fn an_upload_goes_on_after_a_restart(bench: Bench) {
        let client = client(None);
        let mut registry = bench.start();
        registry.answer(&client, &bench.url("/v2/")).await;
        let upload = client.post(bench.url("/v2/a/blobs/uploads/")).send().await.unwrap();
        let location = upload.headers()["location"].to_str().unwrap().to_owned();
        registry.stop().await;
        let mut registry = bench.start();
        registry.answer(&client, &bench.url("/v2/")).await;
        let patched = client.patch(location).body("12345").send().await.unwrap();
        assert_eq!(patched.status(), StatusCode::ACCEPTED, "the secret is the same");
    }
}
