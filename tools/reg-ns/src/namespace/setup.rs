//! Making the namespaces of a layout, and nothing else of it.

use std::collections::BTreeMap;

use reg_shared::cli::Context;
use reg_shared::converge::Wanted;
use reg_shared::error::Result;
use reg_shared::exit::Exit;
use reg_shared::layout::{Layout, NamespaceOutcome, NamespaceReport, NamespaceResult, Verb, diff};
use reg_shared::name::Repository;

use super::change::{Changed, change};
use super::create::result;
use super::known::managed;
use crate::cli::SetupArgs;

pub(crate) async fn setup(context: &Context, args: &SetupArgs) -> Result<Exit> {
    let given = args.layout.as_deref().map(|path| context.layout_beside(path, &args.registry)).transpose()?;
    let managed = context.interrupt.or(managed(context, &args.registry, None)).await?;
    let layout = Layout { namespaces: managed.meant(given)?.namespaces, ..Layout::default() };
    let names: Vec<Repository> = layout.namespaces.iter().map(|namespace| namespace.name.clone()).collect();
    let wanted = Wanted { layout, keep: !args.update, ..Wanted::default() };
    let changed = change(context, &managed, &wanted).await.map_err(|fault| {
        let fault = fault.context(format!("cannot set up the namespaces of {}", managed.registry.title()));
        match (fault.kind(), fault.hint_text()) {
            (Exit::Input, None) => fault.hint("`reg-init apply` makes users, groups and robots, too"),
            _ => fault,
        }
    })?;
    let rows = rows(context, &changed, &wanted.layout);
    let count = |outcome| rows.iter().filter(|row| row.outcome == outcome).count();
    context.messages.note(format!(
        "{} created, {} changed, {} unchanged",
        count(NamespaceOutcome::Created),
        count(NamespaceOutcome::Changed),
        count(NamespaceOutcome::Unchanged)
    ));
    let gaps = changed.gaps(context, &names);
    let Changed { registry, applied } = changed;
    let password_files = applied.generated;
    let report = NamespaceReport { registry, namespaces: rows, gaps, password_files, ..NamespaceReport::default() };
    context.output.print(&report).map(|()| Exit::Ok)
}

fn rows(context: &Context, changed: &Changed, wanted: &Layout) -> Vec<NamespaceResult> {
    let of = |layout: &Layout| Layout { namespaces: layout.namespaces.clone(), ..Layout::default() };
    let mut differing: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for difference in diff(&of(&changed.applied.planned.after), wanted) {
        differing.entry(difference.name).or_default().extend(difference.field);
    }
    let made: BTreeMap<&str, Verb> = changed
        .applied
        .planned
        .changes
        .iter()
        .filter(|change| change.object == "namespace")
        .map(|change| (change.name.as_str(), change.verb))
        .collect();
    let row = |name: &Repository| {
        let outcome = match made.get(name.as_str()) {
            Some(Verb::Create) => NamespaceOutcome::Created,
            Some(_) => NamespaceOutcome::Changed,
            None => NamespaceOutcome::Unchanged,
        };
        let differs = differing.remove(name.as_str()).unwrap_or_default();
        if !differs.is_empty() {
            context
                .messages
                .warn(format!("{name} stays as it is: its {} would be another; --update changes it", differs.join(", ")));
        }
        NamespaceResult { differs, ..result(name, outcome) }
    };
    wanted.namespaces.iter().map(|namespace| &namespace.name).map(row).collect()
}
