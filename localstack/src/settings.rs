//! What a developer may choose about the local cloud: its ports, and which emulator it is.

use anyhow::bail;
use miyabi_shared::config::Environment;
use miyabi_shared::local;

/// Which emulator the cloud is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Provider {
    /// MiniStack and redis-server, as processes.
    MiniStack,
    /// LocalStack and Redis, as containers.
    LocalStack,
}

/// What a developer chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    pub(crate) provider: Provider,
    pub(crate) edge_port: u16,
    pub(crate) cloud_port: u16,
    pub(crate) redis_port: u16,
    /// Whether a worker takes jobs from the queues.
    pub(crate) worker: bool,
}

impl Settings {
    /// Reads the variables; everything that is wrong is said at once.
    pub(crate) fn read(environment: &dyn Environment) -> anyhow::Result<Self> {
        let mut wrong = Vec::new();
        let mut port = |name: &str, default: u16| {
            let text = environment.get(name).filter(|text| !text.is_empty());
            match text.as_deref().map(str::parse::<u16>) {
                None => default,
                Some(Ok(port)) if port > 0 => port,
                Some(_) => {
                    wrong.push(format!(
                        "{name}={:?}: expected a port from 1 to 65535",
                        text.unwrap_or_default()
                    ));
                    default
                }
            }
        };
        let edge_port = port("MIYABI_EDGE_PORT", local::EDGE_PORT);
        let cloud_port = port("MIYABI_CLOUD_PORT", local::CLOUD_PORT);
        let redis_port = port("MIYABI_REDIS_PORT", local::REDIS_PORT);
        if wrong.is_empty()
            && (edge_port == cloud_port || cloud_port == redis_port || redis_port == edge_port)
        {
            wrong.push(format!(
                "edge, cloud and Redis need ports of their own: {edge_port}, {cloud_port}, {redis_port}"
            ));
        }
        let provider = match environment.get("LOCAL_CLOUD").as_deref() {
            None | Some("" | "ministack") => Provider::MiniStack,
            Some("localstack") => Provider::LocalStack,
            Some(other) => {
                wrong.push(format!("LOCAL_CLOUD={other:?}: expected ministack or localstack"));
                Provider::MiniStack
            }
        };
        let worker = match environment.get("MIYABI_WORKER").as_deref() {
            // LocalStack's containers have no place for it.
            None | Some("" | "on") => provider == Provider::MiniStack,
            Some("off") => false,
            Some(other) => {
                wrong.push(format!("MIYABI_WORKER={other:?}: expected on or off"));
                false
            }
        };
        if !wrong.is_empty() {
            bail!("{}", wrong.join("; "));
        }
        Ok(Self { provider, edge_port, cloud_port, redis_port, worker })
    }

    /// Where the emulator listens.
    pub(crate) fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.cloud_port)
    }

    /// Where the page and the API are.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.edge_port)
    }

    /// Where Redis listens.
    pub(crate) fn redis_url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.redis_port)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn read(pairs: &[(&'static str, &str)]) -> anyhow::Result<Settings> {
        let map: BTreeMap<&str, String> =
            pairs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Settings::read(&map)
    }

    #[test]
    fn nothing_set_means_the_ports_of_the_contract() {
        let settings = read(&[]).unwrap();
        assert_eq!((settings.edge_port, settings.cloud_port), (local::EDGE_PORT, local::CLOUD_PORT));
        assert_eq!(settings.provider, Provider::MiniStack);
        assert!(settings.worker);
    }

    #[test]
    fn the_worker_is_left_out_by_a_variable() {
        assert!(!read(&[("MIYABI_WORKER", "off")]).unwrap().worker);
        assert!(read(&[("MIYABI_WORKER", "no")]).unwrap_err().to_string().contains("expected on or off"));
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let error = read(&[("MIYABI_EDGE_PORT", "x"), ("MIYABI_REDIS_PORT", "0"), ("LOCAL_CLOUD", "aws")]);
        let text = error.unwrap_err().to_string();
        assert!(
            text.contains("MIYABI_EDGE_PORT=\"x\"")
                && text.contains("MIYABI_REDIS_PORT")
                && text.contains("aws")
        );
    }

    #[test]
    fn two_parts_cannot_share_a_port() {
        assert!(
            read(&[("MIYABI_EDGE_PORT", "4566")]).unwrap_err().to_string().contains("ports of their own")
        );
    }
}
