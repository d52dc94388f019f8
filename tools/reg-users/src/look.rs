//! Listing the users, and trying a password.

use reg_shared::cli::Context;
use reg_shared::document::{User, UserOutcome};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::htpasswd::{self, Entry, Judged, PASSWORD_MAX, Reader, judge};

use crate::cli::{ListArgs, VerifyArgs};
use crate::place::Place;

pub(crate) fn list(context: &Context, args: &ListArgs) -> Result<Exit> {
    let place = Place::find_to_read(context, &args.place, None)?;
    let users = rows(context, &place)?;
    context.output.print(&place.document(users)).map(|()| Exit::Ok)
}

/// A row for each user of a file.
pub(crate) fn rows(context: &Context, place: &Place) -> Result<Vec<User>> {
    let text = place.text(context)?;
    Ok(text.users().map(|entry| row(&entry)).collect())
}

fn row(entry: &Entry<'_>) -> User {
    let algorithm = entry.algorithm();
    User {
        algorithm: Some(algorithm.name().to_owned()),
        cost: algorithm.cost(),
        line: Some(entry.line),
        ..User::new(entry.name_text(), None)
    }
}

pub(crate) async fn verify(context: &Context, args: &VerifyArgs) -> Result<Exit> {
    let place = Place::find_to_read(context, &args.place, args.password.password_stdin.then_some("the password"))?;
    let bytes = place.bytes(context)?;
    let password = context.password(&args.password, &args.name).await?;
    if password.expose().len() > PASSWORD_MAX {
        context.messages.warn(format!("bcrypt sees only the first {PASSWORD_MAX} bytes of this password"));
    }
    let (users, _) = htpasswd::parse(&String::from_utf8_lossy(&bytes));
    let name = args.name.clone();
    // One check of bcrypt, whoever it is: how long it takes tells nobody whether the user exists.
    let checking = tokio::task::spawn_blocking(move || users.check(&name, &password));
    let right = context.interrupt.or(async { checking.await.map_err(|_| Error::failed("cannot check the password")) }).await?;
    let text = htpasswd::Text::parse(&bytes);
    let entry = text.get(&args.name);
    let mut user = entry.as_ref().map_or_else(|| User::new(&args.name, None), row);
    user.outcome = Some(if right { UserOutcome::Match } else { UserOutcome::Mismatch });
    let mut exit = if right { Exit::Ok } else { Exit::Negative };
    if !right {
        let line = entry.and_then(|entry| judge(&bytes, &Reader::ALL).into_iter().find(|judged| judged.line == entry.line));
        user.detail = Some(match line {
            None => "there is no such user".to_owned(),
            Some(line) if takes(&line, Reader::Embedded) => "the password is another one".to_owned(),
            Some(line) if line.verdicts.iter().all(|(_, verdict)| verdict.is_err()) => {
                "no program lets it in: `reg-users check` says why".to_owned()
            }
            Some(line) => {
                user.outcome = None;
                exit = Exit::Unsupported;
                let who: Vec<_> = line.verdicts.iter().filter(|(_, verdict)| verdict.is_ok()).map(|(who, _)| who.name()).collect();
                format!("its line cannot be checked here; it is taken by {}", who.join(", "))
            }
        });
    }
    let detail = user.detail.clone();
    if let Some(detail) = detail {
        context.messages.note(detail);
    }
    context.output.print(&place.document(vec![user]))?;
    Ok(exit)
}

fn takes(line: &Judged, reader: Reader) -> bool {
    line.verdicts.iter().any(|(who, verdict)| *who == reader && verdict.is_ok())
}
