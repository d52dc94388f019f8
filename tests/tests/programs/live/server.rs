//! A server that a registry talks to: Redis, a bucket. It is gone with the test.

use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::process::until;

/// One that listens on a port of its own.
pub(crate) struct Server {
    child: Child,
    pub(crate) port: u16,
}

impl Server {
    /// Starts a program in a folder and waits until somebody listens.
    pub(crate) fn start(program: &Path, folder: &Path, port: u16, args: &[&str]) -> Self {
        let child =
            Command::new(program).args(args).current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        until("the server listens", || TcpStream::connect(("127.0.0.1", port)).is_ok());
        Self { child, port }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
