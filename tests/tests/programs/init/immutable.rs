//! Immutable tags on the embedded registry: once pushed they neither move nor go, for nobody, in no way.

use super::{Http, MANIFEST, generated, logins};
use crate::sandbox;

#[test]
fn nobody_moves_or_deletes_one() {
    let sandbox = sandbox();
    sandbox.write("htpasswd", logins(&["anna"]));
    sandbox.write(
        "team.yaml",
        "namespaces: [{name: team, immutableTags: ['v*'], access: [{subjects: [authenticated], actions: [read, create, update, delete]}]}]\n",
    );
    let registry = sandbox.line("reg-up start dev --port 0 --htpasswd htpasswd --layout team.yaml -q").code(0).json();
    let http = Http::of(&registry);
    let password = generated(&sandbox, "dev", "admin");
    for login in [Some(("anna", super::PASSWORD)), Some(("admin", password.as_str()))] {
        let who = login.unwrap().0;
        let (digest, status) = http.push(login, "team/app", &format!("v1-{who}"), who);
        assert_eq!(status, 201);
        // The same manifest under a tag that may move goes with the tag only.
        let (_, manifest) = http.ask(login, "GET", &format!("/v2/team/app/manifests/{digest}"), None);
        let put = |tag: &str, text: &str| {
            http.ask(login, "PUT", &format!("/v2/team/app/manifests/{tag}"), Some((MANIFEST, text.as_bytes()))).0
        };
        assert_eq!(put("main", &manifest), 201);
        let (other, status) = http.push(login, "team/app", &format!("other-{who}"), &format!("other {who}"));
        assert_eq!(status, 201);
        let (_, another) = http.ask(login, "GET", &format!("/v2/team/app/manifests/{other}"), None);
        assert_eq!(put(&format!("v1-{who}"), &another), 403, "{who} moves it");
        let delete = |name: &str| http.ask(login, "DELETE", &format!("/v2/team/app/manifests/{name}"), None);
        assert_eq!(delete(&format!("v1-{who}")).0, 403, "{who} deletes it");
        let (status, body) = delete(&digest);
        assert_eq!(status, 403, "{who} deletes what it points to");
        assert!(body.contains(&format!("team/app:v1-{who}")), "the tag is named: {body}");
        assert_eq!(delete("main").0, 202);
        assert_eq!(delete(&other).0, 202);
        let (status, now) = http.ask(login, "GET", &format!("/v2/team/app/manifests/v1-{who}"), None);
        assert_eq!((status, now), (200, manifest), "{who}");
    }
}

#[test]
fn pushing_the_same_again_is_no_move() {
    let sandbox = sandbox();
    sandbox.write("team.yaml", "namespaces: [{name: team, immutableTags: ['**']}]\ntestImage: {repository: team/x, tag: v1}\n");
    sandbox.line("reg-up start dev --port 0 --layout team.yaml -q").code(0);
    for _ in 0..2 {
        sandbox.line("reg-init -r dev -q").code(0);
    }
}
