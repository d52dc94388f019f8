//! What is tried again, how often, and after how long.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use reg_shared::exit::Exit;
use reg_shared::http::{self, Event};
use reg_shared::name::{Selector, Tag};
use reg_shared::oci::{Client, Content, Options};
use reg_tests::hostile::Hostile;

use super::{anonymous, fault, impatient};

fn v1() -> Selector {
    "v1".parse::<Tag>().unwrap().into()
}

#[tokio::test]
async fn transient_answers_and_broken_connections_are_tried_again() {
    let hostile = Hostile::start();
    for name in
        ["status-408-once", "status-500-once", "status-502-once", "status-503-once", "status-504-once", "eof-once", "reset-once"]
    {
        let found = anonymous(&hostile).manifest(&fault(name), &v1()).await;
        assert!(found.is_ok(), "{name}: {:?}", found.err());
        assert_eq!(hostile.seen_with(&format!("fault/{name}/")).len(), 2, "{name}");
    }
    for name in ["status-503-once", "eof-once"] {
        let hostile = Hostile::start();
        assert!(anonymous(&hostile).manifest_head(&fault(name), &v1()).await.unwrap().is_some(), "{name}");
    }
}

#[tokio::test]
async fn an_upload_begins_again_after_a_transient_answer() {
    let hostile = Hostile::start();
    for name in ["status-503-once", "eof-once"] {
        anonymous(&hostile).blob_put(&fault(name), &Content::bytes("x"), None).await.unwrap();
    }
    assert_eq!(hostile.seen_with("POST ").len(), 4);
}

#[tokio::test]
async fn refusals_are_not_tried_again() {
    let hostile = Hostile::start();
    for status in [400, 403, 404, 405, 413] {
        let name = format!("status-{status}");
        assert!(anonymous(&hostile).manifest(&fault(&name), &v1()).await.is_err());
        assert_eq!(hostile.seen_with(&format!("fault/{name}/")).len(), 1, "{name}");
    }
}

#[tokio::test]
async fn it_is_given_up_with_what_the_registry_said() {
    let hostile = Hostile::start();
    let error = anonymous(&hostile).manifest(&fault("status-503"), &v1()).await.unwrap_err();
    assert!(error.to_string().ends_with("the registry says \"not now\" (503 UNKNOWN)"), "{error}");
    assert_eq!((error.kind(), hostile.seen().len()), (Exit::Failed, 4));
}

#[tokio::test]
async fn a_429_is_waited_for_as_long_as_it_asks_up_to_the_cap() {
    let hostile = Hostile::start();
    // The cap is 3 s here; a date tells whole seconds, so 2 s ahead may be little more than 1.
    for (name, least) in [("429-seconds", 1000), ("429-date", 900), ("429-huge", 3000), ("429-garbage", 0)] {
        let began = Instant::now();
        anonymous(&hostile).manifest(&fault(name), &v1()).await.unwrap();
        assert!(began.elapsed() >= Duration::from_millis(least), "{name}: {:?}", began.elapsed());
        assert_eq!(hostile.seen_with(&format!("fault/{name}/")).len(), 2, "{name}");
    }
}

#[tokio::test]
async fn a_429_pauses_every_request_to_that_host() {
    let hostile = Hostile::start();
    let events = Arc::new(Mutex::new(Vec::new()));
    let log = events.clone();
    let observer: http::Observer = Arc::new(move |event: &Event| log.lock().unwrap().push((Instant::now(), event.clone())));
    let http = http::Client::new(http::Options { observer: Some(observer), ..impatient() });
    let client =
        Client::new(http, hostile.url().parse().unwrap(), reg_shared::auth::Credential::Anonymous, Options::default()).unwrap();
    let limited = tokio::spawn({
        let client = client.clone();
        async move { client.manifest(&fault("429-seconds"), &v1()).await.map(drop) }
    });
    // The pause is known from the moment somebody waits for it.
    let paused = loop {
        if let Some((at, _)) = events.lock().unwrap().iter().find(|(_, event)| matches!(event, Event::Waiting { .. })) {
            break *at;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    };
    client.manifest(&fault("none"), &v1()).await.unwrap();
    assert!(paused.elapsed() >= Duration::from_millis(900), "{:?}", paused.elapsed());
    limited.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_registry_that_answered_before_is_waited_for_when_it_restarts() {
    let hostile = Hostile::start();
    let address = hostile.address;
    let client = anonymous(&hostile);
    client.ping().await.unwrap();
    drop(hostile);
    let http_tries = 4;
    let error = client.ping().await.unwrap_err();
    assert_eq!(error.kind(), Exit::Unreachable);
    let events = Arc::new(Mutex::new(0));
    let count = events.clone();
    let observer: http::Observer = Arc::new(move |event: &Event| {
        if matches!(event, Event::Failed { .. }) {
            *count.lock().unwrap() += 1;
        }
    });
    // A client that never had an answer fails at once; one that had tries all its tries.
    let fresh = http::Client::new(http::Options { observer: Some(observer), ..impatient() });
    let request = || http::Request::new(::http::Method::GET, format!("http://{address}/v2/").parse().unwrap());
    assert!(fresh.send(request()).await.is_err());
    assert_eq!(*events.lock().unwrap(), 1);
    let _ = http_tries;
}
