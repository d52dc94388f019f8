//! The protocol client against a registry that breaks and lies, against TLS of all kinds, and against the real Distribution.

#![allow(clippy::unwrap_used, reason = "a panic is the report of a test")]

mod abandoned;
mod blob_pull;
mod blob_push;
mod catalog_and_tags;
mod distribution;
mod errors;
mod limits;
mod location;
mod manifests;
mod proxy;
mod push_times;
mod redirects;
mod referrers;
mod retries;
mod secrets;
mod slow;
mod tls;
mod tokens;

use std::time::Duration;

use reg_shared::auth::Credential;
use reg_shared::http::{self, Retry};
use reg_shared::name::Repository;
use reg_shared::oci::{Client, Options};
use reg_shared::secret::Secret;
use reg_tests::hostile::{Hostile, PASSWORD, USERNAME};

/// Tries often, waits little.
fn impatient() -> http::Options {
    let retry = Retry {
        tries: 4,
        first: Duration::from_millis(5),
        longest: Duration::from_millis(20),
        retry_after_max: Duration::from_secs(3),
    };
    http::Options { retry, ..http::Options::default() }
}

fn connect(url: &str, credential: Credential, options: Options) -> Client {
    Client::new(http::Client::new(impatient()), url.parse().unwrap(), credential, options).unwrap()
}

fn anonymous(hostile: &Hostile) -> Client {
    connect(&hostile.url(), Credential::Anonymous, Options::default())
}

fn login(hostile: &Hostile) -> Client {
    connect(&hostile.url(), me(), Options::default())
}

fn me() -> Credential {
    Credential::password(USERNAME, Secret::new(PASSWORD)).unwrap()
}

fn fault(name: &str) -> Repository {
    format!("fault/{name}").parse().unwrap()
}

/// Bytes that do not repeat within a blob, and differ from those of another seed.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state.to_le_bytes()[3]
        })
        .collect()
}
