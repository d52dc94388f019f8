//! reg-certs among the others: in the shell and in Nushell.

use super::has;
use crate::sandbox;

#[test]
fn a_certificate_goes_into_a_registry_and_the_registry_into_a_check() {
    let sandbox = sandbox();
    let line = "reg-certs issue localhost -q | reg-up start --type embedded --port 0 --tls - -q | reg-test health -r - -q -o jsonl";
    let ran = sandbox.sh(line).code(0);
    assert!(ran.stdout.contains("\"name\":\"tls\",\"outcome\":\"pass\""), "{ran:?}");
    // And on, as long as one likes.
    let line =
        "reg-up info embedded | reg-certs renew -r - --force -q | reg-certs verify -r - -q | reg-test catalog -r - -q -o name";
    sandbox.sh(line).is(0, "api\ncatalog\n", "");
    // The same certificate again is the same registry.
    let again = sandbox.sh("reg-certs issue other -q | reg-up start two --port 0 --tls - -q > /dev/null; reg-certs issue other -q | reg-up start two --tls - -o name");
    assert_eq!((again.code, again.stdout.as_str()), (0, "two\n"), "{again:?}");
}

#[test]
fn an_authority_is_no_servers_certificate() {
    let sandbox = sandbox();
    sandbox.sh("reg-certs ca -q | reg-up start x --port 0 --tls -").is(
        3,
        "",
        "reg-up: error: cannot start \"x\": standard input: the field \"keyFile\" is missing\n\
         reg-up: hint: this is an authority's certificate; `reg-certs issue HOST` makes a server's\n",
    );
}

#[test]
fn cron_renews_what_is_due() {
    let sandbox = sandbox();
    let script = "
        reg-certs issue a.example -q --out here > /dev/null
        reg-certs issue b.example -q --out here --days 5 > /dev/null
        reg-certs expires here --within 7d -q -o jsonl 2> /dev/null | grep -c '\"renew\":true' || true
        for file in here/a.example.pem here/b.example.pem; do reg-certs renew $file -q > /dev/null; done
        reg-certs expires here/a.example.pem -q -o name";
    sandbox.sh(script).is(0, "2\nhere/a.example.pem\n", "");
}

#[test]
fn nushell_takes_what_it_wants() {
    let sandbox = sandbox();
    if !has(&sandbox, "nu") {
        return;
    }
    for (script, expected) in [
        ("reg-certs issue localhost 127.0.0.1 -q | from json | get names | str join ' '", "localhost 127.0.0.1"),
        (
            "reg-certs issue localhost 127.0.0.1 -q | reg-up start n --port 0 --tls - -q | reg-certs verify -r - -q | from json | get checks | where outcome == fail | length",
            "0",
        ),
        (
            "reg-certs show $'($env.HOME)/.local/share/reg/certs/localhost.pem' | from json | get notAfter | into datetime | describe",
            "datetime",
        ),
        ("reg-certs expires $'($env.HOME)/.local/share/reg/certs' -q | from json | get certificates | where renew | length", "0"),
        ("reg-certs verify -r https://127.0.0.1:1 -q | complete | get exit_code", "4"),
    ] {
        let ran = sandbox.nu(script).code(0);
        assert_eq!((ran.out().trim_end(), ran.err().as_str()), (expected, ""), "{script}");
    }
}
