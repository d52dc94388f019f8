//! What reg-certs tells: a certificate and its files, many of them, the checks of one, and who trusts an authority.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Check, Document, Registry, Summary, time_schema};

/// What was done to have a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Issued {
    /// It was made now.
    New,
    /// It took the place of another one, with the same key.
    Renewed,
    /// It took the place of another one, with a new key.
    Rotated,
    /// It was there and is good: nothing changed.
    Kept,
}

/// A certificate, what it says, and where its files are: what `reg-up start --tls` takes when it names certificate and key.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Certificate {
    /// The registry that serves it, when one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<Registry>,
    /// What was done to have it; absent when it was only looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Issued>,
    /// The certificate, PEM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cert_file: Option<PathBuf>,
    /// Its private key, PEM; absent when it is not ours to have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_file: Option<PathBuf>,
    /// The certificate of the authority that signed it: what clients trust.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// The certificate with those that lead to the authority; served in place of `certFile`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain_file: Option<PathBuf>,
    /// What the certificate says.
    #[serde(flatten)]
    pub facts: Option<CertificateFacts>,
    /// The other certificates of the same file or server, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chain: Vec<CertificateFacts>,
}

/// What a certificate says (RFC 5280).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CertificateFacts {
    /// Distinguished name of the holder; may be empty.
    pub subject: String,
    /// Distinguished name of the signer.
    pub issuer: String,
    /// What it is for: DNS names, addresses, mail addresses, URIs.
    pub names: Vec<String>,
    /// Serial number, hexadecimal: two digits a byte.
    pub serial: String,
    /// Valid from.
    #[schemars(schema_with = "time_schema")]
    pub not_before: String,
    /// Valid until.
    #[schemars(schema_with = "time_schema")]
    pub not_after: String,
    /// Whole days until then; negative when it has expired.
    pub days_left: i64,
    /// Whether it may sign other certificates.
    pub ca: bool,
    /// Its key: `ecdsa-p256`, `ed25519`, `rsa-2048`; others by their object identifier.
    pub key: String,
    /// How it was signed: `ecdsa-with-SHA256`; others by their object identifier.
    pub signature: String,
    /// What its key may do: `digitalSignature`; empty is anything.
    pub key_usages: Vec<String>,
    /// What it may be used for: `serverAuth`; empty is anything.
    pub extended_key_usages: Vec<String>,
    /// The domains and networks that an authority may sign for; absent is any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub permitted: Vec<String>,
    /// SHA-256 over the certificate, hexadecimal.
    pub sha256: String,
    /// SHA-256 over its public key (subject public key info), hexadecimal: the same after a renewal that keeps the key.
    pub public_key_sha256: String,
}

impl Document for Certificate {
    const KIND: &'static str = "certificate";
    const NAME: &'static str = "/certFile";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("OUTCOME", "/outcome"),
        ("CERTIFICATE", "/certFile"),
        ("KEY", "/keyFile"),
        ("CHAIN", "/chainFile"),
        ("CA", "/caFile"),
        ("SUBJECT", "/subject"),
        ("ISSUER", "/issuer"),
        ("NAMES", "/names"),
        ("NOT BEFORE", "/notBefore"),
        ("NOT AFTER", "/notAfter"),
        ("DAYS LEFT", "/daysLeft"),
        ("KEY TYPE", "/key"),
        ("SIGNATURE", "/signature"),
        ("MAY SIGN", "/ca"),
        ("ONLY FOR", "/permitted"),
        ("KEY USAGE", "/keyUsages"),
        ("USED FOR", "/extendedKeyUsages"),
        ("SERIAL", "/serial"),
        ("SHA-256", "/sha256"),
        ("KEY SHA-256", "/publicKeySha256"),
    ];
}

/// A certificate in a file, and whether its time is coming.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Renewal {
    /// The file.
    pub file: PathBuf,
    /// True: it expires within the time that was asked for, or has expired.
    pub renew: bool,
    /// What it says.
    #[serde(flatten)]
    pub facts: CertificateFacts,
}

/// The certificates below some paths, and which of them must be renewed.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Certificates {
    /// What expires within so many seconds must be renewed; when no time was asked for, within a third of its life if that is shorter.
    pub within_seconds: u64,
    /// The first to expire first.
    pub certificates: Vec<Renewal>,
}

impl Document for Certificates {
    const KIND: &'static str = "certificates";
    const ITEMS: Option<&'static str> = Some("certificates");
    const NAME: &'static str = "/file";
    const COLUMNS: &'static [(&'static str, &'static str)] =
        &[("NOT AFTER", "/notAfter"), ("DAYS LEFT", "/daysLeft"), ("RENEW", "/renew"), ("SUBJECT", "/subject"), ("FILE", "/file")];
}

/// The checks of a certificate: a row each.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// The registry that was asked, when one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<Registry>,
    /// What was looked at: a file, a URL, or `standard input`.
    pub subject: String,
    /// What the certificate says.
    pub certificate: CertificateFacts,
    /// A row per check.
    pub checks: Vec<Check>,
    /// The rows counted.
    pub summary: Summary,
}

impl Document for Verification {
    const KIND: &'static str = "verification";
    const ITEMS: Option<&'static str> = Some("checks");
    const COLUMNS: &'static [(&'static str, &'static str)] = &[("CHECK", "/name"), ("OUTCOME", "/outcome"), ("DETAIL", "/detail")];
}

/// What became of an authority's certificate in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TrustOutcome {
    /// It was put there now.
    Added,
    /// It was there already.
    Present,
    /// It was taken away now.
    Removed,
    /// It was not there.
    Absent,
}

/// A place that programs take the authorities from that they believe.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrustPlace {
    /// Who reads it: `docker`, `containers` (Podman, Buildah, Skopeo) or `system`.
    pub store: String,
    /// The file.
    pub file: PathBuf,
    /// What became of it; with `dryRun`, what would have.
    pub outcome: TrustOutcome,
    /// The command that makes the system's bundle of it, when it is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

/// Who trusts an authority now.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Trusted {
    /// The registry that it is trusted for, when one was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry: Option<Registry>,
    /// The authority's certificate.
    pub ca_file: PathBuf,
    /// Its subject.
    pub subject: String,
    /// True: nothing was changed.
    pub dry_run: bool,
    /// Every place that was asked for.
    pub places: Vec<TrustPlace>,
}

impl Document for Trusted {
    const KIND: &'static str = "trust";
    const ITEMS: Option<&'static str> = Some("places");
    const NAME: &'static str = "/file";
    const COLUMNS: &'static [(&'static str, &'static str)] =
        &[("STORE", "/store"), ("OUTCOME", "/outcome"), ("FILE", "/file"), ("COMMAND", "/command")];
}
