//! The commands about namespaces.

mod change;
mod create;
mod delete;
mod info;
mod known;
mod list;
mod measure;
mod prune;
mod quota;
mod setup;

pub(crate) use create::create;
pub(crate) use delete::delete;
pub(crate) use info::info;
pub(crate) use known::{Census, Known};
pub(crate) use list::list;
pub(crate) use prune::prune;
pub(crate) use quota::check;
pub(crate) use setup::setup;
