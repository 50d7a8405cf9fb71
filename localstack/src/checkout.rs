//! The checkout that a local cloud belongs to, and where things are in it.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use miyabi_shared::config::{Environment, ProcessEnvironment};
use miyabi_shared::local;

use crate::console;

/// A checkout of the repository.
#[derive(Debug, Clone)]
pub(crate) struct Checkout {
    root: PathBuf,
    built: PathBuf,
}

/// Held while the local cloud is being changed; released when dropped, and when the process ends.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

const LOCK_LIMIT: Duration = Duration::from_secs(600);

impl Checkout {
    /// The checkout that the current folder is in.
    pub(crate) fn find() -> anyhow::Result<Self> {
        let start = std::env::current_dir().context("find the current folder")?;
        let root = start
            .ancestors()
            .find(|folder| folder.join("localstack").is_dir() && folder.join("Cargo.toml").is_file())
            .context("this is not inside a checkout of Miyabi")?;
        // The binaries that were built together with this one.
        let built = std::env::current_exe().context("find this program's file")?;
        let built = built.parent().context("find this program's folder")?.to_owned();
        Ok(Self { root: root.to_owned(), built })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of everything that the local cloud keeps.
    pub(crate) fn state(&self) -> PathBuf {
        self.root.join(local::FOLDER)
    }

    /// The file that says where everything is.
    pub(crate) fn env_file(&self) -> PathBuf {
        self.state().join(local::ENV_FILE)
    }

    /// A folder in [`Checkout::state`], made where it is missing.
    pub(crate) fn folder(&self, name: &str) -> anyhow::Result<PathBuf> {
        let folder = self.state().join(name);
        std::fs::create_dir_all(&folder).with_context(|| format!("make {}", folder.display()))?;
        Ok(folder)
    }

    /// Where a part's output goes.
    pub(crate) fn log(&self, name: &str) -> PathBuf {
        self.state().join("log").join(format!("{name}.log"))
    }

    /// A program that was built together with this one.
    pub(crate) fn binary(&self, name: &str) -> anyhow::Result<PathBuf> {
        let path = self.built.join(name);
        if !path.is_file() {
            bail!("{} is not built; `./just up` builds everything and then starts it", path.display());
        }
        Ok(path)
    }

    /// Waits until nobody else changes this local cloud.
    pub(crate) async fn lock(&self) -> anyhow::Result<Lock> {
        let path = self.folder("")?.join("lock");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| format!("open {}", path.display()))?;
        let deadline = Instant::now() + LOCK_LIMIT;
        let mut told = false;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Lock { _file: file }),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => {
                    return Err(error).with_context(|| format!("lock {}", path.display()));
                }
            }
            if !told {
                console::note("another up, down or reset runs in this checkout; waiting for it");
                told = true;
            }
            if Instant::now() > deadline {
                bail!("another up, down or reset still runs in this checkout after {LOCK_LIMIT:?}");
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// A variable of this process.
pub(crate) fn variable(name: &str) -> Option<String> {
    ProcessEnvironment.get(name).filter(|value| !value.is_empty())
}
