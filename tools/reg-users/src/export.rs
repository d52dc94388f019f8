//! The users as a list that import reads.

use reg_shared::cli::Context;
use reg_shared::document::{RenderedFile, User};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;

use crate::cli::ExportArgs;
use crate::look;
use crate::place::Place;

pub(crate) fn export(context: &Context, args: &ExportArgs) -> Result<Exit> {
    let place = Place::find_to_read(context, &args.place, None)?;
    let users = look::rows(context, &place)?;
    if args.csv {
        let content = csv(&users).map_err(|fault| Error::failed("cannot write CSV").caused_by(fault))?;
        return context.output.files(vec![RenderedFile { name: "users.csv".to_owned(), content }]).map(|()| Exit::Ok);
    }
    if args.json {
        return context.output.print_json(&place.document(users)).map(|()| Exit::Ok);
    }
    context.output.print(&place.document(users)).map(|()| Exit::Ok)
}

fn csv(users: &[User]) -> std::io::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["name", "algorithm", "cost"])?;
    for user in users {
        let cost = user.cost.map(|cost| cost.to_string()).unwrap_or_default();
        writer.write_record([&user.name, user.algorithm.as_deref().unwrap_or_default(), &cost])?;
    }
    let bytes = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    String::from_utf8(bytes).map_err(std::io::Error::other)
}
