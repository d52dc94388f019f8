//! htpasswd files: who logs in, what each program makes of a line, and changing a file without losing anything in it.
//!
//! A file is [`Text`]: lines that print back byte for byte, of which only those of the users that are changed change. [`parse`] reads it
//! as the embedded server does, [`judge`] as the programs of others do. The file itself is a
//! [`crate::file::File`]. Hashes are bcrypt, `$2y$`.

mod algorithm;
mod judge;
mod rules;
mod text;
mod users;

pub use algorithm::Algorithm;
pub use judge::{Judged, Reader, judge};
pub use rules::{DEFAULT_COST, Name, PASSWORD_MAX, check_password, hash};
pub use text::{Entry, Text};
pub use users::{Fault, Users, parse};
