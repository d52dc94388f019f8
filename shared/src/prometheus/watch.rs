//! What Prometheus is to be told of a registry: where to scrape it, and when to raise an alert.
//!
//! Names are those of Prometheus 2's configuration ("Configuration", "Alerting rules"). What a registry does not say of itself comes from
//! the usual exporters beside it: the file system from node_exporter, the certificate from blackbox_exporter.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use crate::error::Result;
use crate::yaml;

/// Where blackbox_exporter listens when nobody said otherwise.
const BLACKBOX: &str = "127.0.0.1:9115";

/// A registry that is to be watched.
#[derive(Debug, Clone)]
pub struct Watched {
    /// Its name: that of the job.
    pub name: String,
    /// Its type, as a label.
    pub kind: String,
    /// Its URL.
    pub url: String,
    /// Where its metrics are.
    pub metrics: Option<Endpoint>,
    /// The counter of its requests, with the label `code`.
    pub requests: Option<String>,
    /// The mount point of the file system its data is on.
    pub mount: Option<PathBuf>,
    /// What its certificate is checked with, when not with the system's.
    pub ca_file: Option<PathBuf>,
    /// How to log in: user, and the file with the password.
    pub login: Option<(String, PathBuf)>,
}

/// Where metrics are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// `http` or `https`.
    pub scheme: String,
    /// Host and port.
    pub target: String,
    /// The path.
    pub path: String,
}

#[derive(Serialize)]
struct Config {
    rule_files: Vec<String>,
    scrape_configs: Vec<Scrape>,
}

#[derive(Serialize)]
struct Scrape {
    job_name: String,
    metrics_path: String,
    scheme: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    params: Option<BTreeMap<&'static str, Vec<&'static str>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tls_config: Option<Tls>,
    #[serde(skip_serializing_if = "Option::is_none")]
    basic_auth: Option<Login>,
    static_configs: Vec<Static>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    relabel_configs: Vec<Relabel>,
}

#[derive(Serialize)]
struct Tls {
    ca_file: PathBuf,
}

#[derive(Serialize)]
struct Login {
    username: String,
    password_file: PathBuf,
}

#[derive(Serialize)]
struct Static {
    targets: Vec<String>,
    labels: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct Relabel {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    source_labels: Vec<&'static str>,
    target_label: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    replacement: Option<&'static str>,
}

#[derive(Serialize)]
struct Rules {
    groups: [Group; 1],
}

#[derive(Serialize)]
struct Group {
    name: String,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
struct Rule {
    alert: &'static str,
    expr: String,
    #[serde(rename = "for")]
    lasting: &'static str,
    labels: BTreeMap<&'static str, &'static str>,
    annotations: BTreeMap<&'static str, String>,
}

impl Watched {
    fn job(&self) -> String {
        format!("reg-{}", self.name)
    }

    fn labels(&self) -> BTreeMap<&'static str, String> {
        [("registry", self.name.clone()), ("type", self.kind.clone())].into()
    }

    /// The name of the file with the rules.
    #[must_use]
    pub fn rules_file(&self) -> String {
        format!("{}.rules.yml", self.job())
    }

    /// `prometheus.yml`: scrapes the registry's metrics, and its certificate through blackbox_exporter.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`] when a path is not UTF-8.
    pub fn config(&self) -> Result<String> {
        let mut scrapes = Vec::new();
        if let Some(endpoint) = &self.metrics {
            let secure = endpoint.scheme == "https";
            scrapes.push(Scrape {
                job_name: self.job(),
                metrics_path: endpoint.path.clone(),
                scheme: endpoint.scheme.clone(),
                params: None,
                tls_config: self.ca_file.clone().filter(|_| secure).map(|ca_file| Tls { ca_file }),
                basic_auth: self.login.clone().map(|(username, password_file)| Login { username, password_file }),
                static_configs: vec![Static { targets: vec![endpoint.target.clone()], labels: self.labels() }],
                relabel_configs: Vec::new(),
            });
        }
        if self.url.starts_with("https://") {
            scrapes.push(Scrape {
                job_name: format!("{}-certificate", self.job()),
                metrics_path: "/probe".to_owned(),
                scheme: "http".to_owned(),
                params: Some([("module", vec!["http_2xx"])].into()),
                tls_config: None,
                basic_auth: None,
                static_configs: vec![Static { targets: vec![format!("{}/v2/", self.url)], labels: self.labels() }],
                relabel_configs: vec![
                    Relabel { source_labels: vec!["__address__"], target_label: "__param_target", replacement: None },
                    Relabel { source_labels: vec!["__param_target"], target_label: "instance", replacement: None },
                    Relabel { source_labels: Vec::new(), target_label: "__address__", replacement: Some(BLACKBOX) },
                ],
            });
        }
        yaml::to_string(&Config { rule_files: vec![self.rules_file()], scrape_configs: scrapes })
    }

    /// The alerts: down, storage over 80 %, more than 5 % errors, certificate about to expire; each where something tells.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`] when a path is not UTF-8.
    pub fn rules(&self) -> Result<String> {
        let job = self.job();
        let rule = |alert, expr, lasting, severity, summary: String, description: &str| Rule {
            alert,
            expr,
            lasting,
            labels: [("severity", severity)].into(),
            annotations: [("summary", summary), ("description", description.to_owned())].into(),
        };
        let name = &self.name;
        let mut rules = Vec::new();
        if self.metrics.is_some() {
            rules.push(rule(
                "RegistryDown",
                format!("up{{job={}}} == 0", text(&job)),
                "5m",
                "critical",
                format!("registry {name} does not answer"),
                "`reg-up status` says why, `reg-up logs --tail 20` what it said last.",
            ));
        }
        if let Some(requests) = self.requests.as_ref().filter(|_| self.metrics.is_some()) {
            let rate = |more: &str| format!("sum(rate({requests}{{job={}{more}}}[5m]))", text(&job));
            rules.push(rule(
                "RegistryErrors",
                format!("{} / {} > 0.05", rate(",code=~\"5..\""), rate("")),
                "10m",
                "warning",
                format!("registry {name} answers more than 5 % of its requests with an error of its own"),
                "`reg-up logs` has the requests and their reasons.",
            ));
        }
        if let Some(mount) = &self.mount {
            let of = |metric: &str| format!("{metric}{{mountpoint={}}}", text(&mount.display().to_string()));
            rules.push(rule(
                "RegistryStorageFull",
                format!("1 - {} / {} > 0.8", of("node_filesystem_avail_bytes"), of("node_filesystem_size_bytes")),
                "15m",
                "warning",
                format!("the storage of registry {name} is more than 80 % full"),
                "From node_exporter on the registry's machine. `reg-up gc` removes what no manifest needs any more.",
            ));
        }
        if self.url.starts_with("https://") {
            rules.push(rule(
                "RegistryCertificateExpires",
                format!("probe_ssl_earliest_cert_expiry{{job={}}} - time() < 14 * 86400", text(&format!("{job}-certificate"))),
                "1h",
                "warning",
                format!("the certificate of registry {name} expires within 14 days"),
                "From blackbox_exporter, which must trust the certificate's authority. `reg-test health` says how many days are left.",
            ));
        }
        yaml::to_string(&Rules { groups: [Group { name: job.clone(), rules }] })
    }
}

/// A text in PromQL.
fn text(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched() -> Watched {
        Watched {
            name: "dev".to_owned(),
            kind: "zot".to_owned(),
            url: "https://localhost:5000".to_owned(),
            metrics: Some(Endpoint {
                scheme: "https".to_owned(),
                target: "localhost:5000".to_owned(),
                path: "/metrics".to_owned(),
            }),
            requests: Some("zot_http_requests_total".to_owned()),
            mount: Some("/srv/\"x\"".into()),
            ca_file: Some("/srv/ca.crt".into()),
            login: Some(("prom".to_owned(), "/srv/password".into())),
        }
    }

    #[test]
    fn what_is_not_told_raises_no_alert() {
        let all = watched();
        let names = |watched: &Watched| {
            let rules = watched.rules().unwrap();
            rules.lines().filter_map(|line| line.split_once("alert: ").map(|(_, name)| name.to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(names(&all), ["RegistryDown", "RegistryErrors", "RegistryStorageFull", "RegistryCertificateExpires"]);
        let silent = Watched { metrics: None, mount: None, url: "http://localhost:5000".to_owned(), ..all.clone() };
        assert_eq!(names(&silent), [""; 0]);
        assert!(all.rules().unwrap().contains(r#"{mountpoint="/srv/\"x\""}"#));
        let config = all.config().unwrap();
        assert!(config.contains("password_file: /srv/password") && config.contains("reg-dev-certificate"), "{config}");
        assert!(!silent.config().unwrap().contains("job_name"));
    }
}
