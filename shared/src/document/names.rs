//! The names that a command is to work on, as another program printed them: one a line, or the items of a document.

use serde_json::Value;

use super::read::{meant, parse};
use super::{Document, Instances, Namespaces, Referrers, Repositories, Tagged, Tags, Users};
use crate::error::{Error, Result};
use crate::name::quoted;

/// A kind whose items are names of something: the field they stand in, and where in each.
struct Named {
    kind: &'static str,
    items: &'static str,
    name: &'static str,
}

const fn named<D: Document>() -> Named {
    let Some(items) = D::ITEMS else { panic!("a kind without items") };
    Named { kind: D::KIND, items, name: D::OPERAND }
}

const NAMED: [Named; 7] = [
    named::<Users>(),
    named::<Instances>(),
    named::<Namespaces>(),
    named::<Repositories>(),
    named::<Tags>(),
    named::<Tagged>(),
    named::<Referrers>(),
];

/// The names in `text`; none in an empty one. `source` names where it came from.
///
/// # Errors
/// [`crate::exit::Exit::Input`], with the place: a drawn table, a document of a kind without names.
pub fn names(text: &str, source: &str) -> Result<Vec<String>> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let text = meant(text, source)?;
    if !text.starts_with('{') {
        return Ok(text.lines().map(str::trim).filter(|name| !name.is_empty()).map(ToOwned::to_owned).collect());
    }
    let document = parse(text, source)?;
    let kind = document.get("kind").and_then(Value::as_str).unwrap_or_default();
    let Some(named) = NAMED.iter().find(|named| named.kind == kind) else {
        let known: Vec<_> = NAMED.iter().map(|named| named.kind).collect();
        return Err(Error::input(format!(
            "{source}: .kind: expected names, or a document of {}, found {}",
            known.join(", "),
            quoted(kind)
        ))
        .hint("`-o name` prints names, one a line"));
    };
    let items = document.get(named.items).and_then(Value::as_array);
    let items = items.ok_or_else(|| Error::input(format!("{source}: .{}: expected a list", named.items)))?;
    let name = |(at, item): (usize, &Value)| {
        let name = item.pointer(named.name).and_then(Value::as_str).map(ToOwned::to_owned);
        let field = named.name.replace('/', ".");
        name.ok_or_else(|| Error::input(format!("{source}: .{}[{at}]{field}: expected a text", named.items)))
    };
    items.iter().enumerate().map(name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, String> {
        names(text, "standard input").map_err(|fault| fault.to_string())
    }

    #[test]
    fn names_stand_a_line_each_or_in_a_document() {
        assert_eq!(read("a\n\n  b \r\n"), Ok(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(read(" \n"), Ok(Vec::new()));
        let tags = r#"{"kind":"tags","repository":"team/app","tags":[{"name":"v1","reference":"team/app:v1"}]}"#;
        assert_eq!(read(tags), Ok(vec!["team/app:v1".to_owned()]));
        assert_eq!(read(r#"{"kind":"users","users":[{"name":"alice"}]}"#), Ok(vec!["alice".to_owned()]));
    }

    #[test]
    fn what_holds_no_names_is_refused_with_its_place() {
        for (text, fault) in [
            ("{\"kind\":\"tags\"}", "standard input: .tags: expected a list"),
            ("{\"kind\":\"tags\",\"tags\":[{\"name\":\"v1\"}]}", "standard input: .tags[0].reference: expected a text"),
            (
                "{\"kind\":\"status\"}",
                "standard input: .kind: expected names, or a document of users, instances, namespaces, repositories, tags, tagged, \
                 referrers, found \"status\"",
            ),
            ("╭───┬──╮", "standard input is a drawn table, not JSON"),
        ] {
            assert_eq!(read(text), Err(fault.to_owned()));
        }
    }
}
