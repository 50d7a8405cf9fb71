//! The way through a browser: it is sent to the issuer, and comes back to a listener on this machine with a code. Where the
//! browser is on another machine, the address at which it ended is pasted.

use std::io::IsTerminal as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use miyabi_shared::sign_in::{COMMAND_PORTS, command_address};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

/// How long a person may take.
const PATIENCE: Duration = Duration::from_secs(10 * 60);
/// How long one request of a browser may take.
const REQUEST: Duration = Duration::from_secs(5);
/// Longest request that is read.
const BYTES: usize = 16 * 1024;

const FOREIGN: &str = "an answer came that belongs to another sign-in; nothing was done with it";

/// Where the browser comes back to.
#[derive(Debug)]
pub(crate) struct Listener {
    listener: TcpListener,
    pub(crate) address: String,
}

impl Listener {
    /// Listens on the first registered port that is free.
    pub(crate) async fn open() -> anyhow::Result<Self> {
        let mut trouble = None;
        for port in COMMAND_PORTS {
            match TcpListener::bind(("127.0.0.1", port)).await {
                Ok(listener) => return Ok(Self { listener, address: command_address(port) }),
                Err(error) => trouble = Some(error),
            }
        }
        let ports = COMMAND_PORTS.map(|port| port.to_string()).join(", ");
        let message =
            format!("none of the ports {ports} is free, and the issuer knows no others of this machine");
        Err(match trouble {
            Some(error) => anyhow::Error::new(error).context(message),
            None => anyhow::anyhow!(message),
        })
    }

    /// The code that comes back with `state`, by the browser or pasted.
    pub(crate) async fn code(&self, state: &str) -> anyhow::Result<String> {
        let mut pasted = pasted();
        let wait = async {
            loop {
                tokio::select! {
                    accepted = self.listener.accept() => {
                        let Ok((stream, _)) = accepted else { continue };
                        match tokio::time::timeout(REQUEST, answer(stream, state)).await {
                            Ok(Found::Answer(result)) => return result,
                            Ok(Found::Foreign) => eprintln!("miyabi: {FOREIGN}"),
                            Ok(Found::Nothing) | Err(_) => {}
                        }
                    }
                    Some(line) = pasted.recv() => match of_address(&line, state) {
                        Found::Answer(result) => return result,
                        Found::Foreign => eprintln!("miyabi: {FOREIGN}"),
                        Found::Nothing => {
                            eprintln!("miyabi: that is not it: expected the address at which the browser ended");
                        }
                    },
                }
            }
        };
        tokio::time::timeout(PATIENCE, wait).await.context("nobody signed in within ten minutes")?
    }
}

/// Lines that a person pastes. Its thread ends with the process: it waits in the middle of a read.
fn pasted() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if !line.trim().is_empty() && sender.blocking_send(line).is_err() {
                return;
            }
        }
        // A closed input is no answer: the browser may still come.
        std::thread::park();
    });
    receiver
}

/// What an address holds.
enum Found {
    Nothing,
    /// What belongs to another sign-in: it ends nothing, or any page in the browser could end this one.
    Foreign,
    Answer(anyhow::Result<String>),
}

/// Answers one request; gives what it brought.
async fn answer(mut stream: TcpStream, state: &str) -> Found {
    let Some(head) = head(&mut stream).await else { return Found::Nothing };
    let mut words = head.lines().next().unwrap_or_default().split(' ');
    let found = match (words.next(), words.next()) {
        (Some("GET"), Some(target)) => of_address(target, state),
        _ => Found::Nothing,
    };
    let (status, text) = match &found {
        Found::Answer(Ok(_)) => {
            ("200 OK", "You are signed in. You can close this page and go back to the terminal.")
        }
        Found::Answer(Err(_)) => ("400 Bad Request", "You are not signed in. The terminal says why."),
        Found::Foreign => ("400 Bad Request", "This belongs to another sign-in. Nothing was done with it."),
        Found::Nothing => ("404 Not Found", "There is nothing here."),
    };
    let body = format!("<!doctype html><meta charset=utf-8><title>Miyabi</title><p>{text}");
    let response = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\ncache-control: no-store\r\n\
         content-security-policy: default-src 'none'\r\nreferrer-policy: no-referrer\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let _ = stream.write_all(response.as_bytes()).await;
    let _ = stream.shutdown().await;
    found
}

/// The first part of a request, up to its empty line.
async fn head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let mut part = [0; 1024];
        let count = stream.read(&mut part).await.ok()?;
        if count == 0 || head.len() + count > BYTES {
            return None;
        }
        head.extend_from_slice(part.get(..count)?);
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

/// The code in an address.
fn of_address(address: &str, state: &str) -> Found {
    let base = reqwest::Url::parse("http://localhost/").and_then(|base| base.join(address.trim()));
    let Ok(url) = base else { return Found::Nothing };
    let value =
        |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let (code, error) = (value("code"), value("error"));
    if url.path() != "/" || (code.is_none() && error.is_none()) {
        return Found::Nothing;
    }
    if value("state").as_deref() != Some(state) {
        return Found::Foreign;
    }
    Found::Answer(match (error, code) {
        (Some(error), _) => {
            let description =
                value("error_description").map_or_else(String::new, |text| format!(" ({text})"));
            Err(anyhow::anyhow!("the issuer refused: {error}{description}"))
        }
        (None, code) => code.context("the issuer gave no code"),
    })
}

/// Opens a browser, where there is a screen.
pub(crate) fn open(address: &str) -> bool {
    if !std::io::stderr().is_terminal() {
        return false;
    }
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let started = Command::new(program)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    match started {
        Ok(mut child) => {
            std::thread::spawn(move || child.wait());
            true
        }
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_counts_only_with_its_state() {
        let of = |address: &str| match of_address(address, "s") {
            Found::Nothing => "nothing".to_owned(),
            Found::Foreign => "foreign".to_owned(),
            Found::Answer(Ok(code)) => format!("code {code}"),
            Found::Answer(Err(error)) => error.to_string(),
        };
        assert_eq!(of("/?code=a%2Fb&state=s"), "code a/b");
        assert_eq!(of("http://localhost:8791/?state=s&code=c\n"), "code c");
        for other in ["/favicon.ico", "/", "/x?code=c&state=s", "hello"] {
            assert_eq!(of(other), "nothing", "{other}");
        }
        for foreign in ["/?code=c&state=t", "/?code=c", "/?error=x&state=t"] {
            assert_eq!(of(foreign), "foreign", "{foreign}");
        }
        let refused = of("/?error=access_denied&error_description=no+way&state=s");
        assert_eq!(refused, "the issuer refused: access_denied (no way)");
    }
}
