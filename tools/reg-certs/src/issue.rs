//! `issue`: a certificate for hosts; the one that is there when it will do.

use reg_shared::cli::Context;
use reg_shared::document::{Certificate as Document, Issued};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::http::Url;
use reg_shared::name::quoted;
use reg_shared::tls::certificate::Certificate;
use time::{Duration, OffsetDateTime};

use crate::authority::{Authority, Leaf, Usage, data, default_dir};
use crate::ca;
use crate::cli::{CaArgs, IssueArgs};
use crate::folder::{Folder, Over};
use crate::host::Host;
use crate::key::{Key, KeyType};
use crate::pair::{self, Names, Pair};
use crate::request;

/// A certificate that is good for less, or for less than a third of its life, is issued again.
pub(crate) const RENEW_WITHIN: Duration = Duration::days(30);

pub(crate) async fn issue(context: &Context, args: &IssueArgs) -> Result<Exit> {
    let hosts: Vec<Host> = args.hosts.iter().map(|text| text.parse()).collect::<Result<_>>()?;
    if let Some(file) = &args.csr {
        return request::issue(context, args, &hosts, file).await;
    }
    let order = Order::open(context, args, hosts).await?;
    let there = order.there()?;
    match (order.plan(&there)?, there) {
        (Plan::Keep, Pair { certificate: Some(certificate), .. }) => {
            // A crash may have left it out.
            if !order.folder.path(&order.names.chain).exists() {
                order.folder.write_public(&order.names.chain, &pair::chain(&certificate, &order.authority))?;
            }
            order.kept(&certificate, true)
        }
        (Plan::SameKey, Pair { key: Some(key), certificate }) => {
            order.issued(&key.public_key(), None, if certificate.is_some() { Issued::Renewed } else { Issued::New }, true)
        }
        (_, there) => {
            let key = context.interrupt.or(Key::generate(args.key.unwrap_or(KeyType::EcdsaP256))).await?;
            let over = if args.force { Over::Anything } else { Over::Nothing };
            let outcome = if there.certificate.is_some() { Issued::Rotated } else { Issued::New };
            order.issued(&key.public_key(), Some((&key, over)), outcome, true)
        }
    }
}

/// What is to be done.
enum Plan {
    /// Nothing: what is there will do.
    Keep,
    /// Sign for the key that is there.
    SameKey,
    /// Make a key, too.
    NewKey,
}

/// A certificate that was asked for, who signs it, and where it goes.
pub(crate) struct Order<'a> {
    context: &'a Context,
    args: &'a IssueArgs,
    hosts: Vec<Host>,
    usage: Usage,
    authority: Authority,
    pub(crate) folder: Folder,
    pub(crate) names: Names,
}

impl<'a> Order<'a> {
    /// Finds the authority, making the default one when there is none, and takes the folder. `hosts` has at least one.
    pub(crate) async fn open(context: &'a Context, args: &'a IssueArgs, hosts: Vec<Host>) -> Result<Self> {
        let usage = Usage { server: !args.client, client: args.client || args.both };
        check_names(&hosts, usage)?;
        let authority = match Authority::find(context, &args.signer)? {
            Some(authority) => authority,
            None => {
                let none = CaArgs { name: None, dir: None, days: None, constrain: Vec::new(), key: None };
                ca::make(context, &default_dir(context)?, &none).await?;
                let made = Authority::find(context, &args.signer)?;
                made.ok_or_else(|| Error::failed("the authority that was made is gone"))?
            }
        };
        let out = args.out.as_deref().map_or_else(|| data(context, "certs"), |out| context.absolute(out))?;
        let folder = Folder::take(context, &out).await?;
        let names = Names::new(&hosts[0].file_stem());
        Ok(Self { context, args, hosts, usage, authority, folder, names })
    }

    /// What is there already.
    pub(crate) fn there(&self) -> Result<Pair> {
        Pair::read(&self.folder, &self.names)
    }

    /// Why a certificate of this authority will not do; none when it will.
    pub(crate) fn outdated(&self, certificate: &Certificate) -> Result<Option<String>> {
        Ok(if !same_names(&Host::of(certificate)?, &self.hosts) {
            Some(format!("it is for {}", certificate.names().join(", ")))
        } else if Usage::of(certificate) != self.usage {
            Some("it is for another use".to_owned())
        } else if is_due(certificate, RENEW_WITHIN) {
            Some(format!("it expires on {}", certificate.not_after.date()))
        } else {
            None
        })
    }

    /// Whether the certificate is one of this authority's.
    pub(crate) fn is_ours(&self, certificate: &Certificate) -> bool {
        self.authority.signed(certificate)
    }

    fn plan(&self, there: &Pair) -> Result<Plan> {
        if self.args.force {
            return Ok(Plan::NewKey);
        }
        let (file, key_file) = (self.folder.path(&self.names.certificate), self.folder.path(&self.names.key));
        let (file, key_file) = (file.display(), key_file.display());
        let note = |text: String| self.context.messages.note(text);
        if let (Some(key), Some(asked)) = (&there.key, self.args.key)
            && key.kind()? != asked.name()
        {
            let fault = Error::conflict(format!("the key {key_file} is there and is {}, not {}", key.kind()?, asked.name()));
            return Err(fault.hint("--force replaces it, --out DIR puts the new one elsewhere"));
        }
        let Some(certificate) = &there.certificate else {
            if there.key.is_none() {
                return Ok(Plan::NewKey);
            }
            note(format!("{key_file} is there without its certificate, which is issued now"));
            return Ok(Plan::SameKey);
        };
        if !self.is_ours(certificate) {
            let issuer = quoted(&certificate.issuer);
            return Err(Error::conflict(format!("{file} is there, signed by another authority: {issuer}"))
                .hint("--out DIR puts the new one elsewhere, --force replaces the one that is there and its key"));
        }
        if there.key.is_none() {
            note(format!("{file} is there without its key; both are made anew"));
            return Ok(Plan::NewKey);
        }
        if !there.fits() {
            note(format!("{file} is not the certificate of {key_file}, which gets one now"));
            return Ok(Plan::SameKey);
        }
        match self.outdated(certificate)? {
            None => Ok(Plan::Keep),
            Some(why) => {
                note(format!("{file} is issued anew for its key: {why}"));
                Ok(Plan::SameKey)
            }
        }
    }

    /// Leaves what is there, and prints it.
    pub(crate) fn kept(&self, certificate: &Certificate, with_key: bool) -> Result<Exit> {
        let days = certificate.days_left(OffsetDateTime::now_utc());
        let file = self.folder.path(&self.names.certificate);
        self.context.messages.note(format!("{} is good for {days} more days and stays; --force issues another", file.display()));
        self.print(certificate, Issued::Kept, with_key)
    }

    /// Signs for a public key, writes the certificate, the key when it is new, and prints it.
    pub(crate) fn issued(&self, public_key: &[u8], key: Option<(&Key, Over)>, outcome: Issued, with_key: bool) -> Result<Exit> {
        let life = Duration::days(self.args.days.into());
        let signed = self.authority.sign(&Leaf { hosts: &self.hosts, public_key, usage: self.usage, life })?;
        pair::write(&self.folder, &self.names, &signed, &self.authority, key)?;
        let (file, end) = (self.folder.path(&self.names.certificate), signed.not_after.date());
        let names = signed.names().join(", ");
        self.context.messages.note(format!("issued {} for {names}, good until {end}", file.display()));
        if signed.not_after - signed.not_before < life {
            let text = format!("it is good until {end}, not for {} days: its authority expires then", self.args.days);
            self.context.messages.warn(text);
        }
        self.print(&signed, outcome, with_key)
    }

    fn print(&self, certificate: &Certificate, outcome: Issued, with_key: bool) -> Result<Exit> {
        let document = Document {
            outcome: Some(outcome),
            cert_file: Some(self.folder.path(&self.names.certificate)),
            key_file: with_key.then(|| self.folder.path(&self.names.key)),
            ca_file: Some(self.authority.file.clone()),
            chain_file: Some(self.folder.path(&self.names.chain)),
            facts: Some(certificate.facts(OffsetDateTime::now_utc())),
            ..Document::default()
        };
        self.context.output.print(&document).map(|()| Exit::Ok)
    }
}

/// A server that nobody can ask for by its name is a mistake.
fn check_names(hosts: &[Host], usage: Usage) -> Result<()> {
    if !usage.server || hosts.iter().any(Host::is_host) {
        return Ok(());
    }
    let fault = Error::usage("a server's certificate needs a host name or an address");
    let host = hosts.iter().find_map(|host| match host {
        Host::Uri(uri) => Url::parse(uri).ok()?.host_str().map(ToOwned::to_owned),
        _ => None,
    });
    Err(fault.hint(match host {
        Some(host) => format!("write {host}, or add --client for a client"),
        None => "for a client add --client".to_owned(),
    }))
}

/// Whether a certificate is so near its end that it should be issued again.
pub(crate) fn is_due(certificate: &Certificate, within: Duration) -> bool {
    let life = certificate.not_after - certificate.not_before;
    certificate.not_after - OffsetDateTime::now_utc() <= within.min(life / 3)
}

/// Whether two lists hold the same names, in whatever order.
fn same_names(one: &[Host], other: &[Host]) -> bool {
    one.iter().all(|name| other.contains(name)) && other.iter().all(|name| one.contains(name))
}
