//! `renew`: a certificate for the same names, of the same authority, before the old one expires.
//!
//! The key stays unless it is to be rotated, so what was pinned to it goes on. The private key need not even be there.

use std::path::{Path, PathBuf};

use reg_shared::cli::Context;
use reg_shared::document::{self, Certificate as Document, Issued, Registry};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::instance::{AUTHORITY, CERTIFICATE, Instance, KEY};
use reg_shared::name::quoted;
use reg_shared::tls::certificate::{Certificate, is_der};
use reg_shared::tls::{self, chain};
use time::{Duration, OffsetDateTime};

use crate::authority::{Authority, Leaf, Usage};
use crate::cli::RenewArgs;
use crate::folder::{self, Folder, Over};
use crate::host::Host;
use crate::issue::is_due;
use crate::key::{Key, KeyType};
use crate::pair::{self, key_beside};
use crate::reload;
use crate::subject;

pub(crate) async fn renew(context: &Context, args: &RenewArgs) -> Result<Exit> {
    let target = match &args.registry.registry {
        Some(name) => Some(subject::registry(context, name).await?),
        None => None,
    };
    let (mut document, certificate) = match (&args.subject, &target) {
        (Some(file), _) => of_file(context, args, file).await?,
        (None, Some((_, Some(instance)))) => of_instance(context, args, instance).await?,
        (None, Some((registry, None))) => {
            return Err(Error::unsupported(format!(
                "cannot renew the certificate of {}: reg-up did not start it",
                registry.title()
            ))
            .hint("name its certificate's file, too: `reg-certs renew FILE -r REGISTRY`"));
        }
        // clap sees to it that one of them is there.
        (None, None) => return Ok(Exit::Usage),
    };
    if let Some((registry, instance)) = target {
        reload::present(context, &registry, instance.as_ref(), &certificate).await?;
        document.registry = Some(registry);
    }
    context.output.print(&document).map(|()| Exit::Ok)
}

/// A new certificate, and its key when that is new.
struct Renewed {
    certificate: Certificate,
    key: Option<Key>,
}

impl Renewed {
    /// What takes the place of `old`; none when that may stay. `key` is the one that lies beside it.
    async fn of(
        context: &Context,
        args: &RenewArgs,
        old: &Certificate,
        key: Option<&Key>,
        what: &Path,
    ) -> Result<Option<(Self, Authority)>> {
        if old.is_ca {
            return Err(Error::usage(format!("{} is an authority's certificate: what it signed can be renewed", what.display()))
                .hint("`reg-certs ca --dir DIR` makes another authority"));
        }
        // A rotation that was cut off leaves a key without its certificate.
        let orphan = key.map(Key::public_key).filter(|public| *public != old.public_key);
        let within = Duration::try_from(args.within).unwrap_or(Duration::MAX);
        if !(args.force || args.rotate || orphan.is_some() || is_due(old, within)) {
            let days = old.days_left(OffsetDateTime::now_utc());
            context.messages.note(format!("{} is good for {days} more days and stays; --force renews it now", what.display()));
            return Ok(None);
        }
        let authority = Authority::find(context, &args.signer)?;
        let authority = authority.ok_or_else(|| {
            Error::conflict(format!("{} was signed by {}, which is not here", what.display(), quoted(&old.issuer)))
                .hint("--ca names the authority's folder or certificate")
        })?;
        if !authority.signed(old) {
            let (own, other) = (quoted(&authority.certificate().subject), quoted(&old.issuer));
            return Err(Error::conflict(format!(
                "{} was signed by {other}, not by {own} in {}",
                what.display(),
                authority.file.display()
            ))
            .hint("--ca names the authority that signed it"));
        }
        let new = if args.rotate { Some(Key::generate(kind(args, old)?)) } else { None };
        let new = match new {
            Some(new) => Some(context.interrupt.or(new).await?),
            None => None,
        };
        let public_key = new.as_ref().map(Key::public_key).or(orphan).unwrap_or_else(|| old.public_key.clone());
        let life = args.days.map_or_else(
            || Duration::days((old.not_after - old.not_before).whole_days().max(1)),
            |days| Duration::days(days.into()),
        );
        let hosts = Host::of(old)?;
        if hosts.is_empty() {
            return Err(Error::input(format!("{} has no subject alternative name to renew", what.display()))
                .hint("`reg-certs issue HOST` makes one that has"));
        }
        let certificate = authority.sign(&Leaf { hosts: &hosts, public_key: &public_key, usage: Usage::of(old), life })?;
        Ok(Some((Self { certificate, key: new }, authority)))
    }

    fn outcome(&self) -> Issued {
        if self.key.is_some() { Issued::Rotated } else { Issued::Renewed }
    }
}

/// The type of the key that takes the place of the old one.
fn kind(args: &RenewArgs, old: &Certificate) -> Result<KeyType> {
    args.key.or_else(|| KeyType::named(&old.key)).ok_or_else(|| {
        Error::usage(format!("a key of the type {} is not made here", old.key)).hint("--key names the type of the new one")
    })
}

fn tell(context: &Context, file: &Path, certificate: &Certificate) {
    let (names, end) = (certificate.names().join(", "), certificate.not_after.date());
    context.messages.note(format!("renewed {} for {names}, good until {end}", file.display()));
}

async fn of_file(context: &Context, args: &RenewArgs, subject: &Path) -> Result<(Document, Certificate)> {
    let known = match subject.as_os_str() == "-" {
        true => document::read_certificate(&context.standard_input()?, "standard input")?,
        false => Document { cert_file: Some(context.absolute(subject)?), ..Document::default() },
    };
    let named = known.cert_file.clone().ok_or_else(|| Error::input("standard input: the field \"certFile\" is missing"))?;
    let what = |file: &Path| format!("the certificates in {}", quoted(&file.display().to_string()));
    // A link stays one: what it leads to is renewed.
    let whole = |file: &Path| std::fs::canonicalize(file).map_err(|fault| Error::io(format!("cannot read {}", what(file)), fault));
    let file = whole(&named)?;
    let (named, file) = match beside_chain(&file) {
        Some(certificate) => (certificate.clone(), whole(&certificate)?),
        None => (named, file),
    };
    let folder = Folder::take(context, parent(&file)).await?;
    pair::check_keyless(&file)?;
    let bytes = tls::file::read(&file, &what(&file))?;
    let found = Certificate::read_all(&bytes, &quoted(&file.display().to_string()))?;
    check_order(&file, &found)?;
    let old = found[0].clone();
    let key_file = args.key_file.clone().or(known.key_file).or_else(|| key_beside(&file));
    let key = key_file.as_deref().map(Key::read).transpose()?;
    let mut document = Document { cert_file: Some(named), key_file: key_file.clone(), outcome: Some(Issued::Kept), ..known };
    document.chain.clear();
    let chain_file = chain_beside(&file, document.chain_file.as_deref());
    chain_file.as_deref().map_or(Ok(()), pair::check_keyless)?;
    document.chain_file.clone_from(&chain_file);
    let renewed = Renewed::of(context, args, &old, key.as_ref(), &file).await?;
    let certificate = match renewed {
        None => old,
        Some((renewed, authority)) => {
            if let Some(key) = &renewed.key {
                let key_file = key_file.ok_or_else(|| {
                    Error::usage(format!("no private key lies beside {}, so none can be rotated", file.display()))
                        .hint("--key-file names it")
                })?;
                write_key(context, &folder, &file, &key_file, key).await?;
            }
            let chain = pair::chain(&renewed.certificate, &authority);
            if let Some(chain_file) = chain_file.as_ref().filter(|chain| parent(chain) == parent(&file)) {
                folder.write_public(context, &name(chain_file), &chain).await?;
            }
            if is_der(&bytes) {
                folder.write_public(context, &name(&file), &renewed.certificate.der).await?;
            } else {
                folder.write_public(context, &name(&file), in_place_of(&found, &renewed.certificate, &authority)).await?;
            }
            document.outcome = Some(renewed.outcome());
            document.ca_file = Some(authority.file.clone());
            tell(context, &file, &renewed.certificate);
            renewed.certificate
        }
    };
    document.facts = Some(certificate.facts(OffsetDateTime::now_utc()));
    Ok((document, certificate))
}

/// Refuses a file that holds more than a certificate and those that lead to its root: what it holds of others would be lost.
fn check_order(file: &Path, found: &[Certificate]) -> Result<()> {
    match found.windows(2).find(|pair| pair[0].issuer_der != pair[1].subject_der) {
        None => Ok(()),
        Some(pair) => Err(Error::conflict(format!(
            "{} holds another certificate, too: {}, which did not sign the one before it",
            file.display(),
            quoted(&pair[1].subject)
        ))
        .hint("give each certificate a file of its own")),
    }
}

/// What a file holds after a renewal: the new certificate, and behind it those that it held, each as the authority has it now.
fn in_place_of(found: &[Certificate], new: &Certificate, authority: &Authority) -> String {
    let behind = found[1..].iter().map(|old| authority.chain.iter().find(|own| own.subject_der == old.subject_der).unwrap_or(old));
    std::iter::once(new).chain(behind).map(Certificate::pem).collect()
}

/// Writes a rotated key, which may lie in another folder than its certificate.
async fn write_key(context: &Context, folder: &Folder, certificate: &Path, key_file: &Path, key: &Key) -> Result<()> {
    let cannot = |fault| Error::io(format!("cannot read the private key {}", quoted(&key_file.display().to_string())), fault);
    let key_file = std::fs::canonicalize(key_file).map_err(cannot)?;
    if parent(&key_file) == parent(certificate) {
        return folder.write_key(context, &name(&key_file), &key.pem(), folder::KEY, Over::Anything).await;
    }
    let folder = Folder::take(context, parent(&key_file)).await?;
    folder.write_key(context, &name(&key_file), &key.pem(), folder::KEY, Over::Anything).await
}

fn parent(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new("/"))
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The certificate alone, of a file with its whole chain: both are renewed, whichever is named.
fn beside_chain(file: &Path) -> Option<PathBuf> {
    let stem = file.file_name()?.to_str()?.strip_suffix(".chain.pem")?;
    Some(file.with_file_name(format!("{stem}.pem"))).filter(|beside| beside.is_file())
}

/// The file with the whole chain, of a certificate that was issued here.
fn chain_beside(file: &Path, known: Option<&Path>) -> Option<PathBuf> {
    let beside = file.with_extension("chain.pem");
    known.map(Path::to_owned).or_else(|| beside.is_file().then_some(beside))
}

async fn of_instance(context: &Context, args: &RenewArgs, instance: &Instance) -> Result<(Document, Certificate)> {
    let locked = context.lock(instance.name()).await?;
    let settings =
        locked.settings()?.ok_or_else(|| Error::not_found(format!("there is no instance \"{}\" any more", locked.name())))?;
    if !settings.tls {
        return Err(Error::usage(format!("the instance \"{}\" has no certificate: it speaks plain http", locked.name()))
            .hint(format!("`reg-certs issue localhost | reg-up start {} --tls - --replace` gives it one", locked.name())));
    }
    let (file, key_file, ca_file) = (locked.dir().join(CERTIFICATE), locked.dir().join(KEY), locked.dir().join(AUTHORITY));
    let old = Certificate::read_file(&file)?[0].clone();
    let key = Key::read(&key_file)?;
    let renewed = Renewed::of(context, args, &old, Some(&key), &file).await?;
    let mut outcome = Issued::Kept;
    let certificate = match renewed {
        None => old,
        Some((renewed, authority)) => {
            if settings.ca
                && chain::leads_to(&chain_of(&renewed, &authority), &chain::roots(&Certificate::read_file(&ca_file)?)).is_err()
            {
                return Err(Error::conflict(format!(
                    "the clients of \"{}\" trust another authority: {}",
                    locked.name(),
                    ca_file.display()
                ))
                .hint("--ca names the authority that signed the certificate"));
            }
            let change = locked.change_running([CERTIFICATE, KEY])?;
            if let Some(key) = &renewed.key {
                locked.write(KEY, key.pem().expose().as_bytes())?;
            }
            locked.write(CERTIFICATE, pair::chain(&renewed.certificate, &authority).as_bytes())?;
            change.done()?;
            outcome = renewed.outcome();
            tell(context, &file, &renewed.certificate);
            renewed.certificate
        }
    };
    let document = Document {
        outcome: Some(outcome),
        cert_file: Some(file),
        key_file: Some(key_file),
        ca_file: settings.ca.then_some(ca_file),
        facts: Some(certificate.facts(OffsetDateTime::now_utc())),
        ..Document::default()
    };
    Ok((document, certificate))
}

fn chain_of(renewed: &Renewed, authority: &Authority) -> Vec<Certificate> {
    std::iter::once(&renewed.certificate).chain(authority.intermediates()).cloned().collect()
}

/// For messages: a registry by its name, else by its URL.
pub(crate) fn called(registry: &Registry) -> String {
    registry.name.as_ref().map_or_else(|| registry.url.clone(), |name| quoted(name))
}
