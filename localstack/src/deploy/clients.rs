//! Clients of the emulator's services.

use std::time::Duration;

use aws_sdk_cloudformation as cloudformation;
use aws_sdk_cloudwatchlogs as logs;
use aws_sdk_s3 as s3;
use miyabi_shared::local;
use s3::config::timeout::TimeoutConfig;
use s3::config::{Credentials, Region};

/// An emulator, by its endpoint. It takes these credentials and no others.
#[derive(Debug, Clone)]
pub struct Emulator {
    endpoint: String,
    s3: s3::Client,
    cloudformation: cloudformation::Client,
    logs: logs::Client,
}

const CONNECT_LIMIT: Duration = Duration::from_secs(3);
const CALL_LIMIT: Duration = Duration::from_secs(30);

impl Emulator {
    /// The emulator at `endpoint`; nothing is sent yet.
    pub fn new(endpoint: &str) -> Self {
        let credentials = Credentials::new("test", "test", None, None, "local");
        let timeouts =
            TimeoutConfig::builder().connect_timeout(CONNECT_LIMIT).operation_timeout(CALL_LIMIT).build();
        let s3 = s3::Config::builder()
            .behavior_version_latest()
            .region(Region::new(local::REGION))
            .endpoint_url(endpoint)
            .credentials_provider(credentials.clone())
            .timeout_config(timeouts.clone())
            // Bucket names as parts of a host name would need name resolution.
            .force_path_style(true)
            .build();
        let cloudformation = cloudformation::Config::builder()
            .behavior_version_latest()
            .region(Region::new(local::REGION))
            .endpoint_url(endpoint)
            .credentials_provider(credentials.clone())
            .timeout_config(timeouts.clone())
            .build();
        let logs = logs::Config::builder()
            .behavior_version_latest()
            .region(Region::new(local::REGION))
            .endpoint_url(endpoint)
            .credentials_provider(credentials)
            .timeout_config(timeouts)
            .build();
        Self {
            endpoint: endpoint.to_owned(),
            s3: s3::Client::from_conf(s3),
            cloudformation: cloudformation::Client::from_conf(cloudformation),
            logs: logs::Client::from_conf(logs),
        }
    }

    /// Where it listens.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Its object store.
    pub const fn s3(&self) -> &s3::Client {
        &self.s3
    }

    /// Its template engine.
    pub const fn cloudformation(&self) -> &cloudformation::Client {
        &self.cloudformation
    }

    /// Its logs.
    pub const fn logs(&self) -> &logs::Client {
        &self.logs
    }
}
