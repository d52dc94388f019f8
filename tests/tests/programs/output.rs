//! Standard output: one document a run, in the format that was asked for.

use reg_tests::live;

use crate::{sandbox, with_instance};

/// The registry document of the instance `dev`, without its braces.
const REGISTRY: &str = "\"name\":\"dev\",\"type\":\"embedded\",\"version\":\"VERSION\",\"url\":\"http://127.0.0.1:PORT\",\
    \"endpoints\":{\"metrics\":\"http://127.0.0.1:PORT/metrics\",\"health\":\"http://127.0.0.1:PORT/healthz\"},\
    \"instance\":{\"backend\":\"process\",\"dir\":\"SANDBOX/state/reg/instances/dev\",\
    \"data\":\"SANDBOX/state/reg/instances/dev/data/embedded\"}";

#[test]
fn start_and_info_print_the_registry() {
    let sandbox = sandbox();
    let document = format!("{{\"schema\":\"reg/v1\",\"kind\":\"registry\",{REGISTRY}}}\n");
    let started = "reg-up: starting \"dev\" (embedded VERSION) at http://127.0.0.1:PORT\n";
    sandbox.line("reg-up start dev --port 0").is(0, &document, started);
    let runs = "reg-up: \"dev\" already runs at http://127.0.0.1:PORT\n";
    sandbox.line("reg-up start dev -o name").is(0, "dev\n", runs);
    for format in ["json", "jsonl"] {
        sandbox.line(&format!("reg-up info dev -o {format}")).is(0, &document, "");
    }
    sandbox.line("reg-up info dev -o name").is(0, "dev\n", "");
    let table = "NAME       dev\nTYPE       embedded\nVERSION    VERSION\nURL        http://127.0.0.1:PORT\n\
                 DIRECTORY  SANDBOX/state/reg/instances/dev\n";
    sandbox.line("reg-up info dev -o table").is(0, table, "");
    sandbox.sh("REG_OUTPUT=table reg-up info dev").is(0, table, "");
}

#[test]
fn status_and_list_print_what_is_true_now() {
    let sandbox = with_instance("dev");
    let status = format!(
        "\"name\":\"dev\",\"state\":\"running\",\"reason\":null,\"pid\":N,\"startedAt\":\"TIME\",\"registry\":{{{REGISTRY}}}}}"
    );
    sandbox.line("reg-up status dev").is(0, &format!("{{\"schema\":\"reg/v1\",\"kind\":\"status\",{status}\n"), "");
    sandbox.line("reg-up status dev -o name").is(0, "dev\n", "");
    let instances = format!("{{\"schema\":\"reg/v1\",\"kind\":\"instances\",\"instances\":[{{{status}]}}\n");
    sandbox.line("reg-up list").is(0, &instances, "");
    sandbox.line("reg-up list -o jsonl").is(0, &format!("{{{status}\n"), "");
    sandbox.line("reg-up list -o name").is(0, "dev\n", "");
    let table = sandbox.line("reg-up list -o table");
    // The width of the last column is the address's, which is not the same every time.
    assert_eq!(table.out(), "NAME  STATE    TYPE      VERSION  URL\ndev   running  embedded  VERSION    http://127.0.0.1:PORT\n");
}

#[test]
fn nothing_is_a_list_too() {
    let sandbox = sandbox();
    sandbox.line("reg-up list").is(0, "{\"schema\":\"reg/v1\",\"kind\":\"instances\",\"instances\":[]}\n", "");
    sandbox.line("reg-up list -o jsonl").is(0, "", "");
    sandbox.line("reg-up list -o name").is(0, "", "");
    sandbox.line("reg-up list -o table").is(0, "NAME  STATE  TYPE  VERSION  URL\n", "");
}

#[test]
fn stop_remove_and_what_is_missing_print_a_status() {
    let sandbox = with_instance("dev");
    let status = |state: &str, reason: &str, registry: &str| {
        format!(
            "{{\"schema\":\"reg/v1\",\"kind\":\"status\",\"name\":\"dev\",\"state\":\"{state}\",\"reason\":{reason},\"pid\":null,\
             \"startedAt\":null,\"registry\":{registry}}}\n"
        )
    };
    let registry = format!("{{{REGISTRY}}}");
    sandbox.line("reg-up stop dev").is(0, &status("stopped", "null", &registry), "reg-up: stopping \"dev\"\n");
    sandbox.line("reg-up stop dev").is(0, &status("stopped", "null", &registry), "reg-up: \"dev\" is not running\n");
    sandbox.line("reg-up status dev").is(0, &status("stopped", "null", &registry), "");
    sandbox.line("reg-up status dev -o table").is(
        0,
        "NAME     dev\nSTATE    stopped\nTYPE     embedded\nURL      http://127.0.0.1:PORT\n",
        "",
    );
    sandbox.line("reg-up remove dev --purge -q").is(0, &status("missing", "null", &registry), "");
    sandbox.line("reg-up status dev").is(
        8,
        &status("missing", "\"there is no such instance\"", "null"),
        "reg-up: error: there is no instance \"dev\"\nreg-up: hint: there are none yet; `reg-up start dev` makes one\n",
    );
}

#[test]
fn a_report_has_a_row_per_check() {
    let sandbox = with_instance("dev");
    let row =
        |name: &str, detail: &str| format!("{{\"name\":\"{name}\",\"outcome\":\"pass\",\"seconds\":N,\"detail\":\"{detail}\"}}");
    let rows = [row("api", "http://127.0.0.1:PORT answers"), row("catalog", "0 repositories, all names valid")];
    let notes = "reg-test: pass api: http://127.0.0.1:PORT answers\nreg-test: pass catalog: 0 repositories, all names valid\n";
    let report = format!(
        "{{\"schema\":\"reg/v1\",\"kind\":\"test-report\",\"registry\":{{{REGISTRY}}},\"suite\":\"catalog\",\"startedAt\":\"TIME\",\
         \"seconds\":N,\"checks\":[{}],\"summary\":{{\"pass\":2,\"fail\":0,\"skip\":0}}}}\n",
        rows.join(",")
    );
    sandbox.line("reg-test catalog -r dev").is(0, &report, notes);
    sandbox.line("reg-test catalog -r dev -q -o jsonl").is(0, &format!("{}\n", rows.join("\n")), "");
    sandbox.line("reg-test catalog -r dev -q -o name").is(0, "api\ncatalog\n", "");
    let table = "CHECK    OUTCOME  SECONDS  DETAIL\napi      pass     N.NNN    http://127.0.0.1:PORT answers\n\
                 catalog  pass     N.NNN    0 repositories, all names valid\n";
    sandbox.line("reg-test catalog -r dev -q -o table").is(0, table, "");
}

#[test]
fn every_suite_runs_its_checks() {
    let sandbox = with_instance("dev");
    for (line, checks) in [
        ("health", "api auth version tls health latency"),
        ("catalog", "api catalog"),
        ("push", "api push-tag push-blobs push-manifest"),
        ("pull", "api pull-by-tag pull-by-digest pull-blobs"),
        ("push-pull", "api prepare push-blobs push-manifest pull-by-tag pull-by-digest pull-blobs clean-up"),
        ("all", "api auth version tls health latency catalog push-pull"),
        (
            "all --write",
            "api auth version tls health latency catalog prepare push-blobs push-manifest pull-by-tag pull-by-digest pull-blobs clean-up",
        ),
    ] {
        let names = sandbox.line(&format!("reg-test {line} -r dev -q -o name")).code(0);
        assert_eq!(names.stdout.split_whitespace().collect::<Vec<_>>().join(" "), checks, "{line}");
    }
}

#[test]
fn a_garbage_collection_is_reported() {
    let sandbox = with_instance("dev");
    let report = |dry_run: bool, online: bool| {
        format!(
            "{{\"schema\":\"reg/v1\",\"kind\":\"gc-report\",\"registry\":{{{REGISTRY}}},\"online\":{online},\"dryRun\":{dry_run},\
             \"schedule\":null,\"blobsRemoved\":0,\"bytesRemoved\":0,\"manifestsRemoved\":null,\"linksRemoved\":0,\"uploadsRemoved\":0,\"blobsKept\":0,\"bytesKept\":0,\
             \"seconds\":N}}\n"
        )
    };
    sandbox.line("reg-up gc dev --dry-run").is(0, &report(true, true), "");
    sandbox.line("reg-up gc dev -o name").is(0, "dev\n", "");
    let table = "REGISTRY            http://127.0.0.1:PORT\nDRY RUN             false\nBLOBS REMOVED       0\nBYTES REMOVED       0\n\
                 UPLOADS REMOVED     0\nBLOBS KEPT          0\nBYTES KEPT          0\nSECONDS             N.NNN\n";
    sandbox.line("reg-up gc dev -o table").is(0, table, "");
    sandbox.line("reg-up stop dev -q").code(0);
    sandbox.line("reg-up gc dev").is(0, &report(false, false), "");
}

#[test]
fn log_lines_are_a_stream() {
    let sandbox = with_instance("dev");
    sandbox.line("reg-test catalog -r dev -q").code(0);
    let line =
        r#"{\"time\":\"TIME\",\"level\":\"info\",\"message\":\"request\",\"method\":\"GET\",\"path\":\"/v2/_catalog?n=1000\","#;
    for format in ["", " -o json", " -o jsonl"] {
        let log = sandbox.line(&format!("reg-up logs dev --tail 1{format}")).code(0).out();
        let start = format!("{{\"schema\":\"reg/v1\",\"kind\":\"log\",\"time\":\"TIME\",\"name\":\"dev\",\"line\":\"{line}");
        assert!(log.starts_with(&start) && log.lines().count() == 1, "{log}");
    }
    let people = sandbox.line("reg-up logs dev --tail 2 -o table").code(0).out();
    assert!(people.lines().count() == 2 && people.starts_with("TIME  {\"time\":\"TIME\",\"level\":\"info\","), "{people}");
}

#[test]
fn raw_outputs_are_raw_and_json_wraps_them() {
    let sandbox = with_instance("dev");
    let url = sandbox.line("reg-up info dev").json()["url"].as_str().unwrap().to_owned();
    let port = url.rsplit(':').next().unwrap();
    let plain = format!("reg-up serve --bind 127.0.0.1 --port {port} --data SANDBOX/state/reg/instances/dev/data/embedded\n");
    for line in ["reg-up render dev", "reg-up render dev -o table"] {
        sandbox.line(line).is(0, &plain, "");
    }
    let wrapped = sandbox.line("reg-up render dev -o json").code(0).json();
    assert_eq!((&wrapped["kind"], &wrapped["files"][0]["name"]), (&"rendered".into(), &"command".into()), "{wrapped}");
    assert!(wrapped["files"][0]["content"].as_str().unwrap().starts_with("reg-up serve --bind 127.0.0.1 "));
    sandbox.line("reg-up render dev -o name").is(0, "command\n", "");

    let bash = sandbox.line("reg-test completions bash").code(0);
    assert!(bash.stdout.starts_with("_reg__test() {"), "{bash:?}");
    let wrapped = sandbox.line("reg-test completions bash -o json").code(0).json();
    assert_eq!(wrapped["files"][0]["content"], bash.stdout);
    sandbox.line("reg-test completions zsh -o name").is(0, "_reg-test\n", "");
    sandbox.line("reg-test schema -o name").is(0, "test-report\nregistry\nrendered\nerror\n", "");
}

#[test]
fn a_terminal_gets_a_table_and_a_pipe_json() {
    let sandbox = with_instance("dev");
    // `script` runs a command on a terminal of its own.
    if sandbox.sh("command -v script").code != 0 {
        return live::skip("script", "no `script` is on PATH");
    }
    let terminal =
        |command: &str| sandbox.sh(&format!("script -qec '{command}' /dev/null < /dev/null")).code(0).out().replace("\r\n", "\n");
    assert_eq!(terminal("reg-up list -o name"), "dev\n");
    assert!(terminal("reg-up list").starts_with("NAME  STATE    TYPE"), "{}", terminal("reg-up list"));
    assert!(terminal("reg-up info dev -o json").starts_with("{\n  \"schema\": \"reg/v1\",\n  \"kind\": \"registry\",\n"));
    assert!(terminal("reg-up list | cat").starts_with("{\"schema\":\"reg/v1\",\"kind\":\"instances\","));
    // Colours are for terminals, and not where NO_COLOR stands.
    assert!(terminal("TERM=xterm reg-up --help").contains('\u{1b}'));
    assert!(!terminal("TERM=xterm NO_COLOR=1 reg-up --help").contains('\u{1b}'));
    assert!(!terminal("TERM=xterm reg-up --help | cat").contains('\u{1b}'));
    assert!(!terminal("TERM=xterm reg-up list; reg-test health -r dev; reg-up list --bogus || true").contains('\u{1b}'));
    // A terminal is not what `-` stands for: nothing waits for a person to type.
    let typed = terminal("reg-test health -r - || echo $?");
    assert!(typed.starts_with("reg-test: error: standard input is a terminal: nothing is piped into this program\n"), "{typed}");
    assert!(typed.ends_with("\n3\n"), "{typed}");
}
