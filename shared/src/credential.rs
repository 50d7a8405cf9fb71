//! What lets a caller in: API keys and share links, as the API gives them out.

use serde::{Deserialize, Serialize};

use crate::id::{ProjectId, TaskId};
use crate::scope::Scope;
use crate::timestamp::Timestamp;

/// What an API key begins with.
pub const KEY_PREFIX: &str = "mky_";
/// What the token of a share link begins with.
pub const SHARE_PREFIX: &str = "mys_";
/// How long a share link is good for, where nothing is said.
pub const SHARE_SECONDS_DEFAULT: u64 = 7 * 24 * 60 * 60;
/// How long it can be good for: as long as a task is kept.
pub const SHARE_SECONDS_MAX: u64 = 90 * 24 * 60 * 60;
/// Longest name of a key, in characters.
pub const KEY_NAME_CHARACTERS: usize = 128;
/// Most projects that one key can be held to.
pub const KEY_PROJECTS: usize = 64;
/// Longest time for which a key is good, in seconds: ten years.
pub const KEY_SECONDS_MAX: u64 = 10 * 365 * 24 * 60 * 60;

/// A key to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateKey {
    /// What it is for, in words.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 128, example = "GitHub Actions"))]
    pub name: String,
    /// What it allows.
    pub scope: Scope,
    /// The projects that it is held to; every project where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 64))]
    pub projects: Option<Vec<ProjectId>>,
    /// After how many seconds it is good for nothing; never, where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 60, maximum = 315_360_000))]
    pub expires_in_seconds: Option<u64>,
}

/// A key, without its secret, which nobody has but who made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKey {
    /// Names it: the part of the key between its first two underscores.
    pub key_id: String,
    /// What it is for.
    pub name: String,
    /// What it allows.
    pub scope: Scope,
    /// The projects that it is held to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub projects: Option<Vec<ProjectId>>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: String,
    /// When it stops being good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// When it was used last, to within an hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_used_at: Option<Timestamp>,
}

/// A new key, with its secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedKey {
    /// The whole key. It is shown this once, and kept nowhere.
    #[cfg_attr(feature = "openapi", schema(example = "mky_0123456789abcdef_…"))]
    pub key: String,
    /// What is kept of it.
    #[serde(flatten)]
    pub details: ApiKey,
}

impl std::fmt::Debug for CreatedKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("CreatedKey").field("details", &self.details).finish_non_exhaustive()
    }
}

/// Every key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ApiKeys {
    /// The keys, by identifier.
    pub keys: Vec<ApiKey>,
}

/// A share link to make.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateShare {
    /// After how many seconds it is good for nothing; a week where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(minimum = 60, maximum = 7_776_000))]
    pub expires_in_seconds: Option<u64>,
}

/// A share link: whoever has it can look at the task, and at nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Share {
    /// What the link holds; a program sends it as a bearer token.
    pub token: String,
    /// The page's place for it. The token stands behind `#`, so that browsers send it to no server with the address.
    #[cfg_attr(feature = "openapi", schema(example = "/tasks/deploy-1#share=mys_…"))]
    pub path: String,
    /// The place of the task's badge, an SVG picture.
    pub badge_path: String,
    /// When it stops being good.
    pub expires_at: Timestamp,
}

/// How a caller is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum CallerKind {
    /// The API does not ask.
    Open,
    /// By an API key.
    Key,
    /// By a token of an issuer.
    Token,
    /// By a signature that API Gateway checked.
    Signature,
    /// By a share link.
    Share,
}

/// Who the API takes the caller for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Identity {
    /// How it is known.
    pub kind: CallerKind,
    /// Its name: of a key what it is for, of a token its user or client.
    pub name: String,
    /// What it may do; nothing is `null`.
    #[cfg_attr(feature = "openapi", schema(required))]
    pub scope: Option<Scope>,
    /// The projects that it is held to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub projects: Option<Vec<ProjectId>>,
    /// The one task that it can look at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task_id: Option<TaskId>,
}
