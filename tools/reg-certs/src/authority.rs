//! An authority: its certificate, its key, and what it signs.
//!
//! What is signed names hosts as subject alternative names, is no authority, says what it may be used for, has a serial number of 128
//! random bits (RFC 5280 asks for at most 20 bytes, the CA/Browser Forum for 64 random bits) and begins an hour ago, for clocks that are
//! late. Before it leaves here it is held against the authority's own certificate, so nothing is written that no client would take, such as
//! names that the authority is not allowed to sign.

use std::path::{Path, PathBuf};

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose,
    PKCS_RSA_SHA256, PKCS_RSA_SHA384, PKCS_RSA_SHA512, PublicKeyData as _, SerialNumber, SubjectPublicKeyInfo,
};
use reg_shared::cli::Context;
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::name::quoted;
use reg_shared::shell;
use reg_shared::tls::certificate::Certificate;
use reg_shared::tls::{chain, reason};
use time::{Duration, OffsetDateTime};

use crate::cli::SignerArgs;
use crate::constraint::{self, Constraint};
use crate::host::Host;
use crate::issuer::Signer;
use crate::key::{self, Key};

/// An authority's files in a folder of ours, and in mkcert's.
const FILES: [(&str, &str); 2] = [("ca.pem", "ca.key"), ("rootCA.pem", "rootCA-key.pem")];
/// How late a clock may be.
const SKEW: Duration = Duration::hours(1);
/// The longest common name (RFC 5280, appendix A).
const COMMON_NAME_MAX: usize = 64;

/// What a certificate is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) server: bool,
    pub(crate) client: bool,
}

impl Usage {
    /// What a certificate says it is used for; one that does not say is for both.
    pub(crate) fn of(certificate: &Certificate) -> Self {
        let says =
            |purpose: &str| certificate.extended_key_usages.iter().any(|known| known == purpose || known == "anyExtendedKeyUsage");
        let any = certificate.extended_key_usages.is_empty();
        Self { server: any || says("serverAuth"), client: any || says("clientAuth") }
    }

    /// In words.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self { server: true, client: true } => "servers and clients",
            Self { server: true, client: false } => "servers",
            Self { server: false, client: true } => "clients",
            Self { server: false, client: false } => "neither servers nor clients",
        }
    }

    fn purposes(self) -> Vec<ExtendedKeyUsagePurpose> {
        let all = [(self.server, ExtendedKeyUsagePurpose::ServerAuth), (self.client, ExtendedKeyUsagePurpose::ClientAuth)];
        all.into_iter().filter_map(|(set, purpose)| set.then_some(purpose)).collect()
    }
}

/// What is to be signed.
#[derive(Debug)]
pub(crate) struct Leaf<'a> {
    /// What it is for, at least one.
    pub(crate) hosts: &'a [Host],
    /// Its public key: subject public key info, DER.
    pub(crate) public_key: &'a [u8],
    pub(crate) usage: Usage,
    pub(crate) life: Duration,
}

/// An authority that can sign.
pub(crate) struct Authority {
    /// The file with its certificate.
    pub(crate) file: PathBuf,
    /// Its own certificate first, then those that lead to its root.
    pub(crate) chain: Vec<Certificate>,
    signer: Signer,
}

/// The folder of the default authority.
pub(crate) fn default_dir(context: &Context) -> Result<PathBuf> {
    data(context, "ca")
}

/// A folder for what is kept for good.
pub(crate) fn data(context: &Context, name: &str) -> Result<PathBuf> {
    context.environment.data.as_ref().map(|data| data.join(name)).ok_or_else(|| {
        Error::failed("there is no place for certificates: neither HOME nor XDG_DATA_HOME is set")
            .hint("name folders with --ca and --out")
    })
}

/// The certificate of the authority in a folder, or the file itself.
pub(crate) fn certificate_file(path: &Path) -> PathBuf {
    if !path.is_dir() {
        return path.to_owned();
    }
    let there = FILES.iter().map(|(certificate, _)| path.join(certificate)).find(|file| file.exists());
    there.unwrap_or_else(|| path.join(FILES[0].0))
}

/// The private key beside an authority's certificate.
fn key_file(certificate: &Path) -> PathBuf {
    let known = FILES.iter().find(|(name, _)| certificate.file_name().is_some_and(|own| own == *name));
    known.map_or_else(|| certificate.with_extension("key"), |(_, key)| certificate.with_file_name(key))
}

impl Authority {
    /// The authority that the flags name; without them the default one, none when there is none yet.
    pub(crate) fn find(context: &Context, args: &SignerArgs) -> Result<Option<Self>> {
        let Some(named) = &args.ca else {
            let file = certificate_file(&default_dir(context)?);
            return if file.exists() { Self::read(context, &file, &key_file(&file)).map(Some) } else { Ok(None) };
        };
        let file = certificate_file(&context.absolute(named)?);
        if matches!(file.try_exists(), Ok(false)) {
            return Err(Error::input(format!("there is no authority in {}: {} does not exist", named.display(), file.display()))
                .hint(format!("`reg-certs ca --dir {}` makes one", shell::word(named.as_os_str()))));
        }
        let key = args.ca_key.clone().unwrap_or_else(|| key_file(&file));
        Self::read(context, &file, &key).map(Some)
    }

    /// Reads an authority. Who else may read its key is told: they can sign, too.
    ///
    /// # Errors
    /// [`Exit::Input`]: a file is missing, its certificate is not an authority's, or the key is another one.
    fn read(context: &Context, file: &Path, key: &Path) -> Result<Self> {
        let shown = file.display();
        let chain = Certificate::read_file(file)?;
        let own = chain.first().ok_or_else(|| Error::input(format!("{shown} holds no certificate")))?;
        let signs = own.key_usages.is_empty() || own.key_usages.contains(&"keyCertSign");
        if !own.is_ca || !signs {
            return Err(Error::input(format!("{shown} is not an authority's certificate: it may not sign others")));
        }
        let pair = Key::read(key).map_err(|fault| match key.exists() {
            true => fault,
            false => fault.hint("only where its key is can an authority sign; --ca-key names the file"),
        })?;
        if pair.public_key() != own.public_key {
            return Err(Error::input(format!("the key in {} is not the key of the authority in {shown}", key.display())));
        }
        if let Some(mode) = key::open_to_everybody(key) {
            let word = shell::word(key.as_os_str());
            let text = format!("everybody on this machine may use the authority's key {word} (mode {mode:o}): `chmod 400 {word}`");
            context.messages.warn(text);
        }
        let signer = Signer::new(own, pair);
        Ok(Self { file: file.to_owned(), chain, signer })
    }

    /// Its own certificate.
    pub(crate) fn certificate(&self) -> &Certificate {
        // Read with at least one.
        &self.chain[0]
    }

    /// The certificates between what it signs and its root, which clients have.
    pub(crate) fn intermediates(&self) -> impl Iterator<Item = &Certificate> {
        self.chain.iter().filter(|certificate| !certificate.is_self_issued())
    }

    /// Whether it signed this certificate.
    pub(crate) fn signed(&self, certificate: &Certificate) -> bool {
        certificate.issuer_der == self.certificate().subject_der && self.leads_to(certificate).is_ok()
    }

    fn leads_to(&self, certificate: &Certificate) -> Result<(), rustls::Error> {
        chain::leads_to(std::slice::from_ref(certificate), &chain::roots(&self.chain[..1]))
    }

    /// Signs a certificate; its end is not behind the authority's own.
    ///
    /// # Errors
    /// [`Exit::Conflict`] when the authority has expired or may not sign for these names.
    pub(crate) fn sign(&self, leaf: &Leaf<'_>) -> Result<Certificate> {
        let own = self.certificate();
        let now = OffsetDateTime::now_utc();
        if own.not_after <= now {
            return Err(Error::conflict(format!("the authority {} expired on {}", quoted(&own.subject), own.not_after.date()))
                .hint("`reg-certs ca --dir DIR` makes another one"));
        }
        self.check_uris(leaf.hosts)?;
        let mut params = CertificateParams::default();
        params.subject_alt_names = leaf.hosts.iter().map(Host::san).collect::<Result<_>>()?;
        params.distinguished_name = DistinguishedName::new();
        if let Some(name) = common_name(leaf.hosts) {
            params.distinguished_name.push(DnType::CommonName, name);
        }
        params.not_before = now - SKEW;
        params.not_after = (now + leaf.life).min(own.not_after);
        params.serial_number = Some(serial()?);
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = leaf.usage.purposes();
        params.use_authority_key_identifier_extension = true;
        let cannot = |fault| Error::unsupported("cannot sign for a key of this kind").caused_by(fault);
        let public_key = SubjectPublicKeyInfo::from_der(leaf.public_key).map_err(cannot)?;
        if [&PKCS_RSA_SHA256, &PKCS_RSA_SHA384, &PKCS_RSA_SHA512].contains(&public_key.algorithm()) {
            // TLS 1.2 without Diffie-Hellman encrypts with it.
            params.key_usages.push(KeyUsagePurpose::KeyEncipherment);
        }
        let signed = self.signer.sign(&params, &public_key)?;
        self.check(&signed)?;
        Ok(signed)
    }

    /// A kind of name that no constraint is of is not constrained for clients, and one of a URI's host they do not all know: an authority
    /// that has any signs for none.
    fn check_uris(&self, hosts: &[Host]) -> Result<()> {
        let uris: Vec<String> = hosts.iter().filter(|host| matches!(host, Host::Uri(_))).map(Host::text).collect();
        let constrained = self.chain.iter().any(|certificate| certificate.is_constrained);
        if constrained && !uris.is_empty() { Err(self.may_not(&uris.join(", "))) } else { Ok(()) }
    }

    fn may_not(&self, names: &str) -> Error {
        Error::conflict(format!("the authority {} may not sign for {names}", quoted(&self.certificate().subject)))
            .hint("it was made for other names only (name constraints); `reg-certs ca --dir DIR` makes another one")
    }

    fn check(&self, signed: &Certificate) -> Result<()> {
        let own = self.certificate();
        self.leads_to(signed).map_err(|fault| {
            if reason::is_name_constraint(&fault) {
                let names = signed.names().join(", ");
                return self.may_not(&names);
            }
            Error::failed(format!("what {} signs is not believed: {}", quoted(&own.subject), reason::explain(&fault).0))
                .with_kind(Exit::Failed)
        })
    }
}

/// What people see of a certificate. OpenSSL holds a common name that looks like a DNS name against the authority's constraints on those
/// when the certificate has no DNS name, so an address does not stand there alone.
fn common_name(hosts: &[Host]) -> Option<String> {
    let name = hosts.iter().find(|host| matches!(host, Host::Dns(_))).or(hosts.first())?;
    let text = if let Host::Ip(address) = name { format!("IP {address}") } else { name.text() };
    (text.len() <= COMMON_NAME_MAX).then_some(text)
}

/// 128 random bits.
fn serial() -> Result<SerialNumber> {
    let mut bytes = [0; 16];
    // A leading zero would not be written, and the number be shorter.
    while bytes[0] == 0 {
        getrandom::fill(&mut bytes).map_err(|fault| Error::failed("the system gives no random numbers").caused_by(fault))?;
    }
    Ok(SerialNumber::from_slice(&bytes))
}

/// A new authority's certificate, signed by its own key.
pub(crate) fn root(name: &str, life: Duration, constraints: &[Constraint], key: &Key) -> Result<Certificate> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    let now = OffsetDateTime::now_utc();
    (params.not_before, params.not_after) = (now - SKEW, now + life);
    params.serial_number = Some(serial()?);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.name_constraints = (!constraints.is_empty()).then(|| constraint::extension(constraints));
    let signed = params.self_signed(key.pair()).map_err(|fault| Error::failed("cannot sign").caused_by(fault))?;
    Certificate::read(signed.der())
}
