//! What is kept and why, sentence by sentence.

use proptest::prelude::*;
use time::macros::datetime;

use super::*;

const NOW: OffsetDateTime = datetime!(2026-06-01 12:00 UTC);

fn tag(name: &str, days: Option<i64>) -> Tag {
    Tag { name: name.to_owned(), pushed: days.map(|days| NOW - Duration::days(days)), created: None }
}

fn layout(namespaces: &str) -> Layout {
    Layout::parse(&format!("namespaces: [{namespaces}]"), "x").unwrap()
}

/// What is told of each tag: `+` for kept, its reason, and the rule.
fn told(namespaces: &str, repository: &str, tags: &[Tag]) -> Vec<String> {
    let say = |(tag, decision): (&Tag, Decision)| {
        let sign = if decision.keep { '+' } else { '-' };
        format!("{sign}{}: {} ({})", tag.name, decision.reason, decision.rule.unwrap_or_default())
    };
    tags.iter().zip(decide(&layout(namespaces), repository, tags, By::Pushed, NOW)).map(say).collect()
}

#[test]
fn a_tag_is_kept_when_any_condition_of_a_rule_holds() {
    let tags = [tag("v3", Some(40)), tag("v4", Some(0)), tag("v1", Some(200)), tag("v2", Some(90))];
    assert_eq!(
        told("{name: team, retention: {keepLast: 1, keepDays: 90}}", "team/app", &tags),
        [
            "+v3: pushed 40 days ago, kept for 90 days (namespaces[0].retention[0].keepDays)",
            "+v4: it is the newest (namespaces[0].retention[0].keepLast)",
            "-v1: number 4, kept is the newest, pushed 200 days ago, kept for 90 days (namespaces[0].retention[0])",
            "-v2: number 3, kept is the newest, pushed 90 days ago, kept for 90 days (namespaces[0].retention[0])",
        ]
    );
}

#[test]
fn rules_count_for_themselves_and_a_tag_that_none_matches_goes() {
    let rules = "{tags: [latest], always: true}, {tags: ['v*', latest], keepLast: 2}";
    let tags = [tag("latest", Some(1)), tag("v2", Some(2)), tag("v1", Some(3)), tag("dev", Some(0))];
    assert_eq!(
        told(&format!("{{name: a}}, {{name: team, retention: [{rules}]}}"), "team", &tags),
        [
            "+latest: it is always kept (namespaces[1].retention[0].always)",
            "+v2: number 2 of the 2 newest (namespaces[1].retention[1].keepLast)",
            "-v1: number 3, kept are the 2 newest (namespaces[1].retention[1])",
            "-dev: no rule matches it (namespaces[1].retention)",
        ]
    );
}

#[test]
fn what_no_rule_is_about_is_kept() {
    let all = "{name: a, retention: {repositories: [web], keepLast: 1}}, {name: a/b}";
    for (repository, reason) in [
        ("other", "no namespace covers the repository"),
        ("a/b/web", "no rule is about the repository"),
        ("a/api", "no rule is about the repository"),
        ("a", "no rule is about the repository"),
    ] {
        assert_eq!(told(all, repository, &[tag("x", Some(900))]), [format!("+x: {reason} ()")], "{repository}");
    }
    let tags = [tag("x", Some(1)), tag("y", Some(2))];
    assert_eq!(told(all, "a/web", &tags)[1], "-y: number 2, kept is the newest (namespaces[0].retention[0])");
}

#[test]
fn a_tag_of_unknown_age_is_kept_by_the_rule_that_would_ask_for_it() {
    let rules = "{name: a, retention: [{tags: ['v*'], keepLast: 1}, {tags: [n*], keepDays: 3}]}";
    let tags = [tag("v1", None), tag("v2", Some(5)), tag("v3", Some(4)), tag("n1", None), tag("other", None)];
    assert_eq!(
        told(rules, "a/b", &tags),
        [
            "+v1: it is not known when it was pushed (namespaces[0].retention[0].keepLast)",
            "-v2: number 2, kept is the newest (namespaces[0].retention[0])",
            "+v3: it is the newest (namespaces[0].retention[0].keepLast)",
            "+n1: it is not known when it was pushed (namespaces[0].retention[1].keepDays)",
            "-other: no rule matches it (namespaces[0].retention)",
        ]
    );
}

#[test]
fn immutable_tags_and_those_that_hang_on_another_manifest_stay() {
    let signature = format!("sha256-{}.sig", "0a".repeat(32));
    let tags = [tag("1.0", Some(9)), tag(&signature, Some(0)), tag("2.0", Some(8)), tag("sha256-0a.sig", Some(7))];
    assert_eq!(
        told("{name: a, immutableTags: [x, '1.*'], retention: {keepLast: 1}}", "a/b", &tags),
        [
            "+1.0: it is immutable (namespaces[0].immutableTags[1])".to_owned(),
            format!("+{signature}: it hangs on another manifest ()"),
            "-2.0: number 2, kept is the newest (namespaces[0].retention[0])".to_owned(),
            "+sha256-0a.sig: it is the newest (namespaces[0].retention[0].keepLast)".to_owned(),
        ]
    );
}

#[test]
fn the_age_may_be_that_of_the_image() {
    let layout = layout("{name: a, retention: {keepDays: 1}}");
    let image = Tag { created: Some(NOW - Duration::days(2)), ..tag("v1", Some(0)) };
    let tags = [image, tag("v2", Some(9))];
    let told: Vec<_> = decide(&layout, "a/b", &tags, By::Created, NOW).into_iter().map(|told| (told.keep, told.reason)).collect();
    assert_eq!(
        told,
        [(false, "created 2 days ago, kept for 1 day".to_owned()), (true, "it is not known when it was created".to_owned()),]
    );
}

#[test]
fn of_two_tags_of_one_age_the_last_in_the_alphabet_is_the_newer() {
    let kept = |tags: &[Tag]| told("{name: a, retention: {keepLast: 1}}", "a/b", tags).join("\n");
    let (a, b) = (tag("a", Some(1)), tag("b", Some(1)));
    assert!(kept(&[a.clone(), b.clone()]).contains("+b: it is the newest"));
    assert!(kept(&[b, a]).contains("+b: it is the newest"));
}

proptest! {
    #[test]
    fn one_rule_more_never_deletes_more(
        days in prop::collection::vec(prop::option::weighted(0.9, 0i64..9), 1..9), last in 1u32..5, more in 1u32..9,
    ) {
        let tags: Vec<_> = days.iter().enumerate().map(|(at, days)| tag(&format!("v{at}"), *days)).collect();
        let kept = |rules: String| -> Vec<bool> {
            let layout = layout(&format!("{{name: a, retention: [{rules}]}}"));
            decide(&layout, "a/b", &tags, By::Pushed, NOW).into_iter().map(|decision| decision.keep).collect()
        };
        let few = kept(format!("{{keepLast: {last}}}"));
        prop_assert!(few.iter().filter(|kept| **kept).count() >= days.len().min(last as usize));
        let many = kept(format!("{{keepLast: {last}}}, {{tags: ['*[0-4]'], keepDays: {more}}}"));
        prop_assert!(few.iter().zip(&many).all(|(few, many)| !few || *many));
    }
}
