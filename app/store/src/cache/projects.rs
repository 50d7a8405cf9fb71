//! The projects, with their counts.

use std::time::Duration;

use redis::{FromRedisValue, Value as RedisValue};

use super::lease::Wanted;
use super::script::{self, Call};
use super::{Cache, KEEP, Out, jittered, millis};

/// For how long the projects are believed.
const PROJECTS_TRUST: Duration = Duration::from_secs(10);

/// What the cache knows of the projects.
#[derive(Debug)]
pub(crate) enum FoundProjects {
    Cold { epoch: u64, changes: String },
    Same { tag: String },
    Found { tag: String, json: Vec<u8> },
}

impl Cache {
    pub(crate) async fn projects(&self, if_none_match: Option<&str>) -> Result<FoundProjects, Out> {
        let shared = self.shared()?;
        let mut call = Call::new(&script::PROJECTS, &[&shared.key("projects"), &shared.key("epoch")]);
        call.arg(if_none_match.unwrap_or_default()).arg(millis(PROJECTS_TRUST));
        let RedisValue::Array(answer) = shared.connection.run(&call).await? else { return Err(Out) };
        let mut parts = answer.into_iter();
        let mut next = || parts.next().and_then(|part| String::from_redis_value(part).ok());
        let mut found = || -> Option<FoundProjects> {
            Some(match next()?.as_str() {
                "cold" => FoundProjects::Cold { epoch: next()?.parse().ok()?, changes: next()? },
                "same" => FoundProjects::Same { tag: next()? },
                _ => FoundProjects::Found { tag: next()?, json: next()?.into_bytes() },
            })
        };
        found().ok_or(Out)
    }

    pub(crate) async fn fill_projects(
        &self,
        epoch: u64,
        changes: &str,
        tag: &str,
        json: &[u8],
    ) -> Result<(), Out> {
        let shared = self.shared()?;
        let keys = [shared.key("projects"), shared.key("epoch"), shared.lease_key(Wanted::Projects)];
        let mut call = Call::new(&script::FILL_PROJECTS, &keys.each_ref().map(String::as_str));
        call.arg(epoch.to_string()).arg(changes).arg(tag).arg(json).arg(jittered(KEEP));
        shared.connection.run::<i64>(&call).await.map(drop)
    }
}
