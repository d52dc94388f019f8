//! A container engine for live tests, with images that need no network, and nothing left on it afterwards.
//!
//! The engine is what `docker` on PATH talks to. Images are made of a program of this machine and the libraries that it loads, through the
//! engine's import, and carry a name that no registry has. A test's containers, networks and volumes are found by the folder of its
//! sandbox in their labels and removed with it, whatever became of the test.

use std::collections::HashMap;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use crate::live;
use crate::sandbox::{Ran, Sandbox};

/// What the names of the images begin with.
const IMAGES: &str = "reg-tests.invalid/";

/// How many tests use an image now; the last one removes it.
static USED: Mutex<Option<HashMap<String, usize>>> = Mutex::new(None);

/// A sandbox with a container engine.
#[derive(Debug)]
pub struct Docker {
    sandbox: Sandbox,
    host: String,
    images: Vec<String>,
}

impl Deref for Docker {
    type Target = Sandbox;
    fn deref(&self) -> &Sandbox {
        &self.sandbox
    }
}

impl Docker {
    /// On the machine's engine; `None`, said aloud, when there is none.
    #[must_use]
    pub fn find(multicall: &str) -> Option<Self> {
        let host = std::env::var("DOCKER_HOST").unwrap_or_default();
        let host = if host.is_empty() { "unix:///var/run/docker.sock".to_owned() } else { host };
        let asked = Command::new("docker").arg("version").env("DOCKER_HOST", &host).stdin(Stdio::null()).output();
        match asked {
            Ok(answer) if answer.status.success() => Some(Self::on(Sandbox::new(multicall), &host)),
            Ok(answer) => {
                let why = String::from_utf8_lossy(&answer.stderr).lines().last().unwrap_or_default().to_owned();
                live::skip("docker", &why);
                None
            }
            Err(_) => {
                live::skip("docker", "no `docker` is on PATH");
                None
            }
        }
    }

    /// On an engine at this address.
    #[must_use]
    pub fn on(sandbox: Sandbox, host: &str) -> Self {
        Self { sandbox: sandbox.with_engine(host), host: host.to_owned(), images: Vec::new() }
    }

    /// A name for an instance that no other test on this engine has.
    #[must_use]
    pub fn name(&self, name: &str) -> String {
        let folder = self.sandbox.path("");
        let own = folder.file_name().unwrap_or_default().to_string_lossy().replace("reg-test-", "");
        format!("{name}-{own}")
    }

    /// Runs `docker`; its output.
    ///
    /// # Panics
    /// When it fails.
    #[track_caller]
    pub fn docker(&self, line: &str) -> String {
        let ran = self.try_docker(line);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.stdout.trim_end().to_owned()
    }

    /// Runs `docker` whatever becomes of it.
    #[track_caller]
    pub fn try_docker(&self, line: &str) -> Ran {
        let mut command = self.sandbox.command("docker");
        command.args(line.split(' '));
        self.sandbox.finish(command, "")
    }

    /// What `docker inspect` prints for a template.
    #[track_caller]
    pub fn inspect(&self, what: &str, template: &str) -> String {
        let mut command = self.sandbox.command("docker");
        command.args(["inspect", "--format", template, what]);
        self.sandbox.finish(command, "").code(0).stdout.trim_end().to_owned()
    }

    /// An image whose program is this one; its name. It is made when the engine does not have it and removed behind the last test.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn image(&mut self, name: &str, program: &Path) -> String {
        let inside = format!("usr/bin/{}", program.file_name().unwrap_or_default().display());
        let entry = format!("[\"/{inside}\"]");
        self.image_of(name, &[(program.to_owned(), inside)], &entry)
    }

    /// An image of these files, each with its place inside, and of what the programs among them load; its name. It runs `entry`, a list in
    /// JSON.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn image_of(&mut self, name: &str, files: &[(PathBuf, String)], entry: &str) -> String {
        let image = format!("{IMAGES}{name}");
        let mut used = USED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *used.get_or_insert_default().entry(self.counted(&image)).or_insert(0) += 1;
        self.images.push(image.clone());
        if self.try_docker(&format!("image inspect {image}")).code != 0 {
            self.import(&image, files, entry);
        }
        image
    }

    /// An image like another with one more line of a Dockerfile, for this test alone; its name.
    ///
    /// # Panics
    /// When it cannot be made.
    pub fn altered(&mut self, image: &str, change: &str) -> String {
        let (altered, maker) =
            (format!("{IMAGES}{}", self.name(&format!("altered{}", self.images.len())).to_lowercase()), self.name("maker"));
        self.docker(&format!("create --name {maker} {image} --version"));
        let mut command = self.sandbox.command("docker");
        command.args(["commit", "--change", change, &maker, &altered]);
        self.sandbox.finish(command, "").code(0);
        self.docker(&format!("rm {maker}"));
        self.removes(&altered);
        altered
    }

    /// An image that goes with the test.
    pub fn removes(&mut self, image: &str) {
        self.images.push(image.to_owned());
    }

    fn counted(&self, image: &str) -> String {
        format!("{} {image}", self.host)
    }

    /// A tar archive of the files and what they load, through the engine's import.
    fn import(&self, image: &str, files: &[(PathBuf, String)], entry: &str) {
        let root = self.sandbox.path("image");
        let loaded = files.iter().flat_map(|(file, _)| libraries(file));
        let loaded = loaded.map(|library| (library.clone(), library.strip_prefix("/").unwrap_or(&library).to_owned()));
        for (from, to) in files.iter().map(|(from, to)| (from.clone(), PathBuf::from(to))).chain(loaded) {
            let to = root.join(to);
            std::fs::create_dir_all(to.parent().unwrap_or(&root))
                .unwrap_or_else(|fault| panic!("cannot make {}: {fault}", to.display()));
            std::fs::copy(&from, &to).unwrap_or_else(|fault| panic!("cannot copy {}: {fault}", from.display()));
        }
        // What distroless images have, too.
        let tmp = root.join("tmp");
        std::fs::create_dir_all(&tmp).unwrap_or_else(|fault| panic!("cannot make /tmp: {fault}"));
        std::fs::set_permissions(&tmp, std::os::unix::fs::PermissionsExt::from_mode(0o1777))
            .unwrap_or_else(|fault| panic!("cannot open /tmp: {fault}"));
        let script = format!("tar -C {} -c . | docker import --change 'ENTRYPOINT {entry}' - {image}", root.display());
        self.sandbox.sh(&script).code(0);
        std::fs::remove_dir_all(&root).unwrap_or_else(|fault| panic!("cannot remove {}: {fault}", root.display()));
    }

    /// Everything on the engine that belongs to this test: kind and name.
    #[must_use]
    pub fn left(&self) -> Vec<(&'static str, String)> {
        let folder = self.sandbox.path("").display().to_string();
        let mut left = Vec::new();
        for (kind, list) in [
            ("container", "ps -a --filter label=io.reg.instance --format {{.Names}}|{{.Label\u{a0}\"io.reg.folder\"}}"),
            ("network", "network ls --filter label=io.reg.instance --format {{.Name}}|{{.Label\u{a0}\"io.reg.folder\"}}"),
            ("volume", "volume ls --filter label=io.reg.instance --format {{.Name}}|{{.Label\u{a0}\"io.reg.folder\"}}"),
        ] {
            let mut command = self.sandbox.command("docker");
            command.args(list.split(' ').map(|word| word.replace('\u{a0}', " ")));
            let lines = self.sandbox.finish(command, "").stdout;
            let ours = lines.lines().filter_map(|line| line.split_once('|')).filter(|(_, place)| place.starts_with(&folder));
            left.extend(ours.map(|(name, _)| (kind, name.to_owned())));
        }
        left
    }
}

impl Drop for Docker {
    fn drop(&mut self) {
        for (kind, name) in self.left() {
            let force = if kind == "network" { "" } else { " --force" };
            let _ = self.try_docker(&format!("{kind} rm{force} {name}"));
        }
        let mut used = USED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for image in std::mem::take(&mut self.images) {
            let users = used.get_or_insert_default().entry(self.counted(&image)).or_insert(1);
            *users -= 1;
            if *users == 0 {
                let _ = self.try_docker(&format!("image rm --force {image}"));
            }
        }
    }
}

/// The libraries that a program loads, as `ldd` tells; none for one that is linked statically.
fn libraries(program: &Path) -> Vec<PathBuf> {
    let told = Command::new("ldd").arg(program).output().map(|told| told.stdout).unwrap_or_default();
    let told = String::from_utf8_lossy(&told).into_owned();
    told.split_whitespace().filter(|word| word.starts_with('/')).map(PathBuf::from).collect()
}

/// An engine of the test's own, which it may stop. Needs root and Docker's programs.
#[derive(Debug)]
pub struct Daemon {
    folder: PathBuf,
    child: Option<std::process::Child>,
}

impl Daemon {
    /// Starts one; `None`, said aloud, where that cannot be.
    #[must_use]
    pub fn find() -> Option<Self> {
        let user = Command::new("id").arg("-u").output().map(|id| id.stdout).unwrap_or_default();
        let there = Command::new("dockerd").arg("--version").stdin(Stdio::null()).output().is_ok();
        if !there || user.trim_ascii() != b"0" {
            live::skip("dockerd", "an engine of one's own needs root and `dockerd` on PATH");
            return None;
        }
        // Socket paths are short: not below the sandbox.
        let folder = tempfile::Builder::new().prefix("reg-engine-").tempdir().map(tempfile::TempDir::keep);
        let folder = folder.unwrap_or_else(|fault| panic!("no temporary folder: {fault}"));
        let mut daemon = Self { folder, child: None };
        daemon.start();
        Some(daemon)
    }

    /// Its address.
    #[must_use]
    pub fn host(&self) -> String {
        format!("unix://{}/socket", self.folder.display())
    }

    /// Starts it, again after [`Self::stop`].
    ///
    /// # Panics
    /// When it does not come up.
    pub fn start(&mut self) {
        let path = |name: &str| self.folder.join(name).display().to_string();
        let log = std::fs::File::create(self.folder.join("log")).unwrap_or_else(|fault| panic!("no log: {fault}"));
        let mut command = Command::new("dockerd");
        command
            .args(["--host", &self.host(), "--data-root", &path("data"), "--exec-root", &path("run"), "--pidfile", &path("pid")])
            // It shares the machine's default bridge: `--bridge none` would take that away from an engine that runs beside it.
            .args(["--iptables=false", "--ip6tables=false", "--storage-driver", "vfs"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log);
        self.child = Some(command.spawn().unwrap_or_else(|fault| panic!("cannot start dockerd: {fault}")));
        for _ in 0..600 {
            let asked = Command::new("docker").arg("version").env("DOCKER_HOST", self.host()).stdin(Stdio::null()).output();
            if asked.is_ok_and(|answer| answer.status.success()) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        panic!("dockerd did not come up:\n{}", std::fs::read_to_string(self.folder.join("log")).unwrap_or_default());
    }

    /// Stops it, and its containers with it.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
            let _ = child.wait();
        }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.stop();
        // What it may have left mounted when it was killed.
        let mounts = std::fs::read_to_string("/proc/mounts").unwrap_or_default();
        let folder = self.folder.display().to_string();
        for mount in mounts.lines().filter_map(|line| line.split(' ').nth(1)).filter(|mount| mount.starts_with(&folder)) {
            let _ = Command::new("umount").args(["-l", mount]).status();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Says a password to `docker login`.
///
/// # Panics
/// When the login is refused.
#[track_caller]
pub fn login(docker: &Docker, host: &str, user: &str, password: &str) {
    let mut command = docker.command("docker");
    command.args(["login", "--username", user, "--password-stdin", host]);
    let _ = docker.finish(command, password).code(0);
}
