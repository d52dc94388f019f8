//! Layouts without a registry: printed, and looked through.

use std::path::Path;

use reg_shared::cli::Context;
use reg_shared::document::{Finding, LintReport, Severity};
use reg_shared::error::{Error, Result};
use reg_shared::exit::Exit;
use reg_shared::layout::Layout;

use crate::cli::LayoutArgs;

/// The layout in a file, or on standard input.
pub(crate) fn read(context: &Context, path: &Path) -> Result<Layout> {
    if path.as_os_str() == "-" {
        return Layout::parse(&context.standard_input()?, "standard input");
    }
    let name = path.display().to_string();
    let text = context.interrupt.reading(|| std::fs::read(path));
    let bytes = text.map_err(|fault| Error::io(format!("cannot read the layout {name}"), fault))?;
    Layout::parse(&String::from_utf8(bytes).map_err(|_| Error::input(format!("{name} is not UTF-8")))?, &name)
}

pub(crate) fn layout(context: &Context, args: &LayoutArgs) -> Result<Exit> {
    let layout = args.layout.as_deref().map_or_else(|| Ok(Layout::standard()), |path| read(context, path))?;
    context.output.print(&layout).map(|()| Exit::Ok)
}

pub(crate) fn lint(context: &Context, args: &LayoutArgs) -> Result<Exit> {
    let layout = args.layout.as_deref().map_or_else(|| Ok(Layout::standard()), |path| read(context, path))?;
    let file = args.layout.as_ref().map_or("the default layout".to_owned(), |path| path.display().to_string());
    let findings: Vec<Finding> = reg_shared::access::lint(&layout);
    let bad = findings.iter().any(|finding| finding.severity == Severity::Error);
    context.output.print(&LintReport { file, kind: None, version: None, findings })?;
    Ok(if bad { Exit::Negative } else { Exit::Ok })
}
