//! The server behind TLS.

use reg_shared::embedded::{Data, Options};

use crate::harness::{REPO, Running, client_builder, noise};

fn issue(folder: &std::path::Path) -> (Options, String) {
    let rcgen::CertifiedKey { cert, signing_key } = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let (chain, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    std::fs::write(&chain, cert.pem()).unwrap();
    std::fs::write(&key, signing_key.serialize_pem()).unwrap();
    let mut options = Options::new(([127, 0, 0, 1], 0).into(), Data::Memory);
    options.tls = Some((chain, key));
    (options, cert.pem())
}

#[tokio::test(flavor = "multi_thread")]
async fn push_and_pull_over_tls() {
    let folder = tempfile::tempdir().unwrap();
    let (options, certificate) = issue(folder.path());
    let registry = Running::with(options).await;
    let root = reqwest::Certificate::from_pem(certificate.as_bytes()).unwrap();
    let client = client_builder().tls_certs_only([root]).build().unwrap();
    let bytes = noise(1, 3 << 20);
    let digest = reg_shared::name::Digest::sha256(&bytes);
    let push = format!("{}/v2/{REPO}/blobs/uploads/?digest={digest}", registry.url);
    assert_eq!(client.post(push).body(bytes.clone()).send().await.unwrap().status(), 201);
    let pull = client.get(format!("{}/v2/{REPO}/blobs/{digest}", registry.url)).send().await.unwrap();
    assert_eq!(pull.version(), http::Version::HTTP_11);
    assert!(pull.bytes().await.unwrap() == bytes);
    // Who does not know the certificate does not speak with it.
    assert!(crate::harness::client().get(&registry.url).send().await.is_err());
    // Nor does plain http get an answer of the registry's.
    let plain = registry.url.replace("https", "http");
    assert!(crate::harness::client().get(format!("{plain}/v2/")).send().await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_was_renewed_is_presented_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (options, first) = issue(folder.path());
    let registry = Running::with(options).await;
    let believing = |certificate: &str| {
        let root = reqwest::Certificate::from_pem(certificate.as_bytes()).unwrap();
        client_builder().tls_certs_only([root]).build().unwrap()
    };
    let url = format!("{}/v2/", registry.url);
    let before = believing(&first);
    assert_eq!(before.get(&url).send().await.unwrap().status(), 200);
    let key = std::fs::read(folder.path().join("key.pem")).unwrap();
    let (_, second) = issue(folder.path());
    assert_eq!(believing(&second).get(&url).send().await.unwrap().status(), 200);
    assert!(believing(&first).get(&url).send().await.is_err(), "the old one is presented, too");
    // A connection goes on.
    assert_eq!(before.get(&url).send().await.unwrap().status(), 200);
    // A key that is not the certificate's, or none at all: what there was is presented, and it is said once.
    std::fs::write(folder.path().join("key.pem"), key).unwrap();
    for _ in 0..3 {
        assert_eq!(believing(&second).get(&url).send().await.unwrap().status(), 200);
    }
    std::fs::remove_file(folder.path().join("cert.pem")).unwrap();
    assert_eq!(believing(&second).get(&url).send().await.unwrap().status(), 200);
    let said = registry.lines.lock().unwrap().iter().filter(|line| line.contains("the certificate stays the one before")).count();
    assert_eq!(said, 2);
    // Put right, it is presented again.
    let (_, third) = issue(folder.path());
    assert_eq!(believing(&third).get(&url).send().await.unwrap().status(), 200);
}
