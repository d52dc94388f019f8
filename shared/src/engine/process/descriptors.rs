//! The descriptors that a program was started with beside the first three: not for its children.
//!
//! A shell leaves some open (a lock on 9, a test harness's pipe on 3, make's jobserver), and a registry that held on to them would
//! keep that lock, or that pipe, as long as it runs.

use std::fs;
use std::os::fd::BorrowedFd;

use rustix::io::{FdFlags, fcntl_getfd, fcntl_setfd};

/// Marks every descriptor from 3 on as closed on exec. Best effort: where `/dev/fd` is missing nothing is marked.
pub(super) fn keep_to_ourselves() {
    let Ok(entries) = fs::read_dir("/dev/fd") else { return };
    let open: Vec<i32> = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    for number in open.into_iter().filter(|number| *number > 2) {
        #[allow(unsafe_code, reason = "the number is only asked for its flags; one that is closed by now answers EBADF")]
        let descriptor = unsafe { BorrowedFd::borrow_raw(number) };
        if let Ok(flags) = fcntl_getfd(descriptor) {
            let _ = fcntl_setfd(descriptor, flags | FdFlags::CLOEXEC);
        }
    }
}
