//! `issue --csr`: a request (PKCS #10, RFC 2986) signed under a policy.
//!
//! The request proves that its sender has the key and says which names it wants. What it wants beside that is not its to decide: usages,
//! life and serial number are set here. It is refused when it asks to be an authority, has a weak key, names nothing but a common name,
//! or wants a name that was not allowed.

use std::path::Path;

use reg_shared::cli::Context;
use reg_shared::document::Issued;
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::name::quoted;
use reg_shared::tls::certificate::address;
use reg_shared::tls::{self, algorithm};
use rustls::pki_types::CertificateSigningRequestDer;
use rustls::pki_types::pem::PemObject as _;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::error::X509Error;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::FromDer as _;

use crate::cli::IssueArgs;
use crate::host::Host;
use crate::issue::Order;

const STANDARD_INPUT: &str = "standard input";

/// What a request asks for, and for which key.
#[derive(Debug)]
struct Request {
    names: Vec<Host>,
    public_key: Vec<u8>,
}

pub(crate) async fn issue(context: &Context, args: &IssueArgs, allowed: &[Host], file: &Path) -> Result<Exit> {
    let (text, source) = match file.as_os_str() == "-" {
        true => (context.standard_input_bytes()?.to_vec(), STANDARD_INPUT.to_owned()),
        false => {
            let read = || tls::file::read(file, &format!("the request {}", file.display()));
            (context.interrupt.reading(read)?, file.display().to_string())
        }
    };
    let Request { names, public_key } = Request::read(&text, &source)?;
    check(&names, allowed, &source)?;
    let order = Order::open(context, args, names).await?;
    let there = order.there()?;
    let with_key = there.key.is_some();
    if there.key.is_some_and(|key| key.public_key() != public_key) {
        return Err(of_another_key(&order.folder.path(&order.names.key)));
    }
    let Some(certificate) = there.certificate else { return order.issued(&public_key, None, Issued::New, with_key).await };
    if !args.force {
        if certificate.public_key != public_key {
            return Err(of_another_key(&order.folder.path(&order.names.certificate)));
        }
        order.check(&certificate)?;
        if order.outdated(&certificate)?.is_none() {
            return order.kept(&certificate, with_key);
        }
    }
    order.issued(&public_key, None, Issued::Renewed, with_key).await
}

fn of_another_key(file: &Path) -> Error {
    Error::conflict(format!("{} is there and belongs to another key than the request's", file.display()))
        .hint("--out DIR puts the new certificate elsewhere")
}

/// Whether a request asks only for what was allowed; anything, when nothing was said.
fn check(names: &[Host], allowed: &[Host], source: &str) -> Result<()> {
    match names.iter().find(|name| !allowed.is_empty() && !allowed.contains(name)) {
        Some(name) => {
            let name = name.text();
            Err(Error::conflict(format!("{source}: it asks for {}, which was not allowed", quoted(&name)))
                .hint(format!("allowed are the names on the command line; add {name} to allow it")))
        }
        None => Ok(()),
    }
}

impl Request {
    fn read(text: &[u8], source: &str) -> Result<Self> {
        let refused = |why: &str| Error::input(format!("{source}: {why}"));
        if source == STANDARD_INPUT && text.iter().all(u8::is_ascii_whitespace) {
            return Err(Error::input(format!("{source} is empty: the program before this one printed nothing")));
        }
        let der = der(text).ok_or_else(|| {
            refused("this is not a request (PKCS #10)")
                .hint("it should hold a `-----BEGIN CERTIFICATE REQUEST-----` block, or be the same as DER")
        })?;
        let (_, request) = X509CertificationRequest::from_der(&der).map_err(|_| refused("the request cannot be read"))?;
        let info = &request.certification_request_info;
        let key = algorithm::key(&info.subject_pki);
        if algorithm::is_weak_key(&key) {
            return Err(refused(&format!("its key is too weak: {key}")));
        }
        request.verify_signature().map_err(|fault| match fault {
            X509Error::SignatureUnsupportedAlgorithm => refused(&format!("its kind of key is not supported here: {key}")),
            _ => refused("the request is not signed by the key it names"),
        })?;
        let mut names = Vec::new();
        for extension in request.requested_extensions().into_iter().flatten() {
            match extension {
                ParsedExtension::BasicConstraints(constraints) if constraints.ca => {
                    return Err(refused("it asks to be an authority, which is not signed here"));
                }
                ParsedExtension::SubjectAlternativeName(asked) => {
                    for name in &asked.general_names {
                        let text = text_of(name).ok_or_else(|| refused("it asks for a name of a kind that is not signed here"))?;
                        names.push(text.parse::<Host>().map_err(|fault| refused(&fault.to_string()))?);
                    }
                }
                _ => {}
            }
        }
        if names.is_empty() {
            return Err(refused("it asks for no subject alternative name, and a common name alone is not believed any more")
                .hint("`openssl req -addext subjectAltName=DNS:HOST` adds one"));
        }
        Ok(Self { names, public_key: info.subject_pki.raw.to_vec() })
    }
}

/// The DER bytes of a request, which may be within PEM.
fn der(text: &[u8]) -> Option<Vec<u8>> {
    // A SEQUENCE, which no text begins with.
    if text.starts_with(&[0x30]) && text.get(1).is_some_and(|length| length & 0x80 != 0) {
        return Some(text.to_vec());
    }
    // Older programs call it new.
    let text = String::from_utf8_lossy(text).replace(" NEW CERTIFICATE REQUEST-----", " CERTIFICATE REQUEST-----");
    CertificateSigningRequestDer::from_pem_slice(text.as_bytes()).ok().map(|der| der.to_vec())
}

fn text_of(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) | GeneralName::RFC822Name(name) | GeneralName::URI(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => address(bytes).map(|address| address.to_string()),
        _ => None,
    }
}
