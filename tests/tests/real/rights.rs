//! What zot allows and refuses with the rights that a layout became: each subject, each action, tried.

use std::collections::BTreeSet;

use reg_shared::access::Access;
use reg_shared::access::zot::{AccessControl, Decider, Verdict, action_of_push, compile};
use reg_shared::layout::{Action, Gap, Layout};
use reg_shared::name::Digest;
use reg_tests::live::{Program, ZOT, ZOT_OLD};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use super::client;
use super::zot::Bench;

/// The default layout, and what it has not: a namespace in another, one that nothing is granted in, a group, a robot, writing
/// without a login, and names that zot takes in another case of letters.
fn layout() -> Layout {
    let more = "
namespaces:
- name: team
  access:
  - {subjects: ['group:Devs'], actions: [read, create]}
  - {subjects: ['robot:ci'], actions: [read, create, update, delete]}
  - {subjects: ['user:Eva'], actions: [read, delete]}
- name: team/sealed
- name: team/open
  public: true
  access:
  - {subjects: [anonymous], actions: [create, update]}
  - {subjects: ['group:Devs', 'group:devs'], actions: [delete]}
users: [{name: bob}, {name: Eva}, {name: joe}]
robots: [{name: ci}]
groups: [{name: Devs, users: [bob]}, {name: devs, users: [joe]}]
";
    reg_shared::layout::merge(&Layout::standard(), &Layout::parse(more, "more").unwrap(), false, None)
}

const REPOSITORIES: [&str; 10] = [
    "provisioning-extensions/app",
    "provisioning-kcl",
    "provisioning-platform/a/b",
    "provisioning-test/app",
    "team",
    "team/app",
    "team/sealed/app",
    "team/open",
    "team-other/app",
    "outside",
];
const ADMIN: &str = "provisioning";
const PASSWORD: &str = "secret";
const MEDIA: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "{}";

fn manifest() -> String {
    let config =
        json!({"mediaType": "application/vnd.oci.image.config.v1+json", "digest": Digest::sha256(CONFIG), "size": CONFIG.len()});
    json!({"schemaVersion": 2, "mediaType": MEDIA, "config": config, "layers": []}).to_string()
}

/// Somebody at a zot.
struct Visitor<'a> {
    bench: &'a Bench,
    client: &'a Client,
    login: Option<&'a str>,
}

impl Visitor<'_> {
    async fn ask(&self, method: Method, path: &str, body: Option<String>) -> (StatusCode, String) {
        let mut request = self.client.request(method.clone(), self.bench.url(path)).header("accept", MEDIA);
        if let Some(login) = self.login {
            request = request.basic_auth(login, Some(PASSWORD));
        }
        if let Some(body) = body {
            request = request
                .header("content-type", if path.contains("/blobs/") { "application/octet-stream" } else { MEDIA })
                .body(body);
        }
        let response = request.send().await.unwrap();
        (response.status(), response.text().await.unwrap())
    }

    async fn push(&self, repository: &str, tag: &str) -> StatusCode {
        self.ask(Method::PUT, &format!("/v2/{repository}/manifests/{tag}"), Some(manifest())).await.0
    }

    async fn upload(&self, repository: &str) -> StatusCode {
        let path = format!("/v2/{repository}/blobs/uploads/?digest={}", Digest::sha256(CONFIG));
        self.ask(Method::POST, &path, Some(CONFIG.to_owned())).await.0
    }

    /// Does it, and says whether it was allowed.
    async fn may(&self, action: Action, repository: &str, tag: &str) -> bool {
        let path = format!("/v2/{repository}/manifests/{tag}");
        let (done, told) = match action {
            Action::Read => (StatusCode::OK, self.ask(Method::GET, &path, None).await.0),
            Action::Create | Action::Update => (StatusCode::CREATED, self.push(repository, tag).await),
            Action::Delete => (StatusCode::ACCEPTED, self.ask(Method::DELETE, &path, None).await.0),
        };
        let refused = if self.login.is_some() { StatusCode::FORBIDDEN } else { StatusCode::UNAUTHORIZED };
        assert!([done, refused].contains(&told), "{:?} {action} {repository}:{tag}: {told}", self.login);
        told == done
    }

    async fn catalog(&self) -> BTreeSet<String> {
        let (status, body) = self.ask(Method::GET, "/v2/_catalog", None).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        let body: Value = serde_json::from_str(&body).unwrap();
        serde_json::from_value(body["repositories"].clone()).unwrap()
    }
}

/// The rights of a zot that was given the layout, with its users, and what it cannot say.
fn given(bench: &mut Bench, layout: &Layout) -> (AccessControl, Vec<Gap>) {
    let hash = bcrypt::hash(PASSWORD, 4).unwrap();
    let names = layout.users.iter().map(|user| &user.name).chain(layout.robots.iter().map(|robot| &robot.name));
    let lines: String = names.map(|name| format!("{name}:{hash}\n")).collect();
    let file = bench.path().join("htpasswd");
    std::fs::write(&file, lines).unwrap();
    bench.settings.htpasswd = Some(file);
    let (access, gaps) = compile(layout, bench.build.version);
    bench.settings.access = Some(access.clone());
    (access, gaps)
}

async fn each_subject_may_what_the_layout_says(program: Program) {
    let Some(mut bench) = Bench::of(program) else { return };
    let layout = layout();
    let (access, gaps) = given(&mut bench, &layout);
    let (ours, zot) = (Access::new(&layout), Decider::new(&access));
    let mut registry = bench.start();
    let client = client(None);
    registry.answer(&client, &bench.url("/v2/")).await;
    let admin = Visitor { bench: &bench, client: &client, login: Some(ADMIN) };
    for repository in REPOSITORIES {
        assert_eq!(admin.upload(repository).await, StatusCode::CREATED);
        for tag in ["there", "latest"] {
            assert_eq!(admin.push(repository, tag).await, StatusCode::CREATED);
        }
    }
    for login in [None, Some("developer"), Some("bob"), Some("joe"), Some("Eva"), Some("ci"), Some(ADMIN)] {
        let visitor = Visitor { bench: &bench, client: &client, login };
        let person = login.unwrap_or("nobody");
        for repository in REPOSITORIES {
            let decided = |action| {
                let (allowed, verdict) =
                    (ours.decide(login, action, repository, None).allowed, zot.decide(login, action, repository).verdict);
                assert_eq!(verdict, if allowed { Verdict::Allowed } else { Verdict::Denied }, "{login:?} {action} {repository}");
                allowed
            };
            assert_eq!(admin.push(repository, "gone").await, StatusCode::CREATED);
            for (action, tag) in [
                (Action::Read, "there"),
                (Action::Create, &*format!("by-{person}")),
                (Action::Update, "there"),
                (Action::Delete, "gone"),
            ] {
                let tried = visitor.may(action, repository, tag).await;
                assert_eq!(tried, decided(action), "{login:?} {action} {repository}:{tag}");
            }
            // What there is no word for in a layout is told.
            let asked = action_of_push("latest", true, bench.build.version);
            assert_eq!(visitor.may(Action::Update, repository, "latest").await, decided(asked), "{login:?} {repository}:latest");
            let own = layout.namespace_of(repository).map(|namespace| namespace.name.as_str());
            let told = gaps.iter().any(|gap| Some(gap.name.as_str()) == own && gap.field.as_deref() == Some("access"));
            assert!(decided(asked) == decided(Action::Update) || told, "{login:?} {repository}:latest, {gaps:?}");
            assert_eq!(
                visitor.upload(repository).await == StatusCode::CREATED,
                decided(Action::Create),
                "{login:?} {repository}: a blob"
            );
        }
        let seen: BTreeSet<String> = REPOSITORIES
            .iter()
            .filter(|repository| zot.lists(login, repository) == Verdict::Allowed)
            .map(|&name| name.to_owned())
            .collect();
        assert_eq!(visitor.catalog().await, seen, "{login:?}");
    }
    // Who has no login is asked for one only where the rights end; docker is asked at once, since 2.1.16.
    let docker = client.get(bench.url("/v2/")).header("user-agent", "docker/28.0.0").send().await.unwrap().status();
    let asked = !gaps.iter().any(|gap| gap.field.as_deref() == Some("public"));
    assert_eq!(docker, if asked { StatusCode::UNAUTHORIZED } else { StatusCode::OK });
    assert_eq!(client.get(bench.url("/v2/")).send().await.unwrap().status(), StatusCode::OK);
    let wrong = client.get(bench.url("/v2/team/open/manifests/there")).basic_auth("bob", Some("wrong")).send().await.unwrap();
    assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED, "a wrong password is not nobody");
}

#[tokio::test]
async fn each_subject_may_what_the_layout_says_at_zot() {
    each_subject_may_what_the_layout_says(ZOT).await;
}

#[tokio::test]
async fn each_subject_may_what_the_layout_says_at_an_old_zot() {
    each_subject_may_what_the_layout_says(ZOT_OLD).await;
}

async fn a_layout_for_nobody_keeps_everybody_out(program: Program) {
    let Some(mut bench) = Bench::of(program) else { return };
    let layout = Layout::parse("users: [{name: bob}]", "x").unwrap();
    given(&mut bench, &layout);
    let mut registry = bench.start();
    let client = client(None);
    assert_eq!(registry.answer(&client, &bench.url("/v2/")).await.status(), StatusCode::UNAUTHORIZED);
    let bob = Visitor { bench: &bench, client: &client, login: Some("bob") };
    assert_eq!(bob.ask(Method::GET, "/v2/", None).await.0, StatusCode::OK);
    assert_eq!(bob.upload("a").await, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_layout_for_nobody_keeps_everybody_out_of_zot() {
    a_layout_for_nobody_keeps_everybody_out(ZOT).await;
}

#[tokio::test]
async fn a_layout_for_nobody_keeps_everybody_out_of_an_old_zot() {
    a_layout_for_nobody_keeps_everybody_out(ZOT_OLD).await;
}
