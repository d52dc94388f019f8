//! The container of an errand: none is left behind, whoever gives up waiting for it.
//!
//! An engine carries out what it was asked for, also when nobody waits for its answer any more. So what makes a container goes on by
//! itself, and the program may not end before it is done.

use bollard::models::ContainerCreateResponse;
use tokio::sync::{RwLock, oneshot};

use super::Engine;
use super::fault::fault;
use super::owner::Owner;
use super::spec::{ERRAND, Errand};
use crate::error::{Error, Result};

/// Held for reading by whatever is making a container in this program.
static MAKING: RwLock<()> = RwLock::const_new(());

impl Engine {
    /// Makes the container of an errand. One that nobody waits for any more is removed again.
    pub(super) async fn make_errand(&self, owner: &Owner, errand: &Errand) -> Result<ContainerCreateResponse> {
        let (engine, body) = (self.clone(), errand.body(owner));
        let making = MAKING.read().await;
        let (tell, made) = oneshot::channel();
        tokio::spawn(async move {
            let answer = engine.docker.create_container(None, body).await.map_err(fault);
            if let Err(Ok(unwanted)) = tell.send(answer) {
                // When this fails, the next command of the instance removes it.
                let _ = engine.remove_container(&unwanted.id).await;
            }
            drop(making);
        });
        made.await.unwrap_or_else(|_| Err(Error::failed("the request to the container engine broke off")))
    }

    /// Removes what was left of [`Self::run`] by somebody who gave up, or by a program that did not come to its end.
    ///
    /// # Errors
    /// When the engine refuses.
    pub async fn remove_errands(&self, owner: &Owner) -> Result<()> {
        drop(MAKING.write().await);
        self.remove_listed(&owner.filters_with(ERRAND)).await
    }
}
