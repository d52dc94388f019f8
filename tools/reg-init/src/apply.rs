//! Making a registry what its layout says, step by step.

use std::time::Duration;

use reg_shared::cli::{Connection, Context, RegistryArgs, Target};
use reg_shared::converge::{self, Managed, Planned};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::layout::{InitReport, Layout};
use reg_shared::registry::ready;
use tokio::time::Instant;

use crate::cli::ApplyArgs;
use crate::plan::{line, named, probed, refuse, wanted};
use crate::proof::proof;
use crate::steps::Steps;

/// How often a registry that does not answer yet is asked again, and how often it is told why it is waited for.
const AGAIN: Duration = Duration::from_millis(200);
const TELL_EVERY: Duration = Duration::from_secs(5);
/// So many changes are shown before they are made.
const SHOWN: usize = 50;

pub(crate) async fn apply(context: &Context, args: &ApplyArgs) -> Result<Exit> {
    let registry_args = &args.plan.registry;
    if registry_args.registry.is_none() && context.environment.registry.is_none() && context.environment.mode.is_none() {
        return Err(Error::usage("no registry was named, and one that is to be changed must be")
            .hint("-r NAME names it, or REG_REGISTRY or REG_MODE; the config file's `default` is not enough"));
    }
    let named = named(context, &args.plan)?;
    let mut steps = Steps::new(context);
    let target = context.target(registry_args)?;
    if target.instance.is_some() {
        Managed::find(&target)?.resume(context).await?;
    }
    steps.step("ready", waited(context, registry_args, &target, args.wait)).await?;
    let managed = Managed::find(&probed(context, registry_args).await?)?;
    let wanted = wanted(named, &args.plan, &managed)?;
    let planned = converge::plan(context, &managed, &wanted)?;
    show(context, &managed, &planned);
    if args.plan.strict {
        refuse(&planned.gaps)?;
    }
    let out = args.out.as_deref().map(|out| context.absolute(out)).transpose()?;
    let applied = steps.step("converge", converged(context, &managed, &wanted, out.as_deref())).await?;
    let after = match &managed.instance {
        // Its document may say more now: who logs in.
        Some(instance) => context.instance(instance.name())?,
        None => Target { registry: managed.registry.clone(), ..target },
    };
    let target = Target { login: logged_in(registry_args, &after, context)?, ..after };
    let failed = proven(context, args, &mut steps, &target, &applied.planned.after).await;
    let (rows, summary) = steps.finish();
    let changed = !applied.planned.is_empty();
    context.output.print(&InitReport {
        registry: target.registry,
        steps: rows,
        summary,
        changes: applied.planned.changes,
        gaps: applied.planned.gaps,
        password_files: applied.generated,
    })?;
    match failed {
        Some(fault) => Err(fault),
        None if changed && args.plan.detailed_exitcode => Ok(Exit::Negative),
        None => Ok(Exit::Ok),
    }
}

/// Waits until the registry answers, and tells why it is waited for.
async fn waited(context: &Context, args: &RegistryArgs, target: &Target, wait: Duration) -> Result<((), String)> {
    let deadline = Instant::now() + wait;
    let waiting = async {
        let mut told = None;
        loop {
            let registry = context.url_of(&target.registry, args.access.plain_http).await?;
            let Err(fault) = ready(&registry, &context.observer()).await else {
                return Ok(((), format!("{} answers", registry.url)));
            };
            if Instant::now() >= deadline {
                let what = format!("{} was not ready within {} s", registry.url, wait.as_secs());
                return Err(fault.context(what).with_kind(Exit::Unreachable));
            }
            if told.is_none_or(|at: Instant| at.elapsed() >= TELL_EVERY) {
                context.messages.note(format!("waiting: {fault}"));
                told = Some(Instant::now());
            }
            tokio::time::sleep(AGAIN).await;
        }
    };
    context.interrupt.or(waiting).await
}

/// The plan, before anything of it is done.
fn show(context: &Context, managed: &Managed, planned: &Planned) {
    if planned.is_empty() {
        context.messages.note(format!("{} is what the layout says already", managed.registry.title()));
    }
    for change in planned.changes.iter().take(SHOWN) {
        context.messages.note(line(change));
    }
    if let Some(more) = planned.changes.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        context.messages.note(format!("… and {more} more changes"));
    }
    for gap in &planned.gaps {
        context.messages.note(format!("gap: {gap}"));
    }
}

async fn converged(
    context: &Context,
    managed: &Managed,
    wanted: &converge::Wanted,
    out: Option<&std::path::Path>,
) -> Result<(converge::Applied, String)> {
    let applied = converge::apply(context, managed, wanted, out)
        .await
        .map_err(|fault| fault.context(format!("cannot set {} up", managed.registry.title())))?;
    let count = applied.planned.changes.len();
    let detail = match &applied.effect {
        Some(effect) => format!("{count} change{}: {effect}", if count == 1 { "" } else { "s" }),
        None => "nothing had to change".to_owned(),
    };
    Ok((applied, detail))
}

/// How to log in from now on: as the flags say, else as the registry's document does.
fn logged_in(args: &RegistryArgs, target: &Target, context: &Context) -> Result<reg_shared::cli::Login> {
    if args.access.username.is_some() || args.access.anonymous {
        return context.target(args).map(|target| target.login);
    }
    Ok(target.registry.credential.clone().map_or(target.login.clone(), reg_shared::cli::Login::Reference))
}

/// Pushes the test image and pulls it back; the fault is that of the run.
async fn proven(context: &Context, args: &ApplyArgs, steps: &mut Steps<'_>, target: &Target, layout: &Layout) -> Option<Error> {
    let image = match &layout.test_image {
        _ if args.no_test_image => {
            steps.skip("test-image", "--no-test-image");
            return None;
        }
        None => {
            steps.skip("test-image", "the layout has none");
            return None;
        }
        Some(image) => image,
    };
    let work = async {
        let connecting = context.connect(&args.plan.registry, target.clone(), Some(&image.repository));
        let connection: Connection = context.interrupt.or(connecting).await?;
        context.interrupt.or(proof(&connection, image)).await
    };
    steps.check("test-image", work).await.map(|fault| fault.context("the registry is set up, but its test image fails"))
}
