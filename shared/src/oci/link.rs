//! The `Link` header (RFC 8288), as far as paging needs it.

/// The target of the first link whose relation is `next`.
#[must_use]
pub(super) fn next<'a>(headers: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    headers.flat_map(links).find(Link::is_next).map(|link| link.target)
}

struct Link<'a> {
    target: &'a str,
    parameters: &'a str,
}

impl Link<'_> {
    fn is_next(&self) -> bool {
        self.parameters.split(';').any(|parameter| {
            let (name, value) = parameter.split_once('=').unwrap_or_default();
            let mut relations = value.trim().trim_matches('"').split_ascii_whitespace();
            name.trim().eq_ignore_ascii_case("rel") && relations.any(|relation| relation.eq_ignore_ascii_case("next"))
        })
    }
}

/// The links of one header: `<target>; name=value; name="quoted, value", <target> ...`.
fn links(header: &str) -> impl Iterator<Item = Link<'_>> {
    let mut rest = header;
    std::iter::from_fn(move || {
        let (_, behind) = rest.split_once('<')?;
        let (target, behind) = behind.split_once('>')?;
        let mut quoted = false;
        let end = behind.find(|c| {
            quoted ^= c == '"';
            c == ',' && !quoted
        });
        let (parameters, behind) = behind.split_at(end.unwrap_or(behind.len()));
        rest = behind;
        Some(Link { target, parameters })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_forms_real_registries_send() {
        for (header, target) in [
            (r#"</v2/_catalog?last=b&n=2>; rel="next""#, Some("/v2/_catalog?last=b&n=2")),
            ("<?last=x&n=5>; rel=next", Some("?last=x&n=5")),
            (r#"<https://a/x>; rel="prev", <https://a/y,z>; title="a, b"; REL="last Next""#, Some("https://a/y,z")),
            (r#"<https://a/x>;rel="prev""#, None),
            ("</x>; rel=nextish", None),
            ("/x; rel=next", None),
            ("</x; rel=next", None),
            ("", None),
        ] {
            assert_eq!(next([header].into_iter()), target, "{header}");
        }
        assert_eq!(next([r#"</a>; rel="first""#, "</b>; rel=next"].into_iter()), Some("/b"));
    }

    proptest! {
        #[test]
        fn no_header_makes_the_parser_panic(header in ".*") {
            let _ = next([header.as_str()].into_iter());
        }
    }
}
