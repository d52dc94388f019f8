//! What is to be done for each row, the work that this takes, and the file that comes out.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use reg_shared::cli::{Context, read_password_file};
use reg_shared::document::{User, UserOutcome};
use reg_shared::error::Result;
use reg_shared::htpasswd::{self, Text};
use reg_shared::secret::Secret;

use super::wanted::{Password, Wanted};
use crate::cli::ImportArgs;
use crate::hashing;
use crate::password::{Kept, file_of, finish_all};

/// The rows, and what is known of them so far.
pub(super) struct Plan {
    wanted: Vec<Wanted>,
    cost: u32,
    update: bool,
    prune: bool,
    dry_run: bool,
    out: Option<PathBuf>,
    /// By row: the new hash.
    hashes: HashMap<usize, String>,
    /// By row: a hash of the file that the row's password was found to have.
    same: HashMap<usize, String>,
    /// By row: a generated password that is written out, not yet under its name.
    kept: HashMap<usize, Kept>,
    /// By row: the file of a generated password that is in force.
    files: HashMap<usize, PathBuf>,
}

/// What became of each row, and who was pruned.
pub(super) struct Outcomes {
    rows: Vec<UserOutcome>,
    pub(super) removed: Vec<String>,
}

/// One piece of work: a password to hash, unless the user has the right one.
struct Piece {
    row: usize,
    password: Secret,
    /// The hash that is there, and the password that makes it right.
    now: Option<(String, Secret)>,
    cost: u32,
    dry_run: bool,
}

enum Found {
    Same(String),
    New(String),
}

impl Piece {
    fn work(&self) -> Result<Found> {
        if let Some((now, right)) = &self.now {
            let (users, _) = htpasswd::parse(&format!("x:{now}"));
            if users.check("x", right) {
                return Ok(Found::Same(now.clone()));
            }
        }
        if self.dry_run { Ok(Found::New(String::new())) } else { htpasswd::hash(&self.password, self.cost).map(Found::New) }
    }
}

impl Plan {
    pub(super) fn new(wanted: Vec<Wanted>, args: &ImportArgs) -> Self {
        Self {
            wanted,
            cost: args.cost.cost,
            update: args.update,
            prune: args.prune,
            dry_run: args.dry_run,
            out: args.out.clone(),
            hashes: HashMap::new(),
            same: HashMap::new(),
            kept: HashMap::new(),
            files: HashMap::new(),
        }
    }

    /// Works out what [`Self::apply`] needs for this text and is not known yet.
    ///
    /// # Errors
    /// A signal; a generated password that cannot be kept.
    pub(super) async fn work(&mut self, context: &Context, text: &Text) -> Result<()> {
        let mut pieces = Vec::new();
        for row in 0..self.wanted.len() {
            if let Some(piece) = self.piece(context, text, row)? {
                pieces.push(piece);
            }
        }
        let rows: Vec<usize> = pieces.iter().map(|piece| piece.row).collect();
        let found = hashing::all(context, "hashed", pieces, Piece::work).await?;
        for (row, found) in rows.into_iter().zip(found) {
            match found {
                Found::Same(hash) => {
                    self.same.insert(row, hash);
                    // A new password that nobody needs goes; the one before it stays in its file.
                    self.files.extend(self.kept.remove(&row).map(|kept| (row, kept.path)));
                }
                Found::New(hash) => {
                    self.hashes.insert(row, hash);
                }
            }
        }
        Ok(())
    }

    /// The work for one row; none when nothing is to be done, or it was done before.
    fn piece(&mut self, context: &Context, text: &Text, row: usize) -> Result<Option<Piece>> {
        let wanted = &self.wanted[row];
        let now = text.get(wanted.name.as_str()).map(|entry| String::from_utf8_lossy(entry.hash).into_owned());
        let leave = now.is_some() && !self.update;
        if leave || self.hashes.contains_key(&row) || (now.is_some() && self.same.get(&row) == now.as_ref()) {
            return Ok(None);
        }
        let (password, right) = match &wanted.password {
            Password::None => return Ok(None),
            Password::Given(password) => (password.clone(), Some(password.clone())),
            Password::Generated => {
                let password = Secret::password()?;
                let before = self.out.as_deref().and_then(|dir| kept_before(context, dir, wanted.name.as_str()));
                if let Some(dir) = self.out.as_deref().filter(|_| !self.dry_run) {
                    let kept = Kept::stage(context, dir, wanted.name.as_str(), &password, now.is_some())?;
                    self.kept.insert(row, kept);
                }
                (password, before)
            }
        };
        Ok(Some(Piece { row, password, now: now.zip(right), cost: self.cost, dry_run: self.dry_run }))
    }

    /// The text as it is to be, and what becomes of each row.
    pub(super) fn apply(&self, text: &Text) -> (Text, Outcomes) {
        let mut text = text.clone();
        let mut rows = Vec::with_capacity(self.wanted.len());
        for (row, wanted) in self.wanted.iter().enumerate() {
            let name = wanted.name.as_str();
            let there = text.get(name).is_some();
            let outcome = match self.hashes.get(&row).filter(|_| !there || self.update) {
                Some(hash) => {
                    text.set(name, hash);
                    if there { UserOutcome::Changed } else { UserOutcome::Added }
                }
                None => UserOutcome::Unchanged,
            };
            rows.push(outcome);
        }
        let mut removed = Vec::new();
        if self.prune {
            let stay: HashSet<&str> = self.wanted.iter().map(|wanted| wanted.name.as_str()).collect();
            removed =
                text.users().map(|entry| entry.name_text().into_owned()).filter(|name| !stay.contains(name.as_str())).collect();
            for name in &removed {
                text.remove(name);
            }
        }
        (text, Outcomes { rows, removed })
    }

    /// Gives the generated passwords that are in force the names that they are found by; the others go.
    ///
    /// # Errors
    /// When one cannot be named so; it stays where it is, and the error says where.
    pub(super) fn keep_passwords(&mut self, outcomes: &Outcomes) -> Result<()> {
        let in_force = |row: usize| outcomes.rows.get(row).is_some_and(|outcome| *outcome != UserOutcome::Unchanged);
        self.files.extend(finish_all(self.kept.drain().filter(|(row, _)| in_force(*row)))?);
        Ok(())
    }

    /// The rows of the report.
    pub(super) fn rows(&self, outcomes: &Outcomes) -> Vec<User> {
        let rows = self.wanted.iter().zip(&outcomes.rows).enumerate();
        let row = |(at, (wanted, outcome)): (usize, (&Wanted, &UserOutcome))| {
            let detail = wanted.extras.then(|| "e-mail and groups are not stored".to_owned());
            let hashed = *outcome != UserOutcome::Unchanged;
            User {
                algorithm: hashed.then(|| "bcrypt".to_owned()),
                cost: hashed.then_some(self.cost),
                password_file: self.files.get(&at).cloned(),
                ..wanted.row(*outcome, detail)
            }
        };
        rows.map(row).collect()
    }

    /// How many users were there and kept their passwords, although their rows have one.
    pub(super) fn kept_their_passwords(&self, outcomes: &Outcomes) -> usize {
        let with_password = |wanted: &Wanted| !matches!(wanted.password, Password::None);
        let rows = self.wanted.iter().zip(&outcomes.rows);
        rows.filter(|(wanted, outcome)| !self.update && **outcome == UserOutcome::Unchanged && with_password(wanted)).count()
    }

    /// Whether a row has an e-mail address or groups.
    pub(super) fn has_extras(&self) -> bool {
        self.wanted.iter().any(|wanted| wanted.extras)
    }
}

/// The password that was generated for a user in a run before. One that cannot be read is as good as none: there is a new one.
fn kept_before(context: &Context, dir: &Path, user: &str) -> Option<Secret> {
    read_password_file(&file_of(context, dir, user).ok()?).ok()
}
