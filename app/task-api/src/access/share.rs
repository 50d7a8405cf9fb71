//! Share links: `mys_` and the task with its time, signed with a secret of that task. Without the secret, every link of
//! the task is good for nothing.

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miyabi_shared::credential::{CallerKind, SHARE_PREFIX, SHARE_SECONDS_MAX, Share};
use miyabi_shared::scope::Scope;
use miyabi_shared::table::credentials::SHARE;
use miyabi_shared::{TaskId, Timestamp};

use super::Caller;
use super::credentials::{Credentials, text_of};
use super::secret::random_text;
use crate::error::{ApiError, Refusal};

const SECRET: &str = "secret";

impl Credentials {
    /// Makes a link.
    pub(crate) async fn share(&self, task_id: &TaskId, seconds: u64) -> Result<Share, ApiError> {
        let now = Timestamp::now();
        let expires_at =
            Timestamp::from_millis((now.as_seconds() + i64::try_from(seconds).unwrap_or(0)) * 1000);
        // The secret outlives every link that was signed with it.
        let kept_until = now.plus(Duration::from_secs(SHARE_SECONDS_MAX + 3600)).as_seconds();
        let secret =
            self.set_once(SHARE, task_id.as_str(), (SECRET, random_text::<32>()?), kept_until).await?;
        let payload = payload(task_id, expires_at.as_seconds());
        let signature = hmac::sign(&key(&secret), payload.as_bytes());
        let token = format!(
            "{SHARE_PREFIX}{}.{}",
            URL_SAFE_NO_PAD.encode(&payload),
            URL_SAFE_NO_PAD.encode(signature)
        );
        Ok(Share {
            path: format!("/tasks/{task_id}#share={token}"),
            badge_path: format!("/api/tasks/{task_id}/badge.svg?share={token}"),
            token,
            expires_at,
        })
    }

    /// Makes every link of a task good for nothing.
    pub(crate) async fn unshare(&self, task_id: &TaskId) -> Result<(), ApiError> {
        self.delete(SHARE, task_id.as_str()).await.map(drop)
    }

    /// Who comes by a link.
    pub(crate) async fn visitor_by(&self, token: &str) -> Result<Caller, ApiError> {
        let refused = || ApiError::Unauthenticated(Refusal::Share);
        let (text, signature) =
            token.strip_prefix(SHARE_PREFIX).and_then(|rest| rest.split_once('.')).ok_or_else(refused)?;
        let text = URL_SAFE_NO_PAD.decode(text).map_err(|_| refused())?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| refused())?;
        let text = std::str::from_utf8(&text).map_err(|_| refused())?;
        let (task_id, expires_at) = text.split_once('|').ok_or_else(refused)?;
        let task_id = TaskId::new(task_id).map_err(|_| refused())?;
        let expires_at: i64 = expires_at.parse().map_err(|_| refused())?;
        if expires_at <= Timestamp::now().as_seconds() {
            return Err(ApiError::Unauthenticated(Refusal::Expired));
        }
        let item = self.find(SHARE, task_id.as_str()).await?.ok_or_else(refused)?;
        let secret = text_of(&item, SECRET).ok_or_else(refused)?;
        // It compares in constant time.
        hmac::verify(&key(&secret), payload(&task_id, expires_at).as_bytes(), &signature)
            .map_err(|_| refused())?;
        Ok(Caller {
            kind: CallerKind::Share,
            name: format!("share link of {task_id}"),
            scope: Some(Scope::Read),
            projects: None,
            task_id: Some(task_id),
        })
    }
}

fn payload(task_id: &TaskId, expires_at: i64) -> String {
    // `|` is in no identifier.
    format!("{task_id}|{expires_at}")
}

fn key(secret: &str) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes())
}
