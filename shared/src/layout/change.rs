//! What is different between two layouts, and one laid over another.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Layout;

/// What becomes of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    /// It is new.
    Create,
    /// It is another one.
    Change,
    /// It goes.
    Remove,
}

/// One difference: an object that comes or goes, or one of its fields that changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// What becomes of it.
    pub verb: Verb,
    /// What it is: `namespace`, `user`, `group`, `admin`, `robot`, `webhook`, `replication`, `testImage`; of the registry's configuration,
    /// `pattern`, `retention` or all of it, `config`.
    pub object: String,
    /// Its name.
    pub name: String,
    /// The field that changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What it will be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// What has to change for a registry that is like `before` to be like `after`.
#[must_use]
pub fn diff(before: &Layout, after: &Layout) -> Vec<Change> {
    let mut changes = Vec::new();
    changes.extend(objects("namespace", &before.namespaces, &after.namespaces));
    changes.extend(objects("user", &before.users, &after.users));
    changes.extend(objects("group", &before.groups, &after.groups));
    changes.extend(names("admin", &before.admins, &after.admins));
    changes.extend(objects("robot", &before.robots, &after.robots));
    changes.extend(objects("webhook", &before.webhooks, &after.webhooks));
    changes.extend(objects("replication", &before.replications, &after.replications));
    if before.test_image != after.test_image {
        let value = |image: &Option<super::TestImage>| image.as_ref().map(to_value);
        let verb = verb(before.test_image.is_some(), after.test_image.is_some());
        let name = after.test_image.as_ref().or(before.test_image.as_ref()).map(|image| image.repository.to_string());
        changes.push(Change {
            verb,
            object: "testImage".to_owned(),
            name: name.unwrap_or_default(),
            field: None,
            before: value(&before.test_image),
            after: value(&after.test_image),
        });
    }
    changes
}

/// The stored layout with a wanted one laid over it. An object that the wanted one names is as it says there; one that it does not
/// name stays, unless `prune`. `keep` names the user whom nothing takes away: the one that the tools log in as.
#[must_use]
pub fn merge(stored: &Layout, wanted: &Layout, prune: bool, keep: Option<&str>) -> Layout {
    let mut whole = wanted.clone();
    whole.registry = None;
    let kept = |name: &str| !prune || keep == Some(name);
    over(&mut whole.namespaces, &stored.namespaces, |namespace| namespace.name.as_str(), |_| !prune);
    over(&mut whole.users, &stored.users, |user| &user.name, kept);
    over(&mut whole.groups, &stored.groups, |group| &group.name, |_| !prune);
    over(&mut whole.admins, &stored.admins, String::as_str, kept);
    over(&mut whole.robots, &stored.robots, |robot| &robot.name, |_| !prune);
    over(&mut whole.webhooks, &stored.webhooks, |webhook| &webhook.name, |_| !prune);
    over(&mut whole.replications, &stored.replications, |replication| &replication.name, |_| !prune);
    if whole.test_image.is_none() && !prune {
        whole.test_image.clone_from(&stored.test_image);
    }
    // The stored order stays, so that nothing looks changed that is not.
    arrange(&mut whole.namespaces, &stored.namespaces, |namespace| namespace.name.as_str());
    arrange(&mut whole.users, &stored.users, |user| &user.name);
    arrange(&mut whole.groups, &stored.groups, |group| &group.name);
    arrange(&mut whole.admins, &stored.admins, String::as_str);
    arrange(&mut whole.robots, &stored.robots, |robot| &robot.name);
    arrange(&mut whole.webhooks, &stored.webhooks, |webhook| &webhook.name);
    arrange(&mut whole.replications, &stored.replications, |replication| &replication.name);
    whole
}

fn over<T: Clone>(wanted: &mut Vec<T>, stored: &[T], name: impl Fn(&T) -> &str, keep: impl Fn(&str) -> bool) {
    let named: std::collections::HashSet<String> = wanted.iter().map(|item| name(item).to_owned()).collect();
    wanted.extend(stored.iter().filter(|item| !named.contains(name(item)) && keep(name(item))).cloned());
}

fn arrange<T>(items: &mut [T], stored: &[T], name: impl Fn(&T) -> &str) {
    let places: std::collections::HashMap<&str, usize> = stored.iter().enumerate().map(|(at, item)| (name(item), at)).collect();
    items.sort_by_key(|item| places.get(name(item)).copied().unwrap_or(usize::MAX));
}

fn verb(before: bool, after: bool) -> Verb {
    match (before, after) {
        (false, _) => Verb::Create,
        (true, true) => Verb::Change,
        (true, false) => Verb::Remove,
    }
}

fn to_value(item: &impl Serialize) -> Value {
    serde_json::to_value(item).unwrap_or_else(|fault| unreachable!("a layout that JSON cannot say: {fault}"))
}

/// Differences of objects that are known by their names, in the order of `after`.
fn objects<T: Serialize>(object: &str, before: &[T], after: &[T]) -> Vec<Change> {
    let fields = |items: &[T]| -> Map<String, Value> {
        items.iter().map(to_value).map(|value| (value["name"].as_str().unwrap_or_default().to_owned(), value)).collect()
    };
    let (old, new) = (fields(before), fields(after));
    let change = |verb: Verb, name: &str, field: Option<&str>, before: Option<&Value>, after: Option<&Value>| Change {
        verb,
        object: object.to_owned(),
        name: name.to_owned(),
        field: field.map(ToOwned::to_owned),
        before: before.cloned(),
        after: after.cloned(),
    };
    let mut changes = Vec::new();
    for (name, value) in &new {
        let Some(stood) = old.get(name) else {
            changes.push(change(Verb::Create, name, None, None, Some(value)));
            continue;
        };
        let (Value::Object(stood), Value::Object(value)) = (stood, value) else { continue };
        let keys = value.keys().chain(stood.keys().filter(|key| !value.contains_key(*key)));
        for key in keys.filter(|key| stood.get(*key) != value.get(*key)) {
            changes.push(change(Verb::Change, name, Some(key), stood.get(key), value.get(key)));
        }
    }
    let gone = old.iter().filter(|(name, _)| !new.contains_key(*name));
    changes.extend(gone.map(|(name, value)| change(Verb::Remove, name, None, Some(value), None)));
    changes
}

fn names(object: &str, before: &[String], after: &[String]) -> Vec<Change> {
    let change = |verb: Verb, name: &String| Change {
        verb,
        object: object.to_owned(),
        name: name.clone(),
        field: None,
        before: None,
        after: None,
    };
    let new = after.iter().filter(|name| !before.contains(name)).map(|name| change(Verb::Create, name));
    let gone = before.iter().filter(|name| !after.contains(name)).map(|name| change(Verb::Remove, name));
    new.chain(gone).collect()
}
