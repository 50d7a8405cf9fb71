//! The template as files.

use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::Serialize;

use super::Synthesis;

/// Why the files cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// A file or folder cannot be written.
    #[error("{} cannot be written", path.display())]
    File {
        /// The path.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Something cannot be written as JSON.
    #[error("the template cannot be written as JSON")]
    Json(#[source] serde_json::Error),
}

/// A line of the list of assets.
#[derive(Serialize)]
struct Line<'a> {
    sha256: &'a str,
    path: String,
    bytes: usize,
    r#for: Vec<&'a str>,
}

impl Synthesis {
    /// Writes `template.json`, `assets.json` and `assets/<sha256>.zip` into a folder. What is there already with the
    /// same content stays as it is; assets that nothing uses any more are removed.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<(), WriteError> {
        let assets = folder.join("assets");
        fs::create_dir_all(&assets).map_err(|source| WriteError::File { path: assets.clone(), source })?;
        let mut lines = Vec::new();
        for asset in &self.assets {
            let path = format!("assets/{}.zip", asset.sha256);
            let file = folder.join(&path);
            // Its name is a hash of its content; only a write that was cut short leaves another length.
            let written =
                fs::metadata(&file).is_ok_and(|metadata| metadata.len() == asset.bytes.len() as u64);
            if !written {
                write_file(&file, &asset.bytes)?;
            }
            let used_by = asset.used_by.iter().map(String::as_str).collect();
            lines.push(Line { sha256: &asset.sha256, path, bytes: asset.bytes.len(), r#for: used_by });
        }
        self.remove_unused(&assets)?;
        write_json(&folder.join("assets.json"), &lines)?;
        write_json(&folder.join("template.json"), &self.template)
    }

    fn remove_unused(&self, folder: &Path) -> Result<(), WriteError> {
        let failed = |source| WriteError::File { path: folder.to_owned(), source };
        for entry in fs::read_dir(folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let Some(hash) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".zip")) else {
                continue;
            };
            if !self.assets.iter().any(|asset| asset.sha256 == hash) {
                fs::remove_file(&path).map_err(failed)?;
            }
        }
        Ok(())
    }
}

fn write_json(path: &Path, value: &impl Serialize) -> Result<(), WriteError> {
    let mut text = serde_json::to_string_pretty(value).map_err(WriteError::Json)?;
    text.push('\n');
    if fs::read_to_string(path).is_ok_and(|existing| existing == text) {
        return Ok(());
    }
    write_file(path, text.as_bytes())
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    fs::write(path, bytes).map_err(|source| WriteError::File { path: path.to_owned(), source })
}
