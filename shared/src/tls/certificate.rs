//! What a certificate says: names, issuer, validity, fingerprint. Reads; believes nothing.

use std::net::IpAddr;

use time::OffsetDateTime;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};

use crate::error::{Error, Result};
use crate::name::Digest;

/// The facts of one certificate (RFC 5280).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Distinguished name of the holder, as `CN=registry, O=Example`. May be empty.
    pub subject: String,
    /// Distinguished name of the signer.
    pub issuer: String,
    /// Serial number, lower-case hexadecimal.
    pub serial: String,
    /// DNS names it is valid for (subject alternative names; a common name does not count).
    pub dns_names: Vec<String>,
    /// IP addresses it is valid for.
    pub ip_addresses: Vec<IpAddr>,
    /// Valid from.
    pub not_before: OffsetDateTime,
    /// Valid until.
    pub not_after: OffsetDateTime,
    /// Whether it may sign other certificates (basic constraints).
    pub is_ca: bool,
    /// SHA-256 over the DER bytes, lower-case hexadecimal.
    pub sha256: String,
}

impl Certificate {
    /// Reads a certificate's DER bytes.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`] when they are none.
    pub fn read(der: &[u8]) -> Result<Self> {
        let (_, parsed) = X509Certificate::from_der(der).map_err(|_| Error::input("the certificate cannot be read"))?;
        let (mut dns_names, mut ip_addresses) = (Vec::new(), Vec::new());
        if let Ok(Some(names)) = parsed.subject_alternative_name() {
            for name in &names.value.general_names {
                match name {
                    GeneralName::DNSName(name) => dns_names.push((*name).to_owned()),
                    GeneralName::IPAddress(bytes) => ip_addresses.extend(address(bytes)),
                    _ => {}
                }
            }
        }
        Ok(Self {
            subject: parsed.subject().to_string(),
            issuer: parsed.issuer().to_string(),
            serial: format!("{:x}", parsed.tbs_certificate.serial),
            dns_names,
            ip_addresses,
            not_before: parsed.validity().not_before.to_datetime(),
            not_after: parsed.validity().not_after.to_datetime(),
            is_ca: parsed.is_ca(),
            sha256: Digest::sha256(der).hex().to_owned(),
        })
    }

    /// Whole days until it expires, counted from `now`; negative when it has expired.
    #[must_use]
    pub fn days_left(&self, now: OffsetDateTime) -> i64 {
        (self.not_after - now).whole_seconds().div_euclid(86_400)
    }
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(IpAddr::from),
        16 => <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from),
        _ => None,
    }
}
