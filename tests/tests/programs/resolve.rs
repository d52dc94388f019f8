//! `-r` and what stands in for it: which registry a tool finds.

use reg_tests::sandbox::{Ran, Sandbox};

use crate::{sandbox, with_instance};

/// The address of the instance `dev`.
fn address(sandbox: &Sandbox) -> String {
    sandbox.line("reg-up info dev").code(0).json()["url"].as_str().unwrap().to_owned()
}

/// What `info` found: name and address.
fn found(ran: Ran) -> (Option<String>, String) {
    let document = ran.code(0).json();
    (document["name"].as_str().map(ToOwned::to_owned), document["url"].as_str().unwrap().to_owned())
}

#[test]
fn a_url_may_lack_its_scheme_and_localhost_is_one() {
    let sandbox = with_instance("dev");
    let url = address(&sandbox);
    let bare = url.trim_start_matches("http://");
    let port = bare.rsplit(':').next().unwrap();
    for spelling in
        [url.clone(), format!("{url}/"), bare.to_owned(), format!("localhost:{port}"), format!("http://localhost:{port}")]
    {
        sandbox.line(&format!("reg-test catalog -q -o name -r {spelling}")).is(0, "api\ncatalog\n", "");
    }
    // Another loopback address is not the instance's, so it is probed: https first, then http.
    let probed = sandbox.line(&format!("reg-test catalog -q -v -r http://[::ffff:127.0.0.1]:{port}"));
    assert_eq!(probed.code, 0, "{probed:?}");
    let report = sandbox.line("reg-test health -q -r localhost -o json");
    assert!([0, 4, 7].contains(&report.code), "{report:?}");
    assert!(report.json()["registry"]["url"].as_str().unwrap().ends_with("://localhost"), "{report:?}");
}

#[test]
fn without_a_scheme_this_machine_is_asked_by_https_first() {
    let sandbox = sandbox();
    let dead = sandbox.line("reg-test health -q -v -o name -r 127.0.0.1:1").code(4);
    assert_eq!(
        dead.err(),
        "reg-test: GET https://127.0.0.1:PORT/v2/ failed after N ms: cannot reach https://127.0.0.1:PORT: connection refused\n\
         reg-test: GET http://127.0.0.1:PORT/v2/ failed after N ms: cannot reach http://127.0.0.1:PORT: connection refused\n"
    );
    // Consent to http is a written scheme, or a flag; other machines are never asked by http without it.
    for (flags, url) in [
        ("-r http://127.0.0.1:1", "http://127.0.0.1:1"),
        ("-r 127.0.0.1:1 --plain-http", "http://127.0.0.1:1"),
        ("-r registry.invalid:5000", "https://registry.invalid:5000"),
        ("-r registry.invalid --plain-http", "http://registry.invalid"),
    ] {
        let report = sandbox.line(&format!("reg-test health -q {flags}")).code(4).json();
        assert_eq!(report["registry"]["url"], url, "{flags}");
    }
}

#[test]
fn what_is_no_url_of_a_registry_is_refused() {
    let sandbox = sandbox();
    let hint = "a registry is written like https://registry.example:5000";
    let secret = "give the user with -u and the password with --password-stdin, --password-file or --password-env";
    for (url, what, hint) in [
        ("http://", "\"http://\" is not a URL", hint),
        ("a.b:port", "\"a.b:port\" is not a URL", hint),
        ("ftp://a.b", "\"ftp://a.b\": a registry speaks http or https, not ftp", ""),
        ("a.b/team/app", "\"a.b/team/app\" is more than a registry: a URL ends behind host and port", ""),
        ("https://a.b/?x=1", "\"https://a.b/?x=1\" is more than a registry: a URL ends behind host and port", ""),
        ("https://me:tops3cret@a.b", "a URL with a user or a password in it is seen by everybody on this machine", secret),
        ("me:tops3cret@a.b", "a URL with a user or a password in it is seen by everybody on this machine", secret),
        ("ftp://me:top/s3cret@a b", "a URL with a user or a password in it is seen by everybody on this machine", secret),
    ] {
        let hint = if hint.is_empty() { String::new() } else { format!("reg-test: hint: {hint}\n") };
        sandbox.run("reg-test", ["health", "-r", url, "--insecure", "-q"]).is(2, "", &{
            let warning = if url.contains('@') {
                String::new()
            } else {
                format!("reg-test: warning: the certificate of {url} is not checked\n")
            };
            format!("{warning}reg-test: error: {what}\n{hint}")
        });
    }
}

#[test]
fn an_instance_is_found_by_name_by_url_and_exactly() {
    let sandbox = with_instance("dev");
    let url = address(&sandbox);
    let whole = sandbox.line("reg-up info dev").code(0);
    for r in ["dev", "instance:dev", &url, url.trim_start_matches("http://")] {
        // A URL that is an instance's is that instance, with all that is known of it.
        sandbox.line(&format!("reg-up info -r {r}")).is(0, &whole.out(), "");
        sandbox.line(&format!("reg-up status -o name -r {r}")).is(0, "dev\n", "");
    }
    sandbox.line("reg-up stop -q -o name -r instance:dev").is(0, "dev\n", "");
}

#[test]
fn what_is_not_there_is_not_found_and_what_is_there_is_listed() {
    let sandbox = sandbox();
    let none = "there are none yet; `reg-up start` makes an instance, and a URL needs a `.`, a `:` or a `/`";
    let error = |what: &str, hint: &str| format!("reg-test: error: {what}\nreg-test: hint: {hint}\n");
    sandbox.line("reg-test health -r dev").is(8, "", &error("there is no mode or instance \"dev\"", none));
    let none = "there are none yet; `reg-up start dev` makes one";
    sandbox.line("reg-test health -r instance:dev").is(8, "", &error("there is no instance \"dev\"", none));
    let none = "the config file names none; `man reg-config` shows how it is written";
    sandbox.line("reg-test health -r mode:dev").is(8, "", &error("there is no mode \"dev\"", none));
    sandbox.sh("REG_MODE=dev reg-test health").is(8, "", &error("there is no mode \"dev\"", none));
    sandbox.run("reg-test", ["health", "-r", ""]).is(2, "", "reg-test: error: the registry's name is empty\n");

    sandbox.write("config/reg/config.toml", "[modes.prod.registry]\nurl = \"a.b\"\n[modes.other]\nx = 1\n");
    sandbox.line("reg-up start ci --port 0 -q").code(0);
    sandbox.line("reg-test health -r dev").is(8, "", &error("there is no mode or instance \"dev\"", "there are: prod, ci"));
    sandbox.line("reg-test health -r mode:ci").is(8, "", &error("there is no mode \"ci\"", "there are: prod"));
    sandbox.line("reg-test health -r instance:prod").is(8, "", &error("there is no instance \"prod\"", "there are: ci"));
    sandbox.line("reg-test health -r other").is(8, "", &error("there is no mode or instance \"other\"", "there are: prod, ci"));
}

#[test]
fn nothing_named_is_an_error_that_names_all_ways() {
    let sandbox = with_instance("dev");
    for tool in ["reg-test health", "reg-up info", "reg-up stop", "reg-up status", "reg-up gc", "reg-up remove --purge"] {
        let name = tool.split(' ').next().unwrap();
        let expected = format!(
            "{name}: error: no registry was named\n{name}: hint: name one with -r (a URL, a mode, an instance, or - for standard \
             input), with REG_REGISTRY, with REG_MODE, or with `default` in the config file\n"
        );
        sandbox.line(tool).is(2, "", &expected);
        sandbox.sh(&format!("REG_REGISTRY= REG_MODE= {tool}")).is(2, "", &expected);
    }
}

#[test]
fn a_mode_wins_over_an_instance_of_the_same_name() {
    let sandbox = with_instance("dev");
    sandbox.write("config/reg/config.toml", "[modes.dev.registry]\nurl = \"https://registry.example\"\n");
    let instance = address(&sandbox);
    let warning = "reg-up: warning: \"dev\" is a mode and an instance; the mode is taken (instance:dev is the other)\n";
    let both = sandbox.line("reg-up info -r dev");
    assert_eq!(both.err(), warning);
    assert_eq!(found(both), (Some("dev".to_owned()), "https://registry.example".to_owned()));
    for (r, url) in [("mode:dev", "https://registry.example"), ("instance:dev", instance.as_str())] {
        let one = sandbox.line(&format!("reg-up info -r {r}"));
        assert_eq!(one.stderr, "");
        assert_eq!(found(one).1, url);
    }
    // By NAME only instances are meant.
    let named = sandbox.line("reg-up info dev");
    assert_eq!((named.err(), found(named).1), (String::new(), instance));
}

#[test]
fn variables_and_the_default_stand_in_in_their_order() {
    let sandbox = with_instance("dev");
    let modes =
        "default = \"third\"\n[modes.second.registry]\nurl = \"second.example\"\n[modes.third.registry]\nurl = \"third.example\"\n";
    sandbox.write("config/reg/config.toml", modes);
    sandbox.write("document.json", "{\"name\":\"zeroth\",\"url\":\"zeroth.example\"}");
    for (line, name) in [
        ("REG_REGISTRY=dev REG_MODE=second reg-up info -r @document.json", "zeroth"),
        ("REG_REGISTRY=@document.json REG_MODE=second reg-up info", "zeroth"),
        ("REG_REGISTRY=dev REG_MODE=second reg-up info", "dev"),
        ("REG_MODE=second reg-up info", "second"),
        ("reg-up info", "third"),
        ("REG_REGISTRY=- reg-up info < document.json", "zeroth"),
        // A mode is meant here, never an instance of that name.
        ("REG_MODE=dev reg-up info || reg-up info -r mode:third", "third"),
    ] {
        assert_eq!(found(sandbox.sh(line)).0.as_deref(), Some(name), "{line}");
    }
}
