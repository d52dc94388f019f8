//! The three usual users, each with a password in a file of its own.

use reg_shared::cli::{Context, read_password_file};
use reg_shared::document::{User, UserOutcome};
use reg_shared::error::Result;
use reg_shared::exit::Exit;
use reg_shared::htpasswd;
use reg_shared::secret::Secret;

use crate::cli::DefaultsArgs;
use crate::hashing;
use crate::password::{Kept, file_of, finish_all};
use crate::place::Place;

/// Who sets the registry up, who pushes, who tries things out.
const USERS: [&str; 3] = ["provisioning", "developer", "tester"];

/// One that is to be added.
struct New {
    name: &'static str,
    hash: String,
    /// Unless the password was in its file already.
    kept: Option<Kept>,
}

pub(crate) async fn defaults(context: &Context, args: &DefaultsArgs) -> Result<Exit> {
    let place = Place::find(context, &args.change.place, None)?;
    let text = place.text_or_new()?;
    let mut new = Vec::new();
    for name in USERS.into_iter().filter(|name| text.get(name).is_none()) {
        let path = file_of(context, &args.out, name)?;
        let (password, kept) = if path.exists() {
            (read_password_file(&path)?, None)
        } else {
            let password = Secret::password()?;
            let kept = Kept::stage(context, &args.out, name, &password, false)?;
            (password, Some(kept))
        };
        htpasswd::check_password(&password)
            .map_err(|fault| fault.context(format!("cannot take the password in {}", path.display())))?;
        let (hash, _) = hashing::one(context, &password, args.cost.cost).await?;
        new.push(New { name, hash, kept });
    }
    let held = place.hold(context).await?;
    let mut text = held.text()?;
    // Somebody may have added one meanwhile; its new password then goes.
    new.retain(|new| text.get(new.name).is_none());
    for New { name, hash, .. } in &new {
        text.set(name, hash);
    }
    held.write(context, &text, &args.change)?;
    drop(held);
    let added: Vec<&str> = new.iter().map(|new| new.name).collect();
    let file = place.file.path().display();
    if added.is_empty() {
        context.messages.note(format!("{} are in {file} already", USERS.join(", ")));
    } else {
        context.messages.note(format!("added {} to {file}, their passwords are in {}", added.join(", "), args.out.display()));
    }
    let mut rows = USERS.map(|name| match added.contains(&name) {
        true => hashing::row(name, UserOutcome::Added, args.cost.cost),
        false => User::new(name, Some(UserOutcome::Unchanged)),
    });
    finish_all(new.into_iter().filter_map(|new| Some((new.name, new.kept?))))?;
    for row in &mut rows {
        row.password_file = file_of(context, &args.out, &row.name).ok().filter(|path| path.exists());
    }
    context.output.print(&place.document(rows.into())).map(|()| Exit::Ok)
}
