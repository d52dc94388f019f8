//! What zot keeps of a layout's retention, held against what we say that it keeps.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

use reg_shared::layout::Layout;
use reg_shared::name::Digest;
use reg_shared::options::Feature;
use reg_shared::registry::Registry;
use reg_shared::retention::{self, By};
use reg_shared::version::Version;
use reg_shared::zot::retention::{Retention, Tag, Verdict, compile};
use reg_shared::zot::{Build, Config};
use reg_tests::live::skip;
use reqwest::StatusCode;
use serde_json::Value;
use time::OffsetDateTime;

use super::zot::Bench;
use super::{LONG, client};

const LAYOUT: &str = r"
namespaces:
  - name: team
    immutableTags: ['1.*']
    retention:
      - {tags: [latest], always: true}
      - {tags: ['v*'], keepLast: 2}
      - {repositories: ['web*'], tags: ['[a-m]-rc', 'nightly-[0-9]*'], keepDays: 7}
      - {repositories: [strict], keepLast: 1}
  - name: team/free
  - name: open
";

/// Tags with the days since they were pushed.
const TAGS: [(&str, u64); 11] = [
    ("latest", 40),
    ("1.0", 900),
    ("v1", 30),
    ("v2", 20),
    ("v3", 10),
    ("v3-rc", 12),
    ("v4-rc", 50),
    ("b-rc", 6),
    ("c-rc", 8),
    ("nightly-1", 3),
    ("nightly-x", 1),
];

const REPOSITORIES: [&str; 5] = ["team/web/1", "team/web1", "team/strict", "team/free/x", "open/x"];

type Row = (String, String);

async fn push(bench: &Bench, repository: &str, tag: &str) -> Digest {
    let client = client(None);
    let (digest, octets) = (Digest::sha256("{}"), "application/octet-stream");
    let url = bench.url(&format!("/v2/{repository}/blobs/uploads/?digest={digest}"));
    let upload = client.post(url).header("content-type", octets).body("{}").send().await.unwrap();
    assert_eq!(upload.status(), StatusCode::CREATED);
    let media = "application/vnd.oci.image.manifest.v1+json";
    let config = format!(r#"{{"mediaType":"application/vnd.oci.empty.v1+json","size":2,"digest":"{digest}"}}"#);
    // Each is another manifest: zot dates manifests, not tags.
    let manifest = format!(
        r#"{{"schemaVersion":2,"mediaType":"{media}","config":{config},"layers":[{config}],"annotations":{{"for":"{repository}:{tag}"}}}}"#
    );
    let digest = Digest::sha256(&manifest);
    let url = bench.url(&format!("/v2/{repository}/manifests/{tag}"));
    let put = client.put(url).header("content-type", media).body(manifest).send().await.unwrap();
    assert_eq!(put.status(), StatusCode::CREATED, "{}", put.text().await.unwrap());
    digest
}

/// Makes the file of a manifest so old, which is where zot takes the time from when it knows no better.
fn age(bench: &Bench, repository: &str, digest: &Digest, days: u64) -> OffsetDateTime {
    let path = bench.settings.root.join(repository).join("blobs").join("sha256").join(digest.hex());
    let time = SystemTime::now() - Duration::from_secs(days * 86_400);
    std::fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
    time.into()
}

/// What stays, as we say it, and as we say that zot does.
fn expected(layout: &Layout, retention: &Retention, pushed: &[(String, Vec<Tag>)]) -> (BTreeSet<Row>, BTreeSet<Row>) {
    let now = OffsetDateTime::now_utc();
    let (mut ours, mut zots) = (BTreeSet::new(), BTreeSet::new());
    for (repository, tags) in pushed {
        let own: Vec<_> =
            tags.iter().map(|tag| retention::Tag { name: tag.name.clone(), pushed: tag.pushed, created: None }).collect();
        let row = |tag: &Tag| (repository.clone(), tag.name.clone());
        let kept = tags.iter().zip(retention::decide(layout, repository, &own, By::Pushed, now)).filter(|(_, told)| told.keep);
        ours.extend(kept.map(|(tag, _)| row(tag)));
        let kept = tags.iter().zip(retention.decide(repository, tags, now)).filter(|(_, verdict)| *verdict == Verdict::Keep);
        zots.extend(kept.map(|(tag, _)| row(tag)));
    }
    (ours, zots)
}

/// What zot itself says that it would delete.
fn foretold(bench: &Bench, config: &Path) -> BTreeSet<Row> {
    let arguments = ["verify-feature", "retention", "-t", "10s", "-i", "1s"];
    let output = Command::new(&bench.program).args(arguments).arg(config).output().unwrap();
    let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success(), "{told}");
    let lines = told.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let gone = lines.filter(|line| line["message"] == "applied policy" && line["decision"] == "delete");
    gone.map(|line| (line["repository"].as_str().unwrap().to_owned(), line["tag"].as_str().unwrap().to_owned())).collect()
}

async fn there(bench: &Bench) -> BTreeSet<Row> {
    let mut rows = BTreeSet::new();
    for repository in REPOSITORIES {
        let answer = client(None).get(bench.url(&format!("/v2/{repository}/tags/list"))).send().await.unwrap();
        let list: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        rows.extend(list["tags"].as_array().unwrap().iter().map(|tag| (repository.to_owned(), tag.as_str().unwrap().to_owned())));
    }
    rows
}

#[test]
fn every_release_takes_the_retention_written_for_it() {
    let Some(mut bench) = Bench::new() else { return };
    for text in [
        LAYOUT,
        "namespaces: [{name: a, retention: {keepLast: 10, keepDays: 90}}]",
        "namespaces: [{name: a, retention: {tags: ['[^a]?{b,c}.**'], always: true}}]",
    ] {
        bench.settings.retention = compile(&Layout::parse(text, "x").unwrap(), &bench.build).0;
        let (right, told) = bench.verify(&bench.config());
        assert!(right, "{told}");
    }
}

#[tokio::test]
async fn zot_deletes_what_we_say_and_keeps_the_rest() {
    let Some(mut bench) = Bench::new() else { return };
    if bench.build.version.is_some_and(|version| version < Version::new(2, 1, 19)) {
        return skip("zot", "this release dates all manifests anew, and none is old");
    }
    bench.settings.root = bench.path().join("data");
    let mut registry = bench.start();
    registry.answer(&client(None), &bench.url("/v2/")).await;
    let mut digests = Vec::new();
    for repository in REPOSITORIES {
        for (tag, days) in TAGS {
            digests.push((repository, tag, days, push(&bench, repository, tag).await));
        }
    }
    let told = Registry::Zot.push_times(&bench.oci(), &"team/free/x".parse().unwrap(), &["v1".parse().unwrap()]).await;
    assert_eq!(told.unwrap(), [None], "without search it tells nothing");
    registry.stop().await;
    let mut pushed: Vec<(String, Vec<Tag>)> = REPOSITORIES.map(|repository| (repository.to_owned(), Vec::new())).into();
    for (repository, tag, days, digest) in digests {
        let time = age(&bench, repository, &digest, days);
        let tags = pushed.iter_mut().find(|(own, _)| own == repository).map(|(_, tags)| tags).unwrap();
        tags.push(Tag { name: tag.to_owned(), pushed: Some(time), pulled: None });
    }

    let layout = Layout::parse(LAYOUT, "x").unwrap();
    let (retention, gaps) = compile(&layout, &Build { version: bench.build.version, extensions: Vec::new() });
    let (ours, zots) = expected(&layout, &retention, &pushed);
    let more: Vec<_> = zots.difference(&ours).collect();
    assert!(ours.is_subset(&zots) && more.iter().all(|(repository, _)| repository == "team/strict"), "{more:?}");
    assert!(gaps.iter().any(|gap| gap.field.as_deref() == Some("retention[3].keepLast")), "{gaps:?}");
    assert!(ours.len() > 20 && zots.len() < REPOSITORIES.len() * TAGS.len() - 10, "{ours:?}");

    if bench.build.extensions.iter().any(|extension| extension == "search") {
        bench.settings.options.switches.insert(Feature::Search, true);
        let mut registry = bench.start();
        registry.answer(&client(None), &bench.url("/v2/")).await;
        for (repository, tags) in &pushed {
            let names: Vec<reg_shared::name::Tag> = tags.iter().map(|tag| tag.name.parse().unwrap()).collect();
            let told = Registry::Zot.push_times(&bench.oci(), &repository.parse().unwrap(), &names).await.unwrap();
            assert_eq!(told, tags.iter().map(|tag| tag.pushed).collect::<Vec<_>>(), "what zot tells of {repository}");
        }
        registry.stop().await;
        bench.settings.options.switches.remove(&Feature::Search);
    }

    bench.settings.retention = retention;
    let mut config = Config::new(&bench.settings, &bench.build).unwrap();
    config.storage.gc_interval = "1s".to_owned();
    let path = bench.path().join("zot.json");
    std::fs::write(&path, config.to_json().unwrap()).unwrap();
    let all: BTreeSet<Row> = pushed.iter().flat_map(|(own, tags)| tags.iter().map(|tag| (own.clone(), tag.name.clone()))).collect();
    let gone: BTreeSet<Row> = all.difference(&zots).cloned().collect();
    assert_eq!(foretold(&bench, &path), gone, "what zot says beforehand");

    let mut registry = bench.serve(&path);
    registry.answer(&client(None), &bench.url("/v2/")).await;
    // Between two repositories zot waits up to half a minute.
    let deadline = Instant::now() + 5 * LONG;
    let root = bench.settings.root.display();
    let done = REPOSITORIES.map(|own| format!("gc successfully completed for {root}/{own}\""));
    while !done.iter().all(|line| registry.output().contains(line)) {
        assert!(Instant::now() < deadline, "{}", registry.output());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(there(&bench).await, zots, "what is there afterwards");
}
