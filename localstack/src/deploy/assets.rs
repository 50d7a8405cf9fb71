//! The functions' code, in a bucket, by its digest.

use std::path::PathBuf;

use aws_sdk_s3::operation::head_object::HeadObjectError;
use aws_sdk_s3::primitives::ByteStream;

use super::clients::Emulator;
use super::error::DeployError;
use super::{ASSET_BUCKET, Synthesis};

/// A file that the template refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asset {
    /// Its key in the bucket, which changes with its content.
    pub key: String,
    /// Where it is now.
    pub path: PathBuf,
    /// What it is for: a function's name.
    pub purpose: String,
}

/// Uploads what the bucket does not have yet; says what that was for.
pub(super) async fn upload(emulator: &Emulator, synthesis: &Synthesis) -> Result<Vec<String>, DeployError> {
    make_bucket(emulator).await?;
    let mut uploaded = Vec::new();
    for asset in &synthesis.assets {
        if exists(emulator, &asset.key).await? {
            continue;
        }
        let body = ByteStream::from_path(&asset.path)
            .await
            .map_err(DeployError::call(format!("read {}", asset.key)))?;
        emulator
            .s3()
            .put_object()
            .bucket(ASSET_BUCKET)
            .key(&asset.key)
            .body(body)
            .send()
            .await
            .map_err(DeployError::call(format!("store the code of {}", asset.purpose)))?;
        uploaded.push(asset.purpose.clone());
    }
    Ok(uploaded)
}

async fn make_bucket(emulator: &Emulator) -> Result<(), DeployError> {
    if emulator.s3().head_bucket().bucket(ASSET_BUCKET).send().await.is_ok() {
        return Ok(());
    }
    emulator
        .s3()
        .create_bucket()
        .bucket(ASSET_BUCKET)
        .send()
        .await
        .map(drop)
        .map_err(DeployError::call(format!("make the bucket {ASSET_BUCKET}")))
}

async fn exists(emulator: &Emulator, key: &str) -> Result<bool, DeployError> {
    match emulator.s3().head_object().bucket(ASSET_BUCKET).key(key).send().await {
        Ok(_) => Ok(true),
        Err(error) if error.as_service_error().is_some_and(HeadObjectError::is_not_found) => Ok(false),
        Err(error) => Err(DeployError::call(format!("look for {key}"))(error)),
    }
}
