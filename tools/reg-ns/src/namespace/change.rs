//! Changing the namespaces of a registry by way of its layout, and telling of it.

use reg_shared::cli::Context;
use reg_shared::converge::{self, Applied, Managed, Wanted};
use reg_shared::document::Registry;
use reg_shared::error::Result;
use reg_shared::layout::{Gap, Verb};
use reg_shared::name::{Repository, quoted};

use super::info::of_namespaces;

/// What came of a change.
pub(super) struct Changed {
    /// The registry as it is described now.
    pub(super) registry: Registry,
    /// What was done.
    pub(super) applied: Applied,
}

/// Changes the layout of a registry and sees to it that the registry knows.
pub(super) async fn change(context: &Context, managed: &Managed, wanted: &Wanted) -> Result<Changed> {
    let begins = managed.instance.is_some() && managed.stored()?.is_none();
    let applied = converge::apply(context, managed, wanted, None).await?;
    let registry = match &managed.instance {
        // Its document may say more now: who logs in.
        Some(instance) => context.instance(instance.name())?.registry,
        None => managed.registry.clone(),
    };
    if begins && applied.effect.is_some() {
        let name = registry.name.as_deref().unwrap_or(&registry.url);
        let knows_rights = !applied.planned.gaps.iter().any(|gap| gap.field.as_deref() == Some("access"));
        let others = if knows_rights { ", and repositories outside of its namespaces are for administrators" } else { "" };
        context.messages.warn(format!("{name} has a layout from now on: it asks for a login{others}"));
    }
    for file in &applied.generated {
        context.messages.note(format!("a generated password is in {}", file.display()));
    }
    Ok(Changed { registry, applied })
}

/// Ends what a run that was cut off left undone: what it half wrote is taken back, and a registry that does not know yet what is written
/// comes to know.
pub(super) async fn settle(context: &Context, managed: &Managed) -> Result<()> {
    managed.recover(context).await?;
    // One without a layout is not given one by the way.
    if managed.is_owed()? && managed.stored()?.is_some() {
        change(context, managed, &Wanted::default()).await?;
    }
    Ok(())
}

impl Changed {
    /// Whether a namespace came or is another one now; none when it stays as it was.
    pub(super) fn verb(&self, name: &Repository) -> Option<Verb> {
        let mut changes = self.applied.planned.changes.iter();
        changes.find(|change| change.object == "namespace" && change.name == name.as_str()).map(|change| change.verb)
    }

    /// What the registry cannot do of these namespaces; people are told.
    pub(super) fn gaps(&self, context: &Context, names: &[Repository]) -> Vec<Gap> {
        let gaps = of_namespaces(self.applied.planned.gaps.clone(), names);
        gaps.iter().for_each(|gap| context.messages.note(format!("gap: {gap}")));
        gaps
    }
}

/// A namespace and its registry, for messages.
pub(super) fn title(name: &Repository, registry: &Registry) -> String {
    format!("namespace {} on {}", quoted(name.as_str()), registry.title())
}
