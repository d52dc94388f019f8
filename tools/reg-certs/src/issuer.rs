//! Signing in an authority's name, byte for byte.
//!
//! Clients compare the name of a certificate's signer with that of the authority as bytes, and rcgen cannot repeat every name: it keeps one
//! part of each kind (of `DC=example, DC=com` one), one value of each part, and not every way to write a text. So what rcgen makes is
//! given the authority's own name and is signed once more.

use rcgen::{CertificateParams, Issuer, KeyIdMethod, KeyPair, SigningKey as _, SubjectPublicKeyInfo};
use reg_shared::error::{Error, Result};
use reg_shared::tls::certificate::Certificate;
use x509_parser::asn1_rs::{Any, BitString, FromDer as _, Sequence, ToDer as _};
use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::X509Certificate;

use crate::key::Key;

/// An authority's key, and the name it signs with.
pub(crate) struct Signer {
    issuer: Issuer<'static, KeyPair>,
    /// DER.
    name: Vec<u8>,
}

impl Signer {
    /// What signs as the holder of this certificate.
    pub(crate) fn new(certificate: &Certificate, key: Key) -> Self {
        let mut params = CertificateParams::default();
        if let Some(identifier) = key_identifier(certificate) {
            params.key_identifier_method = KeyIdMethod::PreSpecified(identifier);
        }
        Self { issuer: Issuer::new(params, key.into_pair()), name: certificate.subject_der.clone() }
    }

    /// Signs a certificate for a public key.
    ///
    /// # Errors
    /// What rcgen cannot write.
    pub(crate) fn sign(&self, params: &CertificateParams, public_key: &SubjectPublicKeyInfo) -> Result<Certificate> {
        let made = params.signed_by(public_key, &self.issuer).map_err(cannot)?;
        Certificate::read(&self.renamed(made.der()).map_err(cannot)?)
    }

    /// The certificate in its DER bytes with the authority's own name.
    fn renamed(&self, certificate: &[u8]) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>> {
        // RFC 5280, 4.1: what is signed, how, and the signature; of the first the version, the serial number, how it is signed, by whom.
        let (signed, rest) = first(content(certificate)?)?;
        let (algorithm, _) = first(rest)?;
        let mut after = content(signed)?;
        let mut renamed = Vec::with_capacity(signed.len() + self.name.len());
        for _ in 0..3 {
            let (element, rest) = first(after)?;
            renamed.extend_from_slice(element);
            after = rest;
        }
        let (_, rest) = first(after)?;
        renamed.extend_from_slice(&self.name);
        renamed.extend_from_slice(rest);
        let renamed = Sequence::new(renamed.into()).to_der_vec()?;
        let signature = BitString::new(0, &self.issuer.key().sign(&renamed)?).to_der_vec()?;
        Ok(Sequence::new([&renamed, algorithm, &signature].concat().into()).to_der_vec()?)
    }
}

fn cannot(fault: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::failed("cannot sign").caused_by(fault)
}

/// What is inside of a DER element.
fn content(der: &[u8]) -> Result<&[u8], x509_parser::asn1_rs::Err<x509_parser::asn1_rs::Error>> {
    Any::from_der(der).map(|(_, element)| element.data)
}

/// The first DER element, and what is behind it.
fn first(der: &[u8]) -> Result<(&[u8], &[u8]), x509_parser::asn1_rs::Err<x509_parser::asn1_rs::Error>> {
    Any::from_der(der).map(|(rest, _)| der.split_at(der.len() - rest.len()))
}

/// What an authority calls its key (RFC 5280, 4.2.1.2), which what it signs repeats.
fn key_identifier(certificate: &Certificate) -> Option<Vec<u8>> {
    let (_, parsed) = X509Certificate::from_der(&certificate.der).ok()?;
    parsed.extensions().iter().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::SubjectKeyIdentifier(identifier) => Some(identifier.0.to_vec()),
        _ => None,
    })
}
