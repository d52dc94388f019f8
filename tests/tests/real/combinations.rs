//! Every combination of options for every release: our own lint finds nothing in what is rendered, `zot verify` takes it, and
//! Distribution comes up with it.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use reg_shared::engine::process::{Output, Spawn};
use reg_shared::lint::{Format, Reader};
use reg_shared::options::{Feature, Mirror, Options, S3, Secrets, Webhook};
use reg_shared::secret::Secret;
use reg_shared::version::Version;
use reg_shared::zot::Build;
use reg_shared::{distribution, zot};
use reg_tests::live::{DISTRIBUTION, DISTRIBUTION3, Program, ZOT};

use super::{Running, addresses, client};

/// Releases at which some key came or went.
const ZOTS: [&str; 12] =
    ["2.0.0", "2.0.4", "2.1.0", "2.1.2", "2.1.3", "2.1.5", "2.1.9", "2.1.12", "2.1.16", "2.1.18", "2.1.19", "2.1.20"];
const DISTRIBUTIONS: [&str; 7] = ["2.8.0", "2.8.1", "2.8.2", "2.8.3", "3.0.0", "3.1.0", "3.1.1"];
const EXTENSIONS: [&str; 8] = ["events", "lint", "metrics", "mgmt", "scrub", "search", "sync", "ui"];

/// Something that is asked for.
type Ask = fn(&mut Options);

const ASKS_OF_ZOT: [Ask; 12] = [
    |options| _ = options.switches.insert(Feature::Audit, true),
    |options| _ = options.switches.insert(Feature::Cve, true),
    |options| _ = options.switches.insert(Feature::Ui, true),
    |options| _ = options.switches.insert(Feature::Scrub, true),
    |options| _ = options.switches.insert(Feature::Metrics, false),
    |options| _ = options.switches.insert(Feature::Dedupe, false),
    |options| _ = options.switches.insert(Feature::Gc, false),
    mirror,
    |options| {
        mirror(options);
        options.mirror.as_mut().unwrap().every_seconds = Some(7200);
    },
    webhook,
    |options| options.cors = Some("https://ui.example".into()),
    |options| options.rate_limit = Some(100),
];

const ASKS_OF_DISTRIBUTION: [Ask; 6] = [
    |options| _ = options.switches.insert(Feature::Delete, false),
    |options| _ = options.switches.insert(Feature::ReadOnly, true),
    webhook,
    |options| options.cors = Some("*".into()),
    |options| options.redis = true,
    |options| {
        let endpoint = Some("http://127.0.0.1:9".to_owned());
        let access_key = Some("ID".to_owned());
        options.s3 = Some(S3 { bucket: "b".into(), region: "us-east-1".into(), endpoint, access_key, secret_key: true });
    },
];

fn mirror(options: &mut Options) {
    let url = "http://127.0.0.1:9".to_owned();
    options.mirror = Some(Mirror { url, every_seconds: None, username: Some("u".into()), password: true });
}

fn webhook(options: &mut Options) {
    options.webhook = Some(Webhook { url: "http://127.0.0.1:9/hook".into(), header: true });
}

/// All combinations of what can be asked for.
fn all(asks: &[Ask]) -> impl Iterator<Item = Options> {
    (0_u32..1 << asks.len()).map(|chosen| {
        let mut options = Options::default();
        for (_, ask) in asks.iter().enumerate().filter(|(bit, _)| chosen & (1 << bit) != 0) {
            ask(&mut options);
        }
        options
    })
}

fn secrets() -> Secrets {
    Secrets {
        mirror_password: Some(Secret::new("pw: #1")),
        webhook_header: Some(Secret::new("Bearer t")),
        s3_secret_key: Some(Secret::new("secret")),
        redis_url: Some(Secret::new("redis://:pw@127.0.0.1:9/1")),
    }
}

fn zot_settings(options: Options, folder: &Path) -> zot::Settings {
    zot::Settings {
        address: "127.0.0.1:5000".parse().unwrap(),
        root: folder.join("data"),
        tls: None,
        htpasswd: Some(folder.join("htpasswd")),
        realm: "reg".into(),
        folder: folder.to_owned(),
        access: None,
        retention: zot::retention::Retention::default(),
        options,
        secrets: secrets(),
    }
}

fn distribution_settings(options: Options, folder: &Path) -> distribution::Settings {
    let [address, debug] = addresses();
    distribution::Settings {
        address,
        debug: Some(debug),
        root: folder.join("data"),
        tls: None,
        htpasswd: None,
        realm: "reg".into(),
        secret: Some(Secret::new("s")),
        drain: Duration::from_secs(1),
        page: None,
        options,
        secrets: secrets(),
    }
}

#[test]
fn our_lint_finds_nothing_in_what_is_rendered_for_zot() {
    let mut rendered = 0;
    for version in ZOTS {
        let build = Build { version: version.parse().ok(), extensions: EXTENSIONS.map(str::to_owned).into() };
        let mut reader = Reader::new(Format::Zot, build.version);
        reader.extensions = Some(build.extensions.clone());
        // All of them for the newest; the others differ from it in single keys.
        let newest = version == ZOTS[ZOTS.len() - 1];
        let every: Vec<Options> = if newest { all(&ASKS_OF_ZOT).collect() } else { some(&ASKS_OF_ZOT).collect() };
        for options in every {
            let asked = format!("{version} {options:?}");
            let settings = zot_settings(options, Path::new("/var/lib/registry"));
            match zot::Config::new(&settings, &build) {
                Ok(config) => {
                    assert_eq!(reader.check(&config.to_json().unwrap()), [], "{asked}");
                    rendered += 1;
                }
                Err(error) => assert!(error.to_string().contains("they are there since 2.1.5"), "{asked}: {error}"),
            }
        }
    }
    assert!(rendered > 4_200, "{rendered}");
}

#[test]
fn our_lint_finds_nothing_in_what_is_rendered_for_distribution() {
    for version in DISTRIBUTIONS.map(|version| version.parse::<Version>().unwrap()) {
        let reader = Reader::new(Format::Distribution, Some(version));
        for mirrored in [false, true] {
            for mut options in all(&ASKS_OF_DISTRIBUTION) {
                if mirrored {
                    mirror(&mut options);
                }
                let settings = distribution_settings(options, Path::new("/var/lib/registry"));
                let text = distribution::Config::new(&settings, version).unwrap().to_yaml().unwrap();
                assert_eq!(reader.check(&text), [], "{version} {:?}\n{text}", settings.options);
            }
        }
    }
}

/// A few of all combinations: each single one, each pair of neighbours, all at once.
fn some(asks: &'static [Ask]) -> impl Iterator<Item = Options> {
    let every: Vec<Options> = all(asks).collect();
    let chosen = (0..asks.len()).flat_map(|bit| [1_usize << bit, 3 << bit]).chain([0, (1 << asks.len()) - 1]);
    let chosen: Vec<Options> = chosen.filter_map(|chosen| every.get(chosen).cloned()).collect();
    chosen.into_iter()
}

#[test]
fn zot_itself_takes_what_is_rendered_for_it() {
    let Some(program) = ZOT.find() else { return };
    let output = Command::new(&program).arg(zot::VERSION).output().unwrap();
    let build = Build::parse(&String::from_utf8([output.stdout, output.stderr].concat()).unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut taken = 0;
    for options in some(&ASKS_OF_ZOT) {
        let settings = zot_settings(options, folder.path());
        // What is not built in is refused.
        let Ok(config) = zot::Config::new(&settings, &build) else { continue };
        let file = folder.path().join("zot.json");
        std::fs::write(&file, config.to_json().unwrap()).unwrap();
        if let Some(login) = zot::credentials(&settings) {
            std::fs::write(folder.path().join(zot::CREDENTIALS), login.expose()).unwrap();
        }
        let output = Command::new(&program).arg(zot::VERIFY).arg(&file).output().unwrap();
        let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(output.status.success(), "{:?}\n{told}", settings.options);
        taken += 1;
    }
    assert!(taken > 8, "{taken}");
}

/// A running Distribution with these options, in a folder of its own.
async fn running(program: &Path, options: Options) -> (Running, distribution::Settings, tempfile::TempDir) {
    let output = Command::new(program).arg(distribution::VERSION).output().unwrap();
    let version = distribution::parse_version(&String::from_utf8(output.stdout).unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let settings = distribution_settings(options, folder.path());
    let config = folder.path().join("config.yml");
    std::fs::write(&config, distribution::Config::new(&settings, version).unwrap().to_yaml().unwrap()).unwrap();
    let output = folder.path().join("output");
    let mut spawn = Spawn::new(program, folder.path(), Output::File(output.clone()));
    spawn.args = vec![distribution::SERVE.into(), config.into()];
    spawn.env = distribution::environment(version).iter().map(|(name, value)| (name.into(), value.into())).collect();
    // Release 2 does not start with both a bucket and a CA of the machine's own.
    spawn.env_remove = vec!["AWS_CA_BUNDLE".into()];
    let mut registry = Running::start(&spawn, &output);
    let answer = registry.answer(&client(None), &format!("http://{}/v2/", settings.address)).await;
    assert_eq!(answer.status(), 200, "{:?}\n{}", settings.options, registry.output());
    (registry, settings, folder)
}

async fn comes_up(program: Program) {
    let Some(program) = program.find() else { return };
    let (mut upstream, of_upstream, _folder) = running(&program, Options::default()).await;
    for options in some(&ASKS_OF_DISTRIBUTION) {
        // Which registry is mirrored is asked at the start, so there must be one.
        let mirror =
            Mirror { url: format!("http://{}", of_upstream.address), every_seconds: None, username: None, password: false };
        let mirrored = Options { mirror: Some(mirror), ..options.clone() };
        // A mirror looks into its bucket, too, and there is none behind this address.
        let mirrored = Some(mirrored).filter(|options| options.s3.is_none());
        for options in [Some(options), mirrored].into_iter().flatten() {
            running(&program, options).await.0.stop().await;
        }
    }
    upstream.stop().await;
}

#[tokio::test]
async fn distribution_2_comes_up_with_what_is_rendered_for_it() {
    comes_up(DISTRIBUTION).await;
}

#[tokio::test]
async fn distribution_3_comes_up_with_what_is_rendered_for_it() {
    comes_up(DISTRIBUTION3).await;
}
