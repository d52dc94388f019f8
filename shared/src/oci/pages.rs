//! A list that arrives in pages.
//!
//! What registries do with paging differs: without `n` Distribution's catalog stops at 100, with an `n` above its limit it answers
//! 400; Harbor takes as `last` only what it listed; zot leaves `last` unescaped; Distribution 2.8 ignores `n` for tags and sorts
//! nothing. So we ask with `n` and follow what the `Link` says, on the registry's own origin alone. A list that does not advance (a
//! page asked for before, or without a new entry) is an error, or it would never end.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::marker::PhantomData;

use ::http::Method;
use ::http::header::LINK;
use reqwest::Url;

use super::answer::Refusal;
use super::client::Client;
use super::code::Code;
use super::link;
use crate::auth::Scopes;
use crate::error::{Error, Result};
use crate::http::{Origin, Request, Response};

/// The largest page read, in bytes.
const PAGE_MAX: usize = 16 << 20;
/// The most entries taken of one list; no real one is as long.
const ENTRIES_MAX: usize = 10_000_000;

/// What a list holds.
pub(super) trait Entry: Sized + Ord {
    /// The entries of a page's body, each one checked.
    fn read(body: &[u8]) -> Result<Vec<Self>, serde_json::Error>;
    /// What makes it different from the others.
    fn key(&self) -> String;
}

/// A list, a page at a time: memory holds one page and a few bytes for every entry seen.
#[derive(Debug)]
pub struct Pages<T> {
    client: Client,
    scopes: Scopes,
    /// For errors: `list the tags of team/app`.
    what: String,
    next: Option<Url>,
    asked: HashSet<Url>,
    seen: HashSet<u64>,
    hasher: RandomState,
    /// Whether the last page was filtered by the registry (`OCI-Filters-Applied`).
    filtered: bool,
    entries: PhantomData<T>,
}

#[allow(private_bounds, reason = "what can be listed is closed; callers name the two or three lists there are")]
impl<T: Entry> Pages<T> {
    pub(super) fn new(client: &Client, scopes: Scopes, what: String, first: Url) -> Self {
        Self {
            client: client.clone(),
            scopes,
            what,
            next: Some(first),
            asked: HashSet::new(),
            seen: HashSet::new(),
            hasher: RandomState::new(),
            filtered: false,
            entries: PhantomData,
        }
    }

    /// The next page's entries, in the registry's order and perhaps with repetitions; `None` after the last page.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Failed`] for a list that does not advance, leads to another origin, or holds what is no name;
    /// [`crate::exit::Exit::NotFound`], [`crate::exit::Exit::Denied`] and [`crate::exit::Exit::Unreachable`] as for any request.
    pub async fn next(&mut self) -> Result<Option<Vec<T>>> {
        let Some(url) = self.next.take() else { return Ok(None) };
        let page = self.page(url).await;
        page.map(Some).map_err(|error| error.context(format!("cannot {} at {}", self.what, self.client.place())))
    }

    /// All entries, sorted, each once.
    ///
    /// # Errors
    /// Those of [`Self::next`].
    pub async fn collect(mut self) -> Result<Vec<T>> {
        let mut all = Vec::new();
        while let Some(mut page) = self.next().await? {
            all.append(&mut page);
        }
        all.sort_unstable();
        all.dedup_by(|a, b| a.key() == b.key());
        Ok(all)
    }

    pub(super) fn filtered(&self) -> bool {
        self.filtered
    }

    async fn page(&mut self, url: Url) -> Result<Vec<T>> {
        let response = self.get(url).await?;
        self.filtered = response.headers().contains_key("oci-filters-applied");
        self.next = self.follow(&response)?;
        let place = Origin::of(response.url());
        let body = response.bytes(PAGE_MAX).await?;
        let entries =
            T::read(&body).map_err(|fault| Error::failed(format!("{place} sent a bad list")).caused_by(place_of(&fault)))?;
        let before = self.seen.len();
        self.seen.extend(entries.iter().map(|entry| self.hasher.hash_one(entry.key())));
        if self.next.is_some() && self.seen.len() == before {
            return Err(does_not_advance("a page has no new entry"));
        }
        if self.seen.len() > ENTRIES_MAX {
            return Err(Error::failed(format!("the list has more than {ENTRIES_MAX} entries")));
        }
        Ok(entries)
    }

    /// The page's answer; asks the first one again with fewer entries, or without a number, when the registry wants that.
    async fn get(&mut self, mut url: Url) -> Result<Response> {
        loop {
            self.asked.insert(url.clone());
            let response = self.client.send(&self.scopes, || Request::new(Method::GET, url.clone())).await?;
            let refusal = match self.client.success(response).await {
                Ok(response) => return Ok(response),
                Err(refusal) => refusal,
            };
            match (refusal.code, asked_for(&url)) {
                (Some(Code::PaginationNumberInvalid), Some(n)) => url = with_number(&url, allowed(&refusal, n)),
                _ => return Err(refusal.into_error()),
            }
        }
    }

    fn follow(&self, response: &Response) -> Result<Option<Url>> {
        let links = response.headers().get_all(LINK).iter().filter_map(|value| std::str::from_utf8(value.as_bytes()).ok());
        let Some(target) = link::next(links) else { return Ok(None) };
        let here = response.url();
        let url = here.join(target).map_err(|_| Error::failed("the link to the next page is no URL"))?;
        if Origin::of(&url) != Origin::of(here) || !url.username().is_empty() || url.password().is_some() {
            return Err(Error::failed(format!("the next page is on {}, which is not followed", Origin::of(&url)))
                .hint("a proxy in front of the registry mostly fails to pass the Host header or X-Forwarded-Proto to it"));
        }
        if self.asked.contains(&url) {
            return Err(does_not_advance("a page links to one that was read before"));
        }
        Ok(Some(url))
    }
}

fn does_not_advance(why: &str) -> Error {
    Error::failed(format!("pagination does not advance: {why}"))
}

/// serde's message without its place, which means nothing to people who do not see the text.
fn place_of(fault: &serde_json::Error) -> Error {
    let text = fault.to_string();
    Error::failed(text.split(" at line ").next().unwrap_or_default())
}

/// The `n` of a page's URL.
fn asked_for(url: &Url) -> Option<usize> {
    url.query_pairs().find(|(name, _)| name == "n")?.1.parse().ok()
}

fn with_number(url: &Url, n: Option<usize>) -> Url {
    let mut changed = url.clone();
    let others = url.query_pairs().filter(|(name, _)| name != "n").map(|(name, value)| (name.into_owned(), value.into_owned()));
    let n = n.map(|n| ("n".to_owned(), n.to_string()));
    let pairs: Vec<_> = others.chain(n).collect();
    changed.set_query(None);
    if !pairs.is_empty() {
        changed.query_pairs_mut().extend_pairs(pairs);
    }
    changed
}

/// The largest number below ours that the refusal mentions: the number it allows. Distribution mentions only ours.
fn allowed(refusal: &Refusal, ours: usize) -> Option<usize> {
    let numbers = refusal.text.split(|c: char| !c.is_ascii_digit()).filter_map(|digits| digits.parse().ok());
    numbers.filter(|n| (1..ours).contains(n)).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_number_of_a_page_changes() {
        let url: Url = "http://r/v2/_catalog?n=1000&last=a%2Fb".parse().unwrap();
        assert_eq!(asked_for(&url), Some(1000));
        assert_eq!(with_number(&url, Some(5)).as_str(), "http://r/v2/_catalog?last=a%2Fb&n=5");
        assert_eq!(with_number(&"http://r/v2/_catalog?n=9".parse().unwrap(), None).as_str(), "http://r/v2/_catalog");
    }
}
