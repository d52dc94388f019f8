//! Adding, changing, removing, listing, generating: what is said and what is written.

use reg_tests::live;

use super::{PASSWORD, line, names, outcomes, read, verifies, with_file};
use crate::sandbox;

#[test]
fn a_user_is_added_with_a_bcrypt_hash() {
    let sandbox = with_file(&["anna"]);
    let row = "{\"name\":\"bert\",\"outcome\":\"added\",\"algorithm\":\"bcrypt\",\"cost\":4}";
    sandbox.line("reg-users add bert --file htpasswd --password-file password --cost 4").is(
        0,
        &format!("{{\"schema\":\"reg/v1\",\"kind\":\"users\",\"file\":\"SANDBOX/htpasswd\",\"users\":[{row}]}}\n"),
        "reg-users: added \"bert\" in SANDBOX/htpasswd: bcrypt, cost 4, N ms a login\n",
    );
    let text = read(&sandbox, "htpasswd");
    let hash = text.lines().nth(1).unwrap().strip_prefix("bert:").unwrap();
    assert!(hash.starts_with("$2y$04$") && hash.len() == 60, "{hash}");
    assert!(verifies(&sandbox, "htpasswd", "bert", PASSWORD) && !verifies(&sandbox, "htpasswd", "bert", "x"));
    sandbox.line("reg-users add carl --file htpasswd --password-file password -q -o name").is(0, "carl\n", "");
    assert!(read(&sandbox, "htpasswd").contains("carl:$2y$10$"), "cost 10 by itself");
}

#[test]
fn adding_twice_is_a_conflict_unless_that_is_fine() {
    let sandbox = with_file(&["anna"]);
    let before = read(&sandbox, "htpasswd");
    sandbox.line("reg-users add anna --file htpasswd --password-file password").is(
        9,
        "",
        "reg-users: error: cannot add \"anna\" to SANDBOX/htpasswd: the user is there already\n\
         reg-users: hint: `reg-users passwd anna --file SANDBOX/htpasswd` changes the password; --exist-ok leaves it as it is\n",
    );
    let fine = sandbox.line("reg-users add anna --file htpasswd --exist-ok -q").code(0);
    assert_eq!(outcomes(&fine), [("anna".to_owned(), "unchanged".to_owned())]);
    assert_eq!(read(&sandbox, "htpasswd"), before);
}

#[test]
fn a_password_is_changed_where_the_user_stands() {
    let sandbox = with_file(&["anna", "bert", "carl"]);
    let before = read(&sandbox, "htpasswd");
    sandbox.line_with("reg-users passwd bert --file htpasswd --password-stdin --cost 4 -o name", "new\n").is(
        0,
        "bert\n",
        "reg-users: changed \"bert\" in SANDBOX/htpasswd: bcrypt, cost 4, N ms a login\n",
    );
    let (old, new): (Vec<_>, String) = (before.lines().collect(), read(&sandbox, "htpasswd"));
    let new: Vec<_> = new.lines().collect();
    assert_eq!((new[0], new[2], new.len()), (old[0], old[2], 3));
    assert!(verifies(&sandbox, "htpasswd", "bert", "new") && !verifies(&sandbox, "htpasswd", "bert", PASSWORD));
    sandbox.line_with("reg-users passwd dora --file htpasswd --password-stdin", "new").is(
        8,
        "",
        "reg-users: error: there is no user \"dora\" in SANDBOX/htpasswd\n\
         reg-users: hint: `reg-users list --file SANDBOX/htpasswd` shows who is\n",
    );
}

#[test]
fn all_are_removed_or_none() {
    let sandbox = with_file(&["anna", "bert", "carl", "dora"]);
    let before = read(&sandbox, "htpasswd");
    sandbox.line("reg-users remove bert nobody noone --file htpasswd").is(
        8,
        "",
        "reg-users: error: there is no user \"nobody\", \"noone\" in SANDBOX/htpasswd\n\
         reg-users: hint: `reg-users list --file SANDBOX/htpasswd` shows who is\n",
    );
    assert_eq!(read(&sandbox, "htpasswd"), before);
    sandbox.line("reg-users remove bert bert anna --file htpasswd -o jsonl").is(
        0,
        "{\"name\":\"bert\",\"outcome\":\"removed\"}\n{\"name\":\"anna\",\"outcome\":\"removed\"}\n",
        "reg-users: removed 2 users from SANDBOX/htpasswd\n",
    );
    let missing = sandbox.line("reg-users remove bert carl --file htpasswd --missing-ok -q").code(0);
    assert_eq!(outcomes(&missing), [("bert".to_owned(), "unchanged".to_owned()), ("carl".to_owned(), "removed".to_owned())]);
    sandbox.line("reg-users remove dora --file htpasswd -o name").is(
        0,
        "dora\n",
        "reg-users: warning: nobody can log in any more\nreg-users: removed 1 user from SANDBOX/htpasswd\n",
    );
    assert_eq!(read(&sandbox, "htpasswd"), "");
}

#[test]
fn names_come_from_a_pipe_where_a_dash_stands() {
    let sandbox = with_file(&["anna", "temp-1", "temp-2"]);
    let script = "reg-users list --file htpasswd -o name | grep ^temp | reg-users remove --file htpasswd - -q -o name";
    sandbox.sh(script).is(0, "temp-1\ntemp-2\n", "");
    assert_eq!(names(&sandbox, "htpasswd"), ["anna"]);
    // Nobody to remove is nothing to do.
    sandbox.sh("printf '' | reg-users remove --file htpasswd - -q -o name").is(0, "", "");
    sandbox.sh("reg-users list --file htpasswd -o name | xargs -r reg-users remove -q -o name --file htpasswd").code(0);
    assert!(names(&sandbox, "htpasswd").is_empty());
}

#[test]
fn a_list_tells_how_each_password_is_hashed() {
    let sandbox = sandbox();
    sandbox.write("htpasswd", format!("# people\n{}bert:{{SHA}}x\ncarl:secret\n{}", line("anna", "x"), line("anna", "y")));
    sandbox.line("reg-users list --file htpasswd -o table").is(
        0,
        "NAME  ALGORITHM  COST  LINE\nbert  sha1       -     3\ncarl  plain      -     4\nanna  bcrypt     4     5\n",
        "",
    );
    sandbox.line("reg-users list --file htpasswd -o jsonl").is(
        0,
        "{\"name\":\"bert\",\"algorithm\":\"sha1\",\"line\":3}\n{\"name\":\"carl\",\"algorithm\":\"plain\",\"line\":4}\n\
         {\"name\":\"anna\",\"algorithm\":\"bcrypt\",\"cost\":4,\"line\":5}\n",
        "",
    );
    sandbox.write("htpasswd", "");
    sandbox.line("reg-users list --file htpasswd").is(
        0,
        "{\"schema\":\"reg/v1\",\"kind\":\"users\",\"file\":\"SANDBOX/htpasswd\",\"users\":[]}\n",
        "",
    );
}

#[test]
fn a_password_is_right_or_it_is_not() {
    let sandbox = with_file(&["anna"]);
    let text = read(&sandbox, "htpasswd");
    let hash = text.trim().split_once(':').unwrap().1.to_owned();
    let sha = format!("$5$salt${}", "x".repeat(43));
    let odd = hash.replace("$2y$", "$2x$");
    sandbox.write("htpasswd", format!("{text}md5:$apr1$x$y\nplain:x\nsha:{sha}\n blank:{hash}\nodd:{odd}\n"));
    let row = |rest: &str| format!("{{{rest}}}\n");
    let anna = "\"name\":\"anna\",\"outcome\":\"match\",\"algorithm\":\"bcrypt\",\"cost\":4,\"line\":1";
    sandbox.line("reg-users verify anna --file htpasswd --password-file password -o jsonl").is(0, &row(anna), "");
    for (user, input, line, detail) in [
        ("anna", "wrong", ",\"algorithm\":\"bcrypt\",\"cost\":4,\"line\":1", "the password is another one"),
        ("nobody", "x", "", "there is no such user"),
        ("plain", "x", ",\"algorithm\":\"plain\",\"line\":3", "no program lets it in: `reg-users check` says why"),
    ] {
        let expected = row(&format!("\"name\":\"{user}\",\"outcome\":\"mismatch\"{line},\"detail\":\"{detail}\""));
        let verify = format!("reg-users verify {user} --file htpasswd --password-stdin -o jsonl");
        sandbox.line_with(&verify, input).is(7, &expected, &format!("reg-users: {detail}\n"));
    }
    // What only others can check, they may take.
    for (user, who) in
        [("md5", "apache"), ("sha", "zot, apache"), ("blank", "distribution, apache"), ("odd", "distribution, apache")]
    {
        let ran = sandbox.line_with(&format!("reg-users verify {user} --file htpasswd --password-stdin -o name"), PASSWORD);
        let detail = format!("reg-users: its line cannot be checked here; it is taken by {who}\n");
        ran.is(6, &format!("{user}\n"), &detail);
    }
    let long = sandbox.line_with("reg-users verify anna --file htpasswd --password-stdin -q", &"x".repeat(73)).code(7);
    assert_eq!(long.err(), "reg-users: warning: bcrypt sees only the first 72 bytes of this password\n");
}

#[test]
fn a_line_is_generated_for_a_file_elsewhere() {
    let sandbox = with_file(&[]);
    sandbox.sh("reg-users generate bert --password-file password --cost 4 >> htpasswd").is(0, "", "");
    assert!(verifies(&sandbox, "htpasswd", "bert", PASSWORD));
    let wrapped = sandbox.line("reg-users generate bert --password-file password --cost 4 -o json").code(0).json();
    assert_eq!((&wrapped["kind"], &wrapped["files"][0]["name"]), (&"rendered".into(), &"htpasswd".into()));
    sandbox.sh("reg-users generate carl --generate --out new --cost 4 >> htpasswd").is(
        0,
        "",
        "reg-users: its password is in SANDBOX/new/carl.password\n",
    );
    assert!(verifies(&sandbox, "htpasswd", "carl", read(&sandbox, "new/carl.password").trim()));
}

#[test]
fn the_usual_three_users_are_made_once() {
    let sandbox = with_file(&["developer"]);
    let made = sandbox.line("reg-users defaults --file htpasswd --out new --cost 4").code(0);
    assert_eq!(made.err(), "reg-users: added provisioning, tester to SANDBOX/htpasswd, their passwords are in new\n");
    let expected = [("provisioning", "added"), ("developer", "unchanged"), ("tester", "added")];
    assert_eq!(outcomes(&made), expected.map(|(name, outcome)| (name.to_owned(), outcome.to_owned())));
    let text = read(&sandbox, "htpasswd");
    for name in ["provisioning", "tester"] {
        assert!(verifies(&sandbox, "htpasswd", name, read(&sandbox, &format!("new/{name}.password")).trim()));
    }
    let again = sandbox.line("reg-users defaults --file htpasswd --out new --cost 4").code(0);
    assert_eq!(again.err(), "reg-users: provisioning, developer, tester are in SANDBOX/htpasswd already\n");
    assert_eq!(read(&sandbox, "htpasswd"), text);
    // The same passwords serve another registry.
    sandbox.line("reg-users defaults --file other --out new --cost 4 -q").code(0);
    for name in ["provisioning", "developer", "tester"] {
        assert!(verifies(&sandbox, "other", name, read(&sandbox, &format!("new/{name}.password")).trim()));
    }
    // What was printed is a list, too.
    let again = "reg-users defaults --file other --out new -q | reg-users import --json - --file third --cost 4 -q -o name";
    sandbox.sh(again).is(0, "provisioning\ndeveloper\ntester\n", "");
    assert!(verifies(&sandbox, "third", "tester", read(&sandbox, "new/tester.password").trim()));
}

#[test]
fn it_works_in_nushell() {
    let sandbox = with_file(&["anna", "temp"]);
    if sandbox.sh("command -v nu").code != 0 {
        return live::skip("nushell", "no `nu` is on PATH");
    }
    sandbox.nu("[{name: bert, password: one} {name: carl, password: two}] | to json | reg-users import --json - --file htpasswd --cost 4 -q | from json | get users | where outcome == added | get name | str join ' '")
        .is(0, "bert carl", "");
    sandbox.nu("reg-users list --file htpasswd | from json | get users.name | where $it =~ ^temp | to text | reg-users remove --file htpasswd - -q -o name")
        .is(0, "temp\n", "");
    assert_eq!(names(&sandbox, "htpasswd"), ["anna", "bert", "carl"]);
}
