//! What reg-ns does to the real registries: one tag of several, a manifest with all that hangs on it, what stays in the catalog.

use reg_shared::version::Version;
use reg_tests::sandbox::Sandbox;
use serde_json::Value;

use super::{Real, with_each_registry};
use crate::client::{Client, Image, tag};
use crate::ns::{put_referrer, tags};
use crate::sandbox;

with_each_registry!(
    a_tag_goes_alone,
    who_deletes_nothing_keeps_every_tag,
    a_tag_without_its_manifest_goes_too,
    a_manifest_goes_with_all_of_it,
    an_emptied_repository_is_no_surprise,
    a_tag_is_added,
    tags_are_in_the_order_of_their_pushes
);

fn started(real: &Real) -> (Sandbox, Client, Value) {
    let sandbox = sandbox();
    let registry = real.start(&sandbox, &["-q"]);
    let client = Client::of(&registry);
    (sandbox, client, registry)
}

fn a_tag_goes_alone(real: &Real) {
    let (sandbox, client, registry) = started(real);
    let image = Image::new(b"a layer");
    for number in 0..40 {
        client.push("team/app", &format!("v{number}"), &image).unwrap();
    }
    // By name: the version is known. By URL: it may not be.
    sandbox.line("reg-ns rm team/app:v0 -r x -q -o name").is(0, "team/app:v0\n", "");
    let url = registry["url"].as_str().unwrap();
    sandbox.line(&format!("reg-ns rm team/app:v1 -r {url} -q -o name")).is(0, "team/app:v1\n", "");
    // Many at once, of one manifest.
    let script = "reg-ns tags team/app -r x --match '^v[1-3]' -o name | reg-ns rm -r x --repository team/app - -q -o name | wc -l | tr -d ' '";
    sandbox.sh(script).is(0, "32\n", "");
    assert_eq!(tags(&sandbox, "x", "team/app"), ["v4", "v5", "v6", "v7", "v8", "v9"]);
    assert_eq!(client.pull("team/app", &tag("v4")).unwrap(), image.digest);
    sandbox.line("reg-ns rm team/app:v1 -r x -q").code(8);
}

fn tags_are_in_the_order_of_their_pushes(real: &Real) {
    let (sandbox, with) = (sandbox(), if real.kind == "zot" { &["-q", "--with", "search"][..] } else { &["-q"] });
    let registry = real.start(&sandbox, with);
    let client = Client::of(&registry);
    for name in ["c", "a", "b"] {
        client.push("team/app", name, &Image::new(name.as_bytes())).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(1100));
    }
    let ran = sandbox.line("reg-ns tags team/app -r x --sort time -o name").code(0);
    // Distribution keeps no times, and zot tells them since 2.1.5.
    let dates = match real.kind {
        "zot" => registry["version"].as_str().unwrap().parse::<Version>().unwrap() >= Version::new(2, 1, 5),
        kind => kind == "embedded",
    };
    assert_eq!(dates, !ran.err().contains("does not tell when"), "{ran:?}");
    assert_eq!(ran.stdout, if dates { "c\na\nb\n" } else { "a\nb\nc\n" });
}

fn who_deletes_nothing_keeps_every_tag(real: &Real) {
    if real.kind != "distribution" {
        return;
    }
    let sandbox = sandbox();
    let registry = real.start(&sandbox, &["-q", "--without", "delete"]);
    let (client, image) = (Client::of(&registry), Image::new(b"a layer"));
    client.push("team/app", "v1", &image).unwrap();
    for (line, what) in [
        ("reg-ns rm team/app:v1 -r x", "take the tag team/app:v1 away"),
        ("reg-ns rm team/app:v1 -r x --digest", "delete team/app@sha256:DIGEST"),
    ] {
        let ran = sandbox.line(line).code(6);
        let text = format!("reg-ns: error: cannot {what} at http://127.0.0.1:PORT: the registry says ");
        assert!(ran.err().starts_with(&text), "{ran:?}");
    }
    assert_eq!(client.pull("team/app", &tag("v1")).unwrap(), image.digest, "the tag still points to it");
}

fn a_tag_without_its_manifest_goes_too(real: &Real) {
    if real.kind != "distribution" {
        return;
    }
    let (sandbox, client, registry) = started(real);
    let image = Image::new(b"a layer");
    client.push("team/app", "v1", &image).unwrap();
    client.push("team/app", "v2", &Image::new(b"another")).unwrap();
    // What an interrupted deletion leaves.
    let data = std::path::Path::new(registry["instance"]["data"].as_str().unwrap());
    let link = format!("docker/registry/v2/repositories/team/app/_manifests/revisions/sha256/{}", image.digest.hex());
    std::fs::remove_dir_all(data.join(link)).unwrap();
    sandbox.line("reg-up restart x -q -o name").code(0);
    sandbox.line("reg-ns rm team/app:v1 -r x -q -o name").is(0, "team/app:v1\n", "");
    assert_eq!(tags(&sandbox, "x", "team/app"), ["v2"]);
}

fn a_manifest_goes_with_all_of_it(real: &Real) {
    let (sandbox, client, _) = started(real);
    let (image, other) = (Image::new(b"a layer"), Image::new(b"another"));
    client.push("team/app", "v1", &image).unwrap();
    client.push("team/app", "v2", &image).unwrap();
    client.push("team/app", "other", &other).unwrap();
    let subject = (&image.digest, image.size());
    let signature = put_referrer(&client, "team/app", subject, "application/x.signature", &image);
    let sbom = put_referrer(&client, "team/app", subject, "application/x.sbom", &image);
    let listed = |of: &str| sandbox.line(&format!("reg-ns referrers team/app@{of} -r x -o name")).code(0).stdout.lines().count();
    assert_eq!(listed(&image.digest.to_string()), 2);
    // One of those about it, alone: it is in no list any more, whoever keeps the list.
    sandbox.line(&format!("reg-ns rm team/app@{sbom} -r x --digest -q -o name")).code(0);
    assert_eq!(listed(&image.digest.to_string()), 1);
    sandbox.line("reg-ns rm team/app:v1 -r x --digest -q").code(9);
    let gone = sandbox.line("reg-ns rm team/app:v1 -r x --digest --force -q").code(0).json();
    assert_eq!(gone["deleted"][0]["referrers"], serde_json::json!([signature]));
    for digest in [&image.digest, &signature, &sbom] {
        sandbox.line(&format!("reg-ns manifest team/app@{digest} -r x")).code(8);
    }
    assert_eq!(tags(&sandbox, "x", "team/app"), ["other"]);
    assert_eq!(client.pull("team/app", &tag("other")).unwrap(), other.digest);
}

fn an_emptied_repository_is_no_surprise(real: &Real) {
    let (sandbox, client, _) = started(real);
    let image = Image::new(b"a layer");
    client.push("team/app", "v1", &image).unwrap();
    client.push("team/gone", "v1", &image).unwrap();
    sandbox.line("reg-ns rm team/gone:v1 -r x --digest -q -o name").code(0);
    let listed = sandbox.line("reg-ns repos -r x").code(0).json();
    let rows = listed["repositories"].as_array().unwrap();
    let named = |name: &str| rows.iter().find(|row| row["name"] == name);
    assert_eq!((named("team/app").unwrap()["tags"].as_u64(), &named("team/app").unwrap()["ghost"]), (Some(1), &false.into()));
    // The embedded one forgets it; the others do not, and then it is said.
    assert_eq!(named("team/gone").map(|row| row["ghost"].clone()), (real.kind != "embedded").then_some(true.into()));
    let counts = sandbox.line("reg-ns stats -r x").code(0).json()["total"].clone();
    let ghosts = u64::from(real.kind != "embedded");
    let number = |field: &str| counts[field].as_u64().unwrap();
    assert_eq!([number("repositories"), number("ghosts"), number("tags"), number("manifests")], [1, ghosts, 1, 1], "{counts}");
    let whole = image.size() + image.blobs.iter().map(Vec::len).sum::<usize>();
    assert_eq!([number("uniqueBytes"), number("referencedBytes")], [whole as u64; 2]);
}

fn a_tag_is_added(real: &Real) {
    let (sandbox, client, _) = started(real);
    let image = Image::new(b"a layer");
    client.push("team/app", "v1", &image).unwrap();
    let ran = sandbox.line("reg-ns tag team/app:v1 v1.0 latest -r x -v -o name").code(0);
    assert_eq!(ran.stdout, "v1.0\nlatest\n");
    assert!(!ran.stderr.contains("/blobs/"), "{ran:?}");
    assert_eq!(client.pull("team/app", &tag("latest")).unwrap(), image.digest);
    assert_eq!(tags(&sandbox, "x", "team/app"), ["latest", "v1", "v1.0"]);
}
