//! Every JSON document that crosses a pipe: its fields, its schema, reading and writing it.
//!
//! One invocation prints one document, an object with `"schema":"reg/v1"` and a `kind`. Fields are added, never renamed or removed.
//! A document that concerns a registry carries it under `registry`, so that any tool's output is the next one's `-r -`. A secret
//! never stands in one: credentials are references. Knows no network.

mod certificate;
mod content;
mod instance;
mod lint;
mod metrics;
mod names;
mod namespaces;
mod once;
mod read;
mod registry;
mod report;
mod statistics;
mod users;

pub use certificate::{
    Certificate, CertificateFacts, Certificates, Issued, Renewal, TrustOutcome, TrustPlace, Trusted, Verification,
};
pub use content::{
    Deleted, DeletedOutcome, DeletedRow, ManifestDocument, ReferrerRow, Referrers, Repositories, RepositoryRow, TagOutcome, TagRow,
    Tagged, TaggedRow, Tags,
};
pub use instance::{Collected, GarbageSchedule, Instances, LogLine, Rendered, RenderedFile, State, Status, Swept};
pub use lint::{Finding, LintReport, Severity};
pub use metrics::{Metrics, ProcessMetrics, RequestCount};
pub use names::names;
pub use namespaces::{NamespaceRow, Namespaces, PruneReport, PrunedRow, QuotaReport, QuotaRow, RetainedRow};
pub use read::{certificate as read_certificate, parse, registry as read_registry, served};
pub(crate) use read::{in_words, meant, object, typed, versioned};
pub use registry::{CredentialReference, Endpoints, InstanceReference, Registry, Tls, Type};
pub use report::{Check, Failure, Outcome, Summary, TestReport};
pub use statistics::{Counts, RegistryCounts, Statistics};
pub use users::{CheckedLine, HtpasswdReport, ImportedUser, Refusal, User, UserOutcome, Users, list_of_users};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Value, json};

/// The version of all documents.
pub const SCHEMA: &str = "reg/v1";

/// A kind of document.
pub trait Document: Serialize + JsonSchema {
    /// The value of `kind`.
    const KIND: &'static str;
    /// The field that holds the kind's one main array: what `-o jsonl` and `-o name` print the items of.
    const ITEMS: Option<&'static str> = None;
    /// What `-o table` shows: a heading and the JSON pointer of the value, in the item (or in the document when there are no items).
    const COLUMNS: &'static [(&'static str, &'static str)];
    /// The JSON pointer of what `-o name` prints.
    const NAME: &'static str = "/name";
    /// The JSON pointer of what a command gets that takes the items of such a document as its operands.
    const OPERAND: &'static str = Self::NAME;
}

/// What every document begins with.
#[derive(Serialize)]
struct Envelope<'a, D> {
    schema: &'static str,
    kind: &'static str,
    #[serde(flatten)]
    body: &'a D,
}

/// The document as a JSON value, `schema` and `kind` first.
///
/// # Panics
/// Never: documents are trees of strings, numbers and lists, which JSON can always say.
#[must_use]
pub fn to_value<D: Document>(document: &D) -> Value {
    let envelope = Envelope { schema: SCHEMA, kind: D::KIND, body: document };
    serde_json::to_value(envelope).unwrap_or_else(|fault| unreachable!("a document that JSON cannot say: {fault}"))
}

/// A kind and its schema, as a list that a tool declares.
#[derive(Clone, Copy)]
pub struct Kind {
    /// The value of `kind`.
    pub name: &'static str,
    schema: fn() -> Value,
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Kind({})", self.name)
    }
}

impl Kind {
    /// The kind of `D`.
    #[must_use]
    pub const fn of<D: Document>() -> Self {
        Self { name: D::KIND, schema: schema::<D> }
    }

    /// Its JSON Schema, draft 2020-12.
    #[must_use]
    pub fn schema(&self) -> Value {
        (self.schema)()
    }
}

fn schema<D: Document>() -> Value {
    let mut generator = SchemaGenerator::from(schemars::generate::SchemaSettings::draft2020_12());
    let mut value: Value = generator.root_schema_for::<D>().into();
    if let Some(object) = value.as_object_mut() {
        object.insert("title".to_owned(), json!(D::KIND));
        let mut properties = serde_json::Map::new();
        properties.insert("schema".to_owned(), json!({ "const": SCHEMA }));
        properties.insert("kind".to_owned(), json!({ "const": D::KIND }));
        if let Some(Value::Object(own)) = object.remove("properties") {
            properties.extend(own);
        }
        object.insert("properties".to_owned(), Value::Object(properties));
        let mut required = vec![json!("schema"), json!("kind")];
        if let Some(Value::Array(own)) = object.remove("required") {
            required.extend(own);
        }
        object.insert("required".to_owned(), Value::Array(required));
    }
    value
}

/// The schema of a time: RFC 3339 in UTC.
fn time_schema(_: &mut SchemaGenerator) -> Schema {
    schemars::json_schema!({ "type": "string", "format": "date-time" })
}

/// The schema of a time that may not be known.
pub(crate) fn optional_time_schema(_: &mut SchemaGenerator) -> Schema {
    schemars::json_schema!({ "type": ["string", "null"], "format": "date-time" })
}

/// Now, as documents say it: RFC 3339 in UTC, whole seconds.
#[must_use]
pub fn now() -> String {
    timestamp(time::OffsetDateTime::now_utc())
}

/// A time as documents say it: RFC 3339 in UTC, whole seconds.
#[must_use]
pub fn timestamp(time: time::OffsetDateTime) -> String {
    let seconds = time.to_offset(time::UtcOffset::UTC).replace_nanosecond(0).unwrap_or(time);
    seconds.format(&time::format_description::well_known::Rfc3339).unwrap_or_default()
}
