//! What is read into memory has a cap, and so has waiting for the end of it.

use reg_shared::exit::Exit;
use reg_shared::name::Tag;
use reg_tests::hostile::Hostile;

use super::{anonymous, fault, login};

/// What two sockets may take beyond what the client reads, in bytes: as much as the system lets their buffers grow.
fn buffers() -> usize {
    let largest = |name: &str| {
        let text = std::fs::read_to_string(format!("/proc/sys/net/ipv4/{name}")).unwrap();
        text.split_whitespace().next_back().unwrap().parse::<usize>().unwrap()
    };
    largest("tcp_wmem") + largest("tcp_rmem") + (2 << 20)
}

fn v1() -> reg_shared::name::Selector {
    "v1".parse::<Tag>().unwrap().into()
}

#[tokio::test]
async fn a_manifest_above_4_mib_is_not_read() {
    let hostile = Hostile::start();
    for name in ["manifest-endless", "manifest-large"] {
        let error = anonymous(&hostile).manifest(&fault(name), &v1()).await.unwrap_err();
        assert!(error.to_string().ends_with("sent more than the 4194304 bytes that are read of such an answer"), "{error}");
        assert_eq!(error.kind(), Exit::Failed);
    }
    for seen in hostile.seen() {
        assert!(seen.sent < (4 << 20) + buffers(), "{}: {}", seen.line(), seen.sent);
    }
}

#[tokio::test]
async fn an_errors_body_is_read_in_part() {
    let hostile = Hostile::start();
    let error = anonymous(&hostile).manifest(&fault("error-endless"), &v1()).await.unwrap_err();
    assert!(error.to_string().ends_with(": the registry answered 404"), "{error}");
    assert_eq!(error.kind(), Exit::NotFound);
    assert!(hostile.seen()[0].sent < (64 << 10) + buffers());
}

#[tokio::test]
async fn a_page_above_16_mib_is_not_read() {
    let hostile = Hostile::start();
    let error = anonymous(&hostile).tags(&fault("tags-endless")).await.unwrap_err();
    assert!(error.to_string().ends_with("sent more than the 16777216 bytes that are read of such an answer"), "{error}");
    assert!(hostile.seen()[0].sent < (16 << 20) + buffers());
}

#[tokio::test]
async fn a_token_above_1_mib_is_not_read() {
    let hostile = Hostile::start();
    let error = login(&hostile).tags(&fault("token-endless")).await.unwrap_err();
    assert!(error.to_string().contains("cannot get a token: "), "{error}");
    assert!(error.to_string().contains("sent more than the 1048576 bytes"), "{error}");
    assert!(hostile.seen_with("GET /token").iter().all(|seen| seen.sent < (1 << 20) + buffers()));
}
