//! The kinds of content that are pushed, listed, pulled and deleted, in the suite's order.

use reg_shared::name::{Algorithm, Digest};
use serde_json::json;

use super::content::{Content, EMPTY_JSON, IMAGE, OCTETS, Recipe, on};
use super::options::Switch;

const TYPE_1: &str = "application/vnd.example.oci.conformance.v1";
const TYPE_2: &str = "application/vnd.example.oci.conformance.v2";
/// Layers that only their makers may hand out.
const FOREIGN: &str = "application/vnd.oci.image.layer.nondistributable.v1.tar";
const FOREIGN_GZIP: &str = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";

/// A kind of content.
pub(super) struct Kind {
    /// The name of its branch in the suite's tree.
    pub(super) name: &'static str,
    /// It is tested when all of these are.
    pub(super) needs: &'static [Switch],
    /// Makes it.
    pub(super) fill: fn(&mut Content),
}

/// All kinds.
pub(super) const KINDS: &[Kind] = &[
    Kind { name: "image", needs: &[], fill: |content| image(content, &Recipe::tagged("image")) },
    Kind {
        name: "image-uncompressed",
        needs: &[],
        fill: |content| image(content, &Recipe { compressed: false, ..Recipe::tagged("image-uncompressed") }),
    },
    Kind {
        name: "large-manifest",
        needs: &[],
        fill: |content| {
            let annotations = (0..390).map(|number| (format!("large-annotation-{number}"), json!("A".repeat(10_000))));
            image(content, &Recipe { annotations: annotations.collect(), ..Recipe::tagged("large-manifest") });
        },
    },
    Kind { name: "index", needs: &[Switch::Index], fill: |content| index(content, &Recipe::tagged("index")) },
    Kind {
        name: "nested-index",
        needs: &[Switch::Index, Switch::IndexList],
        fill: |content| {
            let members = vec![content.index(&Recipe::default()), content.index(&Recipe::default())];
            content.index_of(&Recipe::tagged("index-of-index"), members);
        },
    },
    Kind {
        name: "empty-index",
        needs: &[Switch::Index],
        fill: |content| index(content, &Recipe { architectures: &[], ..Recipe::tagged("index") }),
    },
    Kind {
        name: "artifact",
        needs: &[Switch::Artifact],
        fill: |content| image(content, &Recipe { tag: Some("artifact"), ..Recipe::artifact(TYPE_1, TYPE_1) }),
    },
    Kind {
        name: "artifact-index",
        needs: &[Switch::ArtifactList],
        fill: |content| index(content, &Recipe { tag: Some("artifact-index"), ..Recipe::artifact(TYPE_1, TYPE_1) }),
    },
    Kind {
        name: "artifact-without-layers",
        needs: &[Switch::Artifact],
        fill: |content| image(content, &Recipe { tag: Some("artifact-without-layers"), ..Recipe::artifact(TYPE_1, EMPTY_JSON) }),
    },
    Kind {
        name: "artifacts-with-subject",
        needs: &[Switch::Subject],
        fill: |content| {
            let subject = content.image(&Recipe::tagged("image"), "amd64");
            image(content, &Recipe { subject: Some(subject.clone()), ..Recipe::default() });
            for (artifact_type, layer, tag) in [(TYPE_1, TYPE_1, "tagged-artifact1"), (TYPE_2, OCTETS, "tagged-artifact2")] {
                image(content, &Recipe { tag: Some(tag), ..Recipe::artifact(artifact_type, layer) }.referring(&subject));
            }
        },
    },
    Kind {
        name: "index-with-subject",
        needs: &[Switch::SubjectList],
        fill: |content| {
            let subject = content.index(&Recipe::tagged("index"));
            index(content, &Recipe { tag: Some("tagged-artifact"), ..Recipe::artifact(TYPE_1, TYPE_1) }.referring(&subject));
        },
    },
    Kind {
        name: "missing-subject",
        needs: &[Switch::SubjectMissing],
        fill: |content| {
            let subject = json!({"mediaType": IMAGE, "digest": Digest::sha256("missing content"), "size": 123});
            image(content, &Recipe { tag: Some("tagged-artifact"), ..Recipe::artifact(TYPE_1, TYPE_1) }.referring(&subject));
        },
    },
    Kind {
        name: "data-field",
        needs: &[Switch::DataField],
        fill: |content| image(content, &Recipe { data_field: true, ..Recipe::tagged("data-field") }),
    },
    Kind { name: "non-distributable-layers", needs: &[Switch::Nondistributable], fill: non_distributable },
    Kind {
        name: "custom-fields",
        needs: &[Switch::CustomFields],
        fill: |content| index(content, &Recipe { custom_field: true, ..Recipe::tagged("custom-fields") }),
    },
    Kind {
        name: "no-layers",
        needs: &[Switch::NoLayers],
        fill: |content| image(content, &Recipe { layers: 0, ..Recipe::tagged("no-layers") }),
    },
    Kind { name: "sparse", needs: &[Switch::Sparse], fill: sparse },
    // A tag cannot say which algorithm its manifest's digest is to have: pushed by digest only.
    Kind {
        name: "sha512",
        needs: &[Switch::Sha512],
        fill: |content| index(content, &Recipe { algorithm: Algorithm::Sha512, ..Recipe::default() }),
    },
    Kind {
        name: "tag-param-sha256",
        needs: &[Switch::TagParam],
        fill: |content| with_tag_params(content, "tag-param-sha256", Algorithm::Sha256),
    },
    Kind {
        name: "tag-param-sha512",
        needs: &[Switch::TagParam, Switch::Sha512],
        fill: |content| with_tag_params(content, "tag-param-sha512", Algorithm::Sha512),
    },
    Kind { name: "bad-digest-image", needs: &[], fill: corrupt },
];

fn image(content: &mut Content, recipe: &Recipe<'_>) {
    content.image(recipe, "amd64");
}

fn index(content: &mut Content, recipe: &Recipe<'_>) {
    content.index(recipe);
}

/// An image of two layers that are to be had elsewhere and one that is here.
fn non_distributable(content: &mut Content) {
    let mut foreign = |media_type: &str, size: u64| {
        let digest = Digest::sha256(content.bytes(256));
        let url = format!("https://store.example.com/blobs/sha256/{}", digest.hex());
        json!({"mediaType": media_type, "digest": digest, "size": size, "urls": [url]})
    };
    let recipe = Recipe::tagged("non-distributable-image");
    let layers = [foreign(FOREIGN_GZIP, 123_456), foreign(FOREIGN, 12_345), content.layer(&recipe, 1)];
    let config = content.config(&recipe, "amd64", layers.len());
    content.image_of(&recipe, &config, &layers);
}

/// An image without one of its layers, and an index without one of its images.
fn sparse(content: &mut Content) {
    image(content, &Recipe::tagged("sparse-image"));
    content.blobs.remove(0);
    let here = content.image(&Recipe::default(), "amd64");
    let missing = json!({"mediaType": IMAGE, "digest": Digest::sha256(content.bytes(1024)), "size": 1024});
    content.index_of(&Recipe::tagged("sparse-index"), vec![on("amd64", here), on("arm64", missing)]);
}

/// An index whose manifests have a tag each, and it two.
fn with_tag_params(content: &mut Content, tag: &str, algorithm: Algorithm) {
    index(content, &Recipe { algorithm, ..Recipe::tagged(tag) });
    let tags = content.manifests.iter().enumerate().map(|(number, manifest)| (format!("{tag}-{number}"), manifest.digest.clone()));
    content.tags.extend(tags);
    content.tag_params = true;
}

/// An image whose manifest has changed since its digest was taken.
fn corrupt(content: &mut Content) {
    image(content, &Recipe::default());
    for manifest in &mut content.manifests {
        manifest.bytes = [&manifest.bytes, b"  ".as_slice()].concat().into();
        manifest.corrupt = true;
    }
}
