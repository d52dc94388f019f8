//! A server in a process of its own, for tests that kill, starve or weigh it.
//!
//! It is this test program, run again with `REG_TEST_SERVER`; or the program that `REG_TEST_PROGRAM` names, run as
//! `PROGRAM serve --bind 127.0.0.1 --port 0 --data FOLDER`. Either says `http://ADDRESS` on standard error.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use http::Method;
use reg_shared::embedded::{Data, Options, Server};

const FOLDER: &str = "REG_TEST_SERVER";

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the server of the other tests here, which run it themselves"]
async fn serve() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let server = Server::bind(Options::new(([127, 0, 0, 1], 0).into(), Data::Directory(folder.into()))).await.unwrap();
    eprintln!("serving http://{}", server.address());
    server.run(std::future::pending()).await.unwrap();
}

/// A server in a process of its own.
pub(crate) struct Process {
    pub(crate) child: Child,
    pub(crate) url: String,
    pub(crate) client: reqwest::Client,
}

impl Process {
    /// `shell` is run by sh before the server, in the same process.
    pub(crate) fn start(folder: &Path, shell: &str) -> Self {
        let program = std::env::var_os("REG_TEST_PROGRAM");
        let this = std::env::current_exe().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{shell} exec \"$@\""), "sh"]).env(FOLDER, folder);
        match &program {
            Some(program) => command.arg(program).args(["serve", "--bind", "127.0.0.1", "--port", "0", "--data"]).arg(folder),
            None => command.arg(this).args(["process::serve", "--exact", "--ignored", "--nocapture"]),
        };
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let url = lines.by_ref().map(Result::unwrap).find_map(|line| {
            let address = &line[line.find("http://")?..];
            Some(address.split(|c: char| c == ';' || c.is_whitespace()).next()?.to_owned())
        });
        // Nobody reads on, and nobody must wait for that.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, url: url.expect("the server did not start"), client: crate::harness::client() }
    }

    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// The status and body of an answer; nothing when the server was killed meanwhile.
    pub(crate) async fn send(&self, method: Method, path: &str, media_type: &str, body: Vec<u8>) -> Option<(u16, Vec<u8>)> {
        let request = self.client.request(method, format!("{}{path}", self.url)).header("content-type", media_type).body(body);
        let response = request.send().await.ok()?;
        let status = response.status().as_u16();
        Some((status, response.bytes().await.ok()?.to_vec()))
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Vec<u8>) {
        self.send(Method::GET, path, "", Vec::new()).await.expect("no answer")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be dead already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
