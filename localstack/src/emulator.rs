//! How MiniStack is started, for a test and for the local cloud alike.

use std::path::PathBuf;

use miyabi_shared::local;

/// What a developer has set for real AWS, or for another emulator, must not reach the emulator or its functions.
pub const HIDDEN_FROM_EMULATOR: &[&str] = &[
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "EDGE_PORT",
    "LOCALSTACK_HOSTNAME",
    "SERVICES",
    "MINISTACK_REGION",
    "MINISTACK_ACCOUNT_ID",
    "LAMBDA_EXECUTOR",
    "LAMBDA_STRICT",
    "USE_SSL",
    "SFTP_ENABLED",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "http_proxy",
    "https_proxy",
    "all_proxy",
];

/// What Python reads when it starts: `sitecustomize.py` there says why.
const PYTHON_SETTINGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/emulator");

/// What differs between two emulators.
#[derive(Debug, Clone)]
pub struct EmulatorSettings {
    /// The port of 127.0.0.1 that it listens on.
    pub port: u16,
    /// Whether it enforces IAM.
    pub auth: bool,
    /// The port of the server that ElastiCache says it has.
    pub redis_port: Option<u16>,
    /// Where its state is, and whether that is kept over a stop.
    pub state: PathBuf,
    /// Whether its state is kept over a stop.
    pub keep_state: bool,
    /// Where it unpacks functions.
    pub scratch: PathBuf,
}

impl EmulatorSettings {
    /// The variables that say so to MiniStack.
    pub fn variables(&self) -> Vec<(String, String)> {
        let keep = if self.keep_state { "1" } else { "0" };
        let mut variables = vec![
            ("BIND_HOST", "127.0.0.1".to_owned()),
            ("GATEWAY_PORT", self.port.to_string()),
            ("AUTH", self.auth.to_string()),
            // Functions inherit these three: without them they would call AWS itself.
            (local::AWS_ENDPOINT_URL, format!("http://127.0.0.1:{}", self.port)),
            (local::AWS_REGION, local::REGION.to_owned()),
            ("AWS_DEFAULT_REGION", local::REGION.to_owned()),
            (local::AWS_ACCESS_KEY_ID, "test".to_owned()),
            (local::AWS_SECRET_ACCESS_KEY, "test".to_owned()),
            ("PERSIST_STATE", keep.to_owned()),
            ("S3_PERSIST", keep.to_owned()),
            ("STATE_DIR", self.state.join("services").to_string_lossy().into_owned()),
            ("S3_DATA_DIR", self.state.join("s3").to_string_lossy().into_owned()),
            ("PYTHONPATH", PYTHON_SETTINGS.to_owned()),
            ("TMPDIR", self.scratch.to_string_lossy().into_owned()),
        ];
        if let Some(port) = self.redis_port {
            variables.push(("REDIS_HOST", "127.0.0.1".to_owned()));
            variables.push(("REDIS_PORT", port.to_string()));
        }
        variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}
