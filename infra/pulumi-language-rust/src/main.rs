//! The language host as the Pulumi CLI starts it: it prints its port and serves until the engine is done.

use std::io::Write;
use std::process::ExitCode;

use pulumi_language_rust::{Host, HostError, wait_until_gone};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let mut cause: Option<&dyn std::error::Error> = Some(&error);
            while let Some(error) = cause {
                eprintln!("pulumi-language-rust: {error}");
                cause = error.source();
            }
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), HostError> {
    // Flags of the engine's own logging may come first; the address is always last.
    let engine = std::env::args().next_back().filter(|last| last.contains(':') && !last.starts_with('-'));
    let engine = engine.ok_or(HostError::NoEngineAddress)?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(HostError::Listen)?;
    let port = listener.local_addr().map_err(HostError::Listen)?.port();
    let mut stdout = std::io::stdout();
    writeln!(stdout, "{port}").and_then(|()| stdout.flush()).map_err(HostError::Listen)?;

    let host = Host::new(engine.clone());
    let ended = host.clone();
    let mut interrupt = signal(SignalKind::interrupt()).map_err(HostError::Listen)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(HostError::Listen)?;
    let end = async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            () = wait_until_gone(&engine) => {}
        }
        ended.cancel();
    };
    Server::builder()
        .add_service(host.service())
        .serve_with_incoming_shutdown(TcpIncoming::from(listener), end)
        .await
        .map_err(HostError::Serve)
}
