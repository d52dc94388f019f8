//! A disk that is soon full.

use reg_tests::live;
use reg_tests::sandbox::Sandbox;

/// The folder `disk` of the sandbox, with room for a few pages only; none, said aloud, where mounting is not allowed.
pub(crate) fn small_disk(sandbox: &Sandbox) -> Option<Unmount> {
    std::fs::create_dir(sandbox.path("disk")).unwrap();
    let mount = sandbox.sh("mount -t tmpfs -o size=64k,nr_inodes=64 none disk");
    if mount.code != 0 {
        live::skip("mount", "this user may not mount a small disk");
        return None;
    }
    Some(Unmount(sandbox.path("disk")))
}

pub(crate) struct Unmount(std::path::PathBuf);

impl Drop for Unmount {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(&self.0).status();
    }
}
