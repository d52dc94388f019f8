//! Which token server a registry may send us to.
//!
//! A registry names its token server (the *realm*) in a header, so a hostile one could name its own and collect passwords. The
//! rules: a realm carries no user info; it is https when the registry is; a registry in the network does not point into this
//! machine or to link-local addresses; and a credential goes only to the registry's own host, to the known partner of a public
//! registry, or to a host that the caller allowed. Anonymous tokens may come from anywhere else.

use reqwest::Url;

use crate::error::{Error, Result};
use crate::http::{Origin, trespasses};

/// Public registries whose token server lives under another name.
const PARTNERS: [(&str, &str); 4] = [
    ("docker.io", "auth.docker.io"),
    ("index.docker.io", "auth.docker.io"),
    ("registry-1.docker.io", "auth.docker.io"),
    ("registry.gitlab.com", "gitlab.com"),
];

/// The realm as a URL, when it may be asked: with a credential or anonymously.
///
/// # Errors
/// [`crate::exit::Exit::Denied`] with the rule that forbids it.
pub fn check(registry: &Url, realm: &str, with_credential: bool, allowed: &[String]) -> Result<Url> {
    let place = Origin::of(registry);
    let refused = |why: &str| Error::denied(format!("{place} sends us to a token server that is not asked: {why}"));
    let url: Url = realm.parse().map_err(|_| refused("its realm is no URL"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refused("its realm is no http URL"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refused("its realm carries user info"));
    }
    let there = Origin::of(&url);
    if registry.scheme() == "https" && url.scheme() == "http" {
        return Err(refused(&format!("{there} is plain http, the registry is https")));
    }
    if trespasses(registry, &url) {
        return Err(refused(&format!("{there} is not an address that a registry may point to")));
    }
    if with_credential && !may_have_credential(registry, &url, allowed) {
        return Err(refused(&format!("{there} is another host, and the credential is for {}", place.host()))
            .hint(format!("if that token server may have the password: --token-host {}", there.host())));
    }
    Ok(url)
}

fn may_have_credential(registry: &Url, realm: &Url, allowed: &[String]) -> bool {
    let (home, host) = (registry.host_str().unwrap_or_default(), realm.host_str().unwrap_or_default());
    let with_port = realm.port_or_known_default().map(|port| format!("{host}:{port}")).unwrap_or_default();
    home == host
        || PARTNERS.contains(&(home, host))
        || allowed.iter().any(|allowed| allowed.eq_ignore_ascii_case(host) || allowed.eq_ignore_ascii_case(&with_port))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(registry: &str, realm: &str, with_credential: bool, allowed: &[&str]) -> Option<String> {
        let allowed: Vec<_> = allowed.iter().map(|&host| host.to_owned()).collect();
        check(&registry.parse().unwrap(), realm, with_credential, &allowed).err().map(|error| error.to_string())
    }

    #[test]
    fn a_credential_goes_to_the_registrys_own_host_and_to_those_allowed() {
        assert_eq!(fault("https://reg.example/", "https://reg.example:5001/token", true, &[]), None);
        assert_eq!(fault("https://registry-1.docker.io/", "https://auth.docker.io/token", true, &[]), None);
        assert_eq!(fault("https://reg.example/", "https://auth.example/token", true, &["auth.example"]), None);
        assert_eq!(fault("https://reg.example/", "https://auth.example/token", true, &["AUTH.example:443"]), None);
        assert_eq!(fault("https://reg.example/", "https://auth.example/token", false, &[]), None);
        assert_eq!(
            fault("https://reg.example/", "https://auth.example/token", true, &["auth.example:1"]).unwrap(),
            "https://reg.example sends us to a token server that is not asked: \
             https://auth.example is another host, and the credential is for reg.example"
        );
        assert!(fault("https://reg.example/", "https://auth.docker.io/token", true, &[]).is_some());
    }

    #[test]
    fn the_hint_names_the_flag() {
        let error = check(&"https://a.example/".parse().unwrap(), "https://b.example/t", true, &[]).unwrap_err();
        assert_eq!(error.hint_text(), Some("if that token server may have the password: --token-host b.example"));
    }

    #[test]
    fn some_realms_are_refused_even_without_a_credential() {
        for (realm, why) in [
            ("http://reg.example/token", "plain http"),
            ("https://me:hunter2@reg.example/token", "user info"),
            ("https://169.254.169.254/token", "may point to"),
            ("https://[fd00:ec2::254]/token", "may point to"),
            ("https://127.0.0.1/token", "may point to"),
            ("file:///etc/passwd", "no http URL"),
            ("token", "no URL"),
        ] {
            let fault = fault("https://reg.example/", realm, false, &[]).unwrap();
            assert!(fault.contains(why), "{realm}: {fault}");
            assert!(!fault.contains("hunter2"));
        }
    }
}
