//! Many users at once: which rows are taken, which are refused, and that the second time changes nothing.

use std::os::unix::fs::PermissionsExt as _;

use reg_tests::sandbox::Ran;

use super::{PASSWORD, names, outcomes, read, verifies, with_file};
use crate::process::{ended, signal, spawn};

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, outcome)| ((*name).to_owned(), (*outcome).to_owned())).collect()
}

#[test]
fn csv_and_json_say_the_same() {
    let sandbox = with_file(&[]);
    sandbox.write("carl.password", "three\n");
    sandbox.write(
        "people.csv",
        "\u{feff}groups,EMail,Password File,password,Name\r\n\
         a;b,anna@example.org,,\" one,\"\"1\"\" \",anna\r\n\r\n,,,two,bert\r\n,,carl.password,,carl\r\n",
    );
    sandbox.write(
        "people.json",
        r#"[{"name":"anna","password":" one,\"1\" ","email":"anna@example.org","groups":["a","b"]},
            {"name":"bert","password":"two"},{"name":"carl","passwordFile":"carl.password"}]"#,
    );
    sandbox.write(
        "people.jsonl",
        "{\"name\":\"anna\",\"password\":\" one,\\\"1\\\" \",\"email\":\"anna@example.org\",\"groups\":[\"a\",\"b\"]}\n\n\
         {\"name\":\"bert\",\"password\":\"two\"}\r\n{\"name\":\"carl\",\"passwordFile\":\"carl.password\"}\n",
    );
    for list in ["people.csv", "people.json", "people.jsonl"] {
        let _ = std::fs::remove_file(sandbox.path("new"));
        let ran = sandbox.line(&format!("reg-users import {list} --file new --cost 4")).code(0);
        assert_eq!(outcomes(&ran), pairs(&[("anna", "added"), ("bert", "added"), ("carl", "added")]));
        let spaces = "reg-users: warning: people.csv: line 2: the password begins or ends with a space\n";
        assert_eq!(
            ran.err(),
            format!(
                "{}reg-users: SANDBOX/new: 3 added, 0 changed, 0 unchanged, 0 removed\n\
                 reg-users: warning: e-mail addresses and groups were checked and not stored: an htpasswd file has no place for them\n",
                if list == "people.csv" { spaces } else { "" }
            ),
            "{list}"
        );
        let rows = ran.json();
        assert_eq!(rows["users"][0]["detail"], "e-mail and groups are not stored");
        assert_eq!(rows["users"][1]["detail"], serde_json::Value::Null);
        let lines: Vec<_> = rows["users"].as_array().unwrap().iter().map(|row| row["line"].as_u64()).collect();
        let expected = match list {
            "people.csv" => [Some(2), Some(4), Some(5)],
            "people.json" => [None; 3],
            _ => [Some(1), Some(3), Some(4)],
        };
        assert_eq!(lines, expected, "{list}");
        for (name, password) in [("anna", " one,\"1\" "), ("bert", "two"), ("carl", "three")] {
            assert!(verifies(&sandbox, "new", name, password), "{name} of {list}");
        }
    }
}

#[test]
fn the_second_time_changes_nothing() {
    let sandbox = with_file(&["anna"]);
    sandbox.write("people.csv", "name,password\nanna,new\nbert,one\n");
    let import =
        |more: &str| sandbox.line(format!("reg-users import people.csv --file htpasswd --cost 4 {more}").trim_end()).code(0);
    let first = import("");
    assert_eq!(outcomes(&first), pairs(&[("anna", "unchanged"), ("bert", "added")]));
    assert_eq!(
        first.err(),
        "reg-users: SANDBOX/htpasswd: 1 added, 0 changed, 1 unchanged, 0 removed\n\
         reg-users: 1 are there already and keep their passwords: --update gives them those of their rows\n"
    );
    assert!(verifies(&sandbox, "htpasswd", "anna", PASSWORD));
    let before = read(&sandbox, "htpasswd");
    assert_eq!(outcomes(&import("")), pairs(&[("anna", "unchanged"), ("bert", "unchanged")]));
    assert_eq!(read(&sandbox, "htpasswd"), before);
    assert_eq!(outcomes(&import("--update")), pairs(&[("anna", "changed"), ("bert", "unchanged")]));
    assert!(verifies(&sandbox, "htpasswd", "anna", "new"));
    let before = read(&sandbox, "htpasswd");
    assert_eq!(outcomes(&import("--update")), pairs(&[("anna", "unchanged"), ("bert", "unchanged")]));
    assert_eq!(read(&sandbox, "htpasswd"), before, "not even another salt");
}

#[test]
fn prune_removes_whom_no_row_names() {
    let sandbox = with_file(&["anna", "bert", "carl"]);
    let before = read(&sandbox, "htpasswd");
    sandbox.write("htpasswd", format!("# people\n{before}no colon\n"));
    sandbox.write("people.csv", "name,password\nbert,one\ndora,two\n");
    let dry = sandbox.line("reg-users import people.csv --file htpasswd --cost 4 --prune --update --dry-run").code(0);
    let expected = pairs(&[("bert", "changed"), ("dora", "added"), ("anna", "removed"), ("carl", "removed")]);
    assert_eq!((outcomes(&dry), &dry.json()["dryRun"]), (expected.clone(), &true.into()));
    assert_eq!(dry.err(), "reg-users: SANDBOX/htpasswd: would be: 1 added, 1 changed, 0 unchanged, 2 removed\n");
    assert_eq!(read(&sandbox, "htpasswd"), format!("# people\n{before}no colon\n"));
    let ran = sandbox.line("reg-users import people.csv --file htpasswd --cost 4 --prune --update -q").code(0);
    assert_eq!((outcomes(&ran), &ran.json()["dryRun"]), (expected, &serde_json::Value::Null));
    assert_eq!(names(&sandbox, "htpasswd"), ["bert", "dora"]);
    let text = read(&sandbox, "htpasswd");
    assert!(text.starts_with("# people\nbert:") && text.contains("\nno colon\ndora:"), "{text}");
    sandbox.write("nobody.csv", "name,password\n");
    sandbox.line("reg-users import nobody.csv --file htpasswd --prune").is(
        3,
        "",
        "reg-users: error: nobody.csv has no rows, and --prune would remove every user\n",
    );
    sandbox.line("reg-users import nobody.csv --file htpasswd -q -o name").is(0, "", "");
    let none = "reg-users: SANDBOX/new: 0 added, 0 changed, 0 unchanged, 0 removed\n";
    sandbox.line("reg-users import nobody.csv --file new -o name").is(0, "", none);
}

/// The rows that were refused, with the reason.
fn refusals(ran: &Ran) -> Vec<String> {
    let rows = ran.json();
    let refused = rows["users"].as_array().unwrap().iter().filter(|row| row["outcome"] == "refused");
    let line = |row: &serde_json::Value| row["line"].as_u64().map(|line| format!("{line} ")).unwrap_or_default();
    refused.map(|row| format!("{}{}: {}", line(row), row["name"].as_str().unwrap(), row["detail"].as_str().unwrap())).collect()
}

#[test]
fn all_wrong_rows_are_told_and_nothing_is_written() {
    let sandbox = with_file(&["anna"]);
    let before = read(&sandbox, "htpasswd");
    sandbox.write(
        "people.csv",
        format!(
            "name,password,passwordFile,generated,email,groups\nbert,one,,,,\nanna,,,,,\nc d,x,,,,\n:,x,,,,\n,x,,,,\nbert,two,,,,\ndora,,,,,\n\
             emil,{},,,,\nfred,x,y,,,\ngreg,,nowhere,,,\nhans,x,,,nobody,\nines,x,,,,a;;b\njan,,,maybe,,\nkarl,x\n",
            "x".repeat(73)
        ),
    );
    let ran = sandbox.line("reg-users import people.csv --file htpasswd --cost 4").code(3);
    assert_eq!(
        ran.err(),
        "reg-users: error: cannot import people.csv: 12 of 14 rows are wrong, so nothing was written: line 4: \
         \"c d\" cannot be a user's name: it has white space\n\
         reg-users: hint: `… -o jsonl | jq -c 'select(.outcome == \"refused\")'` shows all that are\n"
    );
    assert_eq!(
        refusals(&ran),
        [
            "4 c d: \"c d\" cannot be a user's name: it has white space",
            "5 : a name cannot hold a colon",
            "6 : \"\" cannot be a user's name: it is empty",
            "7 bert: line 2 has the same name",
            "8 dora: it has no password, and the user is not there yet (--generate makes one)",
            "9 emil: the password is 73 bytes long, and bcrypt sees only the first 72",
            "10 fred: it has more than one of password, passwordFile and generated",
            "11 greg: cannot read the file that passwordFile names: no such file or directory",
            "12 hans: email: expected an address like anna@example.org",
            "13 ines: groups: name 2 is empty or has control characters",
            "14 jan: generated: expected true or false",
            "15 : it has 2 columns, and the header has 6",
        ]
    );
    assert_eq!(read(&sandbox, "htpasswd"), before);
    let json = r#"[{"name":"bert","password":"one"},{"name":"carl","password":5},{"nam":"dora"},["emil"],{"password":"x"},{"name":"fred","groups":"a"}]"#;
    let ran = sandbox.line_with("reg-users import --json - --file htpasswd --cost 4", json).code(3);
    assert_eq!(
        refusals(&ran),
        [
            "carl: [1]: .password: expected a text",
            ": [2]: a field is not known; known here: name, password, passwordFile, generated, email, groups",
            ": [3]: expected an object",
            ": [4]: the field \"name\" is missing",
            "fred: [5]: .groups: expected a list",
        ]
    );
    let first = "cannot import standard input: 5 of 6 rows are wrong, so nothing was written: [1]: .password: expected a text\n";
    assert!(ran.err().starts_with(&format!("reg-users: error: {first}")), "{ran:?}");
    assert_eq!(read(&sandbox, "htpasswd"), before);
}

#[test]
fn no_cell_that_may_be_a_password_is_repeated() {
    let sandbox = with_file(&[]);
    let header = "name,password,passwordFile,generated,email,groups\n";
    for row in ["anna,,SECRETPW,,,", "anna,,,SECRETPW,,", "anna,x,,,SECRETPW,", "anna:SECRETPW,x,,,,", "anna,SECRETPW"] {
        let ran = sandbox.line_with("reg-users import --csv - --file htpasswd", &format!("{header}{row}\n")).code(3);
        assert!(!format!("{ran:?}").to_lowercase().contains("secretpw"), "{ran:?}");
    }
    for text in ["alice:SECRETPW", "SECRETPW,alice", "alice;SECRETPW", "name,SECRETPW"] {
        let ran = sandbox.line_with("reg-users import --csv - --file htpasswd", &format!("{text}\n")).code(3);
        assert!(!format!("{ran:?}").to_lowercase().contains("secretpw"), "{ran:?}");
    }
    for field in [
        "\"generated\":\"SECRETPW\"",
        "\"groups\":\"SECRETPW\"",
        "\"groups\":[{\"SECRETPW\":1}]",
        "\"email\":\"SECRETPW\"",
        "\"passwordFile\":\"SECRETPW\"",
        "\"SECRETPW\":1",
        "\"kind\":\"SECRETPW\"",
    ] {
        let text = format!("{{\"name\":\"anna\",{field}}}\n");
        let ran = sandbox.line_with("reg-users import --json - --file htpasswd", &text).code(3);
        assert!(!format!("{ran:?}").to_lowercase().contains("secretpw"), "{ran:?}");
    }
}

#[test]
fn a_list_that_is_none_is_told_with_its_place() {
    let sandbox = with_file(&[]);
    for (flag, input, what, hint) in [
        ("--csv", "", "standard input is empty", "the first line names the columns, like: name,password,email,groups"),
        (
            "--csv",
            "anna,secret\n",
            "standard input: line 1: column 1 is not known; known are name, password, passwordFile, generated, email, groups",
            "",
        ),
        (
            "--csv",
            "name;password\nanna;x\n",
            "standard input: line 1: column 1 is not known; known are name, password, passwordFile, generated, email, groups",
            "columns have commas between them, and the first line names them",
        ),
        ("--csv", "name,Name\n", "standard input: line 1: the column \"name\" is there twice", ""),
        (
            "--csv",
            "password\nx\n",
            "standard input: line 1: no column is called \"name\"",
            "the first line names the columns, like: name,password,email,groups",
        ),
        (
            "--json",
            "",
            "standard input is empty: the program before this one printed nothing",
            "run that program alone and look at its error",
        ),
        ("--json", "[{\"name\":\"a\"},\n", "standard input: line 1, column 14: not JSON: EOF while parsing a value", ""),
        ("--json", "7", "standard input: expected a list of users", ""),
        ("--json", "{\"kind\":\"status\"}", "standard input: .kind: expected \"users\"", ""),
        (
            "--json",
            "name,password\n",
            "standard input: line 1, column 2: not JSON: expected ident",
            "reg tools print JSON into a pipe; in Nushell put `| to json` in front",
        ),
        (
            "--json",
            "╭───╮\n",
            "standard input is a drawn table, not JSON",
            "in Nushell put `| to json` in front; elsewhere ask the program before for `-o json`",
        ),
    ] {
        let hint = if hint.is_empty() { String::new() } else { format!("reg-users: hint: {hint}\n") };
        let expected = format!("reg-users: error: {what}\n{hint}");
        sandbox.line_with(&format!("reg-users import {flag} - --file htpasswd"), input).is(3, "", &expected);
    }
    let how = "reg-users: error: nothing says whether standard input is CSV or JSON\nreg-users: hint: add --csv or --json\n";
    sandbox.line("reg-users import - --file htpasswd").is(2, "", how);
    let missing = "reg-users: error: cannot read none.csv: no such file or directory\n";
    sandbox.line("reg-users import none.csv --file htpasswd").is(3, "", missing);
}

#[test]
fn generated_passwords_are_kept() {
    let sandbox = with_file(&["anna"]);
    sandbox.write("people.csv", "name,generated\nanna,true\nbert,true\ncarl,\n");
    let out =
        "reg-users: error: a row wants a generated password, and nothing says where to keep it\nreg-users: hint: add --out DIR\n";
    sandbox.write("some.csv", "name,generated\nbert,yes\n");
    sandbox.line("reg-users import some.csv --file htpasswd").is(2, "", out);
    let ran = sandbox.line("reg-users import people.csv --file htpasswd --cost 4 --generate --out new -q").code(0);
    assert_eq!(outcomes(&ran), pairs(&[("anna", "unchanged"), ("bert", "added"), ("carl", "added")]));
    assert!(!sandbox.path("new/anna.password").exists());
    for name in ["bert", "carl"] {
        let kept = format!("new/{name}.password");
        assert_eq!(std::fs::metadata(sandbox.path(&kept)).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(verifies(&sandbox, "htpasswd", name, read(&sandbox, &kept).trim()));
    }
    assert_eq!(ran.json()["users"][1]["passwordFile"], sandbox.path("new/bert.password").display().to_string());
    let left = std::fs::read_dir(sandbox.path("new")).unwrap().count();
    assert_eq!(left, 2);
}

#[test]
fn a_generated_password_is_not_another_one_every_night() {
    let sandbox = with_file(&["anna"]);
    sandbox.write("robots.csv", "name,generated\nanna,true\nbert,true\n");
    let import = || sandbox.line("reg-users import robots.csv --file htpasswd --cost 4 --update --out kept -q").code(0);
    assert_eq!(outcomes(&import()), pairs(&[("anna", "changed"), ("bert", "added")]));
    let before = (read(&sandbox, "htpasswd"), read(&sandbox, "kept/anna.password"));
    let again = import();
    assert_eq!(outcomes(&again), pairs(&[("anna", "unchanged"), ("bert", "unchanged")]));
    assert_eq!(again.json()["users"][0]["passwordFile"], sandbox.path("kept/anna.password").display().to_string());
    assert_eq!((read(&sandbox, "htpasswd"), read(&sandbox, "kept/anna.password")), before);
    assert_eq!(std::fs::read_dir(sandbox.path("kept")).unwrap().count(), 2);
    // One that is lost, or not the user's, is made anew.
    std::fs::remove_file(sandbox.path("kept/anna.password")).unwrap();
    sandbox.write("kept/bert.password", "another\n");
    assert_eq!(outcomes(&import()), pairs(&[("anna", "changed"), ("bert", "changed")]));
    for name in ["anna", "bert"] {
        assert!(verifies(&sandbox, "htpasswd", name, read(&sandbox, &format!("kept/{name}.password")).trim()));
    }
}

#[test]
fn spaces_behind_commas_are_told() {
    let sandbox = with_file(&[]);
    sandbox.write("people.csv", "name, password\nanna, secret\nbert,x\ncarl,y \n");
    let warning = "reg-users: warning: people.csv: line 2 and 1 more: the password begins or ends with a space\n";
    sandbox.line("reg-users import people.csv --file htpasswd --cost 4 -q -o name").is(0, "anna\nbert\ncarl\n", warning);
    assert!(verifies(&sandbox, "htpasswd", "anna", " secret"));
}

#[test]
fn what_export_writes_import_reads() {
    let sandbox = with_file(&["anna", "=b,\"c\"", "dora"]);
    sandbox.line("reg-users export --csv --file htpasswd").is(
        0,
        "name,algorithm,cost\nanna,bcrypt,4\n\"=b,\"\"c\"\"\",bcrypt,4\ndora,bcrypt,4\n",
        "",
    );
    for (flag, new) in [("--csv", "one"), ("--json", "two")] {
        let script = format!(
            "reg-users export {flag} --file htpasswd | reg-users import {flag} - --file {new} --generate --out {new}-passwords --cost 4 -q -o name"
        );
        sandbox.sh(&script).is(0, "anna\n=b,\"c\"\ndora\n", "");
        let same = format!(
            "reg-users export {flag} --file htpasswd | reg-users import {flag} - --file htpasswd -q -o jsonl | jq -r .outcome | sort -u"
        );
        sandbox.sh(&same).is(0, "unchanged\n", "");
        let [before, after] = ["htpasswd", new].map(|file| sandbox.line(&format!("reg-users export --csv --file {file}")).stdout);
        assert_eq!(before, after);
    }
    let wrapped = sandbox.line("reg-users export --csv --file htpasswd -o json").code(0).json();
    assert_eq!((&wrapped["kind"], &wrapped["files"][0]["name"]), (&"rendered".into(), &"users.csv".into()));
    sandbox.line("reg-users export --file htpasswd -o name").is(0, "anna\n=b,\"c\"\ndora\n", "");
}

#[test]
fn a_large_list_is_checked_whole() {
    let sandbox = with_file(&[]);
    let rows: String = (0..100_000).map(|at| format!("user{at},\"a \"\"password\"\"\",user{at}@example.org,a;b\n")).collect();
    sandbox.write("people.csv", format!("name,password,email,groups\n{rows}"));
    let ran = sandbox.line("reg-users import people.csv --file htpasswd --dry-run -q -o name").code(0);
    assert_eq!(ran.stdout.lines().count(), 100_000);
    // One wrong row at the end is found, too.
    sandbox.write("people.csv", format!("name,password,email,groups\n{rows}user7,x,,\n"));
    let ran = sandbox.line("reg-users import people.csv --file htpasswd --dry-run -q -o name").code(3);
    let what = "1 of 100001 rows is wrong, so nothing was written: line 100002: line 9 has the same name\n";
    assert_eq!(ran.err(), format!("reg-users: error: cannot import people.csv: {what}"));
}

#[test]
fn a_wait_for_a_list_ends_with_a_signal() {
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let sandbox = with_file(&[]);
        sandbox.sh("mkfifo people.csv").code(0);
        let importing = spawn(&sandbox, "reg-users", &["import", "people.csv", "--file", "htpasswd"]);
        // Opened when the other end is.
        let _silent = std::fs::OpenOptions::new().write(true).open(sandbox.path("people.csv")).unwrap();
        signal(importing.id(), name);
        ended(&sandbox, importing).is(code, "", "reg-users: error: interrupted\n");
    }
}
