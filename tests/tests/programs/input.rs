//! Documents on standard input and in files: what is taken, what is refused and with which place, what is passed on.

use reg_tests::live;
use serde_json::{Value, json};

use crate::{sandbox, with_instance};

/// Text on standard input, what is wrong with it, and the hint.
const WRONG: &[(&str, &str, &str)] = &[
    ("", "standard input is empty: the program before this one printed nothing", "run that program alone and look at its error"),
    (
        " \n\n",
        "standard input is empty: the program before this one printed nothing",
        "run that program alone and look at its error",
    ),
    (
        "╭──────┬───╮\n│ name │ x │\n╰──────┴───╯\n",
        "standard input is a drawn table, not JSON",
        "in Nushell put `| to json` in front; elsewhere ask the program before for `-o json`",
    ),
    (
        "+------+---+\n| name | x |\n+------+---+\n",
        "standard input is a drawn table, not JSON",
        "in Nushell put `| to json` in front; elsewhere ask the program before for `-o json`",
    ),
    (
        "url: localhost",
        "standard input: line 1, column 1: not JSON: expected value",
        "reg tools print JSON into a pipe; in Nushell put `| to json` in front",
    ),
    ("{\n  \"url\": \"a.b\",\n}", "standard input: line 3, column 1: not JSON: trailing comma", ""),
    ("{\"url\":\"a.b\"", "standard input: line 1, column 12: not JSON: EOF while parsing an object", ""),
    ("[]", "standard input: expected an object, found a list", ""),
    ("\"dev\"", "standard input: expected an object, found \"dev\"", ""),
    (
        "{\"url\":\"a.b\"}\n{\"url\":\"a.b\"}\n",
        "standard input: line 2, column 1: one document is expected, and another text follows it",
        "",
    ),
    ("{\"schema\":\"reg/v2\",\"url\":\"a.b\"}", "standard input: .schema: expected \"reg/v1\", found \"reg/v2\"", ""),
    ("{\"schema\":1,\"url\":\"a.b\"}", "standard input: .schema: expected \"reg/v1\", found 1", ""),
    ("{\"kind\":1,\"url\":\"a.b\"}", "standard input: .kind: expected a text, found 1", ""),
    (
        "{\"kind\":\"instances\",\"instances\":[]}",
        "standard input: .kind: expected a document that carries a registry, found \"instances\"",
        "`reg-up info NAME` prints the registry of one instance",
    ),
    (
        "{\"kind\":\"status\",\"name\":\"dev\",\"state\":\"missing\",\"registry\":null}",
        "standard input: .kind: expected a document that carries a registry, found \"status\"",
        "`reg-up info NAME` prints the registry of one instance",
    ),
    ("{\"kind\":\"status\",\"registry\":\"dev\"}", "standard input: .registry: expected an object, found \"dev\"", ""),
    ("{}", "standard input: the field \"url\" is missing", ""),
    ("{\"kind\":\"status\",\"registry\":{}}", "standard input: .registry: the field \"url\" is missing", ""),
    ("{\"url\":5000}", "standard input: .url: expected a text, found 5000", ""),
    (
        "{\"url\":\"a.b\",\"type\":\"nexus\"}",
        "standard input: .type: expected embedded, zot, harbor, distribution, oci, found \"nexus\"",
        "",
    ),
    (
        "{\"kind\":\"status\",\"registry\":{\"url\":\"a.b\",\"tls\":{\"verify\":\"no\"}}}",
        "standard input: .registry.tls.verify: expected true or false, found \"no\"",
        "",
    ),
    ("{\"url\":\"a.b\",\"tokenHosts\":\"c.d\"}", "standard input: .tokenHosts: expected a list, found \"c.d\"", ""),
    (
        "{\"url\":\"a.b\",\"tls\":{\"verifi\":false}}",
        "standard input: .tls.verifi: unknown field \"verifi\"; known here: caFile, verify",
        "",
    ),
    (
        "{\"url\":\"a.b\",\"credential\":{\"username\":\"a\",\"password\":\"tops3cret\"}}",
        "standard input: .credential.password: a secret must not stand in a document",
        "name a file with \"passwordFile\" or a variable with \"passwordEnv\" in its place",
    ),
    (
        "{\"url\":\"https://a:tops3cret@b.c\"}",
        "a URL with a user or a password in it is seen by everybody on this machine",
        "give the user with -u and the password with --password-stdin, --password-file or --password-env",
    ),
    (
        "{\"schema\":\"reg/v1\",\"kind\":\"error\",\"code\":\"failed\",\"message\":\"no room\"}",
        "standard input is the error of another program: \"no room\"",
        "",
    ),
];

#[test]
fn a_document_that_is_not_understood_is_told_with_its_place() {
    let sandbox = sandbox();
    for (input, what, hint) in WRONG {
        for tool in ["reg-test health", "reg-up info", "reg-up stop"] {
            let name = tool.split(' ').next().unwrap();
            let hint = if hint.is_empty() { String::new() } else { format!("{name}: hint: {hint}\n") };
            let ran = sandbox.line_with(&format!("{tool} -r -"), input);
            ran.is(3, "", &format!("{name}: error: {what}\n{hint}"));
        }
    }
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let sandbox = sandbox();
    let ran = sandbox.sh("printf '\\377\\376' | reg-up info -r -");
    ran.is(3, "", "reg-up: error: cannot read standard input: stream did not contain valid UTF-8\n");
}

#[test]
fn a_file_is_read_like_standard_input() {
    let sandbox = sandbox();
    sandbox.write("empty.json", "");
    sandbox.line("reg-up info -r @empty.json").is(3, "", "reg-up: error: empty.json is empty\n");
    sandbox.write("wrong.json", "{\"url\":1}");
    let wrong = "reg-up: error: wrong.json: .url: expected a text, found 1\n";
    sandbox.line("reg-up info -r @wrong.json").is(3, "", wrong);
    sandbox.line("reg-up info -r @none.json").is(3, "", "reg-up: error: cannot read none.json: no such file or directory\n");
    // Windows editors put a byte order mark in front.
    sandbox.write("right.json", "\u{feff}{\"url\":\"https://registry.example\"}\r\n");
    let right = "{\"schema\":\"reg/v1\",\"kind\":\"registry\",\"version\":null,\"url\":\"https://registry.example\"}\n";
    sandbox.line("reg-up info -r @right.json").is(0, right, "");
}

#[test]
fn a_certificate_is_asked_for_by_its_kind() {
    let sandbox = sandbox();
    for (input, what, hint) in [
        (
            "",
            "standard input is empty: the program before this one printed nothing",
            "run that program alone and look at its error",
        ),
        (
            "{\"kind\":\"registry\",\"url\":\"a.b\"}",
            "standard input: .kind: expected \"certificate\", found \"registry\"",
            "--cert and --key name the files directly",
        ),
    ] {
        let expected = format!("reg-up: error: cannot start \"dev\": {what}\nreg-up: hint: {hint}\n");
        sandbox.line_with("reg-up start dev --port 0 --tls -", input).is(3, "", &expected);
    }
    let missing = "reg-up: error: cannot start \"dev\": standard input: the field \"keyFile\" is missing\n";
    sandbox.line_with("reg-up start dev --port 0 --tls -", "{\"certFile\":\"a\"}").is(3, "", missing);
    assert!(!sandbox.instance("dev").exists());
}

#[test]
fn any_document_that_carries_a_registry_will_do() {
    let sandbox = with_instance("dev");
    for before in
        ["reg-up info dev", "reg-up status dev", "reg-up gc dev --dry-run", "reg-test catalog -q -r dev", "reg-up start dev -q"]
    {
        sandbox.sh(&format!("{before} | reg-test catalog -r - -q -o name")).is(0, "api\ncatalog\n", "");
    }
    let bare = format!("{{\"url\":{}}}", sandbox.line("reg-up info dev").json()["url"]);
    sandbox.line_with("reg-test catalog -r - -q -o name", &bare).is(0, "api\ncatalog\n", "");
}

#[test]
fn what_a_tool_does_not_know_it_passes_on() {
    let sandbox = with_instance("dev");
    let mut document = sandbox.line("reg-up info dev").json();
    document["region"] = json!({"name": "north", "racks": [1, 2]});
    document["endpoints"]["admin"] = json!("http://localhost:1/admin");
    document["instance"]["containers"] = json!(["reg-dev"]);
    sandbox.write("document.json", document.to_string());
    let script = "reg-test health -q -r @document.json | reg-up status -r - | reg-test catalog -q -r - | reg-up info -r -";
    let passed: Value = sandbox.sh(script).code(0).json();
    assert_eq!(passed, document);
}

#[test]
fn one_text_of_standard_input_serves_whoever_asks_for_it() {
    let sandbox = with_instance("dev");
    let both = "reg-test: error: standard input cannot be both the registry's document and the password\n\
                reg-test: hint: use --password-file or --password-env\n";
    sandbox.line_with("reg-test health -r - -u a --password-stdin", "{}").is(2, "", both);
    sandbox.sh("REG_REGISTRY=- reg-test health -u a --password-stdin").is(2, "", both);
    // A flag says more than the variable, which would be the document otherwise.
    sandbox.sh("echo x | REG_REGISTRY=- reg-test catalog -r dev -u a --password-stdin -q -o name").is(0, "api\ncatalog\n", "");
    let empty = "reg-test: error: standard input is empty, where a password was expected\n\
                 reg-test: hint: `--password-file FILE` reads it from a file, `--password-env VARIABLE` from the environment\n";
    sandbox.line("reg-test health -r dev -u a --password-stdin").is(3, "", empty);
}

#[test]
fn nushell_tables_need_to_json() {
    let sandbox = with_instance("dev");
    if sandbox.sh("command -v nu").code != 0 {
        return live::skip("nushell", "no `nu` is on PATH");
    }
    let drawn = "reg-test: error: standard input is a drawn table, not JSON\n\
                 reg-test: hint: in Nushell put `| to json` in front; elsewhere ask the program before for `-o json`\n";
    for theme in ["rounded", "basic", "heavy", "ascii_rounded", "markdown", "compact"] {
        let script = format!("$env.config.table.mode = '{theme}'; reg-up info dev | from json | reg-test health -r -");
        let ran = sandbox.nu(&script);
        assert_eq!((ran.code, ran.stderr.lines().next()), (3, drawn.lines().next()), "{theme}: {ran:?}");
    }
    sandbox.nu("reg-up info dev | from json | to json | reg-test catalog -q -r - -o name").is(0, "api\ncatalog\n", "");
    sandbox.nu("reg-up info dev | reg-test catalog -q -r - -o name").is(0, "api\ncatalog\n", "");
}
