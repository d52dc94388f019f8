//! A server's side of TLS: a certificate chain and a key in PEM files become what a listener needs.
//!
//! TLS 1.2 and 1.3, HTTP/1.1 in ALPN, aws-lc-rs. The provider is passed on explicitly: a second one in the dependency graph would
//! make rustls' defaults panic. Issues nothing and checks no dates: a server may present what it was given.

use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::{Error as PemError, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::file;
use crate::error::{Error, Result};
use crate::name::quoted;
use crate::shell;

/// The configuration of a listener that presents the chain of `certificate` (leaf first) and proves it with `key`.
///
/// # Errors
/// [`Exit::Input`](crate::exit::Exit::Input), always with the path: a file is missing, is not PEM, holds something else, or the key
/// is not the certificate's.
pub fn config(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>> {
    let chain = read_chain(certificate)?;
    let private = read_key(key)?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|fault| Error::failed("cannot set up TLS").caused_by(fault))?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(|fault| mismatch(certificate, key, fault))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn read_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let text = file::read(path, &format!("the certificate {}", shown(path)))?;
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&text).collect::<Result<_, _>>().map_err(|_| not_pem(path))?;
    if chain.is_empty() {
        return Err(Error::input(format!("{} holds no PEM certificate", shown(path))));
    }
    Ok(chain)
}

fn read_key(path: &Path) -> Result<PrivateKeyDer<'static>> {
    let text = file::read(path, &format!("the key {}", shown(path)))?;
    PrivateKeyDer::from_pem_slice(&text).map_err(|fault| match fault {
        _ if is_encrypted(&text) => {
            Error::input(format!("the key in {} is encrypted, and a server cannot ask for its password", shown(path)))
                .hint(format!("`openssl pkey -in {} -out key.pem` writes it without a password", shell::word(path.as_os_str())))
        }
        PemError::NoItemsFound => Error::input(format!("{} holds no PEM private key", shown(path))),
        _ => not_pem(path),
    })
}

/// As PKCS #8 or in OpenSSL's older way.
fn is_encrypted(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text);
    text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED")
}

fn not_pem(path: &Path) -> Error {
    Error::input(format!("{} is not a PEM file", shown(path)))
}

fn mismatch(certificate: &Path, key: &Path, fault: rustls::Error) -> Error {
    match fault {
        rustls::Error::InconsistentKeys(_) => {
            Error::input(format!("the key in {} is not the key of the certificate in {}", shown(key), shown(certificate)))
        }
        rustls::Error::InvalidCertificate(_) => {
            Error::input(format!("{} holds a certificate that cannot be read", shown(certificate)))
        }
        _ => Error::input(format!("the key in {} is of no kind that TLS can use", shown(key))),
    }
}

fn shown(path: &Path) -> String {
    quoted(&path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertifiedKey, generate_simple_self_signed};

    struct Folder(tempfile::TempDir);

    impl Folder {
        fn new() -> Self {
            Self(tempfile::tempdir().unwrap())
        }

        fn file(&self, name: &str, text: &str) -> std::path::PathBuf {
            let path = self.0.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        }
    }

    fn issued() -> (String, String) {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        (cert.pem(), signing_key.serialize_pem())
    }

    fn fault(certificate: &Path, key: &Path) -> String {
        config(certificate, key).unwrap_err().to_string()
    }

    #[test]
    fn a_pair_makes_a_configuration_for_http_1_1() {
        let (folder, (cert, key)) = (Folder::new(), issued());
        let config = config(&folder.file("cert.pem", &cert), &folder.file("key.pem", &key)).unwrap();
        assert_eq!(config.alpn_protocols, [b"http/1.1"]);
    }

    #[test]
    fn every_fault_names_its_file() {
        let (folder, (cert, key), (_, other)) = (Folder::new(), issued(), issued());
        let (good_cert, good_key) = (folder.file("cert.pem", &cert), folder.file("key.pem", &key));
        let missing = folder.0.path().join("missing.pem");
        let text = folder.file("text.pem", "hello\n");
        let broken = folder.file("broken.pem", "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n");
        let encrypted =
            folder.file("encrypted.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
        let other = folder.file("other.pem", &other);
        for (cert, key, expected) in [
            (&missing, &good_key, "missing.pem\": no such file or directory"),
            (&good_cert, &missing, "cannot read the key"),
            (&text, &good_key, "text.pem\" holds no PEM certificate"),
            (&good_cert, &text, "text.pem\" holds no PEM private key"),
            (&broken, &good_key, "broken.pem\" is not a PEM file"),
            (&good_cert, &encrypted, "encrypted.pem\" is encrypted"),
            (&good_cert, &other, "is not the key of the certificate in"),
        ] {
            let fault = fault(cert, key);
            assert!(fault.contains(expected), "{fault}");
        }
    }
}
