//! What can be asked of a registry, as data: the spec's endpoint table ("Endpoints", end-1 to end-13) and the catalog.
//!
//! The client builds a [`Request`] and asks for its method and path; the server parses method, path and query back into the same
//! value. A property test holds the two together. No I/O, no headers, no bodies.

use std::fmt::Write as _;

use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::code::Code;
use crate::name::{Algorithm, Digest, Repository, Selector, Tag};

/// One request of the protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// end-1: is there a registry, and may I?
    Ping,
    /// The catalog of repositories (Docker registry API; not in the OCI spec, served by all but the cloud registries).
    Catalog(Page),
    /// end-8a, end-8b: tags of a repository.
    Tags(Repository, Page),
    /// end-12a, end-12b: manifests whose `subject` is this digest, of one artifact type or all.
    Referrers(Repository, Digest, Option<String>, Page),
    /// end-3: a manifest's headers.
    ManifestHead(Repository, Selector),
    /// end-3: a manifest.
    ManifestGet(Repository, Selector),
    /// end-7a, end-7b: put a manifest; by digest also with tags (`?tag=`, distribution spec 1.2-dev).
    ManifestPut(Repository, Selector, Vec<Tag>),
    /// end-9: delete a manifest or a tag.
    ManifestDelete(Repository, Selector),
    /// end-2: a blob's headers.
    BlobHead(Repository, Digest),
    /// end-2: a blob or a range of it.
    BlobGet(Repository, Digest),
    /// end-10: delete a blob.
    BlobDelete(Repository, Digest),
    /// end-4a: begin an upload; the algorithm says which digest will finish it.
    UploadStart(Repository, Option<Algorithm>),
    /// end-4b: a whole blob in one POST.
    UploadWhole(Repository, Digest),
    /// end-11: mount a blob of another repository, or begin an upload.
    UploadMount(Repository, Digest, Option<Repository>),
    /// end-13: how far an upload got.
    UploadStatus(Repository, String),
    /// end-5: the next chunk.
    UploadChunk(Repository, String),
    /// end-6: the last chunk (or none) and the digest.
    UploadFinish(Repository, String, Digest),
    /// end-14 (1.2-dev): throw an upload away.
    UploadCancel(Repository, String),
}

/// Which part of a list: after `last`, at most `n`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// At most so many.
    pub n: Option<usize>,
    /// Only what sorts after this.
    pub last: Option<String>,
}

/// Why a method, path and query are not a request: the answer a server gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invalid {
    /// The code of the answer; [`Code::NameUnknown`] when the path is none of the protocol's.
    pub code: Code,
    /// For people.
    pub message: String,
}

/// What stays readable in a path segment or query value: the characters of names, tags and digests.
const KEEP: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':').remove(b'/');

impl Request {
    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> Method {
        match self {
            Self::Ping
            | Self::Catalog(_)
            | Self::Tags(..)
            | Self::Referrers(..)
            | Self::ManifestGet(..)
            | Self::BlobGet(..)
            | Self::UploadStatus(..) => Method::GET,
            Self::ManifestHead(..) | Self::BlobHead(..) => Method::HEAD,
            Self::ManifestPut(..) | Self::UploadFinish(..) => Method::PUT,
            Self::ManifestDelete(..) | Self::BlobDelete(..) | Self::UploadCancel(..) => Method::DELETE,
            Self::UploadStart(..) | Self::UploadWhole(..) | Self::UploadMount(..) => Method::POST,
            Self::UploadChunk(..) => Method::PATCH,
        }
    }

    /// The repository asked about.
    #[must_use]
    pub fn repository(&self) -> Option<&Repository> {
        match self {
            Self::Ping | Self::Catalog(_) => None,
            Self::Tags(r, ..)
            | Self::Referrers(r, ..)
            | Self::ManifestHead(r, ..)
            | Self::ManifestGet(r, ..)
            | Self::ManifestPut(r, ..)
            | Self::ManifestDelete(r, ..)
            | Self::BlobHead(r, ..)
            | Self::BlobGet(r, ..)
            | Self::BlobDelete(r, ..)
            | Self::UploadStart(r, ..)
            | Self::UploadWhole(r, ..)
            | Self::UploadMount(r, ..)
            | Self::UploadStatus(r, ..)
            | Self::UploadChunk(r, ..)
            | Self::UploadFinish(r, ..)
            | Self::UploadCancel(r, ..) => Some(r),
        }
    }

    /// The path and query, percent-encoded.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Ping => "/v2/".to_owned(),
            Self::Catalog(page) => query("/v2/_catalog".to_owned(), page_query(page)),
            Self::Tags(r, page) => query(format!("/v2/{r}/tags/list"), page_query(page)),
            Self::Referrers(r, digest, artifact_type, page) => {
                let mut pairs = vec![("artifactType", artifact_type.clone())];
                pairs.extend(page_query(page));
                query(format!("/v2/{r}/referrers/{digest}"), pairs)
            }
            Self::ManifestHead(r, s) | Self::ManifestGet(r, s) | Self::ManifestDelete(r, s) => {
                format!("/v2/{r}/manifests/{s}")
            }
            Self::ManifestPut(r, s, tags) => {
                query(format!("/v2/{r}/manifests/{s}"), tags.iter().map(|tag| ("tag", Some(tag.to_string()))))
            }
            Self::BlobHead(r, d) | Self::BlobGet(r, d) | Self::BlobDelete(r, d) => {
                format!("/v2/{r}/blobs/{d}")
            }
            Self::UploadStart(r, algorithm) => {
                let algorithm = algorithm.map(|a| a.as_str().to_owned());
                query(format!("/v2/{r}/blobs/uploads/"), [("digest-algorithm", algorithm)])
            }
            Self::UploadWhole(r, digest) => query(format!("/v2/{r}/blobs/uploads/"), [("digest", Some(digest.to_string()))]),
            Self::UploadMount(r, digest, from) => query(
                format!("/v2/{r}/blobs/uploads/"),
                [("mount", Some(digest.to_string())), ("from", from.as_ref().map(ToString::to_string))],
            ),
            Self::UploadStatus(r, id) | Self::UploadChunk(r, id) | Self::UploadCancel(r, id) => {
                format!("/v2/{r}/blobs/uploads/{}", utf8_percent_encode(id, KEEP))
            }
            Self::UploadFinish(r, id, digest) => {
                query(format!("/v2/{r}/blobs/uploads/{}", utf8_percent_encode(id, KEEP)), [("digest", Some(digest.to_string()))])
            }
        }
    }

    /// Reads a request back from the wire.
    ///
    /// # Errors
    /// The answer to give: a name, digest or number that is none, a method the path does not take, or a path of nothing here.
    pub fn parse(method: &Method, path: &str, query: Option<&str>) -> Result<Self, Invalid> {
        let unknown = || Invalid { code: Code::NameUnknown, message: "no such path in the registry API".to_owned() };
        let rest = path.strip_prefix("/v2").ok_or_else(unknown)?;
        let query = Query(query.unwrap_or_default());
        if matches!(rest, "" | "/") {
            return allow(method, &[Method::GET, Method::HEAD], Self::Ping);
        }
        // A client may encode the colon of a digest; an encoded slash is never part of a name.
        let segments = rest.trim_start_matches('/').split('/').map(decode).collect::<Result<Vec<_>, _>>()?;
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        match segments.as_slice() {
            ["_catalog"] => allow(method, &[Method::GET], Self::Catalog(query.page()?)),
            [name @ .., "tags", "list"] => {
                let (name, page) = (repository(name)?, query.page()?);
                allow(method, &[Method::GET], Self::Tags(name, page))
            }
            [name @ .., "referrers", digest] => {
                let (name, digest) = (repository(name)?, parse_digest(digest)?);
                let artifact_type = query.get("artifactType").filter(|text| !text.is_empty());
                allow(method, &[Method::GET], Self::Referrers(name, digest, artifact_type, query.page()?))
            }
            [name @ .., "manifests", selector] => {
                let name = repository(name)?;
                let selector = parse_selector(selector)?;
                match *method {
                    Method::GET => Ok(Self::ManifestGet(name, selector)),
                    Method::HEAD => Ok(Self::ManifestHead(name, selector)),
                    Method::PUT => {
                        let tags = query.all("tag").map(|tag| tag.parse().map_err(invalid_tag)).collect::<Result<_, _>>()?;
                        Ok(Self::ManifestPut(name, selector, tags))
                    }
                    Method::DELETE => Ok(Self::ManifestDelete(name, selector)),
                    _ => Err(not_allowed(method)),
                }
            }
            [name @ .., "blobs", "uploads", ""] | [name @ .., "blobs", "uploads"] => {
                let name = repository(name)?;
                if *method != Method::POST {
                    return Err(not_allowed(method));
                }
                if let Some(digest) = query.get("mount") {
                    let from = query.get("from").map(|from| repository(&[&from])).transpose()?;
                    return Ok(Self::UploadMount(name, parse_digest(&digest)?, from));
                }
                if let Some(digest) = query.get("digest") {
                    return Ok(Self::UploadWhole(name, parse_digest(&digest)?));
                }
                let algorithm = query
                    .get("digest-algorithm")
                    .map(|text| text.parse().map_err(|fault| Invalid { code: Code::DigestInvalid, message: format!("{fault}") }))
                    .transpose()?;
                Ok(Self::UploadStart(name, algorithm))
            }
            [name @ .., "blobs", "uploads", id] => {
                let (name, id) = (repository(name)?, (*id).to_owned());
                match *method {
                    Method::GET => Ok(Self::UploadStatus(name, id)),
                    Method::PATCH => Ok(Self::UploadChunk(name, id)),
                    Method::PUT => {
                        let digest = query.get("digest").ok_or_else(|| Invalid {
                            code: Code::DigestInvalid,
                            message: "the digest parameter is missing".to_owned(),
                        })?;
                        Ok(Self::UploadFinish(name, id, parse_digest(&digest)?))
                    }
                    Method::DELETE => Ok(Self::UploadCancel(name, id)),
                    _ => Err(not_allowed(method)),
                }
            }
            [name @ .., "blobs", digest] => {
                let (name, digest) = (repository(name)?, parse_digest(digest)?);
                match *method {
                    Method::GET => Ok(Self::BlobGet(name, digest)),
                    Method::HEAD => Ok(Self::BlobHead(name, digest)),
                    Method::DELETE => Ok(Self::BlobDelete(name, digest)),
                    _ => Err(not_allowed(method)),
                }
            }
            _ => Err(unknown()),
        }
    }
}

fn allow(method: &Method, allowed: &[Method], request: Request) -> Result<Request, Invalid> {
    if allowed.contains(method) { Ok(request) } else { Err(not_allowed(method)) }
}

fn not_allowed(method: &Method) -> Invalid {
    Invalid { code: Code::Unsupported, message: format!("{method} is not an operation of this path") }
}

fn invalid_tag(fault: crate::name::InvalidName) -> Invalid {
    Invalid { code: Code::ManifestInvalid, message: fault.to_string() }
}

fn repository(segments: &[&str]) -> Result<Repository, Invalid> {
    segments.join("/").parse().map_err(|fault| Invalid { code: Code::NameInvalid, message: format!("{fault}") })
}

fn parse_digest(text: &str) -> Result<Digest, Invalid> {
    text.parse().map_err(|fault| Invalid { code: Code::DigestInvalid, message: format!("{fault}") })
}

fn parse_selector(text: &str) -> Result<Selector, Invalid> {
    if text.contains(':') { parse_digest(text).map(Selector::Digest) } else { text.parse().map(Selector::Tag).map_err(invalid_tag) }
}

fn decode(segment: &str) -> Result<String, Invalid> {
    let text = percent_decode_str(segment).decode_utf8();
    match text {
        Ok(text) if !text.contains('/') => Ok(text.into_owned()),
        _ => {
            Err(Invalid { code: Code::NameInvalid, message: "an encoded slash or a text that is not UTF-8 in the path".to_owned() })
        }
    }
}

fn page_query(page: &Page) -> [(&'static str, Option<String>); 2] {
    [("n", page.n.map(|n| n.to_string())), ("last", page.last.clone())]
}

fn query(mut path: String, pairs: impl IntoIterator<Item = (&'static str, Option<String>)>) -> String {
    let mut separator = '?';
    for (name, value) in pairs {
        if let Some(value) = value {
            // Writing to a String cannot fail.
            let _ = write!(path, "{separator}{name}={}", utf8_percent_encode(&value, KEEP));
            separator = '&';
        }
    }
    path
}

/// The query of a request, decoded a value at a time.
struct Query<'a>(&'a str);

impl Query<'_> {
    fn all(&self, name: &str) -> impl Iterator<Item = String> {
        self.0.split('&').filter_map(move |pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (key == name).then(|| percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned())
        })
    }

    fn get(&self, name: &str) -> Option<String> {
        self.all(name).next()
    }

    fn page(&self) -> Result<Page, Invalid> {
        let n = match self.get("n").filter(|text| !text.is_empty()) {
            None => None,
            Some(text) => Some(text.parse().map_err(|_| Invalid {
                code: Code::PaginationNumberInvalid,
                message: format!("{} is not a number of entries", crate::name::quoted(&text)),
            })?),
        };
        Ok(Page { n, last: self.get("last") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(method: Method, uri: &str) -> Result<Request, Invalid> {
        let (path, query) = uri.split_once('?').map_or((uri, None), |(path, query)| (path, Some(query)));
        Request::parse(&method, path, query)
    }

    #[test]
    fn bad_names_digests_and_numbers_have_their_codes() {
        for (method, uri, code) in [
            (Method::GET, "/v2/A/tags/list", Code::NameInvalid),
            (Method::GET, "/v2/a/../b/tags/list", Code::NameInvalid),
            (Method::GET, "/v2/a%2fb/tags/list", Code::NameInvalid),
            (Method::GET, "/v2/tags/list", Code::NameInvalid),
            (Method::GET, "/v2/a/blobs/sha256:baddigeststring", Code::DigestInvalid),
            (Method::GET, "/v2/a/manifests/sha256:baddigeststring", Code::DigestInvalid),
            (Method::GET, "/v2/a/manifests/-x", Code::ManifestInvalid),
            (Method::GET, "/v2/a/tags/list?n=ten", Code::PaginationNumberInvalid),
            (Method::PUT, "/v2/a/blobs/uploads/id", Code::DigestInvalid),
            (Method::PUT, "/v2/a/tags/list", Code::Unsupported),
            (Method::GET, "/v2/a/blobs/uploads/", Code::Unsupported),
            (Method::GET, "/v1/search", Code::NameUnknown),
            (Method::GET, "/v2/nothing", Code::NameUnknown),
        ] {
            assert_eq!(parse(method, uri).map_err(|invalid| invalid.code), Err(code), "{uri}");
        }
    }

    #[test]
    fn a_repository_may_be_named_like_an_endpoint() {
        let expected = Request::Tags("tags/list/blobs".parse().unwrap(), Page::default());
        assert_eq!(parse(Method::GET, "/v2/tags/list/blobs/tags/list"), Ok(expected));
    }

    fn repository() -> impl Strategy<Value = Repository> {
        "[a-z0-9]{1,4}([._-][a-z0-9]{1,3})?(/(blobs|tags|uploads|[a-z]{1,3})){0,2}".prop_map(|text| text.parse().unwrap())
    }

    fn digest() -> impl Strategy<Value = Digest> {
        (any::<u8>(), any::<bool>())
            .prop_map(|(seed, long)| Digest::of(if long { Algorithm::Sha512 } else { Algorithm::Sha256 }, [seed]))
    }

    fn tag() -> impl Strategy<Value = Tag> {
        "[a-zA-Z0-9_][a-zA-Z0-9._-]{0,8}".prop_map(|text| text.parse().unwrap())
    }

    fn page() -> impl Strategy<Value = Page> {
        (proptest::option::of(0usize..2000), proptest::option::of(".{0,8}")).prop_map(|(n, last)| Page { n, last })
    }

    fn request() -> impl Strategy<Value = Request> {
        let selector = || prop_oneof![tag().prop_map(Selector::Tag), digest().prop_map(Selector::Digest)];
        let id = || "[a-zA-Z0-9_=.-]{1,20}";
        prop_oneof![
            Just(Request::Ping),
            page().prop_map(Request::Catalog),
            (repository(), page()).prop_map(|(r, p)| Request::Tags(r, p)),
            (repository(), digest(), proptest::option::of("[a-z/+ .]{1,9}"), page())
                .prop_map(|(r, d, a, p)| Request::Referrers(r, d, a, p)),
            (repository(), selector()).prop_map(|(r, s)| Request::ManifestHead(r, s)),
            (repository(), selector()).prop_map(|(r, s)| Request::ManifestGet(r, s)),
            (repository(), selector(), proptest::collection::vec(tag(), 0..3)).prop_map(|(r, s, t)| Request::ManifestPut(r, s, t)),
            (repository(), selector()).prop_map(|(r, s)| Request::ManifestDelete(r, s)),
            (repository(), digest()).prop_map(|(r, d)| Request::BlobHead(r, d)),
            (repository(), digest()).prop_map(|(r, d)| Request::BlobGet(r, d)),
            (repository(), digest()).prop_map(|(r, d)| Request::BlobDelete(r, d)),
            (repository(), proptest::option::of(Just(Algorithm::Sha512))).prop_map(|(r, a)| Request::UploadStart(r, a)),
            (repository(), digest()).prop_map(|(r, d)| Request::UploadWhole(r, d)),
            (repository(), digest(), proptest::option::of(repository())).prop_map(|(r, d, f)| Request::UploadMount(r, d, f)),
            (repository(), id()).prop_map(|(r, i)| Request::UploadStatus(r, i)),
            (repository(), id()).prop_map(|(r, i)| Request::UploadChunk(r, i)),
            (repository(), id(), digest()).prop_map(|(r, i, d)| Request::UploadFinish(r, i, d)),
            (repository(), id()).prop_map(|(r, i)| Request::UploadCancel(r, i)),
        ]
    }

    proptest! {
        #[test]
        fn what_the_client_builds_the_server_reads_back(request in request()) {
            prop_assert_eq!(parse(request.method(), &request.path()), Ok(request));
        }

        #[test]
        fn no_path_makes_the_parser_panic(path in ".*", query in ".*") {
            for method in [Method::GET, Method::PUT, Method::POST] {
                let _ = Request::parse(&method, &path, Some(&query));
            }
        }
    }
}
