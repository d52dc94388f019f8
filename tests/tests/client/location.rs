//! Where an upload may go.

use reg_shared::exit::Exit;
use reg_shared::oci::{Content, Options};
use reg_tests::hostile::{Hostile, Place};

use super::{connect, fault, login, me};

#[tokio::test]
async fn a_location_on_another_host_is_refused() {
    let hostile = Hostile::start();
    let error = login(&hostile).blob_put(&fault("location-elsewhere"), &Content::bytes("x"), None).await.unwrap_err();
    let expected =
        format!("the registry wants the content sent to http://{}, another host, which is not done", hostile.elsewhere());
    assert!(error.to_string().ends_with(&expected), "{error}");
    assert_eq!(error.kind(), Exit::Denied);
    assert!(hostile.seen().iter().all(|seen| seen.place == Place::Registry));
}

#[tokio::test]
async fn an_allowed_host_gets_the_content_and_no_credential() {
    let hostile = Hostile::start();
    let options = Options { upload_hosts: vec![hostile.elsewhere().to_string()], ..Options::default() };
    let client = connect(&hostile.url(), me(), options);
    client.blob_put(&fault("location-elsewhere"), &Content::bytes("x"), None).await.unwrap();
    let there: Vec<_> = hostile.seen().into_iter().filter(|seen| seen.place == Place::Elsewhere).collect();
    assert_eq!((there.len(), there[0].method.as_str(), there[0].body.as_slice()), (1, "PUT", b"x".as_slice()));
    assert!(hostile.leaks().is_empty());
}
