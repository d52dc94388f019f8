//! `show`: what a certificate says.

use reg_shared::cli::Context;
use reg_shared::error::Result;
use reg_shared::exit::Exit;

use crate::cli::ShowArgs;
use crate::subject::Subject;

pub(crate) async fn show(context: &Context, args: &ShowArgs) -> Result<Exit> {
    let subject = Subject::open(context, &args.subject).await?;
    context.output.print(&subject.document()).map(|()| Exit::Ok)
}
