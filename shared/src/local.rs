//! The local cloud as its users see it: ports, and the file that tells other programs where everything is.

/// The folder of the local cloud's state, in the root of the checkout.
pub const FOLDER: &str = ".local";
/// The file in [`FOLDER`] that says where everything is, as `KEY=value` lines.
pub const ENV_FILE: &str = "env";

/// Where the API listens: an origin, to which `/api/…` is added.
pub const API_URL: &str = "MIYABI_API_URL";
/// An API key for it.
pub const API_KEY: &str = "MIYABI_API_KEY";
/// A token of its issuer for it.
pub const TOKEN: &str = "MIYABI_TOKEN";
/// Where the page is.
pub const DASHBOARD_URL: &str = "MIYABI_DASHBOARD_URL";
/// Where the emulator listens; also what the AWS command line tools and SDKs read.
pub const AWS_ENDPOINT_URL: &str = "AWS_ENDPOINT_URL";
/// The region; also what the AWS command line tools and SDKs read.
pub const AWS_REGION: &str = "AWS_REGION";
/// Test credentials; also what the AWS command line tools and SDKs read.
pub const AWS_ACCESS_KEY_ID: &str = "AWS_ACCESS_KEY_ID";
/// Test credentials; also what the AWS command line tools and SDKs read.
pub const AWS_SECRET_ACCESS_KEY: &str = "AWS_SECRET_ACCESS_KEY";
/// Where Redis listens.
pub const REDIS_URL: &str = "REDIS_URL";
/// Log group of deployments.
pub const LOG_GROUP_CDK_DEPLOY: &str = "MIYABI_LOG_GROUP_CDK_DEPLOY";
/// Log group of agents.
pub const LOG_GROUP_AGENTS: &str = "MIYABI_LOG_GROUP_AGENTS";
/// Log group of everything else.
pub const LOG_GROUP_SYSTEM: &str = "MIYABI_LOG_GROUP_SYSTEM";

/// The region that the local cloud says it is in.
pub const REGION: &str = "us-east-1";
/// The account that the local cloud says it is.
pub const ACCOUNT: &str = "000000000000";

/// The port of the page and the API (`MIYABI_EDGE_PORT` changes it).
pub const EDGE_PORT: u16 = 8780;
/// The port of the emulator (`MIYABI_CLOUD_PORT` changes it).
pub const CLOUD_PORT: u16 = 4566;
/// The port of Redis (`MIYABI_REDIS_PORT` changes it); not 6379, which a laptop often has taken.
pub const REDIS_PORT: u16 = 6390;
