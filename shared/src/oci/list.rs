//! The catalog of a registry and the tags of a repository.

use serde::Deserialize;

use super::client::Client;
use super::endpoint::{Page, Request};
use super::pages::{Entry, Pages};
use crate::auth::{Access, Scopes};
use crate::error::{Error, Result};
use crate::exit::Exit;
use crate::name::{Repository, Tag};

impl Entry for Repository {
    fn read(body: &[u8]) -> Result<Vec<Self>, serde_json::Error> {
        #[derive(Deserialize)]
        struct Catalog {
            repositories: Option<Vec<Repository>>,
        }
        serde_json::from_slice(body).map(|catalog: Catalog| catalog.repositories.unwrap_or_default())
    }

    fn key(&self) -> String {
        self.to_string()
    }
}

impl Entry for Tag {
    fn read(body: &[u8]) -> Result<Vec<Self>, serde_json::Error> {
        #[derive(Deserialize)]
        struct Tags {
            tags: Option<Vec<Tag>>,
        }
        serde_json::from_slice(body).map(|list: Tags| list.tags.unwrap_or_default())
    }

    fn key(&self) -> String {
        self.to_string()
    }
}

impl Client {
    /// The catalog, page by page.
    ///
    /// # Errors
    /// None of the registry's: nothing is asked yet.
    pub fn catalog_pages(&self) -> Result<Pages<Repository>> {
        let first = self.url(&Request::Catalog(self.first_page()))?;
        Ok(Pages::new(self, Scopes::catalog(), "list the repositories".to_owned(), first))
    }

    /// The repositories of the registry, sorted, each once. A registry may show a caller only those it may read.
    ///
    /// # Errors
    /// Those of [`Pages::next`]; [`Exit::Unsupported`] when the registry has no catalog.
    pub async fn catalog(&self) -> Result<Vec<Repository>> {
        self.catalog_pages()?.collect().await.map_err(|error| match error.kind() {
            Exit::NotFound => Error::unsupported(format!("the registry at {} has no catalog", self.place()))
                .hint("a registry without a catalog can be asked for repositories by name only"),
            _ => error,
        })
    }

    /// The tags of a repository, page by page.
    ///
    /// # Errors
    /// None of the registry's: nothing is asked yet.
    pub fn tags_pages(&self, repository: &Repository) -> Result<Pages<Tag>> {
        let first = self.url(&Request::Tags(repository.clone(), self.first_page()))?;
        let scopes = Scopes::repository(repository, Access::Pull);
        Ok(Pages::new(self, scopes, format!("list the tags of {repository}"), first))
    }

    /// The tags of a repository, sorted, each once.
    ///
    /// # Errors
    /// Those of [`Pages::next`]; [`Exit::NotFound`] when the registry does not know the repository.
    pub async fn tags(&self, repository: &Repository) -> Result<Vec<Tag>> {
        self.tags_pages(repository)?.collect().await
    }

    fn first_page(&self) -> Page {
        Page { n: Some(self.options().page), last: None }
    }
}
