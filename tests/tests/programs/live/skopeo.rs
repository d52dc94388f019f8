//! skopeo moves an image of two platforms and an artifact about it through every registry, and every digest stays what it was.

use std::collections::BTreeSet;
use std::process::Command;

use reg_shared::name::{Digest, Repository};
use reg_shared::oci::manifest::Manifest;
use serde_json::Value;

use super::layout::{Layout, blobs, digest};
use super::{Real, with_each_registry};
use crate::client::{Client, tag};
use crate::sandbox;

with_each_registry!(every_digest_survives_skopeo, referrers_are_found);

fn every_digest_survives_skopeo(real: &Real) {
    if Command::new("skopeo").arg("--version").output().is_err() {
        return reg_tests::live::skip("skopeo", "no `skopeo` is on PATH");
    }
    let sandbox = sandbox();
    let layout = Layout::make(&sandbox.path("there"), "one");
    let registry = real.start(&sandbox, &[]);
    let address = registry["url"].as_str().unwrap().trim_start_matches("http://");
    let copy = "skopeo --insecure-policy copy --all --preserve-digests --quiet";
    for name in ["app", "about"] {
        let push = format!("{copy} --dest-tls-verify=false oci:there:{name} docker://{address}/team/app:{name}");
        sandbox.sh(&push).code(0);
        let pull = format!("{copy} --src-tls-verify=false docker://{address}/team/app:{name} oci:back-{name}:{name}");
        sandbox.sh(&pull).code(0);
    }
    assert_eq!(digest(&sandbox.path("back-app")), layout.index["digest"]);
    assert_eq!(digest(&sandbox.path("back-about")), layout.artifact["digest"]);
    let back: BTreeSet<String> = ["back-app", "back-about"].iter().flat_map(|folder| blobs(&sandbox.path(folder))).collect();
    assert_eq!(back, blobs(&sandbox.path("there")));
    // Our own client sees the same.
    let seen = Client::of(&registry).pull("team/app", &tag("about")).unwrap();
    assert_eq!(seen.to_string(), layout.artifact["digest"].as_str().unwrap());
}

fn referrers_are_found(real: &Real) {
    let sandbox = sandbox();
    let layout = Layout::make(&sandbox.path("there"), "one");
    let client = Client::of(&real.start(&sandbox, &[]));
    let repository: Repository = "team/app".parse().unwrap();
    let subject: Digest = layout.index["digest"].as_str().unwrap().parse().unwrap();
    let manifest = |descriptor: &Value| Manifest {
        digest: descriptor["digest"].as_str().unwrap().parse().unwrap(),
        media_type: descriptor["mediaType"].as_str().unwrap().to_owned(),
        bytes: layout.bytes(descriptor).into(),
    };
    let (index, artifact) = (manifest(&layout.index), manifest(&layout.artifact));
    let parts = |manifest: &Manifest| serde_json::from_slice::<Value>(&manifest.bytes).unwrap();
    client.run(async |oci| {
        let push = async |descriptor: &Value| {
            oci.blob_put(&repository, &reg_shared::oci::Content::bytes(layout.bytes(descriptor)), None).await.unwrap();
        };
        for platform in parts(&index)["manifests"].as_array().unwrap() {
            let image = manifest(platform);
            push(&parts(&image)["config"]).await;
            push(&parts(&image)["layers"][0]).await;
            oci.manifest_put(&repository, &image.digest.clone().into(), &image).await.unwrap();
        }
        oci.manifest_put(&repository, &tag("app"), &index).await.unwrap();
        assert!(oci.referrers(&repository, &subject, None).await.unwrap().is_empty());
        push(&parts(&artifact)["config"]).await;
        push(&parts(&artifact)["layers"][0]).await;
        // By its digest alone: who finds it finds it through its subject.
        oci.manifest_put(&repository, &artifact.digest.clone().into(), &artifact).await.unwrap();
        let found = oci.referrers(&repository, &subject, Some("application/vnd.example.sbom")).await.unwrap();
        assert_eq!(found.iter().map(|entry| &entry.digest).collect::<Vec<_>>(), [&artifact.digest]);
        assert!(oci.referrers(&repository, &subject, Some("application/other")).await.unwrap().is_empty());
    });
}
