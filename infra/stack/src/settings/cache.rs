//! The cache: this stack's own, or one somewhere else.

use miyabi_shared::Stage;
use miyabi_shared::config::CacheEndpoint;

use super::section::{Choice, Problems, Section};

/// Where the cache comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CacheSettings {
    /// This stack does not make it.
    Elsewhere(CacheEndpoint),
    /// A replication group of this stack.
    Managed(ManagedCacheSettings),
}

/// A replication group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManagedCacheSettings {
    /// What it runs.
    pub engine: Engine,
    /// The engine's version, major and minor.
    pub engine_version: String,
    /// The type of its nodes.
    pub node_type: String,
    /// How many copies it has, each in another zone. With one or more it fails over by itself.
    pub replicas: u32,
    /// What goes first where memory is short.
    pub maxmemory_policy: MaxmemoryPolicy,
    /// For how many days snapshots are kept; 0 makes none. See the waiver in `crate::cache`.
    pub snapshot_retention_days: u32,
    /// When AWS may work on it, in UTC.
    pub maintenance_window: String,
    /// Whether changes wait for that time.
    pub apply_immediately: bool,
}

/// What a cache runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Valkey, which costs a fifth less.
    Valkey,
    /// Redis OSS.
    Redis,
}

impl Choice for Engine {
    const ALL: &'static [Self] = &[Self::Valkey, Self::Redis];

    fn word(self) -> &'static str {
        match self {
            Self::Valkey => "valkey",
            Self::Redis => "redis",
        }
    }
}

impl Engine {
    /// Versions that AWS offers and that can be signed in to by a role.
    pub const fn versions(self) -> &'static [&'static str] {
        match self {
            Self::Valkey => &["7.2", "8.0", "8.1"],
            Self::Redis => &["7.0", "7.1"],
        }
    }
}

/// What goes first where memory is short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaxmemoryPolicy {
    /// What was not used for longest.
    AllkeysLru,
    /// What is used least.
    AllkeysLfu,
    /// What was not used for longest, of what goes anyway.
    VolatileLru,
    /// What is used least, of what goes anyway.
    VolatileLfu,
    /// What goes next anyway.
    VolatileTtl,
    /// Nothing: writes fail.
    NoEviction,
}

impl Choice for MaxmemoryPolicy {
    const ALL: &'static [Self] = &[
        Self::AllkeysLru,
        Self::AllkeysLfu,
        Self::VolatileLru,
        Self::VolatileLfu,
        Self::VolatileTtl,
        Self::NoEviction,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::AllkeysLru => "allkeys-lru",
            Self::AllkeysLfu => "allkeys-lfu",
            Self::VolatileLru => "volatile-lru",
            Self::VolatileLfu => "volatile-lfu",
            Self::VolatileTtl => "volatile-ttl",
            Self::NoEviction => "noeviction",
        }
    }
}

impl CacheSettings {
    pub(super) fn of(stage: Stage) -> Self {
        match stage {
            Stage::Local => Self::Elsewhere(CacheEndpoint::None),
            Stage::Dev | Stage::Stg | Stage::Prod => Self::Managed(ManagedCacheSettings::of(stage)),
        }
    }

    pub(super) fn read(&mut self, section: &mut Section<'_>) {
        // A stage without a cache of its own gets one by saying what it should be like.
        let mut cache = match self {
            Self::Managed(cache) => cache.clone(),
            Self::Elsewhere(_) => ManagedCacheSettings::of(Stage::Dev),
        };
        cache.read(section);
        *self = Self::Managed(cache);
    }
}

impl ManagedCacheSettings {
    fn of(stage: Stage) -> Self {
        let (node_type, replicas) = match stage {
            Stage::Local | Stage::Dev => ("cache.t4g.micro", 0),
            Stage::Stg => ("cache.t4g.small", 1),
            Stage::Prod => ("cache.m7g.large", 2),
        };
        Self {
            engine: Engine::Valkey,
            engine_version: "8.0".to_owned(),
            node_type: node_type.to_owned(),
            replicas,
            // Everything in it can be had again, so whatever is not used may go.
            maxmemory_policy: MaxmemoryPolicy::AllkeysLru,
            snapshot_retention_days: 0,
            maintenance_window: "sun:03:00-sun:04:00".to_owned(),
            apply_immediately: stage != Stage::Prod,
        }
    }

    fn read(&mut self, section: &mut Section<'_>) {
        let version_given = section.has("engineVersion");
        section.choice("engine", &mut self.engine);
        if !version_given && !self.engine.versions().contains(&self.engine_version.as_str()) {
            self.engine_version = self.engine.versions().last().copied().unwrap_or_default().to_owned();
        }
        section.text("engineVersion", &mut self.engine_version, |text| Ok(text.to_owned()));
        section.text("nodeType", &mut self.node_type, |text| {
            let parts: Vec<&str> = text.split('.').collect();
            let is_part = |part: &&str| {
                !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            };
            match parts.as_slice() {
                ["cache", rest @ ..] if rest.len() == 2 && rest.iter().all(is_part) => Ok(text.to_owned()),
                _ => Err("expected a type of node such as cache.t4g.micro".to_owned()),
            }
        });
        section.number("replicas", &mut self.replicas, 0..=5);
        section.choice("maxmemoryPolicy", &mut self.maxmemory_policy);
        section.number("snapshotRetentionDays", &mut self.snapshot_retention_days, 0..=35);
        section.text("maintenanceWindow", &mut self.maintenance_window, |text| {
            is_window(text)
                .then(|| text.to_owned())
                .ok_or_else(|| "expected at least an hour such as sun:03:00-sun:04:00, in UTC".to_owned())
        });
        section.flag("applyImmediately", &mut self.apply_immediately);
    }

    /// Whether its nodes have credits of CPU time that they can use up.
    pub fn is_burstable(&self) -> bool {
        self.node_type.starts_with("cache.t")
    }

    pub(super) fn check(&self, problems: &mut Problems) {
        let versions = self.engine.versions();
        if !versions.contains(&self.engine_version.as_str()) {
            problems.add(format!(
                "miyabi:cache.engineVersion is {:?}: expected {} of {}",
                self.engine_version,
                super::section::listed(versions.iter().copied()),
                self.engine.word()
            ));
        }
    }
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MINUTES_A_WEEK: u32 = 7 * 24 * 60;

/// Whether a text is a time of the week of an hour or more, as `ddd:hh:mm-ddd:hh:mm`.
fn is_window(text: &str) -> bool {
    let minute = |text: &str| -> Option<u32> {
        let (day, time) = text.split_once(':')?;
        let (hour, minute) = time.split_once(':')?;
        let two = |text: &str| (text.len() == 2).then(|| text.parse::<u32>().ok()).flatten();
        let day = u32::try_from(DAYS.iter().position(|name| *name == day)?).ok()?;
        let (hour, minute) =
            (two(hour).filter(|hour| *hour < 24)?, two(minute).filter(|minute| *minute < 60)?);
        Some((day * 24 + hour) * 60 + minute)
    };
    let Some((from, to)) = text.split_once('-') else { return false };
    match (minute(from), minute(to)) {
        (Some(from), Some(to)) => (to + MINUTES_A_WEEK - from) % MINUTES_A_WEEK >= 60,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_an_hour_of_the_week() {
        for window in ["sun:03:00-sun:04:00", "sun:23:30-mon:01:00", "tue:00:00-wed:00:00"] {
            assert!(is_window(window), "{window}");
        }
        for no_window in
            ["sun:03:00-sun:03:30", "sun:3:00-sun:04:00", "day:03:00-day:04:00", "sun:24:00-mon:02:00", ""]
        {
            assert!(!is_window(no_window), "{no_window}");
        }
    }
}
