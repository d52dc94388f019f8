//! Asking a credential helper: `docker-credential-NAME get` with the server on its standard input.
//!
//! Its output is never shown: it may hold the secret. Its time is bounded: some helpers wait for a person.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

use super::credential::Credential;
use crate::error::{Error, Result};
use crate::name::quoted;
use crate::secret::Secret;

/// The largest answer read, in bytes.
const ANSWER_MAX: u64 = 1 << 20;
/// What a helper prints, with a failure, when it merely has nothing for the server.
const NOT_FOUND: &str = "credentials not found in native keychain";

/// What a helper told.
#[derive(Debug)]
pub(super) enum Answer {
    /// A credential.
    Found(Credential),
    /// It has none for this server.
    NotFound,
    /// There is no such program.
    Missing,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Output {
    #[serde(default)]
    username: String,
    secret: String,
}

/// Asks `docker-credential-<name>`, looked for in the folders of `path`.
pub(super) async fn get(name: &str, server: &str, path: Option<&OsStr>, limit: Duration) -> Result<Answer> {
    let Some(program) = find(name, path) else { return Ok(Answer::Missing) };
    let failed = |what: &str| {
        Error::failed(format!("the credential helper {} {what}", quoted(&format!("docker-credential-{name}"))))
            .hint(format!("`echo {server} | docker-credential-{name} get` shows why, and the password too"))
    };
    let run = async {
        let mut child = Command::new(&program)
            .arg("get")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            // A helper may answer without reading what it was asked.
            let _ = stdin.write_all(server.as_bytes()).await;
        }
        let mut text = Vec::new();
        if let Some(stdout) = child.stdout.take() {
            stdout.take(ANSWER_MAX).read_to_end(&mut text).await?;
        }
        Ok::<_, std::io::Error>((child.wait().await?, Secret::new(String::from_utf8_lossy(&text))))
    };
    let (status, text) = tokio::time::timeout(limit, run)
        .await
        .map_err(|_| failed(&format!("did not answer within {} s", limit.as_secs())))?
        .map_err(|_| failed("cannot be run"))?;
    if !status.success() {
        return if text.expose().contains(NOT_FOUND) { Ok(Answer::NotFound) } else { Err(failed("failed")) };
    }
    let output: Output = serde_json::from_str(text.expose()).map_err(|_| failed("printed no credential"))?;
    let secret = Secret::new(output.secret);
    match output.username.as_str() {
        _ if secret.expose().is_empty() => Ok(Answer::NotFound),
        "<token>" => Ok(Answer::Found(Credential::IdentityToken(secret))),
        _ => Credential::password(output.username, secret).map(Answer::Found),
    }
}

/// The program's path; a name with a separator in it is nobody's.
fn find(name: &str, path: Option<&OsStr>) -> Option<PathBuf> {
    if name.is_empty() || name.contains(['/', '\\', '\0']) {
        return None;
    }
    std::env::split_paths(path?).map(|folder| folder.join(format!("docker-credential-{name}"))).find(|program| program.is_file())
}
