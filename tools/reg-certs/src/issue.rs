//! `issue`: a certificate for hosts; the one that is there when it will do.
//!
//! The first name names the files. What is there under it stays when it is for all that was asked for and far from its end. Near its end,
//! or when more names, uses or days were asked for, it is issued anew for its key, so that whoever uses it misses nothing. A name or a use
//! is lost with `--force` only.

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

/// How many days a certificate is good for: clients refuse more than 398 from public authorities (CA/Browser Forum, 6.3.2).
const DAYS: u32 = 397;
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
                let chain = pair::chain(&certificate, &order.authority);
                order.folder.write_public(context, &order.names.chain, chain).await?;
            }
            order.kept(&certificate, true)
        }
        (Plan::SameKey, Pair { key: Some(key), certificate }) => {
            order.issued(&key.public_key(), None, if certificate.is_some() { Issued::Renewed } else { Issued::New }, true).await
        }
        (_, there) => {
            let key = context.interrupt.or(Key::generate(args.key.unwrap_or(KeyType::EcdsaP256))).await?;
            let over = if args.force { Over::Anything } else { Over::Nothing };
            let outcome = if there.certificate.is_some() { Issued::Rotated } else { Issued::New };
            order.issued(&key.public_key(), Some((&key, over)), outcome, true).await
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

    /// Refuses to replace a certificate of another authority, or one that is for more than was asked for and not for all of it.
    ///
    /// # Errors
    /// [`Exit::Conflict`].
    pub(crate) fn check(&self, certificate: &Certificate) -> Result<()> {
        let why = if !self.authority.signed(certificate) {
            format!("was signed by another authority: {}", quoted(&certificate.issuer))
        } else if let Some((lost, _)) = self.lost(certificate)?.zip(self.missing(certificate)?) {
            format!("is for {lost}, which was not asked for")
        } else {
            return Ok(());
        };
        let file = self.folder.path(&self.names.certificate);
        let what = if self.args.csr.is_some() { "it" } else { "it and its key" };
        Err(Error::conflict(format!("{} is there and {why}", file.display()))
            .hint(format!("--force replaces {what}, --out DIR puts the new one elsewhere")))
    }

    /// Why a certificate of this authority is to be issued anew; none when it will do.
    pub(crate) fn outdated(&self, certificate: &Certificate) -> Result<Option<String>> {
        if let Some(missing) = self.missing(certificate)? {
            return Ok(Some(format!("it is not for {missing}")));
        }
        if is_due(certificate, RENEW_WITHIN) {
            return Ok(Some(format!("it expires on {}", certificate.not_after.date())));
        }
        let days = (certificate.not_after - certificate.not_before).whole_days();
        // The authority's own end may be what cut it short.
        let longer = self.authority.certificate().not_after - certificate.not_after >= Duration::DAY;
        let asked = self.args.days.filter(|asked| longer && i64::from(*asked) > days);
        Ok(asked.map(|asked| format!("it was made for {days} days, not {asked}")))
    }

    /// What was asked for and a certificate is not for, in words.
    fn missing(&self, certificate: &Certificate) -> Result<Option<String>> {
        Ok(beyond((&self.hosts, self.usage), (&Host::of(certificate)?, Usage::of(certificate))))
    }

    /// What a certificate is for and was not asked for, in words.
    fn lost(&self, certificate: &Certificate) -> Result<Option<String>> {
        Ok(beyond((&Host::of(certificate)?, Usage::of(certificate)), (&self.hosts, self.usage)))
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
        self.check(certificate)?;
        if there.key.is_none() {
            pair::check_keyless(&self.folder.path(&self.names.certificate))?;
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
    pub(crate) async fn issued(
        &self,
        public_key: &[u8],
        key: Option<(&Key, Over)>,
        outcome: Issued,
        with_key: bool,
    ) -> Result<Exit> {
        // With --force nothing that is there is wanted any more.
        if !matches!(key, Some((_, Over::Anything))) {
            pair::check_keyless(&self.folder.path(&self.names.certificate))?;
            pair::check_keyless(&self.folder.path(&self.names.chain))?;
        }
        let days = self.args.days.unwrap_or(DAYS);
        let life = Duration::days(days.into());
        let signed = self.authority.sign(&Leaf { hosts: &self.hosts, public_key, usage: self.usage, life })?;
        pair::write(self.context, &self.folder, &self.names, &signed, &self.authority, key).await?;
        let (file, end) = (self.folder.path(&self.names.certificate), signed.not_after.date());
        let names = signed.names().join(", ");
        self.context.messages.note(format!("issued {} for {names}, good until {end}", file.display()));
        if signed.not_after - signed.not_before < life {
            let text = format!("it is good until {end}, not for {days} days: its authority expires then");
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

/// The names and uses of one that are not the other's, in words.
fn beyond((names, usage): (&[Host], Usage), (other_names, other_usage): (&[Host], Usage)) -> Option<String> {
    let mut all: Vec<String> = names.iter().filter(|name| !other_names.contains(name)).map(Host::text).collect();
    let usage = Usage { server: usage.server && !other_usage.server, client: usage.client && !other_usage.client };
    if usage.server || usage.client {
        all.push(usage.words().to_owned());
    }
    (!all.is_empty()).then(|| all.join(", "))
}
