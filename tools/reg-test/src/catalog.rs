//! All pages of the catalog, and the names in it.

use reg_shared::exit::Exit;

use crate::suite::{Found, Suite};

/// `required`: a catalog that only a login would show is a failure, as it is all that was asked for.
pub(crate) async fn checks(suite: &mut Suite<'_>, required: bool) {
    let client = suite.connection.client.clone();
    let has_login = suite.connection.has_login;
    // Every name is checked against the grammar as it is read: one that is none is an error of the listing.
    suite
        .check("catalog", async {
            match client.catalog().await {
                Ok(repositories) => Ok(Found::Pass(format!("{} repositories, all names valid", repositories.len()))),
                Err(fault) if fault.kind() == Exit::Unsupported => Ok(Found::Skip("this registry has no catalog".to_owned())),
                Err(fault) if fault.kind() == Exit::Denied && !has_login && !required => {
                    Ok(Found::Skip("it wants a login, and none is known".to_owned()))
                }
                Err(fault) => Err(fault),
            }
        })
        .await;
}
