//! The file itself: what stays as it was, whose it is, who may read it, and where it really lies.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};
use std::path::Path;

use reg_tests::live;
use reg_tests::sandbox::Sandbox;

use super::{line, names, read, with_file};
use crate::sandbox;

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

fn add(sandbox: &Sandbox, name: &str, more: &str) -> reg_tests::sandbox::Ran {
    sandbox.line(format!("reg-users add {name} --password-file password --cost 4 -q -o name {more}").trim_end())
}

#[test]
fn comments_and_lines_that_nobody_understands_stay_byte_for_byte() {
    let sandbox = with_file(&[]);
    let before = [
        &b"# people \xff\r\n\r\n\t \nno colon\nmd5:$apr1$x$y:more\n: no name\n"[..],
        line("anna", "x").as_bytes(),
        b"sha:{SHA}z   \n#anna:commented out\n",
    ]
    .concat();
    for how in ["", "--in-place"] {
        sandbox.write("htpasswd", &before);
        add(&sandbox, "bert", &format!("--file htpasswd {how}")).is(0, "bert\n", "");
        let after = std::fs::read(sandbox.path("htpasswd")).unwrap();
        assert!(after.starts_with(&before) && after[before.len()..].starts_with(b"bert:$2y$04$"));
        sandbox.line("reg-users remove bert --file htpasswd -q -o name").is(0, "bert\n", "");
        assert_eq!(std::fs::read(sandbox.path("htpasswd")).unwrap(), before);
    }
}

#[test]
fn a_new_file_is_for_its_owner_only_whatever_the_umask() {
    let sandbox = with_file(&[]);
    for (umask, flag, expected) in [("000", "", 0o600), ("077", "", 0o600), ("000", "--group", 0o640), ("077", "--group", 0o640)] {
        let script = format!("umask {umask}; reg-users add anna --file new --password-file password --cost 4 -q -o name {flag}");
        sandbox.sh(&script).is(0, "anna\n", "");
        assert_eq!(mode(&sandbox.path("new")), expected, "umask {umask} {flag}");
        std::fs::remove_file(sandbox.path("new")).unwrap();
    }
    sandbox.sh("umask 000; reg-users add anna --file new --generate --out passwords --cost 4 -q -o name").code(0);
    assert_eq!((mode(&sandbox.path("passwords")), mode(&sandbox.path("passwords/anna.password"))), (0o700, 0o600));
}

#[test]
fn owner_and_mode_stay() {
    let sandbox = with_file(&["anna"]);
    let file = sandbox.path("htpasswd");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let owned = chown(&file, Some(12345), Some(23456)).is_ok();
    let before = std::fs::metadata(&file).unwrap();
    for (name, how) in [("bert", ""), ("carl", "--in-place")] {
        add(&sandbox, name, &format!("--file htpasswd {how}")).is(0, &format!("{name}\n"), "");
        let after = std::fs::metadata(&file).unwrap();
        assert_eq!((after.mode(), after.uid(), after.gid()), (before.mode(), before.uid(), before.gid()));
    }
    let copy = std::fs::metadata(sandbox.path(".htpasswd.bak")).unwrap();
    assert_eq!((copy.mode() & 0o777, copy.uid()), (0o600, before.uid()));
    if !owned {
        live::skip("root", "only root gives files to others");
    }
}

#[test]
fn who_may_not_give_a_file_away_writes_it_in_its_place() {
    let sandbox = with_file(&["anna"]);
    let file = sandbox.path("htpasswd");
    // A folder and a file of somebody else, that this user may write to.
    if chown(&file, Some(12345), Some(23456)).is_err() || sandbox.sh("setpriv --version").code != 0 {
        return live::skip("root", "only root gives files to others, and setpriv becomes one of them");
    }
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o660)).unwrap();
    chown(sandbox.path("."), Some(12345), Some(23456)).unwrap();
    std::fs::set_permissions(sandbox.path("."), std::fs::Permissions::from_mode(0o770)).unwrap();
    let inode = std::fs::metadata(&file).unwrap().ino();
    let script = "setpriv --reuid 54321 --regid 54321 --groups 23456 \
                  reg-users add bert --file htpasswd --password-stdin --cost 4 -q -o name <<< secret";
    let ran = sandbox.sh(script);
    if ran.stderr.contains("ermission denied") && !ran.stderr.contains("reg-users") {
        return live::skip("setpriv", "the tests' programs are not for others here");
    }
    ran.is(0, "bert\n", "reg-users: warning: SANDBOX/htpasswd is somebody else's and stays so: it was written in its place\n");
    let after = std::fs::metadata(&file).unwrap();
    assert_eq!((after.uid(), after.gid(), after.ino()), (12345, 23456, inode));
}

#[test]
fn a_link_is_followed_and_stays_a_link() {
    let sandbox = with_file(&[]);
    sandbox.write("real/users", line("anna", "x"));
    std::fs::set_permissions(sandbox.path("real"), std::fs::Permissions::from_mode(0o755)).unwrap();
    symlink("real/users", sandbox.path("middle")).unwrap();
    symlink(sandbox.path("middle"), sandbox.path("link")).unwrap();
    for (name, how) in [("bert", ""), ("carl", "--in-place")] {
        add(&sandbox, name, &format!("--file link {how}")).is(0, &format!("{name}\n"), "");
    }
    assert!(std::fs::symlink_metadata(sandbox.path("link")).unwrap().is_symlink());
    assert_eq!(names(&sandbox, "real/users"), ["anna", "bert", "carl"]);
    // A link that leads to a file that is not there yet makes that one.
    symlink("real/later", sandbox.path("early")).unwrap();
    add(&sandbox, "anna", "--file early").is(0, "anna\n", "");
    assert_eq!(names(&sandbox, "real/later"), ["anna"]);
    symlink("round", sandbox.path("circle")).unwrap();
    symlink("circle", sandbox.path("round")).unwrap();
    let ran = add(&sandbox, "anna", "--file circle").code(3);
    assert!(ran.err().ends_with(" leads through symbolic links in a circle\n"), "{ran:?}");
}

#[test]
fn a_link_that_anybody_may_have_made_is_refused() {
    let sandbox = with_file(&["anna"]);
    std::fs::create_dir(sandbox.path("open")).unwrap();
    symlink("../htpasswd", sandbox.path("open/link")).unwrap();
    for mode in [0o777, 0o1777] {
        std::fs::set_permissions(sandbox.path("open"), std::fs::Permissions::from_mode(mode)).unwrap();
        add(&sandbox, "bert", "--file open/link").is(
            5,
            "",
            "reg-users: error: SANDBOX/open/link is a symbolic link in a folder that everybody may write to\n\
             reg-users: hint: name the file itself: ../htpasswd\n",
        );
    }
    assert_eq!(names(&sandbox, "htpasswd"), ["anna"]);
}

#[test]
fn a_file_that_is_mounted_by_itself_is_written_in_its_place() {
    let sandbox = with_file(&["anna"]);
    sandbox.write("mounted/htpasswd", "");
    if sandbox.sh("mount --bind htpasswd mounted/htpasswd").code != 0 {
        return live::skip("mount", "this user may not mount");
    }
    let ran = add(&sandbox, "bert", "--file mounted/htpasswd");
    let seen = names(&sandbox, "htpasswd");
    sandbox.sh("umount mounted/htpasswd").code(0);
    ran.is(0, "bert\n", "reg-users: warning: SANDBOX/mounted/htpasswd is mounted by itself, so it was written in its place\n");
    assert_eq!(seen, ["anna", "bert"]);
}

#[test]
fn in_place_the_inode_stays_and_a_copy_lies_beside_it() {
    let sandbox = with_file(&["anna", "bert"]);
    let file = sandbox.path("htpasswd");
    let (inode, before) = (std::fs::metadata(&file).unwrap().ino(), read(&sandbox, "htpasswd"));
    sandbox.line("reg-users remove anna --file htpasswd --in-place -q").code(0);
    assert_eq!(std::fs::metadata(&file).unwrap().ino(), inode);
    assert_eq!(read(&sandbox, ".htpasswd.bak"), before);
    add(&sandbox, "carl", "--file htpasswd").code(0);
    assert_ne!(std::fs::metadata(&file).unwrap().ino(), inode, "by a rename otherwise");
    // What changes nothing writes nothing.
    let time = std::fs::metadata(&file).unwrap().modified().unwrap();
    sandbox.line("reg-users remove nobody --missing-ok --file htpasswd -q").code(0);
    assert_eq!(std::fs::metadata(&file).unwrap().modified().unwrap(), time);
}

#[test]
fn what_is_no_file_is_refused() {
    let sandbox = sandbox();
    std::fs::create_dir(sandbox.path("folder")).unwrap();
    sandbox.line("reg-users list --file folder").is(3, "", "reg-users: error: SANDBOX/folder is not a file\n");
    sandbox.line("reg-users list --file /dev/null").is(3, "", "reg-users: error: /dev/null is not a file\n");
    let missing = "reg-users: error: the folder SANDBOX/none does not exist\nreg-users: hint: `mkdir -p SANDBOX/none` makes it\n";
    for line in [
        "reg-users add anna --file none/htpasswd --password-stdin --cost 4",
        "reg-users remove anna --file none/htpasswd --missing-ok",
        "reg-users defaults --file none/htpasswd --out passwords",
    ] {
        sandbox.line_with(line, "x").is(3, "", missing);
    }
    assert!(!sandbox.path("passwords").exists());
}

#[test]
fn who_only_reads_takes_a_pipe() {
    let sandbox = with_file(&["anna"]);
    for line in [
        "reg-users list --file <(cat htpasswd) -o name",
        "reg-users check <(cat htpasswd) -o name",
        "reg-users check --file <(cat htpasswd) -o name",
        "reg-users verify anna --file <(cat htpasswd) --password-file password -q -o name",
    ] {
        sandbox.sh(line).is(0, "anna\n", "");
    }
    assert!(sandbox.sh("reg-users export --csv --file <(cat htpasswd)").code(0).stdout.contains("\nanna,bcrypt,4\n"));
    // Nothing can be written into one.
    sandbox.sh("mkfifo fifo").code(0);
    let fifo = "reg-users: error: SANDBOX/fifo is not a file\n";
    sandbox.line("reg-users add bert --file fifo --password-file password").is(3, "", fifo);
}
