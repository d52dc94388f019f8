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
