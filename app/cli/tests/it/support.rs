//! What the tests share: the command in a world of its own, and the servers that it talks to.

mod server;

use std::ffi::OsStr;
use std::fmt::Debug;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

pub(crate) use server::{Seen, Server};

/// How long anything may take before a test fails with the last state that it saw.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// A folder, an environment and maybe a server: nothing of the machine's own configuration is seen.
pub(crate) struct World {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) server: Option<Server>,
    address: String,
}

impl World {
    /// A world in which nothing is configured.
    pub(crate) fn bare() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), server: None, address: String::new() }
    }

    /// A world with an API and CloudWatch Logs that work.
    pub(crate) fn online() -> Self {
        let server = Server::start(None);
        Self { folder: tempfile::tempdir().unwrap(), address: server.address.clone(), server: Some(server) }
    }

    /// A world whose API and CloudWatch Logs are not there yet.
    pub(crate) fn offline() -> Self {
        // A port that was free a moment ago and that nobody listens at.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        Self { folder: tempfile::tempdir().unwrap(), server: None, address }
    }

    /// The network comes back.
    pub(crate) fn go_online(&mut self) {
        self.server = Some(Server::start(Some(&self.address)));
    }

    pub(crate) fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.server.as_ref().unwrap().seen()
    }

    pub(crate) fn spools(&self) -> Vec<PathBuf> {
        let root = self.folder.path().join("state/miyabi/spool");
        let Ok(entries) = std::fs::read_dir(root) else { return Vec::new() };
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    /// `miyabi` with `arguments`, in this world.
    pub(crate) fn miyabi<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_miyabi"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        self.environment(&mut command);
        command
    }

    /// `miyabi run -q -- sh -c script`.
    pub(crate) fn run_script(&self, script: &str) -> Command {
        self.miyabi(["run", "-q", "--", "sh", "-c", script])
    }

    pub(crate) fn environment(&self, command: &mut Command) {
        command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").env("HOME", self.folder.path());
        command.env("XDG_STATE_HOME", self.folder.path().join("state"));
        if !self.address.is_empty() {
            let url = format!("http://{}", self.address);
            command.env("MIYABI_API_URL", &url).env("AWS_ENDPOINT_URL", &url).env("AWS_REGION", "us-east-1");
            command.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
        }
    }
}

/// Runs it to its end.
pub(crate) fn output(command: &mut Command) -> Output {
    command.output().unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Waits until `look` gives something, and fails with what it said last.
pub(crate) fn wait_until<T, S: Debug>(what: &str, mut look: impl FnMut() -> Result<T, S>) -> T {
    let until = Instant::now() + LIMIT;
    loop {
        match look() {
            Ok(value) => return value,
            Err(state) => {
                assert!(Instant::now() < until, "{what}: not within {LIMIT:?}, last seen: {state:?}");
            }
        }
        std::thread::yield_now();
        std::thread::park_timeout(Duration::from_millis(5));
    }
}
