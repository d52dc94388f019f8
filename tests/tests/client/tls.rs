//! Certificates believed and not, and what is said about them.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose, date_time_ymd};
use reg_shared::auth::Credential;
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::http;
use reg_shared::oci::{Client, Options};
use reg_shared::tls::handshake::handshake;
use reg_shared::tls::trust::Trust;
use reg_tests::hostile::Hostile;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::impatient;

/// A CA in a file, and servers with certificates of it.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: tempfile::TempDir,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        params.distinguished_name.push(DnType::CommonName, "test authority");
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), issuer.pem()).unwrap();
        Self { issuer, folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A server's URL; its certificate is for `names` and changed by `change`.
    async fn serve(&self, names: &[&str], change: impl FnOnce(&mut CertificateParams)) -> String {
        let (mut params, key) = leaf(names);
        change(&mut params);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        serve(certificate.der().clone(), &key).await
    }
}

fn leaf(names: &[&str]) -> (CertificateParams, KeyPair) {
    let mut params = CertificateParams::new(names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>()).unwrap();
    params.distinguished_name.push(DnType::CommonName, "test server");
    (params, KeyPair::generate().unwrap())
}

/// Answers every request over TLS with an empty registry's greeting.
async fn serve(certificate: CertificateDer<'static>, key: &KeyPair) -> String {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}").await;
            let _ = stream.shutdown().await;
        }
    });
    format!("https://localhost:{port}")
}

async fn ping(url: &str, trust: Trust) -> Result<()> {
    let http = http::Client::new(http::Options { trust, ..impatient() });
    Client::new(http, url.parse().unwrap(), Credential::Anonymous, Options::default()).unwrap().ping().await.map(drop)
}

fn with_ca(file: PathBuf) -> Trust {
    Trust { ca_file: Some(file), ..Trust::default() }
}

fn insecure(host: &str) -> Trust {
    Trust { insecure: vec![host.to_owned()], ..Trust::default() }
}

fn check(error: &Error, expected: &str) {
    assert!(error.to_string().contains(": no TLS connection to https://localhost:"), "{error}");
    assert!(error.to_string().ends_with(expected), "{error}");
    assert_eq!(error.kind(), Exit::Unreachable);
}

#[tokio::test]
async fn an_unknown_authority_is_believed_when_its_certificate_is_given() {
    let authority = Authority::new();
    let url = authority.serve(&["localhost"], |_| {}).await;
    let error = ping(&url, Trust::default()).await.unwrap_err();
    check(&error, "its certificate is signed by an authority that is not known here");
    assert_eq!(error.hint_text(), Some("give the authority's certificate with --ca-file FILE"));
    ping(&url, with_ca(authority.file())).await.unwrap();
    // Another authority of the same name.
    check(&ping(&url, with_ca(Authority::new().file())).await.unwrap_err(), "it is not signed by the authority it names");
}

#[tokio::test]
async fn a_self_signed_server_is_believed_when_its_own_certificate_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("server.pem");
    for is_ca in [true, false] {
        let (mut params, key) = leaf(&["localhost"]);
        // As `openssl req -x509` makes them.
        params.is_ca = if is_ca { IsCa::Ca(BasicConstraints::Unconstrained) } else { IsCa::NoCa };
        let certificate = params.self_signed(&key).unwrap();
        std::fs::write(&file, certificate.pem()).unwrap();
        let url = serve(certificate.der().clone(), &key).await;
        ping(&url, with_ca(file.clone())).await.unwrap();
        let error = ping(&url.replace("localhost", "127.0.0.1"), with_ca(file.clone())).await.unwrap_err();
        assert!(error.to_string().ends_with("its certificate is for another name: localhost"), "{error}");
    }
    let (mut params, key) = leaf(&["localhost"]);
    params.not_after = date_time_ymd(2020, 1, 1);
    let certificate = params.self_signed(&key).unwrap();
    std::fs::write(&file, certificate.pem()).unwrap();
    let url = serve(certificate.der().clone(), &key).await;
    check(&ping(&url, with_ca(file)).await.unwrap_err(), "its certificate has expired");
}

#[tokio::test]
async fn a_wrong_name_or_time_is_said() {
    let authority = Authority::new();
    let trust = || with_ca(authority.file());
    let url = authority.serve(&["reg.example", "10.0.0.1"], |_| {}).await;
    check(&ping(&url, trust()).await.unwrap_err(), "its certificate is for another name: reg.example, 10.0.0.1");
    let url = authority.serve(&[], |_| {}).await;
    check(&ping(&url, trust()).await.unwrap_err(), "its certificate names no host (no subject alternative name)");
    let url = authority.serve(&["localhost"], |params| params.not_after = date_time_ymd(2020, 1, 2)).await;
    check(&ping(&url, trust()).await.unwrap_err(), "its certificate expired on 2020-01-02");
    let url = authority.serve(&["localhost"], |params| params.not_before = date_time_ymd(2090, 1, 2)).await;
    check(&ping(&url, trust()).await.unwrap_err(), "its certificate is not valid before 2090-01-02");
}

#[tokio::test]
async fn insecure_holds_for_its_host_alone() {
    let url = Authority::new().serve(&["reg.example"], |_| {}).await;
    ping(&url, insecure("localhost")).await.unwrap();
    check(&ping(&url, insecure("reg.example")).await.unwrap_err(), "an authority that is not known here");
}

#[tokio::test]
async fn a_port_that_speaks_plain_http_gets_no_request() {
    let hostile = Hostile::start();
    let url = hostile.url().replace("http://", "https://");
    let error = ping(&url, Trust::default()).await.unwrap_err();
    assert!(error.to_string().ends_with("the port does not speak TLS"), "{error}");
    assert_eq!(error.hint_text(), Some("it may speak plain http: write the URL with http:// or give --plain-http"));
    assert!(hostile.seen().is_empty());
}

#[tokio::test]
async fn a_port_that_speaks_tls_is_named_to_who_asks_in_plain_http() {
    let url = Authority::new().serve(&["localhost"], |_| {}).await.replace("https://", "http://");
    let error = ping(&url, Trust::default()).await.unwrap_err();
    assert_eq!(error.kind(), Exit::Unreachable);
    assert_eq!(error.hint_text(), Some("it may speak TLS: write the URL with https://"), "{error}");
}

#[tokio::test]
async fn tls_older_than_1_2_is_refused() {
    let alert = [0x15, 3, 2, 0, 2, 2, 70].to_vec();
    // A ServerHello of TLS 1.1 that chooses AES128-SHA.
    let hello = [&[0x16, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2][..], &[7; 32], &[0, 0, 0x2f, 0]].concat();
    for answer in [alert, hello] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(&answer);
            let _ = stream.read(&mut [0; 4096]);
        });
        check(&ping(&url, insecure("localhost")).await.unwrap_err(), "the server offers only TLS versions older than 1.2");
        server.join().unwrap();
    }
}

#[tokio::test]
async fn a_ca_file_that_is_none_is_an_input_error() {
    let url = Authority::new().serve(&["localhost"], |_| {}).await;
    let error = ping(&url, with_ca("/nowhere/ca.pem".into())).await.unwrap_err();
    assert_eq!(error.kind(), Exit::Input);
}

#[tokio::test]
async fn a_handshake_tells_what_the_server_shows() {
    let authority = Authority::new();
    let url = authority.serve(&["localhost", "127.0.0.1"], |params| params.not_after = date_time_ymd(2090, 5, 6)).await;
    let port = url.rsplit(':').next().unwrap().parse().unwrap();
    let limit = Duration::from_secs(10);
    let shown = handshake("localhost", port, &Trust::default(), limit).await.unwrap();
    assert_eq!(shown.protocol, "TLSv1.3");
    let distrust = shown.verified.unwrap_err();
    assert_eq!(distrust.to_string(), "its certificate is signed by an authority that is not known here");
    assert!(distrust.hint_text().is_some_and(|hint| hint.contains("--ca-file")));
    let leaf = &shown.chain[0];
    assert_eq!((leaf.subject.as_str(), leaf.issuer.as_str()), ("CN=test server", "CN=test authority"));
    assert_eq!(leaf.dns_names, ["localhost"]);
    assert_eq!(leaf.ip_addresses, ["127.0.0.1".parse::<std::net::IpAddr>().unwrap()]);
    assert_eq!(leaf.days_left(leaf.not_after - Duration::from_secs(86_400 * 3 + 5)), 3);
    assert_eq!(leaf.days_left(leaf.not_after + Duration::from_secs(5)), -1);
    let believed = handshake("127.0.0.1", port, &with_ca(authority.file()), limit).await.unwrap();
    assert!(believed.verified.is_ok());
    let hostile = Hostile::start();
    let error = handshake("127.0.0.1", hostile.address.port(), &Trust::default(), limit).await.unwrap_err();
    assert!(error.to_string().ends_with("the port does not speak TLS"), "{error}");
}
