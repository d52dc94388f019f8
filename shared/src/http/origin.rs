//! Where a URL leads: its origin, whether that is this machine, and how it is shown.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

/// Scheme, host and port (RFC 6454): what a credential belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

impl Origin {
    /// The origin of an `http` or `https` URL.
    #[must_use]
    pub fn of(url: &Url) -> Self {
        Self {
            scheme: url.scheme().to_owned(),
            host: url.host_str().unwrap_or_default().to_owned(),
            port: url.port_or_known_default().unwrap_or_default(),
        }
    }

    /// The host name or address, IPv6 in brackets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }
}

impl fmt::Display for Origin {
    /// `https://host` or `https://host:8443`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host)?;
        match (self.scheme.as_str(), self.port) {
            ("https", 443) | ("http", 80) => Ok(()),
            (_, port) => write!(f, ":{port}"),
        }
    }
}

/// Query parameters whose values are no secrets. All others (`_state`, signatures, tokens) are left out of what is shown.
const SHOWN: [&str; 11] =
    ["n", "last", "digest", "digest-algorithm", "mount", "from", "tag", "artifactType", "scope", "service", "client_id"];

/// The URL without user info, fragment and the values of query parameters that could be secrets.
#[must_use]
pub fn redacted(url: &Url) -> String {
    let mut text = format!("{}{}", Origin::of(url), url.path());
    let Some(query) = url.query() else { return text };
    let mut separator = '?';
    for pair in query.split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        text.push(separator);
        text.push_str(name);
        if pair.contains('=') {
            text.push('=');
            text.push_str(if SHOWN.contains(&name) { value } else { "…" });
        }
        separator = '&';
    }
    text
}

/// Whether the host is this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    nearness(url) == Nearness::Loopback
}

#[derive(PartialEq, Eq)]
enum Nearness {
    Loopback,
    /// Link-local, unspecified, or the metadata service of a cloud.
    Link,
    Network,
}

fn nearness(url: &Url) -> Nearness {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let Ok(address) = host.parse::<IpAddr>() else {
        let name = host.trim_end_matches('.');
        let local = name == "localhost" || name.ends_with(".localhost");
        return if local { Nearness::Loopback } else { Nearness::Network };
    };
    match address.to_canonical() {
        address if address.is_loopback() => Nearness::Loopback,
        address if address.is_unspecified() => Nearness::Link,
        IpAddr::V4(v4) if v4.is_link_local() => Nearness::Link,
        // fe80::/10, and fd00:ec2::254, where AWS serves its metadata over IPv6.
        IpAddr::V6(v6) if v6.segments()[0] & 0xffc0 == 0xfe80 => Nearness::Link,
        IpAddr::V6(v6) if v6.segments()[..2] == [0xfd00, 0x0ec2] => Nearness::Link,
        _ => Nearness::Network,
    }
}

/// Whether a server at `from` sends us where it has no business: from the network to this machine, or from anywhere to a
/// link-local address (cloud metadata). Names are not resolved.
#[must_use]
pub fn trespasses(from: &Url, to: &Url) -> bool {
    match nearness(to) {
        Nearness::Loopback => nearness(from) != Nearness::Loopback,
        Nearness::Link => nearness(from) != Nearness::Link,
        Nearness::Network => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn user_info_and_secret_query_values_are_not_shown() {
        for (text, shown) in [
            ("https://me:hunter2@reg.example/v2/", "https://reg.example/v2/"),
            ("http://reg.example:5000/v2/_catalog?n=5&last=a", "http://reg.example:5000/v2/_catalog?n=5&last=a"),
            (
                "https://r/v2/a/blobs/uploads/1?_state=abc&digest=sha256:1",
                "https://r/v2/a/blobs/uploads/1?_state=…&digest=sha256:1",
            ),
            ("https://s3.example/b?X-Amz-Signature=00ff&X-Amz-Date=1", "https://s3.example/b?X-Amz-Signature=…&X-Amz-Date=…"),
            ("https://a/token?account=me&scope=x#frag", "https://a/token?account=…&scope=x"),
        ] {
            assert_eq!(redacted(&url(text)), shown);
        }
    }

    #[test]
    fn default_ports_belong_to_the_origin() {
        assert_eq!(Origin::of(&url("https://a/")), Origin::of(&url("https://a:443/x")));
        assert_ne!(Origin::of(&url("https://a/")), Origin::of(&url("http://a/")));
        assert_ne!(Origin::of(&url("https://a/")), Origin::of(&url("https://a:444/")));
    }

    #[test]
    fn the_network_may_not_point_into_this_machine() {
        let registry = url("https://reg.example/");
        for local in [
            "http://127.0.0.1/",
            "http://localhost:1/",
            "http://x.localhost/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://169.254.169.254/latest/",
            "http://[fd00:ec2::254]/",
            "http://[fe80::1]/",
            "http://0.0.0.0/",
            "http://2130706433/",
        ] {
            assert!(trespasses(&registry, &url(local)), "{local}");
        }
        assert!(!trespasses(&registry, &url("https://10.0.0.1/")));
        assert!(!trespasses(&url("http://localhost:5000/"), &url("http://127.0.0.2/")));
        assert!(trespasses(&url("http://localhost:5000/"), &url("http://169.254.169.254/")));
    }
}
