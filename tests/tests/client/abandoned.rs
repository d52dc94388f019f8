//! An upload whose future is dropped, as a signal does.

use std::time::Duration;

use reg_shared::oci::Content;
use reg_tests::hostile::Hostile;

use super::{anonymous, fault};

#[tokio::test]
async fn an_abandoned_upload_is_cancelled_and_nothing_is_put_after_it() {
    let hostile = Hostile::start();
    let client = anonymous(&hostile);
    let content = Content::bytes("x");
    let repository = fault("put-slow");
    let upload = client.blob_put(&repository, &content, None);
    let sent = async {
        while hostile.seen_with("PUT ").iter().all(|seen| seen.received == 0) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        done = upload => panic!("it is never answered: {done:?}"),
        () = sent => {}
    }
    client.settle().await;
    assert_eq!(hostile.seen().last().map(|seen| seen.method.clone()).as_deref(), Some("DELETE"));
    assert_eq!(hostile.open_uploads(), 0);
}
