//! What a container writes, also over the end of one and the beginning of the next.

use std::io::{BufRead as _, BufReader, Read as _};

use super::Contained;
use crate::process::{ended, spawn};

#[test]
fn following_goes_on_with_the_next_container_and_ends_with_the_registry() {
    let Some(of) = Contained::distribution() else { return };
    of.start(&[]);
    let mut follow = spawn(&of.docker, "reg-up", &["logs", &of.name, "--follow"]);
    let mut lines = BufReader::new(follow.stdout.take().unwrap());
    let mut first = String::new();
    lines.read_line(&mut first).unwrap();
    let restarted = of.reg_up("restart", &[]).code(0);
    of.docker.run("reg-test", ["catalog", "-r", &of.name]).code(0);
    of.reg_up("stop", &[]).code(0);
    let mut rest = String::new();
    lines.read_to_string(&mut rest).unwrap();
    ended(&of.docker, follow).code(0);
    assert!(rest.contains("/v2/_catalog"), "{restarted:?}: {first}{rest}");
    // Every line came once.
    let mut times: Vec<_> = rest.lines().collect();
    let all = times.len();
    times.dedup();
    assert_eq!(times.len(), all);
}

#[test]
fn one_whose_container_is_gone_says_what_went_with_it() {
    let Some(of) = Contained::distribution() else { return };
    of.start(&[]);
    of.docker.docker(&format!("rm --force {}", of.container()));
    let gone = "reg-up: warning: its container is gone, and what it wrote with it: somebody removed it\n";
    for more in [&[][..], &["--follow"]] {
        of.reg_up("logs", more).is(0, "", gone);
    }
}
