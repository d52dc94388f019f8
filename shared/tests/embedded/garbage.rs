//! Garbage collection: what goes, what stays, and that nothing goes that somebody needs.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use http::Method;
use reg_shared::embedded::{CollectOptions, Swept, collect_garbage, token_file};
use reg_shared::exit::Exit;
use reg_shared::name::Digest;
use reg_shared::oci::media;
use serde_json::json;

use crate::harness::{Image, REPO, Running, count_files, descriptor, noise, on_both};

/// Waits until all that was done is a moment old: what is done in the same moment counts as done during a collection.
async fn a_moment() {
    tokio::time::sleep(Duration::from_millis(50)).await;
}

async fn collect(registry: &Running, query: &str) -> Swept {
    a_moment().await;
    serde_json::from_slice(&registry.collect(query).await.expect(200).body).unwrap()
}

/// What a collection removed: contents, links, uploads.
fn removed(swept: &Swept) -> [u64; 3] {
    [swept.blobs_removed, swept.links_removed, swept.uploads_removed]
}

/// Makes everything below a folder look two days old.
fn age(path: &Path) {
    for entry in std::fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            age(&path);
        } else {
            let file = std::fs::File::options().write(true).open(path).unwrap();
            file.set_modified(SystemTime::now() - Duration::from_secs(2 * 24 * 60 * 60)).unwrap();
        }
    }
}

async fn is_complete(registry: &Running, repository: &str, image: &Image) -> bool {
    for digest in [Digest::sha256(&image.config).to_string(), image.manifest["layers"][0]["digest"].as_str().unwrap().to_owned()] {
        let got = registry.get(&format!("/v2/{repository}/blobs/{digest}")).await;
        if got.status != 200 || Digest::sha256(&got.body).to_string() != digest {
            return false;
        }
    }
    true
}

on_both! {
    async fn what_no_manifest_names_goes(registry: Running) {
        let image = registry.push_image(REPO, "v1", b"layer").await;
        let nobodys = registry.push_blob(REPO, &noise(1, 1000)).await;
        registry.push_blob("only/blobs", b"layer").await;
        let location = registry.start_upload(REPO).await;
        let dry = collect(&registry, "?grace=0&dryRun=true").await;
        assert_eq!((removed(&dry), dry.bytes_removed, dry.dry_run), ([1, 2, 0], 1000, true));
        registry.head(&format!("/v2/{REPO}/blobs/{nobodys}")).await.expect(200);
        // What the head asked for was promised again, but a grace of nothing keeps no promise from before the start.
        let swept = collect(&registry, "?grace=0").await;
        assert_eq!((removed(&swept), swept.bytes_removed, swept.dry_run), ([1, 2, 0], 1000, false));
        assert_eq!((swept.blobs_kept, swept.bytes_kept), (dry.blobs_kept, dry.bytes_kept));
        assert_eq!(swept.blobs_kept, 3);
        registry.head(&format!("/v2/{REPO}/blobs/{nobodys}")).await.expect(404);
        registry.head(&format!("/v2/only/blobs/blobs/{}", Digest::sha256("layer"))).await.expect(404);
        assert!(is_complete(&registry, REPO, &image).await);
        registry.get(&location).await.expect(204);
        assert_eq!(removed(&collect(&registry, "?grace=0").await), [0, 0, 0]);
    }

    async fn a_deleted_image_goes_but_not_what_others_share(registry: Running) {
        let kept = registry.push_image(REPO, "kept", b"kept").await;
        let gone = registry.push_image(REPO, "gone", b"gone").await;
        registry.push_blob("team/other", b"gone").await;
        let shares = json!({
            "schemaVersion": 2, "mediaType": media::OCI_MANIFEST, "layers": [],
            "config": descriptor(media::OCI_EMPTY, &gone.config),
        });
        registry.put_manifest(REPO, "shares", &shares).await.expect(201);
        registry.delete(&format!("/v2/{REPO}/manifests/{}", gone.digest())).await.expect(202);
        let swept = collect(&registry, "?grace=0").await;
        // Its layer, here and in the other repository, and its manifest; its config has another user.
        assert_eq!(removed(&swept), [2, 2, 0]);
        registry.head(&format!("/v2/{REPO}/blobs/{}", Digest::sha256(&gone.config))).await.expect(200);
        assert!(is_complete(&registry, REPO, &kept).await);
    }

    async fn an_untagged_manifest_and_what_an_index_names_stay(registry: Running) {
        let image = registry.push_image(REPO, "v1", b"layer").await;
        registry.delete(&format!("/v2/{REPO}/manifests/v1")).await.expect(202);
        // BuildKit's cache is an index whose entries are blobs.
        let blob = registry.push_blob(REPO, b"cache").await;
        let index = json!({
            "schemaVersion": 2, "mediaType": media::OCI_INDEX, "manifests": [descriptor(media::OCI_LAYER_TAR, b"cache")],
        });
        registry.put_manifest(REPO, "cache", &index).await.expect(201);
        // A layer that may be missing, but is there.
        registry.push_blob(REPO, b"foreign").await;
        let mut foreign = image.manifest.clone();
        foreign["layers"] = json!([descriptor("application/vnd.oci.image.layer.nondistributable.v1.tar", b"foreign")]);
        registry.put_manifest(REPO, "foreign", &foreign).await.expect(201);
        assert_eq!(removed(&collect(&registry, "?grace=0").await), [0, 0, 0]);
        registry.head(&format!("/v2/{REPO}/blobs/{blob}")).await.expect(200);
        assert!(is_complete(&registry, REPO, &image).await);
    }

    async fn what_is_fresh_stays(registry: Running) {
        registry.push_blob(REPO, b"fresh").await;
        assert_eq!(removed(&collect(&registry, "").await), [0, 0, 0]);
        assert_eq!(removed(&collect(&registry, "?grace=3600").await), [0, 0, 0]);
    }

    async fn collecting_needs_the_token(registry: Running) {
        for authorization in ["", "Bearer x", "Basic eDp5"] {
            let refused = registry.send(Method::POST, "/_reg/gc", &[("authorization", authorization)], "").await.expect(401);
            assert_eq!(refused.code(), "UNAUTHORIZED");
        }
        for query in ["?grace=x", "?dryRun=yes", "?force", "?grace=-1"] {
            registry.collect(query).await.expect(400);
        }
    }

    async fn pushing_while_garbage_is_collected_loses_nothing(registry: Running) {
        let done = AtomicBool::new(false);
        let collecting = async {
            let mut runs = 0;
            while !done.load(Ordering::Relaxed) {
                // Without grace, so that only the rules hold: an accepted manifest is complete.
                let answer = registry.collect("?grace=0").await;
                assert!([200, 409].contains(&answer.status), "{answer:?}");
                runs += 1;
            }
            runs
        };
        let pushers = (0..4).map(|pusher| push_and_check(&registry, pusher, false));
        let pushing = async {
            futures_util::future::join_all(pushers).await;
            done.store(true, Ordering::Relaxed);
        };
        let (runs, ()) = tokio::join!(collecting, pushing);
        assert!(runs > 3, "{runs} collections");
    }

    async fn within_the_grace_no_push_even_fails(registry: Running) {
        let done = AtomicBool::new(false);
        let collecting = async {
            while !done.load(Ordering::Relaxed) {
                registry.collect("").await.expect(200);
            }
        };
        let pushing = async {
            futures_util::future::join_all((0..4).map(|pusher| push_and_check(&registry, pusher, true))).await;
            done.store(true, Ordering::Relaxed);
        };
        tokio::join!(collecting, pushing);
    }
}

/// Pushes images that share layers with those of other pushers, deletes some, and finds every accepted one complete.
async fn push_and_check(registry: &Running, pusher: u64, must_succeed: bool) {
    let repository = format!("team/app-{}", pusher % 2);
    for round in 0..12 {
        // The same few layers come and go all the time.
        let layer = noise(round % 3, 3000);
        let mut image = Image::new(&layer);
        image.manifest["annotations"] = json!({ "of": format!("{pusher}-{round}") });
        let tag = format!("p{pusher}-{round}");
        let accepted = loop {
            for blob in [&image.config, &layer] {
                let digest = Digest::sha256(blob);
                let mount = format!("/v2/{repository}/blobs/uploads/?mount={digest}");
                // A client asks first, and pushes only what is not there.
                if registry.head(&format!("/v2/{repository}/blobs/{digest}")).await.status == 404
                    && registry.send(Method::POST, &mount, &[], "").await.status != 201
                {
                    registry.push_blob(&repository, blob).await;
                }
            }
            let answer = registry.put_manifest(&repository, &tag, &image.manifest).await;
            if answer.status == 201 {
                break answer;
            }
            assert_eq!(answer.code(), "MANIFEST_BLOB_UNKNOWN");
            assert!(!must_succeed, "{answer:?}");
        };
        assert!(is_complete(registry, &repository, &image).await, "{accepted:?}");
        if round % 2 == 0 {
            registry.delete(&format!("/v2/{repository}/manifests/{}", image.digest())).await.expect(202);
        } else {
            let got = registry.get(&format!("/v2/{repository}/manifests/{tag}")).await.expect(200);
            assert_eq!(got.text(), image.manifest.to_string());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promise_keeps_what_is_old() {
    let registry = Running::directory().await;
    let blobs: Vec<_> = (0..5).map(|seed| noise(seed, 500)).collect();
    let mut digests = Vec::new();
    for blob in &blobs {
        digests.push(registry.push_blob(REPO, blob).await);
    }
    let location = registry.start_upload(REPO).await;
    age(&registry.data());
    // Five ways: told that it is there, mounted elsewhere, mounted here, pushed again, and none.
    registry.head(&format!("/v2/{REPO}/blobs/{}", digests[0])).await.expect(200);
    registry.send(Method::POST, &format!("/v2/b/blobs/uploads/?mount={}&from={REPO}", digests[1]), &[], "").await.expect(201);
    registry.send(Method::POST, &format!("/v2/{REPO}/blobs/uploads/?mount={}", digests[2]), &[], "").await.expect(201);
    registry.push_blob(REPO, &blobs[3]).await;
    let dry = collect(&registry, "?dryRun=true").await;
    let swept = collect(&registry, "").await;
    assert_eq!(removed(&dry), removed(&swept));
    // Gone are the last blob, the link whose blob was only mounted from it, and the upload of days ago.
    assert_eq!(removed(&swept), [1, 2, 1]);
    registry.get(&location).await.expect(404);
    for (digest, repository, status) in [
        (&digests[0], REPO, 200),
        (&digests[1], REPO, 404),
        (&digests[1], "b", 200),
        (&digests[2], REPO, 200),
        (&digests[3], REPO, 200),
        (&digests[4], REPO, 404),
    ] {
        registry.get(&format!("/v2/{repository}/blobs/{digest}")).await.expect(status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_becomes_visible_is_fresh() {
    let registry = Running::directory().await;
    let is_fresh = |path: String| {
        let modified = registry.data().join(path).metadata().unwrap().modified().unwrap();
        SystemTime::now().duration_since(modified).unwrap_or_default() < Duration::from_secs(60 * 60)
    };
    let content = |digest: &Digest| format!("blobs/sha256/{}/{}", &digest.hex()[..2], digest.hex());
    let blob = |repository: &str, digest: &Digest| format!("repositories/{repository}/_blobs/sha256/{}", digest.hex());
    // An upload of days ago that is finished now.
    let location = registry.start_upload(REPO).await;
    registry.send(Method::PATCH, &location, &[], "days ago").await.expect(202);
    age(&registry.data());
    let digest = Digest::sha256("days ago");
    registry.send(Method::PUT, &format!("{location}?digest={digest}"), &[], "").await.expect(201);
    assert!(is_fresh(content(&digest)) && is_fresh(blob(REPO, &digest)));
    // An old blob that is mounted.
    age(&registry.data());
    registry.send(Method::POST, &format!("/v2/b/blobs/uploads/?mount={digest}&from={REPO}"), &[], "").await.expect(201);
    assert!(is_fresh(content(&digest)) && is_fresh(blob("b", &digest)) && !is_fresh(blob(REPO, &digest)));
    // An old manifest that is put again, and the blobs that it names.
    let image = registry.push_image(REPO, "v1", b"layer").await;
    age(&registry.data());
    registry.put_manifest(REPO, "v2", &image.manifest).await.expect(201);
    assert!(is_fresh(content(&image.digest())) && is_fresh(blob(REPO, &Digest::sha256("layer"))));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_killed_server_left_goes_and_empty_folders_with_it() {
    let registry = Running::directory().await;
    let image = registry.push_image(REPO, "v1", b"layer").await;
    let mut referrer = image.manifest.clone();
    referrer["subject"] = image.descriptor();
    registry.put_manifest(REPO, "about", &referrer).await.expect(201);
    let links = registry.data().join(format!("repositories/{REPO}"));
    // The put of the referrer had come as far as its entry.
    let link = links.join(format!("_manifests/sha256/{}", Digest::sha256(referrer.to_string()).hex()));
    std::fs::remove_file(links.join("_tags/about")).unwrap();
    std::fs::remove_file(link).unwrap();
    assert_eq!(count_files(&links.join("_referrers")), 1);
    assert_eq!(removed(&collect(&registry, "?grace=0").await), [1, 1, 0]);
    assert!(!links.join("_referrers").exists());
    registry.delete(&format!("/v2/{REPO}/manifests/{}", image.digest())).await.expect(202);
    collect(&registry, "?grace=0").await;
    assert_eq!(count_files(&registry.data().join("blobs")), 0);
    assert!(!registry.data().join("repositories/team").exists());
    // And all of it can come back.
    registry.push_image(REPO, "v1", b"layer").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_server_the_folder_is_collected_directly() {
    let mut registry = Running::directory().await;
    let options = CollectOptions { grace: Duration::ZERO, dry_run: false };
    let image = registry.push_image(REPO, "v1", b"layer").await;
    registry.push_blob(REPO, b"garbage").await;
    let fault = collect_garbage(&registry.data(), options).await.unwrap_err();
    assert_eq!(fault.kind(), Exit::Conflict);
    assert_eq!(std::fs::read_to_string(token_file(&registry.data())).unwrap().len(), 64);
    registry.stop().await;
    a_moment().await;
    let swept = collect_garbage(&registry.data(), options).await.unwrap();
    assert_eq!(removed(&swept), [1, 1, 0]);
    let nowhere = registry.data().join("nothing");
    let fault = collect_garbage(&nowhere, options).await.unwrap_err();
    assert_eq!((fault.kind(), nowhere.exists()), (Exit::Input, false));
    assert!(fault.to_string().ends_with("holds no registry"), "{fault}");
    let data = reg_shared::embedded::Data::Directory(registry.data());
    let again = Running::with(reg_shared::embedded::Options::new(([127, 0, 0, 1], 0).into(), data)).await;
    assert!(is_complete(&again, REPO, &image).await);
}
