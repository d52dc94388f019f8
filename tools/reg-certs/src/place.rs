//! The places that programs take the authorities from that they believe.
//!
//! | who | reads | source |
//! | --- | --- | --- |
//! | Docker | `/etc/docker/certs.d/HOST:PORT/*.crt`; rootless, `$XDG_CONFIG_HOME/docker/certs.d` | moby `registry/config_unix.go` |
//! | Podman, Buildah, Skopeo | the first that is there of `~/.config/containers/certs.d`, `/etc/containers/certs.d`, `/etc/docker/certs.d`, each with `/HOST:PORT/*.crt` | containers/image `docker/docker_client.go` |
//! | the system | a bundle that a command makes of a folder of anchors | Debian's, Fedora's and Arch's ca-certificates |
//!
//! All believe the system's bundle, too. None of them wants a restart.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use reg_shared::cli::Context;
use reg_shared::error::{Error, Result};
use reg_shared::shell;

/// The file that an authority has in a folder of `certs.d`.
pub(crate) const IN_CERTS_D: &str = "ca.crt";
/// Folders of anchors, the ending that a file in them has, and the command that makes the bundle.
const ANCHORS: [(&str, &str, &[&str]); 3] = [
    ("usr/local/share/ca-certificates", "crt", &["update-ca-certificates"]),
    ("etc/pki/ca-trust/source/anchors", "pem", &["update-ca-trust", "extract"]),
    ("etc/ca-certificates/trust-source/anchors", "crt", &["trust", "extract-compat"]),
];
/// Where the bundles are.
const BUNDLES: [&str; 2] = ["etc/ssl/certs/ca-certificates.crt", "etc/pki/tls/certs/ca-bundle.crt"];
/// Where the commands are that are not on a user's PATH.
const SBIN: [&str; 2] = ["/usr/sbin", "/sbin"];

/// Who believes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Store {
    Docker,
    Containers,
    System,
}

impl Store {
    pub(crate) const ALL: [Self; 3] = [Self::Docker, Self::Containers, Self::System];

    /// The name in flags and documents.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Containers => "containers",
            Self::System => "system",
        }
    }
}

/// A machine's folders: this one's, or those below a folder that looks like one.
#[derive(Debug)]
pub(crate) struct Machine {
    root: PathBuf,
    home: Option<PathBuf>,
    config_home: Option<PathBuf>,
    path: Vec<PathBuf>,
}

/// How the system's bundle is made of its anchors.
#[derive(Debug)]
pub(crate) struct Update {
    pub(crate) program: PathBuf,
    pub(crate) args: Vec<OsString>,
}

impl Update {
    /// As a shell would run it.
    pub(crate) fn text(&self) -> String {
        let words = std::iter::once(self.program.as_os_str()).chain(self.args.iter().map(OsString::as_os_str));
        words.map(shell::word).collect::<Vec<_>>().join(" ")
    }
}

impl Machine {
    /// # Errors
    /// When the current folder is gone.
    pub(crate) fn new(context: &Context, root: &Path) -> Result<Self> {
        let environment = &context.environment;
        let sbin = SBIN.iter().map(PathBuf::from);
        Ok(Self {
            root: context.absolute(root)?,
            home: environment.home.clone(),
            config_home: environment.config_home.clone(),
            path: environment.path.iter().cloned().chain(sbin).collect(),
        })
    }

    /// The `certs.d` folders that a program reads, the most particular first.
    pub(crate) fn certs_d(&self, store: Store) -> Vec<PathBuf> {
        let etc = |name: &str| self.root.join("etc").join(name).join("certs.d");
        let own = self.user_certs_d(store);
        match store {
            Store::Docker => own.into_iter().chain([etc("docker")]).collect(),
            Store::Containers => own.into_iter().chain([etc("containers"), etc("docker")]).collect(),
            Store::System => Vec::new(),
        }
    }

    fn user_certs_d(&self, store: Store) -> Option<PathBuf> {
        match store {
            Store::Docker => self.config_home.as_ref().map(|config| config.join("docker/certs.d")),
            Store::Containers => self.home.as_ref().map(|home| home.join(".config/containers/certs.d")),
            Store::System => None,
        }
    }

    /// The `certs.d` folder that something is put into: the user's own or everybody's.
    ///
    /// # Errors
    /// [`reg_shared::exit::Exit::Failed`] when there is no home.
    pub(crate) fn writable_certs_d(&self, store: Store, user: bool) -> Result<PathBuf> {
        // Rootless Podman is the usual one, rootless Docker the exception.
        let own = user || (store == Store::Containers && !rustix::process::geteuid().is_root());
        if own {
            return self
                .user_certs_d(store)
                .ok_or_else(|| Error::failed("there is no place for your own certificates: HOME is not set"));
        }
        Ok(self.root.join("etc").join(store.name()).join("certs.d"))
    }

    /// The file of an authority for one registry.
    pub(crate) fn in_certs_d(certs_d: &Path, host: &str) -> PathBuf {
        certs_d.join(host).join(IN_CERTS_D)
    }

    /// The file of an authority among the system's anchors, and how the bundle is made.
    ///
    /// # Errors
    /// [`reg_shared::exit::Exit::Unsupported`] on a system that has none of the known folders.
    pub(crate) fn anchor(&self, name: &str, removal: bool) -> Result<(PathBuf, Update)> {
        let found = ANCHORS.iter().find(|(folder, ..)| self.root.join(folder).is_dir());
        let Some((folder, ending, command)) = found else {
            return Err(Error::unsupported("it is not known how this system keeps its authorities")
                .hint("Debian's, Fedora's and Arch's ca-certificates are known; --docker and --containers need none of them"));
        };
        let named = command[0];
        let program = self.path.iter().map(|folder| folder.join(named)).find(|file| file.is_file());
        let program =
            program.ok_or_else(|| Error::failed(format!("{named}, which makes the system's bundle, is not on this machine")))?;
        let mut args: Vec<OsString> = command[1..].iter().map(OsString::from).collect();
        if named == "update-ca-certificates" {
            args.extend(self.below_root());
            if removal {
                // Links to what is gone would stay.
                args.push("--fresh".into());
            }
        }
        Ok((self.root.join(folder).join(name).with_extension(ending), Update { program, args }))
    }

    /// Debian's command works below another root when it is told each of its folders.
    fn below_root(&self) -> Vec<OsString> {
        let Some(root) = self.other_root() else { return Vec::new() };
        let folders = [
            ("--certsconf", "etc/ca-certificates.conf"),
            ("--certsdir", "usr/share/ca-certificates"),
            ("--localcertsdir", "usr/local/share/ca-certificates"),
            ("--etccertsdir", "etc/ssl/certs"),
            ("--hooksdir", "etc/ca-certificates/update.d"),
        ];
        folders.iter().flat_map(|(flag, folder)| [OsString::from(flag), root.join(folder).into()]).collect()
    }

    /// The folder that /etc and /usr are looked for below, when it is not this machine's own root.
    pub(crate) fn other_root(&self) -> Option<&Path> {
        (self.root != Path::new("/")).then_some(self.root.as_path())
    }

    /// The system's bundle below another root; none for this machine's own, which is read as every program reads it.
    pub(crate) fn bundle(&self) -> Option<PathBuf> {
        let root = self.other_root()?;
        let there = BUNDLES.iter().map(|bundle| root.join(bundle)).find(|bundle| bundle.is_file());
        Some(there.unwrap_or(root.join(BUNDLES[0])))
    }
}
