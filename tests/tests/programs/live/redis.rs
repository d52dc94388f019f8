//! Distribution with its cache in a real Redis that wants a password.

use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use reg_tests::live::{DISTRIBUTION, DISTRIBUTION3, Program, REDIS};
use reg_tests::port;

use super::Real;
use super::server::Server;
use crate::process::until;
use crate::sandbox;

fn keeps_its_cache_in_redis(program: Program) {
    let (Some(real), Some(redis)) = (Real::find("distribution", program), REDIS.find()) else { return };
    let sandbox = sandbox();
    let port = port::free();
    let server = Server::start(
        &redis,
        &sandbox.path(""),
        port,
        &["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--requirepass", "pass-of-redis"],
    );
    sandbox.write("url", format!("redis://:pass-of-redis@127.0.0.1:{}/3\n", server.port));
    real.start(&sandbox, &["--redis-url-file", "url"]);
    sandbox.line("reg-test push -r x").code(0);
    let keys = || {
        let mut ask = Command::new("redis-cli");
        ask.args(["-p", &port.to_string(), "-n", "3", "--no-auth-warning", "keys", "*"]).env("REDISCLI_AUTH", "pass-of-redis");
        String::from_utf8(ask.output().unwrap().stdout).unwrap()
    };
    until("something is in Redis", || keys().contains("repository::"));
    let copy = sandbox.instance("x").join("redis.url");
    assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    // Without it the cache is in memory again, and the secret is gone from the instance.
    sandbox.line("reg-up configure x --without redis -q").code(0);
    let config = std::fs::read_to_string(sandbox.instance("x").join("config.yml")).unwrap();
    assert!(config.contains("blobdescriptor: inmemory") && !config.contains("pass-of-redis"), "{config}");
    assert!(!copy.exists());
}

#[test]
fn distribution_keeps_its_cache_in_redis() {
    keeps_its_cache_in_redis(DISTRIBUTION);
}

#[test]
fn distribution3_keeps_its_cache_in_redis() {
    keeps_its_cache_in_redis(DISTRIBUTION3);
}
