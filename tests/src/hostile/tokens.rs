//! Faults of token servers. A token is its scopes and a number, so that a test can read what it is for.

use serde_json::json;

use super::registry::{Handled, Route, basic};
use super::wire::{Answered, Call, Connection, Reply};

/// Whether a repository lets the request in, or the challenge it answers with.
pub(super) async fn unlock(connection: &mut Connection, call: &Call, route: &Route) -> Handled {
    let fault = route.fault.as_str();
    if !fault.starts_with("token") && !fault.starts_with("realm-") {
        return Handled::No;
    }
    if fault == "realm-or-basic" && call.header("authorization") == Some(&basic()) {
        return Handled::No;
    }
    let needed = if matches!(call.method.as_str(), "GET" | "HEAD") { "pull" } else { "push" };
    if let Some(token) = call.header("authorization").and_then(|text| text.strip_prefix("Bearer ")) {
        let reused = fault == "token-revoked" && !connection.state.first(token);
        if !reused && allows(token, &route.repository, needed) {
            return Handled::No;
        }
    }
    let state = &connection.state;
    let realm = match fault {
        "realm-elsewhere" | "realm-or-basic" => format!("http://{}/token", state.elsewhere),
        "realm-metadata" => "http://169.254.169.254/token".to_owned(),
        "realm-user-info" => format!("http://a:b@{}/token", state.registry),
        _ => format!("http://{}/token", state.registry),
    };
    let scope = format!("repository:{}:{}", route.repository, if needed == "pull" { "pull" } else { "pull,push" });
    let mut reply = Reply::error(401, "UNAUTHORIZED", "authentication required")
        .header("WWW-Authenticate", format!("Bearer realm=\"{realm}\",service=\"{fault}\",scope=\"{scope}\""));
    if fault == "realm-or-basic" {
        reply = reply.header("WWW-Authenticate", "Basic realm=\"hostile\"");
    }
    connection.body(call).await;
    Handled::Yes(connection.reply(call, reply).await)
}

/// `number/repository:a:pull,push+repository:b:pull`
fn allows(token: &str, repository: &str, needed: &str) -> bool {
    let Some((_, scopes)) = token.split_once('/') else { return false };
    scopes.split('+').any(|scope| {
        let actions = scope.strip_prefix(&format!("repository:{repository}:"));
        actions.is_some_and(|actions| actions.split(',').any(|action| action == needed))
    })
}

/// The token server, at whatever place.
pub(super) async fn answer(connection: &mut Connection, call: &Call) -> Answered {
    let body = connection.body(call).await?;
    let form = String::from_utf8_lossy(&body).replace("%3A", ":").replace("%2C", ",").replace("%2F", "/").replace("%2D", "-");
    let parameter = |name: &str| call.parameter(name).or_else(|| find(&form, name));
    let service = parameter("service").unwrap_or_default();
    let scopes: Vec<_> = call.query.split('&').chain(form.split('&')).filter_map(|pair| pair.strip_prefix("scope=")).collect();
    let scopes = scopes.join("+").replace("%3A", ":").replace("%2C", ",").replace("%2F", "/").replace("%20", "+");
    let number = connection.state.count("tokens");
    let lifetime = if service == "token-short" { 1 } else { 300 };
    let token = json!({ "token": format!("{number}/{scopes}"), "expires_in": lifetime });
    let reply = match service.as_str() {
        "token-refused" => Reply::new(401).body(r#"{"details":"incorrect username or password"}"#),
        "token-redirect" => Reply::new(302).header("Location", format!("http://{}/token", connection.state.elsewhere)),
        "token-endless" => return connection.reply_endless(call, Reply::new(200), b"{\"token\":\"aaaaaaaa\"").await,
        _ => Reply::new(200).body(token.to_string()),
    };
    // Long enough for others to want the same token meanwhile.
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    connection.reply(call, reply).await
}

fn find(form: &str, name: &str) -> Option<String> {
    form.split('&').find_map(|pair| pair.split_once('=').filter(|(own, _)| *own == name)).map(|(_, value)| value.to_owned())
}
