//! Serves the page and the API until it is asked to end.

use anyhow::Context;
use miyabi_local::edge::{Origins, SocketOrigin, serve};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// What the edge stands in front of.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The port of 127.0.0.1 to listen on.
    #[arg(long)]
    port: u16,
    /// The emulator's endpoint.
    #[arg(long)]
    endpoint: String,
    /// The identifier of the REST API.
    #[arg(long)]
    api_id: String,
    /// The name of the REST API's stage.
    #[arg(long)]
    api_stage: String,
    /// The name of the page's bucket.
    #[arg(long)]
    bucket: String,
    /// The identifier of the socket, where there is one.
    #[arg(long, requires = "socket_stage")]
    socket_id: Option<String>,
    /// The name of the socket's stage.
    #[arg(long)]
    socket_stage: Option<String>,
}

/// Serves until SIGTERM or SIGINT.
pub(crate) async fn run(arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { port, endpoint, api_id, api_stage, bucket, socket_id, socket_stage } = arguments;
    let socket = socket_id.zip(socket_stage).map(|(id, stage)| SocketOrigin { id, stage });
    let listener = TcpListener::bind(("127.0.0.1", port))
        .await
        .with_context(|| format!("listen on 127.0.0.1:{port}"))?;
    let mut terminate = signal(SignalKind::terminate()).context("listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("listen for SIGINT")?;
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    serve(listener, &Origins { endpoint, api_id, api_stage, bucket, socket }, stop).await?;
    Ok(())
}
