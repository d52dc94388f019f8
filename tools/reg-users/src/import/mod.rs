//! Many users at once: every row is checked, what needs work is worked out on all processors, then the file changes once.
//!
//! The work may take long, so the file is not held meanwhile: it is read, and if it is another one when it is taken, it is looked at
//! anew; a hash that is there is not made twice. A signal, or anything that fails, leaves the file as it was.

mod plan;
mod rows;
mod wanted;

use std::path::Path;

use reg_shared::cli::Context;
use reg_shared::document::{User, UserOutcome, Users};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::htpasswd::Text;

use self::plan::Plan;
use self::rows::Row;
use self::wanted::Wanted;
use crate::cli::ImportArgs;
use crate::place::Place;

pub(crate) async fn import(context: &Context, args: &ImportArgs) -> Result<Exit> {
    let place = Place::find(context, &args.change.place, None)?;
    let (rows, source) = read(context, args)?;
    if rows.is_empty() && args.prune {
        return Err(Error::input(format!("{source} has no rows, and --prune would remove every user")));
    }
    let total = rows.len();
    let mut checked = wanted::check(rows);
    let mut snapshot = place.file.read()?;
    let text = place.text_or_new()?;
    wanted::check_passwords(&mut checked, &text, args);
    let faults = checked.iter().filter(|row| row.is_err()).count();
    if faults > 0 {
        return refuse(context, &place, &source, checked, (faults, total));
    }
    let wanted: Vec<Wanted> = checked.into_iter().flatten().collect();
    if args.out.is_none() && wanted.iter().any(Wanted::is_generated) {
        return Err(Error::usage("a row wants a generated password, and nothing says where to keep it").hint("add --out DIR"));
    }
    let mut plan = Plan::new(wanted, args);
    loop {
        let text = snapshot.as_deref().map(Text::parse).unwrap_or_default();
        plan.work(context, &text).await?;
        if args.dry_run {
            let (_, outcomes) = plan.apply(&text);
            return report(context, &place, &plan, outcomes, args);
        }
        let held = place.hold(context).await?;
        if held.before() != snapshot.as_deref() {
            snapshot = held.before().map(<[u8]>::to_vec);
            continue;
        }
        let (text, outcomes) = plan.apply(&held.text()?);
        held.write(context, &text, &args.change)?;
        drop(held);
        plan.keep_passwords(&outcomes)?;
        return report(context, &place, &plan, outcomes, args);
    }
}

/// The rows, and what to call where they came from.
fn read(context: &Context, args: &ImportArgs) -> Result<(Vec<Row>, String)> {
    let path = args.path.as_path();
    let standard = path == Path::new("-");
    let source = if standard { "standard input".to_owned() } else { path.display().to_string() };
    let end = path.extension().and_then(|end| end.to_str()).map(str::to_lowercase);
    let csv = match end.as_deref() {
        _ if args.csv => true,
        _ if args.json => false,
        Some("csv") => true,
        Some("json" | "jsonl" | "ndjson") => false,
        _ => return Err(Error::usage(format!("nothing says whether {source} is CSV or JSON")).hint("add --csv or --json")),
    };
    let text = if standard {
        context.standard_input()?
    } else {
        // It may be a pipe that nobody writes to, or a terminal.
        context.interrupt.reading(|| std::fs::read_to_string(path)).map_err(|fault| not_text(&source, fault))?
    };
    let rows = if csv { rows::csv(&text, &source)? } else { rows::json(&text, &source)? };
    if csv {
        warn_of_spaces(context, &rows, &source);
    }
    Ok((rows, source))
}

/// Spaces around a password belong to it; behind a comma they are likely not meant to.
fn warn_of_spaces(context: &Context, rows: &[Row], source: &str) {
    let password = |row: &Row| row.user.as_ref().ok()?.password.clone();
    let spaced = |row: &&Row| password(row).is_some_and(|password| password.expose().trim() != password.expose());
    let places: Vec<&str> = rows.iter().filter(spaced).map(|row| row.place.as_str()).collect();
    if let Some((first, rest)) = places.split_first() {
        let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        context.messages.warn(format!("{source}: {first}{more}: the password begins or ends with a space"));
    }
}

fn not_text(source: &str, fault: std::io::Error) -> Error {
    let latin = fault.kind() == std::io::ErrorKind::InvalidData;
    let fault = Error::io(format!("cannot read {source}"), fault);
    if latin { fault.hint("save it as UTF-8") } else { fault }
}

/// Tells of every row that is wrong, and that nothing was written.
fn refuse(
    context: &Context,
    place: &Place,
    source: &str,
    checked: Vec<std::result::Result<Wanted, wanted::Refused>>,
    (faults, total): (usize, usize),
) -> Result<Exit> {
    let first = checked.iter().find_map(|row| row.as_ref().err()).map(|refused| format!("{}: {}", refused.place, refused.why));
    let users = checked.into_iter().map(|row| match row {
        Ok(wanted) => wanted.row(UserOutcome::Unchanged, Some("nothing was written, because other rows are wrong".to_owned())),
        Err(wanted::Refused { place, line, name, why }) => {
            // Where there are no lines the place says which row it is.
            let why = if line.is_some() { why } else { format!("{place}: {why}") };
            User { line, detail: Some(why), ..User::new(name, Some(UserOutcome::Refused)) }
        }
    });
    context.output.print(&place.document(users.collect()))?;
    let are = if faults == 1 { "is" } else { "are" };
    let what = format!(
        "cannot import {source}: {faults} of {total} rows {are} wrong, so nothing was written: {}",
        first.unwrap_or_default()
    );
    let hint = "`… -o jsonl | jq -c 'select(.outcome == \"refused\")'` shows all that are";
    Err(if faults == 1 { Error::input(what) } else { Error::input(what).hint(hint) })
}

/// Prints the rows, those of users that were removed behind the others.
fn report(context: &Context, place: &Place, plan: &Plan, outcomes: plan::Outcomes, args: &ImportArgs) -> Result<Exit> {
    let mut users: Vec<User> = plan.rows(&outcomes);
    users.extend(outcomes.removed.iter().map(|name| User::new(name, Some(UserOutcome::Removed))));
    let count = |outcome| users.iter().filter(|user| user.outcome == Some(outcome)).count();
    let [added, changed, unchanged, removed] =
        [UserOutcome::Added, UserOutcome::Changed, UserOutcome::Unchanged, UserOutcome::Removed].map(count);
    let would = if args.dry_run { "would be: " } else { "" };
    context.messages.note(format!(
        "{}: {would}{added} added, {changed} changed, {unchanged} unchanged, {removed} removed",
        place.file.path().display()
    ));
    let kept = plan.kept_their_passwords(&outcomes);
    if kept > 0 {
        context
            .messages
            .note(format!("{kept} are there already and keep their passwords: --update gives them those of their rows"));
    }
    if plan.has_extras() {
        context.messages.warn("e-mail addresses and groups were checked and not stored: an htpasswd file has no place for them");
    }
    let document = Users { dry_run: args.dry_run, ..place.document(users) };
    context.output.print(&document).map(|()| Exit::Ok)
}
