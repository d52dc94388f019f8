//! Which keys hold a secret.

use serde_json::Value;

/// The last part of such a key, in lower case.
const NAMES: [&str; 15] = [
    "accountkey",
    "accesskeysecret",
    "apikey",
    "bindpassword",
    "clientsecret",
    "connectionstring",
    "hashkey",
    "licensekey",
    "password",
    "secret",
    "secretkey",
    "sentinelpassword",
    "sessiontoken",
    "token",
    "authorization",
];

/// Whether a text behind this key is a secret: it must not stand on a command line or in anything that is printed.
#[must_use]
pub fn is_secret(key: &str) -> bool {
    let last = key.rsplit('.').next().unwrap_or(key).split('[').next().unwrap_or(key);
    NAMES.iter().any(|name| last.eq_ignore_ascii_case(name))
}

/// The same without its secrets, for printing.
#[must_use]
pub fn without_secrets(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            // A switch that is called like a secret, such as zot's `apikey`, is none.
            let secret = |key: &str, value: &Value| is_secret(key) && (value.is_string() || value.is_array());
            let kept = map.into_iter().filter(|(key, value)| !secret(key, value));
            Value::Object(kept.map(|(key, value)| (key, without_secrets(value))).collect())
        }
        Value::Array(items) => items.into_iter().map(without_secrets).collect(),
        scalar => scalar,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_known_by_their_key() {
        for key in ["http.secret", "storage.s3.secretkey", "redis.password", "a.headers.Authorization[0]", "x.clientSecret"] {
            assert!(is_secret(key), "{key}");
        }
        for key in ["http.tls.key", "storage.s3.accesskey", "http.auth.htpasswd.path", "http.auth.failDelay"] {
            assert!(!is_secret(key), "{key}");
        }
        let value =
            json!({"http": {"secret": "x", "auth": {"apikey": true}}, "e": [{"headers": {"Authorization": ["x"], "A": ["b"]}}]});
        assert_eq!(without_secrets(value), json!({"http": {"auth": {"apikey": true}}, "e": [{"headers": {"A": ["b"]}}]}));
    }
}
