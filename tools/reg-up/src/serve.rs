//! The embedded registry in the foreground.

use std::net::SocketAddr;

use reg_shared::cli::Context;
use reg_shared::embedded::{Data, Log, Options, Server};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;

use crate::cli::ServeArgs;

pub(crate) async fn serve(context: &Context, args: &ServeArgs) -> Result<Exit> {
    if !args.bind.is_loopback() && args.htpasswd.is_none() && !args.open {
        return Err(Error::usage(format!("{} is reachable by others, and nothing would ask them to log in", args.bind))
            .hint("add --htpasswd FILE, or --open when everybody may read, write and delete"));
    }
    let data = args.data.clone().map_or(Data::Memory, Data::Directory);
    let mut options = Options::new(SocketAddr::new(args.bind, args.port), data);
    options.htpasswd.clone_from(&args.htpasswd);
    options.tls = args.cert.clone().zip(args.key.clone());
    options.log = Log::new(context.messages.raw());
    let server = Server::bind(options).await?;
    let scheme = if args.cert.is_some() { "https" } else { "http" };
    context.messages.note(format!("serving {scheme}://{}; Ctrl-C stops it", server.address()));
    context.interrupt.drains();
    server.run(context.interrupt.received()).await?;
    Ok(Exit::Ok)
}
