//! `stats`: what is counted once and what for each, and several registries in one view.

use std::collections::BTreeMap;

use serde_json::json;

use super::namespace::with_layout;
use super::{put_index, put_referrer, with_registry};
use crate::client::{Client, Image};

#[test]
fn what_is_shared_is_counted_once() {
    let (sandbox, client) = with_registry();
    let (image, arm) = (Image::new(b"a layer"), Image::new(b"for arm"));
    for (repository, tag) in [("team/app", "v1"), ("team/app", "latest"), ("team/copy", "v1"), ("other", "v1")] {
        client.push(repository, tag, &image).unwrap();
    }
    client.push("team/app", "arm", &arm).unwrap();
    let index = put_index(&client, "team/app", "multi", &BTreeMap::from([("linux/amd64", &image), ("linux/arm64", &arm)]));
    let signature = put_referrer(&client, "team/app", (&image.digest, image.size()), "application/x.signature", &image);
    let size = |digest: &reg_shared::name::Digest| {
        let manifest = sandbox.line(&format!("reg-ns manifest team/app@{digest} -r dev")).code(0).json();
        manifest["size"].as_u64().unwrap()
    };
    let blobs = |image: &Image| image.blobs.iter().map(|blob| blob.len() as u64).sum::<u64>();
    let whole = |image: &Image| image.size() as u64 + blobs(image);
    let (index, signature) = (size(&index), size(&signature));
    let counts = sandbox.line("reg-ns stats -r dev").code(0).json();
    let expected = json!({
        "namespaces": 2, "repositories": 3, "ghosts": 0, "tags": 6, "manifests": 6,
        "uniqueBytes": whole(&image) + whole(&arm) + index + signature,
        "referencedBytes": 3 * whole(&image) + whole(&arm) + index + signature + blobs(&image),
        "unreadable": 0,
    });
    assert_eq!(counts["total"], expected);
    let row = &counts["registries"][0];
    assert_eq!(row["name"], "dev");
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(&row[field], value, "{field}");
    }
}

#[test]
fn several_registries_are_one_view() {
    let (sandbox, client) = with_registry();
    let second = sandbox.line("reg-up start second --port 0 -q").code(0).json();
    let image = Image::new(b"a layer");
    client.push("team/app", "v1", &image).unwrap();
    Client::of(&second).push("team/app", "v1", &image).unwrap();
    Client::of(&second).push("team/more", "v1", &image).unwrap();
    let both = sandbox.line("reg-ns stats -r dev -r second").code(0).json();
    assert_eq!(both.get("registry"), None, "a document about two is none about one");
    let whole = both["registries"][0]["uniqueBytes"].clone();
    assert_eq!(both["registries"][1]["uniqueBytes"], whole);
    assert_eq!(both["total"]["uniqueBytes"], whole, "content of both counts once");
    assert_eq!((&both["total"]["repositories"], &both["total"]["tags"]), (&json!(3), &json!(3)));
    sandbox.sh("reg-ns stats -r dev -r second -o name").is(0, "dev\nsecond\n", "");
    sandbox.sh("reg-ns stats -r dev | reg-test catalog -r - -q -o name").is(0, "api\ncatalog\n", "");
    sandbox.line("reg-up stop second -q -o name").code(0);
    sandbox.line("reg-ns stats -r dev -r second -q").code(4);
}

#[test]
fn namespaces_are_those_of_the_list() {
    let (sandbox, client) = with_layout("namespaces: [{name: team}, {name: team/apps}, {name: empty}]\n");
    for repository in ["team/one", "team/apps/two", "seen/three"] {
        client.push(repository, "v1", &Image::new(b"a layer")).unwrap();
    }
    sandbox.line("reg-ns list -r dev -o name").is(0, "empty\nseen\nteam\nteam/apps\n", "");
    assert_eq!(sandbox.line("reg-ns stats -r dev").code(0).json()["total"]["namespaces"], 4);
}
