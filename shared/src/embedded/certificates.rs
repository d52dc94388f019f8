//! What the listener presents: a certificate chain and a key in files that may change at any time.
//!
//! The files are looked at in every handshake and read again when one changed, so a renewal needs no restart and breaks no
//! connection. As long as they do not fit each other (one was written, the other is about to be) the listener presents what it had.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio_rustls::TlsAcceptor;

use super::log::Log;
use super::stamp::Stamp;
use super::uploads::on_thread;
use crate::error::Result;
use crate::tls;

/// The certificate and key of a server.
pub(super) struct Certificates {
    certificate: PathBuf,
    key: PathBuf,
    log: Log,
    state: Mutex<State>,
}

struct State {
    stamps: Option<[Stamp; 2]>,
    acceptor: TlsAcceptor,
    /// Why the files as they are now are not presented.
    fault: Option<String>,
}

impl Certificates {
    /// Reads the files for the first time.
    ///
    /// # Errors
    /// Those of [`tls::server::config`].
    pub(super) fn new(certificate: &Path, key: &Path, log: Log) -> Result<Self> {
        let stamps = stamps(certificate, key);
        let acceptor = TlsAcceptor::from(tls::server::config(certificate, key)?);
        let state = Mutex::new(State { stamps, acceptor, fault: None });
        Ok(Self { certificate: certificate.to_owned(), key: key.to_owned(), log, state })
    }

    /// What to shake hands with now.
    pub(super) async fn acceptor(&self) -> TlsAcceptor {
        let stamps = stamps(&self.certificate, &self.key);
        {
            let state = self.state();
            let settled = stamps.as_ref().is_some_and(|stamps| stamps.iter().all(Stamp::is_settled));
            if settled && state.stamps == stamps {
                return state.acceptor.clone();
            }
        }
        let (certificate, key) = (self.certificate.clone(), self.key.clone());
        let read = on_thread(move || Ok(tls::server::config(&certificate, &key))).await;
        let read = read.map_err(|fault| fault.to_string()).and_then(|read| read.map_err(|fault| fault.to_string()));
        let mut state = self.state();
        match read {
            Ok(config) => {
                if state.stamps != stamps {
                    self.log.say("info", "the certificate was read again");
                }
                state.acceptor = TlsAcceptor::from(config);
                state.fault = None;
            }
            Err(fault) => {
                if state.fault.as_ref() != Some(&fault) {
                    self.log.say("warning", &format!("the certificate stays the one before: {fault}"));
                }
                state.fault = Some(fault);
            }
        }
        state.stamps = stamps;
        state.acceptor.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Each field is replaced as a whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn stamps(certificate: &Path, key: &Path) -> Option<[Stamp; 2]> {
    Some([Stamp::of(certificate).ok()?, Stamp::of(key).ok()?])
}
