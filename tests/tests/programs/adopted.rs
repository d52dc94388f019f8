//! A registry that somebody else started and a mode names the parts of: looked at and restarted, never stopped or removed.

use reg_tests::sandbox::Sandbox;
use serde_json::Value;

use crate::{eventually, sandbox};

/// A sandbox with a registry that runs by itself, as a service manager would run it, and the mode `edge` that adopts it.
fn with_service() -> (Sandbox, String) {
    let sandbox = sandbox();
    // The service: `serve` in the background, its address in a file, and a script that restarts it on the same port.
    sandbox.write(
        "service",
        // The one before may hold the port a moment longer.
        "#!/bin/sh\n[ ! -e pid ] || kill \"$(cat pid)\"\n\
         for attempt in $(seq 500); do : > serving.new\n\
         setsid reg-up serve --port \"${1-0}\" --in-memory > /dev/null 2> serving.new < /dev/null &\n\
         echo $! > pid\nuntil grep -Eq 'Ctrl-C|error' serving.new; do sleep 0.02; done\n\
         grep -q 'Ctrl-C' serving.new && break; sleep 0.05\ndone\nmv serving.new serving\n",
    );
    sandbox.sh("sh service").code(0);
    let serving = std::fs::read_to_string(sandbox.path("serving")).unwrap();
    let url = serving.split(' ').find_map(|word| word.strip_suffix(';')).unwrap().to_owned();
    let port = url.rsplit(':').next().unwrap();
    sandbox.write(
        "config/reg/config.toml",
        format!(
            "[modes.edge.registry]\ntype = \"embedded\"\nurl = \"{url}\"\nconfig = \"/etc/edge.json\"\n\
             restartCommand = \"echo once more >> restarts; sh service {port}\"\n"
        ),
    );
    (sandbox, url)
}

#[test]
fn restart_runs_the_command_of_the_mode_and_waits_for_the_answer() {
    let (sandbox, _) = with_service();
    let pid = || std::fs::read_to_string(sandbox.path("pid")).unwrap();
    let before = pid();
    sandbox.line("reg-up restart -r edge").is(
        0,
        "{\"schema\":\"reg/v1\",\"kind\":\"registry\",\"name\":\"edge\",\"type\":\"embedded\",\"version\":null,\
         \"url\":\"http://127.0.0.1:PORT\",\"instance\":{\"backend\":\"adopted\",\"config\":\"/etc/edge.json\",\
         \"restartCommand\":\"echo once more >> restarts; sh service PORT\"}}\n"
            .replace("service PORT", &format!("service {}", url_port(&sandbox)))
            .as_str(),
        &format!(
            "reg-up: restarting embedded at http://127.0.0.1:PORT: echo once more >> restarts; sh service {}\n",
            url_port(&sandbox)
        ),
    );
    assert_ne!(pid(), before);
    assert_eq!(std::fs::read_to_string(sandbox.path("restarts")).unwrap(), "once more\n");
    // The document that came out names the command, too, and so is as good as the mode.
    sandbox.sh("reg-up restart -r edge -q | reg-up restart -r - -q | reg-test catalog -r - -q -o name").is(0, "api\ncatalog\n", "");
    assert_eq!(std::fs::read_to_string(sandbox.path("restarts")).unwrap().lines().count(), 3);
}

fn url_port(sandbox: &Sandbox) -> String {
    let config = std::fs::read_to_string(sandbox.path("config/reg/config.toml")).unwrap();
    config.split("127.0.0.1:").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn it_is_looked_at_like_any_other() {
    let (sandbox, _) = with_service();
    sandbox.line("reg-up status -r edge -o table").is(
        0,
        "NAME     edge\nSTATE    running\nTYPE     embedded\nURL      http://127.0.0.1:PORT\n",
        "",
    );
    sandbox.line("reg-test push-pull -r edge -q -o name").code(0);
    sandbox.sh("kill $(cat pid)").code(0);
    // It drains for a moment before it lets go of its port.
    let reason = |status: &Value| status["reason"].as_str().unwrap_or_default().to_owned();
    let gone = |status: &Value| status["state"] == "unhealthy" && reason(status).ends_with(": connection refused");
    eventually(|| Some(sandbox.line("reg-up status -r edge").json()).filter(gone));
}

#[test]
fn what_reg_up_did_not_start_it_does_not_stop() {
    let (sandbox, url) = with_service();
    for r in ["edge", "mode:edge", &url] {
        let title = if r == url { "http://127.0.0.1:PORT" } else { "embedded at http://127.0.0.1:PORT" };
        for (command, what) in
            [("stop", "stop"), ("remove --purge", "remove"), ("logs", "read the log of"), ("gc", "collect the garbage of")]
        {
            sandbox.line(&format!("reg-up {command} -r {r}")).is(
                6,
                "",
                &format!(
                    "reg-up: error: cannot {what} {title}: reg-up did not start it\n\
                     reg-up: hint: `reg-up list` shows what it started\n"
                ),
            );
        }
    }
    sandbox.line(&format!("reg-up restart -r {url}")).is(
        6,
        "",
        "reg-up: error: cannot restart http://127.0.0.1:PORT: reg-up did not start it\n\
         reg-up: hint: `restartCommand` in its mode of the config file says how\n",
    );
    sandbox.line("reg-test catalog -r edge -q -o name").is(0, "api\ncatalog\n", "");
}

#[test]
fn a_restart_that_fails_says_how() {
    let sandbox = sandbox();
    let restart = |command: &str, wait: &str| {
        let mode = format!("[modes.edge.registry]\nurl = \"http://127.0.0.1:1\"\nrestartCommand = \"{command}\"\n");
        sandbox.write("config/reg/config.toml", mode);
        sandbox.line(&format!("reg-up restart -r edge -q --wait {wait}"))
    };
    restart("echo no such service >&2; exit 5", "60s").is(
        1,
        "",
        "no such service\nreg-up: error: cannot restart http://127.0.0.1:PORT: `echo no such service >&2; exit 5` ended with exit code 5\n",
    );
    restart("kill -9 $$", "60s").is(1, "", "reg-up: error: cannot restart http://127.0.0.1:PORT: `kill -9 $$` was killed\n");
    // What the command prints is no data of ours, and it has no standard input to wait for.
    restart("cat; echo data", "0s").is(
        4,
        "",
        "reg-up: error: cannot restart http://127.0.0.1:PORT: it was not ready within 0 s: cannot reach http://127.0.0.1:PORT: \
         connection refused\nreg-up: hint: is it running, and is the port right?\n",
    );
}
