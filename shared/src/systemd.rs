//! A systemd service as a value: value in, text of its unit out.
//!
//! Names and quoting are those of systemd.unit(5), systemd.service(5) and systemd.exec(5) of systemd 252.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::name::quoted;

/// A program that systemd keeps running.
#[derive(Debug, Clone)]
pub struct Service {
    /// What it is, for people.
    pub description: String,
    /// The program's file.
    pub program: PathBuf,
    /// The name the program is called by, when not by its file's.
    pub arg0: Option<String>,
    /// Its arguments.
    pub args: Vec<String>,
    /// Its environment, which has little else.
    pub env: Vec<(String, String)>,
    /// The user and group it runs as, by number; root without.
    pub user: Option<(u32, u32)>,
    /// The only folders and files it may write to; they must be there.
    pub writable: Vec<PathBuf>,
    /// How long it may take to end, in seconds, until it is killed.
    pub stop_seconds: u64,
}

impl Service {
    /// The unit's text.
    ///
    /// # Errors
    /// [`crate::exit::Exit::Input`] when a path or argument cannot stand in a unit: not UTF-8, or with a line break.
    pub fn to_unit(&self) -> Result<String> {
        let mut command = String::new();
        if self.arg0.is_some() {
            // A name in front of the arguments: systemd.service(5), "Table 2. Special executable prefixes".
            command.push('@');
        }
        command += &word(path(&self.program)?)?;
        for argument in self.arg0.iter().chain(&self.args) {
            command.push(' ');
            command += &word(argument)?;
        }
        let mut text = format!(
            "[Unit]\nDescription={}\nAfter=network-online.target\nWants=network-online.target\n\n[Service]\nType=exec\nExecStart={command}\n",
            plain(&self.description)?
        );
        let mut line = |key: &str, value: &str| {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{key}={value}");
        };
        for (name, value) in &self.env {
            line("Environment", &word(&format!("{name}={value}"))?);
        }
        if let Some((user, group)) = self.user {
            line("User", &user.to_string());
            line("Group", &group.to_string());
        }
        line("Restart", "on-failure");
        line("RestartSec", "5");
        line("TimeoutStopSec", &self.stop_seconds.to_string());
        line("LimitNOFILE", "65536");
        line("UMask", "0077");
        for key in ["NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectKernelTunables", "ProtectControlGroups"] {
            line(key, "yes");
        }
        line("ProtectSystem", "strict");
        for place in &self.writable {
            line("ReadWritePaths", &word(path(place)?)?);
        }
        text += "\n[Install]\nWantedBy=multi-user.target\n";
        Ok(text)
    }
}

fn path(path: &Path) -> Result<&str> {
    OsStr::to_str(path.as_os_str())
        .ok_or_else(|| Error::input(format!("{} cannot stand in a unit: it is not UTF-8", path.display())))
}

/// A text with `%` as itself.
fn plain(text: &str) -> Result<String> {
    if text.contains(['\n', '\r', '\0']) {
        return Err(Error::input(format!("{} cannot stand in a unit: it has a line break", quoted(text))));
    }
    Ok(text.replace('%', "%%"))
}

/// A word of a command line: quoted, with `%` and `$` as themselves (systemd.syntax(7), "Quoting").
fn word(text: &str) -> Result<String> {
    let text = plain(text)?.replace('$', "$$");
    let bare = |b: u8| b.is_ascii_alphanumeric() || b"-_./:=@%+,$[]".contains(&b);
    if !text.is_empty() && text.bytes().all(bare) {
        return Ok(text);
    }
    Ok(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn service() -> Service {
        Service {
            description: "zot registry \"dev\", 100 %".to_owned(),
            program: "/usr/bin/zot".into(),
            arg0: None,
            args: vec!["serve".to_owned(), "/srv/it's \"mine\"/$HOME/50%.json".to_owned()],
            env: vec![("OTEL_TRACES_EXPORTER".to_owned(), "none".to_owned())],
            user: Some((1000, 1000)),
            writable: vec!["/srv/data".into()],
            stop_seconds: 30,
        }
    }

    #[test]
    fn a_unit_says_what_systemd_is_to_read() {
        let unit = service().to_unit().unwrap();
        assert!(unit.contains("Description=zot registry \"dev\", 100 %%\n"), "{unit}");
        assert!(unit.contains("ExecStart=/usr/bin/zot serve \"/srv/it's \\\"mine\\\"/$$HOME/50%%.json\"\n"), "{unit}");
        assert!(unit.contains("Environment=OTEL_TRACES_EXPORTER=none\nUser=1000\nGroup=1000\n"), "{unit}");
        assert!(unit.contains("ReadWritePaths=/srv/data\n\n[Install]\n"), "{unit}");
        let named = Service { arg0: Some("reg-up".to_owned()), ..service() };
        assert!(named.to_unit().unwrap().contains("ExecStart=@/usr/bin/zot reg-up serve "));
    }

    #[test]
    fn a_line_break_cannot_add_a_line() {
        let sly = Service { args: vec!["a\nExecStartPre=/bin/evil".to_owned()], ..service() };
        let said = "\"a\\nExecStartPre=/bin/evil\" cannot stand in a unit: it has a line break";
        assert_eq!(sly.to_unit().unwrap_err().to_string(), said);
    }
}
