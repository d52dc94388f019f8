//! Private keys: made, read, never shown.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use rcgen::{
    KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519, PKCS_RSA_SHA256, PublicKeyData as _, RsaKeySize,
};
use reg_shared::error::{Error, Result};
use reg_shared::name::quoted;
use reg_shared::secret::Secret;
use reg_shared::shell;
use reg_shared::tls::{algorithm, file};
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use x509_parser::prelude::FromDer as _;
use x509_parser::x509::SubjectPublicKeyInfo;

/// The types of keys that can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyType {
    EcdsaP256,
    EcdsaP384,
    Ed25519,
    Rsa2048,
    Rsa4096,
}

impl KeyType {
    const ALL: [Self; 5] = [Self::EcdsaP256, Self::EcdsaP384, Self::Ed25519, Self::Rsa2048, Self::Rsa4096];

    /// The name in flags and documents.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::EcdsaP256 => "ecdsa-p256",
            Self::EcdsaP384 => "ecdsa-p384",
            Self::Ed25519 => "ed25519",
            Self::Rsa2048 => "rsa-2048",
            Self::Rsa4096 => "rsa-4096",
        }
    }

    /// The type of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl ValueEnum for KeyType {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

/// A private key.
pub(crate) struct Key(KeyPair);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

/// The mode of a key's file when not only its owner and their group may use it.
pub(crate) fn open_to_everybody(file: &Path) -> Option<u32> {
    let mode = std::fs::metadata(file).ok()?.permissions().mode() & 0o777;
    (mode & 0o007 != 0).then_some(mode)
}

impl Key {
    /// Makes a new one. An RSA key takes seconds.
    pub(crate) async fn generate(kind: KeyType) -> Result<Self> {
        let make = move || match kind {
            KeyType::EcdsaP256 => KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256),
            KeyType::EcdsaP384 => KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384),
            KeyType::Ed25519 => KeyPair::generate_for(&PKCS_ED25519),
            KeyType::Rsa2048 => KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048),
            KeyType::Rsa4096 => KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_4096),
        };
        let made =
            tokio::task::spawn_blocking(make).await.map_err(|fault| Error::failed("making a key broke off").caused_by(fault))?;
        made.map(Self).map_err(|fault| Error::failed(format!("cannot make a key of the type {}", kind.name())).caused_by(fault))
    }

    /// Reads the first key of a PEM file: PKCS #8, PKCS #1 or SEC 1.
    ///
    /// # Errors
    /// [`reg_shared::exit::Exit::Input`]: missing, encrypted, or of no kind that can sign.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        Self::parse(&Self::text(path)?, path)
    }

    /// What is in a key's file, which may be a pipe and then is read once.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn text(path: &Path) -> Result<Secret> {
        let text = file::read(path, &format!("the private key {}", quoted(&path.display().to_string())))?;
        Ok(Secret::new(String::from_utf8_lossy(&text)))
    }

    /// The first key of a PEM text; `path` is where it was read.
    ///
    /// # Errors
    /// [`reg_shared::exit::Exit::Input`]: none there, encrypted, or of no kind that can sign.
    pub(crate) fn parse(text: &Secret, path: &Path) -> Result<Self> {
        let name = quoted(&path.display().to_string());
        let der =
            PrivateKeyDer::from_pem_slice(text.expose().as_bytes()).map_err(|_| match text.expose().contains("ENCRYPTED") {
                true => Error::input(format!("the private key {name} is encrypted")).hint(format!(
                    "`openssl pkey -in {} -out key.pem` writes it without a password",
                    shell::word(path.as_os_str())
                )),
                false => Error::input(format!("{name} holds no PEM private key")),
            })?;
        KeyPair::try_from(&der)
            .map(Self)
            .map_err(|_| Error::input(format!("the private key {name} is of no kind that can sign here")))
    }

    /// The same as PEM, for its file.
    pub(crate) fn pem(&self) -> Secret {
        Secret::new(self.0.serialize_pem())
    }

    /// Its public part: subject public key info, DER.
    pub(crate) fn public_key(&self) -> Vec<u8> {
        self.0.subject_public_key_info()
    }

    /// Its type, as documents have it.
    pub(crate) fn kind(&self) -> Result<String> {
        let public = self.public_key();
        let (_, info) = SubjectPublicKeyInfo::from_der(&public).map_err(|_| Error::failed("the public key cannot be read"))?;
        Ok(algorithm::key(&info))
    }

    /// What signs with it.
    pub(crate) fn pair(&self) -> &KeyPair {
        &self.0
    }

    /// The same, taken over.
    pub(crate) fn into_pair(self) -> KeyPair {
        self.0
    }
}
