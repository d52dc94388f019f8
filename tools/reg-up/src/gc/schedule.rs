//! A registry that collects its garbage by itself: when, by its configuration.

use reg_shared::cli::Context;
use reg_shared::document::{Collected, GarbageSchedule, Registry};
use reg_shared::error::{Error, Result};
use reg_shared::registry::Schedule;

use crate::cli::GcArgs;

pub(super) fn report(context: &Context, registry: Registry, args: &GcArgs) -> Result<Collected> {
    let title = registry.title();
    let parts = registry.instance.as_ref();
    let config = parts.and_then(|parts| {
        let config = parts.config.as_ref()?;
        Some(parts.dir.as_ref().map_or_else(|| config.clone(), |dir| dir.join(config)))
    });
    let Some(config) = config else {
        return Err(Error::unsupported(format!("{title} collects its garbage by itself, and its configuration is not at hand"))
            .hint("`config` in its mode of the config file says where it is"));
    };
    let text = std::fs::read_to_string(&config).map_err(|fault| Error::io(format!("cannot read {}", config.display()), fault))?;
    let schedule = Schedule::read(&text).map_err(|fault| fault.context(config.display().to_string()))?;
    context.messages.note(if schedule.on {
        let (every, older) = (schedule.interval.as_secs_f64(), schedule.delay.as_secs_f64());
        format!(
            "{title} collects its garbage by itself: every {every} s, what is older than {older} s; it cannot be asked to do it now"
        )
    } else {
        format!("{title} does not collect its garbage: `storage.gc` is off in {}", config.display())
    });
    Ok(Collected {
        registry,
        online: true,
        dry_run: args.dry_run,
        schedule: Some(GarbageSchedule {
            enabled: schedule.on,
            interval_seconds: schedule.interval.as_secs_f64(),
            delay_seconds: schedule.delay.as_secs_f64(),
        }),
        ..Collected::default()
    })
}
