//! The schemas that the tools print, and every document of every test held against them.

use std::collections::BTreeMap;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::ran::Ran;

/// The schemas of all tools, as the programs themselves print them.
#[derive(Debug)]
pub struct Schemas {
    tools: Vec<(&'static str, BTreeMap<String, Kind>)>,
}

#[derive(Debug)]
struct Kind {
    whole: Validator,
    /// The schema of an item of its main array: what `-o jsonl` prints.
    items: Vec<Validator>,
}

impl Schemas {
    /// Asks the tools, once a test run.
    ///
    /// # Panics
    /// When a tool prints none, or one that is not a JSON Schema.
    pub fn of(multicall: &str) -> &'static Self {
        static SCHEMAS: OnceLock<Schemas> = OnceLock::new();
        SCHEMAS.get_or_init(|| {
            let tools = crate::PROGRAMS.iter().map(|program| (program.name, kinds(multicall, program.name)));
            Self { tools: tools.collect() }
        })
    }

    /// Validates every document on standard output and standard error. `tool` is who printed them; none for a script, where any
    /// tool may have.
    ///
    /// # Panics
    /// When a document is not what its schema says.
    #[track_caller]
    pub fn check(&self, tool: Option<&str>, ran: &Ran) {
        for text in [&ran.stdout, &ran.stderr] {
            for document in documents(text) {
                self.check_one(tool, &document).unwrap_or_else(|fault| panic!("{fault}\nof {}", ran.what));
            }
        }
    }

    fn check_one(&self, tool: Option<&str>, document: &Value) -> Result<(), String> {
        let of_tool = |name: &str| tool.is_none_or(|tool| tool == name);
        let mut kinds = self.tools.iter().filter(|(name, _)| of_tool(name)).flat_map(|(_, kinds)| kinds);
        match document["kind"].as_str().filter(|_| document["schema"] == json!("reg/v1")) {
            Some(kind) => match kinds.find(|(name, _)| *name == kind) {
                Some((_, schemas)) => schemas.whole.validate(document).map_err(|fault| {
                    format!("a document that breaks the schema of {kind} at \"{}\": {fault:.1000}", fault.instance_path())
                }),
                None => Err(format!("a document of the kind {kind}, of which the tool prints no schema")),
            },
            // A tool prints nothing else than documents, their items, messages and schemas; a script prints what it likes.
            None if tool.is_none() || is_message(document) || document.get("$schema").is_some() => Ok(()),
            None if document.as_object().is_some_and(|all| all.values().all(|one| one.get("$schema").is_some())) => Ok(()),
            None if kinds.flat_map(|(_, kind)| &kind.items).any(|item| item.is_valid(document)) => Ok(()),
            None => Err(format!("neither a document nor an item of one: {document:.1000}")),
        }
    }
}

/// A line of standard error with `--log-format json`.
fn is_message(value: &Value) -> bool {
    let fields = value.as_object().map(|object| object.keys().map(String::as_str).collect::<Vec<_>>());
    fields.is_some_and(|fields| fields == ["time", "level", "message"])
}

/// The objects in a text: the text as a whole, or each of its lines that is one.
fn documents(text: &str) -> Vec<Value> {
    match serde_json::from_str::<Value>(text) {
        Ok(value) => vec![value],
        Err(_) => text.lines().filter_map(|line| serde_json::from_str(line).ok()).filter(Value::is_object).collect(),
    }
}

fn kinds(multicall: &str, tool: &str) -> BTreeMap<String, Kind> {
    let output = Command::new(multicall).arg0(tool).arg("schema").env_clear().output();
    let output = output.unwrap_or_else(|fault| panic!("cannot run {tool}: {fault}"));
    let all: BTreeMap<String, Value> =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|fault| panic!("`{tool} schema` prints no object by kind: {fault}"));
    all.into_iter().map(|(name, schema)| (name, compile(tool, schema))).collect()
}

fn compile(tool: &str, mut schema: Value) -> Kind {
    jsonschema::meta::validate(&schema).unwrap_or_else(|fault| panic!("{tool}: not a JSON Schema: {fault}"));
    close(&mut schema);
    let arrays = schema["properties"].as_object().into_iter().flatten();
    let items = arrays.filter_map(|(_, field)| field.get("items")).filter(|items| items.get("$ref").is_some());
    let items = items.map(|items| {
        let mut item = items.clone();
        item["$defs"] = schema["$defs"].clone();
        build(tool, &item)
    });
    Kind { items: items.collect(), whole: build(tool, &schema) }
}

fn build(tool: &str, schema: &Value) -> Validator {
    let options = jsonschema::options().should_validate_formats(true);
    options.build(schema).unwrap_or_else(|fault| panic!("{tool}: a schema that cannot be used: {fault}"))
}

/// Readers must take fields they do not know; what the tools print must be declared. So here every object is closed that its
/// schema does not declare open.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.get("properties").is_some_and(Value::is_object) && object.get("type") == Some(&json!("object")) {
                object.entry("additionalProperties").or_insert(json!(false));
            }
            object.values_mut().for_each(close);
        }
        Value::Array(list) => list.iter_mut().for_each(close),
        _ => {}
    }
}
