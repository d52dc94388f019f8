//! How things are named: relative where -r says which registry, with the host in front where it does not.

use super::{tags, with_tags};

#[test]
fn a_host_in_front_is_the_registry() {
    let (sandbox, _, _) = with_tags(&["v1"]);
    let url = sandbox.line("reg-up info dev").code(0).json()["url"].as_str().unwrap().to_owned();
    let host = url.strip_prefix("http://").unwrap();
    sandbox.line(&format!("reg-ns tags {host}/team/app -o name")).is(0, "v1\n", "");
    let manifest = sandbox.line(&format!("reg-ns manifest {host}/team/app:v1")).code(0).json();
    assert_eq!(manifest["registry"]["name"], "dev", "an address of an instance is that instance");
    sandbox.line(&format!("reg-ns repos {host}/team -o name")).is(0, "team/app\n", "");
    sandbox.line(&format!("reg-ns tag {host}/team/app:v1 v2 -q -o name")).is(0, "v2\n", "");
    sandbox.line(&format!("reg-ns rm {host}/team/app:v1 {host}/team/app:v2 -q -o name")).code(0);
    assert!(tags(&sandbox, "dev", "team/app").is_empty());
    sandbox.line(&format!("reg-ns tags {host}/team/app -r dev")).is(
        2,
        "",
        "reg-ns: error: \"127.0.0.1:PORT/team/app\" is not a repository name: each part between slashes is lower-case letters and digits, \
         joined by single `.`, `_`, `__` or dashes\nreg-ns: hint: where -r says which registry, there is no host in front of a name\n",
    );
    sandbox.line(&format!("reg-ns rm {host}/team/app:v1 127.0.0.1:1/team/app:v1")).is(
        2,
        "",
        "reg-ns: error: the references are in several registries\nreg-ns: hint: name those of one registry at a time\n",
    );
    let ran = sandbox.line("reg-ns tags team/app").code(2);
    assert!(ran.stderr.starts_with("reg-ns: error: no registry was named\n"), "{ran:?}");
}

#[test]
fn a_tag_is_never_made_up() {
    let (sandbox, _, _) = with_tags(&["latest"]);
    sandbox.line("reg-ns rm team/app -r dev").is(
        2,
        "",
        "reg-ns: error: \"team/app\" names neither a tag nor a digest\n\
         reg-ns: hint: `team/app:latest` is its tag latest; `reg-ns tags team/app` lists them\n",
    );
    let digest = format!("sha256:{}", "0".repeat(64));
    sandbox.line(&format!("reg-ns manifest team/app:v1@{digest} -r dev")).is(
        2,
        "",
        "reg-ns: error: \"team/app:v1@sha256:00000000000000000000000000000000000000000…\" (83 bytes) names both a tag and a digest\n",
    );
    assert_eq!(tags(&sandbox, "dev", "team/app"), ["latest"]);
}
