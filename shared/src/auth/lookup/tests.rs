//! Looking credentials up, on files of our own.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::exit::Exit;

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn write(&self, name: &str, text: &str) -> &Self {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        self
    }

    fn helper(&self, name: &str, script: &str) -> &Self {
        let file = format!("bin/docker-credential-{name}");
        self.write(&file, &format!("#!/bin/sh\n{script}\n"));
        fs::set_permissions(self.0.path().join(file), fs::Permissions::from_mode(0o755)).unwrap();
        self
    }

    fn environment(&self) -> Environment {
        let folder = |name: &str| Some(self.0.path().join(name));
        Environment {
            runtime_dir: folder("run"),
            home: folder("home"),
            path: Some(std::env::join_paths([self.0.path().join("bin"), "/bin".into(), "/usr/bin".into()]).unwrap()),
            ..Environment::default()
        }
    }

    async fn find(&self, registry: &str, repository: &str) -> Result<String> {
        let repository = (!repository.is_empty()).then(|| repository.parse().unwrap());
        Lookup::new(self.environment()).find(registry, repository.as_ref()).await.map(|found| told(&found.credential))
    }
}

fn told(credential: &Credential) -> String {
    match credential {
        Credential::Anonymous => "nobody".to_owned(),
        Credential::Password { username, password } => format!("{username}:{}", password.expose()),
        Credential::IdentityToken(token) => format!("identity {}", token.expose()),
        Credential::RegistryToken(token) => format!("registry {}", token.expose()),
    }
}

fn auths(entries: &[(&str, &str)]) -> String {
    let auths: HashMap<_, _> =
        entries.iter().map(|(key, pair)| (*key, serde_json::json!({ "auth": STANDARD.encode(pair) }))).collect();
    serde_json::json!({ "auths": auths }).to_string()
}

#[tokio::test]
async fn the_longest_key_wins() {
    let place = Place::new();
    place.write("run/containers/auth.json", &auths(&[("r:5000", "a:1"), ("r:5000/team", "b:2"), ("r:5000/team/app", "c:3")]));
    assert_eq!(place.find("r:5000", "").await.unwrap(), "a:1");
    assert_eq!(place.find("r:5000", "other/app").await.unwrap(), "a:1");
    assert_eq!(place.find("r:5000", "team").await.unwrap(), "b:2");
    assert_eq!(place.find("r:5000", "team/app/x").await.unwrap(), "c:3");
    assert_eq!(place.find("r:5000", "team2/app").await.unwrap(), "a:1");
    assert_eq!(place.find("r", "team/app").await.unwrap(), "nobody");
}

#[tokio::test]
async fn files_are_read_in_the_order_of_containers_auth() {
    let place = Place::new();
    place.write("home/.docker/config.json", &auths(&[("r", "docker:1"), ("only-docker", "docker:2")]));
    assert_eq!(place.find("r", "").await.unwrap(), "docker:1");
    place.write("home/.config/containers/auth.json", &auths(&[("r", "config:1")]));
    assert_eq!(place.find("r", "").await.unwrap(), "config:1");
    place.write("run/containers/auth.json", &auths(&[("r", "run:1")]));
    assert_eq!(place.find("r", "").await.unwrap(), "run:1");
    assert_eq!(place.find("only-docker", "").await.unwrap(), "docker:2");
    place.write("mine.json", &auths(&[("r", "mine:1")]));
    let environment = Environment { auth_file: Some(place.0.path().join("mine.json")), ..place.environment() };
    let lookup = Lookup::new(environment);
    assert_eq!(told(&lookup.find("r", None).await.unwrap().credential), "mine:1");
    assert_eq!(told(&lookup.find("only-docker", None).await.unwrap().credential), "nobody");
}

#[tokio::test]
async fn dockers_older_keys_and_the_hub_are_known() {
    let place = Place::new();
    place.write(
        "home/.docker/config.json",
        &auths(&[(HUB_KEY, "hub:1"), ("https://r.example/v1/", "old:1"), ("http://p:1", "p:1")]),
    );
    for (registry, expected) in
        [("docker.io", "hub:1"), ("registry-1.docker.io", "hub:1"), ("r.example", "old:1"), ("p:1", "p:1"), ("v1", "nobody")]
    {
        assert_eq!(place.find(registry, "").await.unwrap(), expected, "{registry}");
    }
    assert_eq!(place.find("docker.io", "library/alpine").await.unwrap(), "hub:1");
}

#[tokio::test]
async fn all_forms_of_an_entry_are_read() {
    let place = Place::new();
    place.write(
        "home/.docker/config.json",
        r#"{"auths":{"a":{"username":"u","password":"p:q"},"b":{"auth":"AAAA","identitytoken":"id"},"c":{"registrytoken":"rt"},
            "d":{},"e":{"auth":"dTpwOnE="},"f":{"auth":"dTpwAAA="}},"HttpHeaders":{"x":"y"}}"#,
    );
    for (registry, expected) in
        [("a", "u:p:q"), ("b", "identity id"), ("c", "registry rt"), ("d", "nobody"), ("e", "u:p:q"), ("f", "u:p")]
    {
        assert_eq!(place.find(registry, "").await.unwrap(), expected, "{registry}");
    }
}

#[tokio::test]
async fn helpers_are_asked_with_the_server_on_standard_input() {
    let place = Place::new();
    place
        .helper("mine", r#"read server; echo "{\"ServerURL\":\"$server\",\"Username\":\"u\",\"Secret\":\"for-$server-$1\"}""#)
        .helper("id", r#"echo '{"Username":"<token>","Secret":"refresh"}'"#)
        .helper("none", "echo 'credentials not found in native keychain'; exit 1")
        .write(
            "home/.docker/config.json",
            r#"{"credHelpers":{"a":"mine","b":"id","c":"none","d/team":"mine"},"credsStore":"none","auths":{"c":{"auth":"dTpw"}}}"#,
        );
    assert_eq!(place.find("a", "").await.unwrap(), "u:for-a-get");
    assert_eq!(place.find("b", "").await.unwrap(), "identity refresh");
    assert_eq!(place.find("c", "").await.unwrap(), "u:p");
    assert_eq!(place.find("d", "team/app").await.unwrap(), "u:for-d/team-get");
    assert_eq!(place.find("e", "").await.unwrap(), "nobody");
}

#[tokio::test]
async fn a_failing_helper_shows_nothing_of_what_it_printed() {
    let place = Place::new();
    place.helper("bad", "echo hunter2; exit 1").helper("odd", "echo '{\"Secret\":7, hunter2'").write(
        "home/.docker/config.json",
        r#"{"credHelpers":{"a":"bad","b":"odd","c":"absent","d":"../bin/docker-credential-bad"}}"#,
    );
    for (registry, expected) in [
        ("a", "the credential helper \"docker-credential-bad\" failed"),
        ("b", "the credential helper \"docker-credential-odd\" printed no credential"),
        ("c", "names the credential helper \"docker-credential-absent\", which is not installed"),
        ("d", "which is not installed"),
    ] {
        let error = place.find(registry, "").await.unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert!(!format!("{error} {:?}", error.hint_text()).contains("hunter2"));
        assert_eq!(error.kind(), Exit::Failed);
    }
}

#[tokio::test]
async fn a_helper_that_hangs_is_given_up() {
    let place = Place::new();
    place.helper("slow", "exec sleep 600").write("home/.docker/config.json", r#"{"credHelpers":{"a":"slow"}}"#);
    let lookup = Lookup::new(place.environment()).helper_limit(Duration::from_millis(200));
    assert!(lookup.find("a", None).await.unwrap_err().to_string().contains("did not answer"));
}

#[tokio::test]
async fn a_store_that_is_not_installed_is_noted() {
    let place = Place::new();
    place.write("home/.docker/config.json", r#"{"credsStore":"desktop.exe","auths":{"a":{}}}"#);
    let found = Lookup::new(place.environment()).find("a", None).await.unwrap();
    assert!(found.credential.is_anonymous());
    assert!(found.note.unwrap().ends_with("names the credential helper \"docker-credential-desktop.exe\", which is not installed"));
}

#[tokio::test]
async fn a_file_that_is_none_is_named_without_its_content() {
    let place = Place::new();
    place.write("home/.docker/config.json", r#"{"auths":{"a":{"auth":{"hunter2":1}}}}"#);
    let error = place.find("a", "").await.unwrap_err();
    assert!(error.to_string().ends_with("config.json\" is not an auth file: line 1, column 22"), "{error}");
    assert_eq!(error.kind(), Exit::Input);
    place.write("home/.docker/config.json", r#"{"auths":{"a":{"auth":"hunter2 is no base64"}}}"#);
    let error = place.find("a", "").await.unwrap_err();
    assert!(error.to_string().contains("is not base64 of user:password") && !error.to_string().contains("hunter2"), "{error}");
    place.write("home/.docker/config.json", " \n");
    assert_eq!(place.find("a", "").await.unwrap(), "nobody");
}
