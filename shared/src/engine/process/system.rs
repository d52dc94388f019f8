//! What the system tells about a pid, and the handle that signals go through.

#[cfg(target_os = "linux")]
pub(super) use linux::*;
#[cfg(not(target_os = "linux"))]
pub(super) use other::*;

/// A process as the system shows it.
pub(super) struct Seen {
    pub(super) started: String,
    pub(super) zombie: bool,
}

#[cfg(target_os = "linux")]
mod linux {
    //! Linux: `/proc` (proc(5)) and pidfds (pidfd_open(2)).

    use std::os::fd::OwnedFd;

    use rustix::process::{Pid, PidfdFlags, Signal};

    use super::Seen;

    pub(crate) fn look(pid: u32) -> Option<Seen> {
        let stat = std::fs::read(format!("/proc/{pid}/stat")).ok()?;
        parse(&String::from_utf8_lossy(&stat))
    }

    /// `pid (name) state …`, with the number of threads as field 20 and the start time as field 22. The name may hold blanks and
    /// parentheses. A process whose first thread has ended shows as a zombie while others still run, and hold its files.
    pub(crate) fn parse(stat: &str) -> Option<Seen> {
        let (_, fields) = stat.rsplit_once(')')?;
        let mut fields = fields.split_ascii_whitespace();
        let state = fields.next()?;
        let threads: u32 = fields.nth(20 - 4)?.parse().ok()?;
        let started = fields.nth(22 - 21)?.to_owned();
        Some(Seen { started, zombie: matches!(state, "Z" | "X" | "x") && threads <= 1 })
    }

    pub(crate) fn boot() -> String {
        std::fs::read_to_string("/proc/sys/kernel/random/boot_id").map(|id| id.trim().to_owned()).unwrap_or_default()
    }

    pub(crate) fn pidfd(pid: Pid) -> Option<OwnedFd> {
        rustix::process::pidfd_open(pid, PidfdFlags::empty()).ok()
    }

    pub(crate) fn pidfd_signal(fd: &OwnedFd, signal: Signal) -> rustix::io::Result<()> {
        rustix::process::pidfd_send_signal(fd, signal)
    }
}

#[cfg(not(target_os = "linux"))]
mod other {
    //! Another Unix: ps(1), and no handles. The start date has seconds only, and the boot is in it.

    use std::os::fd::OwnedFd;

    use rustix::process::{Pid, Signal};

    use super::Seen;

    pub(crate) fn look(pid: u32) -> Option<Seen> {
        let ps = std::process::Command::new("ps").env("LC_ALL", "C").args(["-o", "stat=,lstart=", "-p", &pid.to_string()]).output();
        let text = String::from_utf8(ps.ok()?.stdout).ok()?;
        let (state, started) = text.trim().split_once(char::is_whitespace)?;
        Some(Seen { started: started.trim().to_owned(), zombie: state.starts_with('Z') })
    }

    pub(crate) fn boot() -> String {
        String::new()
    }

    pub(crate) fn pidfd(_: Pid) -> Option<OwnedFd> {
        None
    }

    pub(crate) fn pidfd_signal(_: &OwnedFd, _: Signal) -> rustix::io::Result<()> {
        Err(rustix::io::Errno::NOSYS)
    }
}
