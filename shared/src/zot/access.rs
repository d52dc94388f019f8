//! Which release knows what of [`AccessControl`]; what it means stands in [`crate::access::zot`].

use super::Build;
use crate::access::zot::AccessControl;
use crate::error::Result;
use crate::version::Version;

/// Refuses what the release does not know.
pub(super) fn check(access: &AccessControl, build: &Build) -> Result<()> {
    let policies = access.repositories.values().flat_map(|repository| &repository.policies).chain(&access.admin_policy);
    if policies.into_iter().any(|policy| !policy.conditions.is_empty()) && !build.since(Version::new(2, 1, 17)) {
        return Err(build.too_old("conditions of access", Version::new(2, 1, 17)));
    }
    if access.metrics.as_ref().is_some_and(|metrics| !metrics.anonymous_policy.is_empty()) && !build.since(Version::new(2, 1, 18)) {
        return Err(build.too_old("metrics without a login beside access rights", Version::new(2, 1, 18)));
    }
    Ok(())
}
