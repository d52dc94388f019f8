//! Referrers: what says something about a manifest.

use reg_shared::name::{Algorithm, Digest};
use reg_shared::oci::media;
use serde_json::{Value, json};

use crate::harness::{Answer, Image, REPO, Running, descriptor, on_both};

const SBOM: &str = "application/vnd.example.sbom";

/// An artifact about a subject.
fn about(subject: &Value, more: Value) -> Value {
    let mut manifest = json!({
        "schemaVersion": 2,
        "mediaType": media::OCI_MANIFEST,
        "config": descriptor(media::OCI_EMPTY, b"{}"),
        "layers": [],
        "subject": subject,
    });
    manifest.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    manifest
}

async fn list(registry: &Running, subject: &Digest, query: &str) -> Answer {
    let answer = registry.get(&format!("/v2/{REPO}/referrers/{subject}{query}")).await.expect(200);
    assert_eq!(answer.header("content-type"), media::OCI_INDEX);
    let index = answer.json();
    assert_eq!((&index["schemaVersion"], &index["mediaType"]), (&json!(2), &json!(media::OCI_INDEX)));
    answer
}

async fn put(registry: &Running, manifest: &Value) -> Digest {
    let digest = Digest::sha256(manifest.to_string());
    let done = registry.put_manifest(REPO, &digest.to_string(), manifest).await.expect(201);
    assert_eq!(done.header("oci-subject"), manifest["subject"]["digest"].as_str().unwrap());
    digest
}

fn digests(answer: &Answer) -> Vec<String> {
    let manifests = answer.json()["manifests"].as_array().unwrap().clone();
    manifests.iter().map(|descriptor| descriptor["digest"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    async fn a_referrer_is_listed_as_it_describes_itself(registry: Running) {
        registry.push_blob(REPO, b"{}").await;
        let image = registry.push_image(REPO, "v1", b"layer").await;
        let subject = image.digest();
        assert_eq!(list(&registry, &subject, "").await.json()["manifests"], json!([]));
        let annotations = json!({ "org.opencontainers.image.created": "2026-01-01T00:00:00Z" });
        let typed = about(&image.descriptor(), json!({ "artifactType": SBOM, "annotations": annotations }));
        let plain = about(&image.descriptor(), json!({}));
        let index = json!({
            "schemaVersion": 2, "mediaType": media::OCI_INDEX, "manifests": [], "subject": image.descriptor(),
        });
        for manifest in [&typed, &plain, &index] {
            put(&registry, manifest).await;
        }
        let mut expected = vec![
            json!({ "mediaType": media::OCI_MANIFEST, "artifactType": SBOM, "annotations": annotations }),
            // An image without a type is of its config's; an index without one of none.
            json!({ "mediaType": media::OCI_MANIFEST, "artifactType": media::OCI_EMPTY }),
            json!({ "mediaType": media::OCI_INDEX }),
        ];
        for (descriptor, manifest) in expected.iter_mut().zip([&typed, &plain, &index]) {
            descriptor["digest"] = json!(Digest::sha256(manifest.to_string()));
            descriptor["size"] = json!(manifest.to_string().len());
        }
        expected.sort_by_key(|descriptor| descriptor["digest"].to_string());
        assert_eq!(list(&registry, &subject, "").await.json()["manifests"], json!(expected));
    }

    async fn a_filter_is_applied_and_said_so(registry: Running) {
        registry.push_blob(REPO, b"{}").await;
        let image = registry.push_image(REPO, "v1", b"layer").await;
        let sbom = put(&registry, &about(&image.descriptor(), json!({ "artifactType": SBOM }))).await;
        let plain = put(&registry, &about(&image.descriptor(), json!({}))).await;
        for (query, expected) in [
            (format!("?artifactType={SBOM}"), vec![sbom.to_string()]),
            (format!("?artifactType={}", media::OCI_EMPTY.replace('+', "%2B")), vec![plain.to_string()]),
            ("?artifactType=application/none".to_owned(), vec![]),
        ] {
            let filtered = list(&registry, &image.digest(), &query).await;
            assert_eq!(filtered.header("oci-filters-applied"), "artifactType");
            assert_eq!(digests(&filtered), expected, "{query}");
        }
        let all = list(&registry, &image.digest(), "").await;
        assert_eq!((digests(&all).len(), all.header("oci-filters-applied")), (2, ""));
    }

    async fn referrers_come_before_their_subject_and_go_when_deleted(registry: Running) {
        registry.push_blob(REPO, b"{}").await;
        let later = Image::new(b"layer");
        let first = put(&registry, &about(&later.descriptor(), json!({ "artifactType": SBOM }))).await;
        let second = put(&registry, &about(&later.descriptor(), json!({ "artifactType": "application/x" }))).await;
        assert_eq!(digests(&list(&registry, &later.digest(), "").await).len(), 2);
        registry.push_image(REPO, "v1", b"layer").await;
        registry.delete(&format!("/v2/{REPO}/manifests/{first}")).await.expect(202);
        assert_eq!(digests(&list(&registry, &later.digest(), "").await), [second.to_string()]);
        // Without its subject, a referrer stays what it is.
        registry.delete(&format!("/v2/{REPO}/manifests/{}", later.digest())).await.expect(202);
        assert_eq!(digests(&list(&registry, &later.digest(), "").await), [second.to_string()]);
    }

    async fn subjects_by_sha512(registry: Running) {
        registry.push_blob(REPO, b"{}").await;
        let subject = Digest::of(Algorithm::Sha512, "subject");
        let reference = json!({ "mediaType": media::OCI_MANIFEST, "digest": subject, "size": 7 });
        let digest = put(&registry, &about(&reference, json!({ "artifactType": SBOM }))).await;
        assert_eq!(digests(&list(&registry, &subject, "").await), [digest.to_string()]);
    }

    async fn many_referrers_come_in_pages(registry: Running) {
        registry.push_blob(REPO, b"{}").await;
        let image = registry.push_image(REPO, "v1", b"layer").await;
        // Two fit into what a client reads, three do not.
        let large = "x".repeat(1_200_000);
        let mut all = Vec::new();
        for number in 0..5 {
            let annotations = json!({ "number": number.to_string(), "large": large });
            let sbom = about(&image.descriptor(), json!({ "artifactType": SBOM, "annotations": annotations }));
            all.push(put(&registry, &sbom).await.to_string());
        }
        all.sort();
        for query in ["".to_owned(), "?n=1".to_owned(), format!("?artifactType={SBOM}")] {
            let (mut got, mut pages) = (Vec::new(), 0);
            let mut next = Some(format!("/v2/{REPO}/referrers/{}{query}", image.digest()));
            while let Some(path) = next {
                let page = registry.get(&path).await.expect(200);
                assert!(page.body.len() <= 4 << 20);
                got.extend(digests(&page));
                next = page.next();
                pages += 1;
            }
            assert_eq!(got, all, "{query}");
            assert_eq!(pages, if query == "?n=1" { 5 } else { 3 }, "{query}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_without_its_manifest_is_not_shown() {
    let registry = Running::directory().await;
    registry.push_blob(REPO, b"{}").await;
    let image = registry.push_image(REPO, "v1", b"layer").await;
    let digest = put(&registry, &about(&image.descriptor(), json!({}))).await;
    // As if the server had been killed between the two steps of a put.
    std::fs::remove_file(registry.data().join(format!("repositories/{REPO}/_manifests/sha256/{}", digest.hex()))).unwrap();
    assert_eq!(digests(&list(&registry, &image.digest(), "").await), Vec::<String>::new());
}
