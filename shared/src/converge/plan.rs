//! What would change. Nothing is written here.

use std::collections::{BTreeMap, HashSet};

use serde_json::Value;

use super::Managed;
use crate::cli::{Context, read_reference};
use crate::error::{Error, Result};
use crate::htpasswd;
use crate::layout::{ADMIN, Change, Gap, Layout, Verb, diff, merge};
use crate::name::{Repository, quoted};
use crate::registry::{Arranged, Beside, Others};
use crate::secret::Secret;

/// What is wanted of a registry.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The layout.
    pub layout: Layout,
    /// Whether what it does not name goes.
    pub prune: bool,
    /// Whether a namespace that is there stays as it is, whatever the layout says of it.
    pub keep: bool,
    /// Namespaces that go, and the webhooks that were told of them alone.
    pub without: Vec<Repository>,
}

/// What would change.
#[derive(Debug, Clone)]
pub struct Planned {
    /// What the registry is.
    pub before: Layout,
    /// What it will be.
    pub after: Layout,
    /// What of it is stored: without those who can log in and whom no layout named.
    pub(super) stored: Layout,
    /// Those whom an earlier layout names, who cannot log in, and whom nobody asked for now: they are left alone.
    pub(super) absent: HashSet<String>,
    /// The differences.
    pub changes: Vec<Change>,
    /// What its type cannot do of it.
    pub gaps: Vec<Gap>,
    /// Its configuration as it will be, when that is another one.
    pub(super) config: Option<String>,
    /// Why it must be restarted, when it must.
    pub restart: Option<String>,
    /// Whether it is not known that it has read the configuration that it has.
    pub(super) unseen: bool,
    /// Whether it is not known that it sees its users' file change while it runs, and that changes.
    pub(super) users_unseen: bool,
    /// Whether nobody had to log in before.
    pub(super) opens: bool,
    /// Whether it is somebody else's, and everybody who could log in might do everything before.
    pub(super) begins: bool,
}

impl Planned {
    /// Whether nothing would change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.restart.is_none() && !self.unseen
    }

    /// The users and robots that are not there yet.
    pub(super) fn newcomers(&self) -> Vec<&str> {
        let new =
            self.changes.iter().filter(|change| change.verb == Verb::Create && matches!(change.object.as_str(), "user" | "robot"));
        new.map(|change| change.name.as_str()).collect()
    }
}

/// Compares a registry with what is wanted of it.
///
/// # Errors
/// A part or a layout that cannot be read or understood, a name that cannot log in, a configuration that the registry would refuse.
pub fn plan(context: &Context, managed: &Managed, wanted: &Wanted) -> Result<Planned> {
    let settings = managed.instance.as_ref().map(crate::instance::Instance::settings).transpose()?.flatten();
    let opens = settings.as_ref().is_some_and(|settings| !settings.layout || !settings.htpasswd);
    let owed = managed.owed()?;
    let stored = managed.stored()?;
    let (written, _) = managed.written_as(stored.clone())?;
    let before = managed.with_logins(written.clone())?;
    let asked = asked(context, wanted, &before)?;
    // Whom the layout names and whom nobody made yet, or somebody removed, stays named in rules and groups.
    let known: HashSet<&str> = written.logins().collect();
    let mut there = written.clone();
    there.users.extend(before.users.iter().filter(|user| !known.contains(user.name.as_str())).cloned());
    let begins =
        managed.instance.is_none() && managed.config_text()?.map_or(Ok(false), |text| managed.kind.begins_rights(&text))?;
    let after = after(managed, wanted, &there, &asked)?;
    let after = if begins && after.admins.is_empty() { with_login(managed, &before, after)? } else { after };
    new_names(&asked, &before)?;
    let absent = absent(&there, &before, &asked);
    let mut changes = diff(&before, &after);
    changes.retain(|change| !is_about(change, &absent));
    let named: HashSet<&str> = [&written, &asked]
        .into_iter()
        .flat_map(Layout::logins)
        .chain([ADMIN])
        .chain(after.admins.iter().map(String::as_str))
        .collect();
    let sees = managed.kind.sees_new_users(managed.registry.version.as_deref());
    let mut to_store = after.clone();
    to_store.users.retain(|user| named.contains(user.name.as_str()));
    let mut planned = Planned {
        gaps: managed.gaps(&after),
        restart: reason(managed, opens, &changes),
        users_unseen: managed.htpasswd.is_some() && sees.is_none() && changes_logins(&changes),
        before,
        after,
        stored: to_store,
        absent,
        changes,
        config: None,
        unseen: owed.is_some(),
        opens,
        begins,
    };
    if let Some(arranged) = arranged(context, managed, wanted, &planned, stored)? {
        planned.gaps.extend(arranged.gaps);
        // reg-up writes the configuration of an instance that it restarts anew; one that was cut off before its restart is not that one yet.
        let anew = opens || managed.instance.is_some() && owed.as_ref().is_some_and(|why| !why.is_empty());
        if let Some(text) = arranged.text.filter(|_| !anew) {
            if wanted.prune {
                let pruned = pruned(managed, &planned)?;
                planned.changes.extend(pruned);
            }
            if planned.changes.is_empty() {
                planned.changes.push(drift(managed));
            }
            planned.config = Some(text);
            planned.restart = planned.restart.or_else(|| arranged.restart.map(ToOwned::to_owned));
        }
    }
    planned.restart = planned.restart.or(owed.filter(|why| !why.is_empty()));
    planned.gaps.sort();
    planned.gaps.dedup();
    Ok(planned)
}

/// The layout that was asked for, as it counts for this registry.
fn asked(context: &Context, wanted: &Wanted, before: &Layout) -> Result<Layout> {
    let mut asked = context.with_whole_paths(wanted.layout.clone())?;
    if wanted.keep {
        let there: HashSet<&Repository> = before.namespaces.iter().map(|namespace| &namespace.name).collect();
        asked.namespaces.retain(|namespace| !there.contains(&namespace.name));
    }
    Ok(asked)
}

/// What is there with what was asked for.
fn after(managed: &Managed, wanted: &Wanted, there: &Layout, asked: &Layout) -> Result<Layout> {
    let login = managed.registry.credential.as_ref().map(|credential| credential.username.clone());
    let keep = login.or_else(|| managed.instance.as_ref().map(|_| ADMIN.to_owned()));
    let mut after = merge(there, asked, wanted.prune, keep.as_deref());
    take_out(&mut after, &wanted.without);
    if managed.instance.is_some() {
        after = after.with_admin(ADMIN);
    }
    after.check().map_err(|fault| Error::input(format!("the layout that would be: {fault}")))?;
    Ok(after)
}

/// The same with the tools' own login as administrator. Where rights begin and nobody is one, whatever lies outside of the layout's
/// namespaces would be lost to everybody.
fn with_login(managed: &Managed, before: &Layout, after: Layout) -> Result<Layout> {
    let login = managed.registry.credential.as_ref().map(|credential| credential.username.as_str());
    match login.filter(|login| before.users.iter().any(|user| user.name == *login)) {
        Some(login) => Ok(after.with_admin(login)),
        None => Err(Error::input(format!(
            "nobody would be an administrator: {} has no rights yet, and with the first ones all outside of the layout's namespaces is for administrators",
            managed.registry.title()
        ))
        .hint("name a user in the layout, like `admins: [root]`; or name the `credential` of one in its mode of the config file")),
    }
}

/// Its configuration as it is to be; none of a registry that has none.
fn arranged(
    context: &Context,
    managed: &Managed,
    wanted: &Wanted,
    planned: &Planned,
    stored: Option<Layout>,
) -> Result<Option<Arranged>> {
    let Some(text) = managed.config_text()? else { return Ok(None) };
    let mut stored = stored.unwrap_or_default();
    // What goes was the layout's own, also where its configuration alone said so.
    let gone = planned.before.namespaces.iter().filter(|namespace| wanted.without.contains(&namespace.name));
    stored.namespaces.extend(gone.cloned());
    let others = Others { stored: &stored, prune: wanted.prune };
    let headers = headers(context, &planned.after)?;
    managed.kind.arrange(managed.registry.version.as_deref(), &text, &planned.after, &others, &headers).map(Some)
}

/// Why it must be restarted for the changes, whatever its configuration says.
fn reason(managed: &Managed, opens: bool, changes: &[Change]) -> Option<String> {
    if opens {
        Some("nobody had to log in before".to_owned())
    } else if changes_logins(changes) && managed.kind.sees_new_users(managed.registry.version.as_deref()) == Some(false) {
        Some("it reads its users only when it starts".to_owned())
    } else {
        None
    }
}

fn changes_logins(changes: &[Change]) -> bool {
    changes.iter().any(|change| matches!(&*change.object, "user" | "robot"))
}

/// What goes of the configuration that no layout named, a change each.
fn pruned(managed: &Managed, planned: &Planned) -> Result<Vec<Change>> {
    // What was read out of the configuration goes as an object of the layout.
    let told = |name: &str| planned.changes.iter().any(|change| change.verb == Verb::Remove && change.name == name);
    let beside = managed.beside(&planned.after)?.into_iter();
    let beside = beside.filter(|found| !told(found.name.strip_suffix("/**").unwrap_or(&found.name)));
    let change = |found: Beside| Change {
        verb: Verb::Remove,
        object: found.object.to_owned(),
        name: found.name,
        field: None,
        before: None,
        after: None,
    };
    Ok(beside.map(change).collect())
}

/// Who is named in what is there, cannot log in, and is not wanted now.
fn absent(there: &Layout, before: &Layout, wanted: &Layout) -> HashSet<String> {
    let asked: HashSet<&str> = before.logins().chain(wanted.logins()).chain([ADMIN]).collect();
    there.logins().filter(|name| !asked.contains(name)).map(ToOwned::to_owned).collect()
}

/// Whether a change would make one of these logins.
pub(super) fn is_about(change: &Change, logins: &HashSet<String>) -> bool {
    change.verb == Verb::Create && matches!(change.object.as_str(), "user" | "robot") && logins.contains(&change.name)
}

/// The users and robots of a layout whose names cannot log in: the place of each, its name, and why.
pub fn unfit_names(layout: &Layout) -> impl Iterator<Item = (String, &str, Error)> {
    let users = layout.users.iter().enumerate().map(|(at, user)| (format!("users[{at}].name"), user.name.as_str()));
    let robots = layout.robots.iter().enumerate().map(|(at, robot)| (format!("robots[{at}].name"), robot.name.as_str()));
    users.chain(robots).filter_map(|(place, name)| name.parse::<htpasswd::Name>().err().map(|fault| (place, name, fault)))
}

/// Refuses names that cannot log in. Whoever is in the file already is somebody else's business: some programs take more than we write.
fn new_names(layout: &Layout, before: &Layout) -> Result<()> {
    let there: HashSet<&str> = before.logins().collect();
    match unfit_names(layout).find(|(_, name, _)| !there.contains(name)) {
        Some((place, _, fault)) => Err(fault.context(format!("the layout: .{place}")).with_kind(crate::exit::Exit::Input)),
        None => Ok(()),
    }
}

/// Takes namespaces out of a layout.
fn take_out(layout: &mut Layout, gone: &[Repository]) {
    layout.namespaces.retain(|namespace| !gone.contains(&namespace.name));
    layout.webhooks.retain_mut(|webhook| {
        let told_of_all = webhook.namespaces.is_empty();
        webhook.namespaces.retain(|name| !gone.contains(name));
        told_of_all || !webhook.namespaces.is_empty()
    });
}

/// The configuration says something else than the layout that is stored beside it: somebody changed it by hand.
fn drift(managed: &Managed) -> Change {
    let name = managed.config.as_ref().and_then(|config| config.path().file_name()).unwrap_or_default();
    let why = Value::String("it says something else than the layout".to_owned());
    Change {
        verb: Verb::Change,
        object: "config".to_owned(),
        name: name.to_string_lossy().into_owned(),
        field: None,
        before: Some(why),
        after: None,
    }
}

/// The headers of a layout's webhooks, by their names.
///
/// # Errors
/// One that cannot be read.
pub fn headers(context: &Context, layout: &Layout) -> Result<BTreeMap<String, Secret>> {
    let mut headers = BTreeMap::new();
    for webhook in &layout.webhooks {
        let what = format!("the header of the webhook {}", quoted(&webhook.name));
        let read = || read_reference(webhook.header_file.as_deref(), webhook.header_env.as_deref(), &what);
        headers.extend(context.interrupt.reading(read)?.map(|header| (webhook.name.clone(), header)));
    }
    Ok(headers)
}
