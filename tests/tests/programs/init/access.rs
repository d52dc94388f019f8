//! Who may do what: the four policies of the default layout on the embedded registry and on a real zot, every subject and action,
//! allowed and refused, by plain HTTP and with skopeo; and both deciders say the same.

use reg_shared::access::Access;
use reg_shared::access::zot::{Decider, Verdict, compile};
use reg_shared::layout::{Action, Layout};
use reg_shared::name::Digest;
use reg_tests::live;
use reg_tests::sandbox::Sandbox;
use serde_json::Value;

use super::{Http, Login, MANIFEST, PASSWORD, generated, logins, refused};
use crate::live::Real;
use crate::live::layout::Layout as Folder;
use crate::sandbox;

/// The namespaces of the default layout and a name outside of all, with what everybody may do there, and everybody with a login.
const POLICIES: [(&str, &[Action], &[Action]); 5] = [
    ("provisioning-extensions", &[], &[Action::Read, Action::Create, Action::Update, Action::Delete]),
    ("provisioning-kcl", &[], &[Action::Read, Action::Create, Action::Update]),
    ("provisioning-platform", &[], &[Action::Read]),
    ("provisioning-test", &[Action::Read], &[Action::Read, Action::Create, Action::Update, Action::Delete]),
    ("elsewhere", &[], &[]),
];
/// Who asks; `stranger` can log in, and no layout names it.
const SUBJECTS: [&str; 5] = ["nobody", "provisioning", "admin", "developer", "stranger"];

fn may(subject: &str, action: Action, policy: &(&str, &[Action], &[Action])) -> bool {
    match subject {
        "provisioning" | "admin" => true,
        "nobody" => policy.1.contains(&action),
        _ => policy.2.contains(&action),
    }
}

/// A registry with the default layout, and the password of its administrator.
fn set_up(real: &Real) -> (Sandbox, Value, String) {
    let sandbox = sandbox();
    sandbox.write("htpasswd", logins(&["provisioning", "developer", "tester", "stranger"]));
    real.start(&sandbox, &["--htpasswd", "htpasswd", "-q"]);
    let registry = sandbox.line("reg-init -r x -q").code(0).json()["registry"].clone();
    let admin = generated(&sandbox, "x", "admin");
    (sandbox, registry, admin)
}

fn login<'a>(subject: &'a str, admin: &'a str) -> Login<'a> {
    match subject {
        "nobody" => None,
        "admin" => Some(("admin", admin)),
        subject => Some((subject, PASSWORD)),
    }
}

/// What a repository has for the requests of a subject.
struct Seeds {
    /// A manifest that stays, its digest, and its configuration's.
    kept: String,
    digest: String,
    config: String,
    /// The digest of one that is to be deleted by it.
    doomed: String,
}

fn seed(http: &Http, admin: Login<'_>, repository: &str, subject: &str) -> Seeds {
    let (digest, status) = http.push(admin, repository, "kept", "kept");
    assert_eq!(status, 201);
    let (status, kept) = http.ask(admin, "GET", &format!("/v2/{repository}/manifests/kept"), None);
    assert_eq!(status, 200);
    let config = serde_json::from_str::<Value>(&kept).unwrap()["config"]["digest"].as_str().unwrap().to_owned();
    for tag in ["moved", "gone"] {
        let (_, status) = http.push(admin, repository, &format!("{tag}-{subject}"), &format!("{tag} {subject}"));
        assert_eq!(status, 201);
    }
    let (doomed, _) = http.push(admin, repository, &format!("doomed-{subject}"), &format!("doomed {subject}"));
    Seeds { kept, digest, config, doomed }
}

fn every_subject_and_action(real: &Real) {
    let (_sandbox, registry, password) = set_up(real);
    let http = Http::of(&registry);
    let admin = Some(("admin", password.as_str()));
    for policy in &POLICIES {
        let repository = format!("{}/app", policy.0);
        for subject in SUBJECTS {
            let seeds = seed(&http, admin, &repository, subject);
            let login = login(subject, &password);
            let expect = |action: Action, status: u16, seen: u16, what: &str| {
                let expected = if may(subject, action, policy) { status } else { refused(login) };
                assert_eq!(seen, expected, "{subject}: {what} in {repository}");
            };
            let Seeds { kept, digest, config, doomed } = &seeds;
            for (method, path) in [
                ("GET", "manifests/kept"),
                ("HEAD", "manifests/kept"),
                ("GET", &format!("manifests/{digest}")),
                ("GET", &format!("blobs/{config}")),
                ("HEAD", &format!("blobs/{config}")),
                ("GET", "tags/list"),
                ("GET", &format!("referrers/{digest}")),
            ] {
                let what = format!("{method} {path}");
                expect(Action::Read, 200, http.status(login, method, &format!("/v2/{repository}/{path}")), &what);
            }
            let seen = http.catalog(login).contains(&repository);
            assert_eq!(seen, may(subject, Action::Read, policy), "{subject}: the catalog with {repository}");
            let point = |tag: &str| {
                http.ask(login, "PUT", &format!("/v2/{repository}/manifests/{tag}"), Some((MANIFEST, kept.as_bytes()))).0
            };
            expect(Action::Create, 201, point(&format!("new-{subject}")), "a new tag");
            expect(Action::Create, 201, http.push(login, &repository, &format!("whole-{subject}"), subject).1, "a push");
            expect(Action::Update, 201, point(&format!("moved-{subject}")), "a tag that is moved");
            let delete = |name: &str| http.status(login, "DELETE", &format!("/v2/{repository}/manifests/{name}"));
            expect(Action::Delete, 202, delete(&format!("gone-{subject}")), "a tag that goes");
            expect(Action::Delete, 202, delete(doomed), "a manifest that goes");
        }
        // Who cannot log in is let do nothing, not even what everybody may.
        let manifest = format!("/v2/{repository}/manifests/kept");
        // zot takes five seconds for each.
        for wrong in [("developer", "wrong"), ("unknown", PASSWORD), ("developer", "")]
            .into_iter()
            .filter(|_| policy.0 == "provisioning-test")
        {
            assert_eq!(http.status(Some(wrong), "GET", &manifest), 401, "{wrong:?} in {repository}");
        }
        let expected = if may("nobody", Action::Read, policy) { 200 } else { 401 };
        assert_eq!(http.status(Some(("", "")), "GET", &manifest), expected, "an empty login counts as none in {repository}");
    }
}

mod every_subject_and_action {
    use super::Real;
    use reg_tests::live;

    #[test]
    fn embedded() {
        super::every_subject_and_action(&Real::embedded());
    }

    #[test]
    fn zot() {
        Real::find("zot", live::ZOT).iter().for_each(super::every_subject_and_action);
    }

    #[test]
    fn an_old_zot() {
        Real::find("zot", live::ZOT_OLD).iter().for_each(super::every_subject_and_action);
    }
}

/// What skopeo does for somebody: whether each of pull, push of a new tag, push over one, delete was done.
fn skopeo(sandbox: &Sandbox, place: &str, login: Login<'_>, tag: &str) -> [bool; 4] {
    let flags = |side: &str| match login {
        Some((user, password)) => format!("--{side}tls-verify=false --{side}creds {user}:'{password}'"),
        None => format!("--{side}tls-verify=false --{side}no-creds"),
    };
    let does = |line: String| sandbox.sh(&format!("skopeo --insecure-policy {line} > /dev/null 2>&1")).code == 0;
    let push = |tag: &str| does(format!("copy --quiet {} oci:image:about docker://{place}:{tag}", flags("dest-")));
    [
        does(format!("copy --quiet {} docker://{place}:kept oci:pulled-{tag}", flags("src-"))),
        push(&format!("skopeo-{tag}")),
        push("over"),
        does(format!("delete {} docker://{place}:gone-{tag}", flags(""))),
    ]
}

fn skopeo_may_the_same(real: &Real) {
    if std::process::Command::new("skopeo").arg("--version").output().is_err() {
        return live::skip("skopeo", "no `skopeo` is on PATH");
    }
    let (sandbox, registry, password) = set_up(real);
    let http = Http::of(&registry);
    Folder::make(&sandbox.path("image"), "image");
    let host = registry["url"].as_str().unwrap().trim_start_matches("http://").to_owned();
    for policy in &POLICIES {
        let repository = format!("{}/skopeo", policy.0);
        for subject in ["nobody", "provisioning", "developer"] {
            let admin = Some(("admin", password.as_str()));
            for (tag, text) in
                [("kept", "kept".to_owned()), ("over", "over".to_owned()), (&format!("gone-{subject}"), format!("gone {subject}"))]
            {
                assert_eq!(http.push(admin, &repository, tag, &text).1, 201);
            }
            let done = skopeo(&sandbox, &format!("{host}/{repository}"), login(subject, &password), subject);
            let expected =
                [Action::Read, Action::Create, Action::Update, Action::Delete].map(|action| may(subject, action, policy));
            assert_eq!(done, expected, "{subject} in {repository}: pull, push, push over, delete");
        }
    }
}

mod skopeo_may_the_same {
    use super::Real;
    use reg_tests::live;

    #[test]
    fn embedded() {
        super::skopeo_may_the_same(&Real::embedded());
    }

    #[test]
    fn zot() {
        Real::find("zot", live::ZOT).iter().for_each(super::skopeo_may_the_same);
    }
}

#[test]
fn both_deciders_say_so() {
    let layout = Layout::standard().with_admin(reg_shared::layout::ADMIN);
    let (compiled, _) = compile(&layout, None);
    let (ours, zots) = (Access::new(&layout), Decider::new(&compiled));
    for policy in &POLICIES {
        for subject in SUBJECTS {
            let who = (subject != "nobody").then_some(subject);
            for action in Action::ALL {
                for repository in [format!("{}/app", policy.0), format!("{}/a/b", policy.0), policy.0.to_owned()] {
                    let expected = may(subject, action, policy);
                    let what = format!("{subject} {action} {repository}");
                    assert_eq!(ours.decide(who, action, &repository, None).allowed, expected, "{what}");
                    let verdict = if expected { Verdict::Allowed } else { Verdict::Denied };
                    assert_eq!(zots.decide(who, action, &repository).verdict, verdict, "{what}");
                }
            }
        }
    }
}

#[test]
fn a_mount_does_not_leak_what_cannot_be_read() {
    let (_sandbox, registry, password) = set_up(&Real::embedded());
    let http = Http::of(&registry);
    let (admin, developer) = (Some(("admin", password.as_str())), Some(("developer", PASSWORD)));
    let secret = b"what nobody else may read";
    let digest = Digest::sha256(secret);
    assert_eq!(http.put_blob(admin, "elsewhere/app", secret), 201);
    assert_eq!(http.put_blob(admin, "provisioning-platform/app", secret), 201);
    let mount =
        |from: &str| http.status(developer, "POST", &format!("/v2/provisioning-test/x/blobs/uploads/?mount={digest}{from}"));
    let there = || http.status(developer, "HEAD", &format!("/v2/provisioning-test/x/blobs/{digest}"));
    // An upload begins in its place, as if there were no such blob.
    assert_eq!((mount("&from=elsewhere/app"), there()), (202, 404));
    assert_eq!((mount(""), there()), (202, 404));
    assert_eq!((mount("&from=no/such"), there()), (202, 404));
    assert_eq!((mount("&from=provisioning-platform/app"), there()), (201, 200));
}
