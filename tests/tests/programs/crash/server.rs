//! The server is killed again and again while clients push and pull.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use reg_shared::exit::Exit;
use reg_shared::name::Digest;
use reg_tests::sandbox::Sandbox;
use serde_json::Value;

use super::{everything, has_skopeo, honest_contents, skopeo_push};
use crate::client::{Client, Image, tag};
use crate::live::layout::Layout;
use crate::process::{pid, signal};
use crate::random::Random;
use crate::sandbox;

/// How long the killing goes on.
const LONG: Duration = Duration::from_secs(8);

/// What the registry said it has: by repository and tag. A tag that is pushed again and again has several.
#[derive(Default)]
struct Acknowledged(Mutex<BTreeMap<(String, String), Vec<Digest>>>);

impl Acknowledged {
    fn add(&self, repository: &str, tag: &str, digest: Digest) {
        self.0.lock().unwrap().entry((repository.to_owned(), tag.to_owned())).or_default().push(digest);
    }

    /// One of those that never change.
    fn any(&self, random: &mut Random) -> Option<(String, String)> {
        let all = self.0.lock().unwrap();
        let keys: Vec<_> = all.keys().filter(|(_, tag)| tag != "latest").cloned().collect();
        (!keys.is_empty()).then(|| random.pick(&keys).clone())
    }
}

/// Everything a load needs.
struct Load<'a> {
    sandbox: &'a Sandbox,
    registry: &'a Value,
    acknowledged: Acknowledged,
    over: AtomicBool,
}

impl Load<'_> {
    fn goes_on(&self) -> bool {
        !self.over.load(Ordering::Relaxed)
    }

    /// Pushes images of random bytes, each under a tag of its own and under one that moves.
    fn push(&self, name: &str, mut random: Random) {
        let client = Client::of(self.registry);
        let repository = format!("crash/{name}");
        for number in 0.. {
            let size = usize::try_from(random.number() % 300_000).unwrap();
            let image = Image::new(&random.bytes(size));
            for tag in [format!("n{number}"), "latest".to_owned()] {
                match client.push(&repository, &tag, &image) {
                    Ok(()) => self.acknowledged.add(&repository, &tag, image.digest.clone()),
                    Err(_) => std::thread::sleep(Duration::from_millis(10)),
                }
            }
            if !self.goes_on() {
                return;
            }
        }
    }

    /// The same with another client.
    fn push_with_skopeo(&self) {
        let place = self.registry["url"].as_str().unwrap().trim_start_matches("http://");
        for number in 0.. {
            let folder = format!("layout-{number}");
            let layout = Layout::make(&self.sandbox.path(&folder), &folder);
            let tag = format!("n{number}");
            let mut skopeo = self.sandbox.command("skopeo");
            skopeo.args(skopeo_push(&folder, place, &tag));
            if self.sandbox.finish(skopeo, "").code == 0 {
                self.acknowledged.add("crash/skopeo", &tag, layout.index["digest"].as_str().unwrap().parse().unwrap());
            }
            if !self.goes_on() {
                return;
            }
        }
    }

    /// Pulls what was acknowledged: it may not be there for lack of a server, but never for lack of content.
    fn pull(&self, mut random: Random) {
        let client = Client::of(self.registry);
        while self.goes_on() {
            let Some((repository, name)) = self.acknowledged.any(&mut random) else {
                std::thread::sleep(Duration::from_millis(20));
                continue;
            };
            if let Err(fault) = client.pull_all(&repository, &tag(&name)) {
                let lost = matches!(fault.kind(), Exit::NotFound | Exit::Integrity);
                assert!(!lost, "{repository}:{name} was acknowledged: {fault}");
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    }

    /// Kills the server at random moments, and starts it again each time without further ado; how often.
    fn kill(&self, mut random: Random) -> usize {
        let begun = Instant::now();
        let mut kills = 0;
        while begun.elapsed() < LONG {
            std::thread::sleep(Duration::from_millis(20 + random.number() % 500));
            signal(pid(self.sandbox, "x"), "KILL");
            let started = self.sandbox.run("reg-up", ["start", "x"]);
            assert_eq!(started.code, 0, "start {kills} needs more than a start: {started:?}");
            assert_eq!(started.json()["url"], self.registry["url"], "it came back elsewhere");
            kills += 1;
        }
        kills
    }
}

#[test]
fn nothing_that_was_acknowledged_is_lost() {
    let sandbox = sandbox();
    let registry = sandbox.run("reg-up", ["start", "x", "--port", "0"]).code(0).json();
    let random = Random::new();
    // Shown when the test fails.
    println!("{random}");
    let skopeo = has_skopeo();
    let load = Load { sandbox: &sandbox, registry: &registry, acknowledged: Acknowledged::default(), over: AtomicBool::new(false) };
    let kills = std::thread::scope(|scope| {
        for name in ["a", "b"] {
            let random = random.fork(name);
            let load = &load;
            scope.spawn(move || load.push(name, random));
        }
        if skopeo {
            scope.spawn(|| load.push_with_skopeo());
        }
        let pulls = random.fork("pulls");
        scope.spawn(|| load.pull(pulls));
        // Whatever happens here, the others must come to their end.
        let kills = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| load.kill(random.fork("kills"))));
        load.over.store(true, Ordering::Relaxed);
        kills.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    });

    let acknowledged = load.acknowledged.0.into_inner().unwrap();
    let check = || {
        let there: BTreeMap<_, _> =
            everything(&registry).into_iter().map(|(repository, tag, digest)| ((repository, tag), digest)).collect();
        for (place, digests) in &acknowledged {
            let found = there.get(place).unwrap_or_else(|| panic!("{place:?} was acknowledged and is lost"));
            // What moves may have moved on without an answer.
            assert!(place.1 == "latest" || digests.contains(found), "{place:?} is {found}, not {digests:?}");
        }
    };
    check();
    let contents = honest_contents(&sandbox, "x");
    let swept = sandbox.run("reg-up", ["gc", "x", "--grace", "0s"]).code(0).json();
    check();
    honest_contents(&sandbox, "x");
    println!("{kills} kills, {} tags acknowledged, {contents} contents, {} swept", acknowledged.len(), swept["blobsRemoved"]);
    assert!(kills >= 3 && acknowledged.len() >= 3, "{kills} kills, {} tags: too little to tell anything", acknowledged.len());
    sandbox.run_with("reg-test", ["all", "--write", "-r", "-"], &registry.to_string()).code(0);
}
