//! What a command line names: a repository or a reference, and the registry that it is in.
//!
//! Where `-r` says which registry, names are relative to it; where it does not, a host may stand in front, and it is the registry.

use std::borrow::Cow;
use std::str::FromStr;

use reg_shared::cli::{Connection, Context, RegistryArgs, Target};
use reg_shared::error::{Error, Result};
use reg_shared::name::{InvalidName, Reference, Repository, Selector, quoted, split_host};

/// A name and the host in front of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Operand<T> {
    pub(crate) host: Option<String>,
    pub(crate) name: T,
}

impl<T: FromStr<Err = InvalidName>> Operand<T> {
    /// Reads a name of the command line.
    pub(crate) fn parse(args: &RegistryArgs, text: &str) -> Result<Self> {
        let (host, rest) = match split_host(text) {
            Some((host, rest)) if args.registry.is_none() => (Some(host.to_owned()), rest),
            _ => (None, text),
        };
        let name = rest.parse().map_err(|fault: InvalidName| not_a_name(args, text, &fault))?;
        Ok(Self { host, name })
    }
}

fn not_a_name(args: &RegistryArgs, text: &str, fault: &InvalidName) -> Error {
    let fault = Error::usage(fault.to_string());
    if args.registry.is_some() && split_host(text).is_some_and(|(host, _)| host.contains(':')) {
        return fault.hint("where -r says which registry, there is no host in front of a name");
    }
    match text.parse::<Repository>() {
        Ok(_) => fault.hint(format!("`{text}:latest` is its tag latest; `reg-ns tags {text}` lists them")),
        Err(_) => fault,
    }
}

/// The references of a command line, all in one registry; with a repository, each is a tag or a digest alone.
pub(crate) fn references(
    context: &Context,
    args: &RegistryArgs,
    given: &[String],
    repository: Option<&Repository>,
) -> Result<(Option<String>, Vec<Reference>)> {
    let mut host: Option<String> = None;
    let mut references = Vec::new();
    for text in context.operands(given)? {
        let operand = match repository {
            Some(repository) => {
                let selector: Selector = text.parse().map_err(|fault: InvalidName| of_repository(repository, &text, &fault))?;
                Operand { host: None, name: Reference::new(repository, selector) }
            }
            None => Operand::parse(args, &text)?,
        };
        if !references.is_empty() && operand.host != host {
            return Err(Error::usage("the references are in several registries").hint("name those of one registry at a time"));
        }
        host = operand.host;
        references.push(operand.name);
    }
    Ok((host, references))
}

/// The names of namespaces on a command line, all in one registry, each once.
pub(crate) fn namespaces(context: &Context, args: &RegistryArgs, given: &[String]) -> Result<(Option<String>, Vec<Repository>)> {
    let mut operands = Vec::new();
    for text in context.operands(given)? {
        operands.push(Operand::<Repository>::parse(args, &text)?);
    }
    let host = operands.first().and_then(|operand| operand.host.clone());
    if operands.iter().any(|operand| operand.host != host) {
        return Err(Error::usage("the namespaces are in several registries").hint("name those of one registry at a time"));
    }
    Ok((host, operands.into_iter().map(|operand| operand.name).collect()))
}

fn of_repository(repository: &Repository, text: &str, fault: &InvalidName) -> Error {
    let fault = Error::usage(fault.to_string());
    match text.contains('/') || text.starts_with(repository.as_str()) {
        true => fault.hint(format!("with --repository {repository}, a tag or a digest stands alone")),
        false => fault,
    }
}

/// Connects to the registry that the flags or the host name, and learns its type.
pub(crate) async fn open(
    context: &Context,
    args: &RegistryArgs,
    host: Option<&str>,
    repository: Option<&Repository>,
) -> Result<Connection> {
    let args = at(args, host);
    connect(context, &args, context.target(&args)?, repository).await
}

/// The flags with the registry that a host in front of a name says.
pub(crate) fn at<'a>(args: &'a RegistryArgs, host: Option<&str>) -> Cow<'a, RegistryArgs> {
    match host {
        Some(host) => Cow::Owned(RegistryArgs { registry: Some(host.to_owned()), access: args.access.clone() }),
        None => Cow::Borrowed(args),
    }
}

/// Connects to a registry that was found, and learns its type.
pub(crate) async fn connect(
    context: &Context,
    args: &RegistryArgs,
    target: Target,
    repository: Option<&Repository>,
) -> Result<Connection> {
    let mut connection = context.connect(args, target, repository).await?;
    connection.learn_type().await?;
    Ok(connection)
}

/// That a reference leads to nothing.
pub(crate) fn not_there(connection: &Connection, reference: &Reference) -> Error {
    let Reference { repository, selector } = reference;
    let what = match selector {
        Selector::Tag(tag) => format!("there is no tag {} in {repository} at {}", quoted(tag.as_str()), connection.registry.url),
        Selector::Digest(digest) => format!("there is no manifest {digest} in {repository} at {}", connection.registry.url),
    };
    Error::not_found(what).hint(format!("`reg-ns tags {repository} {}` lists its tags", flag(connection)))
}

/// How the registry is named on a command line.
pub(crate) fn flag(connection: &Connection) -> String {
    format!("-r {}", connection.registry.name.as_deref().unwrap_or(&connection.registry.url))
}
