//! Whose things on an engine they are: labels, and the network and the volume of an instance.
//!
//! An engine is shared by users and state folders, so a thing is an instance's only when it carries the instance's name and its folder.
//! What has the name of ours and not the labels belongs to somebody else and is never touched.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use bollard::models::{NetworkCreateRequest, VolumeCreateRequest};
use bollard::query_parameters::RemoveVolumeOptions;

use super::Engine;
use super::fault::{fault, found, gone};
use crate::error::{Error, Result};

/// The label with the instance's name.
pub const INSTANCE: &str = "io.reg.instance";
/// The label with the instance's folder.
pub const FOLDER: &str = "io.reg.folder";
/// The label that says which of the instance's containers it is.
pub const PART: &str = "io.reg.part";
/// The container of the registry itself. Others stand beside it, each with a name of its own.
pub const REGISTRY: &str = "registry";

/// An instance, as its things on an engine are marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Its name.
    pub instance: String,
    /// Its folder.
    pub folder: PathBuf,
}

/// The labels as engines give them back.
type Labels = HashMap<String, String>;

impl Owner {
    /// The instance of this name in this folder.
    #[must_use]
    pub fn new(instance: impl Into<String>, folder: &Path) -> Self {
        Self { instance: instance.into(), folder: folder.to_owned() }
    }

    /// The name of its registry's container and of its network.
    #[must_use]
    pub fn name(&self) -> String {
        format!("reg-{}", self.instance)
    }

    /// The name of one of its containers. No instance has a dot in its name, so this is never another one's.
    #[must_use]
    pub fn container(&self, part: &str) -> String {
        if part == REGISTRY { self.name() } else { format!("{}.{part}", self.name()) }
    }

    /// The name of its volume.
    #[must_use]
    pub fn volume(&self) -> String {
        format!("reg-{}-data", self.instance)
    }

    pub(super) fn labels(&self) -> Labels {
        let folder = self.folder.display().to_string();
        [(INSTANCE, self.instance.clone()), (FOLDER, folder)].map(|(key, value)| (key.to_owned(), value)).into()
    }

    /// What an engine is asked for to list them.
    pub(super) fn filters(&self) -> HashMap<String, Vec<String>> {
        let labels = self.labels().into_iter().map(|(key, value)| format!("{key}={value}")).collect();
        HashMap::from([("label".to_owned(), labels)])
    }

    /// The same for those that carry one more label.
    pub(super) fn filters_with(&self, label: &str) -> HashMap<String, Vec<String>> {
        let mut filters = self.filters();
        filters.entry("label".to_owned()).or_default().push(label.to_owned());
        filters
    }

    pub(super) fn owns(&self, labels: Option<&Labels>) -> bool {
        labels.is_some_and(|labels| self.labels().iter().all(|(key, value)| labels.get(key) == Some(value)))
    }

    /// Somebody else has the name.
    pub(super) fn taken(what: &str, name: &str, labels: Option<&Labels>) -> Error {
        let whose = match labels.and_then(|labels| labels.get(FOLDER)) {
            Some(folder) => format!("by another instance, {folder}"),
            None => "by somebody else".to_owned(),
        };
        Error::conflict(format!("the {what} name {name} is taken {whose}")).hint("start it under another name")
    }
}

impl Engine {
    /// Makes the instance's network when it is not there; tells whether it was made.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Conflict`] when somebody else has its name.
    pub async fn make_network(&self, owner: &Owner) -> Result<bool> {
        let name = owner.name();
        if let Some(network) = found(self.docker.inspect_network(&name, None).await)? {
            if owner.owns(network.labels.as_ref()) {
                return Ok(false);
            }
            return Err(Owner::taken("network", &name, network.labels.as_ref()));
        }
        let request = NetworkCreateRequest { name, labels: Some(owner.labels()), ..NetworkCreateRequest::default() };
        self.docker.create_network(request).await.map_err(fault)?;
        Ok(true)
    }

    /// Whether the instance's network is there.
    ///
    /// # Errors
    /// When the engine does not tell.
    pub async fn has_network(&self, owner: &Owner) -> Result<bool> {
        let network = found(self.docker.inspect_network(&owner.name(), None).await)?;
        Ok(network.is_some_and(|network| owner.owns(network.labels.as_ref())))
    }

    /// Removes the instance's network.
    ///
    /// # Errors
    /// When something is still in it, or the engine refuses.
    pub async fn remove_network(&self, owner: &Owner) -> Result<()> {
        if self.has_network(owner).await? { gone(self.docker.remove_network(&owner.name()).await) } else { Ok(()) }
    }

    /// Makes the instance's volume when it is not there; tells whether it was made.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Conflict`] when somebody else has its name.
    pub async fn make_volume(&self, owner: &Owner) -> Result<bool> {
        let name = owner.volume();
        if let Some(volume) = found(self.docker.inspect_volume(&name).await)? {
            if owner.owns(Some(&volume.labels)) {
                return Ok(false);
            }
            return Err(Owner::taken("volume", &name, Some(&volume.labels)));
        }
        let request = VolumeCreateRequest { name: Some(name), labels: Some(owner.labels()), ..VolumeCreateRequest::default() };
        self.docker.create_volume(request).await.map_err(fault)?;
        Ok(true)
    }

    /// Whether the instance's volume is there.
    ///
    /// # Errors
    /// When the engine does not tell.
    pub async fn has_volume(&self, owner: &Owner) -> Result<bool> {
        self.mountpoint(owner).await.map(|place| place.is_some())
    }

    /// The folder of the instance's volume on the engine's machine; none when there is no volume.
    ///
    /// # Errors
    /// When the engine does not tell.
    pub async fn mountpoint(&self, owner: &Owner) -> Result<Option<PathBuf>> {
        let volume = found(self.docker.inspect_volume(&owner.volume()).await)?;
        let own = volume.filter(|volume| owner.owns(Some(&volume.labels)));
        Ok(own.map(|volume| volume.mountpoint.into()))
    }

    /// Removes the instance's volume and what is in it.
    ///
    /// # Errors
    /// When a container has it, or the engine refuses.
    pub async fn remove_volume(&self, owner: &Owner) -> Result<()> {
        if !self.has_volume(owner).await? {
            return Ok(());
        }
        gone(self.docker.remove_volume(&owner.volume(), None::<RemoveVolumeOptions>).await)
    }
}
