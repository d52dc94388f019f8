//! Passwords: where they come from, which are refused, and that nobody sees them who should not.

use reg_tests::sandbox::Sandbox;

use super::{PASSWORD, names, read, verifies, with_file};
use crate::secrets::Watch;

#[test]
fn a_password_comes_from_wherever_a_flag_says() {
    let sandbox = with_file(&[]);
    sandbox.line_with("reg-users add stdin --file htpasswd --password-stdin --cost 4 -q", "correct horse\n").code(0);
    sandbox.line("reg-users add file --file htpasswd --password-file password --cost 4 -q").code(0);
    sandbox.sh("SECRET='correct horse' reg-users add env --file htpasswd --password-env SECRET --cost 4 -q").code(0);
    sandbox.write("marked", format!("\u{feff}{PASSWORD}\r\n"));
    sandbox.line("reg-users add marked --file htpasswd --password-file marked --cost 4 -q").code(0);
    for name in ["stdin", "file", "env", "marked"] {
        assert!(verifies(&sandbox, "htpasswd", name, PASSWORD), "{name}");
    }
}

#[test]
fn a_password_that_bcrypt_would_not_take_whole_is_refused() {
    let sandbox = with_file(&["anna"]);
    let before = read(&sandbox, "htpasswd");
    let long = "hint: take a shorter one: letters outside ASCII are two bytes or more\n";
    let cut = "hint: one line end at the end of a file is not part of it\n";
    let cases: [(String, &str, &str); 6] = [
        ("x".repeat(73), "the password is 73 bytes long, and bcrypt sees only the first 72", long),
        ("ä".repeat(37), "the password is 74 bytes long, and bcrypt sees only the first 72", long),
        ("a\0b".to_owned(), "the password has a NUL character, where bcrypt would end it", ""),
        ("a\nb".to_owned(), "the password has a line break in it", cut),
        ("a\rb".to_owned(), "the password has a line break in it", cut),
        ("a\n\n".to_owned(), "the password has a line break in it", cut),
    ];
    for (password, what, hint) in cases {
        let hint = if hint.is_empty() { String::new() } else { format!("reg-users: {hint}") };
        for command in ["add bert", "passwd anna", "generate bert"] {
            let file = if command.starts_with("generate") { "" } else { " --file htpasswd" };
            let ran = sandbox.line_with(&format!("reg-users {command}{file} --password-stdin --cost 4"), &password);
            ran.is(3, "", &format!("reg-users: error: {what}\n{hint}"));
        }
    }
    let empty = "reg-users: error: standard input is empty, where a password was expected\n\
                 reg-users: hint: `--password-file FILE` reads it from a file, `--password-env VARIABLE` from the environment\n";
    let white = empty.replace("is empty", "holds nothing but white space");
    for (input, what) in [("", empty), ("\n", &white), ("\t", &white)] {
        sandbox.line_with("reg-users add bert --file htpasswd --password-stdin", input).is(3, "", what);
    }
    for (content, what) in [
        ("\u{feff}".to_owned(), "is empty"),
        ("\n".to_owned(), "holds nothing but white space"),
        ("ä".repeat(40_000), "is longer than 65536 bytes"),
    ] {
        sandbox.write("odd", content);
        let what = format!("reg-users: error: the password file odd {what}\n");
        sandbox.line("reg-users add bert --file htpasswd --password-file odd").is(3, "", &what);
    }
    sandbox.sh("SECRET= reg-users add bert --file htpasswd --password-env SECRET").is(
        3,
        "",
        "reg-users: error: the password is empty\n",
    );
    assert_eq!(read(&sandbox, "htpasswd"), before);
    // 72 bytes are fine, whatever letters they are.
    for (name, password) in [("bert", "x".repeat(72)), ("carl", "ä".repeat(36))] {
        sandbox.line_with(&format!("reg-users add {name} --file htpasswd --password-stdin --cost 4 -q"), &password).code(0);
        assert!(verifies(&sandbox, "htpasswd", name, &password));
    }
}

#[test]
fn a_generated_password_is_shown_as_raw_text_or_kept() {
    let sandbox = with_file(&[]);
    let shown = sandbox.line("reg-users add anna --file htpasswd --generate --show --cost 4").code(0);
    assert_eq!(shown.err(), "reg-users: added \"anna\" in SANDBOX/htpasswd: bcrypt, cost 4, N ms a login\n");
    let password = shown.stdout.strip_suffix('\n').unwrap();
    assert!(password.len() == 22 && password.chars().all(|c| c.is_ascii_alphanumeric()), "{password}");
    assert!(verifies(&sandbox, "htpasswd", "anna", password));
    let kept = sandbox.line("reg-users add bert --file htpasswd --generate --out new --cost 4").code(0);
    assert_eq!(
        kept.err(),
        "reg-users: added \"bert\" in SANDBOX/htpasswd: bcrypt, cost 4, N ms a login\n\
         reg-users: its password is in SANDBOX/new/bert.password\n"
    );
    let bert = read(&sandbox, "new/bert.password");
    assert_eq!(kept.json()["users"][0]["passwordFile"], sandbox.path("new/bert.password").display().to_string());
    assert!(!kept.stdout.contains(bert.trim()));
    // Another one, in the same file, when it is changed.
    sandbox.line("reg-users passwd bert --file htpasswd --generate --out new --cost 4 -q").code(0);
    assert_ne!(read(&sandbox, "new/bert.password"), bert);
    assert!(verifies(&sandbox, "htpasswd", "bert", read(&sandbox, "new/bert.password").trim()));
    // Both, when both are asked for; and a password for whatever.
    let both = sandbox.line("reg-users add carl --file htpasswd --generate --show --out new --cost 4 -q").code(0);
    assert_eq!(both.stdout, read(&sandbox, "new/carl.password"));
    assert_eq!(sandbox.line("reg-users generate --show").code(0).stdout.len(), 23);
}

#[test]
fn a_password_that_is_kept_already_is_not_written_over() {
    let sandbox = with_file(&[]);
    sandbox.write("new/anna.password", "of another registry\n");
    sandbox.line("reg-users add anna --file htpasswd --generate --out new --cost 4").is(
        9,
        "",
        "reg-users: error: SANDBOX/new/anna.password is there already, and may be the password of another registry\n\
         reg-users: hint: take it with --password-file SANDBOX/new/anna.password, or another folder with --out\n",
    );
    assert_eq!(read(&sandbox, "new/anna.password"), "of another registry\n");
    assert!(names(&sandbox, "htpasswd").is_empty());
}

#[test]
fn a_password_that_nobody_could_read_is_not_set() {
    let sandbox = with_file(&["anna"]);
    let before = read(&sandbox, "htpasswd");
    let full = sandbox.sh("reg-users passwd anna --file htpasswd --generate --show --cost 4 > /dev/full");
    let error = "reg-users: error: cannot show the generated password of \"anna\", so nothing was changed: ";
    let hint = "reg-users: hint: --out DIR keeps it in a file\n";
    full.is(1, "", &format!("{error}cannot write standard output: no space left on device\n{hint}"));
    // A standard output that was closed is made /dev/null before a program begins.
    for nowhere in [">&-", "> /dev/null"] {
        let ran = sandbox.sh(&format!("reg-users passwd anna --file htpasswd --generate --show --cost 4 {nowhere}"));
        ran.is(1, "", &format!("{error}standard output is closed or /dev/null\n{hint}"));
        let ran = sandbox.sh(&format!("reg-users generate --show {nowhere}"));
        ran.is(1, "", "reg-users: error: standard output is closed or /dev/null\n");
    }
    let new = sandbox.sh("reg-users add bert --file htpasswd --generate --show --out new --cost 4 >&-");
    new.is(1, "", &format!("{}standard output is closed or /dev/null\n{hint}", error.replace("anna", "bert")));
    assert_eq!(read(&sandbox, "htpasswd"), before);
    assert_eq!(std::fs::read_dir(sandbox.path("new")).unwrap().count(), 0);
    let closed = "reg-users passwd anna --file htpasswd --generate --show --cost 4 | true; exit ${PIPESTATUS[0]}";
    // Whether the reader is gone before is chance; when it is, nothing is changed.
    let ran = sandbox.sh(&format!("set +e; {closed}"));
    if ran.code == 1 {
        assert_eq!(read(&sandbox, "htpasswd"), before);
    }
}

/// Every command, with a password in every way but a flag's value.
fn all(sandbox: &Sandbox) -> Vec<(String, String)> {
    sandbox.write("wrong.csv", format!("name,password\nbert,{PASSWORD}\nbert,{PASSWORD}\nc d,{PASSWORD}\n"));
    sandbox.write(
        "wrong.json",
        format!("[{{\"name\":\"bert\",\"password\":[\"{PASSWORD}\"]}},{{\"name\":7,\"password\":\"{PASSWORD}\"}}]"),
    );
    sandbox.write("people.csv", format!("name,password\nbert,{PASSWORD}\n"));
    let given = ["--password-stdin", "--password-file password", "--password-env SECRET"];
    let mut lines: Vec<String> = Vec::new();
    for given in given {
        for command in ["add new", "passwd anna", "verify anna", "verify nobody", "add anna", "passwd nobody", "add #no"] {
            lines.push(format!("{command} --file htpasswd {given}"));
        }
        lines.push("remove new --file htpasswd --missing-ok".to_owned());
    }
    for rest in [
        "import wrong.csv --file htpasswd",
        "import wrong.json --file htpasswd",
        "import people.csv --file htpasswd --update --dry-run",
        "import people.csv --file htpasswd --update",
        "import people.csv --json --file htpasswd",
        "import people.csv --file htpasswd --prune",
        "list --file htpasswd",
        "check htpasswd",
        "export --file htpasswd",
        "export --csv --file htpasswd",
    ] {
        lines.push(rest.to_owned());
    }
    lines.into_iter().map(|line| (format!("reg-users {line} -vv"), PASSWORD.to_owned())).collect()
}

#[test]
fn no_password_and_no_hash_is_ever_shown() {
    let sandbox = with_file(&["anna"]);
    let watch = Watch::begin(&[PASSWORD]);
    for (at, (line, input)) in all(&sandbox).into_iter().enumerate() {
        let mut words = line.split(' ');
        let mut command = sandbox.command(sandbox.path("bin").join(words.next().unwrap()));
        command.args(words).args(["-o", ["json", "table", "jsonl"][at % 3]]).env("SECRET", PASSWORD);
        if line.contains("reg-users add") || line.contains("passwd") || line.contains("import") {
            command.args(["--cost", "4"]);
        }
        let ran = sandbox.checked(command, &input);
        for secret in [PASSWORD, "$2y$", "$2b$"] {
            assert!(!format!("{}{}", ran.stdout, ran.stderr).contains(secret), "{ran:?}");
        }
    }
    watch.end();
}
