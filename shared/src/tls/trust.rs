//! The certificates a client believes: the system's roots, `--ca-file` beside them, and hosts that are not checked at all.
//!
//! One crypto provider (aws-lc-rs), TLS 1.2 and 1.3 only. The system's roots are read when a configuration is made, which a
//! client does for its first `https` URL: a plain one costs nothing. `--insecure` holds for the hosts it was given for, never for
//! a token server or a storage host that such a registry points to.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};

use super::certificate::Certificate;
use super::file;
use crate::error::{Error, Result};
use crate::name::quoted;

/// Whom to believe.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// PEM certificates believed beside the system's: a CA, or a server's own certificate.
    pub ca_file: Option<PathBuf>,
    /// Hosts (without port) whose certificate is not checked.
    pub insecure: Vec<String>,
}

impl Trust {
    /// A client configuration that keeps these rules. Reads the system's roots and the CA file.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`] when the CA file is missing or holds no certificate.
    pub fn config(&self) -> Result<ClientConfig> {
        let verifier = Arc::new(self.verifier()?);
        configuration(verifier)
    }

    /// A configuration that believes nobody, for connections that never shake hands; reads no file.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Failed`] when TLS cannot be set up at all.
    pub fn nobody() -> Result<ClientConfig> {
        configuration(Arc::new(Verifier { webpki: None, own: Vec::new(), insecure: Vec::new(), provider: provider() }))
    }

    /// The verifier of [`Self::config`].
    pub(super) fn verifier(&self) -> Result<Verifier> {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let mut own = Vec::new();
        if let Some(path) = &self.ca_file {
            own = read_pem(path)?;
            for certificate in &own {
                roots.add(certificate.clone()).map_err(|_| {
                    Error::input(format!("{} holds a certificate that cannot be read", quoted(&path.display().to_string())))
                })?;
            }
        }
        let provider = provider();
        let webpki = match roots.is_empty() {
            true => None,
            false => Some(
                WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
                    .build()
                    .map_err(|fault| Error::failed("cannot set up TLS").caused_by(fault))?,
            ),
        };
        Ok(Verifier { webpki, own, insecure: self.insecure.clone(), provider })
    }
}

/// The certificates of a PEM file.
///
/// # Errors
/// [`crate::exit::Exit::Input`] when the file is missing, is not PEM, or holds no certificate.
pub fn read_pem(path: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let name = quoted(&path.display().to_string());
    let bytes = file::read(path, &format!("the certificates in {name}"))?;
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(&bytes)
        .collect::<Result<_, _>>()
        .map_err(|_| Error::input(format!("{name} is not a PEM file of certificates")))?;
    if certificates.is_empty() {
        return Err(
            Error::input(format!("{name} holds no certificate")).hint("it should hold `-----BEGIN CERTIFICATE-----` blocks")
        );
    }
    Ok(certificates)
}

/// The one crypto provider. Named wherever rustls is set up, so that no process-wide default matters.
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

/// A client configuration around a verifier.
pub(super) fn configuration(verifier: Arc<dyn ServerCertVerifier>) -> Result<ClientConfig> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|fault| Error::failed("cannot set up TLS").caused_by(fault))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    Ok(config)
}

/// Checks a server's chain: by webpki, or as one of the CA file's own certificates, or not at all for the insecure hosts.
#[derive(Debug)]
pub(super) struct Verifier {
    /// `None` when this machine has no roots and no CA file was given.
    webpki: Option<Arc<WebPkiServerVerifier>>,
    own: Vec<CertificateDer<'static>>,
    insecure: Vec<String>,
    provider: Arc<CryptoProvider>,
}

impl Verifier {
    /// Whether the chain is believed, insecure hosts not excepted.
    pub(super) fn check(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<(), rustls::Error> {
        // A self-signed server certificate is mostly made with `CA:TRUE` (`openssl req -x509` does), which webpki refuses for a
        // server. Whoever names that very certificate in the CA file means it.
        if self.own.iter().any(|own| own == end_entity) {
            verify_server_name(&ParsedCertificate::try_from(end_entity)?, name)?;
            return check_time(end_entity, now);
        }
        let Some(webpki) = &self.webpki else {
            return Err(CertificateError::UnknownIssuer.into());
        };
        webpki.verify_server_cert(end_entity, intermediates, name, &[], now).map(drop)
    }
}

fn check_time(certificate: &CertificateDer<'_>, now: UnixTime) -> Result<(), rustls::Error> {
    let certificate = Certificate::read(certificate).map_err(|_| CertificateError::BadEncoding)?;
    let seconds = |time: time::OffsetDateTime| u64::try_from(time.unix_timestamp()).unwrap_or_default();
    if now.as_secs() < seconds(certificate.not_before) {
        return Err(CertificateError::NotValidYet.into());
    }
    if now.as_secs() > seconds(certificate.not_after) {
        return Err(CertificateError::Expired.into());
    }
    Ok(())
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        if !self.insecure.iter().any(|host| host.trim_matches(['[', ']']).eq_ignore_ascii_case(&name.to_str())) {
            self.check(end_entity, intermediates, name, now)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, certificate, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;

    #[test]
    fn a_missing_or_empty_ca_file_is_an_input_error() {
        let missing = read_pem(Path::new("/nowhere/ca.pem")).unwrap_err();
        assert_eq!(missing.to_string(), "cannot read the certificates in \"/nowhere/ca.pem\": no such file or directory");
        assert_eq!(missing.kind(), Exit::Input);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        std::fs::write(&path, "not a certificate\n").unwrap();
        let empty = read_pem(&path).unwrap_err();
        assert!(empty.to_string().ends_with("holds no certificate"), "{empty}");
        assert_eq!(empty.kind(), Exit::Input);
    }

    #[test]
    fn a_byte_order_mark_in_front_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ca.pem");
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        std::fs::write(&path, format!("\u{feff}{}", made.cert.pem())).unwrap();
        assert_eq!(read_pem(&path).unwrap(), [made.cert.der().clone()]);
    }
}
