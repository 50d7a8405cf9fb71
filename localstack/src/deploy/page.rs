//! The page's files, in its bucket: only what changed is sent, and what is gone is removed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use miyabi_shared::page::{DOCUMENT, cache_control, content_type};
use sha2::{Digest, Sha256};

use super::ASSET_BUCKET;
use super::clients::Emulator;
use super::error::DeployError;

/// What was sent the last time; kept beside the code, because everything in the page's bucket is public.
const MANIFEST: &str = "page.json";

/// What happened to the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PageChanges {
    /// So many files are new or changed.
    pub sent: usize,
    /// So many files are gone.
    pub removed: usize,
    /// So many files there are.
    pub files: usize,
}

/// Makes the bucket hold what `folder` holds.
///
/// # Errors
/// When a file cannot be read, or the emulator refuses.
pub async fn upload_page(
    emulator: &Emulator,
    bucket: &str,
    folder: &Path,
) -> Result<PageChanges, DeployError> {
    let mut files = BTreeMap::new();
    collect(folder, folder, &mut files)?;
    let before = manifest(emulator, bucket).await;
    let mut now: BTreeMap<String, String> = BTreeMap::new();
    let mut changed: Vec<(String, Vec<u8>)> = Vec::new();
    for (key, path) in files {
        let content = std::fs::read(&path).map_err(DeployError::file("read", &path))?;
        let digest: String = Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
        if before.get(&key) != Some(&digest) {
            changed.push((key.clone(), content));
        }
        now.insert(key, digest);
    }
    // The document names all others, so it is sent last.
    changed.sort_by_key(|(key, _)| key == DOCUMENT);
    let mut changes = PageChanges { sent: changed.len(), removed: 0, files: now.len() };
    for (key, content) in changed {
        put(emulator, bucket, &key, content).await?;
    }
    for key in before.keys().filter(|key| !now.contains_key(*key)) {
        emulator
            .s3()
            .delete_object()
            .bucket(bucket)
            .key(key)
            .send()
            .await
            .map_err(DeployError::call(format!("remove {key} of the page")))?;
        changes.removed += 1;
    }
    if now != before {
        remember(emulator, bucket, &now).await?;
    }
    Ok(changes)
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, PathBuf>) -> Result<(), DeployError> {
    let entries = std::fs::read_dir(folder).map_err(DeployError::file("read", folder))?;
    for entry in entries {
        let path = entry.map_err(DeployError::file("read", folder))?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if let Ok(relative) = path.strip_prefix(root) {
            files.insert(relative.to_string_lossy().replace('\\', "/"), path);
        }
    }
    Ok(())
}

async fn put(emulator: &Emulator, bucket: &str, key: &str, content: Vec<u8>) -> Result<(), DeployError> {
    emulator
        .s3()
        .put_object()
        .bucket(bucket)
        .key(key)
        .content_type(content_type(key))
        .cache_control(cache_control(key))
        .body(content.into())
        .send()
        .await
        .map(drop)
        .map_err(DeployError::call(format!("store {key} of the page")))
}

fn manifest_key(bucket: &str) -> String {
    format!("{bucket}.{MANIFEST}")
}

/// What the bucket holds, as far as is known; nothing known means that everything is sent.
async fn manifest(emulator: &Emulator, bucket: &str) -> BTreeMap<String, String> {
    let answer = emulator.s3().get_object().bucket(ASSET_BUCKET).key(manifest_key(bucket)).send().await;
    let Ok(answer) = answer else { return BTreeMap::new() };
    let Ok(body) = answer.body.collect().await else { return BTreeMap::new() };
    let mut files: BTreeMap<String, String> = serde_json::from_slice(&body.into_bytes()).unwrap_or_default();
    // The bucket may have been made anew under its old name.
    let Ok(listed) = emulator.s3().list_objects_v2().bucket(bucket).send().await else {
        return BTreeMap::new();
    };
    files.retain(|key, _| listed.contents().iter().any(|object| object.key() == Some(key)));
    files
}

async fn remember(
    emulator: &Emulator,
    bucket: &str,
    files: &BTreeMap<String, String>,
) -> Result<(), DeployError> {
    let content = serde_json::to_vec(files)
        .map_err(|source| DeployError::Content { path: PathBuf::from(MANIFEST), source })?;
    emulator
        .s3()
        .put_object()
        .bucket(ASSET_BUCKET)
        .key(manifest_key(bucket))
        .body(content.into())
        .send()
        .await
        .map(drop)
        .map_err(DeployError::call("store the list of the page's files"))
}
