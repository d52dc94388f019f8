//! A compose file as a value: what an engine would be told of an instance's containers in, the text of a project of its own out.
//!
//! What stands here is read by docker-compose 1.27 and newer and by Docker's plugin: no version, and keys that both know. A part of an
//! instance becomes a service of the same name, so the names in its network stay what they are. Labels, the network and the volume are
//! the project's own: nothing in it is taken for an instance's. There is no secret in it, for there is none in a [`Spec`].

use std::collections::BTreeMap;
use std::net::SocketAddr;

use serde::Serialize;

use crate::engine::owner::REGISTRY;
use crate::engine::spec::{CHECK, Mount, ROOT_MAY, Source, Spec};
use crate::error::Result;
use crate::yaml;

/// The file's name, which every version looks for.
pub const FILE: &str = "docker-compose.yml";
/// How long a container may take to end: longer than a registry lets requests finish.
const GRACE: &str = "30s";
/// The volume of its data.
const VOLUME: &str = "data";

#[derive(Serialize)]
struct Project {
    services: BTreeMap<String, Service>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    volumes: BTreeMap<&'static str, BTreeMap<(), ()>>,
}

#[derive(Serialize)]
struct Service {
    image: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    entrypoint: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    command: Vec<String>,
    user: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    environment: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    depends_on: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ports: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    volumes: Vec<Volume>,
    #[serde(skip_serializing_if = "Option::is_none")]
    healthcheck: Option<Health>,
    restart: &'static str,
    stop_grace_period: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    mem_limit: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cpus: Option<f64>,
    cap_drop: [&'static str; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cap_add: Vec<&'static str>,
    security_opt: [&'static str; 1],
    logging: Logging,
}

#[derive(Serialize)]
struct Volume {
    r#type: &'static str,
    source: String,
    target: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    read_only: Option<bool>,
}

#[derive(Serialize)]
struct Health {
    test: Vec<String>,
    interval: String,
    timeout: String,
    retries: u32,
}

#[derive(Serialize)]
struct Logging {
    driver: &'static str,
    options: BTreeMap<&'static str, String>,
}

/// The text of a compose file for these containers. Relative folders and files in them are below the folder of the file, and begin with
/// `./`.
///
/// # Errors
/// [`crate::exit::Exit::Input`] when a path is not UTF-8.
pub fn text(specs: &[Spec]) -> Result<String> {
    let mounts = specs.iter().flat_map(|spec| &spec.mounts);
    let stored = mounts.into_iter().any(|mount| matches!(mount.source, Source::Volume));
    let project = Project {
        services: specs.iter().map(|spec| (spec.part.clone(), Service::of(spec))).collect(),
        volumes: stored.then(|| (VOLUME, BTreeMap::new())).into_iter().collect(),
    };
    yaml::to_string(&project)
}

/// A text with `$` as itself.
fn plain(text: &str) -> String {
    text.replace('$', "$$")
}

/// A published port; the engine picks one for 0.
fn port((inside, outside): &(u16, SocketAddr)) -> String {
    let (ip, port) = (outside.ip(), outside.port());
    let ip = if ip.is_ipv6() { format!("[{ip}]") } else { ip.to_string() };
    let port = if port == 0 { String::new() } else { port.to_string() };
    format!("{ip}:{port}:{inside}")
}

impl Volume {
    fn of(mount: &Mount) -> Self {
        let (r#type, source, read_only) = match &mount.source {
            Source::Volume => ("volume", VOLUME.to_owned(), None),
            Source::Folder(folder) => ("bind", folder.display().to_string(), None),
            Source::ReadOnly(path) => ("bind", path.display().to_string(), Some(true)),
        };
        Self { r#type, source: plain(&source), target: plain(&mount.inside.display().to_string()), read_only }
    }
}

impl Service {
    fn of(spec: &Spec) -> Self {
        let words = |words: &[String]| words.iter().map(|word| plain(word)).collect::<Vec<_>>();
        let (every, within, retries) = CHECK;
        let check = std::iter::once("CMD".to_owned()).chain(words(&spec.check)).collect();
        let seconds = |time: std::time::Duration| format!("{}s", time.as_secs());
        Self {
            image: spec.image.clone(),
            entrypoint: spec.program.as_ref().map(|program| vec![plain(program)]),
            command: words(&spec.args),
            user: spec.user(),
            environment: spec.env.iter().map(|(name, value)| (name.clone(), plain(value))).collect(),
            depends_on: if spec.part == REGISTRY { Vec::new() } else { vec![REGISTRY] },
            ports: spec.ports.iter().map(port).collect(),
            volumes: spec.mounts.iter().map(Volume::of).collect(),
            healthcheck: (!spec.check.is_empty()).then(|| Health {
                test: check,
                interval: seconds(every),
                timeout: seconds(within),
                retries,
            }),
            restart: "unless-stopped",
            stop_grace_period: GRACE,
            mem_limit: spec.memory,
            cpus: spec.milli_cpus.map(|milli| milli as f64 / 1000.0),
            cap_drop: ["ALL"],
            cap_add: if spec.user.is_none() { vec![ROOT_MAY] } else { Vec::new() },
            security_opt: ["no-new-privileges"],
            logging: Logging { driver: "json-file", options: Spec::log().into() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> Spec {
        Spec {
            part: REGISTRY.to_owned(),
            image: "registry:3.1.1".to_owned(),
            program: None,
            args: vec!["serve".to_owned(), "/etc/reg/config.yml".to_owned()],
            user: None,
            check: Vec::new(),
            env: vec![("PRICE".to_owned(), "5$HOME".to_owned())],
            mounts: vec![
                Mount { inside: "/etc/reg".into(), source: Source::ReadOnly("./config".into()) },
                Mount { inside: "/var/lib/registry".into(), source: Source::Volume },
            ],
            ports: vec![(5000, "127.0.0.1:5000".parse().unwrap()), (5001, "[::1]:0".parse().unwrap())],
            memory: Some(64 << 20),
            milli_cpus: Some(1500),
        }
    }

    #[test]
    fn a_container_is_a_service() {
        let expected = r#"services:
  registry:
    image: registry:3.1.1
    command:
    - serve
    - /etc/reg/config.yml
    user: 0:0
    environment:
      PRICE: 5$$HOME
    ports:
    - 127.0.0.1:5000:5000
    - "[::1]::5001"
    volumes:
    - type: bind
      source: ./config
      target: /etc/reg
      read_only: true
    - type: volume
      source: data
      target: /var/lib/registry
    restart: unless-stopped
    stop_grace_period: 30s
    mem_limit: 67108864
    cpus: 1.5
    cap_drop:
    - ALL
    cap_add:
    - DAC_OVERRIDE
    security_opt:
    - no-new-privileges
    logging:
      driver: json-file
      options:
        max-file: "4"
        max-size: "10485760"
volumes:
  data: {}
"#;
        assert_eq!(text(&[spec()]).unwrap(), expected);
    }

    #[test]
    fn what_stands_beside_it_waits_for_it() {
        let beside = Spec {
            part: "redis".to_owned(),
            program: Some("redis-server".to_owned()),
            user: Some(101),
            check: vec!["redis-cli".to_owned(), "ping".to_owned()],
            mounts: vec![Mount { inside: "/data".into(), source: Source::Folder("/srv".into()) }],
            ..spec()
        };
        let text = text(&[beside]).unwrap();
        for part in [
            "    entrypoint:\n    - redis-server\n",
            "    depends_on:\n    - registry\n",
            "    healthcheck:\n      test:\n      - CMD\n      - redis-cli\n      - ping\n      interval: 10s\n      timeout: 5s\n      retries: 3\n",
        ] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!text.contains("cap_add") && !text.contains("volumes:\n  data"), "{text}");
    }
}
