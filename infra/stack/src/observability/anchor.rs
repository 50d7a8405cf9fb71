//! The parts of the runbook: what an alarm is about, and what to do about it.

/// Where it is written what to do, in the checkout.
pub const RUNBOOK: &str = "docs/RUNBOOK.md";

macro_rules! anchors {
    ($($(#[$doc:meta])* $name:ident $heading:literal $section:ident $title:literal)*) => {
        /// The part of the runbook about an alarm.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Anchor {
            $($(#[$doc])* $name,)*
        }

        impl Anchor {
            /// Every part.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its heading, as a link spells it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $heading,)* }
            }

            /// The section of the dashboard that it belongs to.
            pub const fn section(self) -> Section {
                match self { $(Self::$name => Section::$section,)* }
            }

            /// What its graph is called.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

anchors! {
    /// People notice that something is wrong.
    Impaired "impaired" Noticed "What people notice"
    /// The API failed.
    ApiErrors "api-errors" Noticed "API: answers with 5xx"
    /// The API is slow.
    ApiLatency "api-latency" Noticed "API: how long answers take"
    /// Progress is late.
    Freshness "late-progress" Noticed "Progress: age of lines when they are read"
    /// Viewers are told late.
    LatePush "late-push" Noticed "Socket: age of changes when viewers are told"
    /// The socket fails.
    SocketErrors "socket-errors" Noticed "Socket: failures"
    /// A function failed.
    FunctionErrors "function-errors" Functions "Functions: errors"
    /// Calls of a function were refused.
    FunctionThrottles "function-throttles" Functions "Functions: refused calls"
    /// A function is about to be ended.
    FunctionDuration "function-duration" Functions "Functions: how long calls take"
    /// A function is behind with changes of a table.
    LateEvents "late-events" Functions "Functions: how far they are behind"
    /// A change of a table is none that a function can read.
    UnreadableEvents "unreadable-events" Functions "Changes that cannot be read"
    /// A function gave up on an event.
    DeadLetters "dead-letters" Functions "Dead letters"
    /// An event that a function gave up on could not be kept either.
    LostEvents "lost-events" Functions "Events that could not be kept"
    /// A table refuses requests.
    TableThrottles "table-throttles" Data "Tables: refused requests"
    /// The cache does not answer functions.
    CacheFailures "cache-failures" Data "Cache: answers that functions went without"
    /// The cache has too much to do.
    CacheCpu "cache-cpu" Data "Cache: CPU"
    /// The cache is about to be slowed down.
    CacheCredits "cache-credits" Data "Cache: CPU credits left"
    /// The cache is nearly full.
    CacheMemory "cache-memory" Data "Cache: memory"
    /// The cache drops what is still wanted.
    CacheEvictions "cache-evictions" Data "Cache: evictions"
    /// The cache has more connections than there are functions.
    CacheConnections "cache-connections" Data "Cache: connections"
    /// A NAT gateway has no port left.
    NatPorts "nat-ports" Network "NAT gateways: connections without a port"
    /// A backup failed.
    BackupFailures "backup-failures" Network "Backups that failed"
}

impl Anchor {
    /// Where to read on.
    pub fn link(self) -> String {
        format!("{RUNBOOK}#{}", self.name())
    }

    /// Whether it is something that people notice by themselves, whatever the cause.
    pub fn is_noticed(self) -> bool {
        self.section() == Section::Noticed
    }
}

/// A part of the dashboard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Section {
    /// What people notice.
    Noticed,
    /// How much is going on.
    Load,
    /// The functions.
    Functions,
    /// The tables and the cache.
    Data,
    /// The network and the rest.
    Network,
}

impl Section {
    /// Every part, from the top.
    pub const ALL: [Self; 5] = [Self::Noticed, Self::Load, Self::Functions, Self::Data, Self::Network];

    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Noticed => "What people notice",
            Self::Load => "How much is going on",
            Self::Functions => "Functions and events",
            Self::Data => "Tables and cache",
            Self::Network => "Network and backups",
        }
    }
}
