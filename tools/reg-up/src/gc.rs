//! Removing what no manifest needs any more.

use reg_shared::cli::Context;
use reg_shared::error::Result;
use reg_shared::exit::Exit;

use crate::cli::GcArgs;

pub(crate) async fn gc(_context: &Context, _args: &GcArgs) -> Result<Exit> {
    Ok(Exit::Ok)
}
