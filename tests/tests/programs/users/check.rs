//! `check`: what it says of each line, held against the programs that it speaks of.

use std::path::Path;

use reg_tests::live;
use reg_tests::sandbox::Sandbox;
use serde_json::Value;

use super::live::{HTPASSWD, apache_verifies};
use super::{PASSWORD, line, sandbox, with_file};
use crate::eventually;
use crate::live::Real;

/// A user's line with another prefix of the hash.
fn with_prefix(prefix: &str) -> String {
    line("u", PASSWORD).replace("$2y$", prefix)
}

/// Files whose user `u` has [`PASSWORD`], as far as somebody understands the line, and which of zot, Distribution, Apache and the embedded
/// registry let `u` in. Where a hash is not bcrypt, [`with_hashes`] puts one in its place.
fn files() -> Vec<(&'static str, String, &'static str)> {
    let good = line("u", PASSWORD);
    let other = line("u", "another");
    let bare = good.trim_end();
    vec![
        ("2y", good.clone(), "zdae"),
        ("2a", with_prefix("$2a$"), "zdae"),
        ("2b", with_prefix("$2b$"), "zdae"),
        ("2x", with_prefix("$2x$"), "da"),
        ("md5", "u:$apr1$\n".to_owned(), "a"),
        ("sha1", "u:{SHA}\n".to_owned(), "a"),
        ("md5-crypt", "u:$1$\n".to_owned(), "a"),
        ("sha256-crypt", "u:$5$\n".to_owned(), "za"),
        ("sha512-crypt", "u:$6$\n".to_owned(), "za"),
        ("plain", format!("u:{PASSWORD}\n"), ""),
        ("windows", good.replace('\n', "\r\n"), "zdae"),
        ("no end", bare.to_owned(), "zdae"),
        ("space behind", format!("{bare} \n"), "zde"),
        ("space in front", format!(" {good}"), "da"),
        ("byte order mark", format!("\u{feff}{good}"), ""),
        ("more fields", format!("{bare}:U. Ser\n"), "zd"),
        ("no hash", "u:\n".to_owned(), ""),
        ("too short", format!("{}\n", &bare[..bare.len() - 1]), ""),
        ("one letter more", format!("{bare}.\n"), "zd"),
        ("cost 3", good.replace("$04$", "$03$"), ""),
        ("cost 99", good.replace("$04$", "$99$"), ""),
        ("bad letter", format!("{}!{}\n", &bare[..30], &bare[31..]), ""),
        ("comments", format!("# people: all\n\n  # x\n{good}"), "zdae"),
        ("behind a hash sign", format!("#{good}"), ""),
        ("no colon before", format!("people\n{good}"), "ze"),
        ("no colon behind", format!("{good}people\n"), "ze"),
        ("long comment", format!("# {}\n{good}", "x".repeat(300)), "zde"),
        ("very long comment", format!("# {}\n{good}", "x".repeat(70_000)), "e"),
        ("long line behind", format!("{good}# {}\n", "x".repeat(70_000)), "ze"),
        ("first right", format!("{good}{other}"), ""),
        ("last right", format!("{other}{good}"), "zde"),
        ("not utf-8", format!("# \u{e9}\n{good}"), "zdae"),
    ]
}

/// All files with their hashes; without those that are not bcrypt, which is said aloud, where there is no `openssl` to make them.
fn all_files() -> Vec<(&'static str, String, &'static str)> {
    let openssl = std::process::Command::new("openssl").arg("version").output().is_ok();
    if !openssl {
        live::skip("openssl", "no `openssl` is on PATH");
    }
    files().into_iter().filter_map(|(what, text, expected)| Some((what, with_hashes(&text)?, expected))).collect()
}

/// The hashes that are not bcrypt, made here, so that they are of [`PASSWORD`] for certain.
fn with_hashes(text: &str) -> Option<String> {
    let hash = |kind: &str| {
        let made = std::process::Command::new("openssl").args(["passwd", kind, "-salt", "abcdefgh", PASSWORD]).output().ok()?;
        Some(String::from_utf8(made.stdout).ok()?.trim().to_owned())
    };
    let user = |hash: String| format!("u:{hash}\n");
    match text {
        text if text.contains("$apr1$") => hash("-apr1").map(user),
        text if text.contains("$1$") => hash("-1").map(user),
        text if text.contains("$5$") => hash("-5").map(user),
        text if text.contains("$6$") => hash("-6").map(user),
        text if text.contains("{SHA}") => {
            let script = format!("printf %s '{PASSWORD}' | openssl dgst -sha1 -binary | openssl base64");
            let made = std::process::Command::new("sh").args(["-c", &script]).output().ok()?;
            Some(user(format!("{{SHA}}{}", String::from_utf8(made.stdout).ok()?.trim())))
        }
        text => Some(text.to_owned()),
    }
}

/// What check says: who lets `u` in.
fn said(sandbox: &Sandbox, file: &str) -> String {
    let report = sandbox.line(&format!("reg-users check {file} -q")).json();
    let lets_in = |line: &Value| {
        let by = line["acceptedBy"].as_array().unwrap().iter().map(|by| by.as_str().unwrap()[..1].to_owned());
        (line["name"] == "u").then(|| by.collect::<String>())
    };
    let all: String = report["lines"].as_array().unwrap().iter().filter_map(lets_in).collect();
    "zdae".chars().filter(|letter| all.contains(*letter)).collect()
}

#[test]
fn every_verdict_is_as_it_was_measured() {
    let sandbox = sandbox();
    for (what, text, expected) in all_files() {
        sandbox.write("file", text);
        // The line that counts there is the other one.
        let expected = if what == "first right" { "zde" } else { expected };
        assert_eq!(said(&sandbox, "file"), expected, "{what}");
    }
}

#[test]
fn apache_agrees() {
    let Some(htpasswd) = HTPASSWD.find() else { return };
    let sandbox = sandbox();
    for (what, text, expected) in all_files() {
        let file = sandbox.write("file", text);
        assert_eq!(apache_verifies(&htpasswd, &file, "u", PASSWORD), expected.contains('a'), "{what}");
    }
}

/// Whether a registry lets `u` in with this text in its file. It begins without `u`: Distribution goes on with the users of before when it
/// cannot read the file.
fn lets_in(sandbox: &Sandbox, url: &str, file: &Path, text: &str) -> bool {
    let status = |user: &str| {
        let script = format!("curl -s -o /dev/null -w '%{{http_code}}' -u '{user}:{PASSWORD}' {url}/v2/");
        sandbox.sh(&script).code(0).stdout
    };
    std::fs::write(file, line("before", PASSWORD)).unwrap();
    eventually(|| (status("before") == "200").then_some(()));
    std::fs::write(file, text).unwrap();
    // Who gets in does so soon; that somebody does not takes a while to be sure of, as zot looks when the system tells it.
    (0..8).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        status("u") == "200"
    })
}

fn agrees(real: &Real, letter: char) {
    let sandbox = with_file(&["first"]);
    let started = real.start(&sandbox, &["--htpasswd", "htpasswd"]);
    let url = started["url"].as_str().unwrap();
    let file = sandbox.instance("x").join("htpasswd");
    for (what, text, expected) in all_files() {
        assert_eq!(lets_in(&sandbox, url, &file, &text), expected.contains(letter), "{what}");
    }
}

#[test]
fn the_embedded_registry_agrees() {
    agrees(&Real::embedded(), 'e');
}

#[test]
fn distribution_agrees() {
    Real::find("distribution", live::DISTRIBUTION).iter().for_each(|real| agrees(real, 'd'));
}

#[test]
fn distribution3_agrees() {
    Real::find("distribution", live::DISTRIBUTION3).iter().for_each(|real| agrees(real, 'd'));
}

#[test]
fn zot_agrees() {
    Real::find("zot", live::ZOT).iter().for_each(|real| agrees(real, 'z'));
}
