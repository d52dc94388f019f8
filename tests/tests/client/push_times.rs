//! When tags were pushed: the embedded server tells, in a header that others may send for other reasons.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use reg_shared::auth::Credential;
use reg_shared::embedded::{self, Data, Server};
use reg_shared::name::{Digest, Repository, Selector, Tag};
use reg_shared::oci::manifest::Manifest;
use reg_shared::oci::{Client, Options, media};
use reg_shared::registry::Registry;
use time::OffsetDateTime;

use super::connect;

fn index(number: u32) -> Manifest {
    let bytes =
        format!(r#"{{"schemaVersion":2,"mediaType":"{}","manifests":[],"annotations":{{"n":"{number}"}}}}"#, media::OCI_INDEX);
    Manifest { digest: Digest::sha256(&bytes), bytes: Bytes::from(bytes), media_type: media::OCI_INDEX.to_owned() }
}

fn tag(name: &str) -> Tag {
    name.parse().unwrap()
}

async fn put(client: &Client, repository: &Repository, name: &str, manifest: &Manifest) {
    client.manifest_put(repository, &tag(name).into(), manifest).await.unwrap();
}

#[tokio::test]
async fn a_tag_is_as_old_as_what_it_points_to_now() {
    let folder = tempfile::tempdir().unwrap();
    let data = Data::Directory(folder.path().to_owned());
    let server = Server::bind(embedded::Options::new(([127, 0, 0, 1], 0).into(), data)).await.unwrap();
    let client = connect(&format!("http://{}", server.address()), Credential::Anonymous, Options::default());
    tokio::spawn(server.run(std::future::pending()));
    let repository: Repository = "team/app".parse().unwrap();
    let begin = OffsetDateTime::now_utc();
    for (name, number) in [("same", 1), ("moved", 1), ("new", 2)] {
        put(&client, &repository, name, &index(number)).await;
    }
    let day = Duration::from_secs(86_400);
    let mut aged = 0;
    let mut folders = vec![folder.path().to_owned()];
    while let Some(entry) = folders.pop() {
        if entry.is_dir() {
            folders.extend(std::fs::read_dir(entry).unwrap().map(|entry| entry.unwrap().path()));
        } else if entry.parent().unwrap().ends_with("_tags") {
            std::fs::File::options().write(true).open(entry).unwrap().set_modified(SystemTime::now() - day).unwrap();
            aged += 1;
        }
    }
    assert_eq!(aged, 3);
    put(&client, &repository, "same", &index(1)).await;
    put(&client, &repository, "moved", &index(2)).await;

    let tags = ["same", "moved", "absent", "new"].map(tag);
    let times = Registry::Embedded.push_times(&client, &repository, &tags).await.unwrap();
    // A date in a header has no parts of a second.
    let recent = |time: Option<OffsetDateTime>| time.map(|time| time >= begin - Duration::from_secs(1));
    assert_eq!(times.into_iter().map(recent).collect::<Vec<_>>(), [Some(false), Some(true), None, Some(false)]);
    let head = async |selector: Selector| client.manifest_head(&repository, &selector).await;
    assert_eq!(head(index(1).digest.into()).await.unwrap().unwrap().modified, None, "a digest was not tagged at any time");
    assert!(head(tag("new").into()).await.unwrap().unwrap().modified.is_some());
    assert_eq!(Registry::Distribution.push_times(&client, &repository, &tags).await.unwrap(), [None; 4]);
}
