//! Where sign-ins are kept: one file of the user's, by the API's address, which nobody else can read.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use miyabi_shared::Timestamp;
use miyabi_shared::config::Environment;
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};

use super::issuer::Ends;

const FILE: &str = "sign-ins.json";
const LOCK: &str = "sign-ins.lock";
/// How long another process may hold the file.
const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody who signed in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Session {
    /// The client that the tokens were given to.
    pub(crate) client_id: String,
    /// Where they are renewed.
    pub(crate) ends: Ends,
    pub(crate) access_token: String,
    pub(crate) expires_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) refresh_token: Option<String>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Session").field("ends", &self.ends).finish_non_exhaustive()
    }
}

/// Every sign-in of this user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Store {
    folder: PathBuf,
}

type Sessions = BTreeMap<String, Session>;

impl Store {
    /// `$XDG_CONFIG_HOME/miyabi`, else `~/.config/miyabi`; nothing where there is no home.
    pub(crate) fn of(environment: &dyn Environment) -> Option<Self> {
        let absolute =
            |name: &str| environment.get(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let folder =
            absolute("XDG_CONFIG_HOME").or_else(|| absolute("HOME").map(|home| home.join(".config")));
        folder.map(|folder| Self { folder: folder.join("miyabi") })
    }

    /// The file.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// The sign-in for the API at that address.
    pub(crate) fn get(&self, url: &str) -> anyhow::Result<Option<Session>> {
        Ok(read(&self.path())?.remove(url))
    }

    /// Keeps a sign-in, or takes it away.
    pub(crate) fn set(&self, url: &str, session: Option<Session>) -> anyhow::Result<()> {
        let _lock = self.lock()?;
        self.write(url, session)
    }

    fn write(&self, url: &str, session: Option<Session>) -> anyhow::Result<()> {
        let path = self.path();
        let mut sessions = read(&path)?;
        match session {
            Some(session) => drop(sessions.insert(url.to_owned(), session)),
            None => drop(sessions.remove(url)),
        }
        // In whole or not at all: who reads meanwhile finds what was or what is.
        let new = self.folder.join(format!("{FILE}.{}", std::process::id()));
        let written = (|| {
            let mut file =
                OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
            file.write_all(&serde_json::to_vec_pretty(&sessions)?)?;
            file.sync_all()?;
            fs::rename(&new, &path)
        })();
        if written.is_err() {
            let _ = fs::remove_file(&new);
        }
        written.with_context(|| format!("keeping the sign-in in {}", path.display()))
    }

    /// Has `work` change a sign-in while no other process does: two that renew at once would end each other's.
    pub(crate) async fn change<E: From<anyhow::Error>>(
        &self,
        url: &str,
        work: impl AsyncFnOnce(Option<Session>) -> Result<Session, E>,
    ) -> Result<Session, E> {
        let _lock = self.lock_patiently().await?;
        let before = self.get(url)?;
        let session = work(before.clone()).await?;
        if before.as_ref() != Some(&session) {
            self.write(url, Some(session.clone()))?;
        }
        Ok(session)
    }

    fn lock(&self) -> anyhow::Result<File> {
        let file = self.lock_file()?;
        flock(&file, FlockOperation::LockExclusive).context("waiting for another miyabi that signs in")?;
        Ok(file)
    }

    async fn lock_patiently(&self) -> anyhow::Result<File> {
        let file = self.lock_file()?;
        let until = Instant::now() + PATIENCE;
        loop {
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => return Ok(file),
                Err(rustix::io::Errno::WOULDBLOCK) if Instant::now() < until => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                Err(error) => return Err(error).context("waiting for another miyabi that signs in"),
            }
        }
    }

    fn lock_file(&self) -> anyhow::Result<File> {
        let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.folder);
        made.with_context(|| format!("making {}", self.folder.display()))?;
        let path = self.folder.join(LOCK);
        let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path);
        file.with_context(|| format!("opening {}", path.display()))
    }
}

fn read(path: &Path) -> anyhow::Result<Sessions> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes).with_context(|| {
            format!("{} cannot be read; `miyabi login` after removing it makes a new one", path.display())
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Sessions::new()),
        Err(error) => Err(error).with_context(|| format!("reading {}", path.display())),
    }
}
