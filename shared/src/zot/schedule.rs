//! When a zot collects its garbage: it does so by itself, and nothing asks it to do so now.

use std::time::Duration;

use serde_json::Value;

use crate::duration;
use crate::error::{Error, Result};

/// What zot does when its configuration does not say (`pkg/storage/constants/constants.go`).
const HOUR: Duration = Duration::from_secs(3600);

/// When garbage is collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// Whether it is collected at all.
    pub on: bool,
    /// How often.
    pub interval: Duration,
    /// How old a blob must be that nothing refers to.
    pub delay: Duration,
}

impl Schedule {
    /// Reads it from a configuration in JSON. zot takes the names of its keys in any case of letters.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`] when this is no such configuration.
    pub fn read(config: &str) -> Result<Self> {
        let config: Value =
            serde_json::from_str(config).map_err(|fault| Error::input("it is not a zot configuration in JSON").caused_by(fault))?;
        let storage = key(&config, "storage").unwrap_or(&Value::Null);
        let time = |name: &str| match key(storage, name) {
            None => Ok(HOUR),
            Some(value) => value
                .as_str()
                .filter(|text| !text.starts_with('-'))
                .and_then(duration::parse)
                .ok_or_else(|| Error::input(format!("storage.{name}: expected a duration like \"24h\", found {value}"))),
        };
        let on = key(storage, "gc").and_then(Value::as_bool).unwrap_or(true);
        Ok(Self { on, interval: time("gcInterval")?, delay: time("gcDelay")? })
    }
}

fn key<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    object.as_object()?.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schedule_is_what_zot_would_do() {
        let hours = |hours: u64| Duration::from_secs(hours * 3600);
        let read = |text| Schedule::read(text).map_err(|fault| fault.to_string());
        let own = read(r#"{"storage":{"gc":true,"gcDelay":"2h","gcInterval":"24h"}}"#).unwrap();
        assert_eq!(own, Schedule { on: true, interval: hours(24), delay: hours(2) });
        assert_eq!(read("{}").unwrap(), Schedule { on: true, interval: hours(1), delay: hours(1) });
        assert!(!read(r#"{"Storage":{"GC":false}}"#).unwrap().on);
        let wrong = "storage.gcDelay: expected a duration like \"24h\", found 5";
        assert_eq!(read(r#"{"storage":{"gcDelay":5}}"#).unwrap_err(), wrong);
        assert_eq!(read("version: 0.1").unwrap_err(), "it is not a zot configuration in JSON: expected value at line 1 column 1");
    }
}
