//! Writing a file in its place, so that its inode stays.
//!
//! Such a write can be cut off. So the file as it was is first kept beside it (`.NAME.bak`, which stays), and as it shall be, too
//! (`.NAME.unfinished`, which goes when it is). Whoever changes the file next and finds the second compares: a file that is neither the
//! one nor the other, but begins as the one and ends as the other, was cut off and becomes what it was. At no moment is there a line that
//! was in neither: what is left of a longer file is covered with line ends first.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;

use rustix::fs::{FallocateFlags, fallocate};

use super::{File, later_than};

const BACKUP: &str = ".bak";
const UNFINISHED: &str = ".unfinished";

/// Writes the file; what fails leaves it as it was.
pub(super) fn write(file: &File, before: &[u8], bytes: &[u8]) -> io::Result<()> {
    let open = OpenOptions::new().write(true).open(file.path())?;
    let was = open.metadata()?;
    // The room is taken before a byte is changed. A file system that cannot promise any must do.
    match fallocate(&open, FallocateFlags::KEEP_SIZE, 0, bytes.len().max(1) as u64).map_err(io::Error::from) {
        Err(fault) if fault.kind() == ErrorKind::StorageFull => return Err(fault),
        _ => {}
    }
    file.write_beside(BACKUP, before)?;
    file.write_beside(UNFINISHED, bytes)?;
    let written = overwrite(&open, before.len(), bytes).and_then(|()| later_than(&open, &was));
    if let Err(fault) = written {
        overwrite(&open, bytes.len().max(before.len()), before)?;
        fs::remove_file(file.path_beside(UNFINISHED))?;
        return Err(fault);
    }
    fs::remove_file(file.path_beside(UNFINISHED))?;
    file.sync_folder()
}

/// Takes back a write that was cut off; tells whether there was one.
pub(super) fn recover(file: &File) -> io::Result<bool> {
    let there = |path: &std::path::Path| match fs::read(path) {
        Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(None),
        read => read.map(Some),
    };
    let unfinished = file.path_beside(UNFINISHED);
    let Some(after) = there(&unfinished)? else { return Ok(false) };
    let both = there(&file.path_beside(BACKUP))?.zip(there(file.path())?);
    let cut_off = match both {
        Some((before, now)) if is_cut_off(&now, &before, &after) => {
            overwrite(&OpenOptions::new().write(true).open(file.path())?, now.len(), &before)?;
            true
        }
        _ => false,
    };
    fs::remove_file(unfinished)?;
    Ok(cut_off)
}

/// One write over the old bytes and whatever is longer of them, then the length.
fn overwrite(file: &fs::File, length: usize, bytes: &[u8]) -> io::Result<()> {
    file.write_all_at(&covering(bytes, length), 0)?;
    file.set_len(bytes.len() as u64)?;
    file.sync_all()
}

/// The bytes, with line ends up to a length.
fn covering(bytes: &[u8], length: usize) -> Vec<u8> {
    let mut covering = bytes.to_vec();
    covering.resize(length.max(bytes.len()), b'\n');
    covering
}

/// Whether `now` is what a write over `before` left that did not come to its end.
fn is_cut_off(now: &[u8], before: &[u8], after: &[u8]) -> bool {
    if now == before || now == after {
        return false;
    }
    let covering = covering(after, before.len());
    let new = now.iter().zip(&covering).take_while(|(a, b)| a == b).count();
    // From there on the old bytes, as far as there were any; or new ones only, of a file that grew or was not yet cut.
    new == now.len() || (now.len() == before.len() && now[new..] == before[new..])
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt as _;

    use super::*;
    use proptest::prelude::*;

    fn file(bytes: &[u8]) -> (tempfile::TempDir, File) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("htpasswd");
        fs::write(&path, bytes).unwrap();
        (folder, File::find(&path).unwrap())
    }

    #[test]
    fn the_inode_stays_and_the_file_as_it_was_lies_beside_it() {
        let (folder, file) = file(b"anna:a long hash\n");
        let inode = fs::metadata(file.path()).unwrap().ino();
        for bytes in [&b"anna:x\n"[..], b"anna:x\nbert:y\n", b""] {
            let before = fs::read(file.path()).unwrap();
            write(&file, &before, bytes).unwrap();
            assert_eq!(fs::read(file.path()).unwrap(), bytes);
            assert_eq!(fs::read(folder.path().join(".htpasswd.bak")).unwrap(), before);
            assert!(!folder.path().join(".htpasswd.unfinished").exists());
        }
        assert_eq!(fs::metadata(file.path()).unwrap().ino(), inode);
    }

    #[test]
    fn what_somebody_wrote_after_a_crash_stays() {
        let (folder, file) = file(b"carl:by hand\n");
        fs::write(folder.path().join(".htpasswd.bak"), "anna:old\n").unwrap();
        fs::write(folder.path().join(".htpasswd.unfinished"), "anna:new\n").unwrap();
        assert!(!recover(&file).unwrap());
        assert_eq!(fs::read(file.path()).unwrap(), b"carl:by hand\n");
        assert!(!folder.path().join(".htpasswd.unfinished").exists());
    }

    proptest! {
        #[test]
        fn a_write_that_was_cut_off_anywhere_is_taken_back(
            before in "([ab]:[xy]{0,3}\n){0,5}", after in "([ab]:[xy]{0,3}\n){0,5}", at in 0usize..60,
        ) {
            let covering = covering(after.as_bytes(), before.len());
            let at = at.min(covering.len());
            let mut torn = covering[..at].to_vec();
            torn.extend_from_slice(before.as_bytes().get(at..).unwrap_or_default());
            let (folder, file) = file(&torn);
            fs::write(folder.path().join(".htpasswd.bak"), &before).unwrap();
            fs::write(folder.path().join(".htpasswd.unfinished"), &after).unwrap();
            recover(&file).unwrap();
            let now = fs::read(file.path()).unwrap();
            prop_assert!(now == before.as_bytes() || now == after.as_bytes(), "{:?}", String::from_utf8_lossy(&now));
        }
    }
}
