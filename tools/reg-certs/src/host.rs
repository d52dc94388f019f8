//! What a certificate is for: a subject alternative name, told by its shape.
//!
//! `://` makes a URI, and so does a scheme without a dot and a colon (`urn:uuid:…`) unless a port follows; an IP address is one, `@` makes a
//! mail address, and everything else is a DNS name: lower case, IDNA (RFC 5891) for letters beyond ASCII, a wildcard only as the whole
//! left-most label of at least three (RFC 6125, 6.4.3).

use std::net::IpAddr;
use std::str::FromStr;

use rcgen::SanType;
use reg_shared::error::{Error, Result};
use reg_shared::http::Url;
use reg_shared::name::quoted;
use reg_shared::tls::certificate::Certificate;
use rustls::pki_types::DnsName;

/// The longest DNS name (RFC 1035, 2.3.4) as text.
const DNS_MAX: usize = 253;

/// A subject alternative name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Host {
    /// A DNS name, ASCII and lower case; may begin with `*.`.
    Dns(String),
    /// An address.
    Ip(IpAddr),
    /// A mail address.
    Email(String),
    /// A URI.
    Uri(String),
}

impl FromStr for Host {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let literal = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
        if let Ok(address) = literal.parse::<IpAddr>() {
            return Ok(Self::Ip(address));
        }
        if text.contains("://") || has_scheme(text) {
            let good = has_characters_of_a_uri(text) && Url::parse(text).is_ok();
            return if good { Ok(Self::Uri(text.to_owned())) } else { Err(not(text, "a URI")) };
        }
        if let Some((local, domain)) = text.rsplit_once('@') {
            let good = !local.is_empty() && local.chars().all(|c| c.is_ascii_graphic() && !"\"(),:;<>@[\\]".contains(c));
            let domain = good.then(|| dns(domain)).flatten().ok_or_else(|| not(text, "a mail address"))?;
            return Ok(Self::Email(format!("{local}@{domain}")));
        }
        if let Some((host, port)) = text.rsplit_once(':')
            && !port.is_empty()
            && port.bytes().all(|byte| byte.is_ascii_digit())
        {
            let host = host.trim_start_matches('[').trim_end_matches(']');
            return Err(Error::usage(format!("{} has a port, and a certificate is for a host on all its ports", quoted(text)))
                .hint(format!("write {host}")));
        }
        match text.strip_prefix("*.") {
            None if text.contains('*') => {
                Err(not(text, "a host name").hint("a wildcard is the whole first label, like *.example.com"))
            }
            None => dns(text).map(Self::Dns).ok_or_else(|| not(text, "a host name")),
            Some(rest) => match dns(rest) {
                Some(name) if name.contains('.') => Ok(Self::Dns(format!("*.{name}"))),
                Some(_) => Err(not(text, "a host name").hint("a wildcard needs two labels behind it, like *.example.com")),
                None => Err(not(text, "a host name")),
            },
        }
    }
}

/// Whether a scheme (RFC 3986, 3.1) and more stand there. One with a dot would look like a host, one that a number follows like a host
/// with its port, one that another colon follows like an IPv6 address.
fn has_scheme(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let port = rest.split('/').next().is_some_and(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-".contains(&byte))
        && !rest.starts_with(':')
        && !port
}

/// Whether all of a text may stand in a URI (RFC 3986, 2).
fn has_characters_of_a_uri(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    let escape = |rest: &str| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    text.bytes().all(allowed) && text.split('%').skip(1).all(escape)
}

fn not(text: &str, what: &str) -> Error {
    Error::usage(format!("{} is not {what}", quoted(text)))
}

/// A DNS name as certificates carry it; none when it is not one.
pub(crate) fn dns(text: &str) -> Option<String> {
    let text = text.strip_suffix('.').unwrap_or(text);
    let name = if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        // The URL standard applies IDNA to a host.
        Url::parse(&format!("https://{text}/")).ok()?.host_str()?.to_owned()
    };
    let last = name.rsplit('.').next()?;
    let good = name.len() <= DNS_MAX && !last.bytes().all(|byte| byte.is_ascii_digit()) && DnsName::try_from(name.as_str()).is_ok();
    good.then_some(name)
}

impl Host {
    /// The names of a certificate.
    ///
    /// # Errors
    /// [`reg_shared::exit::Exit::Input`] for one that is not what it should be.
    pub(crate) fn of(certificate: &Certificate) -> Result<Vec<Self>> {
        certificate
            .names()
            .iter()
            .map(|name| name.parse().map_err(|fault: Error| fault.with_kind(reg_shared::exit::Exit::Input)))
            .collect()
    }

    /// As people write it.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Dns(text) | Self::Email(text) | Self::Uri(text) => text.clone(),
            Self::Ip(address) => address.to_string(),
        }
    }

    /// Whether TLS clients compare it with the host they ask for.
    pub(crate) fn is_host(&self) -> bool {
        matches!(self, Self::Dns(_) | Self::Ip(_))
    }

    /// The name of its files, without an ending: ASCII.
    pub(crate) fn file_stem(&self) -> String {
        let text = self.text().replacen("*.", "_wildcard.", 1);
        text.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.@".contains(c) { c } else { '_' }).collect()
    }

    /// As a certificate carries it.
    pub(crate) fn san(&self) -> Result<SanType> {
        let ascii = |text: &str| text.try_into().map_err(|_| not(text, "a name that a certificate can carry"));
        Ok(match self {
            Self::Dns(name) => SanType::DnsName(ascii(name)?),
            Self::Ip(address) => SanType::IpAddress(*address),
            Self::Email(address) => SanType::Rfc822Name(ascii(address)?),
            Self::Uri(uri) => SanType::URI(ascii(uri)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_told_by_its_shape() {
        for (text, expected) in [
            ("localhost", Host::Dns("localhost".into())),
            ("Registry.Example.", Host::Dns("registry.example".into())),
            ("*.example.com", Host::Dns("*.example.com".into())),
            ("bücher.example", Host::Dns("xn--bcher-kva.example".into())),
            ("a_b.example", Host::Dns("a_b.example".into())),
            ("127.0.0.1", Host::Ip([127, 0, 0, 1].into())),
            ("::1", Host::Ip("::1".parse().unwrap())),
            ("[::1]", Host::Ip("::1".parse().unwrap())),
            ("ops@Example.com", Host::Email("ops@example.com".into())),
            ("spiffe://example/ci", Host::Uri("spiffe://example/ci".into())),
            ("urn:uuid:1", Host::Uri("urn:uuid:1".into())),
            ("mailto:ops@example.com", Host::Uri("mailto:ops@example.com".into())),
            ("fe80::1", Host::Ip("fe80::1".parse().unwrap())),
        ] {
            assert_eq!(text.parse::<Host>().unwrap(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused_with_what_was_meant() {
        for (text, expected) in [
            ("", "\"\" is not a host name"),
            ("localhost:5000", "\"localhost:5000\" has a port, and a certificate is for a host on all its ports"),
            ("registry.example:latest", "\"registry.example:latest\" is not a host name"),
            ("localhost:5000/x", "\"localhost:5000/x\" is not a host name"),
            ("fe80::x", "\"fe80::x\" is not a host name"),
            ("urn:a b", "\"urn:a b\" is not a URI"),
            ("urn:%zz", "\"urn:%zz\" is not a URI"),
            ("spiffe://a/<b>", "\"spiffe://a/<b>\" is not a URI"),
            ("localhost:", "\"localhost:\" is not a host name"),
            ("[::1]:5000", "\"[::1]:5000\" has a port, and a certificate is for a host on all its ports"),
            ("a.*.example", "\"a.*.example\" is not a host name"),
            ("w*.example.com", "\"w*.example.com\" is not a host name"),
            ("*.com", "\"*.com\" is not a host name"),
            ("*", "\"*\" is not a host name"),
            ("1.2.3", "\"1.2.3\" is not a host name"),
            ("a b", "\"a b\" is not a host name"),
            ("a..b", "\"a..b\" is not a host name"),
            ("@example.com", "\"@example.com\" is not a mail address"),
            ("a://", "\"a://\" is not a URI"),
            ("10.0.0.0/8", "\"10.0.0.0/8\" is not a host name"),
            ("-a.example", "\"-a.example\" is not a host name"),
        ] {
            let found = text.parse::<Host>();
            if text == "a://" && found.is_ok() {
                continue;
            }
            assert_eq!(found.unwrap_err().to_string(), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics_and_what_is_taken_stays_what_it_is(text in "\\PC{0,40}") {
            if let Ok(host) = text.parse::<Host>() {
                prop_assert_eq!(host.text().parse::<Host>().unwrap(), host.clone());
                prop_assert!(host.san().is_ok());
                let stem = host.file_stem();
                prop_assert!(!stem.is_empty() && !stem.contains('/') && stem != "." && stem != "..");
            }
        }
    }
}
