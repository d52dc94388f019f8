//! Making a namespace.
//!
//! What is there is never changed: not by a second run, not beside another program that makes the same one.

use reg_shared::cli::Context;
use reg_shared::converge::{Managed, Wanted};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::layout::{
    AccessRule, Action, Layout, Namespace, NamespaceOutcome, NamespaceReport, NamespaceResult, RetentionRule, Subject, Verb,
};
use reg_shared::name::Repository;

use super::change::{Changed, change, settle, title};
use super::known::managed;
use crate::cli::{Access, CreateArgs};
use crate::operand::Operand;

pub(crate) async fn create(context: &Context, args: &CreateArgs) -> Result<Exit> {
    let Operand { host, name } = Operand::<Repository>::parse(&args.registry, &args.namespace)?;
    let managed = context.interrupt.or(managed(context, &args.registry, host.as_deref())).await?;
    settle(context, &managed).await?;
    let wanted = args.namespace(&name);
    if let Some(there) = managed.written()?.0.namespace(&name) {
        return there_already(context, &managed, args, there);
    }
    let layout = Layout { namespaces: vec![wanted], ..Layout::default() };
    let changed = change(context, &managed, &Wanted { layout, keep: true, ..Wanted::default() }).await;
    let changed = changed.map_err(|fault| fault.context(format!("cannot create {}", title(&name, &managed.registry))))?;
    if changed.verb(&name) != Some(Verb::Create) {
        // Somebody else was faster.
        let there = changed.applied.planned.after.namespace(&name).cloned().unwrap_or_else(|| Namespace::new(name));
        return there_already(context, &managed, args, &there);
    }
    let effect = changed.applied.effect.as_deref().unwrap_or("nothing had to change");
    context.messages.note(format!("created {}: {effect}", title(&name, &managed.registry)));
    let gaps = changed.gaps(context, std::slice::from_ref(&name));
    let Changed { registry, applied } = changed;
    let namespaces = vec![result(&name, NamespaceOutcome::Created)];
    let password_files = applied.generated;
    let report = NamespaceReport { registry, namespaces, gaps, password_files, ..NamespaceReport::default() };
    context.output.print(&report).map(|()| Exit::Ok)
}

/// A row.
pub(super) fn result(name: &Repository, outcome: NamespaceOutcome) -> NamespaceResult {
    NamespaceResult { name: name.to_string(), outcome, repositories: None, tags: None, differs: Vec::new() }
}

/// Accepts a namespace that is there, when that was asked for and it has what the flags say.
fn there_already(context: &Context, managed: &Managed, args: &CreateArgs, there: &Namespace) -> Result<Exit> {
    let registry = managed.registry.clone();
    let name = registry.name.as_deref().unwrap_or(&registry.url);
    let conflict = |why: &str| Error::conflict(format!("cannot create {}: conflict: {why}", title(&there.name, &managed.registry)));
    if !args.exist_ok {
        return Err(conflict("the namespace already exists")
            .hint(format!("`reg-ns list -r {name}` shows what is there; `reg-ns create --exist-ok` accepts it")));
    }
    let differs = args.differs(there);
    if !differs.is_empty() {
        return Err(conflict(&format!("the namespace already exists with another {}", differs.join(" and another ")))
            .hint(format!("`reg-ns info {} -r {name}` shows it; `reg-ns setup --update --layout FILE` changes it", there.name)));
    }
    context.messages.note(format!("{} is there already", title(&there.name, &registry)));
    let namespaces = vec![result(&there.name, NamespaceOutcome::Unchanged)];
    let report = NamespaceReport { registry, namespaces, ..NamespaceReport::default() };
    context.output.print(&report).map(|()| Exit::Ok)
}

impl CreateArgs {
    /// The namespace that is to be.
    fn namespace(&self, name: &Repository) -> Namespace {
        Namespace {
            description: self.description.clone(),
            public: self.public,
            quota: self.quota,
            retention: self.retention(),
            access: access(self.access.unwrap_or(Access::Authenticated)),
            ..Namespace::new(name.clone())
        }
    }

    fn retention(&self) -> Vec<RetentionRule> {
        let (keep_last, keep_days) = (self.keep_last, self.keep_days);
        let rule = RetentionRule { keep_last, keep_days, ..RetentionRule::default() };
        (keep_last.is_some() || keep_days.is_some()).then_some(rule).into_iter().collect()
    }

    /// The flags that were given and say something else than what is there.
    fn differs(&self, there: &Namespace) -> Vec<&'static str> {
        let retention = self.retention();
        let all = [
            ("description", self.description.is_some() && self.description != there.description),
            ("visibility", self.public && !there.public),
            ("quota", self.quota.is_some() && self.quota != there.quota),
            ("retention", !retention.is_empty() && retention != there.retention),
            ("access", self.access.is_some_and(|asked| access(asked) != there.access)),
        ];
        all.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect()
    }
}

fn access(access: Access) -> Vec<AccessRule> {
    let actions = vec![Action::Read, Action::Create, Action::Update];
    match access {
        Access::Authenticated => vec![AccessRule { subjects: vec![Subject::Authenticated], actions }],
        Access::None => Vec::new(),
    }
}
