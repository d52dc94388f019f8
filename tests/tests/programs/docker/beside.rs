//! A Redis beside a Distribution: its cache is there, and it lives and goes with the instance.

use std::os::unix::fs::PermissionsExt as _;

use reg_tests::live;
use serde_json::json;

use super::Contained;
use crate::sandbox;

/// A Distribution and the image of a Redis.
fn with_redis(found: Option<Contained>) -> Option<(Contained, String)> {
    let mut of = found?;
    let image = of.redis()?;
    Some((of, image))
}

/// The container's name.
fn redis(of: &Contained) -> String {
    format!("{}.redis", of.container())
}

/// What Redis answers to this, with the instance's own password.
fn asked(of: &Contained, question: &str) -> String {
    let config = std::fs::read_to_string(of.docker.instance(&of.name).join("redis.conf")).unwrap();
    let password = config.lines().find_map(|line| line.strip_prefix("requirepass ")).unwrap();
    of.docker.docker(&format!("exec --env REDISCLI_AUTH={password} {} redis-cli {question}", redis(of)))
}

fn keeps_its_cache_beside_it(found: Option<Contained>) {
    let Some((of, image)) = with_redis(found) else { return };
    let flags = ["--with", "redis", "--redis-image", &*image];
    let document = of.start(&flags);
    assert_eq!(document["instance"]["containers"], json!([of.container(), redis(&of)]));
    let id = of.docker.inspect(&redis(&of), "{{.Id}}");
    assert_eq!(of.start(&flags), document);
    assert_eq!(of.docker.inspect(&redis(&of), "{{.Id}}"), id, "the same again changes nothing");
    of.docker.run("reg-test", ["push", "-r", &*of.name]).code(0);
    assert!(asked(&of, "keys *").contains("repository::"));
    assert!(asked(&of, "config get maxmemory").ends_with("67108864"));
    assert!(asked(&of, "config get maxmemory-policy").ends_with("allkeys-lru"));

    // Bounded, labelled, reached by nobody outside, and with a password that is in no place that others read.
    let seen = |template: &str| of.docker.inspect(&redis(&of), template);
    assert_eq!(seen("{{.HostConfig.Memory}} {{.HostConfig.RestartPolicy.Name}}"), format!("{} unless-stopped", 128 << 20));
    assert_eq!(seen("{{len .NetworkSettings.Ports}} {{len .HostConfig.PortBindings}}"), "0 0");
    assert_eq!(
        seen(r#"{{index .Config.Labels "io.reg.instance"}} {{index .Config.Labels "io.reg.part"}}"#),
        format!("{} redis", of.name)
    );
    assert_eq!(
        seen("{{range .Mounts}}{{if eq .Type \"bind\"}}{{.Destination}} {{.RW}}{{end}}{{end}}"),
        "/etc/reg/redis.conf false"
    );
    let config = of.docker.instance(&of.name).join("redis.conf");
    assert_eq!(std::fs::metadata(&config).unwrap().permissions().mode() & 0o777, 0o600);
    let password = std::fs::read_to_string(config).unwrap();
    let password = password.lines().last().unwrap().strip_prefix("requirepass ").unwrap();
    assert!(!of.docker.docker(&format!("inspect {} {}", of.container(), redis(&of))).contains(password));
    assert_eq!(of.docker.docker(&format!("exec {} redis-cli keys *", redis(&of))), "NOAUTH Authentication required.");

    // What was collected must not be remembered: the cache begins anew with the registry.
    of.reg_up("gc", &[]).code(0);
    assert_eq!(asked(&of, "dbsize"), "0");
    of.docker.run("reg-test", ["push-pull", "-r", &*of.name]).code(0);
    of.reg_up("stop", &[]).code(0);
    assert_eq!(seen("{{.State.Status}}"), "exited");
    of.reg_up("start", &[]).code(0);
    assert_eq!(seen("{{.State.Status}}"), "running");
    of.reg_up("remove", &["--purge"]).code(0);
    assert_eq!(of.docker.left(), []);
    assert!(!of.docker.instance(&of.name).exists());
}

#[test]
fn distribution_keeps_its_cache_beside_it() {
    keeps_its_cache_beside_it(Contained::distribution());
}

#[test]
fn distribution3_keeps_its_cache_beside_it() {
    keeps_its_cache_beside_it(Contained::find("distribution", "registry:3.1.1", live::DISTRIBUTION3));
}

#[test]
fn what_somebody_did_to_it_is_told_and_put_right() {
    let Some((of, image)) = with_redis(Contained::distribution()) else { return };
    of.start(&["--with", "redis", "--redis-image", &image]);
    let wrong = |reason: &str| {
        assert_eq!(of.status(), ("unhealthy".to_owned(), reason.replace('@', &redis(&of))));
        let again = of.reg_up("start", &[]).code(0);
        assert!(again.stderr.contains(&format!("reg-up: {}; starting anew\n", reason.replace('@', &redis(&of)))), "{again:?}");
        assert_eq!(of.status(), ("running".to_owned(), String::new()));
    };
    of.docker.docker(&format!("stop {}", redis(&of)));
    wrong("its redis ended with exit code 0, by itself or from outside");
    of.docker.docker(&format!("pause {}", redis(&of)));
    wrong("the container of its redis is paused: somebody halted it");
    of.docker.docker(&format!("rm --force {}", redis(&of)));
    wrong("the container of its redis is gone: somebody removed it");
    // The registry killed from outside, what is beside it is still stopped with it.
    of.docker.docker(&format!("kill {}", of.container()));
    of.reg_up("stop", &[]).code(0);
    assert_eq!(of.docker.inspect(&redis(&of), "{{.State.Status}}"), "exited");
}

#[test]
fn it_comes_and_goes_by_configuration() {
    let Some((of, image)) = with_redis(Contained::distribution()) else { return };
    of.start(&[]);
    let refused = of.reg_up("start", &["--with", "redis"]).code(9);
    assert!(refused.stderr.contains("it already runs with other settings: \"redis\" is by default, not on\n"), "{refused:?}");
    of.reg_up("configure", &["--with", "redis", "--redis-image", &image]).code(0);
    of.docker.run("reg-test", ["push-pull", "-r", &*of.name]).code(0);
    // One that does not come up is told, and what ran before runs again.
    let broken = of.reg_up("configure", &["--redis-image", &of.image]).code(2);
    let error = format!("cannot configure \"{}\": the container of its redis cannot begin: the engine says: ", of.name);
    assert!(broken.stderr.contains(&error) && !broken.stderr.contains("reg-up: log: "), "{broken:?}");
    assert!(broken.stderr.contains(&format!("reg-up: \"{}\" runs as before\n", of.name)), "{broken:?}");
    assert_eq!(of.status(), ("running".to_owned(), String::new()));
    let document = of.reg_up("configure", &["--without", "redis"]).code(0).json();
    assert_eq!(document["instance"]["containers"], json!([of.container()]));
    let kinds: Vec<_> = of.docker.left().into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["container", "network", "volume"]);
    assert!(!of.docker.instance(&of.name).join("redis.conf").exists());
}

#[test]
fn a_process_has_nothing_beside_it() {
    let sandbox = sandbox();
    for (what, instead) in [
        ("redis", "--redis-url-file names a Redis that runs already"),
        ("ui", "--cors lets pages that run already use the registry; zot has pages of its own"),
    ] {
        let ran = sandbox.line(&format!("reg-up start x --type distribution --backend process --with {what}")).code(2);
        let error = format!(
            "reg-up: error: cannot start \"x\": --with {what} is a container beside the registry's, and this registry is a process\n\
             reg-up: hint: {instead}\n"
        );
        assert_eq!(ran.stderr, error);
        let ran = sandbox.line(&format!("reg-up start x --type distribution --binary /bin/true --with {what}")).code(2);
        assert!(ran.stderr.contains("a container beside the registry's, and --binary names a program\n"), "{ran:?}");
    }
    let ran = sandbox.line("reg-up start x --type zot --backend docker --ui-image a").code(2);
    assert_eq!(
        ran.stderr,
        "reg-up: error: cannot start \"x\": there is no container for ui to say this of\nreg-up: hint: --with ui starts one\n"
    );
}
