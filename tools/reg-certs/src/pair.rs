//! A certificate and its key as files: read as they are found, written so that a crash loses no key.
//!
//! The key is written first, then the chain, the certificate last. Whoever finds a key without its certificate, or a certificate that is
//! not the key's, signs for the key that is there.

use std::path::{Path, PathBuf};

use reg_shared::cli::Context;
use reg_shared::error::{Error, Result};
use reg_shared::name::{Digest, quoted};
use reg_shared::shell;
use reg_shared::tls::certificate::Certificate;
use reg_shared::tls::file;

use crate::authority::Authority;
use crate::folder::{self, Folder, Over};
use crate::key::Key;

/// The longest name of a file in bytes (`NAME_MAX` of Linux).
const FILE_NAME_MAX: usize = 255;

/// The names of a certificate's files in a folder.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    pub(crate) certificate: String,
    pub(crate) chain: String,
    pub(crate) key: String,
}

impl Names {
    /// Those of a certificate that is called by this; what is too long for the name of a file ends in digits that stand for it.
    pub(crate) fn new(stem: &str) -> Self {
        let longest = FILE_NAME_MAX - ".chain.pem".len();
        if stem.len() > longest {
            let digits = Digest::sha256(stem.as_bytes()).hex()[..16].to_owned();
            let head: String = stem.chars().take(longest - 1 - digits.len()).collect();
            return Self::new(&format!("{head}-{digits}"));
        }
        Self { certificate: format!("{stem}.pem"), chain: format!("{stem}.chain.pem"), key: format!("{stem}.key") }
    }
}

/// What is there of a certificate and its key.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) certificate: Option<Certificate>,
    pub(crate) key: Option<Key>,
}

impl Pair {
    /// Reads what is there.
    ///
    /// # Errors
    /// When a file is there and is not what it should be.
    pub(crate) fn read(folder: &Folder, names: &Names) -> Result<Self> {
        let (certificate, key) = (folder.path(&names.certificate), folder.path(&names.key));
        let certificate = if certificate.exists() { Certificate::read_file(&certificate)?.into_iter().next() } else { None };
        let key = if key.exists() { Some(Key::read(&key)?) } else { None };
        Ok(Self { certificate, key })
    }

    /// Whether the certificate is the key's.
    pub(crate) fn fits(&self) -> bool {
        let public = self.key.as_ref().map(Key::public_key);
        public.is_some() && public == self.certificate.as_ref().map(|certificate| certificate.public_key.clone())
    }
}

/// The private key beside a certificate: of ours, of mkcert's, or `tls.key` for `tls.crt`.
pub(crate) fn key_beside(certificate: &Path) -> Option<PathBuf> {
    let stem = stem(certificate)?;
    let names = [format!("{stem}.key"), format!("{stem}-key.pem"), format!("{stem}.key.pem")];
    names.into_iter().map(|name| certificate.with_file_name(name)).find(|file| file.is_file())
}

/// What the names of a certificate's files begin with.
fn stem(certificate: &Path) -> Option<&str> {
    let stem = certificate.file_stem()?.to_str()?;
    Some(stem.strip_suffix(".chain").unwrap_or(stem))
}

/// Refuses a file that holds a private key, as HAProxy wants it: a certificate that takes its place would take the key away.
///
/// # Errors
/// [`reg_shared::exit::Exit::Conflict`] when it does; when it cannot be read.
pub(crate) fn check_keyless(certificate: &Path) -> Result<()> {
    const MARK: &[u8] = b"PRIVATE KEY-----";
    if !certificate.exists() {
        return Ok(());
    }
    let bytes = file::read(certificate, &format!("the certificates in {}", quoted(&certificate.display().to_string())))?;
    if !bytes.windows(MARK.len()).any(|window| window == MARK) {
        return Ok(());
    }
    let fault = Error::conflict(format!("{} holds a private key, too, which would be lost", certificate.display()));
    let own = certificate.with_file_name(format!("{}.key", stem(certificate).unwrap_or_default()));
    let (word, own) = (shell::word(certificate.as_os_str()), shell::word(own.as_os_str()));
    Err(fault.hint(match key_beside(certificate) {
        Some(_) => format!("take it out of {word} first: its key lies beside it"),
        None => format!("`openssl pkey -in {word} -out {own}` writes it into a file of its own; then take it out of {word}"),
    }))
}

/// A certificate with those that lead to its authority, as PEM.
pub(crate) fn chain(certificate: &Certificate, authority: &Authority) -> String {
    std::iter::once(certificate).chain(authority.intermediates()).map(Certificate::pem).collect()
}

/// Writes a certificate, and its key when that is new.
pub(crate) async fn write(
    context: &Context,
    folder: &Folder,
    names: &Names,
    certificate: &Certificate,
    authority: &Authority,
    key: Option<(&Key, Over)>,
) -> Result<()> {
    if let Some((key, over)) = key {
        folder.write_key(context, &names.key, &key.pem(), folder::KEY, over).await?;
    }
    folder.write_public(context, &names.chain, chain(certificate, authority)).await?;
    folder.write_public(context, &names.certificate, certificate.pem()).await
}
