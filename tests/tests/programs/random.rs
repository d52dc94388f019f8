//! Random choices that a failing test can tell how to repeat.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// A generator (xorshift64*) that displays as its seed; `REG_SEED` gives one.
#[derive(Debug)]
pub(crate) struct Random {
    seed: u64,
    state: u64,
}

impl fmt::Display for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "REG_SEED={}", self.seed)
    }
}

impl Random {
    /// One with a seed of its own.
    pub(crate) fn new() -> Self {
        let given = std::env::var("REG_SEED").ok().and_then(|text| text.parse().ok());
        let seed = given.unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos().into());
        Self { seed, state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1 }
    }

    /// The next number.
    pub(crate) fn number(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    /// Another one for a thread of its own, which depends on this one's seed and the name alone.
    pub(crate) fn fork(&self, name: &str) -> Self {
        let mixed = name.bytes().fold(self.seed, |seed, byte| (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self { seed: self.seed, state: mixed | 1 }
    }

    /// So many bytes.
    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        (0..length).map(|_| (self.number() >> 32) as u8).collect()
    }

    /// At least 0 and below 1.
    pub(crate) fn fraction(&mut self) -> f64 {
        (self.number() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// One of them.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.number() >> 33).unwrap() % of.len()]
    }
}
