//! API keys: `mky_ID_SECRET`. The table holds the hash of the secret.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use miyabi_shared::credential::{ApiKey, CallerKind, CreateKey, CreatedKey, KEY_PREFIX};
use miyabi_shared::scope::Scope;
use miyabi_shared::table::credentials::{EXPIRES_AT, ID, KEY};
use miyabi_shared::{ProjectId, Timestamp};

use super::Caller;
use super::credentials::{Credentials, Item, number_of, text, text_of, texts_of};
use super::secret::{hash, random_text, same};
use crate::error::{ApiError, Refusal};

const NAME: &str = "name";
const HASH: &str = "hash";
const SCOPE: &str = "scope";
const PROJECTS: &str = "projects";
const CREATED_AT: &str = "created_at";
const CREATED_BY: &str = "created_by";
const LAST_USED_AT: &str = "last_used_at";

/// How exact the time of the last use is: a key that is used all the time costs one write an hour.
const USE_NOTED_EVERY: Duration = Duration::from_secs(60 * 60);

impl Credentials {
    /// Makes a key.
    pub(crate) async fn create_key(&self, wanted: CreateKey, by: &Caller) -> Result<CreatedKey, ApiError> {
        let now = Timestamp::now();
        // Without `_`, which ends it.
        let key_id = random_text::<12>()?.replace('_', "x");
        let secret = random_text::<32>()?;
        let details = ApiKey {
            key_id: key_id.clone(),
            name: wanted.name,
            scope: wanted.scope,
            projects: wanted.projects,
            created_at: now,
            created_by: by.name.clone(),
            expires_at: wanted.expires_in_seconds.map(|seconds| now.plus(Duration::from_secs(seconds))),
            last_used_at: None,
        };
        let mut item: Item = HashMap::from([
            (NAME.to_owned(), text(&details.name)),
            (HASH.to_owned(), text(&hash(&secret))),
            (SCOPE.to_owned(), text(details.scope.name())),
            (CREATED_AT.to_owned(), AttributeValue::N(now.as_millis().to_string())),
            (CREATED_BY.to_owned(), text(&details.created_by)),
        ]);
        if let Some(projects) = &details.projects {
            let projects = projects.iter().map(ProjectId::to_string).collect();
            item.insert(PROJECTS.to_owned(), AttributeValue::Ss(projects));
        }
        if let Some(expires_at) = details.expires_at {
            item.insert(EXPIRES_AT.to_owned(), AttributeValue::N(expires_at.as_seconds().to_string()));
        }
        self.put(KEY, &key_id, item).await?;
        Ok(CreatedKey { key: format!("{KEY_PREFIX}{key_id}_{secret}"), details })
    }

    /// Every key.
    pub(crate) async fn keys(&self) -> Result<Vec<ApiKey>, ApiError> {
        Ok(self.all(KEY).await?.iter().filter_map(read).collect())
    }

    /// Takes a key back.
    pub(crate) async fn revoke_key(&self, key_id: &str) -> Result<(), ApiError> {
        if self.delete(KEY, key_id).await? { Ok(()) } else { Err(ApiError::UnknownKey(key_id.to_owned())) }
    }

    /// Who shows `key`.
    pub(crate) async fn holder_of(&self, key: &str) -> Result<Caller, ApiError> {
        let refused = || ApiError::Unauthenticated(Refusal::Key);
        let (key_id, secret) =
            key.strip_prefix(KEY_PREFIX).and_then(|rest| rest.split_once('_')).ok_or_else(refused)?;
        // What cannot be a key costs no look.
        if !(8..=32).contains(&key_id.len()) || secret.len() != 43 {
            return Err(refused());
        }
        let item = self.find(KEY, key_id).await?.ok_or_else(refused)?;
        let kept = text_of(&item, HASH).ok_or_else(refused)?;
        if !same(&kept, &hash(secret)) {
            return Err(refused());
        }
        let known = read(&item).ok_or_else(refused)?;
        let now = Timestamp::now();
        if known.last_used_at.is_none_or(|at| now.since(at) >= USE_NOTED_EVERY) {
            self.note(KEY, key_id, LAST_USED_AT, now.as_millis()).await;
            self.noted_use(key_id, &item, now);
        }
        Ok(Caller {
            kind: CallerKind::Key,
            name: known.name,
            scope: Some(known.scope),
            projects: known.projects.map(BTreeSet::from_iter),
            task_id: None,
        })
    }

    /// Remembers that a use was noted, so that it is noted once.
    fn noted_use(&self, key_id: &str, item: &Item, now: Timestamp) {
        let mut item = item.clone();
        item.insert(LAST_USED_AT.to_owned(), AttributeValue::N(now.as_millis().to_string()));
        self.replace(KEY, key_id, item);
    }
}

/// A key of the table. What cannot be read lets nobody in.
fn read(item: &Item) -> Option<ApiKey> {
    let projects = match texts_of(item, PROJECTS) {
        None if item.contains_key(PROJECTS) => return None,
        None => None,
        Some(projects) => {
            Some(projects.into_iter().map(|text| ProjectId::new(text).ok()).collect::<Option<Vec<_>>>()?)
        }
    };
    Some(ApiKey {
        key_id: text_of(item, ID)?,
        name: text_of(item, NAME)?,
        scope: Scope::named(&text_of(item, SCOPE)?)?,
        projects,
        created_at: Timestamp::from_millis(number_of(item, CREATED_AT)?),
        created_by: text_of(item, CREATED_BY)?,
        expires_at: number_of(item, EXPIRES_AT).map(|seconds| Timestamp::from_millis(seconds * 1000)),
        last_used_at: number_of(item, LAST_USED_AT).map(Timestamp::from_millis),
    })
}
