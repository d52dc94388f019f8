//! What the engine is told about a container: its limits, its log, its name and labels, what it may do and what it sees.

use reg_tests::port;

use super::Contained;

#[test]
fn the_engine_keeps_the_container_as_it_was_asked_to() {
    let Some(of) = Contained::distribution() else { return };
    let port = port::free().to_string();
    of.start(&["--memory", "64MiB", "--cpus", "0.5", "--port", &port]);
    let seen = |template: &str| of.docker.inspect(&of.container(), template);
    assert_eq!(seen("{{.HostConfig.RestartPolicy.Name}}"), "unless-stopped");
    assert_eq!(seen("{{.HostConfig.LogConfig.Type}}"), "json-file");
    assert_eq!(seen(r#"{{index .HostConfig.LogConfig.Config "max-size"}}"#), "10485760");
    assert_eq!(seen(r#"{{index .HostConfig.LogConfig.Config "max-file"}}"#), "4");
    assert_eq!(seen("{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}"), format!("{} 500000000", 64 << 20));
    assert_eq!(seen(r#"{{index .Config.Labels "io.reg.instance"}}"#), of.name);
    let folder = of.docker.instance(&of.name);
    assert_eq!(seen(r#"{{index .Config.Labels "io.reg.folder"}}"#), folder.display().to_string());
    assert_eq!(
        seen("{{.HostConfig.CapDrop}} {{.HostConfig.CapAdd}} {{.HostConfig.SecurityOpt}}"),
        "[ALL] [DAC_OVERRIDE] [no-new-privileges]"
    );
    assert_eq!(seen("{{.Config.Image}}"), of.image);
    let published =
        seen(r#"{{with index .HostConfig.PortBindings "5000/tcp"}}{{(index . 0).HostIp}}:{{(index . 0).HostPort}}{{end}}"#);
    assert_eq!(published, format!("127.0.0.1:{port}"));
    let mounts = seen("{{range .Mounts}}{{.Type}} {{.Destination}} {{.RW}};{{end}}");
    assert!(mounts.contains("bind /etc/reg false;") && mounts.contains("volume /var/lib/registry true;"), "{mounts}");
    assert_eq!(seen("{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}").trim(), of.container());
}

#[test]
fn an_audit_log_is_a_file_of_the_instance() {
    let Some(of) = Contained::find("zot", "zot-minimal:v2.1.20", reg_tests::live::ZOT) else { return };
    of.start(&["--with", "audit"]);
    of.docker.run("reg-test", ["push", "-r", &of.name]).code(0);
    of.reg_up("restart", &[]).code(0);
    let audit = std::fs::read_to_string(of.docker.instance(&of.name).join("audit.log")).unwrap();
    assert!(audit.contains("\"action\":\"PUT\""), "{audit}");
}

#[test]
fn a_folder_of_ones_own_takes_the_place_of_the_volume() {
    let Some(of) = Contained::distribution() else { return };
    let document = of.start(&["--data", "mine/data"]);
    let data = of.docker.path("mine/data");
    assert_eq!(document["instance"]["data"], data.display().to_string());
    of.docker.run("reg-test", ["push", "-r", &of.name]).code(0);
    assert!(data.join("docker/registry/v2").is_dir());
    let kinds: Vec<_> = of.docker.left().into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, ["container", "network"], "no volume was made");
    let removed = of.reg_up("remove", &["--purge"]).code(0);
    assert!(removed.stderr.contains(&format!("the data in {} is yours and stays\n", data.display())), "{removed:?}");
    assert!(data.join("docker/registry/v2").is_dir());
}

#[test]
fn other_limits_are_a_difference_that_replace_puts_in_force() {
    let Some(of) = Contained::distribution() else { return };
    of.start(&["--memory", "64MiB"]);
    let refused = of.reg_up("start", &["--memory", "96MiB", "--cpus", "1.5"]).code(9);
    assert_eq!(
        refused.stderr,
        format!(
            "reg-up: error: cannot start \"{0}\": it already runs with other settings: its memory is 67108864, not 100663296; its \
             processors is unlimited, not 1.5\n\
             reg-up: hint: `reg-up start {0} … --replace` starts it with the new ones, `reg-up info {0}` shows what runs\n",
            of.name
        )
    );
    of.reg_up("start", &["--memory", "0", "--cpus", "1.5", "--replace"]).code(0);
    assert_eq!(of.docker.inspect(&of.container(), "{{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}"), "0 1500000000");
}

#[test]
fn another_backend_is_a_difference_like_any_other() {
    let Some(of) = Contained::distribution() else { return };
    let Some(binary) = reg_tests::live::DISTRIBUTION.find() else { return };
    let process = ["--backend", "process", "--binary", binary.to_str().unwrap()];
    of.start(&[]);
    // A program that is named is run, so it is no container any more.
    let refused = of.reg_up("start", &process[2..]).code(9);
    assert!(refused.stderr.contains("its program is the default, not "), "{refused:?}");
    let both = of.reg_up("start", &["--backend", "docker", "--binary", process[3], "--replace"]).code(2);
    assert_eq!(
        both.stderr,
        format!(
            "reg-up: error: cannot start \"{}\": --binary names a program, and --backend docker starts a container of an image\n\
             reg-up: hint: --image names the image\n",
            of.name
        )
    );
    let refused = of.reg_up("start", &process).code(9);
    assert!(refused.stderr.contains("its backend is docker, not process"), "{refused:?}");
    // The container makes place, its network goes, and the volume waits for its return.
    let document = of.reg_up("start", &[&process[..], &["--replace"]].concat()).code(0).json();
    assert_eq!(document["instance"]["backend"], "process");
    assert_eq!(of.docker.left(), [("volume", format!("reg-{}-data", of.name))]);
    let refused = of.reg_up("start", &["--backend", "docker"]).code(9);
    assert!(refused.stderr.contains("its backend is process, not docker"), "{refused:?}");
    let document = of.reg_up("start", &["--backend", "docker", "--image", &of.image, "--replace"]).code(0).json();
    assert_eq!(document["instance"]["backend"], "docker");
    of.reg_up("remove", &["--purge"]).code(0);
    assert_eq!(of.docker.left(), []);
}
