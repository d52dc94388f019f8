//! Counters for Prometheus, and their text format (version 0.0.4).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::{Method, StatusCode};

/// What a server counts.
#[derive(Debug)]
pub(super) struct Metrics {
    requests: Mutex<BTreeMap<(&'static str, u16), Requests>>,
    pub(super) received_bytes: AtomicU64,
    pub(super) sent_bytes: AtomicU64,
    pub(super) connections: AtomicI64,
    pub(super) collections: AtomicU64,
    pub(super) manifests: AtomicU64,
    started: SystemTime,
}

#[derive(Debug, Default, Clone, Copy)]
struct Requests {
    count: u64,
    time: Duration,
}

impl Metrics {
    pub(super) fn new() -> Self {
        Self {
            requests: Mutex::default(),
            received_bytes: AtomicU64::new(0),
            sent_bytes: AtomicU64::new(0),
            connections: AtomicI64::new(0),
            collections: AtomicU64::new(0),
            manifests: AtomicU64::new(0),
            started: SystemTime::now(),
        }
    }

    pub(super) fn count(&self, method: &Method, status: StatusCode, time: Duration) {
        const KNOWN: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
        let method = KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("OTHER");
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = requests.entry((method, status.as_u16())).or_default();
        entry.count += 1;
        entry.time += time;
    }

    /// All of them; `uploads` is how many are under way now, `checks` how many passwords bcrypt was asked about.
    pub(super) fn text(&self, uploads: usize, checks: u64) -> String {
        let mut text = String::new();
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone();
        head(&mut text, "reg_requests_total", "counter", "Requests answered.");
        for ((method, code), requests) in &requests {
            line(&mut text, &format!("reg_requests_total{{method=\"{method}\",code=\"{code}\"}}"), requests.count);
        }
        head(&mut text, "reg_request_duration_seconds", "summary", "Time from a request's head to the end of its answer.");
        for ((method, code), requests) in &requests {
            let labels = format!("{{method=\"{method}\",code=\"{code}\"}}");
            line(&mut text, &format!("reg_request_duration_seconds_sum{labels}"), requests.time.as_secs_f64());
            line(&mut text, &format!("reg_request_duration_seconds_count{labels}"), requests.count);
        }
        let started = self.started.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        for (name, kind, help, value) in [
            ("reg_received_bytes_total", "counter", "Bytes read from connections.", self.received_bytes.load(Relaxed) as f64),
            ("reg_sent_bytes_total", "counter", "Bytes written to connections.", self.sent_bytes.load(Relaxed) as f64),
            ("reg_connections", "gauge", "Connections open now.", self.connections.load(Relaxed) as f64),
            ("reg_uploads", "gauge", "Uploads under way.", uploads as f64),
            ("reg_manifests_total", "counter", "Manifests pushed.", self.manifests.load(Relaxed) as f64),
            ("reg_password_checks_total", "counter", "Passwords checked with bcrypt.", checks as f64),
            ("reg_garbage_collections_total", "counter", "Garbage collections done.", self.collections.load(Relaxed) as f64),
            ("process_start_time_seconds", "gauge", "When the server started, as Unix time.", started),
        ] {
            head(&mut text, name, kind, help);
            line(&mut text, name, value);
        }
        for (name, kind, help, value) in own_process() {
            head(&mut text, name, kind, help);
            line(&mut text, name, value);
        }
        text
    }
}

/// What the system says of this process, under the names that Prometheus' own client libraries use; what it does not say is left out.
fn own_process() -> Vec<(&'static str, &'static str, &'static str, f64)> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    // proc(5): the second number of statm is the resident pages.
    let pages = fs::read_to_string("/proc/self/statm").ok().and_then(|text| text.split(' ').nth(1)?.parse::<usize>().ok());
    let files = fs::read_dir("/proc/self/fd").ok().map(Iterator::count);
    let mut told = vec![(
        "process_cpu_seconds_total",
        "counter",
        "Processor time used, in seconds.",
        time.tv_sec as f64 + time.tv_nsec as f64 / 1e9,
    )];
    told.extend(pages.map(|pages| {
        let bytes = (pages * rustix::param::page_size()) as f64;
        ("process_resident_memory_bytes", "gauge", "Memory in use, in bytes.", bytes)
    }));
    told.extend(files.map(|files| ("process_open_fds", "gauge", "Open file descriptors.", files as f64)));
    told
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    // Writing to a String cannot fail.
    let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
}

fn line(text: &mut String, series: &str, value: impl std::fmt::Display) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{series} {value}");
}
