//! Tokens: for whom, for what, how often, and from whom not.

use std::time::Duration;

use reg_shared::auth::Credential;
use reg_shared::exit::Exit;
use reg_shared::oci::{Content, Options};
use reg_shared::secret::Secret;
use reg_tests::hostile::{Hostile, Place};

use super::{anonymous, connect, fault, login, me};

fn fetched(hostile: &Hostile) -> Vec<String> {
    hostile
        .seen_with(" /token")
        .iter()
        .map(|seen| seen.target.replace("%3A", ":").replace("%2C", ",").replace("%2F", "/"))
        .collect()
}

#[tokio::test]
async fn a_token_is_fetched_once_for_many_requests_at_once() {
    let hostile = Hostile::start();
    let client = login(&hostile);
    let all = (0..20).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.tags(&fault("token")).await.map(drop) })
    });
    for one in all.collect::<Vec<_>>() {
        one.await.unwrap().unwrap();
    }
    assert_eq!(fetched(&hostile), ["/token?service=token&scope=repository:fault/token:pull&account=me"]);
    assert!(hostile.seen_with("GET /token")[0].authorization.as_deref().unwrap_or_default().starts_with("Basic "));
}

#[tokio::test]
async fn a_token_is_for_its_repository_and_its_action() {
    let hostile = Hostile::start();
    let client = login(&hostile);
    client.tags(&fault("token")).await.unwrap();
    client.tags(&fault("token-b")).await.unwrap();
    client.blob_put(&fault("token"), &Content::bytes("x"), None).await.unwrap();
    // Who may push may pull: no further token for this one.
    client.tags(&fault("token")).await.unwrap();
    assert_eq!(
        fetched(&hostile),
        [
            "/token?service=token&scope=repository:fault/token:pull&account=me",
            "/token?service=token&scope=repository:fault/token-b:pull&account=me",
            "/token?service=token&scope=repository:fault/token:pull,push&account=me",
        ]
    );
}

#[tokio::test]
async fn a_mount_asks_for_both_repositories() {
    let hostile = Hostile::start();
    login(&hostile).blob_put(&fault("token"), &Content::bytes("x"), Some(&fault("token-b"))).await.unwrap();
    assert!(fetched(&hostile)[0].contains("scope=repository:fault/token:pull,push&scope=repository:fault/token-b:pull"));
}

#[tokio::test]
async fn without_a_credential_the_token_is_anonymous() {
    let hostile = Hostile::start();
    anonymous(&hostile).tags(&fault("token")).await.unwrap();
    let tokens = hostile.seen_with("GET /token");
    assert_eq!((tokens.len(), &tokens[0].authorization), (1, &None));
}

#[tokio::test]
async fn a_token_is_renewed_before_it_expires_and_when_it_is_refused() {
    let hostile = Hostile::start();
    let client = login(&hostile);
    client.tags(&fault("token-short")).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1000)).await;
    client.tags(&fault("token-short")).await.unwrap();
    assert_eq!(fetched(&hostile).len(), 2);
    let refused = || hostile.seen_with("fault/token-short").iter().filter(|seen| seen.status == 401).count();
    assert_eq!(refused(), 1, "only the first request, without a token, was refused");

    let client = login(&hostile);
    for _ in 0..3 {
        client.tags(&fault("token-revoked")).await.unwrap();
    }
    assert_eq!(fetched(&hostile).len(), 5);
}

#[tokio::test]
async fn an_identity_token_is_exchanged_by_post() {
    let hostile = Hostile::start();
    let client = connect(&hostile.url(), Credential::IdentityToken(Secret::new("refresh/me")), Options::default());
    client.tags(&fault("token")).await.unwrap();
    let token = &hostile.seen_with("POST /token")[0];
    assert_eq!(
        String::from_utf8_lossy(&token.body),
        "grant_type=refresh_token&client_id=reg&service=token&scope=repository%3Afault%2Ftoken%3Apull&refresh_token=refresh%2Fme"
    );
    assert_eq!(token.header("content-type"), Some("application/x-www-form-urlencoded"));
}

#[tokio::test]
async fn a_registry_token_is_sent_as_it_is() {
    let hostile = Hostile::start();
    let token = Credential::RegistryToken(Secret::new("0/repository:fault/token:pull"));
    connect(&hostile.url(), token, Options::default()).tags(&fault("token")).await.unwrap();
    assert!(fetched(&hostile).is_empty());
}

#[tokio::test]
async fn a_realm_on_another_host_gets_no_credential() {
    let hostile = Hostile::start();
    let error = login(&hostile).tags(&fault("realm-elsewhere")).await.unwrap_err();
    assert_eq!(error.kind(), Exit::Denied);
    assert!(error.to_string().contains("is another host, and the credential is for 127.0.0.1"), "{error}");
    assert_eq!(error.hint_text(), Some("if that token server may have the password: --token-host 127.0.0.2"));
    assert!(hostile.seen().iter().all(|seen| seen.place == Place::Registry));

    let allowed = Options { token_hosts: vec![hostile.elsewhere().to_string()], ..Options::default() };
    connect(&hostile.url(), me(), allowed).tags(&fault("realm-elsewhere")).await.unwrap();
    assert_eq!(hostile.leaks().len(), 1, "the allowed host, once");
    anonymous(&hostile).tags(&fault("realm-elsewhere")).await.unwrap();
    assert_eq!(hostile.leaks().len(), 1);
}

#[tokio::test]
async fn basic_is_taken_when_the_realm_is_refused() {
    let hostile = Hostile::start();
    login(&hostile).tags(&fault("realm-or-basic")).await.unwrap();
    assert!(hostile.leaks().is_empty());
}

#[tokio::test]
async fn some_realms_are_never_asked() {
    let hostile = Hostile::start();
    for client in [login(&hostile), anonymous(&hostile)] {
        for (name, expected) in [("realm-metadata", "may point to"), ("realm-user-info", "carries user info")] {
            let error = client.tags(&fault(name)).await.unwrap_err();
            assert!(error.to_string().contains(expected) && error.kind() == Exit::Denied, "{error}");
        }
    }
    assert!(fetched(&hostile).is_empty());
}

#[tokio::test]
async fn a_token_server_that_redirects_or_refuses_is_said_so() {
    let hostile = Hostile::start();
    let error = login(&hostile).tags(&fault("token-redirect")).await.unwrap_err();
    assert!(error.to_string().ends_with("redirects, which is not followed"), "{error}");
    assert!(hostile.seen().iter().all(|seen| seen.place == Place::Registry));
    let error = login(&hostile).tags(&fault("token-refused")).await.unwrap_err();
    let expected =
        format!("cannot get a token: the token server {} answered 401, it says \"incorrect username or password\"", hostile.url());
    assert!(error.to_string().ends_with(&expected), "{error}");
    assert_eq!((error.kind(), error.hint_text()), (Exit::Denied, Some("check the user name and the password")));
}
