//! Manual pages and completions are what the programs say of themselves.

use std::path::Path;

use reg_tests::manual;

#[test]
fn what_is_generated_is_committed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let bless = std::env::var_os("REG_BLESS").is_some();
    let mut stale = Vec::new();
    for file in manual::all() {
        let path = root.join(&file.path);
        if std::fs::read_to_string(&path).unwrap_or_default() == file.text {
            continue;
        }
        if bless {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &file.text).unwrap();
        } else {
            stale.push(file.path);
        }
    }
    assert!(stale.is_empty(), "these are not what the programs say; `make bless` rewrites them: {stale:#?}");
}

#[test]
fn a_page_tells_of_every_flag() {
    for program in reg_tests::PROGRAMS {
        let path = format!("man/{}.1", program.name);
        let page = manual::all().into_iter().find(|file| file.path == path).unwrap().text;
        for sub in program.command().get_subcommands().filter(|sub| !sub.is_hide_set()) {
            for long in sub.get_arguments().filter(|arg| !arg.is_hide_set()).filter_map(|arg| arg.get_long()) {
                let entry = format!("\\fB\\-\\-{}\\fR", long.replace('-', "\\-"));
                assert!(page.contains(&entry), "{path} does not tell of --{long} of {}", sub.get_name());
            }
        }
    }
}
