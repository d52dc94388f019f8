//! Measuring namespaces against their quotas.

use reg_shared::cli::Context;
use reg_shared::document::{QuotaReport, QuotaRow};
use reg_shared::error::Result;
use reg_shared::exit::Exit;
use reg_shared::name::Repository;
use reg_shared::size;

use super::known::{Census, Known, by_name};
use super::measure::Measured;
use crate::cli::QuotaArgs;
use crate::operand::namespaces;
use crate::stats::unique;

pub(crate) async fn check(context: &Context, args: &QuotaArgs) -> Result<Exit> {
    let (host, names) = namespaces(context, &args.registry, &args.namespaces)?;
    let known = Known::open(context, &args.registry, host.as_deref()).await?;
    let (connection, layout) = known.rules(context, &args.registry, args.rules.layout.as_deref())?;
    let census = Census::new(&layout, connection.client.catalog().await?);
    census.has(&connection, &names)?;
    let named = by_name(&layout);
    let quota = |name: &Repository| named.get(name).and_then(|namespace| namespace.quota);
    let mut chosen = names;
    if args.namespaces.is_empty() {
        chosen.extend(named.keys().copied().filter(|name| quota(name).is_some()).cloned());
    }
    chosen.sort();
    if chosen.is_empty() {
        context.messages.note("no namespace has a quota");
    }
    let measured = Measured::read(context, &connection, &census, &chosen).await?;
    let rows: Vec<QuotaRow> = chosen
        .iter()
        .map(|name| {
            let own = measured.of(name);
            let (quota, unique_bytes) = (quota(name), unique(own.iter().copied()));
            let over = quota.is_some_and(|quota| unique_bytes > quota);
            let unreadable = own.iter().map(|holding| holding.unreadable).sum();
            QuotaRow { name: name.to_string(), quota, unique_bytes, over, unreadable }
        })
        .collect();
    for row in rows.iter().filter(|row| row.over) {
        let allowed = row.quota.unwrap_or_default();
        context.messages.note(format!("{} takes {} of {}", row.name, size::spell(row.unique_bytes), size::spell(allowed)));
    }
    let bad = rows.iter().any(|row| row.over || row.unreadable > 0);
    context.output.print(&QuotaReport { registry: connection.registry, namespaces: rows })?;
    Ok(if bad { Exit::Negative } else { Exit::Ok })
}
