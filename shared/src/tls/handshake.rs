//! A handshake with a live server that records what it shows, believed or not.
//!
//! Goes straight to the host (no proxy) and sends nothing behind the handshake.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, SignatureScheme};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::certificate::Certificate;
use super::reason;
use super::trust::{Trust, Verifier, configuration};
use crate::error::{Error, Result};

/// What a server showed.
#[derive(Debug)]
pub struct Handshake {
    /// `TLSv1.3` or `TLSv1.2`.
    pub protocol: String,
    /// The certificates in the order sent, the server's own first.
    pub chain: Vec<Certificate>,
    /// Whether the chain is believed by the given [`Trust`] (its insecure hosts not excepted), or why not.
    pub verified: Result<()>,
}

/// Shakes hands with `host` (a name or an address, without brackets) and reports what it shows.
///
/// # Errors
/// [`crate::exit::Exit::Unreachable`] when nothing answers within `limit` or the port does not speak TLS; a chain that is not
/// believed is no error but part of the answer.
pub async fn handshake(host: &str, port: u16, trust: &Trust, limit: Duration) -> Result<Handshake> {
    let place = if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") };
    let name = ServerName::try_from(host.to_owned())
        .map_err(|_| Error::usage(format!("{} is not a host name", crate::name::quoted(host))))?;
    let recorder = Arc::new(Recorder { verifier: trust.verifier()?, seen: Mutex::new(None) });
    let connector = TlsConnector::from(Arc::new(configuration(recorder.clone())?));
    let shake = async {
        let unknown = |_| Error::unreachable(format!("cannot reach {place}: its name is not known"));
        let addresses: Vec<_> = tokio::net::lookup_host((host, port)).await.map_err(unknown)?.collect();
        let tcp = TcpStream::connect(addresses.as_slice())
            .await
            .map_err(|fault| Error::io(format!("cannot reach {place}"), fault).with_kind(crate::exit::Exit::Unreachable))?;
        connector.connect(name, tcp).await.map_err(|fault| refused(&place, &fault))
    };
    let stream = tokio::time::timeout(limit, shake)
        .await
        .map_err(|_| Error::unreachable(format!("{place} did not finish a TLS handshake within {} s", limit.as_secs())))??;
    let protocol = match stream.get_ref().1.protocol_version() {
        Some(rustls::ProtocolVersion::TLSv1_2) => "TLSv1.2",
        _ => "TLSv1.3",
    };
    let seen = recorder.seen.lock().unwrap_or_else(PoisonError::into_inner).take();
    let (chain, verified) = seen.ok_or_else(|| Error::failed(format!("{place} showed no certificate")))?;
    let chain = chain.iter().map(|der| Certificate::read(der)).collect::<Result<_>>()?;
    Ok(Handshake { protocol: protocol.to_owned(), chain, verified })
}

fn refused(place: &str, fault: &std::io::Error) -> Error {
    let tls = fault.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let (fact, hint) = tls.map_or_else(|| ("the connection broke in the TLS handshake".to_owned(), None), reason::explain);
    unreachable((format!("{place}: {fact}"), hint))
}

fn unreachable((fact, hint): (String, Option<&'static str>)) -> Error {
    let error = Error::unreachable(fact);
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

type Seen = (Vec<CertificateDer<'static>>, Result<()>);

/// Lets every chain pass and remembers it with the verdict of the real verifier.
#[derive(Debug)]
struct Recorder {
    verifier: Verifier,
    seen: Mutex<Option<Seen>>,
}

impl ServerCertVerifier for Recorder {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verdict = self.verifier.check(end_entity, intermediates, name, now);
        let chain = std::iter::once(end_entity).chain(intermediates).map(|der| der.clone().into_owned()).collect();
        let verdict = verdict.map_err(|fault| unreachable(reason::explain(&fault)));
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some((chain, verdict));
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.verifier.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}
