//! Where a `Location` may lead.

use ::http::HeaderMap;
use ::http::header::LOCATION;
use reqwest::Url;

use super::origin::{Origin, trespasses};
use crate::error::{Error, Result};

/// The most redirects followed for one request.
pub(super) const HOPS_MAX: usize = 10;

/// The URL that the `Location` of an answer from `from` means.
///
/// # Errors
/// There is none, it is no http URL, it carries user info, it steps down from https to http, or it leads from the network into
/// this machine.
pub fn target(from: &Url, headers: &HeaderMap) -> Result<Url> {
    let place = Origin::of(from);
    let location = headers
        .get(LOCATION)
        .and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
        .filter(|text| !text.is_empty())
        .ok_or_else(|| Error::failed(format!("{place} answered without the Location header it owes")))?;
    let url = from.join(location).map_err(|_| Error::failed(format!("{place} sent a Location that is no URL")))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(Error::failed(format!("{place} sent a Location that is no http URL")));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::failed(format!("{place} sent a Location with user info, which is not followed")));
    }
    let there = Origin::of(&url);
    if from.scheme() == "https" && url.scheme() == "http" {
        return Err(Error::failed(format!("{place} points to {there}, a step down from https to http that is not followed"))
            .hint("a proxy in front of the registry mostly fails to pass X-Forwarded-Proto to it"));
    }
    if trespasses(from, &url) {
        return Err(Error::failed(format!("{place} points to {there}, which is not followed")));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(from: &str, location: &str) -> Result<String, String> {
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, location.parse().unwrap());
        target(&from.parse().unwrap(), &headers).map(String::from).map_err(|error| error.to_string())
    }

    #[test]
    fn relative_and_absolute_locations_are_read() {
        assert_eq!(at("https://a/v2/x", "/y?_state=a%3D"), Ok("https://a/y?_state=a%3D".to_owned()));
        assert_eq!(at("https://a/v2/x", "y"), Ok("https://a/v2/y".to_owned()));
        assert_eq!(at("https://a/v2/x", "//b:1/y"), Ok("https://b:1/y".to_owned()));
    }

    #[test]
    fn what_is_not_followed() {
        for (location, fault) in [
            ("http://a/", "step down"),
            ("https://me:pw@b/", "user info"),
            ("ftp://a/", "no http URL"),
            ("https://127.0.0.1/", "not followed"),
            ("https://[", "no URL"),
        ] {
            let error = at("https://a.example/", location).unwrap_err();
            assert!(error.contains(fault), "{location}: {error}");
            assert!(!error.contains("pw"), "{error}");
        }
        assert!(
            target(&"https://a/".parse().unwrap(), &HeaderMap::new()).unwrap_err().to_string().contains("without the Location")
        );
    }
}
