//! When tags were pushed, where a registry tells: the protocol itself does not.
//!
//! The embedded server tells of each tag since when it points to its manifest, to the second. zot's search extension tells of all
//! tags of a repository at once when their manifests were first pushed (since 2.1.5), which is the time that its own retention
//! counts from. Distribution tells nothing, nor do others.

use std::collections::HashMap;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Registry;
use crate::error::Result;
use crate::name::{Repository, Tag};
use crate::oci::Client;

/// So many tags are asked for at once.
const AT_ONCE: usize = 8;
/// The most that zot's answer may have, in bytes: some 400,000 tags.
const ANSWER_MAX: usize = 64 << 20;

impl Registry {
    /// When the tags of a repository were pushed, in their order; `None` for each of which the registry does not tell.
    ///
    /// # Errors
    /// Those of [`Client::manifest_head`] and [`Client::fetch`].
    pub async fn push_times(self, client: &Client, repository: &Repository, tags: &[Tag]) -> Result<Vec<Option<OffsetDateTime>>> {
        match self {
            Self::Embedded => by_tag(client, repository, tags).await,
            Self::Zot => {
                let times = by_search(client, repository).await?;
                Ok(tags.iter().map(|tag| times.get(tag.as_str()).copied()).collect())
            }
            Self::Harbor | Self::Distribution | Self::Oci => Ok(vec![None; tags.len()]),
        }
    }
}

async fn by_tag(client: &Client, repository: &Repository, tags: &[Tag]) -> Result<Vec<Option<OffsetDateTime>>> {
    let one = async |tag: &Tag| {
        let head = client.manifest_head(repository, &tag.clone().into()).await?;
        // One that went meanwhile has no time either.
        Ok(head.and_then(|head| head.modified).map(OffsetDateTime::from))
    };
    stream::iter(tags.iter().map(one)).buffered(AT_ONCE).try_collect().await
}

/// Asks zot's GraphQL. A zot without the extension, or too old for the field, tells nothing.
async fn by_search(client: &Client, repository: &Repository) -> Result<HashMap<String, OffsetDateTime>> {
    #[derive(Deserialize)]
    struct Answer {
        data: Data,
    }
    #[derive(Deserialize)]
    struct Data {
        #[serde(rename = "ImageList")]
        list: List,
    }
    #[derive(Deserialize)]
    struct List {
        #[serde(rename = "Results")]
        results: Vec<Image>,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Image {
        tag: String,
        push_timestamp: Option<String>,
    }
    let query = format!("{{ImageList(repo:\"{repository}\"){{Results{{Tag PushTimestamp}}}}}}");
    let path = format!("/v2/_zot/ext/search?query={}", utf8_percent_encode(&query, NON_ALPHANUMERIC));
    let answer = client.fetch_within(&path, ANSWER_MAX).await?;
    let Some(answer) = Some(answer).filter(|answer| answer.status.is_success()) else { return Ok(HashMap::new()) };
    let Ok(answer) = serde_json::from_slice::<Answer>(&answer.bytes) else { return Ok(HashMap::new()) };
    let time = |image: Image| {
        let time = OffsetDateTime::parse(image.push_timestamp.as_deref()?, &Rfc3339).ok()?;
        // Go's zero time, or that of Unix, where zot does not know.
        (time > OffsetDateTime::UNIX_EPOCH).then_some((image.tag, time))
    };
    Ok(answer.data.list.results.into_iter().filter_map(time).collect())
}
