//! Registries in containers: their life, what is refused, what somebody else does to them, and that nothing is left.
//!
//! On the machine's own engine, with images made of the real programs; one test has an engine of its own, which it stops.

mod behind;
mod beside;
mod compose;
mod daemon;
mod killed;
mod life;
mod limits;
mod log;
mod moved;
mod pages;
mod pull;
mod refused;
mod upkeep;

use std::path::PathBuf;

use reg_tests::docker::Docker;
use reg_tests::live;
use serde_json::Value;

/// A registry whose image can be made here.
struct Contained {
    docker: Docker,
    kind: &'static str,
    image: String,
    /// The instance.
    name: String,
}

impl Contained {
    fn find(kind: &'static str, tag: &str, program: live::Program) -> Option<Self> {
        let program = program.find()?;
        let docker = Docker::find(env!("CARGO_BIN_EXE_reg-multicall"))?;
        Some(Self::of(docker, kind, tag, program))
    }

    fn of(mut docker: Docker, kind: &'static str, tag: &str, program: PathBuf) -> Self {
        let image = docker.image(tag, &program);
        let name = docker.name("x");
        Self { docker, kind, image, name }
    }

    /// Distribution 2.8.
    fn distribution() -> Option<Self> {
        Self::find("distribution", "registry:2.8.2", live::DISTRIBUTION)
    }

    /// The image of a Redis.
    fn redis(&mut self) -> Option<String> {
        let server = live::REDIS.find()?;
        let client = server.with_file_name("redis-cli");
        let files = [server, client].map(|file| {
            let inside = format!("usr/bin/{}", file.file_name().unwrap().display());
            (file, inside)
        });
        // What runs is named by reg-up: the real image's own program is a script that wants privileges.
        Some(self.docker.image_of("redis:7", &files, "[\"/nothing\"]"))
    }

    /// The container's name.
    fn container(&self) -> String {
        format!("reg-{}", self.name)
    }

    /// The words of a start on any free port.
    fn words<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        let mut words = vec!["start", &*self.name, "--type", self.kind, "--backend", "docker"];
        for default in [["--image", &*self.image], ["--port", "0"]] {
            if !more.contains(&default[0]) {
                words.extend(default);
            }
        }
        words.extend(more);
        words
    }

    /// Starts it; its document.
    fn start(&self, more: &[&str]) -> Value {
        self.docker.run("reg-up", self.words(more)).code(0).json()
    }

    /// Runs `reg-up` about it.
    fn reg_up(&self, what: &str, more: &[&str]) -> reg_tests::sandbox::Ran {
        self.docker.run("reg-up", [what, &*self.name].into_iter().chain(more.iter().copied()))
    }

    /// Its state and the reason.
    fn status(&self) -> (String, String) {
        let status = self.reg_up("status", &[]).code(0).json();
        let text = |field: &str| status[field].as_str().unwrap_or_default().to_owned();
        (text("state"), text("reason"))
    }
}
