//! Redirects of a blob, and what does not go along.

use reg_shared::error::Result;
use reg_shared::exit::Exit;
use reg_shared::oci::Client;
use reg_tests::hostile::{Hostile, Place, image};

use super::{anonymous, fault, login};

async fn pull(client: &Client, name: &str) -> Result<usize> {
    let mut blob = client.blob(&fault(name), &image().layer_digest(), image().layer.len() as u64).await?;
    let mut length = 0;
    while let Some(piece) = blob.chunk().await? {
        length += piece.len();
    }
    Ok(length)
}

#[tokio::test]
async fn a_credential_does_not_follow_to_another_host_or_port() {
    let hostile = Hostile::start();
    for (name, place) in [("redirect-elsewhere", Place::Elsewhere), ("redirect-port", Place::OtherPort)] {
        assert_eq!(pull(&login(&hostile), name).await.unwrap(), image().layer.len());
        assert_eq!(hostile.seen().last().map(|seen| seen.place), Some(place));
    }
    assert!(hostile.seen().iter().any(|seen| seen.authorization.is_some()));
    assert!(hostile.leaks().is_empty());
}

#[tokio::test]
async fn a_401_of_another_host_is_not_answered() {
    let hostile = Hostile::start();
    let error = pull(&login(&hostile), "redirect-401").await.unwrap_err();
    assert_eq!(error.kind(), Exit::Denied);
    assert!(error.to_string().ends_with(&format!(": http://{} answered 401", hostile.elsewhere())), "{error}");
    assert_eq!(error.hint_text(), Some(format!("the registry redirects there; credentials go to {} only", hostile.url()).as_str()));
    assert!(hostile.leaks().is_empty());
    assert_eq!(hostile.seen().iter().filter(|seen| seen.place == Place::Elsewhere).count(), 1);
}

#[tokio::test]
async fn redirects_in_a_circle_or_without_end_are_errors() {
    let hostile = Hostile::start();
    let error = pull(&anonymous(&hostile), "redirect-loop").await.unwrap_err();
    assert!(error.to_string().ends_with("redirects in a circle"), "{error}");
    let before = hostile.seen().len();
    let error = pull(&anonymous(&hostile), "redirect-endless").await.unwrap_err();
    assert!(error.to_string().ends_with("redirects more than 10 times"), "{error}");
    assert_eq!(hostile.seen().len() - before, 11);
}

#[tokio::test]
async fn nobody_is_sent_to_a_link_local_address() {
    let error = pull(&anonymous(&Hostile::start()), "redirect-metadata").await.unwrap_err();
    assert!(error.to_string().ends_with("points to http://169.254.169.254, which is not followed"), "{error}");
}
