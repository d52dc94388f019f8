//! Removing what no manifest needs any more, in the way of each type, with one report for all.

mod program;
mod schedule;
mod server;

use reg_shared::cli::Context;
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::registry::{Collection, Registry};

use crate::cli::GcArgs;
use crate::subject;

pub(crate) async fn gc(context: &Context, args: &GcArgs) -> Result<Exit> {
    let target = subject::target(context, &args.subject)?;
    let collection = target.registry.kind.and_then(|kind| Registry::from(kind).collection());
    if args.untagged && !matches!(collection, Some(Collection::Program(_))) {
        return Err(Error::unsupported(format!("{} cannot remove manifests for having no tag", target.registry.title()))
            .hint("Distribution can; elsewhere delete them by digest, or have the registry's retention do it"));
    }
    let what = "collect the garbage of";
    let report = if collection == Some(Collection::Schedule) {
        schedule::report(context, target.registry, args)?
    } else {
        let (instance, registry) = subject::instance(context, &args.subject, what)?;
        let cannot = format!("cannot {what} \"{}\"", instance.name());
        let report = match collection {
            Some(Collection::Program(program)) => program::collect(context, &instance, registry, program, args).await,
            Some(Collection::Server) => server::collect(context, &instance, registry, args).await,
            Some(Collection::Schedule) | None => Err(Error::unsupported("it is not known how")),
        };
        report.map_err(|fault| fault.context(cannot))?
    };
    context.output.print(&report).map(|()| Exit::Ok)
}
