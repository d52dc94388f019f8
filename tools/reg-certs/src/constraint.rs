//! What an authority may sign for (RFC 5280, 4.2.1.10): domains with all below them, and networks.

use std::net::IpAddr;
use std::str::FromStr;

use rcgen::{CidrSubnet, GeneralSubtree, NameConstraints};
use reg_shared::error::{Error, Result};
use reg_shared::name::quoted;

use crate::host;

/// What an authority may sign for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Constraint {
    /// A domain and all below it.
    Domain(String),
    /// A network.
    Network(IpAddr, u8),
}

impl FromStr for Constraint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let bad = || {
            Error::usage(format!("{} is neither a domain nor a network", quoted(text)))
                .hint("a domain is written example.com, which holds for all below it, a network 10.0.0.0/8")
        };
        let (address, prefix) = text.split_once('/').map_or((text, None), |(address, prefix)| (address, Some(prefix)));
        let Ok(address) = address.parse::<IpAddr>() else {
            return host::dns(text.trim_start_matches('.')).map(Self::Domain).ok_or_else(bad);
        };
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(most), |prefix| prefix.parse::<u8>().map_err(|_| bad()))?;
        if prefix <= most { Ok(Self::Network(address, prefix)) } else { Err(bad()) }
    }
}

impl Constraint {
    /// As a certificate's facts have it.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Domain(domain) => domain.clone(),
            Self::Network(address, prefix) => format!("{address}/{prefix}"),
        }
    }
}

/// The extension of a certificate. A kind of name that no subtree is of is not constrained at all, so kinds that were not named are excluded.
pub(crate) fn extension(constraints: &[Constraint]) -> NameConstraints {
    let mut permitted = Vec::new();
    for constraint in constraints {
        match constraint {
            Constraint::Domain(domain) => {
                permitted.push(GeneralSubtree::DnsName(domain.clone()));
                permitted.push(GeneralSubtree::Rfc822Name(domain.clone()));
                permitted.push(GeneralSubtree::Rfc822Name(format!(".{domain}")));
            }
            Constraint::Network(address, prefix) => {
                permitted.push(GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(*address, *prefix)));
            }
        }
    }
    let has = |v4: bool| {
        constraints.iter().any(|constraint| matches!(constraint, Constraint::Network(address, _) if address.is_ipv4() == v4))
    };
    let mut excluded = Vec::new();
    for (v4, all) in [(true, IpAddr::from([0; 4])), (false, IpAddr::from([0; 16]))] {
        if !has(v4) {
            excluded.push(GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(all, 0)));
        }
    }
    if !constraints.iter().any(|constraint| matches!(constraint, Constraint::Domain(_))) {
        // An empty name has all others below it; a mail address is excluded by permitting one that nobody has (RFC 6761).
        excluded.push(GeneralSubtree::DnsName(String::new()));
        permitted.push(GeneralSubtree::Rfc822Name("invalid".to_owned()));
    }
    NameConstraints { permitted_subtrees: permitted, excluded_subtrees: excluded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constraint_is_a_domain_or_a_network() {
        for (text, expected) in [
            ("example.com", Constraint::Domain("example.com".into())),
            (".Example.com", Constraint::Domain("example.com".into())),
            ("10.0.0.0/8", Constraint::Network([10, 0, 0, 0].into(), 8)),
            ("127.0.0.1", Constraint::Network([127, 0, 0, 1].into(), 32)),
            ("fd00::/8", Constraint::Network("fd00::".parse().unwrap(), 8)),
        ] {
            assert_eq!(text.parse::<Constraint>().unwrap(), expected, "{text}");
        }
        for bad in ["", "*.example.com", "10.0.0.0/33", "10.0.0.0/x", "a b"] {
            assert!(bad.parse::<Constraint>().is_err(), "{bad}");
        }
    }
}
