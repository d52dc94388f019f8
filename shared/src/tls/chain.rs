//! Whether a chain of certificates leads to an authority, apart from the name and the day it is asked for.
//!
//! What a client asks in one question is asked here one by one, so that each answer can be told alone: a chain that is sound but
//! expired, or sound but for another host. The signatures and rules are webpki's (RFC 5280).

use std::sync::Arc;

use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::{ParsedCertificate, WebPkiClientVerifier};
use rustls::{CertificateError, RootCertStore};
use time::OffsetDateTime;

use super::certificate::Certificate;
use super::trust::provider;

/// The certificates of this machine's bundle.
#[must_use]
pub fn system_roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
}

/// The certificates as roots; those that cannot be one are left out.
#[must_use]
pub fn roots(certificates: &[Certificate]) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(certificates.iter().map(|certificate| certificate.der.clone()));
    roots
}

/// Whether `chain`, leaf first, leads to one of the roots, for a server or for a client.
///
/// # Errors
/// What is wrong with it; never its dates, as long as there is a moment at which all of it is valid.
pub fn leads_to(chain: &[Certificate], roots: &RootCertStore) -> Result<(), rustls::Error> {
    let Some((leaf, rest)) = chain.split_first() else { return Err(rustls::Error::NoCertificatesPresented) };
    if roots.is_empty() {
        return Err(CertificateError::UnknownIssuer.into());
    }
    let rest: Vec<CertificateDer<'_>> = rest.iter().map(|certificate| certificate.der.clone()).collect();
    let now = common_moment(chain);
    let parsed = ParsedCertificate::try_from(&leaf.der)?;
    let provider = provider();
    let algorithms = provider.signature_verification_algorithms.all;
    match verify_server_cert_signed_by_trust_anchor(&parsed, roots, &rest, now, algorithms) {
        Err(rustls::Error::InvalidCertificate(
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. },
        )) => {
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots.clone()), provider)
                .build()
                .map_err(|fault| rustls::Error::General(fault.to_string()))?;
            verifier.verify_client_cert(&leaf.der, &rest, now).map(drop)
        }
        outcome => outcome,
    }
}

/// Whether a certificate is for a host: a DNS name or an address, without brackets.
///
/// # Errors
/// The names that it is for.
pub fn is_for(leaf: &Certificate, host: &str) -> Result<(), rustls::Error> {
    let name = ServerName::try_from(host.to_owned()).map_err(|_| CertificateError::NotValidForName)?;
    verify_server_name(&ParsedCertificate::try_from(&leaf.der)?, &name)
}

/// The end of the time in which all certificates are valid.
fn common_moment(chain: &[Certificate]) -> UnixTime {
    let end = chain.iter().map(|certificate| certificate.not_after).min().unwrap_or(OffsetDateTime::UNIX_EPOCH);
    UnixTime::since_unix_epoch(std::time::Duration::from_secs(u64::try_from(end.unix_timestamp()).unwrap_or_default()))
}
