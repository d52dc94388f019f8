//! Deleting a namespace: all that is in it, then itself.
//!
//! What others lead to goes before what leads there, and the namespace goes last, so that a run that was cut off leaves nothing that the
//! next one would not find.

use futures_util::{StreamExt, TryStreamExt, stream};
use reg_shared::access::Access;
use reg_shared::cli::{Connection, Context};
use reg_shared::converge::{Managed, Wanted};
use reg_shared::document::Registry;
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::layout::{Action, Namespace, NamespaceOutcome, NamespaceReport, NamespaceResult, Pattern};
use reg_shared::name::{Digest, Repository, Tag, quoted};
use reg_shared::registry;

use super::change::{change, settle, title};
use super::create::result;
use super::known::{Known, managed, none};
use crate::AT_ONCE;
use crate::cli::DeleteArgs;
use crate::delete::gone;
use crate::operand::{Operand, flag};
use crate::walk::walk;

/// A repository and its tags.
type Content = (Repository, Vec<Tag>);

pub(crate) async fn delete(context: &Context, args: &DeleteArgs) -> Result<Exit> {
    let Operand { host, name } = Operand::<Repository>::parse(&args.registry, &args.namespace)?;
    match context.interrupt.or(managed(context, &args.registry, host.as_deref())).await {
        Err(fault) if fault.kind() == Exit::Unsupported => {}
        managed => settle(context, &managed?).await?,
    }
    let (known, emptied, content) = context.interrupt.or(look(context, args, host.as_deref(), &name)).await?;
    may_read(&known, &name)?;
    let Known { connection, managed, layout } = known;
    let in_layout = layout.namespace(&name);
    if in_layout.is_none() && content.is_empty() {
        if !args.missing_ok {
            return Err(if emptied { only_names(&connection, &name) } else { none(&connection, &[&name]) });
        }
        return tell(context, args, connection.registry, result(&name, NamespaceOutcome::Missing));
    }
    let refused = if args.dry_run { Ok(()) } else { refuse(&content, in_layout, args.force) };
    for (repository, tags) in &content {
        let verb = if refused.is_ok() && !args.dry_run { "deleting" } else { "would delete" };
        context.messages.note(format!("{verb} {repository}, {}", count(tags.len(), "tag")));
    }
    let cannot = format!("cannot delete {}", title(&name, &connection.registry));
    refused.map_err(|fault| fault.context(format!("{cannot}: conflict")))?;
    if !args.dry_run {
        for (repository, _) in &content {
            empty(context, &connection, repository).await.map_err(|fault| fault.context(&cannot))?;
        }
    }
    let mut registry = connection.registry;
    if let (Some(managed), Some(_), false) = (&managed, in_layout, args.dry_run) {
        let wanted = Wanted { without: vec![name.clone()], ..Wanted::default() };
        registry = change(context, managed, &wanted).await.map_err(|fault| fault.context(cannot))?.registry;
    }
    context.messages.note(format!("{} {}", if args.dry_run { "would delete" } else { "deleted" }, title(&name, &registry)));
    let row = NamespaceResult {
        repositories: Some(content.iter().map(|(repository, _)| repository.to_string()).collect()),
        tags: Some(content.iter().map(|(_, tags)| tags.len()).sum()),
        ..result(&name, NamespaceOutcome::Deleted)
    };
    tell(context, args, registry, row)
}

/// Refuses whoever may not read the namespace: what is in it stays unseen, and would be left behind.
fn may_read(known: &Known, name: &Repository) -> Result<()> {
    let Known { connection, managed, layout } = known;
    let keeps_rights = managed.as_ref().is_some_and(Managed::keeps_rights);
    let unnamed = connection.has_login && connection.username.is_none();
    if !keeps_rights || unnamed || layout.namespace(name).is_none() {
        return Ok(());
    }
    let login = connection.username.as_deref();
    if Access::new(layout).decide(login, Action::Read, name.as_str(), None).allowed {
        return Ok(());
    }
    let who = login.map_or_else(|| "who has no login".to_owned(), quoted);
    let what = format!("cannot delete {}: {who} may not read what is in it", title(name, &connection.registry));
    Err(Error::denied(what)
        .hint("log in as an administrator: -u with --password-file, or `credential` in its mode of the config file"))
}

fn tell(context: &Context, args: &DeleteArgs, registry: Registry, row: NamespaceResult) -> Result<Exit> {
    let report = NamespaceReport { registry, dry_run: args.dry_run, namespaces: vec![row], ..NamespaceReport::default() };
    context.output.print(&report).map(|()| Exit::Ok)
}

/// That there are names in the catalog, and nothing else.
fn only_names(connection: &Connection, name: &Repository) -> Error {
    Error::not_found(format!("there is nothing in namespace {} at {}", quoted(name.as_str()), connection.registry.url))
        .hint(format!("the registry still lists its emptied repositories: `reg-ns repos {name} {}` shows them", flag(connection)))
}

/// Why a namespace should not go with all that is in it.
fn refuse(content: &[Content], namespace: Option<&Namespace>, force: bool) -> Result<()> {
    let immutable = namespace.map_or(&[] as &[Pattern], |namespace| &namespace.immutable_tags);
    for (repository, tags) in content {
        if let Some(tag) = tags.iter().find(|tag| immutable.iter().any(|pattern| pattern.matches(tag.as_str()))) {
            return Err(Error::conflict(format!("the tag {repository}:{tag} is immutable")).hint(
                "`immutableTags` in the layout says so: `reg-init export` prints it, `reg-init apply` takes it without them",
            ));
        }
    }
    if force || content.is_empty() {
        return Ok(());
    }
    let repositories = count_of(content.len(), "repository", "repositories");
    let tags = count(content.iter().map(|(_, tags)| tags.len()).sum(), "tag");
    Err(Error::conflict(format!("it is not empty: {repositories} with {tags}"))
        .hint("--force deletes them, too; --dry-run shows which"))
}

/// The registry, whether it lists repositories of the namespace, and those of them that have tags. What the others may hold no request can
/// find: it is garbage.
async fn look(context: &Context, args: &DeleteArgs, host: Option<&str>, name: &Repository) -> Result<(Known, bool, Vec<Content>)> {
    let known = Known::open(context, &args.registry, host).await?;
    let census = known.census().await?;
    let client = &known.connection.client;
    let listed = census.of(name).cloned().unwrap_or_default();
    let any = !listed.is_empty();
    let content = stream::iter(listed)
        .map(|repository| async move { Ok::<_, Error>((tags(client, &repository).await?, repository)) })
        .buffered(AT_ONCE)
        .try_filter_map(|(tags, repository)| async move { Ok((!tags.is_empty()).then_some((repository, tags))) })
        .try_collect()
        .await?;
    Ok((known, any, content))
}

async fn tags(client: &reg_shared::oci::Client, repository: &Repository) -> Result<Vec<Tag>> {
    match client.tags(repository).await {
        Err(fault) if fault.kind() == Exit::NotFound => Ok(Vec::new()),
        tags => tags,
    }
}

/// Deletes all that the tags of a repository lead to.
async fn empty(context: &Context, connection: &Connection, repository: &Repository) -> Result<()> {
    let client = &connection.client;
    let go_on = || context.interrupt.or(async { Ok(()) });
    let found = context.interrupt.or(walk(context, connection, vec![repository.clone()])).await?;
    let mut later: Vec<&Digest> = Vec::new();
    for holding in &found {
        for digest in holding.manifests.iter().rev() {
            go_on().await?;
            match gone(client.manifest_delete(repository, digest).await) {
                // zot wants an index to go before what it lists, and would collect that as garbage in the end.
                Err(_) if holding.listed.contains(digest) => later.push(digest),
                ended => ended?,
            }
        }
    }
    for digest in later.into_iter().rev() {
        go_on().await?;
        gone(client.manifest_delete(repository, digest).await)?;
    }
    // Tags whose manifest was gone before, or whose registry leaves them behind.
    let kind: registry::Registry = connection.registry.kind.into();
    for tag in tags(client, repository).await? {
        go_on().await?;
        gone(kind.delete_tag(connection.registry.version.as_deref(), client, repository, &tag).await)?;
    }
    Ok(())
}

fn count(number: usize, what: &str) -> String {
    count_of(number, what, &format!("{what}s"))
}

fn count_of(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}
