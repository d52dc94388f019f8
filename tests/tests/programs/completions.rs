//! Completions: each shell loads them, and they know the commands.

use reg_tests::sandbox::Sandbox;
use reg_tests::{PROGRAMS, live};

use crate::{sandbox, with_instance};

/// A sandbox with the completions of all tools for a shell in files; none, said aloud, when the shell is not there.
fn with(shell: &str, program: &str) -> Option<Sandbox> {
    let sandbox = sandbox();
    if sandbox.sh(&format!("command -v {program}")).code != 0 {
        live::skip(shell, &format!("no `{program}` is on PATH"));
        return None;
    }
    for program in PROGRAMS {
        let text = sandbox.run(program.name, ["completions", shell]).code(0).stdout;
        let file = reg_shared::cli::completions_file(shell, program.name);
        sandbox.write(&file, text);
    }
    Some(sandbox)
}

#[test]
fn bash_loads_and_completes() {
    let Some(sandbox) = with("bash", "bash") else { return };
    for program in PROGRAMS {
        let (name, function) = (program.name, program.name.replace('-', "__"));
        sandbox.sh(&format!("bash -n {name}.bash")).is(0, "", "");
        let registered = sandbox.sh(&format!("source ./{name}.bash; complete -p {name}")).code(0).stdout;
        assert!(registered.contains(&format!("-F _{function}")) && registered.ends_with(&format!(" {name}\n")), "{registered}");
    }
    let complete = |words: &str| {
        let last = words.split(' ').count() - 1;
        let script = format!(
            "source ./reg-up.bash; COMP_WORDS=({words}); COMP_CWORD={last}; \
             _reg__up reg-up \"${{COMP_WORDS[{last}]}}\" \"${{COMP_WORDS[{last}-1]}}\" || true; echo \"${{COMPREPLY[@]}}\""
        );
        sandbox.sh(&script).code(0).stdout.trim().to_owned()
    };
    assert_eq!(complete("reg-up sta"), "start status");
    assert_eq!(complete("reg-up start --ty"), "--type");
    assert_eq!(complete("reg-up list -o j"), "json jsonl");
    assert_eq!(complete("reg-up render -o t"), "table");
}

#[test]
fn zsh_loads() {
    let Some(sandbox) = with("zsh", "zsh") else { return };
    for program in PROGRAMS {
        let name = program.name;
        sandbox.sh(&format!("zsh -n _{name}")).is(0, "", "");
        let load = format!(
            "zsh -f -c 'fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D; \
                            autoload -Uz +X _{name}; echo ${{_comps[{name}]}}'"
        );
        sandbox.sh(&load).is(0, &format!("_{name}\n"), "");
    }
}

#[test]
fn fish_loads_and_completes() {
    let Some(sandbox) = with("fish", "fish") else { return };
    for program in PROGRAMS {
        sandbox.sh(&format!("fish --no-config -n {}.fish", program.name)).is(0, "", "");
    }
    let complete = |line: &str| {
        let script = format!("fish --no-config -c 'source reg-up.fish; complete -C \"{line}\"' | cut -f 1");
        sandbox.sh(&script).code(0).stdout
    };
    assert_eq!(complete("reg-up sta"), "start\nstatus\n");
    assert_eq!(complete("reg-up start --ty"), "--type\n");
    assert_eq!(complete("reg-up list -o j"), "json\njsonl\n");
}

#[test]
fn nushell_loads_and_the_tools_still_run() {
    let Some(_) = with("nushell", "nu") else { return };
    let sandbox = with_instance("dev");
    for program in PROGRAMS {
        sandbox.sh(&format!("{0} completions nushell > {0}.nu", program.name)).code(0);
    }
    // Loaded completions are signatures: a command line that they forbid would not run any more.
    let load = "use reg-up.nu *; use reg-test.nu *;";
    for (line, expected) in [
        ("reg-up list -o name", "dev\n"),
        ("reg-up info dev -o name", "dev\n"),
        ("reg-up info -r dev --output-format name", "dev\n"),
        ("reg-up start dev --port 0 -q -o name", "dev\n"),
        ("reg-up info dev | reg-test catalog -r - -q -o name", "api\ncatalog\n"),
        ("reg-test push-pull --registry dev --repository team/probe -q | from json | get summary.fail", "0\n"),
        ("scope externs | where name == 'reg-up gc' | length", "1\n"),
    ] {
        sandbox.nu(&format!("{load} {line}")).is(0, expected, "");
    }
    let told = sandbox.nu(&format!("{load} reg-test catalog -r dev -q -vv -o name")).code(0);
    assert_eq!(told.err().lines().count(), 2, "{told:?}");
}

#[test]
fn what_is_hidden_is_not_offered() {
    let sandbox = sandbox();
    for program in PROGRAMS {
        let commands: Vec<(String, bool)> =
            program.command().get_subcommands().map(|sub| (sub.get_name().to_owned(), sub.is_hide_set())).collect();
        for shell in reg_shared::cli::SHELLS {
            let text = sandbox.run(program.name, ["completions", shell]).code(0).stdout;
            let words: Vec<_> = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').collect();
            for (command, hidden) in &commands {
                assert_eq!(words.contains(&command.as_str()), !hidden, "{command} in {shell}");
            }
        }
    }
}
