//! The garbage of a registry in a container, and what it counts.

use reg_tests::live;

use super::Contained;
use crate::live::server::Server;

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

/// The counts of a report.
fn counts(report: &serde_json::Value) -> [Option<u64>; 4] {
    ["blobsRemoved", "bytesRemoved", "blobsKept", "bytesKept"].map(|field| report[field].as_u64())
}

fn of_nothing_nothing_is_removed(of: &Contained) {
    of.start(&[]);
    for more in [&["--dry-run"][..], &[]] {
        let report = of.reg_up("gc", more).code(0).json();
        assert_eq!((counts(&report)[0], counts(&report)[2]), (Some(0), Some(0)), "{report}");
    }
    assert_eq!(of.status().0, "running");
}

#[test]
fn of_nothing_nothing_is_removed_by_distribution() {
    Contained::distribution().iter().for_each(of_nothing_nothing_is_removed);
}

#[test]
fn of_nothing_nothing_is_removed_by_distribution3() {
    Contained::find("distribution", "registry:3.1.1", live::DISTRIBUTION3).iter().for_each(of_nothing_nothing_is_removed);
}

#[test]
fn a_volume_that_is_gone_is_not_made_again_by_looking_for_garbage() {
    let Some(of) = Contained::distribution() else { return };
    of.start(&[]);
    of.reg_up("stop", &[]).code(0);
    let volume = format!("{}-data", of.container());
    of.docker.docker(&format!("rm {}", of.container()));
    of.docker.docker(&format!("volume rm {volume}"));
    let name = &of.name;
    let said = format!(
        "reg-up: error: cannot collect the garbage of \"{name}\": its volume {volume} is gone, and its data with it\n\
         reg-up: hint: `reg-up start {name}` begins with an empty one, `reg-up remove {name} --purge` forgets it\n"
    );
    of.reg_up("gc", &[]).is(1, "", &said);
    of.reg_up("gc", &["--dry-run"]).is(1, "", &said);
    assert_eq!(of.docker.docker(&format!("volume ls -q --filter name={volume}")), "");
    let rendered = of.reg_up("render", &["--target", "prometheus", "-o", "json"]).code(0);
    let said = format!("reg-up: no rule says when the storage of \"{name}\" is full: its volume {volume} is gone\n");
    assert_eq!(rendered.err(), said);
    of.start(&[]);
    of.reg_up("remove", &["--purge"]).code(0);
    assert_eq!(of.docker.left(), []);
}

fn the_garbage_in_a_bucket_is_collected(of: &Contained) {
    let Some(moto) = live::MOTO.find() else { return };
    // Where a container reaches this machine.
    let host = of.docker.inspect("bridge", "{{(index .IPAM.Config 0).Gateway}}");
    let port = reg_tests::port::free();
    let _server = Server::start(&moto, &of.docker.path(""), port, &["-H", "0.0.0.0", "-p", &port.to_string()]);
    of.docker.sh(&format!("curl -sf -o /dev/null -X PUT http://127.0.0.1:{port}/images")).code(0);
    of.docker.write("key", "s3cret");
    let endpoint = format!("http://{host}:{port}");
    let document =
        of.start(&["--s3-bucket", "images", "--s3-endpoint", &endpoint, "--s3-access-key", "ID", "--s3-secret-key-file", "key"]);
    assert_eq!(document["instance"]["data"], serde_json::json!(null));
    of.docker.run("reg-test", ["push", "-r", &*of.name]).code(0);
    of.docker.run("reg-test", ["push-pull", "-r", &*of.name]).code(0);
    let counted = of.reg_up("gc", &["--dry-run"]).code(0).json();
    assert_eq!(counts(&counted), [Some(3), None, Some(3), None], "{counted}");
    assert_eq!(counts(&of.reg_up("gc", &[]).code(0).json()), [Some(3), None, Some(3), None]);
    of.reg_up("stop", &[]).code(0);
    assert_eq!(counts(&of.reg_up("gc", &[]).code(0).json())[0], Some(0));
    let kinds: Vec<_> = of.docker.left().into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["container", "network"], "a bucket needs no volume beside it");
    of.reg_up("remove", &["--purge"]).code(0);
    assert_eq!(of.docker.left(), []);
}

#[test]
fn the_garbage_in_a_bucket_is_collected_by_distribution() {
    Contained::distribution().iter().for_each(the_garbage_in_a_bucket_is_collected);
}

#[test]
fn the_garbage_in_a_bucket_is_collected_by_distribution3() {
    Contained::find("distribution", "registry:3.1.1", live::DISTRIBUTION3).iter().for_each(the_garbage_in_a_bucket_is_collected);
}

#[test]
fn the_image_that_is_there_now_decides_whether_what_has_no_tag_may_go() {
    let Some(mut of) = Contained::find("distribution", "registry:3.1.1", live::DISTRIBUTION3) else { return };
    let Some(old) = live::DISTRIBUTION.find() else { return };
    let old = of.docker.image("registry:2.8.2", &old);
    let tag = format!("reg-tests.invalid/{}", of.docker.name("moved").to_lowercase());
    of.docker.removes(&tag);
    of.docker.docker(&format!("tag {} {tag}", of.image));
    of.start(&["--image", &tag]);
    of.docker.run("reg-test", ["push", "-r", &*of.name]).code(0);
    of.reg_up("gc", &["--untagged"]).code(0);
    let id = of.docker.inspect(&of.container(), "{{.Id}}");
    of.docker.docker(&format!("tag {old} {tag}"));
    let said = format!(
        "reg-up: error: cannot collect the garbage of \"{}\": Distribution 2.8.2 removes the images of every tagged index, too, and its \
         data cannot be looked through from here\nreg-up: hint: Distribution 3.0 and newer keep what an index refers to\n",
        of.name
    );
    of.reg_up("gc", &["--untagged"]).is(6, "", &said);
    assert_eq!(of.docker.inspect(&of.container(), "{{.Id}} {{.State.Running}}"), format!("{id} true"), "it was not stopped");
}

#[test]
fn its_metrics_are_reached_from_outside() {
    let Some(of) = Contained::distribution() else { return };
    of.start(&[]);
    let metrics = of.reg_up("metrics", &[]).code(0).json();
    assert!(metrics["requestsTotal"].as_u64().unwrap() > 0, "{metrics}");
}

#[test]
fn its_volume_is_measured_and_watched_where_it_can_be_looked_at() {
    let Some(of) = Contained::distribution() else { return };
    of.start(&[]);
    of.docker.run("reg-test", ["push-pull", "-r", &*of.name]).code(0);
    of.docker.run("reg-test", ["push", "-r", &*of.name]).code(0);
    let place = of.docker.inspect(&format!("{}-data", of.container()), "{{.Mountpoint}}");
    let readable = std::fs::read_dir(&place).is_ok();
    assert_eq!(of.reg_up("metrics", &[]).code(0).json()["bytesStored"].as_u64().is_some_and(|bytes| bytes > 0), readable);
    let counted = of.reg_up("gc", &["--dry-run"]).code(0).json();
    let swept = of.reg_up("gc", &[]).code(0).json();
    assert_eq!(counts(&counted), counts(&swept));
    assert_eq!(counts(&swept)[1].is_some_and(|bytes| bytes > 0), readable, "{swept}");
    let rendered = of.reg_up("render", &["--target", "prometheus", "-o", "json"]).code(0);
    assert_eq!(rendered.stdout.contains("RegistryStorageFull"), readable, "{rendered:?}");
    assert_eq!(rendered.err().contains("reg-up: no rule says when the storage of"), !readable, "{rendered:?}");
}

#[test]
fn a_unit_for_systemd_is_never_one_of_a_container() {
    let Some(of) = Contained::distribution() else { return };
    of.start(&[]);
    let name = &of.name;
    let render = |more: &[&str]| of.reg_up("render", &[&["--target", "systemd"][..], more].concat());
    let said = format!(
        "reg-up: error: \"{name}\" is a container, which its engine runs by itself\n\
         reg-up: hint: a unit is for a process: `reg-up configure {name} --backend process` makes one of it, and its data stays in its volume\n"
    );
    render(&[]).is(6, "", &said);
    let said = format!(
        "reg-up: error: \"{name}\" has other settings: its backend is docker, not process\n\
         reg-up: hint: `reg-up configure {name} …` first: what is rendered names its files as they are\n"
    );
    render(&["--backend", "process"]).is(9, "", &said);
}
