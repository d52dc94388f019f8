//! The command line of reg-users, which is its help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueHint};
use reg_shared::cli::PasswordArgs;
use reg_shared::htpasswd::{DEFAULT_COST, Reader};

/// Manage the users of htpasswd files and of the registries that read them
///
/// Works on an htpasswd file, or on that of a registry: an instance's own copy, or the file that a mode of the config file names. Every
/// change is made under a lock and lands whole or not at all; lines that it does not concern stay byte for byte, and so do owner and mode.
///
/// Passwords are hashed with bcrypt. What the cost of a hash means: a registry checks a login on every request, and zot and Distribution
/// do not remember one (the embedded registry does). On one connection the real Distribution answered 375 requests a second at cost 5,
/// 15 at cost 10 and 4 at cost 12. Take 10 for people; for a robot with a generated password, which nobody can guess, 5 is enough.
///
/// A generated password is 22 letters and digits without those that look alike, one of more than 2^128.
#[derive(Debug, Parser)]
#[command(name = "reg-users")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Add a user
    ///
    /// Asks for the password, twice and hidden, unless a flag says where it is. A file that is not there is made, for its owner only.
    Add(AddArgs),
    /// Change the password of a user
    Passwd(PasswdArgs),
    /// Remove users: all of them, or none when one is not there
    Remove(RemoveArgs),
    /// List the users
    List(ListArgs),
    /// Say whether a password is that of a user: exit code 7 when it is not
    Verify(VerifyArgs),
    /// Say of each line of a file who lets its user in, and why not: exit code 7 when somebody does not
    ///
    /// Judges as zot 2.1, Distribution 2.8 and 3, Apache's htpasswd and the embedded registry do; the file of a registry (-r) is judged for
    /// that registry alone. Neither zot nor Distribution takes MD5, SHA-1, DES or plain passwords, one line without a colon keeps
    /// Distribution from reading the file, and of two lines with one name the registries take the last.
    Check(CheckArgs),
    /// Print the htpasswd line of a user without writing a file; without NAME, a new password
    Generate(GenerateArgs),
    /// Add the users provisioning, developer and tester, each with a generated password in a file of its own
    ///
    /// A user that is there stays as it is. Where DIR already has a user's password, that one is taken, so that one folder may serve
    /// several registries.
    Defaults(DefaultsArgs),
    /// Add users from a CSV or JSON list
    ///
    /// A CSV file has a header, its columns in any order: name and one of password, passwordFile (a path from the current folder) and generated (true), and maybe
    /// email and groups (with semicolons between them). Spaces around a password belong to it, around everything else they do not. JSON is a list of objects with these fields, one object a line, or a users document
    /// as list and export print it. Rows that are wrong are all told, and then nothing is written. A user that is there stays as it is
    /// unless --update. E-mail and groups are checked, but an htpasswd file has no place for them.
    Import(ImportArgs),
    /// Print the users as a list that import reads, without passwords or hashes
    Export(ExportArgs),
}

/// Which htpasswd file.
#[derive(Debug, Args)]
pub(crate) struct PlaceArgs {
    /// The htpasswd file
    #[arg(long, value_name = "FILE", conflicts_with = "registry", value_hint = ValueHint::FilePath)]
    pub(crate) file: Option<PathBuf>,
    /// The registry whose htpasswd file it is: an instance, a mode or a URL (`mode:dev` and `instance:dev` are exact), `-` for the document on standard input, or @FILE [default: REG_REGISTRY, REG_MODE, or the config file's default]
    #[arg(short = 'r', long, value_name = "REGISTRY", help_heading = "Registry")]
    pub(crate) registry: Option<String>,
}

/// Which htpasswd file, and how it is changed.
#[derive(Debug, Args)]
pub(crate) struct ChangeArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// Write into the file instead of renaming another over it, and leave .NAME.bak beside it; by itself for zot, which would not see another file
    #[arg(long)]
    pub(crate) in_place: bool,
    /// Let the group read the file when it is made
    #[arg(long)]
    pub(crate) group: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CostArgs {
    /// The cost of the hash: one more takes twice the time
    #[arg(long, value_name = "4..15", default_value_t = DEFAULT_COST, value_parser = clap::value_parser!(u32).range(4..=15))]
    pub(crate) cost: u32,
}

/// The new password of one user.
#[derive(Debug, Args)]
pub(crate) struct NewPasswordArgs {
    #[command(flatten)]
    pub(crate) given: PasswordArgs,
    /// Generate the password
    #[arg(long, conflicts_with_all = ["password_stdin", "password_file", "password_env"])]
    pub(crate) generate: bool,
    /// Print the generated password, as raw text and nothing else
    #[arg(long, requires = "generate", conflicts_with_all = ["password_stdin", "password_file", "password_env"])]
    pub(crate) show: bool,
    /// Keep the generated password in DIR/NAME.password, for its owner only
    #[arg(long, value_name = "DIR", requires = "generate", conflicts_with_all = ["password_stdin", "password_file", "password_env"], value_hint = ValueHint::DirPath)]
    pub(crate) out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct AddArgs {
    /// The user
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
    #[command(flatten)]
    pub(crate) password: NewPasswordArgs,
    #[command(flatten)]
    pub(crate) cost: CostArgs,
    /// Leave a user that is there as it is, without an error
    #[arg(long)]
    pub(crate) exist_ok: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PasswdArgs {
    /// The user
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
    #[command(flatten)]
    pub(crate) password: NewPasswordArgs,
    #[command(flatten)]
    pub(crate) cost: CostArgs,
}

#[derive(Debug, Args)]
pub(crate) struct RemoveArgs {
    /// The users; - for the names on standard input, one a line
    #[arg(value_name = "NAME", required = true)]
    pub(crate) names: Vec<String>,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
    /// Pass over names that are not there
    #[arg(long)]
    pub(crate) missing_ok: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// The user
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    #[command(flatten)]
    pub(crate) password: PasswordArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// The htpasswd file; - for standard input
    #[arg(value_name = "FILE", conflicts_with_all = ["file", "registry"], value_hint = ValueHint::FilePath)]
    pub(crate) path: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// Who should let the users in, with commas between them: zot, distribution, apache, embedded [default: all, or the registry of -r]
    #[arg(long = "for", value_name = "PROGRAM", value_delimiter = ',')]
    pub(crate) readers: Vec<Reader>,
}

#[derive(Debug, Args)]
pub(crate) struct GenerateArgs {
    /// The user
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
    #[command(flatten)]
    pub(crate) given: PasswordArgs,
    /// Generate the password of NAME; --out says where it goes
    #[arg(long, requires = "out", conflicts_with_all = ["password_stdin", "password_file", "password_env"])]
    pub(crate) generate: bool,
    /// Print a new password, as raw text, in place of a user's line
    #[arg(long, conflicts_with_all = ["name", "generate", "password_stdin", "password_file", "password_env"])]
    pub(crate) show: bool,
    /// Keep the generated password in DIR/NAME.password, for its owner only
    #[arg(long, value_name = "DIR", requires = "generate", conflicts_with_all = ["password_stdin", "password_file", "password_env"], value_hint = ValueHint::DirPath)]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) cost: CostArgs,
}

#[derive(Debug, Args)]
pub(crate) struct DefaultsArgs {
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
    /// Keep the passwords in DIR/NAME.password, for their owner only
    #[arg(long, value_name = "DIR", required = true, value_hint = ValueHint::DirPath)]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) cost: CostArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArgs {
    /// The list; - for standard input
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
    /// The list is CSV [default: told by the name's end, .csv]
    #[arg(long, conflicts_with = "json")]
    pub(crate) csv: bool,
    /// The list is JSON or JSON Lines [default: told by the name's end, .json, .jsonl or .ndjson]
    #[arg(long)]
    pub(crate) json: bool,
    /// Give users that are there the password of their row; a generated one stays while it is the one in --out
    #[arg(long)]
    pub(crate) update: bool,
    /// Remove users that are in no row
    #[arg(long)]
    pub(crate) prune: bool,
    /// Write nothing; say what would be done
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Generate a password for new users whose row has none
    #[arg(long, requires = "out")]
    pub(crate) generate: bool,
    /// Keep generated passwords in DIR/NAME.password, for their owner only
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) cost: CostArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) place: PlaceArgs,
    /// Print CSV
    #[arg(long, conflicts_with = "json")]
    pub(crate) csv: bool,
    /// Print a users document, as -o json does
    #[arg(long)]
    pub(crate) json: bool,
}
