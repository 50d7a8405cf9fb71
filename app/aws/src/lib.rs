//! How functions call AWS.
//!
//! [`load`] gives the configuration of the process, with connections that a frozen function can keep. [`Limits`] say how
//! long a call may take and how often it is tried; each client is made with limits that its caller has thought about,
//! because those of the SDK (no limit of time, a second between attempts) are for programs that may wait.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;

/// How long an unused connection is kept.
///
/// A function is frozen between calls, and the other side closes what it has not heard of for a while; the SDK would keep
/// such a connection for 90 seconds and find it dead with the first request after a thaw.
const IDLE_CONNECTION: Duration = Duration::from_secs(20);

/// Credentials, region and endpoint of the process, from its environment.
pub async fn load() -> SdkConfig {
    let http = Builder::new()
        .pool_idle_timeout(IDLE_CONNECTION)
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .build_https();
    aws_config::from_env().http_client(http).load().await
}

/// How long a call may take, and how often it is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A new connection: one round trip, and with TLS some 200 ms of work on a small function.
    pub connect: Duration,
    /// One attempt, with its connection.
    pub attempt: Duration,
    /// The whole call, with its repetitions.
    pub operation: Duration,
    /// Attempts in all, the first included. One layer repeats: the client.
    pub attempts: u32,
    /// What is waited at most before the second attempt; it doubles from there.
    pub first_backoff: Duration,
    /// What is waited at most before any attempt.
    pub longest_backoff: Duration,
}

impl Limits {
    /// For calls that somebody waits for.
    ///
    /// `DynamoDB` answers in under 10 ms; the emulator of the local cloud, on a laptop that builds meanwhile, may take a
    /// hundred times as long. Throttles and lost connections pass quickly.
    pub const WAITED_FOR: Self = Self {
        connect: Duration::from_millis(500),
        attempt: Duration::from_secs(1),
        operation: Duration::from_millis(2500),
        attempts: 3,
        first_backoff: Duration::from_millis(25),
        longest_backoff: Duration::from_millis(250),
    };

    /// `aws` with these limits, to make a client from.
    #[must_use]
    pub fn of(self, aws: &SdkConfig) -> SdkConfig {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(self.connect)
            .read_timeout(self.attempt)
            .operation_attempt_timeout(self.attempt)
            .operation_timeout(self.operation)
            .build();
        let retries = RetryConfig::standard()
            .with_max_attempts(self.attempts)
            .with_initial_backoff(self.first_backoff)
            .with_max_backoff(self.longest_backoff);
        aws.clone().into_builder().timeout_config(timeouts).retry_config(retries).build()
    }
}
