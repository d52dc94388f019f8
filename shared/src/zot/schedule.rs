//! When a zot collects its garbage: it does so by itself, and nothing asks it to do so now.

use std::time::Duration;

use serde_json::Value;

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
                .and_then(go_duration)
                .ok_or_else(|| Error::input(format!("storage.{name}: expected a duration like \"24h\", found {value}"))),
        };
        let on = key(storage, "gc").and_then(Value::as_bool).unwrap_or(true);
        Ok(Self { on, interval: time("gcInterval")?, delay: time("gcDelay")? })
    }
}

fn key<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    object.as_object()?.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// A duration as Go writes it: `1h30m`, `1.5h`, `90s` (`time.ParseDuration`), not below zero.
fn go_duration(text: &str) -> Option<Duration> {
    if text == "0" {
        return Some(Duration::ZERO);
    }
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let unit = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..unit].parse().ok()?;
        let end = rest[unit..].find(|c: char| c.is_ascii_digit() || c == '.').map_or(rest.len(), |end| unit + end);
        let seconds = match &rest[unit..end] {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" | "µs" | "μs" => 1e-6,
            "ns" => 1e-9,
            _ => return None,
        };
        total = total.checked_add(Duration::try_from_secs_f64(number * seconds).ok()?)?;
        rest = &rest[end..];
    }
    (!text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_go_reads_them() {
        for (text, seconds) in [("24h", 86_400.0), ("1h30m", 5400.0), ("1.5h", 5400.0), ("90s", 90.0), ("250ms", 0.25), ("0", 0.0)]
        {
            assert_eq!(go_duration(text).map(|time| time.as_secs_f64()), Some(seconds), "{text}");
        }
        for bad in ["", "24", "h", "1d", "-1h", "1 h", "1h2", "99999999999999999999h"] {
            assert_eq!(go_duration(bad), None, "{bad}");
        }
    }

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
