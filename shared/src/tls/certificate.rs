//! What a certificate says: names, issuer, validity, key, usages, fingerprints. Reads; believes nothing.

use std::net::IpAddr;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use time::OffsetDateTime;
use x509_parser::asn1_rs::Oid;
use x509_parser::extensions::{ExtendedKeyUsage, GeneralName, GeneralSubtree, KeyUsage, NameConstraints};
use x509_parser::oid_registry::OID_X509_EXT_NAME_CONSTRAINTS;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::{algorithm, file};
use crate::document::{CertificateFacts, timestamp};
use crate::error::{Error, Result};
use crate::name::{Digest, quoted};

/// The facts of one certificate (RFC 5280).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Distinguished name of the holder, as `CN=registry, O=Example`. May be empty.
    pub subject: String,
    /// Distinguished name of the signer.
    pub issuer: String,
    /// Serial number, lower-case hexadecimal, two digits a byte as OpenSSL prints it.
    pub serial: String,
    /// DNS names it is valid for (subject alternative names; a common name does not count).
    pub dns_names: Vec<String>,
    /// IP addresses it is valid for.
    pub ip_addresses: Vec<IpAddr>,
    /// Mail addresses it is valid for.
    pub emails: Vec<String>,
    /// URIs it is valid for.
    pub uris: Vec<String>,
    /// Valid from.
    pub not_before: OffsetDateTime,
    /// Valid until.
    pub not_after: OffsetDateTime,
    /// Whether it may sign other certificates (basic constraints).
    pub is_ca: bool,
    /// Its key: `ecdsa-p256`, `ed25519`, `rsa-2048`; others by their object identifier.
    pub key: String,
    /// How it was signed: `ecdsa-with-SHA256`; others by their object identifier.
    pub signature: String,
    /// What its key may do, in RFC 5280's words: `digitalSignature`. Empty: anything.
    pub key_usages: Vec<&'static str>,
    /// What it may be used for, in RFC 5280's words or as object identifiers: `serverAuth`. Empty: anything.
    pub extended_key_usages: Vec<String>,
    /// The domains and networks that it may sign for, as `example.com` and `10.0.0.0/8`. Empty: any.
    pub permitted: Vec<String>,
    /// Whether it may sign for some names only (name constraints), of whatever kind.
    pub is_constrained: bool,
    /// SHA-256 over the DER bytes, lower-case hexadecimal.
    pub sha256: String,
    /// Its DER bytes.
    pub der: CertificateDer<'static>,
    /// The subject public key info's DER bytes.
    pub public_key: Vec<u8>,
    /// The holder's name as DER: what a certificate it signed has as its issuer, byte for byte.
    pub subject_der: Vec<u8>,
    /// The signer's name as DER.
    pub issuer_der: Vec<u8>,
}

impl Certificate {
    /// Reads a certificate's DER bytes.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`] when they are none.
    pub fn read(der: &[u8]) -> Result<Self> {
        let (_, parsed) = X509Certificate::from_der(der).map_err(|_| Error::input("the certificate cannot be read"))?;
        let mut certificate = Self {
            subject: parsed.subject().to_string(),
            issuer: parsed.issuer().to_string(),
            serial: parsed.tbs_certificate.serial.to_bytes_be().iter().map(|byte| format!("{byte:02x}")).collect(),
            dns_names: Vec::new(),
            ip_addresses: Vec::new(),
            emails: Vec::new(),
            uris: Vec::new(),
            not_before: parsed.validity().not_before.to_datetime(),
            not_after: parsed.validity().not_after.to_datetime(),
            is_ca: parsed.is_ca(),
            key: algorithm::key(parsed.public_key()),
            signature: algorithm::signature(&parsed.signature_algorithm.algorithm.to_id_string()),
            key_usages: parsed.key_usage().ok().flatten().map(|usage| key_usages(usage.value)).unwrap_or_default(),
            extended_key_usages: parsed.extended_key_usage().ok().flatten().map(|usage| purposes(usage.value)).unwrap_or_default(),
            permitted: parsed.name_constraints().ok().flatten().map(|known| permitted(known.value)).unwrap_or_default(),
            // One that cannot be read constrains, too.
            is_constrained: parsed.extensions().iter().any(|known| known.oid == OID_X509_EXT_NAME_CONSTRAINTS),
            sha256: Digest::sha256(der).hex().to_owned(),
            der: CertificateDer::from(der.to_vec()),
            public_key: parsed.public_key().raw.to_vec(),
            subject_der: parsed.subject().as_raw().to_vec(),
            issuer_der: parsed.issuer().as_raw().to_vec(),
        };
        if let Ok(Some(names)) = parsed.subject_alternative_name() {
            names.value.general_names.iter().for_each(|name| certificate.take(name));
        }
        Ok(certificate)
    }

    /// Reads a file's certificates in their order: PEM blocks, or one certificate as DER.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`] when it is missing or holds none.
    pub fn read_file(path: &Path) -> Result<Vec<Self>> {
        let name = quoted(&path.display().to_string());
        let bytes = file::read(path, &format!("the certificates in {name}"))?;
        Self::read_all(&bytes, &name)
    }

    /// Reads the certificates in `bytes`: PEM blocks, or one certificate as DER. `source` is where they came from.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`] when there are none.
    pub fn read_all(bytes: &[u8], source: &str) -> Result<Vec<Self>> {
        let bytes = file::without_mark(bytes);
        if is_der(bytes) {
            return Ok(vec![Self::read(bytes).map_err(|_| Error::input(format!("{source} is not a certificate")))?]);
        }
        let blocks: Vec<_> = CertificateDer::pem_slice_iter(bytes)
            .collect::<Result<_, _>>()
            .map_err(|_| Error::input(format!("{source} is not a PEM file of certificates")))?;
        if blocks.is_empty() {
            return Err(
                Error::input(format!("{source} holds no certificate")).hint("it should hold `-----BEGIN CERTIFICATE-----` blocks")
            );
        }
        let cannot = |_| Error::input(format!("{source} holds a certificate that cannot be read"));
        blocks.iter().map(|der| Self::read(der).map_err(cannot)).collect()
    }

    /// Whole days until it expires, counted from `now`; negative when it has expired.
    #[must_use]
    pub fn days_left(&self, now: OffsetDateTime) -> i64 {
        (self.not_after - now).whole_seconds().div_euclid(86_400)
    }

    /// The subject alternative names as text: DNS names, addresses, mail addresses, URIs.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let addresses = self.ip_addresses.iter().map(ToString::to_string);
        let texts = self.emails.iter().chain(&self.uris).cloned();
        self.dns_names.iter().cloned().chain(addresses).chain(texts).collect()
    }

    /// Whether it names itself as its signer.
    #[must_use]
    pub fn is_self_issued(&self) -> bool {
        self.subject_der == self.issuer_der
    }

    /// It as a PEM block.
    #[must_use]
    pub fn pem(&self) -> String {
        let text = STANDARD.encode(&self.der);
        let lines: Vec<&str> = text.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
    }

    /// The same as a document says it.
    #[must_use]
    pub fn facts(&self, now: OffsetDateTime) -> CertificateFacts {
        CertificateFacts {
            subject: self.subject.clone(),
            issuer: self.issuer.clone(),
            names: self.names(),
            serial: self.serial.clone(),
            not_before: timestamp(self.not_before),
            not_after: timestamp(self.not_after),
            days_left: self.days_left(now),
            ca: self.is_ca,
            key: self.key.clone(),
            signature: self.signature.clone(),
            key_usages: self.key_usages.iter().map(|usage| (*usage).to_owned()).collect(),
            extended_key_usages: self.extended_key_usages.clone(),
            permitted: self.permitted.clone(),
            sha256: self.sha256.clone(),
            public_key_sha256: Digest::sha256(&self.public_key).hex().to_owned(),
        }
    }

    fn take(&mut self, name: &GeneralName<'_>) {
        match name {
            GeneralName::DNSName(name) => self.dns_names.push((*name).to_owned()),
            GeneralName::IPAddress(bytes) => self.ip_addresses.extend(address(bytes)),
            GeneralName::RFC822Name(name) => self.emails.push((*name).to_owned()),
            GeneralName::URI(name) => self.uris.push((*name).to_owned()),
            _ => {}
        }
    }
}

/// Whether this is the beginning of a certificate as DER: a SEQUENCE of more than 255 bytes, which no text begins with.
#[must_use]
pub fn is_der(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x30, 0x82])
}

/// RFC 5280, 4.2.1.10; of the kinds of names that hosts have.
fn permitted(constraints: &NameConstraints<'_>) -> Vec<String> {
    let text = |subtree: &GeneralSubtree<'_>| match &subtree.base {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => {
            let (base, mask) = bytes.split_at(bytes.len() / 2);
            let prefix: u32 = mask.iter().map(|byte| byte.count_ones()).sum();
            address(base).map(|address| format!("{address}/{prefix}"))
        }
        _ => None,
    };
    constraints.permitted_subtrees.iter().flatten().filter_map(text).collect()
}

/// The address of an `iPAddress` name (RFC 5280, 4.2.1.6).
#[must_use]
pub fn address(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => <[u8; 4]>::try_from(bytes).ok().map(IpAddr::from),
        16 => <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from),
        _ => None,
    }
}

/// RFC 5280, 4.2.1.3.
fn key_usages(usage: &KeyUsage) -> Vec<&'static str> {
    let all = [
        (usage.digital_signature(), "digitalSignature"),
        (usage.non_repudiation(), "nonRepudiation"),
        (usage.key_encipherment(), "keyEncipherment"),
        (usage.data_encipherment(), "dataEncipherment"),
        (usage.key_agreement(), "keyAgreement"),
        (usage.key_cert_sign(), "keyCertSign"),
        (usage.crl_sign(), "cRLSign"),
        (usage.encipher_only(), "encipherOnly"),
        (usage.decipher_only(), "decipherOnly"),
    ];
    all.into_iter().filter_map(|(set, name)| set.then_some(name)).collect()
}

/// RFC 5280, 4.2.1.12.
fn purposes(usage: &ExtendedKeyUsage<'_>) -> Vec<String> {
    let all = [
        (usage.any, "anyExtendedKeyUsage"),
        (usage.server_auth, "serverAuth"),
        (usage.client_auth, "clientAuth"),
        (usage.code_signing, "codeSigning"),
        (usage.email_protection, "emailProtection"),
        (usage.time_stamping, "timeStamping"),
        (usage.ocsp_signing, "OCSPSigning"),
    ];
    let named = all.into_iter().filter(|(set, _)| *set).map(|(_, name)| name.to_owned());
    named.chain(usage.other.iter().map(Oid::to_id_string)).collect()
}
