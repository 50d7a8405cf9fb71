//! Keeps what cargo has built fresh, although the suite writes the same files anew for every run.
//!
//! Cargo goes by the time of a file's last change. The driver puts itself before cargo in the path of the host; as
//! `cargo rustc` it first gives every file that has the content of the last time the time of then.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

/// What is never a source.
const LEFT_OUT: [&str; 2] = ["target", ".git"];

/// Gives the files in `folders` the times that they had when they last had this content, and remembers the times of
/// the others in `memory`.
///
/// # Errors
/// A file cannot be read or written.
pub fn restore(folders: &[PathBuf], memory: &Path) -> Result<()> {
    fs::create_dir_all(memory)?;
    for folder in folders {
        visit(folder, &mut |file| restore_file(file, memory))
            .with_context(|| folder.display().to_string())?;
    }
    Ok(())
}

fn visit(folder: &Path, each: &mut impl FnMut(&Path) -> Result<()>) -> Result<()> {
    // What others are just writing may come and go.
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_else(|| OsStr::new(""));
        if LEFT_OUT.iter().any(|left_out| name == *left_out) {
            continue;
        }
        if path.is_dir() { visit(&path, each)? } else { each(&path)? }
    }
    Ok(())
}

fn restore_file(file: &Path, memory: &Path) -> Result<()> {
    let Ok(now) = file.metadata().and_then(|metadata| metadata.modified()) else { return Ok(()) };
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let note = memory.join(hexadecimal(&Sha256::digest(file.as_os_str().as_encoded_bytes())));
    let noted = fs::read_to_string(&note).unwrap_or_default();
    let (digest_then, then) = noted.split_once(' ').unwrap_or_default();
    let then = then.parse().ok().map(Duration::from_nanos);
    if then == Some(now) {
        return Ok(());
    }
    let Ok(content) = fs::read(file) else { return Ok(()) };
    let digest = hexadecimal(&Sha256::digest(&content));
    match then {
        Some(then) if digest_then == digest => {
            let time: SystemTime = UNIX_EPOCH + then;
            File::options().write(true).open(file)?.set_modified(time)?;
        }
        _ => {
            let draft = note.with_extension(std::process::id().to_string());
            fs::write(&draft, format!("{digest} {}", now.as_nanos()))?;
            fs::rename(&draft, &note)?;
        }
    }
    Ok(())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(file: &Path) -> SystemTime {
        file.metadata().unwrap().modified().unwrap()
    }

    #[test]
    fn what_is_written_anew_with_the_same_content_is_as_old_as_before() {
        let folder = tempfile::tempdir().unwrap();
        let (sources, memory) = (folder.path().join("sources"), folder.path().join("memory"));
        let file = sources.join("src/main.rs");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "one").unwrap();
        let first = UNIX_EPOCH + Duration::from_secs(1_000_000);
        File::options().write(true).open(&file).unwrap().set_modified(first).unwrap();
        restore(std::slice::from_ref(&sources), &memory).unwrap();

        fs::write(&file, "one").unwrap();
        assert_ne!(time(&file), first);
        restore(std::slice::from_ref(&sources), &memory).unwrap();
        assert_eq!(time(&file), first);

        fs::write(&file, "two").unwrap();
        let second = time(&file);
        restore(std::slice::from_ref(&sources), &memory).unwrap();
        assert_eq!(time(&file), second);
    }
}
