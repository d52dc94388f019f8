//! Nothing secret in an error, a hint, an event or the Debug form of anything a caller holds.

use std::sync::{Arc, Mutex};

use reg_shared::http::{self, Event};
use reg_shared::name::{Selector, Tag};
use reg_shared::oci::{Client, Content, Options};
use reg_tests::hostile::{Hostile, PASSWORD, image};

use super::{fault, impatient, me};

fn v1() -> Selector {
    "v1".parse::<Tag>().unwrap().into()
}

#[tokio::test]
async fn neither_events_nor_errors_nor_debug_show_a_secret() {
    use base64::Engine as _;
    let hostile = Hostile::start();
    let shown = Arc::new(Mutex::new(String::new()));
    let log = shown.clone();
    let observer: http::Observer = Arc::new(move |event: &Event| log.lock().unwrap().push_str(&format!("{event:?}\n")));
    let http = http::Client::new(http::Options { observer: Some(observer), ..impatient() });
    let client = |options: Options| Client::new(http.clone(), hostile.url().parse().unwrap(), me(), options).unwrap();
    let mut told = String::new();
    let mut tell = |error: reg_shared::error::Error| told.push_str(&format!("{error} {:?} {error:?}\n", error.hint_text()));

    let echo = client(Options::default()).manifest(&fault("error-echo"), &v1()).await.unwrap_err();
    assert!(echo.to_string().contains("you sent Basic …, which is me:…"), "{echo}");
    tell(echo);
    for name in ["token-refused", "token-redirect", "realm-elsewhere", "realm-user-info", "token"] {
        if let Err(error) = client(Options::default()).tags(&fault(name)).await {
            tell(error);
        }
    }
    let layer = image().layer_digest();
    client(Options::default()).blob(&fault("redirect-elsewhere"), &layer, image().layer.len() as u64).await.unwrap();
    tell(client(Options::default()).blob_put(&fault("location-elsewhere"), &Content::bytes("x"), None).await.unwrap_err());
    tell(client(Options::default()).blob_put(&fault("put-cut-always"), &Content::bytes("xy"), None).await.unwrap_err());
    let debug = format!("{:?}", client(Options::default()));

    let everything = format!("{told}{}{debug}", shown.lock().unwrap());
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("me:{PASSWORD}"));
    for secret in [PASSWORD, &pair, "secret-state", "secret-signature", "a:b@", "Bearer "] {
        assert!(!everything.contains(secret), "{secret} in {everything}");
    }
    assert!(everything.contains("_state=…") && everything.contains("X-Amz-Signature=…"), "{everything}");
}
