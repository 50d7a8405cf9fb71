//! Whether a port is free, and who has it.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::ops::Range;
use std::time::Duration;

/// Loopback answers at once.
const LIMIT: Duration = Duration::from_secs(1);

/// Below the ports that systems hand out by themselves (from 32768 on Linux, from 49152 elsewhere): a port of
/// those may become the near end of any connection at any time.
const CHOICE: Range<u16> = 20_000..32_000;

/// Who listens on a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// The process's number.
    pub id: u32,
    /// What it was started as.
    pub command: String,
}

/// Whether nothing listens on this port of 127.0.0.1.
///
/// It is asked by a connection and not by listening for a moment: a program that is started in that moment would hold the
/// port until it has begun, and whoever then wants to listen there is refused.
pub fn is_free(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let answer = TcpStream::connect_timeout(&address, LIMIT);
    answer.is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}

/// A port of loopback that nothing listens on, for a server that must be told its port. Another process may take
/// it first, but no connection will.
///
/// # Errors
/// When every port that was tried is taken.
pub fn unused() -> io::Result<u16> {
    std::iter::repeat_with(|| fastrand::u16(CHOICE))
        .take(CHOICE.len())
        .find(|port| is_free(*port))
        .ok_or_else(|| io::ErrorKind::AddrInUse.into())
}

/// Who listens on `port`; `None` where it cannot be known, because the process is another user's, for example.
pub fn holder(port: u16) -> Option<Holder> {
    platform::holder(port)
}

#[cfg(target_os = "linux")]
mod platform {
    use super::Holder;

    const LISTENING: &str = "0A";

    pub(super) fn holder(port: u16) -> Option<Holder> {
        let wanted = ["tcp", "tcp6"].into_iter().filter_map(|table| socket(table, port)).collect::<Vec<_>>();
        let processes = std::fs::read_dir("/proc").ok()?.flatten();
        processes
            .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
            .find(|id| has_open(*id, &wanted))
            .map(|id| Holder { id, command: command(id) })
    }

    /// The number of the socket that listens on `port`.
    fn socket(table: &str, port: u16) -> Option<String> {
        let text = std::fs::read_to_string(format!("/proc/net/{table}")).ok()?;
        let ending = format!(":{port:04X}");
        text.lines().skip(1).find_map(|line| {
            let fields: Vec<&str> = line.split_ascii_whitespace().collect();
            let listens = fields.get(1)?.ends_with(&ending) && *fields.get(3)? == LISTENING;
            listens.then(|| format!("socket:[{}]", fields.get(9).copied().unwrap_or_default()))
        })
    }

    fn has_open(id: u32, sockets: &[String]) -> bool {
        let Ok(files) = std::fs::read_dir(format!("/proc/{id}/fd")) else { return false };
        files
            .flatten()
            .filter_map(|file| std::fs::read_link(file.path()).ok())
            .any(|target| target.to_str().is_some_and(|target| sockets.iter().any(|socket| socket == target)))
    }

    fn command(id: u32) -> String {
        let bytes = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes).replace('\0', " ");
        let text = text.trim();
        if text.is_empty() { "unknown".to_owned() } else { text.chars().take(120).collect() }
    }
}

#[cfg(not(target_os = "linux"))]
mod platform {
    use super::Holder;

    pub(super) fn holder(port: u16) -> Option<Holder> {
        let output = std::process::Command::new("lsof")
            .args(["-nP", "-Fpc", &format!("-iTCP:{port}"), "-sTCP:LISTEN"])
            .output()
            .ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let field = |mark: char| text.lines().find_map(|line| line.strip_prefix(mark));
        Some(Holder { id: field('p')?.parse().ok()?, command: field('c')?.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_port_in_use_is_not_free_and_its_holder_is_known() {
        let port = unused().unwrap();
        let _listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        assert!(!is_free(port));
        assert_eq!(holder(port).unwrap().id, std::process::id());
    }

    #[test]
    fn an_unused_port_is_free_and_stays_so_while_programs_are_started() {
        // A program that is being started holds everything that is open, for a moment.
        std::thread::scope(|scope| {
            let starting = scope.spawn(|| {
                for _ in 0..300 {
                    std::process::Command::new("true").status().unwrap();
                }
            });
            while !starting.is_finished() {
                let port = unused().unwrap();
                assert!(is_free(port));
                TcpListener::bind(("127.0.0.1", port)).unwrap();
            }
        });
    }
}
