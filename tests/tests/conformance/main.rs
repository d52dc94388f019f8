//! The embedded server, in memory and in a folder, under every check of the OCI conformance suite.
//!
//! Which checks these are stands in `names-*.txt`: how often each name occurs in the suite's own run against the embedded server, so
//! that none gets lost. They are made from that run's `junit.xml` by
//! `grep -o 'testcase name="[^"]*"' junit.xml | cut -d'"' -f2 | LC_ALL=C sort | uniq -c | sed 's/^ *//'`.

mod yes;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};
use reg_shared::embedded::{self, Data, Server};
use reg_tests::conformance::{Options, Outcome, Version, run};
use tokio::sync::oneshot;

const NAMES_1_1: &str = include_str!("names-1.1.txt");
const NAMES_DEV: &str = include_str!("names-dev.txt");

#[tokio::test]
async fn in_memory_it_conforms_to_1_1() -> Result<()> {
    conforms(Data::Memory, Version::V1_1, NAMES_1_1).await
}

#[tokio::test]
async fn in_memory_it_conforms_to_what_comes_after_1_1() -> Result<()> {
    conforms(Data::Memory, Version::Dev, NAMES_DEV).await
}

#[tokio::test]
async fn in_a_folder_it_conforms_to_1_1() -> Result<()> {
    let folder = tempfile::tempdir()?;
    conforms(Data::Directory(folder.path().to_owned()), Version::V1_1, NAMES_1_1).await
}

#[tokio::test]
async fn in_a_folder_it_conforms_to_what_comes_after_1_1() -> Result<()> {
    let folder = tempfile::tempdir()?;
    conforms(Data::Directory(folder.path().to_owned()), Version::Dev, NAMES_DEV).await
}

/// Every check passes, but for those that the version switches off, and none is missing.
async fn conforms(data: Data, version: Version, names: &str) -> Result<()> {
    let server = Server::bind(embedded::Options::new(([127, 0, 0, 1], 0).into(), data)).await?;
    let url = format!("http://{}", server.address());
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(server.run(async { drop(stopped.await) }));
    let report = run(&url, &Options::new(version)).await?;
    drop(stop);
    server.await??;

    let others = report.checks.iter().filter(|check| !matches!(check.outcome, Outcome::Pass | Outcome::Disabled));
    let others: Vec<_> = others.map(|check| format!("{}: {}: {}", check.outcome, check.name, check.detail)).collect();
    ensure!(others.is_empty(), "not every check passes:\n{}", others.join("\n"));

    let (made, expected) = (report.names(), occurrences(names)?);
    let all: BTreeSet<_> = made.keys().chain(expected.keys()).collect();
    let differences: Vec<_> = all.into_iter().filter(|name| made.get(*name) != expected.get(*name)).collect();
    ensure!(differences.is_empty(), "made more or less often than by the suite: {differences:#?}");
    Ok(())
}

/// Each name in a list, with how often it occurs.
fn occurrences(list: &str) -> Result<BTreeMap<&str, usize>> {
    let occurrence = |line| {
        let (count, name) = str::split_once(line, ' ').with_context(|| format!("no count and name: {line}"))?;
        Ok((name, count.parse()?))
    };
    list.lines().map(occurrence).collect()
}
