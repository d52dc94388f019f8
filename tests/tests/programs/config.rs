//! The config file: where it is looked for, what its mistakes are called, and where they stand.

use crate::sandbox;

/// A config file, the place of its mistake, and what is wrong.
const WRONG: &[(&str, &str, &str)] = &[
    ("default = dev\n", "line 1, column 11", "string values must be quoted, expected literal string"),
    ("[modes.dev.registry\n", "line 1, column 20", "unclosed table, expected `]`"),
    ("default = 5\n", "line 1, column 11", "expected a text, found 5"),
    ("# modes\n[modes.dev.registry]\nurl = 5\n", "line 3, column 7", "expected a text, found 5"),
    ("[modes.dev.registry]\ntype = \"zot\"\n", "line 1, column 1", "the field \"url\" is missing"),
    (
        "[modes.dev.registry]\nurl = \"a.b\"\ntype = \"nexus\"\n",
        "line 3, column 8",
        "expected embedded, zot, harbor, distribution, oci, found \"nexus\"",
    ),
    (
        "[modes.dev.registry]\nurl = \"a.b\"\nrestart = \"x\"\n",
        "line 3, column 1",
        "unknown field \"restart\"; known here: type, url, credential, tls, tokenHosts, config, data, htpasswd, layout, restartCommand",
    ),
    (
        "[modes.dev.registry]\nurl = \"a.b\"\ncredential = { username = \"a\", password = \"tops3cret\" }\n",
        "line 3, column 32",
        "unknown field \"password\"; known here: username, passwordFile, passwordEnv",
    ),
    (
        "[modes.dev.registry]\nurl = \"a.b\"\ntls = { verify = \"no\" }\n",
        "line 3, column 18",
        "expected true or false, found \"no\"",
    ),
];

#[test]
fn a_mistake_is_told_with_line_and_column_and_never_with_a_secret() {
    let sandbox = sandbox();
    for (text, place, what) in WRONG {
        sandbox.write("config/reg/config.toml", text);
        for line in ["reg-test health -r dev", "reg-test health -r http://localhost:1", "reg-up info -r dev", "reg-up status"] {
            let tool = line.split(' ').next().unwrap();
            let expected = format!("{tool}: error: SANDBOX/config/reg/config.toml: {place}: {what}\n");
            sandbox.line(line).is(3, "", &expected);
        }
    }
}

#[test]
fn a_password_in_a_url_is_refused_without_showing_it() {
    let sandbox = sandbox();
    sandbox.write("config/reg/config.toml", "[modes.dev.registry]\nurl = \"https://me:tops3cret@a.b\"\n");
    let expected = "reg-up: error: a URL with a user or a password in it is seen by everybody on this machine\n\
         reg-up: hint: give the user with -u and the password with --password-stdin, --password-file or --password-env\n";
    sandbox.line("reg-up info -r dev").is(3, "", expected);
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let sandbox = sandbox();
    let missing = "reg-up: error: cannot read the config file none.toml: no such file or directory\n";
    sandbox.line("reg-up info --config none.toml -r dev").is(3, "", missing);
    sandbox.line("reg-up --config none.toml info -r dev").is(3, "", missing);
    sandbox.sh("REG_CONFIG=none.toml reg-up info -r dev").is(3, "", missing);
    // Nobody named the one in the usual place, and what asks for no mode needs none.
    let empty = "{\"schema\":\"reg/v1\",\"kind\":\"instances\",\"instances\":[]}\n";
    sandbox.line("reg-up list --config none.toml").is(0, empty, "");
    sandbox.line("reg-up info -r https://a.b -o name").is(0, "", "");
}

#[test]
fn the_flag_comes_before_the_variable_and_that_before_the_usual_places() {
    let sandbox = sandbox();
    for (file, url) in [
        ("flag.toml", "flag.example"),
        ("variable.toml", "variable.example"),
        ("config/reg/config.toml", "usual.example"),
        ("home/.config/reg/config.toml", "home.example"),
    ] {
        sandbox.write(file, format!("[modes.dev.registry]\nurl = \"{url}\"\n"));
    }
    for (line, url) in [
        ("REG_CONFIG=variable.toml reg-up info -r dev --config flag.toml", "flag.example"),
        ("REG_CONFIG=variable.toml reg-up info -r dev", "variable.example"),
        ("REG_CONFIG= reg-up info -r dev", "usual.example"),
        ("XDG_CONFIG_HOME= reg-up info -r dev", "home.example"),
        // The XDG specification: a relative path is invalid and ignored.
        ("XDG_CONFIG_HOME=config reg-up info -r dev", "home.example"),
    ] {
        assert_eq!(sandbox.sh(line).code(0).json()["url"], url, "{line}");
    }
}

#[test]
fn a_mode_is_a_registry_with_all_that_it_says() {
    let sandbox = sandbox();
    sandbox.write(
        "config/reg/config.toml",
        "[modes.prod.registry]\ntype = \"harbor\"\nurl = \"harbor.example\"\ntokenHosts = [\"auth.example\"]\n\
         credential = { username = \"admin\", passwordEnv = \"HARBOR_PASSWORD\" }\ntls = { verify = true }\n\
         [modes.prod.extensions]\nanything = [1, 2]\n",
    );
    // The password is not there, and who only looks needs none.
    sandbox.line("reg-up info -r prod").is(
        0,
        "{\"schema\":\"reg/v1\",\"kind\":\"registry\",\"name\":\"prod\",\"type\":\"harbor\",\"version\":null,\
         \"url\":\"harbor.example\",\"tls\":{\"verify\":true},\
         \"credential\":{\"username\":\"admin\",\"passwordEnv\":\"HARBOR_PASSWORD\"},\"tokenHosts\":[\"auth.example\"]}\n",
        "",
    );
    sandbox.line("reg-test health -r prod").is(
        3,
        "",
        "reg-test: error: the environment variable HARBOR_PASSWORD, where the password of \"admin\" should be, is not set\n",
    );
}
