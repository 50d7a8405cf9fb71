//! Where the cache is, and how a function proves to it who it is.

/// Where the cache is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CacheEndpoint {
    /// A Redis or Valkey at this address, as on a laptop.
    Url(String),
    /// A replication group of ElastiCache.
    Managed(ManagedCache),
    /// There is none: every read goes to the tables.
    None,
}

/// A replication group of ElastiCache. Always encrypted on the way, and no password is stored anywhere: whoever connects
/// signs in as a user by a token that its role signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedCache {
    /// Where the primary node is.
    pub host: String,
    /// The port of the primary node.
    pub port: u16,
    /// Who to sign in as: the user's identifier, which is also its name.
    pub user_id: String,
    /// The replication group's identifier, which is the host that the token is signed for.
    pub replication_group_id: String,
}

impl CacheEndpoint {
    /// What [`parse`](Self::parse) takes.
    pub const EXPECTED: &str = "redis://HOST:PORT, rediss://HOST:PORT or none";

    /// Reads `redis://HOST:PORT`, `rediss://HOST:PORT` or `none`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "none" => Some(Self::None),
            url if url.starts_with("redis://") || url.starts_with("rediss://") => {
                Some(Self::Url(url.to_owned()))
            }
            _ => None,
        }
    }

    /// The address as a URL, or `none`.
    pub(super) fn address(&self) -> String {
        match self {
            Self::Url(url) => url.clone(),
            Self::Managed(cache) => format!("rediss://{}:{}", cache.host, cache.port),
            Self::None => "none".to_owned(),
        }
    }
}

impl ManagedCache {
    pub(super) const ADDRESS_EXPECTED: &str = "rediss://HOST:PORT, since a managed cache is encrypted";

    /// The host and the port of `rediss://HOST:PORT`.
    pub(super) fn parse_address(text: &str) -> Option<(String, u16)> {
        let (host, port) = text.strip_prefix("rediss://")?.rsplit_once(':')?;
        let is_name = |host: &str| {
            !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
        };
        Some((is_name(host).then(|| host.to_owned())?, port.parse().ok()?))
    }
}
