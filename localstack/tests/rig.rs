//! The servers for tests: they start, answer, and are gone afterwards.

use std::time::{Duration, Instant};

use miyabi_local::{MiniStack, Redis};
use tokio::net::TcpStream;

async fn until_refused(port: u16) {
    let deadline = Instant::now() + Duration::from_secs(10);
    while TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
        assert!(Instant::now() < deadline, "port {port} is still served");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn redis_is_gone_after_a_drop() {
    let redis = Redis::start().await.unwrap();
    let port = redis.port();
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_ok());
    drop(redis);
    until_refused(port).await;
}

#[tokio::test]
async fn redis_can_be_killed_and_comes_back_at_its_address() {
    let mut redis = Redis::start().await.unwrap();
    redis.kill().await.unwrap();
    assert!(TcpStream::connect(("127.0.0.1", redis.port())).await.is_err());
    redis.restart().await.unwrap();
    assert!(TcpStream::connect(("127.0.0.1", redis.port())).await.is_ok());
}

#[tokio::test]
async fn the_emulator_answers_when_handed_out_and_is_gone_after_a_drop() {
    let redis = Redis::start().await.unwrap();
    let cloud = MiniStack::options().auth(true).redis(&redis).start().await.unwrap();
    let port = cloud.port();
    assert!(TcpStream::connect(("127.0.0.1", port)).await.is_ok());
    drop(cloud);
    until_refused(port).await;
}

#[tokio::test]
async fn a_stopped_emulator_has_written_its_state() {
    let folder = tempfile::tempdir().unwrap();
    let cloud = MiniStack::options().state(folder.path()).start().await.unwrap();
    cloud.stop().await.unwrap();
    assert!(folder.path().join("services").read_dir().unwrap().next().is_some());
}
