//! Just enough HTTP/1.1 to be able to break it anywhere.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Place, Seen, State, lock};

/// Bodies up to this size are kept in the log, in bytes.
const LOGGED: usize = 64 << 10;

/// A request whose body has not been read yet.
pub(super) struct Call {
    pub(super) method: String,
    /// As sent, with the query.
    pub(super) target: String,
    pub(super) path: String,
    pub(super) query: String,
    headers: Vec<(String, String)>,
    /// Its place in the log.
    index: usize,
}

impl Call {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn length(&self) -> usize {
        self.header("content-length").and_then(|text| text.parse().ok()).unwrap_or_default()
    }

    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let pair = self.query.split('&').find_map(|pair| pair.split_once('=').filter(|(own, _)| *own == name))?;
        Some(pair.1.replace("%3A", ":").replace("%2F", "/").replace("%2C", ","))
    }

    /// The first byte asked for by `Range: bytes=N-`.
    pub(super) fn range(&self) -> Option<usize> {
        self.header("range")?.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
    }
}

/// An answer's head and body. `Content-Length` is added.
#[derive(Default)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Reply {
    pub(super) fn new(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// With the spec's error body.
    pub(super) fn error(status: u16, code: &str, message: &str) -> Self {
        let body = serde_json::json!({ "errors": [{ "code": code, "message": message }] });
        Self::new(status).header("Content-Type", "application/json").body(body.to_string())
    }

    pub(super) fn header(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    pub(super) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    fn head(&self, length: Option<usize>) -> String {
        let mut head = format!("HTTP/1.1 {} Whatever\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if let Some(length) = length {
            head.push_str(&format!("Content-Length: {length}\r\n"));
        }
        head + "\r\n"
    }
}

/// `Some` when the connection goes on.
pub(super) type Answered = Option<()>;

pub(super) struct Connection {
    stream: TcpStream,
    /// Read but not used yet.
    rest: Vec<u8>,
    place: Place,
    pub(super) state: Arc<State>,
}

impl Connection {
    pub(super) fn new(stream: TcpStream, place: Place, state: Arc<State>) -> Self {
        let _ = stream.set_nodelay(true);
        Self { stream, rest: Vec::new(), place, state }
    }

    pub(super) fn place(&self) -> Place {
        self.place
    }

    /// The next request's head; `None` at the connection's end.
    pub(super) async fn next_call(&mut self) -> Option<Call> {
        let end = loop {
            if let Some(end) = self.rest.windows(4).position(|window| window == b"\r\n\r\n") {
                break end;
            }
            self.fill().await?;
            if self.rest.starts_with(&[0x16]) {
                // A TLS handshake. This is what Go's server answers.
                let _ =
                    self.stream.write_all(b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent a TLS request to an HTTP server.\n").await;
                return None;
            }
        };
        let head = String::from_utf8_lossy(&self.rest[..end]).into_owned();
        self.rest.drain(..end + 4);
        let mut lines = head.split("\r\n");
        let mut words = lines.next()?.split(' ');
        let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
        let header = |line: &str| line.split_once(':').map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()));
        let headers: Vec<_> = lines.filter_map(header).collect();
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let (path, query) = (path.to_owned(), query.to_owned());
        let authorization = headers.iter().find(|(name, _)| name == "authorization").map(|(_, value)| value.clone());
        let mut seen = lock(&self.state.seen);
        let index = seen.len();
        seen.push(Seen {
            place: self.place,
            method: method.clone(),
            target: target.clone(),
            authorization,
            headers: headers.clone(),
            received: 0,
            body: Vec::new(),
            status: 0,
            sent: 0,
        });
        drop(seen);
        Some(Call { method, target, path, query, headers, index })
    }

    async fn fill(&mut self) -> Answered {
        let mut buffer = vec![0; 64 << 10];
        let length = self.stream.read(&mut buffer).await.ok().filter(|length| *length > 0)?;
        self.rest.extend_from_slice(&buffer[..length]);
        Some(())
    }

    /// Reads up to `length` bytes of the body.
    pub(super) async fn read(&mut self, call: &Call, length: usize) -> Option<Vec<u8>> {
        while self.rest.len() < length {
            self.fill().await?;
        }
        let bytes: Vec<u8> = self.rest.drain(..length).collect();
        self.note(call, |seen| {
            seen.received += bytes.len();
            if seen.received <= LOGGED {
                seen.body.extend_from_slice(&bytes);
            }
        });
        Some(bytes)
    }

    /// Reads all of the body.
    pub(super) async fn body(&mut self, call: &Call) -> Option<Vec<u8>> {
        self.read(call, call.length()).await
    }

    /// Answers as one should.
    pub(super) async fn reply(&mut self, call: &Call, reply: Reply) -> Answered {
        let body = if call.method == "HEAD" { &[][..] } else { &reply.body };
        let length = (reply.status != 204).then_some(reply.body.len());
        self.send(call, reply.status, reply.head(length).as_bytes()).await?;
        self.send(call, reply.status, body).await
    }

    /// Answers with the head of `reply` and only the first `length` bytes of its body, then closes the connection.
    pub(super) async fn reply_cut(&mut self, call: &Call, reply: Reply, length: usize) -> Answered {
        self.send(call, reply.status, reply.head(Some(reply.body.len())).as_bytes()).await?;
        self.send(call, reply.status, &reply.body[..length.min(reply.body.len())]).await?;
        let _ = self.stream.shutdown().await;
        None
    }

    /// Answers in chunked encoding.
    pub(super) async fn reply_chunked(&mut self, call: &Call, reply: Reply) -> Answered {
        let status = reply.status;
        let reply = reply.header("Transfer-Encoding", "chunked");
        self.send(call, status, reply.head(None).as_bytes()).await?;
        self.send(call, status, format!("{:x}\r\n", reply.body.len()).as_bytes()).await?;
        self.send(call, status, &reply.body).await?;
        self.send(call, status, b"\r\n0\r\n\r\n").await
    }

    /// Answers with a body that never ends: `piece` again and again.
    pub(super) async fn reply_endless(&mut self, call: &Call, reply: Reply, piece: &[u8]) -> Answered {
        let status = reply.status;
        self.send(call, status, reply.header("Connection", "close").head(None).as_bytes()).await?;
        let block = piece.repeat((64 << 10) / piece.len() + 1);
        loop {
            self.send(call, status, &block).await?;
        }
    }

    /// Sends bytes as they are.
    pub(super) async fn send(&mut self, call: &Call, status: u16, bytes: &[u8]) -> Answered {
        // The client may look at the log before we are back.
        self.note(call, |seen| seen.status = status);
        self.stream.write_all(bytes).await.ok()?;
        self.note(call, |seen| seen.sent += bytes.len());
        Some(())
    }

    /// Waits until the client has gone.
    pub(super) async fn stand_still(&mut self) -> Answered {
        while self.fill().await.is_some() {}
        None
    }

    /// Ends the connection with a reset instead of a farewell.
    pub(super) fn reset(&mut self) -> Answered {
        let _ = self.stream.set_zero_linger();
        None
    }

    fn note(&self, call: &Call, change: impl FnOnce(&mut Seen)) {
        if let Some(seen) = lock(&self.state.seen).get_mut(call.index) {
            change(seen);
        }
    }
}
