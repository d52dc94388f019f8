//! Layouts without a registry: printed, and looked through.

use reg_shared::cli::Context;
use reg_shared::converge;
use reg_shared::document::{Finding, LintReport, Severity};
use reg_shared::error::Result;
use reg_shared::exit::Exit;
use reg_shared::layout::Layout;

use crate::cli::LayoutArgs;

pub(crate) fn layout(context: &Context, args: &LayoutArgs) -> Result<Exit> {
    let layout = args.layout.as_deref().map_or_else(|| Ok(Layout::standard()), |path| context.layout(path))?;
    context.output.print(&layout).map(|()| Exit::Ok)
}

pub(crate) fn lint(context: &Context, args: &LayoutArgs) -> Result<Exit> {
    let layout = args.layout.as_deref().map_or_else(|| Ok(Layout::standard()), |path| context.layout(path))?;
    let file = args.layout.as_ref().map_or("the default layout".to_owned(), |path| path.display().to_string());
    let unfit = converge::unfit_names(&layout).map(|(path, _, fault)| Finding {
        path,
        line: None,
        column: None,
        severity: Severity::Error,
        problem: fault.to_string(),
        hint: fault.hint_text().map(ToOwned::to_owned),
    });
    let findings: Vec<Finding> = reg_shared::access::lint(&layout).into_iter().chain(unfit).collect();
    let bad = findings.iter().any(|finding| finding.severity == Severity::Error);
    context.output.print(&LintReport { file, kind: None, version: None, findings })?;
    Ok(if bad { Exit::Negative } else { Exit::Ok })
}
