//! The real registries under reg-up, and reg-test and skopeo against them: every scenario with every registry that this machine has.

mod bucket;
mod checks;
mod environment;
mod extensions;
pub(crate) mod layout;
mod mirror;
mod namespaces;
mod policy;
mod redis;
mod secured;
pub(crate) mod server;
mod skopeo;
mod upkeep;

use std::path::PathBuf;

use reg_tests::live::Program;
use reg_tests::sandbox::Sandbox;
use serde_json::Value;

/// A registry that reg-up can start.
pub(crate) struct Real {
    /// What reg-up calls it.
    kind: &'static str,
    /// Its program; none for our own.
    binary: Option<PathBuf>,
}

impl Real {
    pub(crate) fn embedded() -> Self {
        Self { kind: "embedded", binary: None }
    }

    /// One that this machine has; says so when it has not.
    pub(crate) fn find(kind: &'static str, program: Program) -> Option<Self> {
        program.find().map(|binary| Self { kind, binary: Some(binary) })
    }

    /// The arguments that start it as `x` on any free port.
    fn arguments(&self, more: &[&str]) -> Vec<String> {
        let mut words = vec!["start", "x", "--port", "0", "--type", self.kind];
        words.extend(self.binary.iter().flat_map(|binary| ["--binary", binary.to_str().unwrap()]));
        words.iter().chain(more).map(|&word| word.to_owned()).collect()
    }

    /// Starts it; its document.
    pub(crate) fn start(&self, sandbox: &Sandbox, more: &[&str]) -> Value {
        sandbox.run("reg-up", self.arguments(more)).code(0).json()
    }
}

/// A test a registry for each scenario.
macro_rules! with_each_registry {
    ($($scenario:ident),*) => {$(
        mod $scenario {
            use super::super::Real;
            use reg_tests::live;

            #[test]
            fn embedded() {
                super::$scenario(&Real::embedded());
            }

            #[test]
            fn distribution() {
                Real::find("distribution", live::DISTRIBUTION).iter().for_each(super::$scenario);
            }

            #[test]
            fn distribution3() {
                Real::find("distribution", live::DISTRIBUTION3).iter().for_each(super::$scenario);
            }

            #[test]
            fn zot() {
                Real::find("zot", live::ZOT).iter().for_each(super::$scenario);
            }
        }
    )*};
}
use with_each_registry;
