//! The embedded server, in memory and in a folder, under every check of the OCI conformance suite.
//!
//! Which checks these are stands in `names-*.txt`: how often each name occurs in the suite's own run against the embedded server, so
//! that none gets lost. They are made from that run's `junit.xml` by
//! `grep -o 'testcase name="[^"]*"' junit.xml | cut -d'"' -f2 | LC_ALL=C sort | uniq -c | sed 's/^ *//'`.

use std::collections::BTreeMap;

use reg_shared::embedded::{self, Data, Server};
use reg_tests::conformance::{Options, Outcome, Report, Version, run};
use tokio::sync::oneshot;

const NAMES_1_1: &str = include_str!("names-1.1.txt");
const NAMES_DEV: &str = include_str!("names-dev.txt");

/// Makes all checks against a server that keeps its content there.
async fn report(data: Data, version: Version) -> Report {
    let server = Server::bind(embedded::Options::new(([127, 0, 0, 1], 0).into(), data)).await.unwrap();
    let url = format!("http://{}", server.address());
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(server.run(async { drop(stopped.await) }));
    let report = run(&url, &Options::new(version)).await.unwrap();
    drop(stop);
    server.await.unwrap().unwrap();
    report
}

/// Every check passes, but for those that the version switches off; and no check is missing.
fn assert_conforms(report: &Report, names: &str) {
    let others = report.checks.iter().filter(|check| !matches!(check.outcome, Outcome::Pass | Outcome::Disabled));
    let others: Vec<_> = others.map(|check| format!("{}: {} {}", check.outcome, check.name, check.detail)).collect();
    assert!(others.is_empty(), "{}", others.join("\n"));
    let expected: BTreeMap<_, _> =
        names.lines().map(|line| line.split_once(' ').unwrap()).map(|(count, name)| (name, count.parse().unwrap())).collect();
    let made = report.names();
    let differ = |name: &&&str| made.get(**name) != expected.get(**name);
    let differences: Vec<_> = made.keys().chain(expected.keys()).filter(differ).collect();
    assert!(differences.is_empty(), "made more or less often than by the suite: {differences:#?}");
}

#[tokio::test]
async fn in_memory_it_conforms_to_1_1() {
    assert_conforms(&report(Data::Memory, Version::V1_1).await, NAMES_1_1);
}

#[tokio::test]
async fn in_memory_it_conforms_to_what_comes_after_1_1() {
    assert_conforms(&report(Data::Memory, Version::Dev).await, NAMES_DEV);
}

#[tokio::test]
async fn in_a_folder_it_conforms_to_1_1() {
    let folder = tempfile::tempdir().unwrap();
    assert_conforms(&report(Data::Directory(folder.path().join("data")), Version::V1_1).await, NAMES_1_1);
}

#[tokio::test]
async fn in_a_folder_it_conforms_to_what_comes_after_1_1() {
    let folder = tempfile::tempdir().unwrap();
    assert_conforms(&report(Data::Directory(folder.path().join("data")), Version::Dev).await, NAMES_DEV);
}
