//! Making a registry what its layout says: where its parts lie, what would change, and changing it.
//!
//! What is live is read from the parts themselves (the stored layout, the htpasswd file, the registry's configuration), never from what was
//! asked for before, so that a second run finds nothing to change and a run after a killed one goes on. Every change is made under the lock
//! of the instance, whole or not at all, and read back. What the type cannot do is told as gaps. Which parts mean what to a type is
//! [`crate::registry`]'s.

mod apply;
mod effect;
mod managed;
mod plan;
mod users;

pub use apply::{Applied, apply};
pub use managed::Managed;
pub use plan::{Planned, Wanted, headers, plan, unfit_names};
