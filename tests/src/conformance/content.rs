//! Blobs and manifests to push: made from a recipe, the same from the same seed.
//!
//! A content holds what the suite would: every blob once, the manifests in the order they are pushed, the last word on each tag, and
//! the referrers that the registry is to list.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use reg_shared::name::{Algorithm, Digest};
use serde_json::{Map, Value, json};

pub(super) const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
pub(super) const INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub(super) const OCTETS: &str = "application/octet-stream";
pub(super) const EMPTY_JSON: &str = "application/vnd.oci.empty.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar";
const LAYER_GZIP: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
/// The architectures of an index that names no others.
const ARCHITECTURES: &[&str] = &["amd64", "arm64"];

/// A blob to push.
#[derive(Debug, Clone)]
pub(super) struct Blob {
    pub(super) digest: Digest,
    pub(super) bytes: Bytes,
    /// The bytes are not those of the digest: the registry has to refuse them.
    pub(super) corrupt: bool,
}

/// A manifest to push.
#[derive(Debug, Clone)]
pub(super) struct Manifest {
    pub(super) digest: Digest,
    pub(super) bytes: Bytes,
    pub(super) media_type: &'static str,
    /// The digest of its subject.
    pub(super) subject: Option<String>,
    /// The bytes are not those of the digest: the registry has to refuse them.
    pub(super) corrupt: bool,
}

/// What one test pushes.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) blobs: Vec<Blob>,
    pub(super) manifests: Vec<Manifest>,
    /// Each tag and the manifest it is to point to.
    pub(super) tags: BTreeMap<String, Digest>,
    /// Manifests are pushed with their tags as parameters.
    pub(super) tag_params: bool,
    /// By the digest of a subject: the descriptors that the registry is to list.
    pub(super) referrers: BTreeMap<String, Vec<Value>>,
    random: Random,
}

/// What an image or an index is to be.
#[derive(Debug, Clone)]
pub(super) struct Recipe<'a> {
    pub(super) tag: Option<&'a str>,
    pub(super) algorithm: Algorithm,
    /// One image each, for an index.
    pub(super) architectures: &'a [&'a str],
    pub(super) layers: usize,
    pub(super) compressed: bool,
    /// The artifact type and the media type of its one layer, for what is no image.
    pub(super) artifact: Option<(&'a str, &'a str)>,
    pub(super) annotations: Map<String, Value>,
    /// The descriptor of the manifest it refers to. What has one has an annotation like no other, too, when it is annotated.
    pub(super) subject: Option<Value>,
    /// Descriptors carry the content in `data`.
    pub(super) data_field: bool,
    /// Configuration and manifests have a field that the spec does not know.
    pub(super) custom_field: bool,
}

impl Default for Recipe<'_> {
    fn default() -> Self {
        Self {
            tag: None,
            algorithm: Algorithm::Sha256,
            architectures: ARCHITECTURES,
            layers: 2,
            compressed: true,
            artifact: None,
            annotations: Map::new(),
            subject: None,
            data_field: false,
            custom_field: false,
        }
    }
}

impl<'a> Recipe<'a> {
    /// The usual image or index, under a tag.
    pub(super) fn tagged(tag: &'a str) -> Self {
        Self { tag: Some(tag), ..Self::default() }
    }

    /// An artifact of one type, with one layer of another.
    pub(super) fn artifact(artifact_type: &'a str, layer: &'a str) -> Self {
        Self { artifact: Some((artifact_type, layer)), layers: 1, ..Self::default() }
    }

    /// The same, referring to a subject and annotated.
    pub(super) fn referring(self, subject: &Value) -> Self {
        let annotations = Map::from_iter([("org.opencontainers.conformance".to_owned(), json!("hello conformance test"))]);
        Self { subject: Some(subject.clone()), annotations, ..self }
    }
}

impl Content {
    /// Nothing yet. What is put into it follows from the seed and the name alone.
    pub(super) fn new(seed: u64, name: &str) -> Self {
        let (blobs, manifests, tags, referrers) = Default::default();
        Self { blobs, manifests, tags, tag_params: false, referrers, random: Random::new(seed, name) }
    }

    /// Bytes like no others.
    pub(super) fn bytes(&mut self, length: usize) -> Bytes {
        std::iter::repeat_with(|| self.random.next().to_le_bytes()).flatten().take(length).collect()
    }

    /// A word like no other.
    pub(super) fn word(&mut self) -> String {
        format!("{:016x}", self.random.next())
    }

    /// Takes a blob in, once; its descriptor.
    pub(super) fn blob(&mut self, recipe: &Recipe<'_>, media_type: &str, bytes: Bytes) -> Value {
        let digest = Digest::of(recipe.algorithm, &bytes);
        let descriptor = recipe.describe(media_type, &digest, &bytes);
        if self.blobs.iter().all(|blob| blob.digest != digest) {
            self.blobs.push(Blob { digest, bytes, corrupt: false });
        }
        descriptor
    }

    /// Adds an image's layer: text, under the media type of an archive. A registry does not look inside.
    pub(super) fn layer(&mut self, recipe: &Recipe<'_>, number: usize) -> Value {
        let text = format!("Contents of layer {number}, like no others: {}\n", self.word());
        self.blob(recipe, if recipe.compressed { LAYER_GZIP } else { LAYER }, text.into())
    }

    /// Adds an image's configuration. It says the same of every layer, so that images for one architecture share it: the suite's
    /// contents hold blobs that two manifests need.
    pub(super) fn config(&mut self, recipe: &Recipe<'_>, architecture: &str, layers: usize) -> Value {
        let layers = vec![Digest::of(recipe.algorithm, ""); layers];
        let config = json!({
            "author": "OCI Conformance Test", "architecture": architecture, "os": "linux", "config": {},
            "rootfs": {"type": "layers", "diff_ids": layers},
        });
        let config = self.finished(recipe, config);
        self.blob(recipe, CONFIG, config)
    }

    /// Adds an image or an artifact with all it is made of; its descriptor.
    pub(super) fn image(&mut self, recipe: &Recipe<'_>, architecture: &str) -> Value {
        let layers: Vec<_> = (0..recipe.layers)
            .map(|number| match recipe.artifact {
                None => self.layer(recipe, number),
                Some((_, EMPTY_JSON)) => self.blob(recipe, EMPTY_JSON, Bytes::from_static(b"{}")),
                Some((_, media_type)) => {
                    let bytes = self.bytes(2048);
                    self.blob(recipe, media_type, bytes)
                }
            })
            .collect();
        let config = match recipe.artifact {
            None => self.config(recipe, architecture, layers.len()),
            Some(_) => self.blob(recipe, EMPTY_JSON, Bytes::from_static(b"{}")),
        };
        self.image_of(recipe, &config, &layers)
    }

    /// Adds an image of a configuration and layers that are there.
    pub(super) fn image_of(&mut self, recipe: &Recipe<'_>, config: &Value, layers: &[Value]) -> Value {
        let artifact_type = recipe.artifact.map_or(config["mediaType"].clone(), |(artifact_type, _)| json!(artifact_type));
        self.manifest(recipe, IMAGE, Some(artifact_type), json!({"config": config, "layers": layers}))
    }

    /// Adds an index with an image for each architecture.
    pub(super) fn index(&mut self, recipe: &Recipe<'_>) -> Value {
        let images = recipe.architectures.iter().map(|architecture| on(architecture, self.image(recipe, architecture))).collect();
        self.index_of(recipe, images)
    }

    /// Adds an index of what is there, or not.
    pub(super) fn index_of(&mut self, recipe: &Recipe<'_>, manifests: Vec<Value>) -> Value {
        let artifact_type = recipe.artifact.map(|(artifact_type, _)| json!(artifact_type));
        self.manifest(recipe, INDEX, artifact_type, json!({"manifests": manifests}))
    }

    fn manifest(&mut self, recipe: &Recipe<'_>, media_type: &'static str, artifact_type: Option<Value>, members: Value) -> Value {
        let mut annotations = recipe.annotations.clone();
        if recipe.subject.is_some() && !annotations.is_empty() {
            annotations.insert(format!("org.example.{}", self.word()), json!(self.word()));
        }
        let mut manifest = json!({"schemaVersion": 2, "mediaType": media_type});
        let named = recipe.artifact.map(|(artifact_type, _)| json!(artifact_type));
        let annotated = (!annotations.is_empty()).then(|| json!(annotations));
        for (field, value) in [("artifactType", named), ("subject", recipe.subject.clone()), ("annotations", annotated.clone())] {
            value.into_iter().for_each(|value| manifest[field] = value);
        }
        for (field, value) in members.as_object().into_iter().flatten() {
            manifest[field] = value.clone();
        }
        let bytes = self.finished(recipe, manifest);
        let digest = Digest::of(recipe.algorithm, &bytes);
        let descriptor = recipe.describe(media_type, &digest, &bytes);
        let subject = recipe.subject.as_ref().and_then(|subject| subject["digest"].as_str()).map(str::to_owned);
        if let Some(subject) = &subject {
            let mut referrer = Recipe::default().describe(media_type, &digest, &bytes);
            for (field, value) in [("artifactType", artifact_type), ("annotations", annotated)] {
                value.into_iter().for_each(|value| referrer[field] = value);
            }
            self.referrers.entry(subject.clone()).or_default().push(referrer);
        }
        if let Some(tag) = recipe.tag {
            self.tags.insert(tag.to_owned(), digest.clone());
        }
        self.manifests.push(Manifest { digest, bytes, media_type, subject, corrupt: false });
        descriptor
    }

    /// A document's bytes.
    fn finished(&mut self, recipe: &Recipe<'_>, mut document: Value) -> Bytes {
        if recipe.custom_field {
            document[format!("org.{}", self.word())] = json!(self.word());
        }
        document.to_string().into()
    }
}

impl Recipe<'_> {
    fn describe(&self, media_type: &str, digest: &Digest, bytes: &[u8]) -> Value {
        let mut descriptor = json!({"mediaType": media_type, "digest": digest, "size": bytes.len()});
        if self.data_field {
            descriptor["data"] = json!(STANDARD.encode(bytes));
        }
        descriptor
    }
}

/// A descriptor in an index, with the platform it is for.
pub(super) fn on(architecture: &str, mut descriptor: Value) -> Value {
    descriptor["platform"] = json!({"architecture": architecture, "os": "linux"});
    descriptor
}

/// Numbers that look random and follow from a seed (SplitMix64).
#[derive(Debug)]
struct Random(u64);

impl Random {
    fn new(seed: u64, name: &str) -> Self {
        // The name is folded in by FNV-1a.
        Self(name.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, |state, byte| (state ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
