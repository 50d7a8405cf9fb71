//! A viewer on the socket, as a page is one: plain WebSocket and JSON, with none of the product's own client code.

use std::time::Duration;

use anyhow::{Context, bail, ensure};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

/// How long a message that should come at once may take on a busy machine.
const SOON: Duration = Duration::from_secs(30);

/// A connection to the socket.
#[derive(Debug)]
pub struct Viewer {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Viewer {
    /// Connects to the socket at an origin such as `http://127.0.0.1:8780`.
    ///
    /// # Errors
    /// When the socket refuses.
    pub async fn connect(origin: &str) -> anyhow::Result<Self> {
        let url = format!("{}/ws", origin.replacen("http", "ws", 1));
        let (socket, _) = tokio_tungstenite::connect_async(url).await.context("connecting to the socket")?;
        Ok(Self { socket })
    }

    /// Sends a message, whatever it is.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn send(&mut self, text: &str) -> anyhow::Result<()> {
        Ok(self.socket.send(Message::text(text)).await?)
    }

    /// Follows a channel, and waits until that is confirmed.
    ///
    /// # Errors
    /// When anything else is answered.
    pub async fn follow(&mut self, channel: &str) -> anyhow::Result<()> {
        self.send(&json!({ "action": "subscribe", "channel": channel }).to_string()).await?;
        let answer = self.next().await?;
        ensure!(answer == json!({ "type": "subscribed", "channel": channel }), "{answer}");
        Ok(())
    }

    /// The next message.
    ///
    /// # Errors
    /// When none comes, or the connection ends.
    pub async fn next(&mut self) -> anyhow::Result<Value> {
        loop {
            let message = tokio::time::timeout(SOON, self.socket.next()).await.context("no message came")?;
            match message.context("the connection ended")?? {
                Message::Text(text) => return Ok(serde_json::from_str(&text)?),
                Message::Ping(_) | Message::Pong(_) => {}
                other => bail!("{other:?}"),
            }
        }
    }

    /// The next state of a task that is told, with the steps that came with it.
    ///
    /// # Errors
    /// When none comes, or the connection ends.
    pub async fn next_of(&mut self, task_id: &str) -> anyhow::Result<(Option<Value>, Vec<Value>)> {
        loop {
            let message = self.next().await?;
            ensure!(message["type"] == "changes", "{message}");
            let list = |key: &str| message[key].as_array().cloned().unwrap_or_default().into_iter();
            let task = list("tasks").find(|task| task["task_id"] == task_id);
            let steps: Vec<Value> = list("steps").filter(|step| step["task_id"] == task_id).collect();
            if task.is_some() || !steps.is_empty() {
                return Ok((task, steps));
            }
        }
    }

    /// Says goodbye.
    ///
    /// # Errors
    /// When the connection is gone already.
    pub async fn leave(mut self) -> anyhow::Result<()> {
        Ok(self.socket.close(None).await?)
    }
}
