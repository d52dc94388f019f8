//! Images from a private registry: the login that Docker keeps, what is told on the way, and each reason why none came.

use base64::Engine as _;
use reg_tests::docker::login;

use super::Contained;
use crate::process::port_of;

/// Its base64 in a login has `+` and `/`, which an engine reads in another alphabet.
const PASSWORD: &str = "~~~~~~>>>>???";

/// A private registry with the image in it; the image's name there.
fn private(of: &Contained) -> String {
    of.docker.write("users", format!("alice:{}\n", bcrypt::hash(PASSWORD, 4).unwrap()));
    let registry = of.docker.line("reg-up start private --port 0 --htpasswd users -q").code(0).json();
    let place = format!("127.0.0.1:{}", port_of(&registry));
    login(&of.docker, &place, "alice", PASSWORD);
    let image = format!("{place}/team/registry:2.8.2");
    of.docker.docker(&format!("tag {} {image}", of.image));
    of.docker.docker(&format!("push --quiet {image}"));
    of.docker.docker(&format!("rmi {image}"));
    of.docker.docker(&format!("logout {place}"));
    image
}

/// Writes a login as Docker keeps it.
fn logged_in(of: &Contained, image: &str, password: &str) {
    let place = image.split('/').next().unwrap();
    let auth = base64::engine::general_purpose::STANDARD.encode(format!("alice:{password}"));
    of.docker.write("home/.docker/config.json", format!("{{\"auths\":{{\"{place}\":{{\"auth\":\"{auth}\"}}}}}}"));
}

fn start(of: &Contained, image: &str, more: &[&str]) -> reg_tests::sandbox::Ran {
    let words = ["start", &*of.name, "--type", "distribution", "--image", image, "--port", "0"];
    of.docker.run("reg-up", words.iter().chain(more))
}

#[test]
fn a_private_image_comes_with_the_login_that_docker_keeps() {
    let Some(of) = Contained::distribution() else { return };
    let image = private(&of);
    let place = image.split('/').next().unwrap();
    let cannot = format!("cannot start \"{}\": cannot pull \"{image}\": the engine says: ", of.name);

    for login in [None, Some("wrong")] {
        if let Some(password) = login {
            logged_in(&of, &image, password);
        }
        let ran = start(&of, &image, &[]).code(5);
        let begin = format!("reg-up: pulling {image}\nreg-up: error: {cannot}");
        assert!(ran.stderr.starts_with(&begin), "{ran:?}");
        assert!(ran.stderr.ends_with(&format!("reg-up: hint: `docker login {place}` logs the engine's pulls in\n")), "{ran:?}");
        assert!(!of.docker.instance(&of.name).exists());
    }

    logged_in(&of, &image, PASSWORD);
    let missing = start(&of, &format!("{place}/team/registry:none"), &[]).code(8);
    assert!(missing.stderr.ends_with("reg-up: hint: look at its name and tag, or name another with --image\n"), "{missing:?}");
    let never = start(&of, &image, &["--pull", "never"]).code(8);
    assert!(
        never
            .stderr
            .starts_with(&format!("reg-up: error: cannot start \"{}\": the engine does not have the image {image}, ", of.name))
    );

    let ran = start(&of, &image, &[]).code(0);
    assert!(ran.stderr.starts_with(&format!("reg-up: pulling {image}\n")), "{ran:?}");
    assert!(ran.stderr.contains(&format!("\nreg-up: pulled {image}\nreg-up: starting \"{}\" (distribution 2.8.2) at ", of.name)));
    // What is there is not pulled again, unless that is wanted.
    let again = of.reg_up("restart", &[]).code(0);
    assert!(!again.stderr.contains("pull"), "{again:?}");
    let always = start(&of, &image, &["--pull", "always", "--replace"]).code(0);
    assert!(always.stderr.contains(&format!("reg-up: pulled {image}\n")), "{always:?}");

    // So that it is asked for, whatever else stays as it is.
    let configured = of.reg_up("configure", &["--pull", "always"]).code(0);
    assert!(configured.stderr.contains(&format!("reg-up: pulled {image}\n")), "{configured:?}");
    of.reg_up("stop", &[]).code(0);
    let stopped = of.reg_up("configure", &["--pull", "always"]).code(0);
    assert!(stopped.stderr.contains(&format!("reg-up: pulled {image}\n")), "{stopped:?}");

    // A registry that is down.
    of.reg_up("remove", &["--purge"]).code(0);
    of.docker.docker(&format!("rmi {image}"));
    of.docker.line("reg-up stop private").code(0);
    let down = start(&of, &image, &[]).code(4);
    assert!(down.stderr.contains(&cannot), "{down:?}");
    assert!(!down.stderr.contains(PASSWORD), "{down:?}");
    assert_eq!(of.docker.left(), []);
}
