//! The checks of the OCI conformance suite on what is pushed (distribution-spec, `conformance/`, July 2026), under its names.
//!
//! Each set of data is pushed, listed, looked at, pulled, asked for its referrers and deleted, as the suite does. A failing test
//! shows the name of the check that failed as the last line of its output.

use std::collections::BTreeMap;

use http::Method;
use reg_shared::name::{Algorithm, Digest};
use reg_shared::oci::media;
use serde_json::{Value, json};

use crate::harness::{Answer, Running, noise, on_both};

const REPO: &str = "conformance/repo1";
const TYPE1: &str = "application/vnd.example.oci.conformance.v1";
const TYPE2: &str = "application/vnd.example.oci.conformance.v2";

/// One set of data.
struct Data {
    name: &'static str,
    algorithm: Algorithm,
    blobs: BTreeMap<Digest, Vec<u8>>,
    /// In the order in which they are pushed.
    manifests: Vec<(Digest, Value)>,
    tags: Vec<(String, Digest)>,
    /// Subject, and how its list shows the referrer.
    referrers: Vec<(String, Value)>,
    tag_param: bool,
    seed: u64,
}

impl Data {
    fn new(name: &'static str) -> Self {
        let (blobs, manifests, tags, referrers) = Default::default();
        let seed = name.bytes().fold(0u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        Self { name, algorithm: Algorithm::Sha256, blobs, manifests, tags, referrers, tag_param: false, seed }
    }

    fn descriptor(&self, media_type: &str, bytes: &[u8]) -> Value {
        json!({ "mediaType": media_type, "digest": Digest::of(self.algorithm, bytes), "size": bytes.len() })
    }

    fn blob(&mut self, media_type: &str, bytes: Vec<u8>) -> Value {
        let descriptor = self.descriptor(media_type, &bytes);
        self.blobs.insert(Digest::of(self.algorithm, &bytes), bytes);
        descriptor
    }

    fn layer(&mut self, media_type: &str) -> Value {
        self.seed += 1;
        self.blob(media_type, noise(self.seed, 700))
    }

    /// An image with a config and layers, and more fields; returns its descriptor.
    fn image(&mut self, layers: usize, more: Value) -> Value {
        self.seed += 1;
        let config = json!({ "architecture": "amd64", "os": "linux", "author": self.seed.to_string() }).to_string();
        let config = self.blob(media::OCI_CONFIG, config.into_bytes());
        let layers: Vec<_> = (0..layers).map(|_| self.layer("application/vnd.oci.image.layer.v1.tar+gzip")).collect();
        self.manifest(media::OCI_MANIFEST, json!({ "config": config, "layers": layers }), more)
    }

    /// An artifact with the empty config.
    fn artifact(&mut self, artifact_type: &str, more: Value) -> Value {
        let (config, layer) = (self.blob(media::OCI_EMPTY, b"{}".to_vec()), self.layer(artifact_type));
        let own = json!({ "artifactType": artifact_type, "config": config, "layers": [layer] });
        self.manifest(media::OCI_MANIFEST, own, more)
    }

    fn index(&mut self, manifests: Vec<Value>, more: Value) -> Value {
        self.manifest(media::OCI_INDEX, json!({ "manifests": manifests }), more)
    }

    /// An index of two images, as the suite's default is.
    fn platforms(&mut self, more: Value) -> Value {
        let images = vec![self.image(2, json!({})), self.image(2, json!({}))];
        self.index(images, more)
    }

    fn manifest(&mut self, media_type: &str, own: Value, more: Value) -> Value {
        let mut manifest = json!({ "schemaVersion": 2, "mediaType": media_type });
        let fields = [own, more].map(|fields| fields.as_object().unwrap().clone());
        manifest.as_object_mut().unwrap().extend(fields.into_iter().flatten());
        let text = manifest.to_string();
        let mut descriptor = self.descriptor(media_type, text.as_bytes());
        if let Some(subject) = manifest["subject"]["digest"].as_str() {
            let mut shown = descriptor.clone();
            let own =
                if manifest["artifactType"].is_string() { &manifest["artifactType"] } else { &manifest["config"]["mediaType"] };
            for (field, value) in [("artifactType", own), ("annotations", &manifest["annotations"])] {
                if !value.is_null() {
                    shown[field] = value.clone();
                }
            }
            self.referrers.push((subject.to_owned(), shown));
        }
        self.manifests.push((Digest::of(self.algorithm, text), manifest));
        descriptor.as_object_mut().unwrap().remove("annotations");
        descriptor
    }

    /// Tags the manifest that was made last.
    fn tagged(mut self, tag: &str) -> Self {
        self.tags.push((tag.to_owned(), self.manifests.last().unwrap().0.clone()));
        self
    }

    fn made(name: &'static str, tag: &str, make: impl FnOnce(&mut Self)) -> Self {
        let mut data = Self::new(name);
        make(&mut data);
        data.tagged(tag)
    }
}

fn annotations() -> Value {
    json!({ "org.opencontainers.conformance": "hello conformance test" })
}

/// The suite's sets.
fn all() -> Vec<Data> {
    let subject = |data: &mut Data, subject: Value| {
        data.artifact(TYPE1, json!({ "annotations": annotations(), "subject": subject }));
        data.artifact(TYPE2, json!({ "annotations": annotations(), "subject": subject }));
    };
    let missing = json!({ "mediaType": media::OCI_MANIFEST, "size": 123, "digest": Digest::sha256("missing content") });
    let large: serde_json::Map<_, _> = (0..390).map(|n| (format!("large-annotation-{n}"), "A".repeat(10_000).into())).collect();
    let mut sets = vec![
        Data::made("image", "image", |data| drop(data.image(4, json!({})))),
        Data::made("large-manifest", "large-manifest", |data| drop(data.image(1, json!({ "annotations": large })))),
        Data::made("index", "index", |data| drop(data.platforms(json!({})))),
        Data::made("nested-index", "index-of-index", |data| {
            let indexes = vec![data.platforms(json!({})), data.platforms(json!({}))];
            data.index(indexes, json!({}));
        }),
        Data::made("empty-index", "index", |data| drop(data.index(Vec::new(), json!({})))),
        Data::made("artifact", "artifact", |data| drop(data.artifact(TYPE1, json!({})))),
        Data::made("artifact-index", "artifact-index", |data| {
            let artifacts = vec![data.artifact(TYPE1, json!({})), data.artifact(TYPE1, json!({}))];
            data.index(artifacts, json!({ "artifactType": TYPE1 }));
        }),
        Data::made("artifact-without-layers", "artifact-without-layers", |data| {
            let empty = data.blob(media::OCI_EMPTY, b"{}".to_vec());
            data.manifest(media::OCI_MANIFEST, json!({ "artifactType": TYPE1, "config": empty, "layers": [empty] }), json!({}));
        }),
        Data::made("artifacts-with-subject", "tagged-artifact", |data| {
            let image = data.image(1, json!({}));
            data.image(1, json!({ "subject": image }));
            subject(data, image);
        }),
        Data::made("index-with-subject", "tagged-artifact", |data| {
            let index = data.platforms(json!({}));
            let artifacts = vec![data.artifact(TYPE1, json!({}))];
            data.index(artifacts, json!({ "artifactType": TYPE1, "annotations": annotations(), "subject": index }));
        }),
        Data::made("missing-subject", "tagged-artifact", |data| subject(data, missing)),
        Data::made("data-field", "data-field", |data| {
            let mut config = data.blob(media::OCI_EMPTY, b"{}".to_vec());
            config["data"] = json!("e30=");
            data.manifest(media::OCI_MANIFEST, json!({ "artifactType": TYPE1, "config": config, "layers": [config] }), json!({}));
        }),
        Data::made("non-distributable-layers", "non-distributable-image", |data| {
            let mut layers: Vec<_> = ["tar+gzip", "tar"]
                .map(|kind| {
                    data.descriptor(&format!("application/vnd.oci.image.layer.nondistributable.v1.{kind}"), kind.as_bytes())
                })
                .into();
            layers[0]["urls"] = json!(["https://store.example.com/blobs/sha256/x"]);
            layers.push(data.layer(media::OCI_LAYER_TAR));
            data.image(0, json!({ "layers": layers }));
        }),
        Data::made("custom-fields", "custom-fields", |data| {
            data.platforms(json!({ "org.example.custom": [1, { "a": 2.50 }] }));
        }),
        Data::made("no-layers", "no-layers", |data| drop(data.image(0, json!({})))),
        Data::made("sparse", "sparse-index", |data| {
            let images = vec![data.image(1, json!({})), data.descriptor(media::OCI_MANIFEST, b"not pushed")];
            data.index(images, json!({}));
        }),
    ];
    let mut sha512 = Data::new("sha512");
    sha512.algorithm = Algorithm::Sha512;
    sha512.platforms(json!({}));
    sets.push(sha512);
    for (name, algorithm) in [("tag-param-sha256", Algorithm::Sha256), ("tag-param-sha512", Algorithm::Sha512)] {
        let mut data = Data::new(name);
        (data.algorithm, data.tag_param) = (algorithm, true);
        data.platforms(json!({}));
        data = data.tagged(name);
        let numbered = data.manifests.iter().enumerate().map(|(number, (digest, _))| (format!("{name}-{number}"), digest.clone()));
        data.tags.extend(numbered.collect::<Vec<_>>());
        sets.push(data);
    }
    sets
}

struct Checks<'a>(&'a Running, &'a Data);

impl Checks<'_> {
    fn begin(&self, name: &str) {
        println!("OCI Conformance Test/{}/{name}", self.1.name);
    }

    async fn at(&self, method: Method, reference: impl ToString) -> Answer {
        self.0.send(method, &format!("/v2/{REPO}/manifests/{}", reference.to_string()), &[], "").await
    }

    async fn push(&self) {
        self.begin("push");
        for (digest, bytes) in &self.1.blobs {
            let path = format!("/v2/{REPO}/blobs/uploads/?digest={digest}");
            self.0.send(Method::POST, &path, &[], bytes.clone()).await.expect(201);
        }
        for (digest, manifest) in &self.1.manifests {
            let tags: Vec<_> =
                self.1.tags.iter().filter(|(_, tagged)| self.1.tag_param && tagged == digest).map(|(tag, _)| tag).collect();
            let query = tags.iter().map(|tag| format!("tag={tag}")).collect::<Vec<_>>().join("&");
            let done = self.0.put_manifest(REPO, &format!("{digest}?{query}"), manifest).await.expect(201);
            assert_eq!(done.header("docker-content-digest"), digest.to_string());
            assert_eq!(done.header("oci-subject"), manifest["subject"]["digest"].as_str().unwrap_or_default());
            assert!(tags.iter().all(|tag| done.header("oci-tag").split(", ").any(|done| done == *tag)));
            assert_eq!(self.0.get(done.header("location")).await.expect(200).text(), manifest.to_string());
        }
        for (tag, digest) in self.1.tags.iter().filter(|_| !self.1.tag_param) {
            let (_, manifest) = self.1.manifests.iter().find(|(other, _)| other == digest).unwrap();
            self.0.put_manifest(REPO, tag, manifest).await.expect(201);
        }
    }

    async fn look(&self) {
        self.begin("tag-list");
        let list = self.0.get(&format!("/v2/{REPO}/tags/list")).await.expect(200).json();
        let listed: Vec<_> = list["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap()).collect();
        assert!(self.1.tags.iter().all(|(tag, _)| listed.contains(&tag.as_str())));
        self.begin("head, pull");
        let by_tag = self.1.tags.iter().map(|(tag, digest)| (tag.clone(), digest));
        for (reference, digest) in self.1.manifests.iter().map(|(digest, _)| (digest.to_string(), digest)).chain(by_tag) {
            let (_, manifest) = self.1.manifests.iter().find(|(other, _)| other == digest).unwrap();
            let got = self.at(Method::GET, &reference).await.expect(200);
            assert_eq!(got.text(), manifest.to_string());
            for answer in [got, self.at(Method::HEAD, &reference).await.expect(200)] {
                assert_eq!(answer.header("content-type"), manifest["mediaType"].as_str().unwrap());
                assert_eq!(answer.header("content-length"), manifest.to_string().len().to_string());
                assert_eq!(answer.header("docker-content-digest"), digest.to_string());
            }
        }
        for (digest, bytes) in &self.1.blobs {
            let path = format!("/v2/{REPO}/blobs/{digest}");
            assert_eq!(self.0.head(&path).await.expect(200).header("content-length"), bytes.len().to_string());
            assert!(self.0.get(&path).await.expect(200).body == bytes[..]);
        }
    }

    async fn referrers(&self) {
        for (subject, goal) in &self.1.referrers {
            self.begin("referrers");
            let path = format!("/v2/{REPO}/referrers/{subject}");
            let filtered = format!("{path}?artifactType={}", goal["artifactType"].as_str().unwrap().replace('+', "%2B"));
            let all = self.0.get(&path).await.expect(200);
            let some = self.0.get(&filtered).await.expect(200);
            assert_eq!(some.header("oci-filters-applied"), "artifactType");
            for index in [all.json(), some.json()] {
                assert!(index["manifests"].as_array().unwrap().contains(goal), "{goal} is not in {index}");
            }
            let others = some.json()["manifests"].as_array().unwrap().clone();
            assert!(others.iter().all(|other| other["artifactType"] == goal["artifactType"]));
        }
    }

    async fn delete(&self) {
        self.begin("delete");
        for (tag, _) in &self.1.tags {
            self.at(Method::DELETE, tag).await.expect(202);
            self.at(Method::HEAD, tag).await.expect(404);
        }
        for (digest, _) in self.1.manifests.iter().rev() {
            self.at(Method::DELETE, digest).await.expect(202);
            self.at(Method::HEAD, digest).await.expect(404);
        }
        for digest in self.1.blobs.keys() {
            let path = format!("/v2/{REPO}/blobs/{digest}");
            self.0.delete(&path).await.expect(202);
            self.0.head(&path).await.expect(404);
        }
    }
}

on_both! {
    async fn data_checks(registry: Running) {
        println!("OCI Conformance Test/ping, empty");
        registry.get("/v2/").await.expect(200);
        registry.get(&format!("/v2/{REPO}/tags/list")).await.expect(200);
        let empty = registry.get(&format!("/v2/{REPO}/referrers/{}", Digest::sha256("x"))).await.expect(200);
        assert_eq!((empty.header("content-type"), &empty.json()["manifests"]), (media::OCI_INDEX, &json!([])));
        for data in all() {
            let checks = Checks(&registry, &data);
            checks.push().await;
            checks.look().await;
            checks.referrers().await;
            checks.delete().await;
        }
        assert_eq!(registry.get("/v2/_catalog").await.json()["repositories"], json!([]));
    }

    async fn error_checks(registry: Running) {
        let mut data = Data::new("bad-digest-image");
        data.image(1, json!({}));
        let checks = Checks(&registry, &data);
        for (digest, bytes) in &data.blobs {
            let path = format!("/v2/{REPO}/blobs/uploads/?digest={digest}");
            registry.send(Method::POST, &path, &[], bytes.clone()).await.expect(201);
        }
        let (digest, manifest) = &data.manifests[0];
        let put = async |reference: &str, text: String| {
            let headers = [("content-type", media::OCI_MANIFEST)];
            registry.send(Method::PUT, &format!("/v2/{REPO}/manifests/{reference}"), &headers, text).await
        };
        checks.begin("push");
        put(&digest.to_string(), format!("{manifest}  ")).await.expect(400);
        println!("OCI Conformance Test/missing-manifest");
        checks.at(Method::GET, Digest::sha256("missing")).await.expect(404);
        checks.at(Method::GET, "missing-tag").await.expect(404);
        println!("OCI Conformance Test/invalid-digest-format");
        put("sha256:baddigeststring", manifest.to_string()).await.expect(400);
        checks.at(Method::GET, "sha256:baddigeststring").await.expect(400);
    }
}
