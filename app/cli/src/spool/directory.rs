//! The folders of spools: made, found, locked and removed.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use miyabi_shared::config::Environment;
use rustix::fs::{FlockOperation, flock};

use super::meta::Meta;

const META: &str = "meta.json";
const LOCK: &str = "lock";

/// Held by whoever works on a spool; the system releases it when that process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// Where spools are kept: `$XDG_STATE_HOME/miyabi/spool`, else `~/.local/state/miyabi/spool`.
pub(crate) fn root(environment: &dyn Environment) -> Option<PathBuf> {
    let absolute = |name: &str| environment.get(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let state = absolute("XDG_STATE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/state")));
    state.map(|state| state.join("miyabi").join("spool"))
}

/// Makes the folder of a new run.
pub(crate) fn create(root: &Path, meta: &Meta) -> io::Result<(PathBuf, Lock)> {
    use std::os::unix::fs::DirBuilderExt;
    // Output may hold secrets: nobody else reads it.
    fs::DirBuilder::new().recursive(true).mode(0o700).create(root)?;
    let name = format!("{}.{}", meta.task_id(), meta.attempt);
    let mut path = root.join(&name);
    // The same task and attempt twice: a mistake of the caller, but no reason to mix two runs in one folder.
    for again in 2.. {
        match fs::DirBuilder::new().mode(0o700).create(&path) {
            Ok(()) => break,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && again < 1000 => {
                path = root.join(format!("{name}.{again}"));
            }
            Err(error) => return Err(error),
        }
    }
    let lock = lock(&path)?.ok_or_else(|| io::Error::other("its lock is held"))?;
    fs::write(path.join(META), serde_json::to_vec(meta)?)?;
    Ok((path, lock))
}

/// Takes the folder's lock; `None` where another process has it.
pub(crate) fn lock(path: &Path) -> io::Result<Option<Lock>> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(path.join(LOCK))?;
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(Lock { _file: file })),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Reads whose the folder is.
pub(crate) fn read_meta(path: &Path) -> io::Result<Meta> {
    Ok(serde_json::from_slice(&fs::read(path.join(META))?)?)
}

/// The folders under `root`, oldest first.
pub(crate) fn pending(root: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(root) else { return Vec::new() };
    let mut folders: Vec<_> = entries
        .flatten()
        .filter_map(|entry| {
            let path = entry.path();
            let made = fs::metadata(path.join(META)).and_then(|meta| meta.modified()).ok()?;
            Some((made, path))
        })
        .collect();
    folders.sort();
    folders.into_iter().map(|(_, path)| path).collect()
}

/// How many bytes the folder holds.
pub(crate) fn size(path: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(path) else { return 0 };
    entries.flatten().filter_map(|entry| entry.metadata().ok()).map(|about| about.len()).sum()
}

/// Removes the folder and everything in it.
pub(crate) fn remove(path: &Path) {
    // Without its meta.json a folder is nobody's spool, so a removal that is cut short leaves nothing to deliver again.
    let _ = fs::remove_file(path.join(META));
    let _ = fs::remove_dir_all(path);
}
