//! A wire that can be cut, slowed and made to swallow answers, between the store and a real server.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

#[derive(Default)]
struct Faults {
    /// So many answers are read from the server and thrown away, with the connection.
    swallow: AtomicU32,
    /// Answers are held back for so long.
    delay_millis: AtomicU64,
    /// Whether calls of scripts are held back from now on.
    holding: AtomicBool,
    /// Whether what was held back goes on its way, whoever waits for it still.
    released: AtomicBool,
    /// How many calls were held back, and how many of those went on.
    held: AtomicU32,
    delivered: AtomicU32,
}

pub(crate) struct Proxy {
    port: u16,
    faults: Arc<Faults>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    pub(crate) async fn to(server: &str) -> Self {
        let server = server.split_once("//").unwrap().1.trim_end_matches('/').to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let faults = Arc::new(Faults::default());
        let shared = Arc::clone(&faults);
        let accepting = tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                let (faults, server) = (Arc::clone(&shared), server.clone());
                tokio::spawn(async move {
                    if let Ok(server) = TcpStream::connect(server).await {
                        join(client, server, &faults).await;
                    }
                });
            }
        });
        Self { port, faults, accepting }
    }

    pub(crate) fn address(&self, scheme: &str) -> String {
        format!("{scheme}://127.0.0.1:{}", self.port)
    }

    pub(crate) fn swallow(&self, answers: u32) {
        self.faults.swallow.store(answers, Ordering::SeqCst);
    }

    pub(crate) fn delay(&self, delay: Duration) {
        self.faults.delay_millis.store(u64::try_from(delay.as_millis()).unwrap(), Ordering::SeqCst);
    }

    /// Holds back calls of scripts, or those that come from now on no longer.
    pub(crate) fn hold(&self, holding: bool) {
        self.faults.holding.store(holding, Ordering::SeqCst);
    }

    /// Lets what was held back arrive, though its sender has long gone, and waits until it did. Gives how much it was.
    pub(crate) async fn release(&self) -> u32 {
        self.faults.released.store(true, Ordering::SeqCst);
        let held = self.faults.held.load(Ordering::SeqCst);
        while self.faults.delivered.load(Ordering::SeqCst) < held {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        held
    }

    pub(crate) fn left_to_swallow(&self) -> u32 {
        self.faults.swallow.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn join(client: TcpStream, server: TcpStream, faults: &Faults) {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let up = async {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = from_client.read(&mut buffer).await?;
            if count == 0 {
                return Ok(());
            }
            let calls_script = buffer[..count].windows(7).any(|word| word == b"EVALSHA");
            let holds = calls_script && faults.holding.load(Ordering::SeqCst);
            if holds {
                faults.held.fetch_add(1, Ordering::SeqCst);
                while !faults.released.load(Ordering::SeqCst) {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            }
            to_server.write_all(&buffer[..count]).await?;
            if holds {
                faults.delivered.fetch_add(1, Ordering::SeqCst);
            }
        }
    };
    let down = async {
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = from_server.read(&mut buffer).await?;
            if count == 0 {
                return Ok(());
            }
            let swallowed = faults
                .swallow
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
                .is_ok();
            if swallowed {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(faults.delay_millis.load(Ordering::SeqCst))).await;
            to_client.write_all(&buffer[..count]).await?;
        }
    };
    let _: std::io::Result<()> = tokio::select! { ended = up => ended, ended = down => ended };
}
