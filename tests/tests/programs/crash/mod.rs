//! Server and clients killed with -9 at random moments: nothing that was acknowledged is lost, nothing wrong is kept.

mod clients;
mod server;

use std::path::Path;

use reg_shared::name::{Digest, Repository, Selector};
use reg_tests::sandbox::Sandbox;
use serde_json::Value;

use crate::client::Client;

/// All tags of all repositories, each pulled whole: the digest that each points to.
fn everything(registry: &Value) -> Vec<(String, String, Digest)> {
    let client = Client::of(registry);
    let repositories = client.run(async |oci| oci.catalog().await).unwrap();
    let tags = |repository: &Repository| client.run(async |oci| oci.tags(repository).await).unwrap();
    let all = repositories.iter().flat_map(|repository| tags(repository).into_iter().map(move |tag| (repository, tag)));
    let pull = |(repository, tag): (&Repository, reg_shared::name::Tag)| {
        let digest = client.pull_all(repository.as_str(), &Selector::Tag(tag.clone()));
        let digest = digest.unwrap_or_else(|fault| panic!("{repository}:{tag} points nowhere: {fault}"));
        (repository.to_string(), tag.to_string(), digest)
    };
    all.map(pull).collect()
}

/// Every file of content under its own digest; how many there are.
fn honest_contents(sandbox: &Sandbox, name: &str) -> usize {
    let folder = sandbox.instance(name).join("data/embedded/blobs/sha256");
    let entries = |folder: &Path| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let files: Vec<_> = entries(&folder).iter().flat_map(|part| entries(part)).collect();
    for file in &files {
        let digest = Digest::sha256(std::fs::read(file).unwrap());
        assert!(file.ends_with(digest.hex()), "{} holds {digest}", file.display());
    }
    files.len()
}

/// Whether skopeo is there to take part.
fn has_skopeo() -> bool {
    let found = std::process::Command::new("skopeo").arg("--version").output().is_ok();
    if !found {
        reg_tests::live::skip("skopeo", "no `skopeo` is on PATH: only our own client takes part");
    }
    found
}

/// The command that pushes the image of a layout.
fn skopeo_push(folder: &str, place: &str, tag: &str) -> Vec<String> {
    let from = format!("oci:{folder}:app");
    let to = format!("docker://{place}/crash/skopeo:{tag}");
    let words = ["--insecure-policy", "copy", "--all", "--quiet", "--dest-tls-verify=false", &from, &to];
    words.map(str::to_owned).to_vec()
}
