//! What an engine is told to make: a container that stays, or one for an errand.
//!
//! Nothing in it is ever a secret: engines show all of it to everybody who may ask them. Secrets are files that are mounted.

use std::net::SocketAddr;
use std::path::PathBuf;

use std::time::Duration;

use bollard::models::{
    ContainerCreateBody, EndpointSettings, HealthConfig, HostConfig, HostConfigLogConfig, Mount as EngineMount, MountType,
    NetworkingConfig, PortBinding, RestartPolicy, RestartPolicyNameEnum,
};

use super::log::{KEPT, SIZE};
use super::owner::{Owner, PART};

/// The label of a container that does something once.
pub(super) const ERRAND: &str = "io.reg.errand";

/// How often a container is asked whether it is well, how long it may take to answer, and how often it may fail to.
pub(crate) const CHECK: (Duration, Duration, u32) = (Duration::from_secs(10), Duration::from_secs(5), 3);
/// What root of a container may do that others may not: read and write files of others, which the instance's folder needs.
pub(crate) const ROOT_MAY: &str = "DAC_OVERRIDE";

/// What a container is to be.
#[derive(Debug, Clone)]
pub struct Spec {
    /// Which of the instance's containers it is, and its name in the instance's network.
    pub part: String,
    /// The image's name.
    pub image: String,
    /// What runs in place of the image's own program.
    pub program: Option<String>,
    /// The arguments of the program.
    pub args: Vec<String>,
    /// The number of the user it runs as; root without, for whom alone the instance's folder is.
    pub user: Option<u32>,
    /// The command that ends with 0 when it is well; empty for one that is judged in another way.
    pub check: Vec<String>,
    /// Variables for it.
    pub env: Vec<(String, String)>,
    /// What it sees of this machine.
    pub mounts: Vec<Mount>,
    /// Its ports, and where each is reached on this machine.
    pub ports: Vec<(u16, SocketAddr)>,
    /// The most memory it may use, in bytes.
    pub memory: Option<u64>,
    /// The most processor time it may use, in thousandths of a processor.
    pub milli_cpus: Option<u64>,
}

/// What the program of an image is to do once.
#[derive(Debug, Clone)]
pub struct Errand {
    /// The image's name or identity.
    pub image: String,
    /// The arguments of its program.
    pub args: Vec<String>,
    /// Variables for it.
    pub env: Vec<(String, String)>,
    /// What it sees of this machine.
    pub mounts: Vec<Mount>,
    /// Whether it is in the instance's network, which must be there; it is in none without.
    pub networked: bool,
}

impl Errand {
    pub(super) fn body(&self, owner: &Owner) -> ContainerCreateBody {
        let mut labels = owner.labels();
        labels.insert(ERRAND.to_owned(), String::new());
        ContainerCreateBody {
            image: Some(self.image.clone()),
            cmd: Some(self.args.clone()),
            env: Some(variables(&self.env)),
            labels: Some(labels),
            host_config: Some(HostConfig {
                network_mode: Some(if self.networked { owner.name() } else { "none".to_owned() }),
                mounts: Some(mounts(&self.mounts, owner)),
                ..confined()
            }),
            ..as_root()
        }
    }
}

fn variables(env: &[(String, String)]) -> Vec<String> {
    env.iter().map(|(name, value)| format!("{name}={value}")).collect()
}

fn mounts(mounts: &[Mount], owner: &Owner) -> Vec<EngineMount> {
    mounts.iter().map(|mount| mount.as_the_engine_has_it(owner)).collect()
}

/// A place in a container that comes from outside.
#[derive(Debug, Clone)]
pub struct Mount {
    /// Where it is in the container.
    pub inside: PathBuf,
    /// What it is.
    pub source: Source,
}

/// What is mounted.
#[derive(Debug, Clone)]
pub enum Source {
    /// The instance's volume.
    Volume,
    /// A folder or a file of this machine, for reading and writing.
    Folder(PathBuf),
    /// A folder or a file of this machine, for reading.
    ReadOnly(PathBuf),
}

impl Spec {
    /// The largest file of its log in bytes, and how many there are.
    #[must_use]
    pub(crate) fn log() -> [(&'static str, String); 2] {
        [("max-size", SIZE.to_string()), ("max-file", (KEPT + 1).to_string())]
    }

    pub(super) fn body(&self, owner: &Owner) -> ContainerCreateBody {
        let ports = self.ports.iter().map(|(inside, outside)| {
            let binding = PortBinding { host_ip: Some(outside.ip().to_string()), host_port: Some(outside.port().to_string()) };
            (format!("{inside}/tcp"), Some(vec![binding]))
        });
        let log = Self::log().map(|(key, value)| (key.to_owned(), value));
        let mut labels = owner.labels();
        labels.insert(PART.to_owned(), self.part.clone());
        let known_as = EndpointSettings { aliases: Some(vec![self.part.clone()]), ..EndpointSettings::default() };
        let cap_add = self.user.is_none().then(|| vec![ROOT_MAY.to_owned()]);
        ContainerCreateBody {
            image: Some(self.image.clone()),
            entrypoint: self.program.clone().map(|program| vec![program]),
            cmd: Some(self.args.clone()),
            env: Some(variables(&self.env)),
            user: Some(self.user()),
            healthcheck: self.health(),
            labels: Some(labels),
            networking_config: Some(NetworkingConfig { endpoints_config: Some([(owner.name(), known_as)].into()) }),
            exposed_ports: Some(self.ports.iter().map(|(inside, _)| format!("{inside}/tcp")).collect()),
            host_config: Some(HostConfig {
                mounts: Some(mounts(&self.mounts, owner)),
                port_bindings: Some(ports.collect()),
                network_mode: Some(owner.name()),
                restart_policy: Some(RestartPolicy {
                    name: Some(RestartPolicyNameEnum::UNLESS_STOPPED),
                    maximum_retry_count: None,
                }),
                log_config: Some(HostConfigLogConfig { typ: Some("json-file".to_owned()), config: Some(log.into()) }),
                memory: self.memory.and_then(|bytes| i64::try_from(bytes).ok()),
                nano_cpus: self.milli_cpus.and_then(|milli| i64::try_from(milli * 1_000_000).ok()),
                cap_add,
                ..confined()
            }),
            ..ContainerCreateBody::default()
        }
    }

    /// User and group, by number.
    #[must_use]
    pub(crate) fn user(&self) -> String {
        let number = self.user.unwrap_or(0);
        format!("{number}:{number}")
    }

    fn health(&self) -> Option<HealthConfig> {
        let (every, within, tries) = CHECK;
        let nanoseconds = |time: Duration| i64::try_from(time.as_nanos()).ok();
        (!self.check.is_empty()).then(|| HealthConfig {
            test: Some(std::iter::once("CMD".to_owned()).chain(self.check.iter().cloned()).collect()),
            interval: nanoseconds(every),
            timeout: nanoseconds(within),
            retries: Some(i64::from(tries)),
            ..HealthConfig::default()
        })
    }
}

/// The instance's folder is its owner's alone (0700). The registries' images run as root anyway; one that does not could not read it.
fn as_root() -> ContainerCreateBody {
    ContainerCreateBody { user: Some("0:0".to_owned()), ..ContainerCreateBody::default() }
}

/// Root of a container may do [`ROOT_MAY`], and nothing else that root may.
fn confined() -> HostConfig {
    HostConfig {
        cap_drop: Some(vec!["ALL".to_owned()]),
        cap_add: Some(vec![ROOT_MAY.to_owned()]),
        security_opt: Some(vec!["no-new-privileges".to_owned()]),
        ..HostConfig::default()
    }
}

impl Mount {
    fn as_the_engine_has_it(&self, owner: &Owner) -> EngineMount {
        let (source, typ, read_only) = match &self.source {
            Source::Volume => (owner.volume(), MountType::VOLUME, false),
            Source::Folder(folder) => (folder.display().to_string(), MountType::BIND, false),
            Source::ReadOnly(folder) => (folder.display().to_string(), MountType::BIND, true),
        };
        EngineMount {
            target: Some(self.inside.display().to_string()),
            source: Some(source),
            typ: Some(typ),
            read_only: Some(read_only),
            ..EngineMount::default()
        }
    }
}
