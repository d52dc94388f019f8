//! `info`: what the layout says and what is measured, of one namespace or of many.

use serde_json::json;

use super::{age, each, with_layout};
use crate::client::Image;
use crate::ns::with_registry;

const LAYOUT: &str = "
namespaces:
  - name: team
    description: A team
    quota: 10MiB
    retention: {keepLast: 2}
    immutableTags: ['v*']
    access: [{subjects: [authenticated], actions: [read, create]}]
  - {name: empty, public: true}
";

#[test]
fn all_of_a_namespace_is_one_row() {
    let (sandbox, client) = with_layout(LAYOUT);
    let (image, other) = (Image::new(b"a layer"), Image::new(b"another"));
    for (repository, tag, image) in
        [("team/a", "v1", &image), ("team/a", "latest", &image), ("team/b", "v1", &image), ("team/b", "x", &other)]
    {
        client.push(repository, tag, image).unwrap();
    }
    client.push("loose/a", "v1", &image).unwrap();
    age(&sandbox, "loose/a", "v1", 3);
    let whole = |image: &Image| image.size() as u64 + image.blobs.iter().map(|blob| blob.len() as u64).sum::<u64>();
    let told = sandbox.line("reg-ns info team empty loose -r dev").code(0).json();
    let mut rows = told["namespaces"].as_array().unwrap().clone();
    let pushed = rows.iter_mut().map(|row| row.as_object_mut().unwrap().remove("lastPush").unwrap()).collect::<Vec<_>>();
    assert!(pushed[0].as_str() > pushed[2].as_str() && pushed[2].is_string(), "{pushed:?}");
    assert_eq!(pushed[1], json!(null), "nothing was ever pushed");
    assert_eq!(
        rows[0],
        json!({"name": "team", "inLayout": true, "description": "A team", "public": false,
            "access": [{"subjects": ["authenticated"], "actions": ["read", "create"]}], "retention": [{"keepLast": 2}],
            "immutableTags": ["v*"], "quota": 10 << 20, "uniqueBytes": whole(&image) + whole(&other), "repositories": 2, "ghosts": 0,
            "tags": 4, "manifests": 3, "unreadable": 0})
    );
    assert_eq!(
        rows[2],
        json!({"name": "loose", "inLayout": false, "description": null, "public": null, "access": null, "retention": [],
            "immutableTags": [], "quota": null, "uniqueBytes": whole(&image), "repositories": 1, "ghosts": 0, "tags": 1, "manifests": 1,
            "unreadable": 0})
    );
    // What the registry cannot do of it is told.
    assert_eq!(each(&told, "gaps", "field"), ["quota", "retention"]);
}

#[test]
fn one_that_is_not_there_is_an_error_and_names_come_from_anywhere() {
    let (sandbox, client) = with_layout(LAYOUT);
    client.push("loose/a", "v1", &Image::new(b"a layer")).unwrap();
    sandbox.line("reg-ns info team none nobody -r dev").is(
        8,
        "",
        "reg-ns: error: there is no namespace \"none\", \"nobody\" at http://127.0.0.1:PORT\n\
         reg-ns: hint: `reg-ns list -r dev` shows what there is\n",
    );
    sandbox.line_with("reg-ns info - team -r dev -o name", "empty\nteam\n").is(0, "empty\nteam\n", "");
    sandbox.line_with("reg-ns info - -r dev -o name", "").is(0, "", "");
    sandbox.line("reg-ns info team:v1 -r dev").is(
        2,
        "",
        "reg-ns: error: \"team:v1\" is not a repository name: each part between slashes is lower-case letters and digits, joined by \
         single `.`, `_`, `__` or dashes\n",
    );
    let url = sandbox.line("reg-up info dev").code(0).json()["url"].as_str().unwrap().to_owned();
    let host = url.strip_prefix("http://").unwrap();
    sandbox.line(&format!("reg-ns info {host}/team {host}/empty -o name")).is(0, "team\nempty\n", "");
    sandbox.line(&format!("reg-ns info {host}/team 127.0.0.1:1/team")).is(
        2,
        "",
        "reg-ns: error: the namespaces are in several registries\nreg-ns: hint: name those of one registry at a time\n",
    );
}

#[test]
fn what_cannot_be_read_is_counted() {
    let (sandbox, client) = with_layout(LAYOUT);
    client.push("team/a", "latest", &Image::new(b"a layer")).unwrap();
    // The registry lost what the tag points to.
    let lost = "find state/reg/instances/dev -path '*blobs*' -type f -exec sh -c 'echo lost > \"$1\"' sh {} \\;";
    sandbox.sh(lost).code(0);
    let ran = sandbox.line("reg-ns info team -r dev -q").code(7);
    assert_eq!(ran.json()["namespaces"][0]["unreadable"], 1);
    assert!(ran.err().starts_with("reg-ns: warning: cannot get team/a:latest at http://127.0.0.1:PORT: "), "{ran:?}");
}

#[test]
fn a_registry_without_a_layout_is_measured_too() {
    let (sandbox, client) = with_registry();
    client.push("team/app", "v1", &Image::new(b"a layer")).unwrap();
    let told = sandbox.line("reg-ns info team -r dev").code(0).json();
    assert_eq!((&told["namespaces"][0]["inLayout"], &told["namespaces"][0]["tags"]), (&json!(false), &json!(1)));
}
