//! What is looked at: the certificates of a file, of a server, or of standard input.

use std::path::{Path, PathBuf};
use std::time::Duration;

use reg_shared::cli::Context;
use reg_shared::document::{self, Certificate as Document, Registry};
use reg_shared::error::{Error, Result};
use reg_shared::http::Url;
use reg_shared::name::quoted;
use reg_shared::tls::certificate::Certificate;
use reg_shared::tls::handshake::handshake;
use reg_shared::tls::trust::Trust;
use time::OffsetDateTime;

use crate::pair::key_beside;

/// How long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Certificates, and where they came from.
#[derive(Debug)]
pub(crate) struct Subject {
    /// A file, a URL, or `standard input`.
    pub(crate) label: String,
    /// At least one, in the order they were found in.
    pub(crate) chain: Vec<Certificate>,
    /// The files that are known of it.
    pub(crate) files: Document,
    /// The server that showed them.
    pub(crate) server: Option<Server>,
}

/// A server that showed certificates, and proved that it has the key of the first.
#[derive(Debug)]
pub(crate) struct Server {
    /// Its name or address, without brackets.
    pub(crate) host: String,
    /// `TLSv1.3` or `TLSv1.2`.
    pub(crate) protocol: String,
}

impl Subject {
    /// What an operand names: a file, `https://HOST`, or `-`.
    pub(crate) async fn open(context: &Context, text: &str) -> Result<Self> {
        if text == "-" {
            return Self::piped(context);
        }
        if text.contains("://") {
            return Self::served(context, text).await;
        }
        let file = Path::new(text);
        let read = context.interrupt.reading(|| Certificate::read_file(file));
        let chain = read.map_err(|fault| match file.exists() {
            true => fault,
            false => fault.hint(format!("a file is expected; `https://{text}` asks a server")),
        })?;
        let files = Document { cert_file: Some(context.absolute(file)?), ..Document::default() };
        Ok(Self { label: text.to_owned(), chain, files, server: None })
    }

    fn piped(context: &Context) -> Result<Self> {
        const SOURCE: &str = "standard input";
        let bytes = context.standard_input_bytes()?.trim_ascii_start();
        if !bytes.starts_with(b"{") && !bytes.is_empty() {
            let chain = Certificate::read_all(bytes, SOURCE)?;
            return Ok(Self { label: SOURCE.to_owned(), chain, files: Document::default(), server: None });
        }
        let files = document::read_certificate(&context.standard_input()?, SOURCE)?;
        let file = files.chain_file.as_ref().or(files.cert_file.as_ref());
        let file = file.ok_or_else(|| Error::input(format!("{SOURCE}: the field \"certFile\" is missing")))?;
        Ok(Self { label: file.display().to_string(), chain: Certificate::read_file(file)?, files, server: None })
    }

    /// What the server at a URL shows.
    ///
    /// # Errors
    /// [`reg_shared::exit::Exit::Unreachable`] when none answers, [`reg_shared::exit::Exit::Usage`] for a URL without TLS.
    pub(crate) async fn served(context: &Context, url: &str) -> Result<Self> {
        let parsed = Url::parse(url).map_err(|_| Error::usage(format!("{} is not a URL", quoted(url))))?;
        if parsed.scheme() != "https" {
            return Err(Error::usage(format!("{url} is no server with a certificate: only https has one")));
        }
        let host = parsed.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let port = parsed.port_or_known_default().unwrap_or(443);
        let shown = context.interrupt.or(handshake(&host, port, &Trust::default(), HANDSHAKE)).await?;
        if shown.chain.is_empty() {
            return Err(Error::failed(format!("{url} shows no certificate")));
        }
        let server = Some(Server { host, protocol: shown.protocol });
        Ok(Self { label: url.trim_end_matches('/').to_owned(), chain: shown.chain, files: Document::default(), server })
    }

    /// The certificate that all is about: the first that is no authority's, else the first.
    pub(crate) fn leaf(&self) -> &Certificate {
        self.chain.iter().find(|certificate| !certificate.is_ca).unwrap_or(&self.chain[0])
    }

    /// The file of its private key: the one that is known, else the one beside it.
    pub(crate) fn key_file(&self) -> Option<PathBuf> {
        self.files.key_file.clone().or_else(|| self.files.cert_file.as_deref().and_then(key_beside))
    }

    /// All of them, the one that all is about in front.
    pub(crate) fn ordered(&self) -> Vec<Certificate> {
        let leaf = self.leaf();
        let rest = self.chain.iter().filter(|certificate| *certificate != leaf);
        std::iter::once(leaf).chain(rest).cloned().collect()
    }

    /// The document of what it says.
    pub(crate) fn document(&self) -> Document {
        let now = OffsetDateTime::now_utc();
        Document {
            facts: Some(self.chain[0].facts(now)),
            chain: self.chain[1..].iter().map(|certificate| certificate.facts(now)).collect(),
            outcome: None,
            ..self.files.clone()
        }
    }
}

/// The registry that `-r` names, its URL whole.
pub(crate) async fn registry(context: &Context, name: &str) -> Result<(Registry, Option<reg_shared::instance::Instance>)> {
    let args = reg_shared::cli::RegistryArgs { registry: Some(name.to_owned()), ..Default::default() };
    let target = context.target(&args)?;
    let registry = context.interrupt.or(context.url_of(&target.registry, false)).await?;
    Ok((registry, target.instance))
}

/// The certificates of an authority: of a file, or of its folder.
pub(crate) fn authority(context: &Context, path: &Path) -> Result<(PathBuf, Vec<Certificate>)> {
    let file = crate::authority::certificate_file(&context.absolute(path)?);
    let certificates = Certificate::read_file(&file)?;
    Ok((file, certificates))
}
