//! The log of a process: a folder of JSON Lines files that rotate.
//!
//! `log` is the newest file, `log.1` to `log.3` the ones before it, each about 10 MiB. A line is one [`Entry`]: what the process
//! wrote, untouched, and when it was received. [`write`] fills the folder and never lets the process wait for a disk that is
//! full; [`read`] reads it back across the files, and [`follow`] goes on as the log grows.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::{follow, read};
pub use write::{Writer, outlive_signals, pump};

/// The newest file's name in the log folder.
pub const NAME: &str = "log";
/// A file that has reached this size, in bytes, is put aside.
pub const SIZE: u64 = 10 << 20;
/// How many files are kept beside the newest.
pub const KEPT: usize = 3;
/// The longest line kept, in bytes; the rest of a longer one is cut off.
pub const LINE: usize = 64 << 10;

/// One line of a log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When it was received, in UTC with milliseconds.
    #[serde(with = "stamp")]
    pub time: OffsetDateTime,
    /// What the process wrote, without the line end. Bytes that are not UTF-8 are replaced by U+FFFD.
    pub line: String,
    /// Whether the line was longer than [`LINE`] and lost its end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
    /// How many lines before this one could not be written. Then `line` is ours and says why.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub lost: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

mod stamp {
    //! RFC 3339 in UTC, always with three digits behind the point.

    use serde::{Deserialize, Deserializer, Serializer, de, ser};
    use time::format_description::BorrowedFormatItem;
    use time::format_description::well_known::Rfc3339;
    use time::{OffsetDateTime, UtcOffset};

    const MILLISECONDS: &[BorrowedFormatItem<'_>] =
        time::macros::format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

    pub(super) fn serialize<S: Serializer>(time: &OffsetDateTime, serializer: S) -> Result<S::Ok, S::Error> {
        let text = time.to_offset(UtcOffset::UTC).format(MILLISECONDS).map_err(ser::Error::custom)?;
        serializer.serialize_str(&text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<OffsetDateTime, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        OffsetDateTime::parse(&text, &Rfc3339).map_err(de::Error::custom)
    }
}

fn file_name(generation: usize) -> String {
    if generation == 0 { NAME.to_owned() } else { format!("{NAME}.{generation}") }
}
