//! TCP ports of this machine: a free one, and who holds one that is taken.
//!
//! Both are snapshots: somebody else may take a free port before the registry does.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};

/// The process that listens on a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Its process number.
    pub pid: u32,
    /// Its name, as `ps` shows it (at most 15 bytes on Linux).
    pub name: String,
}

/// A port that nobody listens on at `ip` now.
///
/// # Errors
/// When `ip` is no address of this machine.
pub fn free_port(ip: IpAddr) -> io::Result<u16> {
    free_ports(ip).map(|[port]| port)
}

/// Several free ports at once, all different.
///
/// # Errors
/// When `ip` is no address of this machine.
pub fn free_ports<const N: usize>(ip: IpAddr) -> io::Result<[u16; N]> {
    // All are held until the last is found.
    let listeners = (0..N).map(|_| TcpListener::bind((ip, 0))).collect::<io::Result<Vec<_>>>()?;
    let mut ports = [0; N];
    for (port, listener) in ports.iter_mut().zip(&listeners) {
        *port = listener.local_addr()?.port();
    }
    Ok(ports)
}

/// Who listens where a registry bound to `address` would have to. `None` when nobody does, when it belongs to another user and
/// we may not look, and on systems other than Linux.
#[must_use]
pub fn holder(address: SocketAddr) -> Option<Holder> {
    system::holder(address)
}

#[cfg(target_os = "linux")]
mod system {
    //! Linux: `/proc/net/tcp` and `/proc/net/tcp6` tell the socket, `/proc/PID/fd` whose it is (proc(5)).

    use std::fs;
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
    use std::path::Path;

    use super::Holder;

    const LISTEN: &str = "0A";

    pub(super) fn holder(address: SocketAddr) -> Option<Holder> {
        let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(|table| fs::read_to_string(table).unwrap_or_default());
        let sockets: Vec<_> = tables.iter().flat_map(|table| table.lines().skip(1)).filter_map(listener).collect();
        let clashing = sockets.iter().filter(|(bound, _)| clash(*bound, address));
        clashing.filter_map(|(_, inode)| owner(&format!("socket:[{inode}]"))).next()
    }

    /// The address and the inode of a listening socket: fields 2, 4 and 10 of a line.
    pub(super) fn listener(line: &str) -> Option<(SocketAddr, &str)> {
        let fields: Vec<_> = line.split_ascii_whitespace().collect();
        let (local, state, inode) = (fields.get(1)?, fields.get(3)?, fields.get(9)?);
        let (ip, port) = local.split_once(':')?;
        let address = SocketAddr::new(parse_ip(ip)?, u16::from_str_radix(port, 16).ok()?);
        (*state == LISTEN).then_some((address, inode))
    }

    /// Groups of eight digits, each a 32-bit word of the address in the machine's byte order.
    fn parse_ip(text: &str) -> Option<IpAddr> {
        let word =
            |at: usize| text.get(at * 8..at * 8 + 8).and_then(|digits| u32::from_str_radix(digits, 16).ok()).map(u32::to_ne_bytes);
        match text.len() {
            8 => Some(Ipv4Addr::from(word(0)?).into()),
            32 => {
                let mut bytes = [0; 16];
                for (at, place) in bytes.chunks_exact_mut(4).enumerate() {
                    place.copy_from_slice(&word(at)?);
                }
                Some(Ipv6Addr::from(bytes).to_canonical())
            }
            _ => None,
        }
    }

    /// Whether both cannot be bound at once: same port, and the same address or either is every address.
    pub(super) fn clash(bound: SocketAddr, wanted: SocketAddr) -> bool {
        let (ours, theirs) = (wanted.ip().to_canonical(), bound.ip());
        let every = |mine: IpAddr, other: IpAddr| mine.is_unspecified() && (mine.is_ipv6() || other.is_ipv4());
        bound.port() == wanted.port() && (ours == theirs || every(ours, theirs) || every(theirs, ours))
    }

    fn owner(socket: &str) -> Option<Holder> {
        let processes = fs::read_dir("/proc").ok()?.flatten();
        let mut pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        let pid = pids.find(|pid| has_open(&Path::new("/proc").join(pid.to_string()).join("fd"), socket))?;
        let name = fs::read_to_string(format!("/proc/{pid}/comm")).ok()?;
        Some(Holder { pid, name: name.trim_end().to_owned() })
    }

    fn has_open(folder: &Path, socket: &str) -> bool {
        let Ok(files) = fs::read_dir(folder) else { return false };
        files.flatten().any(|file| fs::read_link(file.path()).is_ok_and(|target| target.as_os_str() == socket))
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    //! Another Unix tells this only to programs of its own (`lsof`, `sockstat`).

    pub(super) fn holder(_: std::net::SocketAddr) -> Option<super::Holder> {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn free_ports_are_free_and_differ() {
        let ip = IpAddr::from(Ipv4Addr::LOCALHOST);
        let [one, two] = free_ports(ip).unwrap();
        assert_ne!(one, two);
        for port in [one, two, free_port(ip).unwrap()] {
            TcpListener::bind((ip, port)).unwrap();
        }
        assert!(free_port("203.0.113.1".parse().unwrap()).is_err());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_holder_of_a_port_is_found() {
        for (bound, asked) in [("127.0.0.1", "127.0.0.1"), ("127.0.0.1", "0.0.0.0"), ("0.0.0.0", "127.0.0.1")] {
            let listener = TcpListener::bind((bound, 0)).unwrap();
            let address = SocketAddr::new(asked.parse().unwrap(), listener.local_addr().unwrap().port());
            let holder = holder(address).unwrap();
            assert_eq!(holder.pid, std::process::id(), "{bound} {asked}");
            assert!(!holder.name.is_empty());
            drop(listener);
            assert_eq!(super::holder(address), None);
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn lines_of_the_socket_table_are_read() {
        if cfg!(target_endian = "big") {
            return;
        }
        let line = "0: 0100007F:1388 00000000:0000 0A 00000000:00000000 00:00000000 00000000 1000 0 31337 1 0000 100 0 0 10 0";
        assert_eq!(system::listener(line), Some(("127.0.0.1:5000".parse().unwrap(), "31337")));
        let line = "1: 00000000000000000000000001000000:1388 0:0 0A 0:0 00:0 0 0 0 7 1";
        assert_eq!(system::listener(line), Some(("[::1]:5000".parse().unwrap(), "7")));
        assert_eq!(system::listener("2: 0100007F:1388 0100007F:0050 01 0:0 00:0 0 0 0 7 1"), None, "connected, not listening");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn addresses_clash_when_both_cannot_be_bound() {
        for (bound, wanted, expected) in [
            ("127.0.0.1:1", "127.0.0.1:1", true),
            ("127.0.0.1:1", "127.0.0.1:2", false),
            ("127.0.0.2:1", "127.0.0.1:1", false),
            ("0.0.0.0:1", "127.0.0.1:1", true),
            ("127.0.0.1:1", "0.0.0.0:1", true),
            ("[::]:1", "127.0.0.1:1", true),
            ("127.0.0.1:1", "[::]:1", true),
            ("0.0.0.0:1", "[::1]:1", false),
            ("[::1]:1", "127.0.0.1:1", false),
        ] {
            assert_eq!(system::clash(bound.parse().unwrap(), wanted.parse().unwrap()), expected, "{bound} {wanted}");
        }
    }
}
