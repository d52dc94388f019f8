//! Adding, changing and removing users.

use std::time::Duration;

use reg_shared::cli::Context;
use reg_shared::document::{User, UserOutcome};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::htpasswd::{Name, Text};
use reg_shared::name::quoted;
use reg_shared::shell;

use crate::cli::{AddArgs, ChangeArgs, PasswdArgs, RemoveArgs};
use crate::hashing;
use crate::password::NewPassword;
use crate::place::{Held, Place};

pub(crate) async fn add(context: &Context, args: &AddArgs) -> Result<Exit> {
    let name: Name = args.name.parse()?;
    let place = find(context, &args.change, args.password.given.password_stdin)?;
    args.password.check(context)?;
    let exists = |text: &Text| text.get(name.as_str()).is_some();
    // Nobody is asked for a password in vain.
    if exists(&place.text_or_new()?) {
        return there_already(context, &place, args);
    }
    let password = args.password.get(context, name.as_str(), false).await?;
    let (hash, took) = hashing::one(context, &password.secret, args.cost.cost).await?;
    let held = place.hold(context).await?;
    let mut text = held.text()?;
    if exists(&text) {
        return there_already(context, &place, args);
    }
    text.set(name.as_str(), &hash);
    let row = hashing::row(name.as_str(), UserOutcome::Added, args.cost.cost);
    finish(context, &place, held, &args.change, (&text, password, row, took))
}

fn there_already(context: &Context, place: &Place, args: &AddArgs) -> Result<Exit> {
    let name = &args.name;
    if !args.exist_ok {
        return Err(Error::conflict(format!(
            "cannot add {} to {}: the user is there already",
            quoted(name),
            place.file.path().display()
        ))
        .hint(format!(
            "`reg-users passwd {} {}` changes the password; --exist-ok leaves it as it is",
            shell::word(name.as_ref()),
            place.flag()
        )));
    }
    context.messages.note(format!("{} is in {} already", quoted(name), place.file.path().display()));
    if args.password.show {
        return Ok(Exit::Ok);
    }
    context.output.print(&place.document(vec![User::new(name, Some(UserOutcome::Unchanged))])).map(|()| Exit::Ok)
}

pub(crate) async fn passwd(context: &Context, args: &PasswdArgs) -> Result<Exit> {
    let name = &args.name;
    let place = find(context, &args.change, args.password.given.password_stdin)?;
    args.password.check(context)?;
    if place.text(context)?.get(name).is_none() {
        return Err(missing(&place, &[name]));
    }
    let password = args.password.get(context, name, true).await?;
    let (hash, took) = hashing::one(context, &password.secret, args.cost.cost).await?;
    let held = place.hold(context).await?;
    let mut text = held.text()?;
    if text.get(name).is_none() {
        return Err(missing(&place, &[name]));
    }
    text.set(name, &hash);
    let row = hashing::row(name, UserOutcome::Changed, args.cost.cost);
    finish(context, &place, held, &args.change, (&text, password, row, took))
}

/// Shows or keeps the password, writes the file, prints the row.
fn finish(
    context: &Context,
    place: &Place,
    held: Held<'_>,
    args: &ChangeArgs,
    (text, password, mut row, took): (&Text, NewPassword, User, Duration),
) -> Result<Exit> {
    if password.show {
        // First, because a password that nobody could read would lock the user out.
        context.output.show([&password.secret]).map_err(|fault| {
            let what = format!("cannot show the generated password of {}, so nothing was changed", quoted(&row.name));
            fault.context(what).hint("--out DIR keeps it in a file")
        })?;
    }
    held.write(context, text, args)?;
    drop(held);
    let done = if row.outcome == Some(UserOutcome::Added) { "added" } else { "changed" };
    let file = place.file.path().display();
    let milliseconds = took.as_secs_f64() * 1000.0;
    let cost = row.cost.unwrap_or_default();
    context.messages.note(format!("{done} {} in {file}: bcrypt, cost {cost}, {milliseconds:.1} ms a login", quoted(&row.name)));
    if let Some(kept) = password.kept {
        let path = kept.finish()?;
        context.messages.note(format!("its password is in {}", path.display()));
        row.password_file = Some(path);
    }
    if password.show {
        return Ok(Exit::Ok);
    }
    context.output.print(&place.document(vec![row])).map(|()| Exit::Ok)
}

pub(crate) async fn remove(context: &Context, args: &RemoveArgs) -> Result<Exit> {
    let reads_names = args.names.iter().any(|name| name == "-");
    let place = Place::find(context, &args.change.place, reads_names.then_some("the names"))?;
    let names = context.operands(&args.names)?;
    let held = place.hold(context).await?;
    if !args.missing_ok {
        // Names that are not there may be a wrong file's.
        place.text(context)?;
    }
    let mut text = held.text()?;
    let absent: Vec<&str> = names.iter().map(String::as_str).filter(|name| text.get(name).is_none()).collect();
    if !absent.is_empty() && !args.missing_ok {
        return Err(missing(&place, &absent));
    }
    let rows = names.iter().map(|name| {
        let removed = text.remove(name);
        User::new(name, Some(if removed { UserOutcome::Removed } else { UserOutcome::Unchanged }))
    });
    let rows: Vec<User> = rows.collect();
    held.write(context, &text, &args.change)?;
    drop(held);
    let removed = rows.iter().filter(|row| row.outcome == Some(UserOutcome::Removed)).count();
    let users = if removed == 1 { "user" } else { "users" };
    context.messages.note(format!("removed {removed} {users} from {}", place.file.path().display()));
    context.output.print(&place.document(rows)).map(|()| Exit::Ok)
}

fn find(context: &Context, args: &ChangeArgs, password_stdin: bool) -> Result<Place> {
    Place::find(context, &args.place, password_stdin.then_some("the password"))
}

/// Users that are not there.
pub(crate) fn missing(place: &Place, names: &[&str]) -> Error {
    let all: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    let what = format!("there is no user {} in {}", all.join(", "), place.file.path().display());
    Error::not_found(what).hint(format!("`reg-users list {}` shows who is", place.flag()))
}
