//! Lists of repositories and tags: sorted, whole, in pages.

use serde_json::{Value, json};

use crate::harness::{REPO, Running, on_both};

/// Follows the links from a path on, and returns the pages.
async fn pages(registry: &Running, path: &str, key: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        let answer = registry.get(&path).await.expect(200);
        pages.push(serde_json::from_value(answer.json()[key].clone()).unwrap());
        next = answer.next();
        assert!(pages.len() < 50, "the pages do not end");
    }
    pages
}

on_both! {
    async fn tags_are_sorted_by_their_bytes(registry: Running) {
        let image = registry.push_image(REPO, "v10", b"one").await;
        for tag in ["v2", "V2", "_x", "1.0", "latest", "a-b", "a.b", "a_b"] {
            registry.put_manifest(REPO, tag, &image.manifest).await.expect(201);
        }
        let sorted = json!(["1.0", "V2", "_x", "a-b", "a.b", "a_b", "latest", "v10", "v2"]);
        let list = registry.get(&format!("/v2/{REPO}/tags/list")).await.expect(200);
        assert_eq!(list.json(), json!({ "name": REPO, "tags": sorted }));
        assert_eq!(list.header("content-type"), "application/json");
        assert!(list.next().is_none());
    }

    async fn tags_in_pages(registry: Running) {
        let image = registry.push_image(REPO, "t0", b"one").await;
        for number in 1..7 {
            registry.put_manifest(REPO, &format!("t{number}"), &image.manifest).await.expect(201);
        }
        let list = format!("/v2/{REPO}/tags/list");
        let all: Vec<_> = (0..7).map(|number| format!("t{number}")).collect();
        for n in [1, 2, 3, 6, 7, 8, 100_000] {
            let pages = pages(&registry, &format!("{list}?n={n}"), "tags").await;
            assert_eq!(pages.concat(), all);
            assert!(pages.iter().all(|page| page.len() <= n && !page.is_empty()), "n={n}: {pages:?}");
            assert_eq!(pages.len(), 7usize.div_ceil(n.min(7)));
        }
        let none = registry.get(&format!("{list}?n=0")).await.expect(200);
        assert_eq!((none.json()["tags"].clone(), none.next()), (json!([]), None));
        for (query, expected) in [
            ("last=t3", vec!["t4", "t5", "t6"]),
            ("last=t35&n=1", vec!["t4"]),
            ("n=2&last=t5", vec!["t6"]),
            ("last=t6", vec![]),
            ("last=zz", vec![]),
        ] {
            let got = registry.get(&format!("{list}?{query}")).await.expect(200);
            assert_eq!(got.json()["tags"], json!(expected), "{query}");
        }
        for bad in ["n=-1", "n=x", "n=1.5"] {
            assert_eq!(registry.get(&format!("{list}?{bad}")).await.expect(400).code(), "PAGINATION_NUMBER_INVALID");
        }
    }

    async fn an_unknown_repository_has_no_tags(registry: Running) {
        let list = registry.get("/v2/no/such/tags/list").await.expect(200);
        assert_eq!(list.json(), json!({ "name": "no/such", "tags": [] }));
    }

    async fn the_catalog_has_what_has_a_manifest(registry: Running) {
        let catalog = || async { registry.get("/v2/_catalog").await.expect(200).json()["repositories"].clone() };
        assert_eq!(catalog().await, json!([]));
        registry.push_blob("only/blobs", b"blob").await;
        registry.start_upload("only/uploads").await;
        let image = registry.push_image("b", "v1", b"one").await;
        for repository in ["a/x", "a", "a/x/y", "a-x"] {
            registry.push_image(repository, "v1", b"one").await;
        }
        assert_eq!(catalog().await, json!(["a", "a-x", "a/x", "a/x/y", "b"]));
        // A tag less is a tag less; a manifest less may be the last one.
        registry.delete("/v2/a/x/manifests/v1").await.expect(202);
        registry.delete(&format!("/v2/b/manifests/{}", image.digest())).await.expect(202);
        assert_eq!(catalog().await, json!(["a", "a-x", "a/x", "a/x/y"]));
        registry.push_image("b", "v1", b"one").await;
        assert_eq!(catalog().await, json!(["a", "a-x", "a/x", "a/x/y", "b"]));
    }

    async fn the_catalog_in_pages(registry: Running) {
        let names: Vec<_> = (0..6).map(|number| format!("team-{number}/app")).collect();
        for name in &names {
            registry.push_image(name, "v1", b"one").await;
        }
        for n in [1, 4, 6, 7] {
            let pages = pages(&registry, &format!("/v2/_catalog?n={n}"), "repositories").await;
            assert_eq!(pages.concat(), names);
            assert!(pages.iter().all(|page| page.len() <= n && !page.is_empty()));
        }
        let none = registry.get("/v2/_catalog?n=0").await.expect(200);
        assert_eq!((none.json()["repositories"].clone(), none.next()), (json!([]), None));
        let rest = registry.get("/v2/_catalog?last=team-3%2Fapp").await.expect(200);
        assert_eq!(rest.json()["repositories"], json!(&names[4..]));
        assert_eq!(registry.get("/v2/_catalog?n=x").await.expect(400).code(), "PAGINATION_NUMBER_INVALID");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_the_same_after_a_restart() {
    let registry = Running::directory().await;
    registry.push_image("a/b", "v1", b"one").await;
    registry.push_image("a", "V1", b"one").await;
    let registry = registry.restart().await;
    let expected: Value = json!({ "repositories": ["a", "a/b"] });
    assert_eq!(registry.get("/v2/_catalog").await.json(), expected);
    assert_eq!(registry.get("/v2/a/tags/list").await.json()["tags"], json!(["V1"]));
}
