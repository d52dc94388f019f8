//! A command line that is wrong: one line, one hint, exit code 2, nothing on standard output; as JSON only when JSON was asked for.

use crate::sandbox;

/// What was typed, what is wrong, and what the hint says.
const WRONG: &[(&str, &str, &str)] = &[
    ("reg-up", "a command is missing", "`reg-up --help` shows what it takes"),
    ("reg-test -q", "a command is missing", "`reg-test --help` shows what it takes"),
    ("reg-up lists", "unrecognized subcommand 'lists'", "some similar subcommands exist: 'status', 'lint', 'list'"),
    ("reg-up help", "unrecognized subcommand 'help'", "`reg-up --help` shows what it takes"),
    ("reg-up --bogus", "unexpected argument '--bogus' found", "`reg-up --help` shows what it takes"),
    ("reg-up list --bogus", "unexpected argument '--bogus' found", "`reg-up list --help` shows what it takes"),
    ("reg-up start --prot 1", "unexpected argument '--prot' found", "a similar argument exists: '--port'"),
    ("reg-up start a b", "unexpected argument 'b' found", "`reg-up start --help` shows what it takes"),
    (
        "reg-up list -o xml",
        "invalid value 'xml' for '--output-format <FORMAT>' [possible values: json, jsonl, table, name]",
        "`reg-up list --help` shows what it takes",
    ),
    (
        "reg-up start --port many",
        "invalid value 'many' for '--port <PORT>': not a whole number",
        "`reg-up start --help` shows what it takes",
    ),
    (
        "reg-up start --port 65536",
        "invalid value '65536' for '--port <PORT>': 65536 is not in 0..=65535",
        "`reg-up start --help` shows what it takes",
    ),
    (
        "reg-up start --bind here",
        "invalid value 'here' for '--bind <ADDRESS>': invalid IP address syntax",
        "`reg-up start --help` shows what it takes",
    ),
    (
        "reg-up start --type harbor",
        "invalid value 'harbor' for '--type <TYPE>': reg-up cannot start harbor; it starts embedded, zot and distribution",
        "`reg-up start --help` shows what it takes",
    ),
    (
        "reg-up start --type nexus",
        "invalid value 'nexus' for '--type <TYPE>': reg-up starts embedded, zot and distribution",
        "`reg-up start --help` shows what it takes",
    ),
    (
        "reg-up start --cert a.crt",
        "the following required arguments were not provided: --key <FILE>",
        "`reg-up start --help` shows what it takes",
    ),
    (
        "reg-up start --wait 1w",
        "invalid value '1w' for '--wait <TIME>': a duration is a whole number with ms, s, m, h or d behind it, like 90s",
        "`reg-up start --help` shows what it takes",
    ),
    (
        "reg-up info a -r b",
        "the argument '[NAME]' cannot be used with '--registry <REGISTRY>'",
        "`reg-up info --help` shows what it takes",
    ),
    (
        "reg-up schema layout",
        "invalid value 'layout' for '[KIND]' [possible values: registry, status, instances, log, rendered, lint-report, gc-report, metrics, certificate, error]",
        "`reg-up schema --help` shows what it takes",
    ),
    (
        "reg-up completions tcsh",
        "invalid value 'tcsh' for '<SHELL>' [possible values: bash, zsh, fish, nushell]",
        "a similar value exists: 'zsh'",
    ),
    (
        "reg-test health -r x --registry-type nexus",
        "invalid value 'nexus' for '--registry-type <TYPE>': \"nexus\" is not a type of registry: embedded, zot, harbor, distribution \
         and oci are",
        "`reg-test health --help` shows what it takes",
    ),
    (
        "reg-test push -r x --repository Team/App",
        "invalid value 'Team/App' for '--repository <REPOSITORY>': \"Team/App\" is not a repository name: it has upper-case letters",
        "`reg-test push --help` shows what it takes",
    ),
    (
        "reg-test health -r x --password-file f",
        "the following required arguments were not provided: --username <NAME>",
        "`reg-test health --help` shows what it takes",
    ),
    (
        "reg-test health -r x -u a --anonymous",
        "the argument '--username <NAME>' cannot be used with '--anonymous'",
        "`reg-test health --help` shows what it takes",
    ),
    (
        "reg-test health -r x -u a",
        "no password is known for the user \"a\"",
        "add --password-stdin, --password-file FILE or --password-env VARIABLE",
    ),
];

#[test]
fn a_wrong_command_line_says_what_is_wrong_and_what_to_type() {
    let sandbox = sandbox();
    sandbox.write("config/reg/config.toml", "[modes.x.registry]\nurl = \"localhost:1\"\n");
    for (line, what, hint) in WRONG {
        let tool = line.split(' ').next().unwrap();
        sandbox.line(line).is(2, "", &format!("{tool}: error: {what}\n{tool}: hint: {hint}\n"));
    }
}

#[test]
fn an_error_is_json_when_json_was_asked_for_by_name() {
    let sandbox = sandbox();
    let expected = "{\"schema\":\"reg/v1\",\"kind\":\"error\",\"code\":\"usage\",\"message\":\"unexpected argument '--bogus' found\",\
                    \"hint\":\"`reg-up list --help` shows what it takes\"}\n";
    for line in [
        "reg-up list --bogus -o json",
        "reg-up list -o json --bogus",
        "reg-up list -ojson --bogus",
        "reg-up list -o=json --bogus",
        "reg-up list --output-format json --bogus",
        "reg-up list --output-format=jsonl --bogus",
        "reg-up list --log-format json --bogus",
        "reg-up list --log-format=json -o table --bogus",
    ] {
        sandbox.line(line).is(2, "", expected);
    }
    sandbox.sh("REG_OUTPUT=json reg-up list --bogus").is(2, "", expected);
    let text = "reg-up: error: unexpected argument '--bogus' found\nreg-up: hint: `reg-up list --help` shows what it takes\n";
    for line in ["reg-up list --bogus", "reg-up list -o table --bogus", "reg-up list -o name --bogus"] {
        sandbox.line(line).is(2, "", text);
    }
    sandbox.sh("REG_OUTPUT=table reg-up list --bogus").is(2, "", text);
}

#[test]
fn every_error_is_json_then_not_only_those_of_the_command_line() {
    let sandbox = sandbox();
    let expected = "{\"schema\":\"reg/v1\",\"kind\":\"error\",\"code\":\"not-found\",\"message\":\"there is no instance \\\"dev\\\"\",\
                    \"hint\":\"there are none yet; `reg-up start dev` makes one\"}\n";
    sandbox.line("reg-up info dev -o json").is(8, "", expected);
    sandbox.line("reg-up info dev --log-format json").is(8, "", expected);
    sandbox.sh("REG_OUTPUT=jsonl reg-up info dev").is(8, "", expected);
    let text = "reg-up: error: there is no instance \"dev\"\nreg-up: hint: there are none yet; `reg-up start dev` makes one\n";
    sandbox.line("reg-up info dev").is(8, "", text);
    // An explicit flag says more than the variable.
    sandbox.sh("REG_OUTPUT=json reg-up info dev -o table").is(8, "", text);
}

#[test]
fn a_wrong_variable_is_told_by_its_name() {
    let sandbox = sandbox();
    let text = "reg-up: error: REG_OUTPUT: \"xml\" is not an output format: json, jsonl, table and name are\n";
    sandbox.sh("REG_OUTPUT=xml reg-up list").is(2, "", text);
    sandbox.sh("REG_OUTPUT=xml reg-up list -o name").is(0, "", "");
    sandbox.sh("REG_OUTPUT= reg-up list").is(0, "{\"schema\":\"reg/v1\",\"kind\":\"instances\",\"instances\":[]}\n", "");
}

#[test]
fn the_last_of_two_formats_holds() {
    let sandbox = sandbox();
    sandbox.line("reg-up list -o table -o name").is(0, "", "");
    sandbox.line("reg-up -o table list -o name").is(0, "", "");
}

#[test]
fn help_and_version_are_data_on_standard_output() {
    let sandbox = sandbox();
    for program in reg_tests::PROGRAMS {
        let name = program.name;
        sandbox.run(name, ["--version"]).is(0, &format!("{name} VERSION\n"), "");
        let help = sandbox.run(name, ["--help"]).code(0);
        assert_eq!(help.stderr, "");
        // One that does something without a command says so.
        let bare = program.command().get_arguments().any(|argument| !argument.is_global_set());
        let usage = if bare { format!("{name} [OPTIONS]\n       {name} <COMMAND>") } else { format!("{name} [OPTIONS] <COMMAND>") };
        assert!(help.stdout.contains(&format!("Usage: {usage}")), "{help:?}");
        assert!(help.stdout.ends_with("9 conflict, 10 integrity, 130, 143 interrupted\n"), "{help:?}");
        for example in program.examples {
            assert!(help.stdout.contains(example.command), "{help:?}");
        }
        for command in program.command().get_subcommands() {
            let help = sandbox.run(name, [command.get_name(), "--help"]).code(0);
            assert_eq!(help.stderr, "");
            assert!(help.stdout.contains(&format!("Usage: {name} {}", command.get_name())), "{help:?}");
            assert!(!help.stdout.contains("log-pump") || command.is_hide_set(), "{help:?}");
        }
    }
}

#[test]
fn no_command_takes_a_flag_away_that_every_tool_has() {
    for program in reg_tests::PROGRAMS {
        let mut command = program.command();
        command.build();
        for sub in command.get_subcommands() {
            for (long, short) in
                [("output-format", Some('o')), ("quiet", Some('q')), ("verbose", Some('v')), ("log-format", None), ("config", None)]
            {
                let found = sub.get_arguments().find(|arg| arg.get_long() == Some(long));
                let found = found.unwrap_or_else(|| panic!("{} {} has no --{long}", program.name, sub.get_name()));
                assert_eq!(found.get_short(), short, "{} {} --{long}", program.name, sub.get_name());
            }
        }
    }
}
