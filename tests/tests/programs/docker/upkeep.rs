//! The garbage of a registry in a container, and what it counts.

use super::Contained;

#[test]
fn its_own_program_collects_its_garbage_while_it_is_stopped() {
    let Some(of) = Contained::distribution() else { return };
    of.start(&[]);
    let name = &*of.name;
    // What the check pushes it deletes again: garbage.
    of.docker.run("reg-test", ["push-pull", "-r", name]).code(0);
    of.docker.run("reg-test", ["push", "-r", name]).code(0);
    let id = of.docker.inspect(&of.container(), "{{.Id}}");
    let counted = of.reg_up("gc", &["--dry-run"]).code(0).json();
    assert_eq!((&counted["online"], &counted["dryRun"]), (&true.into(), &true.into()));
    assert_eq!(of.docker.inspect(&of.container(), "{{.Id}}"), id, "counting stops nothing");
    let swept = of.reg_up("gc", &[]).code(0).json();
    assert_eq!(swept["online"], false);
    assert_eq!(swept["blobsRemoved"], counted["blobsRemoved"]);
    assert_eq!(swept["blobsRemoved"], 3, "{swept}");
    assert_eq!(of.status().0, "running");
    of.docker.run("reg-test", ["catalog", "-r", name]).code(0);
    assert_eq!(of.reg_up("gc", &["--dry-run"]).code(0).json()["blobsRemoved"], 0);
    let kinds: Vec<_> = of.docker.left().into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["container", "network", "volume"], "the errand's container is gone");
}

#[test]
fn its_metrics_are_reached_from_outside() {
    let Some(of) = Contained::distribution() else { return };
    of.start(&[]);
    let metrics = of.reg_up("metrics", &[]).code(0).json();
    assert!(metrics["requestsTotal"].as_u64().unwrap() > 0, "{metrics}");
}
