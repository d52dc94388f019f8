//! The health page of each type, and what its answer means.

use ::http::StatusCode;
use serde_json::Value;

use super::Registry;
use crate::name::quoted;

/// A type's own health page.
#[derive(Debug, Clone)]
pub struct Health {
    /// A path of the registry, or a whole URL on another port.
    pub address: String,
    /// The field that says how it is, for a page whose status does not.
    field: Option<(&'static str, &'static str)>,
}

impl Registry {
    /// The health page; `known` is the address that the registry's document names.
    #[must_use]
    pub fn health(self, known: Option<&str>) -> Option<Health> {
        let own = match self {
            Self::Embedded => Some("/healthz"),
            Self::Harbor => Some("/api/v2.0/health"),
            // zot has one since 2.1.6, Distribution on its debug address: only the document can say.
            Self::Zot | Self::Distribution | Self::Oci => None,
        };
        let address = known.or(own)?.to_owned();
        // Harbor answers 200 when it is sick (src/server/v2.0/handler/health.go): the status stands in the body.
        let field = (self == Self::Harbor).then_some(("status", "healthy"));
        Some(Health { address, field })
    }
}

impl Health {
    /// What an answer means, in words; `Err` when the registry is not well.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn judge(&self, status: StatusCode, body: &[u8]) -> Result<String, String> {
        if !status.is_success() {
            let words: String = String::from_utf8_lossy(body).chars().take(200).collect();
            let words = if words.trim().is_empty() { String::new() } else { format!(" {}", quoted(words.trim())) };
            return Err(format!("{status}{words}"));
        }
        let Some((field, well)) = self.field else { return Ok(status.to_string()) };
        let page: Value = serde_json::from_slice(body).map_err(|_| "a page that is not JSON".to_owned())?;
        if page.get(field).and_then(Value::as_str) == Some(well) {
            return Ok(well.to_owned());
        }
        let sick = page.get("components").and_then(Value::as_array).into_iter().flatten();
        let sick: Vec<&str> = sick
            .filter(|part| part.get(field).and_then(Value::as_str) != Some(well))
            .filter_map(|part| part["name"].as_str())
            .collect();
        Err(format!("not {well}: {}", sick.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn harbor_answers_200_when_it_is_sick() {
        let health = Registry::Harbor.health(None).unwrap();
        let sick =
            br#"{"status":"unhealthy","components":[{"name":"core","status":"healthy"},{"name":"redis","status":"unhealthy"}]}"#;
        assert_eq!(health.judge(StatusCode::OK, sick), Err("not healthy: redis".to_owned()));
        assert_eq!(health.judge(StatusCode::OK, br#"{"status":"healthy"}"#), Ok("healthy".to_owned()));
        assert!(health.judge(StatusCode::OK, b"<html>").is_err());
        assert_eq!(
            Registry::Embedded.health(None).unwrap().judge(StatusCode::SERVICE_UNAVAILABLE, b""),
            Err("503 Service Unavailable".to_owned())
        );
    }
}
