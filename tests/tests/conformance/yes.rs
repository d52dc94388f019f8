//! A server that says yes to everything: the checks have to see through it.

use std::collections::BTreeSet;

use anyhow::Result;
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use reg_tests::conformance::{Options, Outcome, Version, run};
use tokio::net::TcpListener;

/// What 200 and nothing is the right answer to.
const YES: [&str; 3] = [
    "OCI Conformance Test/ping",
    "OCI Conformance Test/sha256 blobs/empty/blob-get",
    "OCI Conformance Test/sha512 blobs/empty/blob-get",
];

#[tokio::test]
async fn a_server_that_says_yes_to_everything_conforms_to_next_to_nothing() -> Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let server = tokio::spawn(serve(listener));
    let report = run(&url, &Options::new(Version::V1_1)).await?;
    server.abort();
    let passed = report.checks.iter().filter(|check| check.outcome == Outcome::Pass).map(|check| check.name.as_str());
    assert_eq!(passed.collect::<BTreeSet<_>>(), BTreeSet::from(YES));
    Ok(())
}

async fn serve(listener: TcpListener) -> Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(yes)));
    }
}

async fn yes(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, hyper::Error> {
    request.into_body().collect().await?;
    Ok(Response::new(Full::default()))
}
