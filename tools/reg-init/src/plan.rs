//! What would change, and what a registry is.

use reg_shared::cli::{Context, Format, RegistryArgs, Target};
use reg_shared::converge::{self, Managed, Wanted};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::layout::{Change, Counts, Gap, Layout, Plan, Verb};
use reg_shared::name::quoted;
use serde_json::Value;

use crate::cli::{ExportArgs, PlanArgs};

/// The layout that was named, before anything is asked of the registry.
pub(crate) fn named(context: &Context, args: &PlanArgs) -> Result<Option<Layout>> {
    args.layout.as_deref().map(|path| context.layout_beside(path, &args.registry)).transpose()
}

/// The layout that is wanted: the named one, the stored one, or for an instance of ours that has none the default one.
pub(crate) fn wanted(named: Option<Layout>, args: &PlanArgs, managed: &Managed) -> Result<Wanted> {
    Ok(Wanted { layout: managed.meant(named)?, prune: args.prune, ..Wanted::default() })
}

/// Finds out what an unknown registry is, so that its document says it.
pub(crate) async fn probed(context: &Context, args: &RegistryArgs) -> Result<Target> {
    let mut target = context.target(args)?;
    if target.registry.kind.is_none() {
        let mut connection = context.interrupt.or(context.connect(args, target.clone(), None)).await?;
        context.interrupt.or(connection.learn_type()).await?;
        target.registry = connection.registry;
    }
    Ok(target)
}

pub(crate) async fn plan(context: &Context, args: &PlanArgs) -> Result<Exit> {
    let named = named(context, args)?;
    let managed = Managed::find(&probed(context, &args.registry).await?)?;
    let wanted = wanted(named, args, &managed)?;
    let planned = converge::plan(context, &managed, &wanted)?;
    let counts = Counts::of(&planned.changes);
    let changed = !planned.is_empty();
    let gaps = planned.gaps;
    // A table has no room for them.
    for gap in gaps.iter().filter(|_| context.output.format() == Format::Table) {
        context.messages.note(format!("gap: {gap}"));
    }
    if let Some(why) = planned.restart.as_ref().filter(|_| context.output.format() == Format::Table) {
        context.messages.note(format!("one that runs is restarted for it: {why}"));
    }
    let strict = args.strict.then(|| refuse(&gaps)).transpose();
    context.output.print(&Plan { registry: managed.registry, changes: planned.changes, gaps, counts, restart: planned.restart })?;
    strict?;
    Ok(if changed && args.detailed_exitcode { Exit::Negative } else { Exit::Ok })
}

/// Refuses a layout that a registry cannot do.
pub(crate) fn refuse(gaps: &[Gap]) -> Result<()> {
    let [first, rest @ ..] = gaps else { return Ok(()) };
    let more = if rest.is_empty() { String::new() } else { format!(", and {} more", rest.len()) };
    Err(Error::unsupported(format!("the registry cannot do all that the layout says: {first}{more}"))
        .hint("without --strict the rest is done, and what cannot be is told"))
}

pub(crate) async fn export(context: &Context, args: &ExportArgs) -> Result<Exit> {
    let managed = Managed::find(&probed(context, &args.registry).await?)?;
    let (mut layout, gaps) = managed.live()?;
    for gap in gaps {
        context.messages.warn(gap.to_string());
    }
    if managed.stored()?.is_some() {
        for found in managed.beside(&layout)? {
            let what = format!("{} {}", found.object, quoted(&found.name));
            context.messages.warn(format!("{what}: it stands in the registry's configuration, and not in the layout"));
        }
    }
    layout.keep_known();
    layout.registry = Some(managed.registry);
    context.output.print(&layout).map(|()| Exit::Ok)
}

/// A change for people: `+ namespace "team"`.
pub(crate) fn line(change: &Change) -> String {
    let sign = match change.verb {
        Verb::Create => '+',
        Verb::Change => '~',
        Verb::Remove => '-',
    };
    let what = format!("{sign} {} {}", change.object, quoted(&change.name));
    let Some(field) = &change.field else { return what };
    let value = |value: &Option<Value>| value.as_ref().map_or("nothing".to_owned(), ToString::to_string);
    format!("{what} {field}: {} -> {}", value(&change.before), value(&change.after))
}
