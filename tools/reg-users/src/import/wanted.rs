//! A row that is right: who is wanted, and with which password.

use std::collections::HashMap;

use reg_shared::cli::read_password_in;
use reg_shared::document::{ImportedUser, User, UserOutcome};
use reg_shared::error::Error;
use reg_shared::htpasswd::{Name, Text, check_password};
use reg_shared::secret::Secret;

use super::rows::Row;
use crate::cli::ImportArgs;

/// Where the password of a row comes from.
#[derive(Debug)]
pub(super) enum Password {
    Given(Secret),
    Generated,
    /// For a user that is there already.
    None,
}

/// A row that may be written.
#[derive(Debug)]
pub(super) struct Wanted {
    place: String,
    line: Option<usize>,
    pub(super) name: Name,
    pub(super) password: Password,
    /// It has an e-mail address or groups.
    pub(super) extras: bool,
}

/// A row that is wrong.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) place: String,
    pub(super) line: Option<usize>,
    pub(super) name: String,
    pub(super) why: String,
}

impl Wanted {
    pub(super) fn is_generated(&self) -> bool {
        matches!(self.password, Password::Generated)
    }

    /// A row of the report.
    pub(super) fn row(&self, outcome: UserOutcome, detail: Option<String>) -> User {
        User { line: self.line, detail, ..User::new(self.name.as_str(), Some(outcome)) }
    }

    fn refused(&self, why: impl Into<String>) -> Refused {
        Refused { place: self.place.clone(), line: self.line, name: self.name.to_string(), why: why.into() }
    }
}

/// Checks each row by itself, and that no name is in two.
pub(super) fn check(rows: Vec<Row>) -> Vec<Result<Wanted, Refused>> {
    let mut seen: HashMap<String, String> = HashMap::new();
    let checked = rows.into_iter().map(|row| {
        let wanted = one(row)?;
        let first = seen.entry(wanted.name.to_string()).or_insert_with(|| wanted.place.clone());
        if *first == wanted.place { Ok(wanted) } else { Err(wanted.refused(format!("{first} has the same name"))) }
    });
    checked.collect()
}

fn one(row: Row) -> Result<Wanted, Refused> {
    let Row { place, line, name: shown, user } = row;
    let said = |fault: &Error| {
        let text = fault.to_string();
        text.strip_prefix(&format!("{place}: ")).map(ToOwned::to_owned).unwrap_or(text)
    };
    let refused = |why: String| Refused { place: place.clone(), line, name: shown.clone(), why };
    let user = user.map_err(|fault| refused(said(&fault)))?;
    let name = user.name.parse::<Name>().map_err(|fault| refused(said(&fault)))?;
    check_extras(&user).map_err(refused)?;
    let extras = user.email.is_some() || user.groups.as_ref().is_some_and(|groups| !groups.is_empty());
    let password = password(&user).map_err(|fault| refused(said(&fault)))?;
    Ok(Wanted { name, password, extras, line, place: place.clone() })
}

fn password(user: &ImportedUser) -> Result<Password, Error> {
    let generated = user.generated == Some(true);
    let sources = [user.password.is_some(), user.password_file.is_some(), generated];
    if sources.iter().filter(|given| **given).count() > 1 {
        return Err(Error::input("it has more than one of password, passwordFile and generated"));
    }
    let given = match (&user.password, &user.password_file) {
        (Some(password), _) => password.clone(),
        (None, Some(file)) => read_password_in(file, "the file that passwordFile names")?,
        (None, None) => return Ok(if generated { Password::Generated } else { Password::None }),
    };
    check_password(&given)?;
    Ok(Password::Given(given))
}

fn check_extras(user: &ImportedUser) -> Result<(), String> {
    if let Some(email) = &user.email {
        let halves = email.split_once('@').filter(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'));
        if halves.is_none() || email.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err("email: expected an address like anna@example.org".to_owned());
        }
    }
    let wrong = |group: &str| group.trim().is_empty() || group.contains(char::is_control);
    match user.groups.iter().flatten().position(|group| wrong(group)) {
        Some(at) => Err(format!("groups: name {} is empty or has control characters", at + 1)),
        None => Ok(()),
    }
}

/// Refuses rows without a password whose users are not there, unless one is to be generated for them.
pub(super) fn check_passwords(rows: &mut [Result<Wanted, Refused>], text: &Text, args: &ImportArgs) {
    for row in rows {
        let Ok(wanted) = row else { continue };
        if !matches!(wanted.password, Password::None) || text.get(wanted.name.as_str()).is_some() {
            continue;
        }
        if args.generate {
            wanted.password = Password::Generated;
        } else {
            *row = Err(wanted.refused("it has no password, and the user is not there yet (--generate makes one)"));
        }
    }
}
