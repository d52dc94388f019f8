//! `quota check`: what is used against what may be.

use serde_json::json;

use super::with_layout;
use crate::client::Image;
use crate::ns::with_registry;

#[test]
fn who_takes_more_than_it_may_is_told() {
    let (sandbox, client) =
        with_layout("namespaces: [{name: small, quota: 100}, {name: large, quota: 1GiB}, {name: free}, {name: none, quota: 0}]");
    let image = Image::new(b"a layer");
    for repository in ["small/a", "small/b", "large/a", "free/a"] {
        client.push(repository, "v1", &image).unwrap();
    }
    let used = image.size() + image.blobs.iter().map(Vec::len).sum::<usize>();
    let ran = sandbox.line("reg-ns quota check -r dev").code(7);
    assert_eq!(ran.err(), format!("reg-ns: small takes {used} B of 100 B\n"));
    assert_eq!(
        ran.json()["namespaces"],
        json!([
            {"name": "large", "quota": 1 << 30, "uniqueBytes": used, "over": false, "unreadable": 0},
            {"name": "none", "quota": 0, "uniqueBytes": 0, "over": false, "unreadable": 0},
            {"name": "small", "quota": 100, "uniqueBytes": used, "over": true, "unreadable": 0},
        ])
    );
    sandbox.line("reg-ns quota check large free -r dev -o table").is(
        0,
        &format!("NAME   QUOTA       UNIQUE BYTES  OVER   UNREADABLE\nfree   -           {used}           false  0\nlarge  1073741824  {used}           false  0\n"),
        "",
    );
    sandbox.line_with("reg-ns quota check - -r dev -q -o name", "small\n").is(7, "small\n", "");
    sandbox.line("reg-ns quota check nobody -r dev").code(8);
    sandbox.write("other.yaml", "namespaces: [{name: free, quota: 1}]");
    sandbox.line("reg-ns quota check -r dev --layout other.yaml -q -o name").is(7, "free\n", "");
}

#[test]
fn without_quotas_there_is_nothing_to_check() {
    let (sandbox, _) = with_layout("namespaces: [{name: team}]");
    sandbox.line("reg-ns quota check -r dev -o name").is(0, "", "reg-ns: no namespace has a quota\n");
    let (sandbox, _) = with_registry();
    sandbox.line("reg-ns quota check -r dev").is(
        2,
        "",
        "reg-ns: error: no layout is known of embedded at http://127.0.0.1:PORT, and rules stand in one\n\
         reg-ns: hint: --layout FILE names one; `reg-init layout` prints one to begin with\n",
    );
    sandbox.line("reg-ns quota").code(2);
}
