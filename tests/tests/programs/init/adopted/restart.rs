//! Whether somebody else's registry knows what is written is seen, not believed.

use super::super::effect;
use super::{RIGHTS, Service, zot};

#[test]
fn a_zot_that_anybody_may_read_is_seen_to_read_its_configuration() {
    let rights = RIGHTS.replace("**/by-hand", "**");
    let Some(Service { sandbox, http }) = zot("", &rights) else { return };
    for name in ["one", "two"] {
        sandbox.write("team.yaml", format!("namespaces: [{{name: {name}}}]\n"));
        let ran = sandbox.line("reg-init apply -r edge --layout team.yaml -q").code(0);
        assert_eq!(effect(&ran), "1 change: it was seen to read its configuration again");
        assert_eq!(http.status(None, "GET", &format!("/v2/{name}/x/tags/list")), 401);
    }
    assert_eq!(http.status(None, "GET", "/v2/other/tags/list"), 404);
    assert!(!std::fs::read_to_string(sandbox.path("etc/zot.json")).unwrap().contains("reg-mark-"));
}
