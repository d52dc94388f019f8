//! The embedded registry in the foreground.

use std::net::SocketAddr;
use std::time::Duration;

use reg_shared::cli::Context;
use reg_shared::embedded::{Data, Log, Options, Server};
use reg_shared::engine;
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;

use crate::cli::ServeArgs;

/// How long a reader of the log may take over its last lines.
const LAST_LINES_WITHIN: Duration = Duration::from_secs(2);

pub(crate) async fn serve(context: &Context, args: &ServeArgs) -> Result<Exit> {
    if !args.bind.is_loopback() && args.htpasswd.is_none() && !args.open {
        return Err(Error::usage(format!("{} is reachable by others, and nothing would ask them to log in", args.bind))
            .hint("add --htpasswd FILE, or --open when everybody may read, write and delete"));
    }
    let data = args.data.clone().map_or(Data::Memory, Data::Directory);
    let mut options = Options::new(SocketAddr::new(args.bind, args.port), data);
    options.htpasswd.clone_from(&args.htpasswd);
    options.layout.clone_from(&args.layout);
    options.tls = args.cert.clone().zip(args.key.clone());
    let (log, written) = context.messages.raw();
    options.log = Log::new(log);
    engine::process::raise_descriptor_limit();
    let server = Server::bind(options).await?;
    let scheme = if args.cert.is_some() { "https" } else { "http" };
    context.messages.note(format!("serving {scheme}://{}; Ctrl-C stops it", server.address()));
    context.interrupt.drains();
    server.run(context.interrupt.received()).await?;
    // The last lines of the log; closed, not sent to, so there is nothing to hear.
    let _ = written.recv_timeout(LAST_LINES_WITHIN);
    Ok(Exit::Ok)
}
