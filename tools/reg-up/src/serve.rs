//! tmp
use reg_shared::cli::Context;
use reg_shared::error::Result;
use reg_shared::exit::Exit;

use crate::cli::ServeArgs;

pub(crate) async fn serve(_context: &Context, _args: &ServeArgs) -> Result<Exit> {
    Ok(Exit::Ok)
}
