//! Faults of any request: statuses, broken connections, rate limits, headers without end.

use std::time::{Duration, SystemTime};

use super::registry::{Handled, Route};
use super::wire::{Answered, Call, Connection, Reply};

pub(super) async fn answer(connection: &mut Connection, call: &Call, route: &Route) -> Handled {
    let fault = route.fault.as_str();
    if let Some(number) = fault.strip_prefix("status-") {
        let (number, once) = number.strip_suffix("-once").map_or((number, false), |number| (number, true));
        let status = number.parse().unwrap_or(500);
        if once && !connection.state.first(fault) {
            return Handled::No;
        }
        connection.body(call).await;
        let reply = Reply::error(status, "UNKNOWN", "not now");
        return Handled::Yes(connection.reply(call, reply).await);
    }
    if let Some(form) = fault.strip_prefix("429-") {
        if !connection.state.first(fault) {
            return Handled::No;
        }
        let wait = match form {
            "seconds" => "1".to_owned(),
            "date" => httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(2)),
            "huge" => "1000000000".to_owned(),
            _ => "in a while".to_owned(),
        };
        let reply = Reply::error(429, "TOOMANYREQUESTS", "slow down").header("Retry-After", wait);
        return Handled::Yes(connection.reply(call, reply).await);
    }
    match fault {
        "eof-once" if connection.state.first(fault) => Handled::Yes(None),
        "reset-once" if connection.state.first(fault) => Handled::Yes(connection.reset()),
        "headers-slow" => Handled::Yes(slow_headers(connection, call).await),
        "headers-endless" => Handled::Yes(endless(connection, call, "X-Long: ", b"aaaaaaaaaaaaaaaa").await),
        "headers-many" => Handled::Yes(endless(connection, call, "", b"X-A: b\r\n").await),
        "informational" => Handled::Yes(informational(connection, call).await),
        _ => Handled::No,
    }
}

async fn slow_headers(connection: &mut Connection, call: &Call) -> Answered {
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: ".iter().chain(std::iter::repeat(&b'a')) {
        connection.send(call, 200, &[*byte]).await?;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    None
}

/// 100,000 times the same piece of header, then nothing.
async fn endless(connection: &mut Connection, call: &Call, begin: &str, piece: &[u8]) -> Answered {
    connection.send(call, 200, format!("HTTP/1.1 200 OK\r\n{begin}").as_bytes()).await?;
    for _ in 0..100 {
        connection.send(call, 200, &piece.repeat(1000)).await?;
    }
    connection.stand_still().await
}

async fn informational(connection: &mut Connection, call: &Call) -> Answered {
    loop {
        connection.send(call, 100, &b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".repeat(100)).await?;
        // Or a client in the same process would hear of nothing else.
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
