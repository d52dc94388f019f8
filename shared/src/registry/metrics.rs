//! What each type's metrics mean, under one vocabulary.
//!
//! Read from the pages of zot 2.1.20 (`pkg/extensions/monitoring/extension.go`) and Distribution 2.8.2 and 3.1.1 (`metrics/prometheus.go`
//! and the route names of `registry/api/v2/descriptors.go`).

use super::Registry;
use crate::document::{Metrics, ProcessMetrics, RequestCount, timestamp};
use crate::prometheus::Samples;

/// Where a type keeps what the vocabulary asks for.
struct Vocabulary {
    /// Requests answered, with the labels `method` and `code`.
    requests: &'static str,
    /// Manifests pushed, and the labels that say so.
    manifests: (&'static str, &'static [(&'static str, &'static str)]),
    /// Bytes stored.
    bytes: Option<&'static str>,
    /// Garbage collections done.
    collections: Option<&'static str>,
}

const EMBEDDED: Vocabulary = Vocabulary {
    requests: "reg_requests_total",
    manifests: ("reg_manifests_total", &[]),
    bytes: None,
    collections: Some("reg_garbage_collections_total"),
};

const ZOT: Vocabulary = Vocabulary {
    requests: "zot_http_requests_total",
    manifests: ("zot_repo_uploads_total", &[]),
    bytes: Some("zot_repo_storage_bytes"),
    // A counter that shows itself with the first collection only, so it is the summary beside it.
    collections: Some("zot_gc_duration_seconds_count"),
};

const DISTRIBUTION: Vocabulary = Vocabulary {
    requests: "registry_http_requests_total",
    manifests: ("registry_http_requests_total", &[("handler", "manifest"), ("method", "put"), ("code", "201")]),
    bytes: None,
    collections: None,
};

impl Registry {
    fn vocabulary(self) -> Option<Vocabulary> {
        match self {
            Self::Embedded => Some(EMBEDDED),
            Self::Zot => Some(ZOT),
            Self::Distribution => Some(DISTRIBUTION),
            Self::Harbor | Self::Oci => None,
        }
    }

    /// Where the metrics are; `known` is the address that the registry's document names. None when there is none, or nobody knows what
    /// they mean.
    #[must_use]
    pub fn metrics_address(self, known: Option<&str>) -> Option<String> {
        let own = (self == Self::Embedded).then_some("/metrics");
        self.vocabulary().and_then(|_| known.or(own)).map(ToOwned::to_owned)
    }

    /// The counter of requests, with the label `code`.
    #[must_use]
    pub fn requests_counter(self) -> Option<&'static str> {
        self.vocabulary().map(|words| words.requests)
    }

    /// A page of metrics in the words that all types share. What the type does not count is none, never zero.
    #[must_use]
    pub fn measured(self, samples: &Samples) -> Metrics {
        let mut metrics = Metrics { process: process(samples), ..Metrics::default() };
        let Some(words) = self.vocabulary() else { return metrics };
        for sample in samples.named(words.requests) {
            let (Some(method), Some(code)) = (sample.label("method"), sample.label("code").and_then(|code| code.parse().ok()))
            else {
                continue;
            };
            let (method, count) = (method.to_ascii_uppercase(), whole(sample.value));
            match metrics.requests.iter_mut().find(|row| row.method == method && row.code == code) {
                Some(row) => row.count += count,
                None => metrics.requests.push(RequestCount { method, code, count }),
            }
        }
        metrics.requests.sort_by(|a, b| (&a.method, a.code).cmp(&(&b.method, b.code)));
        metrics.requests_total = metrics.requests.iter().map(|row| row.count).sum();
        // A counter with labels shows itself with its first event, so a page without it says that there was none.
        metrics.manifests_pushed = Some(samples.sum(words.manifests.0, words.manifests.1).map_or(0, whole));
        metrics.bytes_stored = words.bytes.map(|name| samples.sum(name, &[]).map_or(0, whole));
        metrics.garbage_collections = words.collections.map(|name| samples.sum(name, &[]).map_or(0, whole));
        metrics
    }
}

/// The names that Prometheus' client libraries share.
fn process(samples: &Samples) -> ProcessMetrics {
    let number = |name| samples.sum(name, &[]).filter(|value| value.is_finite());
    let started = number("process_start_time_seconds");
    let started = started.and_then(|seconds| time::OffsetDateTime::from_unix_timestamp(whole(seconds).cast_signed()).ok());
    ProcessMetrics {
        started_at: started.map(timestamp),
        cpu_seconds: number("process_cpu_seconds_total"),
        memory_bytes: number("process_resident_memory_bytes").map(whole),
        open_files: number("process_open_fds").map(whole),
    }
}

/// Prometheus' numbers are floating; a count is whole.
fn whole(value: f64) -> u64 {
    value as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(metrics: &Metrics) -> Vec<(&str, u16, u64)> {
        metrics.requests.iter().map(|row| (row.method.as_str(), row.code, row.count)).collect()
    }

    #[test]
    fn distribution_counts_by_route_and_in_small_letters() {
        let page = Samples::parse(
            "registry_http_requests_total{code=\"200\",handler=\"blob\",method=\"get\"} 2\n\
             registry_http_requests_total{code=\"200\",handler=\"manifest\",method=\"get\"} 3\n\
             registry_http_requests_total{code=\"201\",handler=\"blob_upload_chunk\",method=\"put\"} 4\n\
             registry_http_requests_total{code=\"201\",handler=\"manifest\",method=\"put\"} 1\n\
             process_start_time_seconds 1.7952122095e+09\nprocess_resident_memory_bytes 2.533376e+07\n",
        );
        let metrics = Registry::Distribution.measured(&page.unwrap());
        assert_eq!(rows(&metrics), [("GET", 200, 5), ("PUT", 201, 5)]);
        assert_eq!((metrics.requests_total, metrics.manifests_pushed), (10, Some(1)));
        assert_eq!((metrics.bytes_stored, metrics.garbage_collections), (None, None));
        assert_eq!(metrics.process.started_at.as_deref(), Some("2026-11-20T22:03:29Z"));
        assert_eq!((metrics.process.memory_bytes, metrics.process.open_files), (Some(25_333_760), None));
    }

    #[test]
    fn zot_counts_by_repository() {
        let page = Samples::parse(
            "zot_http_requests_total{code=\"201\",method=\"PUT\"} 6\nzot_repo_uploads_total{repo=\"a\"} 2\nzot_repo_uploads_total{repo=\"b\"} 1\n\
             zot_repo_storage_bytes{repo=\"a\"} 2922\nzot_repo_storage_bytes{repo=\"b\"} 1\nzot_gc_duration_seconds_count 7\n",
        );
        let metrics = Registry::Zot.measured(&page.unwrap());
        assert_eq!(rows(&metrics), [("PUT", 201, 6)]);
        assert_eq!((metrics.manifests_pushed, metrics.bytes_stored, metrics.garbage_collections), (Some(3), Some(2923), Some(7)));
        assert_eq!(metrics.process, ProcessMetrics::default());
    }

    #[test]
    fn only_a_known_type_has_an_address() {
        assert_eq!(Registry::Embedded.metrics_address(None).as_deref(), Some("/metrics"));
        assert_eq!(Registry::Zot.metrics_address(None), None);
        assert_eq!(Registry::Distribution.metrics_address(Some("http://h:1/metrics")).as_deref(), Some("http://h:1/metrics"));
        assert_eq!(Registry::Oci.metrics_address(Some("http://h:1/metrics")), None);
    }
}
