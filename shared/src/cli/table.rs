//! Documents for people: columns, or a line a field; what has no value anywhere is left out. Control characters from a server never
//! reach the terminal.

use serde_json::Value;

/// Items as rows under headings.
pub(super) fn rows(columns: &[(&str, &str)], items: &[Value]) -> String {
    let has_value = |pointer: &str| items.iter().any(|item| item.pointer(pointer).is_some_and(|value| !value.is_null()));
    let columns: Vec<_> = columns.iter().filter(|(_, pointer)| items.is_empty() || has_value(pointer)).collect();
    let mut lines: Vec<Vec<String>> = vec![columns.iter().map(|(heading, _)| (*heading).to_owned()).collect()];
    lines.extend(items.iter().map(|item| columns.iter().map(|(_, pointer)| cell(item, pointer)).collect()));
    let widths: Vec<usize> =
        (0..columns.len()).map(|column| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for line in lines {
        let cells: Vec<String> = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// One document as a line a field; fields without a value are left out.
pub(super) fn record(columns: &[(&str, &str)], value: &Value) -> String {
    let width = columns.iter().map(|(heading, _)| heading.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (heading, pointer) in columns {
        if value.pointer(pointer).is_some_and(|field| !field.is_null()) {
            text.push_str(&format!("{heading:width$}  {}\n", cell(value, pointer)));
        }
    }
    text
}

/// One item of a stream on one line.
pub(super) fn line(columns: &[(&str, &str)], value: &Value) -> String {
    let cells: Vec<String> = columns.iter().map(|(_, pointer)| cell(value, pointer)).collect();
    cells.join("  ") + "\n"
}

fn cell(value: &Value, pointer: &str) -> String {
    match value.pointer(pointer) {
        None | Some(Value::Null) => "-".to_owned(),
        Some(Value::String(text)) => printable(text),
        Some(Value::Array(values)) if values.iter().all(Value::is_string) => {
            let words: Vec<_> = values.iter().filter_map(Value::as_str).map(printable).collect();
            if words.is_empty() { "-".to_owned() } else { words.join(", ") }
        }
        Some(Value::Number(number)) => {
            number.as_f64().filter(|n| n.fract() != 0.0).map_or_else(|| number.to_string(), |n| format!("{n:.3}"))
        }
        Some(other) => printable(&other.to_string()),
    }
}

/// The text with control characters escaped.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { c.escape_default().to_string() } else { c.to_string() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn columns_line_up_and_control_characters_are_escaped() {
        let items = [json!({"name": "a\u{1b}[31m", "n": 1.5}), json!({"name": "b"}), json!({"name": ["b", "c"]})];
        let expected = "NAME         N\na\\u{1b}[31m  1.500\nb            -\nb, c         -\n";
        assert_eq!(rows(&[("NAME", "/name"), ("N", "/n"), ("M", "/m")], &items), expected);
        assert_eq!(rows(&[("NAME", "/name"), ("M", "/m")], &[]), "NAME  M\n");
        assert_eq!(rows(&[("A", "/a")], &[json!({"a": ["b", "c"]}), json!({"a": []})]), "A\nb, c\n-\n");
    }

    #[test]
    fn a_record_leaves_out_what_has_no_value() {
        assert_eq!(record(&[("NAME", "/name"), ("PID", "/pid")], &json!({"name": "dev", "pid": null})), "NAME  dev\n");
    }
}
