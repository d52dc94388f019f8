//! Names of keys and signatures, and which of them no longer protect.
//!
//! A key is named as `reg-certs issue --key` names it, a signature as RFC 3279, 4055, 5758 and 8410 do; others by their object
//! identifier.

use x509_parser::public_key::PublicKey;
use x509_parser::x509::SubjectPublicKeyInfo;

/// The fewest bits of an RSA key that clients take (CA/Browser Forum baseline requirements, 6.1.5).
const RSA_MIN: usize = 2048;

/// Object identifiers of named curves (RFC 5480).
const CURVES: [(&str, &str); 3] =
    [("1.2.840.10045.3.1.7", "ecdsa-p256"), ("1.3.132.0.34", "ecdsa-p384"), ("1.3.132.0.35", "ecdsa-p521")];

/// Object identifiers of signature algorithms, and whether they are too weak to be believed.
const SIGNATURES: [(&str, &str, bool); 14] = [
    ("1.2.840.113549.1.1.2", "md2WithRSAEncryption", true),
    ("1.2.840.113549.1.1.4", "md5WithRSAEncryption", true),
    ("1.2.840.113549.1.1.5", "sha1WithRSAEncryption", true),
    ("1.2.840.113549.1.1.10", "rsassaPss", false),
    ("1.2.840.113549.1.1.11", "sha256WithRSAEncryption", false),
    ("1.2.840.113549.1.1.12", "sha384WithRSAEncryption", false),
    ("1.2.840.113549.1.1.13", "sha512WithRSAEncryption", false),
    ("1.2.840.10040.4.3", "dsa-with-sha1", true),
    ("1.2.840.10045.4.1", "ecdsa-with-SHA1", true),
    ("1.2.840.10045.4.3.1", "ecdsa-with-SHA224", false),
    ("1.2.840.10045.4.3.2", "ecdsa-with-SHA256", false),
    ("1.2.840.10045.4.3.3", "ecdsa-with-SHA384", false),
    ("1.2.840.10045.4.3.4", "ecdsa-with-SHA512", false),
    ("1.3.101.112", "ed25519", false),
];

/// The name of a key: `ecdsa-p256`, `ed25519`, `rsa-2048`.
#[must_use]
pub fn key(info: &SubjectPublicKeyInfo<'_>) -> String {
    let oid = info.algorithm.algorithm.to_id_string();
    match (oid.as_str(), info.parsed()) {
        ("1.3.101.112", _) => "ed25519".to_owned(),
        (_, Ok(PublicKey::RSA(rsa))) => {
            let modulus = rsa.modulus.iter().position(|byte| *byte != 0).map_or(&[][..], |first| &rsa.modulus[first..]);
            let bits = modulus.first().map_or(0, |first| modulus.len() * 8 - first.leading_zeros() as usize);
            format!("rsa-{bits}")
        }
        (_, Ok(PublicKey::EC(_))) => {
            let curve = info.algorithm.parameters.as_ref().and_then(|any| any.as_oid().ok()).map(|oid| oid.to_id_string());
            let named = CURVES.iter().find(|(oid, _)| curve.as_deref() == Some(*oid)).map(|(_, name)| (*name).to_owned());
            named.unwrap_or_else(|| format!("ec {}", curve.unwrap_or_default()))
        }
        _ => oid,
    }
}

/// The name of a signature algorithm.
pub(super) fn signature(oid: &str) -> String {
    SIGNATURES.iter().find(|(known, ..)| *known == oid).map_or_else(|| oid.to_owned(), |(_, name, _)| (*name).to_owned())
}

/// Whether a signature algorithm of this name no longer protects.
#[must_use]
pub fn is_weak_signature(name: &str) -> bool {
    SIGNATURES.iter().any(|(_, known, weak)| *known == name && *weak)
}

/// Whether a key of this name is too short, or of a kind that clients do not take.
#[must_use]
pub fn is_weak_key(name: &str) -> bool {
    match name.strip_prefix("rsa-") {
        Some(bits) => bits.parse::<usize>().is_ok_and(|bits| bits < RSA_MIN),
        None => name != "ed25519" && !CURVES.iter().any(|(_, known)| *known == name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_weak_is_known_by_name() {
        for (name, weak) in [("rsa-1024", true), ("rsa-2047", true), ("rsa-2048", false), ("ecdsa-p256", false), ("1.2.3", true)] {
            assert_eq!(is_weak_key(name), weak, "{name}");
        }
        assert!(is_weak_signature(&signature("1.2.840.113549.1.1.5")));
        assert!(!is_weak_signature(&signature("1.3.101.112")));
        assert_eq!(signature("1.2.3"), "1.2.3");
    }
}
