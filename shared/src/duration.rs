//! Durations as Go reads them (`time.ParseDuration`).

use std::time::Duration;

/// Units by their length in nanoseconds, longest names first where one begins another.
const UNITS: [(&str, f64); 8] =
    [("ns", 1.0), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 6e10), ("h", 3.6e12)];

/// A duration such as `1h30m` or `1.5h`, without its sign; `None` when Go does not read it.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return Some(Duration::ZERO);
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').filter(|&at| at > 0)?;
        let number: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let (name, length) = UNITS.into_iter().find(|(name, _)| rest.starts_with(name))?;
        rest = &rest[name.len()..];
        total += number * length;
    }
    (!text.is_empty() && total < 9.2e18).then(|| Duration::from_nanos(total as u64))
}

/// The same in units that Go knows, for one in days or weeks.
pub(crate) fn in_hours(text: &str) -> Option<String> {
    let (number, hours) = [('d', 24), ('w', 168)].into_iter().find_map(|(unit, hours)| Some((text.strip_suffix(unit)?, hours)))?;
    Some(format!("{}h", number.trim().parse::<u64>().ok()?.checked_mul(hours)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_go_reads_is_read() {
        for (text, millis) in [
            ("0", 0),
            ("10s", 10_000),
            ("1h30m", 5_400_000),
            ("1.5h", 5_400_000),
            (".5s", 500),
            ("+1ms", 1),
            ("-1s", 1000),
            ("1µs", 0),
        ] {
            assert_eq!(parse(text).map(|found| found.as_millis()), Some(millis), "{text}");
        }
        for text in ["", "1", "7d", "1 h", "h", "1h30", "ten", ".s", "1.2.3s", "9999999999h"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(in_hours("7d").as_deref(), Some("168h"));
        assert_eq!(in_hours("2w").as_deref(), Some("336h"));
        assert_eq!(in_hours("d"), None);
    }
}
