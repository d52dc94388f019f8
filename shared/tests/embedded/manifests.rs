//! Manifests and tags: byte for byte, by tag and digest, and refused when something is wrong with them.

use http::Method;
use reg_shared::name::{Algorithm, Digest};
use reg_shared::oci::media;
use serde_json::{Value, json};

use crate::harness::{Image, REPO, Running, descriptor, on_both};

async fn put(registry: &Running, reference: &str, media_type: &str, text: String) -> crate::harness::Answer {
    registry.send(Method::PUT, &format!("/v2/{REPO}/manifests/{reference}"), &[("content-type", media_type)], text).await
}

/// An image manifest without layers, with more fields.
fn manifest(more: Value) -> Value {
    let mut manifest = json!({
        "schemaVersion": 2,
        "mediaType": media::OCI_MANIFEST,
        "config": descriptor(media::OCI_EMPTY, b"{}"),
        "layers": [],
    });
    manifest.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    manifest
}

on_both! {
    async fn a_manifest_comes_back_byte_for_byte(registry: Running) {
        registry.push_blob(REPO, b"{}").await;
        let config = descriptor(media::OCI_EMPTY, b"{}");
        // Spaces, order and unknown fields are part of it.
        let text = format!("{{ \"layers\":[ ],\n\"config\":{config}, \"schemaVersion\":2 ,\"z\":1, \"a\":[1.0e3]}}\n");
        let digest = Digest::sha256(&text);
        let path = format!("/v2/{REPO}/manifests/{digest}");
        let done = put(&registry, "v1", &format!("{}; charset=utf-8", media::OCI_MANIFEST), text.clone()).await.expect(201);
        assert_eq!((done.header("location"), done.header("docker-content-digest")), (path.as_str(), digest.to_string().as_str()));
        for reference in [path, format!("/v2/{REPO}/manifests/v1")] {
            let got = registry.get(&reference).await.expect(200);
            assert_eq!(got.text(), text);
            let head = registry.head(&reference).await.expect(200);
            for answer in [got, head] {
                assert_eq!(answer.header("content-type"), media::OCI_MANIFEST);
                assert_eq!(answer.header("content-length"), text.len().to_string());
                assert_eq!(answer.header("docker-content-digest"), digest.to_string());
            }
            let tag = format!("\"{digest}\"");
            registry.send(Method::GET, &reference, &[("if-none-match", &tag)], "").await.expect(304);
        }
    }

    async fn docker_manifests_and_nested_indexes(registry: Running) {
        let (config, layer) = (b"{\"os\":\"linux\"}".as_slice(), b"layer".as_slice());
        registry.push_blob(REPO, config).await;
        registry.push_blob(REPO, layer).await;
        let docker = json!({
            "schemaVersion": 2, "mediaType": media::DOCKER_MANIFEST,
            "config": descriptor("application/vnd.docker.container.image.v1+json", config),
            "layers": [descriptor("application/vnd.docker.image.rootfs.diff.tar.gzip", layer)],
        });
        let docker_digest = Digest::sha256(docker.to_string());
        registry.put_manifest(REPO, &docker_digest.to_string(), &docker).await.expect(201);
        let list = json!({
            "schemaVersion": 2, "mediaType": media::DOCKER_LIST,
            "manifests": [descriptor(media::DOCKER_MANIFEST, docker.to_string().as_bytes())],
        });
        registry.put_manifest(REPO, "list", &list).await.expect(201);
        let missing = descriptor(media::OCI_MANIFEST, b"never pushed");
        let index = json!({
            "schemaVersion": 2, "mediaType": media::OCI_INDEX,
            "manifests": [descriptor(media::DOCKER_LIST, list.to_string().as_bytes()), missing],
        });
        registry.put_manifest(REPO, "nested-and-sparse", &index).await.expect(201);
        for (tag, document) in [("list", &list), ("nested-and-sparse", &index)] {
            let got = registry.get(&format!("/v2/{REPO}/manifests/{tag}")).await.expect(200);
            assert_eq!(got.header("content-type"), document["mediaType"].as_str().unwrap());
            assert_eq!(got.text(), document.to_string());
        }
    }

    async fn missing_blobs_are_named_one_by_one(registry: Running) {
        let image = Image::new(b"layer");
        let (config, layer) = (Digest::sha256(&image.config), Digest::sha256("layer"));
        // Elsewhere is not here.
        registry.push_blob("team/other", b"layer").await;
        let refused = registry.put_manifest(REPO, "v1", &image.manifest).await.expect(400);
        let errors = refused.json()["errors"].clone();
        assert_eq!(errors[0]["code"], "MANIFEST_BLOB_UNKNOWN");
        assert_eq!(errors[0]["detail"]["digest"], config.to_string());
        assert_eq!(errors[1]["detail"]["digest"], layer.to_string());
        registry.get(&format!("/v2/{REPO}/manifests/v1")).await.expect(404);
        registry.push_blob(REPO, &image.config).await;
        let refused = registry.put_manifest(REPO, "v1", &image.manifest).await.expect(400);
        assert_eq!(refused.json()["errors"].as_array().unwrap().len(), 1);
        registry.push_blob(REPO, b"layer").await;
        registry.put_manifest(REPO, "v1", &image.manifest).await.expect(201);
    }

    async fn layers_that_may_live_elsewhere_may_be_missing(registry: Running) {
        registry.push_blob(REPO, b"{}").await;
        let layers: Vec<_> = [
            "application/vnd.oci.image.layer.nondistributable.v1.tar",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
            "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
        ].into_iter().map(|kind| descriptor(kind, kind.as_bytes())).collect();
        registry.put_manifest(REPO, "windows", &manifest(json!({ "layers": layers }))).await.expect(201);
    }

    async fn what_could_be_read_two_ways_is_refused(registry: Running) {
        registry.push_blob(REPO, b"{}").await;
        let config = descriptor(media::OCI_EMPTY, b"{}");
        for (media_type, text) in [
            (media::OCI_MANIFEST, format!(r#"{{"schemaVersion":2,"config":{config},"layers":[],"manifests":[]}}"#)),
            (media::OCI_INDEX, format!(r#"{{"schemaVersion":2,"config":{config},"layers":[],"manifests":[]}}"#)),
            (media::OCI_MANIFEST, format!(r#"{{"schemaVersion":2,"config":{config},"layers":[],"Layers":[]}}"#)),
            (media::OCI_MANIFEST, format!(r#"{{"schemaVersion":2,"config":{config},"layers":[],"layers":[]}}"#)),
            (media::DOCKER_MANIFEST, manifest(json!({})).to_string()),
            (media::OCI_INDEX, r#"{"schemaVersion":2}"#.to_owned()),
            (media::OCI_MANIFEST, r#"{"schemaVersion":1,"layers":[]}"#.to_owned()),
            (media::OCI_MANIFEST, "not json".to_owned()),
            (media::OCI_MANIFEST, String::new()),
            (media::OCI_MANIFEST, r#"{"schemaVersion":2,"layers":[{"digest":"sha256:../../etc/passwd"}]}"#.to_owned()),
            ("application/vnd.docker.distribution.manifest.v1+prettyjws", "{}".to_owned()),
            ("text/plain", manifest(json!({})).to_string()),
            ("", manifest(json!({})).to_string()),
        ] {
            let refused = put(&registry, "bad", media_type, text.clone()).await.expect(400);
            assert_eq!(refused.code(), "MANIFEST_INVALID", "{media_type} {text}");
        }
        registry.get(&format!("/v2/{REPO}/manifests/bad")).await.expect(404);
    }

    async fn a_manifest_by_digest_is_that_one(registry: Running) {
        registry.push_blob(REPO, b"{}").await;
        let text = manifest(json!({})).to_string();
        for algorithm in [Algorithm::Sha256, Algorithm::Sha512] {
            let digest = Digest::of(algorithm, &text);
            let changed = put(&registry, &digest.to_string(), media::OCI_MANIFEST, format!("{text} ")).await.expect(400);
            assert_eq!(changed.code(), "DIGEST_INVALID");
            registry.get(&format!("/v2/{REPO}/manifests/{digest}")).await.expect(404);
            let done = put(&registry, &digest.to_string(), media::OCI_MANIFEST, text.clone()).await.expect(201);
            assert_eq!(done.header("docker-content-digest"), digest.to_string());
            let got = registry.get(&format!("/v2/{REPO}/manifests/{digest}")).await.expect(200);
            assert_eq!(got.header("docker-content-digest"), digest.to_string());
        }
    }

    async fn tags_beside_a_digest(registry: Running) {
        registry.push_blob(REPO, b"{}").await;
        let text = manifest(json!({})).to_string();
        for algorithm in [Algorithm::Sha256, Algorithm::Sha512] {
            let digest = Digest::of(algorithm, &text);
            let tags: Vec<_> = (0..12).map(|number| format!("{}-{number}", algorithm.as_str())).collect();
            let query = tags.iter().map(|tag| format!("tag={tag}")).collect::<Vec<_>>().join("&");
            let done = put(&registry, &format!("{digest}?{query}"), media::OCI_MANIFEST, text.clone()).await.expect(201);
            assert_eq!(done.header("oci-tag"), tags.join(", "));
            for tag in tags {
                let head = registry.head(&format!("/v2/{REPO}/manifests/{tag}")).await.expect(200);
                assert_eq!(head.header("docker-content-digest"), digest.to_string());
            }
        }
        let digest = Digest::sha256(&text);
        let refused = put(&registry, &format!("{digest}?tag=-x"), media::OCI_MANIFEST, text.clone()).await.expect(400);
        assert_eq!(refused.code(), "MANIFEST_INVALID");
        assert_eq!(put(&registry, "plain", media::OCI_MANIFEST, text).await.expect(201).header("oci-tag"), "");
    }

    async fn a_manifest_may_have_4_mib_and_no_more(registry: Running) {
        registry.push_blob(REPO, b"{}").await;
        let empty = manifest(json!({ "annotations": { "a": "" } })).to_string().len();
        for (size, status) in [(4 << 20, 201), ((4 << 20) + 1, 413)] {
            let text = manifest(json!({ "annotations": { "a": "x".repeat(size - empty) } })).to_string();
            assert_eq!(text.len(), size);
            let answer = put(&registry, "large", media::OCI_MANIFEST, text.clone()).await.expect(status);
            if status == 413 {
                assert_eq!(answer.code(), "MANIFEST_INVALID");
                // Without a length in front, the bytes are counted.
                let stream = reqwest::Body::wrap_stream(futures_util::stream::iter([Ok::<_, std::io::Error>(text)]));
                let headers = [("content-type", media::OCI_MANIFEST)];
                registry.send(Method::PUT, &format!("/v2/{REPO}/manifests/large"), &headers, stream).await.expect(413);
            }
        }
        assert_eq!(registry.get(&format!("/v2/{REPO}/manifests/large")).await.expect(200).body.len(), 4 << 20);
    }

    async fn a_tag_moves_and_its_old_manifest_stays(registry: Running) {
        let first = registry.push_image(REPO, "v1", b"one").await;
        let second = registry.push_image(REPO, "v1", b"two").await;
        let tagged = registry.get(&format!("/v2/{REPO}/manifests/v1")).await.expect(200);
        assert_eq!(tagged.header("docker-content-digest"), second.digest().to_string());
        registry.get(&format!("/v2/{REPO}/manifests/{}", first.digest())).await.expect(200);
    }

    async fn deleting_a_tag_leaves_its_manifest(registry: Running) {
        let image = registry.push_image(REPO, "v1", b"one").await;
        registry.put_manifest(REPO, "V1", &image.manifest).await.expect(201);
        registry.delete(&format!("/v2/{REPO}/manifests/v1")).await.expect(202);
        registry.head(&format!("/v2/{REPO}/manifests/v1")).await.expect(404);
        assert_eq!(registry.delete(&format!("/v2/{REPO}/manifests/v1")).await.expect(404).code(), "MANIFEST_UNKNOWN");
        registry.get(&format!("/v2/{REPO}/manifests/V1")).await.expect(200);
        registry.get(&format!("/v2/{REPO}/manifests/{}", image.digest())).await.expect(200);
    }

    async fn deleting_a_manifest_takes_its_tags(registry: Running) {
        let gone = registry.push_image(REPO, "v1", b"one").await;
        registry.put_manifest(REPO, "latest", &gone.manifest).await.expect(201);
        let kept = registry.push_image(REPO, "v2", b"two").await;
        registry.push_image("team/other", "v1", b"one").await;
        let path = format!("/v2/{REPO}/manifests/{}", gone.digest());
        registry.delete(&path).await.expect(202);
        for reference in ["v1", "latest", &gone.digest().to_string()] {
            assert_eq!(registry.get(&format!("/v2/{REPO}/manifests/{reference}")).await.expect(404).code(), "MANIFEST_UNKNOWN");
        }
        registry.delete(&path).await.expect(404);
        assert_eq!(registry.get(&format!("/v2/{REPO}/tags/list")).await.json()["tags"], json!(["v2"]));
        registry.get(&format!("/v2/{REPO}/manifests/{}", kept.digest())).await.expect(200);
        registry.get("/v2/team/other/manifests/v1").await.expect(200);
    }
}
