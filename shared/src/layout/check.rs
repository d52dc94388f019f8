//! What the fields' types cannot say: names that are unique, and that name something.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::{Layout, Subject};
use crate::name::quoted;

/// What is wrong, behind its place: `.groups[0].users[1]: there is no user "bob"`.
type Check = Result<(), String>;

impl Layout {
    /// Whether it can be meant.
    ///
    /// # Errors
    /// A sentence that begins with the place.
    pub fn check(&self) -> Check {
        unique("namespaces", self.namespaces.iter().map(|namespace| namespace.name.as_str()))?;
        unique("users", self.users.iter().map(|user| user.name.as_str()))?;
        unique("groups", self.groups.iter().map(|group| group.name.as_str()))?;
        unique("robots", self.robots.iter().map(|robot| robot.name.as_str()))?;
        unique("webhooks", self.webhooks.iter().map(|webhook| webhook.name.as_str()))?;
        unique("replications", self.replications.iter().map(|replication| replication.name.as_str()))?;
        for (at, robot) in self.robots.iter().enumerate() {
            if self.users.iter().any(|user| user.name == robot.name) {
                return Err(format!(".robots[{at}].name: a user is called {}, too", quoted(&robot.name)));
            }
        }
        for (at, name) in self.admins.iter().enumerate() {
            self.login(name, true).map_err(|why| format!(".admins[{at}]: {why}"))?;
        }
        for (at, group) in self.groups.iter().enumerate() {
            for (of, name) in group.users.iter().enumerate() {
                self.login(name, false).map_err(|why| format!(".groups[{at}].users[{of}]: {why}"))?;
            }
        }
        self.check_namespaces()?;
        self.check_others()?;
        self.check_references()
    }

    fn check_namespaces(&self) -> Check {
        for (at, namespace) in self.namespaces.iter().enumerate() {
            for (of, rule) in namespace.access.iter().enumerate() {
                let place = format!(".namespaces[{at}].access[{of}]");
                if rule.subjects.is_empty() {
                    return Err(format!("{place}.subjects: nobody is named"));
                }
                if rule.actions.is_empty() {
                    return Err(format!("{place}.actions: nothing is named"));
                }
                for (who, subject) in rule.subjects.iter().enumerate() {
                    self.known(subject).map_err(|why| format!("{place}.subjects[{who}]: {why}"))?;
                }
            }
            for (of, rule) in namespace.retention.iter().enumerate() {
                let place = format!(".namespaces[{at}].retention[{of}]");
                match (rule.keep_last, rule.keep_days, rule.always) {
                    (None, None, false) => return Err(format!("{place}: it keeps nothing: give keepLast, keepDays or always")),
                    (Some(0), ..) => return Err(format!("{place}.keepLast: expected 1 or more, found 0")),
                    (_, Some(0), _) => return Err(format!("{place}.keepDays: expected 1 or more, found 0")),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn check_others(&self) -> Check {
        for (at, copy) in self.replications.iter().enumerate() {
            no_login(&copy.url).map_err(|why| format!(".replications[{at}].url: {why}"))?;
        }
        for (at, webhook) in self.webhooks.iter().enumerate() {
            address(&webhook.url).map_err(|why| format!(".webhooks[{at}].url: {why}"))?;
            if let Some(of) = webhook.namespaces.iter().position(|name| self.namespace(name).is_none()) {
                let name = quoted(webhook.namespaces[of].as_str());
                return Err(format!(".webhooks[{at}].namespaces[{of}]: there is no namespace {name}"));
            }
        }
        Ok(())
    }

    fn known(&self, subject: &Subject) -> Check {
        match subject {
            Subject::Anonymous | Subject::Authenticated => Ok(()),
            Subject::User(name) => self.login(name, true),
            Subject::Group(name) if self.groups.iter().any(|group| group.name == *name) => Ok(()),
            Subject::Group(name) => Err(format!("there is no group {}", quoted(name))),
            Subject::Robot(name) if self.robots.iter().any(|robot| robot.name == *name) => Ok(()),
            Subject::Robot(name) => Err(format!("there is no robot {}", quoted(name))),
        }
    }

    /// Whether there is a user, or else a robot, of this name.
    fn login(&self, name: &str, user: bool) -> Check {
        let found = self.users.iter().any(|user| user.name == name);
        let robot = self.robots.iter().any(|robot| robot.name == name);
        match (found, robot, user) {
            (true, ..) | (_, true, false) => Ok(()),
            (_, true, true) => Err(format!("{0} is a robot: write \"robot:{name}\"", quoted(name))),
            _ => Err(format!("there is no user {}", quoted(name))),
        }
    }

    /// A secret is in one place.
    fn check_references(&self) -> Check {
        let users =
            self.users.iter().enumerate().map(|(at, user)| (format!("users[{at}]"), &user.password_file, &user.password_env));
        let robots = self.robots.iter().enumerate().map(|(at, r)| (format!("robots[{at}]"), &r.secret_file, &r.secret_env));
        let hooks = self.webhooks.iter().enumerate().map(|(at, w)| (format!("webhooks[{at}]"), &w.header_file, &w.header_env));
        let copies = self.replications.iter().enumerate();
        let copies = copies.map(|(at, copy)| (format!("replications[{at}]"), &copy.password_file, &copy.password_env));
        let mut all = users.chain(robots).chain(hooks).chain(copies);
        let both =
            all.find(|(_, file, variable): &(String, &Option<PathBuf>, &Option<String>)| file.is_some() && variable.is_some());
        both.map_or(Ok(()), |(place, ..)| Err(format!(".{place}: a file and a variable are named for one secret: keep one")))
    }
}

/// A URL of http or https.
fn address(url: &str) -> Check {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let named = rest.is_some_and(|rest| !rest.starts_with(['/', '?', '#']) && !rest.is_empty());
    if !named || url.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
        return Err(format!("expected a URL that begins with https:// or http://, found {}", quoted(url)));
    }
    no_login(url)
}

/// A layout is for all to read.
fn no_login(url: &str) -> Check {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.contains('@') { Err("it has a login in it, and a layout is for all to read".to_owned()) } else { Ok(()) }
}

fn unique<'a>(list: &str, names: impl Iterator<Item = &'a str>) -> Check {
    let mut seen = BTreeSet::new();
    for (at, name) in names.enumerate() {
        if name.is_empty() {
            return Err(format!(".{list}[{at}].name: it is empty"));
        }
        if !seen.insert(name) {
            return Err(format!(".{list}[{at}].name: {} stands twice", quoted(name)));
        }
    }
    Ok(())
}
