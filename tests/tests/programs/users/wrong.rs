//! A command line of reg-users that is wrong, and what is said about it.

use super::{PASSWORD, names, with_file};

/// What was typed behind `reg-users`, what is wrong, and what the hint says.
const WRONG: &[(&str, &str, &str)] = &[
    (
        "list",
        "neither a file nor a registry was named",
        "name an htpasswd file with --file, or a registry with -r, REG_REGISTRY, REG_MODE or `default` in the config file",
    ),
    (
        "list --file a -r b",
        "the argument '--file <FILE>' cannot be used with '--registry <REGISTRY>'",
        "`reg-users list --help` shows what it takes",
    ),
    ("add", "the following required arguments were not provided: <NAME>", "`reg-users add --help` shows what it takes"),
    (
        "remove --file htpasswd",
        "the following required arguments were not provided: <NAME>...",
        "`reg-users remove --help` shows what it takes",
    ),
    ("add a:b --file htpasswd", "a name cannot hold a colon", ""),
    ("add #a --file htpasswd", "\"#a\" cannot be a user's name: a line that begins with # is a comment", ""),
    (
        "add a --file htpasswd --password secret",
        "unexpected argument '--password' found",
        "a similar argument exists: '--password-env'",
    ),
    (
        "add a --file htpasswd --cost 3",
        "invalid value '3' for '--cost <4..15>': 3 is not in 4..=15",
        "`reg-users add --help` shows what it takes",
    ),
    (
        "add a --file htpasswd --cost 16",
        "invalid value '16' for '--cost <4..15>': 16 is not in 4..=15",
        "`reg-users add --help` shows what it takes",
    ),
    (
        "add a --file htpasswd --show",
        "the following required arguments were not provided: --generate",
        "`reg-users add --help` shows what it takes",
    ),
    (
        "add a --file htpasswd --show --password-file password",
        "the argument '--show' cannot be used with '--password-file <FILE>'",
        "`reg-users add --help` shows what it takes",
    ),
    (
        "add a --file htpasswd --out new --password-file password",
        "the argument '--out <DIR>' cannot be used with '--password-file <FILE>'",
        "`reg-users add --help` shows what it takes",
    ),
    (
        "passwd anna --file htpasswd --out new --password-stdin",
        "the argument '--out <DIR>' cannot be used with '--password-stdin'",
        "`reg-users passwd --help` shows what it takes",
    ),
    (
        "generate a --out new --password-env SECRET",
        "the argument '--out <DIR>' cannot be used with '--password-env <VARIABLE>'",
        "`reg-users generate --help` shows what it takes",
    ),
    (
        "add ad\u{200b}min --file htpasswd",
        "\"ad\\u{200b}min\" cannot be a user's name: it has a character that nobody sees, \\u{200b}",
        "",
    ),
    (
        "add \u{202e}nimda --file htpasswd",
        "\"\\u{202e}nimda\" cannot be a user's name: it has a character that nobody sees, \\u{202e}",
        "",
    ),
    (
        "add a --file htpasswd --generate",
        "nobody would get to know the generated password",
        "--show prints it, --out DIR keeps it in a file",
    ),
    (
        "add a --file htpasswd --generate --show -o table -o name",
        "--show prints a password as raw text, never in a document",
        "leave out -o and REG_OUTPUT, or keep the password with --out DIR",
    ),
    (
        "add a --file htpasswd --generate --password-stdin",
        "the argument '--generate' cannot be used with '--password-stdin'",
        "`reg-users add --help` shows what it takes",
    ),
    (
        "add a/b --file htpasswd --generate --out new",
        "the password of \"a/b\" cannot be kept in a file of that name",
        "give it a password with --password-file, --password-env or --password-stdin",
    ),
    (
        "generate",
        "a name is missing",
        "`reg-users generate NAME` prints a user's htpasswd line, `reg-users generate --show` a new password",
    ),
    ("generate a --show", "the argument '[NAME]' cannot be used with '--show'", "`reg-users generate --help` shows what it takes"),
    (
        "defaults --file htpasswd",
        "the following required arguments were not provided: --out <DIR>",
        "`reg-users defaults --help` shows what it takes",
    ),
    (
        "check htpasswd --for nginx",
        "invalid value 'nginx' for '--for <PROGRAM>': zot, distribution, apache and embedded read htpasswd files",
        "`reg-users check --help` shows what it takes",
    ),
    ("import people.txt --file htpasswd", "nothing says whether people.txt is CSV or JSON", "add --csv or --json"),
    (
        "add a -r - --password-stdin",
        "standard input cannot be both the registry's document and the password",
        "name the registry with -r NAME, or give a file in place of standard input",
    ),
    (
        "remove - -r -",
        "standard input cannot be both the registry's document and the names",
        "name the registry with -r NAME, or give a file in place of standard input",
    ),
];

#[test]
fn a_wrong_command_line_says_what_is_wrong_and_what_to_type() {
    let sandbox = with_file(&["anna"]);
    for (line, what, hint) in WRONG {
        let hint = if hint.is_empty() { String::new() } else { format!("reg-users: hint: {hint}\n") };
        sandbox.line(&format!("reg-users {line}")).is(2, "", &format!("reg-users: error: {what}\n{hint}"));
    }
    assert_eq!(names(&sandbox, "htpasswd"), ["anna"]);
}

#[test]
fn a_file_that_is_missing_is_made_by_add_only() {
    let sandbox = with_file(&[]);
    let missing = "reg-users: error: cannot read SANDBOX/none: no such file or directory\n\
                   reg-users: hint: `reg-users add NAME --file FILE` makes a new one\n";
    for line in ["list", "passwd a --password-file password", "verify a --password-file password", "remove a", "export"] {
        sandbox.line(&format!("reg-users {line} --file none")).is(3, "", missing);
    }
    let check = "reg-users: error: cannot read none: no such file or directory\n";
    sandbox.line("reg-users check none").is(3, "", check);
    let password = "reg-users: error: cannot read the password file nowhere: no such file or directory\n";
    sandbox.line("reg-users add a --file none --password-file nowhere").is(3, "", password);
    assert!(!sandbox.path("none").exists());
}

#[test]
fn a_check_tells_of_lines_and_of_a_file_that_others_may_read() {
    let sandbox = with_file(&["anna"]);
    let text = super::read(&sandbox, "htpasswd");
    sandbox.write("htpasswd", format!("# people\n{text}bert:{{SHA}}x\n"));
    let warning = "reg-users: warning: everybody on this machine may read SANDBOX/htpasswd: `chmod o= SANDBOX/htpasswd`\n";
    sandbox.line("reg-users check htpasswd -o table").is(
        7,
        "LINE  NAME  OUTCOME  ALGORITHM  COST  ACCEPTED BY                          DETAIL\n\
         2     anna  pass     bcrypt     4     zot, distribution, apache, embedded  its cost 4 makes the password quick to guess for who gets the file\n\
         3     bert  fail     sha1       -     apache                               zot, distribution: its hash is sha1, not bcrypt; \
         embedded: its hash is not bcrypt (`reg-users passwd` makes it one)\n",
        warning,
    );
    sandbox.sh("chmod o= htpasswd").code(0);
    sandbox.line("reg-users check htpasswd --for apache -o name").is(0, "anna\nbert\n", "");
    sandbox.line_with("reg-users check - --for zot -o jsonl", "anna\n").is(
        7,
        "{\"line\":1,\"name\":\"\",\"outcome\":\"fail\",\"algorithm\":null,\"cost\":null,\"acceptedBy\":[],\
         \"refusals\":[{\"by\":\"zot\",\"why\":\"it has no colon between user and hash\"}],\
         \"detail\":\"zot: it has no colon between user and hash\"}\n",
        "",
    );
}

#[test]
fn the_command_of_a_hint_is_as_a_shell_reads_it() {
    let sandbox = with_file(&[]);
    sandbox.write("a b/htpasswd", super::line("$anna", PASSWORD));
    sandbox.write("a b/bert.password", "secret\n");
    sandbox.sh("chmod o=r 'a b/htpasswd'").code(0);
    sandbox.run("reg-users", ["add", "$anna", "--file", "a b/htpasswd"]).is(
        9,
        "",
        "reg-users: error: cannot add \"$anna\" to SANDBOX/a b/htpasswd: the user is there already\n\
         reg-users: hint: `reg-users passwd '$anna' --file 'SANDBOX/a b/htpasswd'` changes the password; --exist-ok leaves it as it is\n",
    );
    sandbox.run("reg-users", ["add", "bert", "--file", "a b/htpasswd", "--generate", "--out", "a b"]).is(
        9,
        "",
        "reg-users: error: SANDBOX/a b/bert.password is there already, and may be the password of another registry\n\
         reg-users: hint: take it with --password-file 'SANDBOX/a b/bert.password', or another folder with --out\n",
    );
    let warning =
        "reg-users: warning: everybody on this machine may read SANDBOX/a b/htpasswd: `chmod o= 'SANDBOX/a b/htpasswd'`\n";
    sandbox.run("reg-users", ["check", "a b/htpasswd", "-o", "name"]).is(0, "$anna\n", warning);
}
