//! Standard error: progress, warnings, requests; quiet, verbose, or as JSON Lines.

use serde_json::Value;

use crate::with_instance;

#[test]
fn q_silences_progress_but_no_warning_and_no_error() {
    let sandbox = with_instance("dev");
    sandbox.write("config/reg/config.toml", "[modes.dev.registry]\nurl = \"localhost:1\"\n");
    let warning = "reg-test: warning: \"dev\" is a mode and an instance; the mode is taken (instance:dev is the other)\n";
    let failed =
        "reg-test: FAIL api: cannot reach http://localhost:PORT: connection refused (is it running, and is the port right?)\n";
    sandbox.line("reg-test health -r dev -o name").is(4, "api\n", &format!("{warning}{failed}"));
    sandbox.line("reg-test health -r dev -o name -q").is(4, "api\n", warning);
    sandbox.line("reg-up info none -q").is(8, "", "reg-up: error: there is no instance \"none\"\nreg-up: hint: there are: dev\n");
}

#[test]
fn v_tells_every_request() {
    let sandbox = with_instance("dev");
    let requests = "reg-test: GET http://127.0.0.1:PORT/v2/ 200 N ms\n\
                    reg-test: GET http://127.0.0.1:PORT/v2/_catalog?n=1000 200 N ms\n";
    for flags in ["-q -v", "-q -vv", "-q -v -v", "-qv", "--quiet --verbose"] {
        sandbox.line(&format!("reg-test catalog -r dev -o name {flags}")).is(0, "api\ncatalog\n", requests);
    }
    sandbox.line("reg-up status dev -o name -v").is(0, "dev\n", "reg-up: GET http://127.0.0.1:PORT/v2/ 200 N ms\n");
    sandbox.line("reg-up gc dev -o name -v").is(
        0,
        "dev\n",
        "reg-up: POST http://127.0.0.1:PORT/_reg/gc?dryRun=…&grace=… 200 N ms\n",
    );
    let health = sandbox.line("reg-test health -r dev -o name -q -v").code(0).err();
    assert!(health.contains("reg-test: GET http://127.0.0.1:PORT/healthz 200 N ms\n"), "{health}");
    let dead = sandbox.line("reg-test health -r http://localhost:1 -o name -q -v").code(4).err();
    assert_eq!(
        dead,
        "reg-test: GET http://localhost:PORT/v2/ failed after N ms: cannot reach http://localhost:PORT: connection refused\n"
    );
    // A start asks until it is answered, so what it tells ends with the answer.
    sandbox.line("reg-up stop dev -q").code(0);
    let start = sandbox.line("reg-up start dev -v -o name").code(0).err();
    assert!(start.starts_with("reg-up: starting \"dev\" (embedded VERSION) at http://127.0.0.1:PORT\n"), "{start}");
    assert!(start.ends_with("reg-up: GET http://127.0.0.1:PORT/v2/ 200 N ms\n"), "{start}");
}

#[test]
fn what_is_secret_in_a_url_is_redacted() {
    let sandbox = with_instance("dev");
    let push = sandbox.line("reg-test push -r dev -q -v -o name").code(0).err();
    let expected = "reg-test: GET http://127.0.0.1:PORT/v2/ 200 N ms\n\
        reg-test: HEAD http://127.0.0.1:PORT/v2/reg-test/reg-probe/manifests/probe 404 N ms\n\
        reg-test: POST http://127.0.0.1:PORT/v2/reg-test/reg-probe/blobs/uploads/ 202 N ms\n";
    assert!(push.starts_with(expected), "{push}");
    assert!(push.ends_with("reg-test: PUT http://127.0.0.1:PORT/v2/reg-test/reg-probe/manifests/probe 201 N ms\n"), "{push}");
}

#[test]
fn log_format_json_makes_every_line_json() {
    let sandbox = with_instance("dev");
    sandbox.line("reg-up stop dev -q").code(0);
    let start = sandbox.line("reg-up start dev --log-format json").code(0);
    assert_eq!(
        start.err(),
        "{\"time\":\"TIME\",\"level\":\"info\",\"message\":\"starting \\\"dev\\\" (embedded VERSION) at http://127.0.0.1:PORT\"}\n"
    );
    sandbox.write("config/reg/config.toml", "[modes.dev.registry]\nurl = \"https://localhost:1\"\ntls = { verify = false }\n");
    let health = sandbox.line("reg-test health -r dev --log-format json -v").code(4);
    let lines: Vec<Value> = health.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let levels: Vec<_> = lines.iter().map(|line| line["level"].as_str().unwrap()).collect();
    assert_eq!(levels, ["warning", "warning", "debug", "info"], "{health:?}");
    assert_eq!(lines[1]["message"], "the certificate of https://localhost:1 is not checked");
    // The last line is the error, a document.
    let missing = sandbox.line("reg-test health -r none --log-format json").code(8);
    let last: Value = serde_json::from_str(missing.stderr.lines().last().unwrap()).unwrap();
    assert_eq!((&last["kind"], &last["code"]), (&"error".into(), &"not-found".into()), "{missing:?}");
    sandbox.line("reg-test health -r instance:dev -q --log-format text -o name").code(0);
}

#[test]
fn what_a_registry_says_cannot_reach_the_terminal_raw() {
    let sandbox = with_instance("dev");
    let name = "\u{1b}[31mred";
    let ran = sandbox.run("reg-test", ["health", "-r", name]);
    ran.is(8, "", "reg-test: error: there is no mode or instance \"\\u{1b}[31mred\"\nreg-test: hint: there are: dev\n");
}
