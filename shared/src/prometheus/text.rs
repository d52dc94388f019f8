//! The text format of metrics, version 0.0.4: a sample a line, `name{label="value",…} number`.
//!
//! Read from Prometheus' documentation ("Exposition formats"). Timestamps and the comments with `HELP` and `TYPE` are passed over.

use crate::error::{Error, Result};
use crate::name::quoted;

/// One number of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The metric's name; of a histogram or summary with `_sum`, `_count` or `_bucket` behind it.
    pub name: String,
    /// Labels and their values, in the page's order.
    pub labels: Vec<(String, String)>,
    /// The number; may be infinite or not a number.
    pub value: f64,
}

impl Sample {
    /// The value of a label.
    #[must_use]
    pub fn label(&self, name: &str) -> Option<&str> {
        self.labels.iter().find(|(label, _)| label == name).map(|(_, value)| value.as_str())
    }
}

/// A page of metrics.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Samples(Vec<Sample>);

impl Samples {
    /// Reads a page.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Failed`], with the line, when it is not in this format.
    pub fn parse(text: &str) -> Result<Self> {
        let mut samples = Vec::new();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let Some(sample) = sample(line) else {
                let start: String = line.chars().take(80).collect();
                return Err(Error::failed(format!("line {} is not a metric: {}", number + 1, quoted(&start))));
            };
            samples.push(sample);
        }
        Ok(Self(samples))
    }

    /// The samples of a name.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Sample> {
        self.0.iter().filter(move |sample| sample.name == name)
    }

    /// The sum over the samples of a name that have these labels; none when the page has no such metric at all, whatever its labels.
    #[must_use]
    pub fn sum(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        self.named(name).fold(None, |sum, sample| {
            let counts = labels.iter().all(|(label, value)| sample.label(label) == Some(*value));
            Some(sum.unwrap_or(0.0) + if counts { sample.value } else { 0.0 })
        })
    }
}

fn sample(line: &str) -> Option<Sample> {
    let end = line.find(|c: char| c == '{' || c.is_whitespace())?;
    let (name, mut rest) = line.split_at(end);
    let mut labels = Vec::new();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside.trim_start();
        while !rest.starts_with('}') {
            let (label, behind) = rest.split_once('=')?;
            let (value, behind) = quoted_value(behind.trim_start())?;
            labels.push((label.trim().to_owned(), value));
            rest = behind.trim_start();
            rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
        }
        rest = &rest[1..];
    }
    // Rust reads `NaN`, `+Inf` and `-Inf` as Prometheus writes them.
    let value = rest.split_whitespace().next()?.parse().ok()?;
    let first = name.chars().next()?;
    let good = (first.is_ascii_alphabetic() || matches!(first, '_' | ':'))
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'));
    good.then(|| Sample { name: name.to_owned(), labels, value })
}

/// A value in quotes, where `\\`, `\"` and `\n` are escapes; and what stands behind it.
fn quoted_value(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.strip_prefix('"')?.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, &text[at + 2..])),
            '\\' => value.push(match chars.next()?.1 {
                'n' => '\n',
                other => other,
            }),
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_page_is_read_as_prometheus_reads_it() {
        let page = Samples::parse(concat!(
            "# HELP a_total What is counted.\n# TYPE a_total counter\n",
            "a_total{code=\"200\",method=\"get\"} 3\na_total{method=\"put\" , code=\"201\",} 4 1395066363000\n\n",
            "quoted{path=\"C:\\\\a\\nb \\\"c\\\"}\"} 1.5e3\nbare +Inf\nnone NaN\n",
        ))
        .unwrap();
        assert_eq!(page.sum("a_total", &[]), Some(7.0));
        assert_eq!(page.sum("a_total", &[("code", "201")]), Some(4.0));
        assert_eq!(page.sum("a_total", &[("code", "500")]), Some(0.0));
        assert_eq!(page.sum("b_total", &[]), None);
        assert_eq!(page.named("quoted").next().unwrap().label("path"), Some("C:\\a\nb \"c\"}"));
        assert_eq!(page.sum("bare", &[]), Some(f64::INFINITY));
        assert!(page.sum("none", &[]).unwrap().is_nan());
    }

    #[test]
    fn what_is_no_page_of_metrics_is_refused_with_its_line() {
        for (bad, said) in [
            ("a 1\n<html>\n", "line 2 is not a metric: \"<html>\""),
            ("{\"Counters\":[]}", "line 1 is not a metric: \"{\\\"Counters\\\":[]}\""),
            ("a", "line 1 is not a metric: \"a\""),
            ("a{b=\"c} 1", "line 1 is not a metric: \"a{b=\\\"c} 1\""),
            ("a{b} 1", "line 1 is not a metric: \"a{b} 1\""),
            ("a one", "line 1 is not a metric: \"a one\""),
        ] {
            assert_eq!(Samples::parse(bad).unwrap_err().to_string(), said);
        }
    }

    proptest! {
        #[test]
        fn whatever_stands_there_is_read_or_refused(text in any::<String>()) {
            let _ = Samples::parse(&text);
        }

        #[test]
        fn every_label_value_comes_back(value in any::<String>(), number in any::<i32>()) {
            let escaped = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            prop_assume!(!value.contains('\r'));
            let page = Samples::parse(&format!("a{{b=\"{escaped}\"}} {number}\n")).unwrap();
            prop_assert_eq!(page.named("a").next().unwrap().label("b"), Some(value.as_str()));
            prop_assert_eq!(page.sum("a", &[]), Some(f64::from(number)));
        }
    }
}
