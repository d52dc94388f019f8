//! The checks of a certificate: each a question that has its own answer.
//!
//! What clients ask in one breath (chain, name, time, usage) is asked here one by one, so that an expired certificate for the wrong host
//! tells both.

use std::path::{Path, PathBuf};

use reg_shared::document::Outcome;
use reg_shared::exit::Exit;
use reg_shared::name::quoted;
use reg_shared::secret::Secret;
use reg_shared::tls::certificate::Certificate;
use reg_shared::tls::{algorithm, chain, reason};
use rustls::{CertificateError, Error, RootCertStore};
use time::OffsetDateTime;

use crate::authority::Usage;
use crate::issue::RENEW_WITHIN;
use crate::key::{Key, open_to_everybody};
use crate::subject::Subject;

/// What a check found, in words.
pub(crate) type Found = (Outcome, String);

fn pass(detail: impl Into<String>) -> Found {
    (Outcome::Pass, detail.into())
}

fn fail(detail: impl Into<String>) -> Found {
    (Outcome::Fail, detail.into())
}

fn skip(detail: impl Into<String>) -> Found {
    (Outcome::Skip, detail.into())
}

/// Who is believed.
pub(crate) struct Believed {
    /// An authority's certificates, and their file.
    pub(crate) own: Option<(PathBuf, Vec<Certificate>)>,
    /// The system's.
    pub(crate) system: RootCertStore,
}

impl Believed {
    fn own(&self) -> &[Certificate] {
        self.own.as_ref().map_or(&[], |(_, certificates)| certificates)
    }

    /// Who signed the last certificate of a chain.
    fn signer(&self, chain: &[Certificate]) -> Option<&Certificate> {
        let last = chain.last()?;
        self.own().iter().find(|own| own.subject_der == last.issuer_der)
    }
}

/// Whether it leads to an authority that is believed.
pub(crate) fn chain(certificates: &[Certificate], believed: &Believed) -> Found {
    let leaf = &certificates[0];
    if let Some((file, own)) = &believed.own {
        let file = file.display();
        // A certificate that is itself among the authorities is believed by clients, too, whatever signed it.
        if own.iter().any(|own| own.der == leaf.der) {
            return pass(format!("it stands in {file} itself"));
        }
        match chain::leads_to(certificates, &chain::roots(own)) {
            Ok(()) => {
                let signer = believed.signer(certificates).map_or("an authority", |signer| &signer.subject);
                return pass(format!("it leads to {} of {file}", quoted(signer)));
            }
            // The system's authorities do not know better why one of ours does not fit.
            Err(fault) if !is_unknown(&fault) => return fail(broken(certificates, &fault)),
            Err(_) => {}
        }
    }
    match chain::leads_to(certificates, &believed.system) {
        Ok(()) => pass("it leads to an authority of this system"),
        Err(fault) => fail(broken(certificates, &fault)),
    }
}

fn is_unknown(fault: &Error) -> bool {
    matches!(fault, Error::InvalidCertificate(CertificateError::UnknownIssuer))
}

fn broken(certificates: &[Certificate], fault: &Error) -> String {
    let leaf = &certificates[0];
    let last = certificates.last().unwrap_or(leaf);
    match fault {
        _ if leaf.is_ca && certificates.len() == 1 && !leaf.is_self_issued() => "it is an authority's own certificate".to_owned(),
        _ if leaf.is_self_issued() => "it signed itself, and is not believed here; --ca FILE believes it".to_owned(),
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            format!("it was signed by {}, which is not known here; --ca FILE names it", quoted(&last.issuer))
        }
        Error::InvalidCertificate(CertificateError::BadSignature) => {
            format!("it names {} as its signer, but was signed by another key", quoted(&last.issuer))
        }
        _ => match certificates.iter().find(|certificate| algorithm::is_weak_signature(&certificate.signature)) {
            Some(weak) => format!("it was signed with {}, which is not believed any more", weak.signature),
            None => reason::explain(fault).0,
        },
    }
}

/// Whether the certificates stand in the order in which servers must show them (RFC 8446, 4.4.2).
pub(crate) fn order(found: &[Certificate]) -> Found {
    if found[0].is_ca
        && let Some(at) = found.iter().position(|certificate| !certificate.is_ca)
    {
        return fail(format!("the server's own certificate must come first, and is number {}", at + 1));
    }
    for (at, pair) in found.windows(2).enumerate() {
        if pair[0].issuer_der != pair[1].subject_der {
            let (one, other) = (at + 1, at + 2);
            return fail(format!("number {other}, {}, did not sign number {one}", quoted(&pair[1].subject)));
        }
    }
    match found.len() {
        1 => pass("one certificate"),
        count => pass(format!("{count} certificates, each signed by the next")),
    }
}

/// Whether it is for the host that is asked for.
pub(crate) fn host(leaf: &Certificate, host: Option<&str>) -> Found {
    let Some(host) = host else { return skip("no --host was given") };
    match chain::is_for(leaf, host) {
        Ok(()) => pass(format!("it is for {host}")),
        Err(_) if leaf.names().is_empty() => fail(format!("it is not for {host}: it names no host")),
        Err(_) => fail(format!("it is not for {host} but for {}", leaf.names().join(", "))),
    }
}

/// Whether all of it is valid now.
pub(crate) fn time(certificates: &[Certificate], believed: &Believed) -> Found {
    let now = OffsetDateTime::now_utc();
    let all = certificates.iter().chain(believed.signer(certificates));
    for (at, certificate) in all.enumerate() {
        let who = if at == 0 { "it".to_owned() } else { format!("its authority {}", quoted(&certificate.subject)) };
        if certificate.not_after < now {
            let days = -certificate.days_left(now);
            return fail(format!("{who} expired on {}, {days} {} ago", certificate.not_after.date(), plural(days, "day")));
        }
        if certificate.not_before > now {
            return fail(format!("{who} is not valid before {}; is this machine's clock right?", certificate.not_before.date()));
        }
    }
    let leaf = &certificates[0];
    let (days, end) = (leaf.days_left(now), leaf.not_after.date());
    let soon =
        if leaf.not_after - now <= RENEW_WITHIN.min((leaf.not_after - leaf.not_before) / 3) { ": renew it soon" } else { "" };
    pass(format!("good for {days} more {}, until {end}{soon}", plural(days, "day")))
}

fn plural(count: i64, what: &str) -> String {
    if count == 1 { what.to_owned() } else { format!("{what}s") }
}

/// Whether the private key is its own, and nobody else's. `given` is the one that was asked about, with its file.
pub(crate) fn key(subject: &Subject, given: Option<(&Path, &Secret)>) -> Found {
    let (file, key) = match (given, &subject.server, subject.key_file()) {
        (Some((file, text)), ..) => (file.to_owned(), Key::parse(text, file)),
        (None, Some(server), _) => return pass(format!("the server proved that it has it ({})", server.protocol)),
        (None, None, None) => return skip("no private key is beside it; --key-file names one"),
        (None, None, Some(file)) => match Key::read(&file) {
            // Nobody asked about it, and that it is shut is as it should be.
            Err(fault) if fault.kind() == Exit::Denied => return skip(fault.to_string()),
            read => (file, read),
        },
    };
    let shown = file.display();
    match (key, open_to_everybody(&file)) {
        (Err(fault), _) => fail(fault.to_string()),
        (Ok(key), _) if key.public_key() != subject.leaf().public_key => fail(format!("{shown} is not its key")),
        (Ok(_), Some(mode)) => fail(format!("{shown} is open to everybody on this machine (mode {mode:o}); `chmod 600` closes it")),
        (Ok(_), None) => pass(format!("{shown} is its key")),
    }
}

/// Whether it may be used as it is; as a server's, when one is asked for.
pub(crate) fn usage(certificates: &[Certificate], believed: &Believed, server: bool) -> Found {
    let leaf = &certificates[0];
    let own = believed.own().iter().any(|own| own.der == leaf.der);
    // A server's own certificate that is believed by name may be marked as an authority's: `openssl req -x509` does so.
    if leaf.is_ca && !own {
        return fail("it is an authority's certificate, which clients do not take from a server");
    }
    let signs = |certificate: &&Certificate| !certificate.key_usages.is_empty() && !certificate.key_usages.contains(&"keyCertSign");
    if let Some(signer) =
        certificates.iter().skip(1).chain(believed.signer(certificates)).filter(|signer| signer.der != leaf.der).find(signs)
    {
        return fail(format!("{} may not sign certificates (no keyCertSign)", quoted(&signer.subject)));
    }
    if !leaf.key_usages.is_empty() && !leaf.key_usages.contains(&"digitalSignature") {
        return fail(format!("its key may not sign a handshake: {}", leaf.key_usages.join(", ")));
    }
    match Usage::of(leaf) {
        Usage { server: false, client: true } if server => fail("it is for clients only (clientAuth), not for servers"),
        usage @ Usage { server: false, client: false } => {
            fail(format!("it is for {}: {}", usage.words(), leaf.extended_key_usages.join(", ")))
        }
        usage => pass(format!("for {}", usage.words())),
    }
}

/// Whether it names what it is for where clients look.
pub(crate) fn names(leaf: &Certificate) -> Found {
    match leaf.names() {
        names if names.is_empty() => fail("it has no subject alternative name, and a common name alone is not believed any more"),
        names => pass(names.join(", ")),
    }
}

/// Whether keys and signatures still protect.
pub(crate) fn algorithms(certificates: &[Certificate], believed: &Believed) -> Found {
    let all = certificates.iter().chain(believed.signer(certificates));
    for (at, certificate) in all.enumerate() {
        let who = if at == 0 { "it".to_owned() } else { format!("its authority {}", quoted(&certificate.subject)) };
        if algorithm::is_weak_key(&certificate.key) {
            return fail(format!("{who} has a key that is too weak: {}", certificate.key));
        }
        // Nobody relies on the signature of a root under itself.
        if !certificate.is_self_issued() && algorithm::is_weak_signature(&certificate.signature) {
            return fail(format!("{who} was signed with {}, which is not believed any more", certificate.signature));
        }
    }
    pass(format!("{}, signed with {}", certificates[0].key, certificates[0].signature))
}
