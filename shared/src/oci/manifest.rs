//! A manifest as the bytes that were sent, and a reading view of them. Never re-serialised: the digest is over these bytes.

use std::fmt;
use std::str::FromStr;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::media;
use crate::name::Digest;

/// The largest manifest taken, in bytes (distribution spec: at least 4 MiB; Distribution and zot stop here too).
pub const SIZE_MAX: usize = 4 << 20;

/// The bytes of a manifest, with the media type they came under and their digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Exactly what the registry sent or gets.
    pub bytes: Bytes,
    /// The `Content-Type`.
    pub media_type: String,
    /// Over `bytes`, in the algorithm it is known by.
    pub digest: Digest,
}

/// What a manifest points to (image spec, "Content Descriptors").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    /// The media type of the content.
    pub media_type: String,
    /// The digest of the content.
    pub digest: Digest,
    /// The size in bytes.
    pub size: u64,
    /// Of a referrer: what kind of artifact it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// Of an image in an index: what it runs on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<Platform>,
    /// Of a referrer: its annotations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotations: Option<serde_json::Map<String, serde_json::Value>>,
}

/// What an image runs on (image spec, "Image Index").
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Platform {
    /// The operating system.
    pub os: String,
    /// The architecture.
    pub architecture: String,
    /// Which one of that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variant: Option<String>,
}

impl Platform {
    /// Whether an image for this platform is one for `wanted`, which may say less.
    #[must_use]
    pub fn is(&self, wanted: &Self) -> bool {
        // The image spec has one variant of arm64, which may be left out.
        let plain = |platform: &Self| {
            platform.variant.clone().filter(|variant| (platform.architecture.as_str(), variant.as_str()) != ("arm64", "v8"))
        };
        self.os == wanted.os
            && self.architecture == wanted.architecture
            && (wanted.variant.is_none() || plain(self) == plain(wanted))
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.os, self.architecture)?;
        self.variant.iter().try_for_each(|variant| write!(f, "/{variant}"))
    }
}

impl FromStr for Platform {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Vec<&str> = text.split('/').collect();
        let wrong = || format!("{} is not a platform: one is written like linux/amd64 or linux/arm/v7", crate::name::quoted(text));
        let (os, architecture, variant) = match parts.as_slice() {
            [os, architecture] => (os, architecture, None),
            [os, architecture, variant] if !variant.is_empty() => (os, architecture, Some((*variant).to_owned())),
            _ => return Err(wrong()),
        };
        if os.is_empty() || architecture.is_empty() {
            return Err(wrong());
        }
        Ok(Self { os: (*os).to_owned(), architecture: (*architecture).to_owned(), variant })
    }
}

/// What a registry or a copier needs to know of a manifest. Unknown fields are ignored: they live on in the bytes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// Always 2.
    pub schema_version: u64,
    /// May be missing in OCI documents.
    pub media_type: Option<String>,
    /// The artifact's type, when it says so.
    pub artifact_type: Option<String>,
    /// Of an image manifest.
    pub config: Option<Descriptor>,
    /// Of an image manifest.
    pub layers: Option<Vec<Descriptor>>,
    /// Of an index.
    pub manifests: Option<Vec<Descriptor>>,
    /// What this manifest says something about.
    pub subject: Option<Descriptor>,
    /// Free texts.
    pub annotations: Option<serde_json::Map<String, serde_json::Value>>,
}

impl View {
    /// Reads a manifest that came under `media_type`, and refuses what could be read two ways.
    ///
    /// # Errors
    /// A sentence for people: not JSON, not schema 2, `manifests` beside `layers` (CVE-2021-41190), a `mediaType` that is not the
    /// one it came under, or a key twice.
    pub fn read(bytes: &[u8], media_type: &str) -> Result<Self, String> {
        let strict: Unambiguous = serde_json::from_slice(bytes).map_err(|fault| format!("not a JSON manifest: {fault}"))?;
        if let Some(key) = strict.0 {
            return Err(format!("the key {} stands in it twice", crate::name::quoted(&key)));
        }
        let view: Self = serde_json::from_slice(bytes).map_err(|fault| format!("not a manifest: {fault}"))?;
        if view.schema_version != 2 {
            return Err(format!("schema version {} is not supported, only 2", view.schema_version));
        }
        if view.manifests.is_some() && (view.layers.is_some() || view.config.is_some()) {
            return Err("it has both manifests and layers, so it could be read two ways".to_owned());
        }
        if view.media_type.as_deref().is_some_and(|own| own != media_type) {
            let own = view.media_type.unwrap_or_default();
            return Err(format!("it says mediaType {} but came as {}", crate::name::quoted(&own), crate::name::quoted(media_type)));
        }
        if media::is_index(media_type) != view.manifests.is_some() {
            return Err(format!("{media_type} and the fields it has do not fit"));
        }
        Ok(view)
    }

    /// The type a referrers list shows: the artifact type, else an image's config media type (distribution spec, "Listing Referrers").
    #[must_use]
    pub fn effective_artifact_type(&self) -> Option<&str> {
        self.artifact_type
            .as_deref()
            .filter(|text| !text.is_empty())
            .or_else(|| self.config.as_ref().map(|config| config.media_type.as_str()))
    }

    /// The blobs it is made of, except those that may live elsewhere.
    pub fn blobs(&self) -> impl Iterator<Item = &Descriptor> {
        let layers = self.layers.iter().flatten().filter(|layer| !media::is_nondistributable(&layer.media_type));
        self.config.iter().chain(layers)
    }
}

/// Reads any JSON object only to find a key of the top level that stands there twice, also in another case (Go reads both).
struct Unambiguous(Option<String>);

impl<'de> Deserialize<'de> for Unambiguous {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> serde::de::Visitor<'de> for Keys {
            type Value = Unambiguous;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Unambiguous, A::Error> {
                let mut seen = std::collections::HashSet::new();
                let mut twice = None;
                while let Some(key) = map.next_key::<String>()? {
                    map.next_value::<serde::de::IgnoredAny>()?;
                    if !seen.insert(key.to_ascii_lowercase()) {
                        twice = Some(key);
                    }
                }
                Ok(Unambiguous(twice))
            }
        }
        deserializer.deserialize_map(Keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_that_could_be_read_two_ways_is_refused() {
        for (text, fault) in [
            (r#"{"schemaVersion":2,"manifests":[],"layers":[]}"#, "both manifests and layers"),
            (r#"{"schemaVersion":2,"layers":[],"layers":[]}"#, "stands in it twice"),
            (r#"{"schemaVersion":2,"layers":[],"Layers":[]}"#, "stands in it twice"),
            (r#"{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","layers":[]}"#, "but came as"),
            (r#"{"schemaVersion":1}"#, "schema version 1"),
            (r#"[]"#, "not a JSON manifest"),
            (r#"{"schemaVersion":2,"manifests":[]}"#, "do not fit"),
        ] {
            let error = View::read(text.as_bytes(), media::OCI_MANIFEST).unwrap_err();
            assert!(error.contains(fault), "{text}: {error}");
        }
    }

    #[test]
    fn a_platform_may_be_asked_for_with_less_than_it_says() {
        let platform = |text: &str| text.parse::<Platform>().unwrap();
        for (own, wanted, is) in [
            ("linux/amd64", "linux/amd64", true),
            ("linux/arm/v7", "linux/arm", true),
            ("linux/arm/v7", "linux/arm/v6", false),
            ("linux/arm64", "linux/arm64/v8", true),
            ("linux/arm64/v8", "linux/arm64", true),
            ("linux/amd64", "windows/amd64", false),
        ] {
            assert_eq!(platform(own).is(&platform(wanted)), is, "{own} as {wanted}");
            assert_eq!(platform(own).to_string(), own);
        }
        for bad in ["", "linux", "linux/", "/amd64", "linux/arm/", "a/b/c/d"] {
            assert!(bad.parse::<Platform>().is_err(), "{bad}");
        }
    }

    #[test]
    fn an_images_config_type_is_its_artifact_type() {
        let digest = Digest::sha256("{}");
        let text = format!(
            r#"{{"schemaVersion":2,"config":{{"mediaType":"application/x","digest":"{digest}","size":2}},"layers":[],"new":1}}"#
        );
        let view = View::read(text.as_bytes(), media::OCI_MANIFEST).unwrap();
        assert_eq!(view.effective_artifact_type(), Some("application/x"));
    }
}
