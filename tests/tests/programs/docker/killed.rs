//! reg-up killed with -9 while it works with an engine, and several at once: the next command finds its way, and nothing is lost or left.

use std::time::{Duration, Instant};

use reg_tests::sandbox::Ran;

use super::Contained;
use crate::process::{ended, signal, spawn};
use crate::random::Random;

/// How long the rounds may take together; a slow machine makes fewer.
const ROUNDS: Duration = Duration::from_secs(25);

#[test]
fn the_next_start_converges_and_a_purge_leaves_nothing() {
    let Some(of) = Contained::distribution() else { return };
    let begun = Instant::now();
    let fresh = of.words(&[]);
    of.docker.run("reg-up", &fresh).code(0);
    let longest = begun.elapsed() * 5 / 4;
    let replace = of.words(&["--memory", "128MiB", "--replace"]);
    let name = &*of.name;
    let commands: [&[&str]; 6] = [&fresh, &fresh, &replace, &["restart", name], &["stop", name], &["remove", name, "--purge"]];
    let mut random = Random::new();
    let mut rounds = 0;
    // A machine that is slow gets through some, too.
    while rounds < 4 || begun.elapsed() < ROUNDS && rounds < 30 {
        if random.fraction() < 0.5 {
            of.reg_up("remove", &["--purge"]);
            assert_eq!(of.docker.left(), []);
        }
        let command = random.pick(&commands);
        let wait = longest.mul_f64(random.fraction());
        let told = format!("{random}: round {rounds}: {command:?} killed after {wait:?}");
        let child = spawn(&of.docker, "reg-up", command);
        std::thread::sleep(wait);
        signal(child.id(), "KILL");
        ended(&of.docker, child);
        // What the engine was asked for it does all the same, and a purge that is faster cannot know of it.
        std::thread::sleep(longest);
        if random.fraction() < 0.5 && of.docker.instance(name).exists() {
            // Purged right away.
            let purged = of.reg_up("remove", &["--purge"]);
            assert_eq!(purged.code, 0, "{told}: {purged:?}");
            assert_eq!(of.docker.left(), [], "{told}");
            assert!(!of.docker.instance(name).exists(), "{told}");
        } else {
            let started = of.docker.run("reg-up", of.words(&["--replace"]));
            assert_eq!(started.code, 0, "{told}: {started:?}");
            let health = of.docker.run("reg-test", ["health", "-r", name]);
            assert_eq!(health.code, 0, "{told}: {health:?}");
            let kinds: Vec<_> = of.docker.left().into_iter().map(|(kind, _)| kind).collect();
            assert_eq!(kinds, ["container", "network", "volume"], "{told}");
        }
        rounds += 1;
    }
    of.reg_up("remove", &["--purge"]);
    assert_eq!(of.docker.left(), []);
}

#[test]
fn several_at_once_make_one_container_and_one_document() {
    let Some(of) = Contained::distribution() else { return };
    let words = of.words(&[]);
    let many: Vec<_> = (0..4).map(|_| spawn(&of.docker, "reg-up", &words)).collect();
    let documents: Vec<_> = many.into_iter().map(|child| ended(&of.docker, child).code(0).json()).collect();
    assert!(documents.iter().all(|document| *document == documents[0]), "{documents:#?}");
    let containers = of.docker.left().into_iter().filter(|(kind, _)| *kind == "container").count();
    assert_eq!(containers, 1);
}

#[test]
fn an_interrupted_start_cleans_up() {
    let Some(of) = Contained::distribution() else { return };
    // Far longer than it takes to be asked to stop.
    let child = spawn(&of.docker, "reg-up", &of.words(&["--memory", "64MiB"]));
    crate::process::until("something of it is there", || !of.docker.left().is_empty());
    signal(child.id(), "TERM");
    came_to_nothing(&of, ended(&of.docker, child));
}

/// What was interrupted left nothing, unless it was done by then.
fn came_to_nothing(of: &Contained, ran: Ran) {
    if ran.code != 0 {
        assert_eq!(ran.code, 143, "{ran:?}");
        assert_eq!(of.docker.left(), []);
        assert!(!of.docker.instance(&of.name).exists());
    }
}

#[test]
fn one_that_is_interrupted_while_it_asks_the_image_cleans_up() {
    let Some(of) = Contained::distribution() else { return };
    let words = of.words(&[]);
    let mut random = Random::new();
    for round in 0..20 {
        // In the middle of the first things that an engine is asked for.
        let wait = Duration::from_millis(120).mul_f64(random.fraction());
        let child = spawn(&of.docker, "reg-up", &words);
        std::thread::sleep(wait);
        signal(child.id(), "TERM");
        let ran = ended(&of.docker, child);
        println!("{random}: round {round}: interrupted after {wait:?}: {}", ran.code);
        came_to_nothing(&of, ran);
        of.reg_up("remove", &["--purge"]);
    }
    // What an engine was asked for late is there by now, if it is at all.
    assert_eq!(of.docker.left(), [], "{random}");
}
