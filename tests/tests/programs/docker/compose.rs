//! `render --target compose`: a project that the real docker-compose takes, and that starts what reg-up would.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use reg_tests::docker::Docker;
use reg_tests::live;
use serde_json::Value;

use super::Contained;
use crate::live::layout::{Layout, digest};
use crate::sandbox;

/// A password that must be in no file that others may read.
const PASSWORD: &str = "never-in-a-compose-file";

/// A project, which ends with the test.
struct Project<'a> {
    docker: &'a Docker,
    program: PathBuf,
    name: String,
}

impl Project<'_> {
    /// Runs docker-compose; its output.
    #[track_caller]
    fn compose(&self, line: &str) -> String {
        let mut command = self.docker.command(&self.program);
        command.args(["--project-name", &self.name, "--file", "project/docker-compose.yml"]).args(line.split(' '));
        self.docker.finish(command, "").code(0).stdout
    }

    /// What the engine has of it.
    fn left(&self) -> String {
        let label = format!("--filter label=com.docker.compose.project={}", self.name);
        [format!("ps -aq {label}"), format!("volume ls -q {label}"), format!("network ls -q {label}")]
            .map(|line| self.docker.docker(&line))
            .concat()
    }
}

impl Drop for Project<'_> {
    fn drop(&mut self) {
        let mut command = self.docker.command(&self.program);
        command.args(["--project-name", &self.name, "--file", "project/docker-compose.yml", "down", "--volumes"]);
        let _ = self.docker.finish(command, "");
    }
}

/// The whole of a project with these flags.
fn lives(of: &Contained, more: &[&str]) {
    let Some(program) = live::COMPOSE.find() else { return };
    let docker = &of.docker;
    let pair = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    docker.write("cert.pem", pair.cert.pem());
    docker.write("key.pem", pair.signing_key.serialize_pem());
    docker.write("certs/ca.crt", pair.cert.pem());
    let users = format!("alice:{}\n", bcrypt::hash(PASSWORD, 4).unwrap());
    docker.write("htpasswd", &users);
    let port = reg_tests::port::free().to_string();
    let flags = ["--cert", "cert.pem", "--key", "key.pem", "--htpasswd", "htpasswd", "--memory", "256MiB", "--cpus", "1.5"];
    let render = |more: &[&str]| {
        let words = ["render", "x", "--type", of.kind, "--image", &*of.image, "--port", &*port, "--target", "compose"];
        docker.run("reg-up", words.iter().chain(&["--output", "project"]).chain(more))
    };
    render(&[&flags[..], more].concat()).code(0);
    let folder = docker.path("project/config");
    assert_eq!(std::fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
    for file in std::fs::read_dir(&folder).unwrap() {
        assert_eq!(file.unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }

    let project = Project { docker, program, name: docker.name("project").to_lowercase() };
    let text = std::fs::read_to_string(docker.path("project/docker-compose.yml")).unwrap();
    for secret in ["$2b$", "PRIVATE", "requirepass", &*std::fs::read_to_string(folder.join("secret")).unwrap_or("$2b$".to_owned())]
    {
        assert!(!text.contains(secret) && !text.contains("io.reg."), "{text}");
    }
    assert!(project.compose("config").contains(&format!("image: {}\n", of.image)));
    project.compose("up -d");
    let container = project.compose("ps -q registry").trim().to_owned();
    crate::process::until("the registry answers", || {
        docker.sh(&format!("curl -sk -o /dev/null https://localhost:{port}/v2/")).code == 0
    });

    // What was pushed comes back; nobody gets in without a login.
    let layout = Layout::make(&docker.path("there"), "one");
    let (place, creds) = (format!("docker://localhost:{port}/team/app:v1"), format!("alice:{PASSWORD}"));
    let copy = "skopeo --insecure-policy copy --all --preserve-digests --quiet";
    assert_ne!(docker.sh(&format!("{copy} --dest-cert-dir certs oci:there:app {place}")).code, 0);
    docker.sh(&format!("{copy} --dest-cert-dir certs --dest-creds {creds} oci:there:app {place}")).code(0);
    docker.sh(&format!("{copy} --src-cert-dir certs --src-creds {creds} {place} oci:back:v1")).code(0);
    assert_eq!(digest(&docker.path("back")), layout.index["digest"]);

    same_as_started(of, &container, &[&flags[..], &["--ca-file", "cert.pem"], more].concat());

    // Users that came later stay; the registry's own secret does, too.
    std::fs::write(folder.join("htpasswd"), format!("{users}bob:{}\n", bcrypt::hash("other", 4).unwrap())).unwrap();
    let config = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    let before = (config("htpasswd"), config("secret"), config("redis.conf"));
    let again = render(&[&["--htpasswd", "htpasswd"][..], &flags[..4], more].concat()).code(0);
    assert_eq!((config("htpasswd"), config("secret"), config("redis.conf")), (users, before.1, before.2), "{again:?}");

    project.compose("down --volumes");
    assert_eq!(project.left(), "");
}

/// What the engine was told of a container of an instance with the same flags is what compose told it.
fn same_as_started(of: &Contained, container: &str, flags: &[&str]) {
    of.start(flags);
    let own = of.container();
    for template in [
        "{{.Config.Image}} {{.Config.Cmd}} {{.Config.Entrypoint}} {{.Config.User}} {{.Config.Env}}",
        "{{.HostConfig.RestartPolicy.Name}} {{.HostConfig.LogConfig}} {{.HostConfig.Memory}} {{.HostConfig.NanoCpus}}",
        "{{.HostConfig.CapDrop}} {{.HostConfig.CapAdd}} {{.HostConfig.SecurityOpt}}",
        "{{range $port, $_ := .HostConfig.PortBindings}}{{$port}} {{end}}",
        "{{range .HostConfig.Mounts}}{{.Target}} {{.ReadOnly}} {{end}}",
    ] {
        // Where compose has its mounts is another list of the same.
        let seen = |container: &str| of.docker.inspect(container, template);
        if !template.contains("Mounts") {
            assert_eq!(seen(container), seen(&own), "{template}");
        }
    }
    let mounts = |container: &str| {
        let mounts = of.docker.inspect(container, "{{range .Mounts}}{{.Type}} {{.Destination}} {{.RW}};{{end}}");
        let mut mounts: Vec<String> = mounts.split(';').map(ToOwned::to_owned).collect();
        mounts.sort();
        mounts
    };
    assert_eq!(mounts(container), mounts(&own));
    of.reg_up("remove", &["--purge"]).code(0);
}

#[test]
fn distribution() {
    let Some(mut of) = Contained::distribution() else { return };
    let Some(redis) = of.redis() else { return };
    lives(&of, &["--with", "redis", "--redis-image", &redis]);
}

#[test]
fn distribution_without_redis() {
    Contained::distribution().iter().for_each(|of| lives(of, &[]));
}

#[test]
fn zot() {
    Contained::find("zot", "zot-minimal:v2.1.20", live::ZOT).iter().for_each(|of| lives(of, &[]));
}

#[test]
fn without_a_folder_it_is_printed_without_any_secret() {
    let Some(of) = Contained::distribution() else { return };
    let words = ["render", "x", "--type", "distribution", "--image", &*of.image, "--target", "compose"];
    let ran = of.docker.run("reg-up", words).code(0);
    assert_eq!(ran.stderr, "reg-up: --output DIR writes this file with the folder that it mounts\n");
    assert!(ran.stdout.starts_with("services:\n  registry:\n    image: "), "{ran:?}");
    let json: Value = of.docker.run("reg-up", words.iter().chain(&["-o", "json"])).code(0).json();
    assert_eq!(json["files"][0]["content"], ran.stdout.as_str());
    assert_eq!(json["files"].as_array().unwrap().len(), 1);
    assert!(!of.docker.instance("x").exists());
    assert_eq!(of.docker.left(), []);
}

#[test]
fn it_is_for_containers() {
    let sandbox = sandbox();
    sandbox.line("reg-up render --target compose").is(
        6,
        "",
        "reg-up: error: a compose file is for containers, and reg-up runs embedded as a process\n\
         reg-up: hint: --type zot and --type distribution have images\n",
    );
}
