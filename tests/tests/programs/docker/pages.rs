//! Pages for a browser beside a Distribution. The image is a stand-in that does with the variables what Joxit's does: it listens where it
//! is told to, and hands on to the registry.

use reg_tests::live;
use serde_json::json;

use super::Contained;
use crate::sandbox;

/// Shows its variables as a page, and asks the registry as nginx would.
const PROGRAM: &str = r#"mkdir -p /tmp/page/cgi-bin
env > /tmp/page/index.html
printf '#!/bin/busybox sh\nprintf "\\r\\n"\nexec /bin/busybox wget -q -O - "$NGINX_PROXY_PASS_URL/v2/_catalog"\n' > /tmp/page/cgi-bin/catalog
chmod +x /tmp/page/cgi-bin/catalog
exec /bin/busybox httpd -f -p "$NGINX_LISTEN_PORT" -h /tmp/page
"#;

fn with_pages() -> Option<(Contained, String)> {
    let busybox = live::BUSYBOX.find()?;
    let mut of = Contained::distribution()?;
    let program = of.docker.write("entry", PROGRAM);
    // The check of its health asks with `wget`.
    let files = [(busybox.clone(), "bin/busybox"), (busybox, "usr/bin/wget"), (program, "entry")];
    let files = files.map(|(file, inside)| (file, inside.to_owned()));
    let image = of.docker.image_of("pages:2", &files, r#"["/bin/busybox", "sh", "/entry"]"#);
    Some((of, image))
}

/// A page of the stand-in.
fn page(of: &Contained, address: &str) -> String {
    of.docker.sh(&format!("curl -sSf {address}")).code(0).stdout
}

#[test]
fn they_are_reached_and_reach_the_registry() {
    let Some((of, image)) = with_pages() else { return };
    let flags = ["--with", "ui", "--ui-image", &*image];
    let document = of.start(&flags);
    let ui = document["endpoints"]["ui"].as_str().unwrap().to_owned();
    assert_eq!(document["instance"]["containers"], json!([of.container(), format!("{}.ui", of.container())]));
    of.docker.run("reg-test", ["push", "-r", &*of.name]).code(0);
    assert_eq!(page(&of, &format!("{ui}cgi-bin/catalog")).trim(), r#"{"repositories":["reg-test/reg-probe"]}"#);

    let told = page(&of, &ui);
    let registry = document["url"].as_str().unwrap();
    let place = registry.trim_start_matches("http://");
    for line in [
        "SINGLE_REGISTRY=true",
        "DELETE_IMAGES=true",
        "REGISTRY_SECURED=false",
        "NGINX_PROXY_PASS_URL=http://registry:5000",
        &format!("REGISTRY_TITLE={}", of.name),
        &format!("PULL_URL={place}"),
    ] {
        assert!(told.lines().any(|told| told == line), "{line}\n{told}");
    }
    // Nobody of importance runs there.
    let seen = |template: &str| of.docker.inspect(&format!("{}.ui", of.container()), template);
    assert_eq!(seen("{{.Config.User}} {{.HostConfig.CapAdd}} {{len .Mounts}}"), "101:101 [] 0");

    // A browser lets the page talk to the registry itself, too.
    let script = format!("curl -sSf -D - -o /dev/null -H 'Origin: {0}' {registry}/v2/", ui.trim_end_matches('/'));
    let headers = of.docker.sh(&script).code(0).stdout;
    for header in [
        format!("Access-Control-Allow-Origin: {}", ui.trim_end_matches('/')),
        "Access-Control-Allow-Methods: DELETE".to_owned(),
        "Access-Control-Allow-Headers: Authorization".to_owned(),
        "Access-Control-Expose-Headers: Docker-Content-Digest".to_owned(),
    ] {
        assert!(headers.lines().any(|line| line.trim_end() == header), "{header}\n{headers}");
    }

    // They stay where they are.
    let again = of.reg_up("restart", &[]).code(0).json();
    assert_eq!(again["endpoints"]["ui"], ui.as_str());
    let kept = of.reg_up("configure", &["--without", "delete"]).code(0).json();
    assert_eq!(kept["endpoints"]["ui"], ui.as_str());
    assert!(page(&of, &ui).contains("DELETE_IMAGES=false\n"));
    of.docker.docker(&format!("rm --force {}.ui", of.container()));
    assert_eq!(of.status(), ("unhealthy".to_owned(), "the container of its ui is gone: somebody removed it".to_owned()));
    of.reg_up("remove", &["--purge"]).code(0);
    assert_eq!(of.docker.left(), []);
}

#[test]
fn a_port_that_is_taken_is_told() {
    let Some((of, image)) = with_pages() else { return };
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let ran = of.docker.run("reg-up", of.words(&["--with", "ui", "--ui-image", &image, "--ui-port", &port])).code(9);
    assert!(ran.stderr.contains(&format!("cannot start \"{}\": port {port} is taken by ", of.name)), "{ran:?}");
    assert_eq!(of.docker.left(), []);
}

#[test]
fn pages_that_do_not_answer_take_the_whole_attempt_with_them() {
    let Some((mut of, image)) = with_pages() else { return };
    let silent = of.docker.altered(&image, r#"ENTRYPOINT ["/bin/busybox", "sleep", "99"]"#);
    let ran = of.docker.run("reg-up", of.words(&["--with", "ui", "--ui-image", &silent, "--wait", "2s"])).code(4);
    assert!(ran.stderr.contains(&format!("cannot start \"{}\": its pages: it was not ready within 2 s: ", of.name)), "{ran:?}");
    assert_eq!(of.docker.left(), []);
    let ends = of.docker.altered(&image, r#"ENTRYPOINT ["/bin/busybox", "sh", "-c", "echo no luck; exit 3"]"#);
    let ran = of.docker.run("reg-up", of.words(&["--with", "ui", "--ui-image", &ends])).code(1);
    assert!(ran.stderr.contains("\nreg-up: log: no luck\n"), "{ran:?}");
    assert!(ran.stderr.ends_with(&format!("cannot start \"{}\": its ui ended with exit code 3\n", of.name)), "{ran:?}");
    assert_eq!(of.docker.left(), []);
}

#[test]
fn zot_needs_no_pages_beside_it() {
    let sandbox = sandbox();
    let ran = sandbox.line("reg-up start x --type zot --backend process --with ui --ui-port 8080").code(2);
    assert!(ran.stderr.contains("--ui-port is for containers, and --backend process starts none\n"), "{ran:?}");
}
