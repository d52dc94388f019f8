//! The command line of reg-certs, which is its help.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueHint};
use reg_shared::cli::duration;

use crate::key::KeyType;

/// Issue, check and renew TLS certificates
///
/// Makes an authority (CA) of your own and the certificates that it signs, says what is wrong with a certificate and who does not believe
/// it, and renews what is about to expire.
#[derive(Debug, Parser)]
#[command(name = "reg-certs")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make an authority, once
    ///
    /// A second call finds it and changes nothing. Its key stays in its folder, readable by you only; nobody believes it until they are told
    /// to, as with `reg-certs trust`.
    Ca(CaArgs),
    /// Issue a certificate for hosts
    ///
    /// The first HOST names its files. The certificate that is there stays when it is for all that is asked for and far from its end; near its
    /// end, or when more names, uses or --days are asked for, it is issued anew for its key. One that would lose a name or a use, that has
    /// another type of key or another authority is a conflict (exit code 9), as is a file that holds a private key, too, and only --force
    /// replaces it. Makes the default authority when there is none.
    Issue(Box<IssueArgs>),
    /// Check a certificate: chain, host, time, key, usage, names, algorithms
    ///
    /// With -r also what a running registry serves, and whether Docker, Podman and this system believe it. Ends with 7 when a check says no.
    Verify(VerifyArgs),
    /// Print what a certificate says
    Show(ShowArgs),
    /// List certificates with their last day, and end with 7 when one must be renewed
    Expires(ExpiresArgs),
    /// Issue a certificate again for the same names before it expires
    ///
    /// Does nothing while it is far from its end. With -r the registry presents the new one when this ends: it reads its files again by
    /// itself (embedded, zot since 2.1.15) or is restarted.
    Renew(Box<RenewArgs>),
    /// Make Docker, Podman or this system believe an authority
    Trust(TrustArgs),
    /// Take back what trust did
    Untrust(TrustArgs),
}

#[derive(Debug, Args)]
pub(crate) struct CaArgs {
    /// Its common name [default: reg CA and a few digits of its key]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Its folder [default: $XDG_DATA_HOME/reg/ca]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) dir: Option<PathBuf>,
    /// How many days it is good for [default: 3650]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36500))]
    pub(crate) days: Option<u32>,
    /// Let it sign only for these domains, what is below them, and these networks (10.0.0.0/8)
    #[arg(long, value_name = "DOMAIN", num_args = 1.., value_delimiter = ',')]
    pub(crate) constrain: Vec<String>,
    /// The type of its key [default: ecdsa-p256]
    #[arg(long = "key", value_name = "TYPE", value_enum)]
    pub(crate) key: Option<KeyType>,
}

/// Which authority signs.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct SignerArgs {
    /// The authority: a folder of ours or mkcert's, or a certificate file [default: $XDG_DATA_HOME/reg/ca]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::AnyPath)]
    pub(crate) ca: Option<PathBuf>,
    /// The private key of --ca, when it is not beside it
    #[arg(long, value_name = "FILE", requires = "ca", value_hint = ValueHint::FilePath)]
    pub(crate) ca_key: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct IssueArgs {
    /// What it is for: names (*.example.com too), addresses, mail addresses, URIs
    #[arg(value_name = "HOST", required_unless_present = "csr")]
    pub(crate) hosts: Vec<String>,
    #[command(flatten)]
    pub(crate) signer: SignerArgs,
    /// For a server [default]
    #[arg(long, conflicts_with_all = ["client", "both"])]
    pub(crate) server: bool,
    /// For a client
    #[arg(long, conflicts_with = "both")]
    pub(crate) client: bool,
    /// For a server that is a client, too
    #[arg(long)]
    pub(crate) both: bool,
    /// How many days it is good for; clients refuse more than 398 from public authorities. One that was made for fewer days than are asked for is issued anew [default: 397]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36500))]
    pub(crate) days: Option<u32>,
    /// The type of its key [default: ecdsa-p256]
    #[arg(long = "key", value_name = "TYPE", value_enum, conflicts_with = "csr")]
    pub(crate) key: Option<KeyType>,
    /// The folder for HOST.pem, HOST.chain.pem and HOST.key [default: $XDG_DATA_HOME/reg/certs]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) out: Option<PathBuf>,
    /// Sign this request (PKCS #10, PEM or DER): a file, or - for standard input; HOSTs then are all that it may ask for
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) csr: Option<PathBuf>,
    /// Issue a new one with a new key, whatever is there
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The certificate: a file, https://HOST, or - for PEM or a certificate document [default: what the registry of -r serves]
    #[arg(value_name = "CERTIFICATE", required_unless_present = "registry")]
    pub(crate) subject: Option<String>,
    /// Believe these authorities beside the system's: a PEM file, or an authority's folder [default: $XDG_DATA_HOME/reg/ca]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub(crate) ca: Option<PathBuf>,
    /// The host that clients ask for
    #[arg(long, value_name = "HOST")]
    pub(crate) host: Option<String>,
    /// Its private key [default: the one beside it]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) key_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) registry: OptionalRegistryArgs,
    /// Look for /etc below this folder
    #[arg(long, value_name = "DIR", default_value = "/", hide_default_value = true, value_hint = ValueHint::DirPath)]
    pub(crate) root: PathBuf,
}

/// A registry that may be named.
#[derive(Debug, Args)]
pub(crate) struct OptionalRegistryArgs {
    /// The registry: a URL, a mode or an instance (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE
    #[arg(short = 'r', long = "registry", value_name = "REGISTRY", help_heading = "Registry")]
    pub(crate) registry: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// The certificate: a file, https://HOST, or - for PEM or a certificate document
    #[arg(value_name = "CERTIFICATE")]
    pub(crate) subject: String,
}

#[derive(Debug, Args)]
pub(crate) struct ExpiresArgs {
    /// Files, folders with all that is below them, or - for their names on standard input
    #[arg(value_name = "PATH", required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// What expires within this time must be renewed [default: 30d, or a third of its life if that is shorter]
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) within: Option<Duration>,
}

#[derive(Debug, Args)]
pub(crate) struct RenewArgs {
    /// The certificate: a file, or - for a certificate document [default: that of the instance of -r]
    #[arg(value_name = "CERTIFICATE", required_unless_present = "registry")]
    pub(crate) subject: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) signer: SignerArgs,
    /// Renew when it expires within this time, or within a third of its life if that is shorter
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = time)]
    pub(crate) within: Duration,
    /// Renew now
    #[arg(long)]
    pub(crate) force: bool,
    /// Make a new key, too
    #[arg(long)]
    pub(crate) rotate: bool,
    /// The type of the new key [default: that of the old one]
    #[arg(long = "key", value_name = "TYPE", value_enum, requires = "rotate")]
    pub(crate) key: Option<KeyType>,
    /// Its private key [default: the one beside it]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) key_file: Option<PathBuf>,
    /// How many days it is good for [default: as many as before]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=36500))]
    pub(crate) days: Option<u32>,
    #[command(flatten)]
    pub(crate) registry: OptionalRegistryArgs,
}

#[derive(Debug, Args)]
pub(crate) struct TrustArgs {
    /// Docker: certs.d/HOST:PORT/ca.crt
    #[arg(long)]
    pub(crate) docker: bool,
    /// Podman, Buildah and Skopeo: certs.d/HOST:PORT/ca.crt
    #[arg(long)]
    pub(crate) containers: bool,
    /// Everything on this system: its bundle of authorities
    #[arg(long)]
    pub(crate) system: bool,
    /// The registry as images name it, HOST:PORT [default: the one of -r]
    #[arg(long, value_name = "HOST")]
    pub(crate) host: Option<String>,
    /// The authority: a PEM file, or an authority's folder [default: the one of -r, else $XDG_DATA_HOME/reg/ca]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub(crate) ca: Option<PathBuf>,
    /// Your own folders, as rootless Docker and Podman read them [default: for Podman unless you are root]
    #[arg(long)]
    pub(crate) user: bool,
    /// Change nothing; say what would be, and how a shell would do it
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) registry: OptionalRegistryArgs,
    /// Look for /etc and /usr below this folder
    #[arg(long, value_name = "DIR", default_value = "/", hide_default_value = true, value_hint = ValueHint::DirPath)]
    pub(crate) root: PathBuf,
}

/// A duration with its unit: a number alone would be seconds, which nobody means of a certificate's life.
fn time(text: &str) -> Result<Duration, String> {
    match text.parse::<u64>() {
        Ok(number) => Err(format!("a number alone has no unit; days are {number}d")),
        Err(_) => duration(text),
    }
}
