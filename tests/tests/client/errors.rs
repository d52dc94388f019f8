//! What a person and a script are told.

use reg_shared::auth::Credential;
use reg_shared::exit::Exit;
use reg_shared::name::{Selector, Tag};
use reg_shared::oci::{Client, Options};
use reg_tests::hostile::Hostile;

use super::{anonymous, connect, fault, login};

fn v1() -> Selector {
    "v1".parse::<Tag>().unwrap().into()
}

#[tokio::test]
async fn a_status_becomes_an_exit_code() {
    let hostile = Hostile::start();
    for (status, kind) in [
        (400, Exit::Failed),
        (403, Exit::Denied),
        (404, Exit::NotFound),
        (405, Exit::Unsupported),
        (409, Exit::Conflict),
        (412, Exit::Conflict),
        (413, Exit::Failed),
        (429, Exit::Failed),
        (500, Exit::Failed),
        (503, Exit::Failed),
    ] {
        let error = anonymous(&hostile).manifest(&fault(&format!("status-{status}")), &v1()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{status}");
        assert!(error.to_string().ends_with(&format!("the registry says \"not now\" ({status} UNKNOWN)")), "{error}");
    }
}

#[tokio::test]
async fn without_a_login_the_hint_is_to_log_in() {
    let hostile = Hostile::start();
    let error = anonymous(&hostile).manifest(&fault("basic"), &v1()).await.unwrap_err();
    assert_eq!((error.kind(), error.hint_text()), (Exit::Denied, Some("log in: -u USER with --password-stdin")));
    let wrong = Credential::password("me", reg_shared::secret::Secret::new("wrong")).unwrap();
    let client = connect(&hostile.url(), wrong, Options::default());
    let error = client.manifest(&fault("basic"), &v1()).await.unwrap_err();
    assert_eq!((error.kind(), error.hint_text()), (Exit::Denied, Some("check the user name and the password")));
    assert!(login(&hostile).manifest(&fault("basic"), &v1()).await.is_ok());
}

#[tokio::test]
async fn control_characters_in_the_registrys_words_are_escaped() {
    let error = anonymous(&Hostile::start()).manifest(&fault("error-escape"), &v1()).await.unwrap_err();
    let expected = r#"the registry says "\u{1b}[2J\u{1b}[31mgone  reg: all is well" (404 MANIFEST_UNKNOWN)"#;
    assert!(error.to_string().ends_with(expected), "{error}");
}

#[tokio::test]
async fn nothing_listening_is_unreachable_at_once() {
    let port = reg_tests::port::free();
    let url = format!("http://127.0.0.1:{port}");
    let error = connect(&url, Credential::Anonymous, Options::default()).ping().await.unwrap_err();
    assert_eq!(error.to_string(), format!("cannot use the registry at {url}: cannot reach {url}: connection refused"));
    assert_eq!(error.kind(), Exit::Unreachable);
    let error = connect("http://no-such-host.invalid", Credential::Anonymous, Options::default()).ping().await.unwrap_err();
    assert!(error.to_string().ends_with("cannot reach http://no-such-host.invalid: its name is not known"), "{error}");
    assert_eq!(error.kind(), Exit::Unreachable);
}

#[tokio::test]
async fn a_ping_knows_a_registry_from_a_web_page() {
    let hostile = Hostile::start();
    let ping = anonymous(&hostile).ping().await.unwrap();
    assert_eq!(ping.api_version.as_deref(), Some("registry/2.0"));
    for (head, expected) in [
        ("200 OK\r\nContent-Type: text/html", "what answers there is no registry but a web page (200)"),
        ("302 Found\r\nLocation: /login", "which is not followed with what is sent"),
        ("503 Service Unavailable", "the registry answered 503"),
        ("404 Not Found", "the registry answered 404"),
    ] {
        let url = one_answer(&format!("HTTP/1.1 {head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        let error = connect(&url, Credential::Anonymous, Options::default()).ping().await.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[tokio::test]
async fn what_does_not_speak_http_is_said_so() {
    let url = one_answer("SSH-2.0-OpenSSH_9.2\r\n");
    let error = connect(&url, Credential::Anonymous, Options::default()).ping().await.unwrap_err();
    assert!(error.to_string().ends_with("does not speak http"), "{error}");
    assert_eq!(error.kind(), Exit::Unreachable);
}

#[test]
fn a_url_with_user_info_or_a_query_is_no_registry() {
    let http = || reg_shared::http::Client::new(reg_shared::http::Options::default());
    for url in ["https://me:hunter2@reg.example/", "https://reg.example/?x=hunter2", "ftp://reg.example/"] {
        let error = Client::new(http(), url.parse().unwrap(), Credential::Anonymous, Options::default()).unwrap_err();
        assert_eq!(error.kind(), Exit::Usage);
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}

/// A server that answers everything with the same bytes; its URL.
fn one_answer(answer: &str) -> String {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, answer) = (listener.local_addr().unwrap(), answer.to_owned());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    format!("http://{address}")
}
