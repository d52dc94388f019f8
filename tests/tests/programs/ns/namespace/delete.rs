//! `delete`: what would go is told first, all of it goes, and nothing else does.

use std::collections::BTreeMap;

use serde_json::json;

use super::{with_layout, with_user};
use crate::client::{Client, Image, tag};
use crate::ns::{put_index, put_referrer, tags, with_registry};

const LAYOUT: &str = "
namespaces:
  - {name: team, access: [{subjects: [authenticated], actions: [read]}]}
  - {name: team/apps}
  - {name: empty}
  - {name: fixed, immutableTags: ['v*']}
webhooks:
  - {name: ours, url: 'http://127.0.0.1:1/a', namespaces: [team]}
  - {name: both, url: 'http://127.0.0.1:1/b', namespaces: [team, empty]}
";

fn fill(client: &Client) -> Image {
    let (image, arm) = (Image::new(b"a layer"), Image::new(b"for arm"));
    client.push("team/a", "v1", &image).unwrap();
    client.push("team/a", "v2", &image).unwrap();
    client.push("team/b", "only", &arm).unwrap();
    // An index whose images have no tags, and a signature of one of them.
    client.push("team/b", "arm", &image).unwrap();
    put_index(client, "team/b", "multi", &BTreeMap::from([("linux/amd64", &image), ("linux/arm64", &arm)]));
    put_referrer(client, "team/b", (&image.digest, image.size()), "application/x.signature", &image);
    for repository in ["team/b:only", "team/b:arm"] {
        let (repository, tag) = repository.split_once(':').unwrap();
        let (repository, tag) = (repository.parse().unwrap(), tag.parse().unwrap());
        client.run(async |oci| oci.tag_delete(&repository, &tag).await).unwrap();
    }
    client.push("team/apps/c", "v1", &image).unwrap();
    client.push("teams/d", "v1", &image).unwrap();
    image
}

#[test]
fn what_is_in_it_goes_only_when_that_was_said() {
    let (sandbox, client) = with_layout(LAYOUT);
    let image = fill(&client);
    let told = "reg-ns: would delete team/a, 2 tags\nreg-ns: would delete team/b, 1 tag\n";
    let refused = format!(
        "{told}reg-ns: error: cannot delete namespace \"team\" on embedded at http://127.0.0.1:PORT: conflict: it is not empty: \
         2 repositories with 3 tags\nreg-ns: hint: --force deletes them, too; --dry-run shows which\n"
    );
    sandbox.line("reg-ns delete team -r dev").is(9, "", &refused);
    let row = json!([{"name": "team", "outcome": "deleted", "repositories": ["team/a", "team/b"], "tags": 3}]);
    for flags in ["--dry-run", "--dry-run --force"] {
        let dry = sandbox.line(&format!("reg-ns delete team {flags} -r dev")).code(0);
        assert_eq!(dry.err(), format!("{told}reg-ns: would delete namespace \"team\" on embedded at http://127.0.0.1:PORT\n"));
        assert_eq!((&dry.json()["namespaces"], &dry.json()["dryRun"]), (&row, &json!(true)));
    }
    assert_eq!(tags(&sandbox, "dev", "team/a"), ["v1", "v2"]);

    let ran = sandbox.line("reg-ns delete team --force -r dev").code(0);
    assert_eq!(
        ran.err(),
        "reg-ns: deleting team/a, 2 tags\nreg-ns: deleting team/b, 1 tag\n\
         reg-ns: deleted namespace \"team\" on embedded at http://127.0.0.1:PORT\n"
    );
    assert_eq!(ran.json()["namespaces"], row);
    // Nothing of it is left, not even what had no tag; and the neighbours are as they were.
    sandbox.line("reg-ns repos -r dev -o name").is(0, "team/apps/c\nteams/d\n", "");
    assert_eq!(client.pull("team/apps/c", &tag("v1")).unwrap(), image.digest);
    let layout = sandbox.line("reg-init export -r dev").code(0).json();
    assert_eq!(super::each(&layout, "namespaces", "name"), ["team/apps", "empty", "fixed"]);
    assert_eq!(super::each(&layout, "webhooks", "name"), ["both"], "a webhook of this namespace alone goes with it");
    assert_eq!(layout["webhooks"][0]["namespaces"], json!(["empty"]));
}

#[test]
fn a_second_time_there_is_none() {
    let (sandbox, _) = with_layout(LAYOUT);
    sandbox.line("reg-ns delete empty -r dev -o name").is(
        0,
        "empty\n",
        "reg-ns: deleted namespace \"empty\" on embedded at http://127.0.0.1:PORT\n",
    );
    sandbox.line("reg-ns delete empty -r dev").is(
        8,
        "",
        "reg-ns: error: there is no namespace \"empty\" at http://127.0.0.1:PORT\n\
         reg-ns: hint: `reg-ns list -r dev` shows what there is\n",
    );
    sandbox.line("reg-ns delete empty --missing-ok -r dev -o table").is(0, "NAME   OUTCOME\nempty  missing\n", "");
}

#[test]
fn what_is_only_seen_goes_too() {
    let (sandbox, client) = with_registry();
    client.push("team/a", "v1", &Image::new(b"a layer")).unwrap();
    client.push("other/a", "v1", &Image::new(b"a layer")).unwrap();
    sandbox.line("reg-ns delete team -r dev -q").code(9);
    sandbox.line("reg-ns delete team --force -r dev -q -o name").is(0, "team\n", "");
    sandbox.line("reg-ns list -r dev -o name").is(0, "other\n", "");
    // No layout began, and nobody has to log in.
    client.push("team/a", "v1", &Image::new(b"a layer")).unwrap();
}

#[test]
fn immutable_tags_stay() {
    let (sandbox, client) = with_layout(LAYOUT);
    client.push("fixed/a", "latest", &Image::new(b"a layer")).unwrap();
    client.push("fixed/a", "v1", &Image::new(b"a layer")).unwrap();
    sandbox.line("reg-ns delete fixed --force -r dev").is(
        9,
        "",
        "reg-ns: would delete fixed/a, 2 tags\n\
         reg-ns: error: cannot delete namespace \"fixed\" on embedded at http://127.0.0.1:PORT: conflict: the tag fixed/a:v1 is \
         immutable\n\
         reg-ns: hint: `immutableTags` in the layout says so: `reg-init export` prints it, `reg-init apply` takes it without them\n",
    );
    assert_eq!(tags(&sandbox, "dev", "fixed/a"), ["latest", "v1"]);
}

#[test]
fn who_may_not_delete_changes_nothing() {
    let (sandbox, client) = with_layout(LAYOUT);
    fill(&client);
    with_user(&sandbox, "dora");
    let ran = sandbox.line("reg-ns delete team --force -r @dora.json -q").code(5);
    let text =
        "reg-ns: error: cannot delete namespace \"team\" on embedded at http://127.0.0.1:PORT: cannot delete team/a@sha256:DIGEST";
    assert!(ran.err().starts_with(text), "{ran:?}");
    assert_eq!(tags(&sandbox, "dev", "team/a"), ["v1", "v2"]);
    assert!(sandbox.line("reg-ns list -r dev -o name").code(0).stdout.contains("team\n"));
}

#[test]
fn who_may_not_read_a_namespace_does_not_find_it_empty() {
    let (sandbox, client) = with_layout(&LAYOUT.replace("{name: empty}", "{name: priv, access: []}\n  - {name: empty}"));
    client.push("priv/a", "v1", &Image::new(b"a layer")).unwrap();
    with_user(&sandbox, "dora");
    let refused = |who: &str| {
        format!(
            "reg-ns: error: cannot delete namespace \"priv\" on embedded at http://127.0.0.1:PORT: {who} may not read what is in it\n\
             reg-ns: hint: log in as an administrator: -u with --password-file, or `credential` in its mode of the config file\n"
        )
    };
    for flags in ["", " --force", " --dry-run"] {
        sandbox.line(&format!("reg-ns delete priv -r @dora.json -q{flags}")).is(5, "", &refused("\"dora\""));
    }
    let stranger = sandbox.line("reg-ns delete priv -r dev --anonymous --dry-run -q").code(5);
    assert_eq!(stranger.stdout, "");
    sandbox.line("reg-ns list -r dev -o name").code(0);
    assert_eq!(tags(&sandbox, "dev", "priv/a"), ["v1"]);
    sandbox.line("reg-ns delete priv -r dev -q").code(9);
}
