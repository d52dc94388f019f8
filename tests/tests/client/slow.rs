//! Servers that take their time, or send headers without end.

use std::time::Duration;

use reg_shared::auth::Credential;
use reg_shared::exit::Exit;
use reg_shared::http::{self, Timeouts};
use reg_shared::oci::{Client, Content, Options};
use reg_tests::hostile::Hostile;

use super::{fault, impatient};

fn waiting(hostile: &Hostile, limit: Duration) -> Client {
    let timeouts = Timeouts { answer: limit, commit: limit, ..Timeouts::default() };
    let http = http::Client::new(http::Options { timeouts, ..impatient() });
    Client::new(http, hostile.url().parse().unwrap(), Credential::Anonymous, Options::default()).unwrap()
}

#[tokio::test]
async fn headers_that_do_not_end_in_time_or_are_too_many_are_given_up() {
    let hostile = Hostile::start();
    let (short, long) = (Duration::from_secs(1), Duration::from_secs(60));
    for (name, limit, expected) in [
        ("headers-slow", short, "does not answer, given up after"),
        ("headers-endless", long, "sent more headers than are read"),
        ("headers-many", long, "sent more headers than are read"),
        ("informational", short, "does not answer, given up after"),
    ] {
        let error = waiting(&hostile, limit).tags(&fault(name)).await.unwrap_err();
        assert!(error.to_string().contains(expected), "{name}: {error}");
        assert_eq!(error.kind(), Exit::Unreachable);
        assert_eq!(hostile.seen_with(name).len(), 1, "{name}");
    }
}

#[tokio::test]
async fn an_upload_that_is_never_answered_is_given_up() {
    let hostile = Hostile::start();
    let error =
        waiting(&hostile, Duration::from_secs(1)).blob_put(&fault("put-slow"), &Content::bytes("x"), None).await.unwrap_err();
    assert!(error.to_string().contains("does not answer, given up after"), "{error}");
    assert_eq!((error.kind(), hostile.open_uploads()), (Exit::Unreachable, 0));
}

#[tokio::test]
async fn a_port_that_accepts_and_says_nothing_is_given_up() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let timeouts = Timeouts { answer: Duration::from_millis(300), connect: Duration::from_millis(300), ..Timeouts::default() };
    for scheme in ["http", "https"] {
        let http = http::Client::new(http::Options { timeouts: timeouts.clone(), ..impatient() });
        let url = format!("{scheme}://{}", listener.local_addr().unwrap()).parse().unwrap();
        let error = Client::new(http, url, Credential::Anonymous, Options::default()).unwrap().ping().await.unwrap_err();
        assert_eq!(error.kind(), Exit::Unreachable, "{error}");
    }
}
