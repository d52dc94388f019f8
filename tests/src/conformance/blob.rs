//! What is asked of blobs: the ways to push one, and HEAD, GET and DELETE.
//!
//! Each asks one thing of the registry and judges every answer on the way: status, headers, body, and that the `Location` of a
//! finished upload serves what was pushed.

use std::ops::Range;

use reqwest::header::{CONTENT_RANGE, CONTENT_TYPE, RANGE};
use reqwest::{Method, Url};

use super::client::{Answer, Registry, Request};
use super::content::{Blob, OCTETS};
use super::options::Switch;
use super::report::{Found, Outcome};

/// The least size of a chunk, for a registry that does not ask for more.
pub(super) const CHUNK: usize = 1024;

/// A way to push a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Upload {
    PostPut,
    PostOnly,
    Stream,
    Chunked(Chunks),
}

/// How the chunks of a push are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Chunks {
    /// The last one in the PUT that ends the upload.
    pub(super) last_in_put: bool,
    /// Before each, one that is not its turn.
    pub(super) out_of_order: bool,
}

impl Upload {
    /// All ways, the most usual first.
    pub(super) const ALL: [Self; 4] =
        [Self::PostPut, Self::PostOnly, Self::Stream, Self::Chunked(Chunks { last_in_put: false, out_of_order: false })];

    /// The name of its check.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::PostPut => "blob-post-put",
            Self::PostOnly => "blob-post-only",
            Self::Stream => "blob-patch-stream",
            Self::Chunked(_) => "blob-patch-chunked",
        }
    }
}

impl Registry<'_> {
    /// The URL of a blob.
    pub(super) fn blob_url(&self, repository: &str, blob: &Blob) -> Url {
        self.url(&format!("{repository}/blobs/{}", blob.digest))
    }

    fn uploads_url(&self, repository: &str) -> Url {
        self.url(&format!("{repository}/blobs/uploads/"))
    }

    /// A blob is there, by HEAD.
    pub(super) async fn head_blob(&self, repository: &str, blob: &Blob) -> Found {
        let answer = self.send(Request::new(Method::HEAD, self.blob_url(repository, blob))).await?;
        let required = self.options.has(Switch::BlobDigestHeader);
        answer.status(&[200])?.length(blob.bytes.len())?.digest(&blob.digest, required).map(drop)
    }

    /// A blob is there, by GET.
    pub(super) async fn get_blob(&self, repository: &str, blob: &Blob) -> Found {
        let answer = self.send(Request::new(Method::GET, self.blob_url(repository, blob))).await?;
        let required = self.options.has(Switch::BlobDigestHeader);
        answer.status(&[200])?.holds(&blob.bytes)?.length(blob.bytes.len())?.digest(&blob.digest, required).map(drop)
    }

    /// A part of a blob: what `Range: bytes=…` asks for is these bytes, or cannot be had. A registry may know no ranges.
    pub(super) async fn get_range(&self, repository: &str, blob: &Blob, asked: &str, part: Option<Range<usize>>) -> Found {
        let request = Request::new(Method::GET, self.blob_url(repository, blob)).header(RANGE, &format!("bytes={asked}"));
        let answer = self.send(request).await?;
        if answer.status == 200 {
            answer.holds(&blob.bytes)?.length(blob.bytes.len())?;
            return Err(answer.fault(Outcome::Skip, "the whole blob, no ranges"));
        }
        let Some(part) = part else {
            return answer.status(&[416]).map(drop);
        };
        answer.status(&[206])?.holds(&blob.bytes[part.clone()])?.length(part.len())?;
        let range = |whole: &str| format!("bytes {}-{}/{whole}", part.start, part.end - 1);
        let name = CONTENT_RANGE.as_str();
        answer.says(name, &range(&blob.bytes.len().to_string())).or_else(|_| answer.says(name, &range("*"))).map(drop)
    }

    /// Pushes a blob, or offers a corrupt one that is to be refused.
    pub(super) async fn push_blob(&self, upload: Upload, repository: &str, blob: &Blob) -> Found {
        let required = self.options.has(Switch::BlobDigestHeader);
        let answer = match upload {
            Upload::PostOnly => return self.post_only(repository, blob, required).await,
            Upload::PostPut => {
                let session = self.open(repository).await?.location()?;
                self.send(whole(Method::PUT, closing(session, blob), blob)).await?
            }
            Upload::Stream => {
                let session = self.open(repository).await?.location()?;
                let patch = Request::new(Method::PATCH, session.clone()).header(CONTENT_TYPE, OCTETS).streamed(blob.bytes.clone());
                let session = self.send(patch).await?.status(&[202])?.location_or(session)?;
                self.send(Request::new(Method::PUT, closing(session, blob)).header(CONTENT_TYPE, OCTETS)).await?
            }
            Upload::Chunked(chunks) => self.chunked(chunks, repository, blob).await?,
        };
        self.stored(&answer, blob, required).await
    }

    /// Begins an upload.
    async fn open(&self, repository: &str) -> Found<Answer> {
        let answer = self.send(Request::new(Method::POST, self.uploads_url(repository))).await?;
        answer.status(&[202])?.location()?;
        Ok(answer)
    }

    /// Pushes with the POST alone. A registry may answer as if it had no body.
    async fn post_only(&self, repository: &str, blob: &Blob, required: bool) -> Found {
        let answer = self.send(whole(Method::POST, closing(self.uploads_url(repository), blob), blob)).await?;
        if answer.status != 202 {
            return self.stored(&answer, blob, required).await;
        }
        let put = self.send(whole(Method::PUT, closing(answer.location()?, blob), blob)).await?;
        accepted(&put, blob)?;
        Err(answer.fault(Outcome::Skip, "content in the POST is not taken, it took a PUT"))
    }

    /// Takes a blob over from another repository, or from whichever has it. A registry may begin an upload instead.
    pub(super) async fn mount(&self, repository: &str, from: Option<&str>, blob: &Blob) -> Found {
        let mut url = self.uploads_url(repository);
        url.query_pairs_mut().append_pair("mount", &blob.digest.to_string()).extend_pairs(from.map(|from| ("from", from)));
        let answer = self.send(Request::new(Method::POST, url)).await?;
        answer.status(&[201, 202])?.location()?;
        if answer.status == 201 {
            return self.stored(&answer, blob, false).await;
        }
        let put = self.send(whole(Method::PUT, closing(answer.location()?, blob), blob)).await?;
        self.stored(&put, blob, false).await?;
        Err(answer.fault(Outcome::Skip, "not mounted, it took an upload"))
    }

    /// Begins an upload and gives it up.
    pub(super) async fn cancel(&self, repository: &str) -> Found {
        let session = self.open(repository).await?.location()?;
        self.send(Request::new(Method::DELETE, session)).await?.status(&[204]).map(drop)
    }

    /// Sends a blob in three chunks, or in fewer where chunks must be larger; the answer to the PUT that ends it.
    async fn chunked(&self, chunks: Chunks, repository: &str, blob: &Blob) -> Found<Answer> {
        let opened = self.open(repository).await?;
        let mut session = opened.location()?;
        let least = match opened.header("oci-chunk-min-length") {
            "" => CHUNK,
            text => text.parse().map_err(|_| opened.fault(Outcome::Fail, format_args!("OCI-Chunk-Min-Length is {text:?}")))?,
        };
        self.chunk.set(self.chunk.get().max(least));
        let length = blob.bytes.len();
        let size = (length / 3 + 1).max(least).max(CHUNK);
        let mut sent = 0;
        while sent < length {
            if chunks.out_of_order {
                session = self.out_of_order(chunks, session, blob, sent, size).await?;
            }
            let end = (sent + size).min(length);
            let answer = self.send(chunk(chunks, session.clone(), blob, sent..end)).await?;
            if chunks.last_in_put && end == length {
                return Ok(answer);
            }
            session = answer.status(&[202])?.location_or(session)?;
            sent = end;
        }
        self.send(Request::new(Method::PUT, closing(session, blob)).header(CONTENT_TYPE, OCTETS)).await
    }

    /// Sends a chunk that is not its turn (one too far, or the first again), which is to be refused, and asks how far the upload is;
    /// where it goes on.
    async fn out_of_order(&self, chunks: Chunks, session: Url, blob: &Blob, sent: usize, size: usize) -> Found<Url> {
        let length = blob.bytes.len();
        let start = if sent + size < length { sent + size } else { 0 };
        let request = chunk(chunks, session.clone(), blob, start..(start + size).min(length));
        let asked = request.url.clone();
        let session = self.send(request).await?.status(&[416])?.location_or(session)?;
        let answer = self.send(Request::new(Method::GET, asked)).await?;
        answer.status(&[204])?;
        let range = answer.header(RANGE.as_str());
        // How an upload of nothing is told apart from one of a byte is not settled.
        let told = match sent {
            0 => range.strip_prefix("0-").is_some_and(|last| last.parse::<i64>().is_ok()),
            _ => range == format!("0-{}", sent - 1),
        };
        match told {
            true => answer.location_or(session),
            false => Err(answer.fault(Outcome::Fail, format_args!("Range is {range:?} after {sent} bytes"))),
        }
    }

    /// A push that ended is answered as it should be, and `Location` serves the blob.
    async fn stored(&self, answer: &Answer, blob: &Blob, required: bool) -> Found {
        accepted(answer, blob)?;
        if blob.corrupt {
            return Ok(());
        }
        let location = answer.digest(&blob.digest, required)?.location()?;
        self.send(Request::new(Method::GET, location)).await?.status(&[200])?.holds(&blob.bytes).map(drop)
    }

    /// Deletes a blob, a manifest or a tag. `declined` are the answers of a registry that deletes no such thing.
    pub(super) async fn delete(&self, url: Url, declined: &[u16]) -> Found {
        let answer = self.send(Request::new(Method::DELETE, url)).await?;
        match declined.contains(&answer.status) {
            true => Err(answer.fault(Outcome::Skip, format_args!("status {}: deletes no such thing", answer.status))),
            false => answer.status(&[202, 404]).map(drop),
        }
    }

    /// What a request asks for is not there.
    pub(super) async fn absent(&self, request: Request) -> Found {
        self.send(request).await?.status(&[404]).map(drop)
    }
}

/// A good blob was created, a corrupt one refused.
fn accepted(answer: &Answer, blob: &Blob) -> Found {
    answer.status(if blob.corrupt { &[400] } else { &[201] }).map(drop)
}

/// A request with a whole blob.
fn whole(method: Method, url: Url, blob: &Blob) -> Request {
    Request::new(method, url).header(CONTENT_TYPE, OCTETS).sized(blob.bytes.clone())
}

/// A request with a chunk of a blob.
fn chunk(chunks: Chunks, session: Url, blob: &Blob, part: Range<usize>) -> Request {
    let (method, url) = match chunks.last_in_put && part.end == blob.bytes.len() {
        true => (Method::PUT, closing(session, blob)),
        false => (Method::PATCH, session),
    };
    let range = format!("{}-{}", part.start, part.end - 1);
    Request::new(method, url).header(CONTENT_TYPE, OCTETS).header(CONTENT_RANGE, &range).sized(blob.bytes.slice(part))
}

/// An upload's URL with the digest that ends it.
fn closing(mut session: Url, blob: &Blob) -> Url {
    session.query_pairs_mut().append_pair("digest", &blob.digest.to_string());
    session
}
