//! Lists, whatever a registry does with paging.

use reg_shared::auth::Credential;
use reg_shared::exit::Exit;
use reg_shared::oci::Options;
use reg_tests::hostile::Hostile;

use super::{anonymous, connect, fault};

async fn tags(hostile: &Hostile, name: &str) -> Result<String, (String, Exit)> {
    let tags = anonymous(hostile).tags(&fault(name)).await;
    let joined = tags.map(|tags| tags.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "));
    joined.map_err(|error| (error.to_string(), error.kind()))
}

#[tokio::test]
async fn a_list_that_does_not_advance_ends_in_an_error() {
    let hostile = Hostile::start();
    for name in ["tags-loop", "tags-same"] {
        let before = hostile.seen().len();
        let (error, kind) = tags(&hostile, name).await.unwrap_err();
        let at = format!("cannot list the tags of fault/{name} at {}: pagination does not advance: ", hostile.url());
        assert!(error.starts_with(&at), "{error}");
        assert_eq!(kind, Exit::Failed);
        assert!(hostile.seen().len() - before < 10, "{name}");
    }
    let url = format!("{}/catalog-loop", hostile.url());
    let error = connect(&url, Credential::Anonymous, Options::default()).catalog().await.unwrap_err();
    assert!(error.to_string().contains("pagination does not advance"), "{error}");
    assert!(hostile.seen_with("/catalog-loop/v2/_catalog").len() < 10);
}

#[tokio::test]
async fn a_link_to_another_host_is_not_followed() {
    let hostile = Hostile::start();
    let (error, _) = tags(&hostile, "tags-elsewhere").await.unwrap_err();
    assert!(error.ends_with(&format!("the next page is on http://{}, which is not followed", hostile.elsewhere())), "{error}");
    assert!(hostile.seen().iter().all(|seen| seen.place == reg_tests::hostile::Place::Registry));
}

#[tokio::test]
async fn links_are_read_in_all_their_forms() {
    assert_eq!(tags(&Hostile::start(), "tags-forms").await.unwrap(), "a b c d");
}

#[tokio::test]
async fn a_page_size_that_is_refused_is_made_smaller() {
    let hostile = Hostile::start();
    assert_eq!(tags(&hostile, "tags-number").await.unwrap(), "a b c");
    assert_eq!(hostile.seen_with("fault/tags-number/tags/list?n=5").len(), 2);
    assert_eq!(tags(&hostile, "tags-number-unnamed").await.unwrap(), "a");
    assert_eq!(hostile.seen().last().unwrap().target, "/v2/fault/tags-number-unnamed/tags/list");
    let url = format!("{}/catalog-number", hostile.url());
    let repositories = connect(&url, Credential::Anonymous, Options::default()).catalog().await.unwrap();
    assert_eq!(repositories.len(), 2);
    assert_eq!(hostile.seen().last().unwrap().target, "/catalog-number/v2/_catalog?n=100");
}

#[tokio::test]
async fn tags_come_sorted_and_once() {
    let hostile = Hostile::start();
    assert_eq!(tags(&hostile, "tags-unsorted").await.unwrap(), "a b c");
    assert_eq!(tags(&hostile, "tags-null").await.unwrap(), "");
    assert_eq!(tags(&hostile, "none").await.unwrap(), "v1");
}

#[tokio::test]
async fn a_tag_that_is_none_is_refused_and_shown_escaped() {
    let (error, kind) = tags(&Hostile::start(), "tags-bad").await.unwrap_err();
    assert!(error.contains(r#"sent a bad list: "../../x\u{1b}[31m" is not a tag: it does not begin with"#), "{error}");
    assert_eq!(kind, Exit::Failed);
}

#[tokio::test]
async fn a_long_list_comes_page_by_page() {
    let hostile = Hostile::start();
    let mut pages = anonymous(&hostile).tags_pages(&fault("tags-many")).unwrap();
    let (mut count, mut requests) = (0, 0);
    while let Some(page) = pages.next().await.unwrap() {
        count += page.len();
        requests += 1;
    }
    assert_eq!((count, requests, hostile.seen().len()), (100_000, 100, 100));
}

#[tokio::test]
async fn a_registry_without_a_catalog_does_not_support_it() {
    let hostile = Hostile::start();
    let url = format!("{}/catalog-none", hostile.url());
    let error = connect(&url, Credential::Anonymous, Options::default()).catalog().await.unwrap_err();
    assert_eq!(error.kind(), Exit::Unsupported);
    assert_eq!(error.to_string(), format!("the registry at {url} has no catalog"));
}
