//! Why TLS was refused, in the words of people.

use rustls::{AlertDescription, CertificateError, Error, InvalidMessage, PeerIncompatible};

/// The fact, and a hint where there is a cure.
#[must_use]
pub fn explain(error: &Error) -> (String, Option<&'static str>) {
    match error {
        Error::InvalidCertificate(fault) => certificate(fault),
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => (
            "the port does not speak TLS".to_owned(),
            Some("it may speak plain http: write the URL with http:// or give --plain-http"),
        ),
        Error::AlertReceived(AlertDescription::ProtocolVersion)
        | Error::PeerIncompatible(
            PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig | PeerIncompatible::ServerDoesNotSupportTls12Or13,
        ) => ("the server offers only TLS versions older than 1.2".to_owned(), None),
        Error::AlertReceived(alert) => (format!("the server ended the TLS handshake with the alert {}", alert_name(*alert)), None),
        Error::NoCertificatesPresented => ("the server shows no certificate".to_owned(), None),
        Error::InvalidMessage(_) => ("the server sends TLS messages that cannot be read".to_owned(), None),
        Error::PeerIncompatible(_) => ("the server offers no kind of TLS that is known here".to_owned(), None),
        Error::PeerMisbehaved(_) | Error::InappropriateMessage { .. } | Error::InappropriateHandshakeMessage { .. } => {
            ("the server does not keep to the rules of TLS".to_owned(), None)
        }
        Error::DecryptError => ("what the server sends cannot be decrypted".to_owned(), None),
        Error::General(text) => (format!("TLS failed: {text}"), None),
        // The texts of the others show notation.
        _ => ("TLS failed".to_owned(), None),
    }
}

fn certificate(fault: &CertificateError) -> (String, Option<&'static str>) {
    let (fact, hint) = match fault {
        CertificateError::UnknownIssuer => (
            "its certificate is signed by an authority that is not known here".to_owned(),
            Some("give the authority's certificate with --ca-file FILE"),
        ),
        CertificateError::Expired => ("its certificate has expired".to_owned(), None),
        CertificateError::ExpiredContext { not_after, .. } => {
            (format!("its certificate expired on {}", day(not_after.as_secs())), None)
        }
        CertificateError::NotValidYet => ("its certificate is not valid yet".to_owned(), Some("is this machine's clock right?")),
        CertificateError::NotValidYetContext { not_before, .. } => {
            (format!("its certificate is not valid before {}", day(not_before.as_secs())), Some("is this machine's clock right?"))
        }
        CertificateError::NotValidForName => ("its certificate is for another name".to_owned(), None),
        CertificateError::NotValidForNameContext { presented, .. } if presented.is_empty() => {
            ("its certificate names no host (no subject alternative name)".to_owned(), None)
        }
        CertificateError::NotValidForNameContext { presented, .. } => {
            let names: Vec<_> = presented.iter().map(|name| plain_name(name)).collect();
            (format!("its certificate is for another name: {}", names.join(", ")), None)
        }
        CertificateError::BadSignature => (
            "it is not signed by the authority it names".to_owned(),
            Some("an authority that was made anew under its old name has another certificate: give that one with --ca-file FILE"),
        ),
        CertificateError::BadEncoding => ("its certificate cannot be read".to_owned(), None),
        CertificateError::Revoked => ("its certificate has been revoked".to_owned(), None),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            ("its certificate is not meant for servers".to_owned(), None)
        }
        CertificateError::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => (
            "it shows a CA's certificate as its own".to_owned(),
            Some("if that is meant, give this very certificate with --ca-file FILE"),
        ),
        other if violates_constraint(other) => ("its authority may not sign for these names".to_owned(), None),
        CertificateError::UnhandledCriticalExtension => (UNKNOWN_EXTENSION.to_owned(), None),
        CertificateError::UnknownRevocationStatus
        | CertificateError::ExpiredRevocationList
        | CertificateError::ExpiredRevocationListContext { .. }
        | CertificateError::InvalidOcspResponse => ("it is not known whether its certificate has been revoked".to_owned(), None),
        CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => (UNKNOWN_SIGNATURE.to_owned(), None),
        CertificateError::Other(other) => (refused(&other.to_string()).to_owned(), None),
        _ => (REFUSED.to_owned(), None),
    };
    (fact, hint)
}

const UNKNOWN_EXTENSION: &str = "its certificate has a critical extension that is not known here";
const UNKNOWN_SIGNATURE: &str = "its certificate is signed in a way that is not believed here";
const REFUSED: &str = "its certificate does not keep to the rules of certificates (RFC 5280)";

/// What webpki found, by its own name for it; rustls has none.
fn refused(name: &str) -> &'static str {
    match name {
        "EndEntityUsedAsCa" => "its certificate is signed by one that is not an authority's",
        "PathLenConstraintViolated" => "there are more authorities below its authority than that one allows",
        "MaximumPathDepthExceeded"
        | "MaximumPathBuildCallsExceeded"
        | "MaximumSignatureChecksExceeded"
        | "MaximumNameConstraintComparisonsExceeded" => "its chain of certificates is too long",
        "UnsupportedCriticalExtension" => UNKNOWN_EXTENSION,
        "SignatureAlgorithmMismatch" => "its certificate names two kinds of signatures",
        "UnsupportedCertVersion" => "its certificate is not of version 3",
        "EmptyEkuExtension" => "its certificate says that it is for nothing",
        "InvalidSerialNumber" => "its certificate's serial number is not a positive number of at most 20 bytes",
        "MalformedDnsIdentifier" | "UnsupportedNameType" => "its certificate has a name that cannot be read",
        "MalformedNameConstraint" | "InvalidNetworkMaskConstraint" => "its authority's name constraints cannot be read",
        "MalformedExtensions" | "ExtensionValueInvalid" => "its certificate's extensions cannot be read",
        "CertDistrusted" => "its authority is not believed any more",
        _ => REFUSED,
    }
}

/// Whether an authority signed for names that it is not allowed to (RFC 5280, 4.2.1.10).
#[must_use]
pub fn is_name_constraint(error: &Error) -> bool {
    matches!(error, Error::InvalidCertificate(fault) if violates_constraint(fault))
}

fn violates_constraint(fault: &CertificateError) -> bool {
    matches!(fault, CertificateError::Other(other) if other.to_string().contains("NameConstraintViolation"))
}

/// webpki shows a name in its own notation: `DnsName("example")`.
fn plain_name(text: &str) -> String {
    let inner = text.split_once('(').map_or(text, |(_, rest)| rest.trim_end_matches(')'));
    inner.trim_matches('"').chars().flat_map(char::escape_default).collect()
}

fn day(seconds: u64) -> String {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| time::OffsetDateTime::from_unix_timestamp(seconds).ok())
        .map_or_else(|| "an unknown day".to_owned(), |time| time.date().to_string())
}

fn alert_name(alert: AlertDescription) -> String {
    // `HandshakeFailure` reads as `handshake failure`.
    let mut name = String::new();
    for c in format!("{alert:?}").chars() {
        if c.is_uppercase() && !name.is_empty() {
            name.push(' ');
        }
        name.extend(c.to_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_authority_hints_at_the_ca_file() {
        let (fact, hint) = explain(&CertificateError::UnknownIssuer.into());
        assert_eq!(fact, "its certificate is signed by an authority that is not known here");
        assert!(hint.unwrap().contains("--ca-file"));
    }

    #[test]
    fn a_wrong_name_is_shown_without_notation() {
        let presented = vec!["DnsName(\"a.example\")".to_owned(), "IpAddress(127.0.0.1)".to_owned()];
        let expected = rustls::pki_types::ServerName::try_from("b.example").unwrap();
        let (fact, _) = explain(&CertificateError::NotValidForNameContext { expected, presented }.into());
        assert_eq!(fact, "its certificate is for another name: a.example, 127.0.0.1");
    }

    #[test]
    fn alerts_read_as_words() {
        let (fact, _) = explain(&Error::AlertReceived(AlertDescription::HandshakeFailure));
        assert_eq!(fact, "the server ended the TLS handshake with the alert handshake failure");
    }
}
