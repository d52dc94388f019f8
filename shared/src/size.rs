//! Sizes in bytes as people write them.

/// A size such as `512MiB`, `10GiB`, `4096`.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse(text: &str) -> Result<u64, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let bytes: u64 = match unit {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "TiB" => 1 << 40,
        _ => return Err("a size is a whole number with KiB, MiB, GiB or TiB behind it, like 512MiB".to_owned()),
    };
    let number: u64 = number.parse().map_err(|_| "a size begins with a whole number, like 512MiB".to_owned())?;
    number.checked_mul(bytes).ok_or_else(|| "a size is less than 16 million TiB".to_owned())
}

/// A size as people read it: whole where it is, else with one digit.
#[must_use]
pub fn spell(bytes: u64) -> String {
    let units = [("TiB", 1u64 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    match units.into_iter().find(|(_, unit)| bytes >= *unit) {
        None => format!("{bytes} B"),
        Some((name, unit)) if bytes.is_multiple_of(unit) => format!("{} {name}", bytes / unit),
        Some((name, unit)) => format!("{:.1} {name}", bytes as f64 / unit as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_carry_their_unit() {
        for (text, bytes) in [("0", 0), ("512MiB", 512 << 20), ("10GiB", 10 << 30), ("4096", 4096), ("1KiB", 1024)] {
            assert_eq!(parse(text), Ok(bytes), "{text}");
        }
        for bad in ["", "MiB", "1.5GiB", "-1", "1 MiB", "1MB", "1m", "99999999TiB"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes_are_short_for_people() {
        for (bytes, text) in [(0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (10 << 30, "10 GiB"), (1536, "1.5 KiB")] {
            assert_eq!(spell(bytes), text);
        }
    }
}
