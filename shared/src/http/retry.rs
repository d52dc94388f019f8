//! When to try again, and how long to wait before: exponential backoff with jitter, `Retry-After` (RFC 9110 §10.2.3).

use std::time::{Duration, SystemTime};

use ::http::header::RETRY_AFTER;
use ::http::{HeaderMap, StatusCode};

/// How often and how patiently a repeatable request is tried.
#[derive(Debug, Clone)]
pub struct Retry {
    /// Tries in all, the first included.
    pub tries: u32,
    /// The wait before the second try; doubles with each one.
    pub first: Duration,
    /// No wait of our own is longer.
    pub longest: Duration,
    /// No wait that a server asks for with `Retry-After` is longer.
    pub retry_after_max: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            tries: 5,
            first: Duration::from_millis(250),
            longest: Duration::from_secs(10),
            retry_after_max: Duration::from_secs(60),
        }
    }
}

impl Retry {
    /// The wait after the `attempt`-th try failed (counted from 1): between half and all of the doubled wait, so that many clients
    /// do not come back at once.
    #[must_use]
    pub fn backoff(&self, attempt: u32) -> Duration {
        let doubled = self.first.saturating_mul(1 << attempt.saturating_sub(1).min(16));
        let whole = doubled.min(self.longest);
        whole.mul_f64(0.5 + random_fraction() / 2.0)
    }

    /// What the answer asks to wait, capped, and up to a tenth more; `None` when it asks for nothing or for nonsense.
    #[must_use]
    pub fn asked(&self, headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
        let asked = parse_retry_after(headers.get(RETRY_AFTER)?.to_str().ok()?, now)?.min(self.retry_after_max);
        Some(asked + asked.mul_f64(random_fraction() / 10.0))
    }
}

/// Whether an answer says that the same request may do better in a moment.
#[must_use]
pub fn is_transient(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 500 | 502 | 503 | 504)
}

fn parse_retry_after(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        // A number too large for us is a very long wait; the cap takes care of it.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::from(u32::MAX)).min(u64::from(u32::MAX))));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

/// Between 0 and 1. Without randomness the waits are merely less spread.
fn random_fraction() -> f64 {
    let mut bytes = [0; 4];
    match getrandom::fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX),
        Err(_) => 0.5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> Option<u64> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, text.parse().unwrap());
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        Retry::default().asked(&headers, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_up_to_the_cap() {
        assert_eq!(asked("0"), Some(0));
        assert!(matches!(asked("10"), Some(10 | 11)));
        assert!(matches!(asked("1000000000"), Some(60..=66)));
        assert!(matches!(asked("99999999999999999999999999"), Some(60..=66)));
        // 1_000_000_000 is 2001-09-09T01:46:40Z.
        assert!(matches!(asked("Sun, 09 Sep 2001 01:47:10 GMT"), Some(30..=33)));
        assert_eq!(asked("Sun, 09 Sep 2001 01:00:00 GMT"), Some(0));
    }

    #[test]
    fn a_retry_after_that_is_nonsense_is_ignored() {
        for text in ["", "soon", "-5", "1.5", "0x10", "10 seconds"] {
            assert_eq!(asked(text), None, "{text}");
        }
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let retry = Retry { first: Duration::from_millis(100), longest: Duration::from_secs(1), ..Retry::default() };
        for (attempt, whole) in [(1, 100), (2, 200), (3, 400), (4, 800), (5, 1000), (60, 1000)] {
            let wait = retry.backoff(attempt).as_millis();
            assert!((whole / 2..=whole).contains(&wait), "{attempt}: {wait}");
        }
    }
}
