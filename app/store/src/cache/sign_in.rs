//! Signing in to a managed cache: the password is a request that the function's role signs, good for 15 minutes.
//!
//! The cache checks it when a connection begins, and cuts the connection after 12 hours; so every connection is made with a
//! token of its own, and none is kept for that long. Nothing is stored anywhere.

use std::time::{Duration, SystemTime};

use aws_config::{Region, SdkConfig};
use aws_sdk_dynamodb::config::{Credentials, ProvideCredentials as _, SharedCredentialsProvider};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign};
use aws_sigv4::sign::v4;
use miyabi_shared::config::ManagedCache;
use redis::{
    ConnectionAddr, ConnectionInfo, ErrorKind, IntoConnectionInfo as _, RedisConnectionInfo, RedisError,
};

use crate::error::Cause;

/// For how long a token opens a connection (the service's own limit).
const TOKEN_LIFE: Duration = Duration::from_secs(900);

/// Who signs in, where, and what signs.
#[derive(Debug, Clone)]
pub(super) struct SignIn {
    address: ConnectionAddr,
    user_id: String,
    replication_group_id: String,
    region: Region,
    credentials: SharedCredentialsProvider,
    /// Fixed in tests, where a token must be known before it is made.
    clock: fn() -> SystemTime,
}

impl SignIn {
    /// To `cache`, by the role and in the region of `aws`.
    pub(super) fn new(cache: &ManagedCache, aws: &SdkConfig) -> Result<Self, RedisError> {
        let lacking = |what| RedisError::from((ErrorKind::InvalidClientConfig, what));
        Ok(Self {
            address: ConnectionAddr::TcpTls {
                host: cache.host.clone(),
                port: cache.port,
                insecure: false,
                tls_params: None,
            },
            user_id: cache.user_id.clone(),
            replication_group_id: cache.replication_group_id.clone(),
            region: aws.region().ok_or_else(|| lacking("a managed cache needs a region"))?.clone(),
            credentials: aws
                .credentials_provider()
                .ok_or_else(|| lacking("a managed cache needs credentials"))?,
            clock: SystemTime::now,
        })
    }

    /// What the next connection is made with.
    pub(super) async fn connection_info(&self) -> Result<ConnectionInfo, RedisError> {
        let failed = |error: Cause| {
            RedisError::from((ErrorKind::AuthenticationFailed, "no token for the cache", error.to_string()))
        };
        let credentials =
            self.credentials.provide_credentials().await.map_err(|error| failed(error.into()))?;
        let token = self.token(credentials, (self.clock)()).map_err(failed)?;
        let user = RedisConnectionInfo::default().set_username(&self.user_id).set_password(token);
        Ok(self.address.clone().into_connection_info()?.set_redis_settings(user))
    }

    /// The address of the request that is signed, without its scheme.
    fn token(&self, credentials: Credentials, now: SystemTime) -> Result<String, Cause> {
        let mut settings = SigningSettings::default();
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(TOKEN_LIFE);
        let identity = credentials.into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.region.as_ref())
            .name("elasticache")
            .time(now)
            .settings(settings)
            .build()?
            .into();
        let address = format!("http://{}/?Action=connect&User={}", self.replication_group_id, self.user_id);
        let request =
            SignableRequest::new("GET", address.as_str(), std::iter::empty(), SignableBody::Bytes(&[]))?;
        let (instructions, _) = sign(request, &parameters)?.into_parts();
        let mut request = http::Request::get(&address).body(())?;
        instructions.apply_to_request_http1x(&mut request);
        let signed = request.uri().to_string();
        Ok(signed.strip_prefix("http://").unwrap_or(&signed).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use aws_config::BehaviorVersion;
    use miyabi_local::Redis;

    use super::super::connection::{Connection, Target};
    use super::super::script::{self, Call};
    use super::*;

    fn at_noon() -> SystemTime {
        // 2026-11-25T12:00:00Z
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_608_000)
    }

    fn credentials(session: Option<&str>) -> Credentials {
        let session = session.map(str::to_owned);
        Credentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", session, None, "test")
    }

    fn sign_in(host: &str, port: u16) -> SignIn {
        let aws = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-west-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials(None)))
            .build();
        let cache = ManagedCache {
            host: host.to_owned(),
            port,
            user_id: "miyabi-functions".to_owned(),
            replication_group_id: "miyabi-prod".to_owned(),
        };
        SignIn { clock: at_noon, ..SignIn::new(&cache, &aws).unwrap() }
    }

    /// The signatures were made by another implementation of the algorithm.
    #[test]
    fn a_token_is_the_signed_request_to_connect() {
        let sign_in = sign_in("cache.example", 6379);
        let token = sign_in.token(credentials(None), at_noon()).unwrap();
        assert_eq!(
            token,
            "miyabi-prod/?Action=connect&User=miyabi-functions&X-Amz-Algorithm=AWS4-HMAC-SHA256\
             &X-Amz-Credential=AKIDEXAMPLE%2F20261125%2Feu-west-1%2Felasticache%2Faws4_request\
             &X-Amz-Date=20261125T120000Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host\
             &X-Amz-Signature=d3a9143109dac1d847e8f4e2157a6d2ae47ba79eb71bf403f96105085a913fc3"
        );
        let token = sign_in.token(credentials(Some("session/+=")), at_noon()).unwrap();
        assert!(token.contains("&X-Amz-Security-Token=session%2F%2B%3D"), "{token}");
        assert!(
            token.contains(
                "&X-Amz-Signature=1d4359a03295d97c739df0e949442b30833991b3bb191c6fd23ca8b09dcb456d"
            ),
            "{token}"
        );
    }

    #[tokio::test]
    async fn the_user_and_the_token_open_a_connection_and_another_token_does_not() {
        let redis = Redis::start().await.unwrap();
        let mut sign_in = sign_in("127.0.0.1", 0);
        // The server of the test speaks without TLS; everything else is as in the cloud.
        let info = redis.url().into_connection_info().unwrap();
        sign_in.address = info.addr().clone();
        let mut admin = redis::Client::open(info).unwrap().get_multiplexed_async_connection().await.unwrap();
        let mut set_user = async |password: &str| {
            let mut command = redis::cmd("ACL");
            command.arg("SETUSER").arg("miyabi-functions").arg("on").arg("resetpass");
            command.arg(format!(">{password}")).arg("~*").arg("+@all");
            command.exec_async(&mut admin).await.unwrap();
        };
        let connection =
            || Arc::new(Connection::new(Target::Managed(sign_in.clone()), "{t}:", Duration::from_secs(5)));
        let mut call = Call::new(&script::TASK, &["{t}:task:a", "{t}:steps:a", "{t}:epoch", "{t}:absent:a"]);
        call.arg(0).arg("");

        set_user(&sign_in.token(credentials(None), at_noon()).unwrap()).await;
        connection().run::<redis::Value>(&call).await.unwrap();

        set_user(&sign_in.token(credentials(None), at_noon() + Duration::from_secs(1)).unwrap()).await;
        connection().run::<redis::Value>(&call).await.unwrap_err();
    }

    /// One provider of cryptography must be found without anyone choosing it, or the first connection ends the process.
    #[tokio::test]
    async fn a_managed_cache_is_greeted_with_tls() {
        use tokio::io::AsyncReadExt as _;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let sign_in = sign_in("127.0.0.1", listener.local_addr().unwrap().port());
        let client = redis::Client::open(sign_in.connection_info().await.unwrap()).unwrap();
        let connecting =
            tokio::spawn(async move { client.get_multiplexed_async_connection().await.map(drop) });
        let (mut socket, _) = listener.accept().await.unwrap();
        // A handshake record of TLS.
        assert_eq!(socket.read_u8().await.unwrap(), 0x16);
        drop(socket);
        connecting.await.unwrap().unwrap_err();
    }
}
