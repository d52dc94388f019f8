//! A TCP proxy that breaks one connection, once, after so many bytes.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// When it breaks: after so many bytes that all connections together carried in that direction.
#[derive(Clone, Copy)]
pub(crate) enum Cut {
    /// From the client.
    Sending(i64),
    /// To the client.
    Receiving(i64),
}

pub(crate) struct Proxy {
    pub(crate) url: String,
    left: Arc<AtomicI64>,
}

impl Proxy {
    pub(crate) async fn start(target: &str, cut: Cut) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let never = || Arc::new(AtomicI64::new(i64::MAX));
        let (sending, receiving) = match cut {
            Cut::Sending(bytes) => (Arc::new(AtomicI64::new(bytes)), never()),
            Cut::Receiving(bytes) => (never(), Arc::new(AtomicI64::new(bytes))),
        };
        let left = if matches!(cut, Cut::Sending(_)) { sending.clone() } else { receiving.clone() };
        let target = target.to_owned();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(&target).await else { return };
                let (sending, receiving) = (sending.clone(), receiving.clone());
                tokio::spawn(async move {
                    let (from_client, to_client) = client.into_split();
                    let (from_server, to_server) = server.into_split();
                    // When one direction ends, the other is dropped with it: that is the break.
                    tokio::select! {
                        () = carry(from_client, to_server, &sending) => {}
                        () = carry(from_server, to_client, &receiving) => {}
                    }
                });
            }
        });
        Self { url, left }
    }

    pub(crate) fn has_cut(&self) -> bool {
        self.left.load(Ordering::SeqCst) <= 0
    }
}

async fn carry(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, left: &AtomicI64) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        let before = left.fetch_sub(i64::try_from(length).unwrap(), Ordering::SeqCst);
        let crossed = before > 0 && before <= i64::try_from(length).unwrap();
        if to.write_all(&buffer[..length]).await.is_err() || crossed {
            return;
        }
    }
}
