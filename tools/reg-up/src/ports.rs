//! The ports of this machine that a registry gets, and what stands beside it: those that were asked for, else the ones of the last time.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};

use reg_shared::engine::{Engine, port};
use reg_shared::error::{Error, Result};
use reg_shared::instance::{Locked, Settings};
use reg_shared::registry::Launch;

use crate::contained::taken;

/// Picks a port to listen on, and one for the registry's own use. `runs` says whether it has some now.
///
/// # Errors
/// [`Exit::Conflict`] when one that was asked for is taken.
pub(crate) async fn pick(locked: &Locked, settings: &mut Settings, runs: bool) -> Result<(u16, u16)> {
    let cannot = |fault| Error::output(format!("cannot listen on {}", settings.bind), fault);
    // All at once, so that they differ.
    let [any, debug, any_beside] = port::free_ports(settings.bind).map_err(cannot)?;
    let own = locked.registry()?.and_then(|registry| registry.url.rsplit(':').next()?.parse::<u16>().ok()).filter(|_| runs);
    let picked = one(settings, settings.port, settings.last_port, own, any).await?;
    settings.last_port = Some(picked);
    let free = |port| runs || TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
    let debug = settings.last_debug_port.filter(|last| *last != picked && free(*last)).unwrap_or(debug);
    let now = locked.settings()?.filter(|_| runs).and_then(|settings| settings.container).map(|contained| contained.beside);
    let mut container = settings.container.clone();
    for beside in container.iter_mut().flat_map(|contained| &mut contained.beside) {
        let Some(asked) = beside.port else { continue };
        let own = now.iter().flatten().find(|now| now.part == beside.part).and_then(|now| now.last_port);
        beside.last_port = Some(one(settings, asked, beside.last_port, own, any_beside).await?);
    }
    settings.container = container;
    Ok((picked, debug))
}

/// A port that nobody asked for, that was free when it was picked for a registry that does not run now, and that somebody else has.
pub(crate) fn lost(settings: &Settings, launch: &Launch) -> Option<u16> {
    let any = (settings.port == 0).then_some(launch.address);
    let beside = settings.container.iter().flat_map(|contained| &contained.beside).any(|beside| beside.port == Some(0));
    let debug = settings.last_debug_port.map(|_| launch.debug_address);
    let picked = [any, debug, launch.page.filter(|_| beside)].into_iter().flatten();
    let taken = |address: &SocketAddr| TcpListener::bind(address).is_err_and(|fault| fault.kind() == ErrorKind::AddrInUse);
    picked.filter(taken).map(|address| address.port()).next()
}

/// The port that was asked for, which must be free; for 0 the one of the last time, or `any` other. `own` is the one it has now.
async fn one(settings: &Settings, asked: u16, last: Option<u16>, own: Option<u16>, any: u16) -> Result<u16> {
    let free = |port| TcpListener::bind((settings.bind, port));
    if asked == 0 {
        return Ok(last.filter(|last| own == Some(*last) || free(*last).is_ok()).unwrap_or(any));
    }
    if own == Some(asked) {
        return Ok(asked);
    }
    let Err(fault) = free(asked) else { return Ok(asked) };
    if fault.kind() != ErrorKind::AddrInUse {
        if settings.container.is_some() && fault.kind() == ErrorKind::PermissionDenied {
            // An engine may listen where we may not.
            return Ok(asked);
        }
        return Err(Error::io(format!("cannot listen on port {asked}"), fault));
    }
    let holder = port::holder(SocketAddr::new(settings.bind, asked));
    let by = holder.map_or(String::new(), |holder| format!(" by {} (pid {})", holder.name, holder.pid));
    let engine = match &settings.container {
        Some(contained) => Engine::at(&contained.engine).await.ok(),
        None => None,
    };
    Err(taken(engine.as_ref(), asked, by).await)
}
