//! What a deployment is told: one table of typed defaults a stage, and what the stack's configuration changes in it.
//!
//! Each capability has a struct of its own here, in a file of its own: its defaults by stage ([`Settings::of`]), what of
//! it can be configured (`read`), and what must hold of it as a whole (`check`). A new one is a file, a field of
//! [`Settings`] and a line in each of the three. Everything that is wrong is said together, before the first resource.

mod api;
mod cache;
mod compute;
mod configuration;
mod data;
mod domain;
mod edge;
mod encryption;
mod jobs;
mod logs;
mod network;
mod oidc;
mod operation;
mod section;
mod socket;

use miyabi_shared::config::CacheEndpoint;
use miyabi_shared::{Access, Function, Stage, Table};

pub use api::{ApiSettings, Authorizer, ExecutionLog};
pub use cache::{CacheSettings, Engine, ManagedCacheSettings, MaxmemoryPolicy};
pub use compute::{Architecture, ComputeSettings, LogLevel, TrafficShift};
pub use configuration::Configuration;
pub use data::{Capacity, DataSettings, Range};
pub use domain::Domain;
pub use edge::{EdgeSettings, PriceClass};
pub use encryption::EncryptionSettings;
pub use jobs::JobsSettings;
pub use logs::{LogsSettings, RETENTION_DAYS, Retention};
pub(crate) use network::is_region;
pub use network::{FlowLogs, InterfaceEndpoint, NatGateways, NetworkSettings, Zones};
pub use oidc::OidcSettings;
pub use operation::OperationSettings;
pub use section::{Choice, Problems, Refused, Section};
pub use socket::SocketSettings;

/// The keys that hold one value; every other key is a capability with settings below it.
const FUNCTIONS: &str = "functions";
const PAGE: &str = "page";
const REDIS_URL: &str = "redisUrl";

/// What a stage is like.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The stage.
    pub stage: Stage,
    /// The folder of built functions: `<function>/bootstrap` below it.
    pub functions: String,
    /// The folder of the built page: `index.html` in it.
    pub page: String,
    /// The network, if there is one.
    pub network: Option<NetworkSettings>,
    /// The cache.
    pub cache: CacheSettings,
    /// The tables.
    pub data: DataSettings,
    /// Whose keys encrypt what is kept.
    pub encryption: EncryptionSettings,
    /// The logs.
    pub logs: LogsSettings,
    /// The functions.
    pub compute: ComputeSettings,
    /// The API.
    pub api: ApiSettings,
    /// The page, and the network in front of both.
    pub edge: EdgeSettings,
    /// Operation.
    pub operation: OperationSettings,
    /// The socket.
    pub socket: SocketSettings,
    /// Queues of jobs.
    pub jobs: JobsSettings,
}

impl Settings {
    /// The defaults of a stage.
    pub fn of(stage: Stage) -> Self {
        Self {
            stage,
            functions: "target/functions".to_owned(),
            page: "app/dashboard/dist".to_owned(),
            network: NetworkSettings::of(stage),
            cache: CacheSettings::of(stage),
            data: DataSettings::of(stage),
            encryption: EncryptionSettings::of(stage),
            logs: LogsSettings::of(stage),
            compute: ComputeSettings::of(stage),
            api: ApiSettings::of(stage),
            edge: EdgeSettings::of(stage),
            operation: OperationSettings::of(stage),
            socket: SocketSettings::of(stage),
            jobs: JobsSettings::of(stage),
        }
    }

    /// The defaults of a stage with what the configuration changes in them.
    ///
    /// # Errors
    /// Everything that is wrong with the configuration, together.
    pub fn read(stage: Stage, configuration: Configuration) -> Result<Self, Refused> {
        let mut problems = Problems::default();
        let settings = Self::read_into(stage, configuration, &mut problems);
        problems.finish(settings)
    }

    /// As [`read`](Self::read), for who has more to say.
    pub fn read_into(stage: Stage, configuration: Configuration, problems: &mut Problems) -> Self {
        let mut settings = Self::of(stage);
        let mut top = Section::top(configuration, problems);
        top.text(FUNCTIONS, &mut settings.functions, |text| Ok(text.to_owned()));
        top.text(PAGE, &mut settings.page, |text| Ok(text.to_owned()));
        settings.read_cache(&mut top);
        NetworkSettings::read(&mut settings.network, &mut top);
        top.section("data", |section| settings.data.read(section));
        top.section("encryption", |section| settings.encryption.read(section));
        top.section("logs", |section| settings.logs.read(section));
        top.section("compute", |section| settings.compute.read(section));
        top.section("api", |section| settings.api.read(section));
        top.section("edge", |section| settings.edge.read(section));
        top.section("operation", |section| settings.operation.read(section));
        top.section("socket", |section| settings.socket.read(section));
        top.section("jobs", |section| settings.jobs.read(section));
        top.finish();
        settings.check(problems);
        settings
    }

    /// A cache somewhere else takes the place of the stage's own, and with it the network goes, which is there for it;
    /// unless the network is configured.
    fn read_cache(&mut self, top: &mut Section<'_>) {
        let (elsewhere, own) = (top.has(REDIS_URL), top.has("cache"));
        if elsewhere {
            if own {
                top.problem(format!(
                    "{0}:{REDIS_URL} is set together with {0}:cache: expected one of them, since one is a cache \
                     somewhere else and the other this stack's own",
                    crate::stack::PROJECT
                ));
            }
            self.cache = CacheSettings::Elsewhere(CacheEndpoint::None);
            if !top.has("network") {
                self.network = None;
            }
        }
        // It may hold a password.
        top.hide(REDIS_URL);
        top.text(REDIS_URL, &mut self.cache, |text| {
            let endpoint = CacheEndpoint::parse(text);
            endpoint
                .map(CacheSettings::Elsewhere)
                .ok_or_else(|| format!("expected {}", CacheEndpoint::EXPECTED))
        });
        top.section("cache", |section| self.cache.read(section));
    }

    /// What must hold of all settings together.
    fn check(&self, problems: &mut Problems) {
        if let Some(network) = &self.network {
            network.check(problems);
        }
        if let CacheSettings::Managed(cache) = &self.cache {
            cache.check(problems);
            if self.network.is_none() {
                problems.add(
                    "miyabi:cache is this stack's own and miyabi:network.enabled is false: expected a network, \
                     which the cache is in",
                );
            }
        }
        self.data.check(problems);
        self.compute.check(problems);
        self.api.check(self.stage, problems);
        self.edge.check(problems);
        self.operation.check(self.stage, problems);
        self.check_ways_out(problems);
    }

    /// A function inside of the network reaches nothing outside of it by itself; a call would hang until its timeout.
    fn check_ways_out(&self, problems: &mut Problems) {
        let Some(network) = &self.network else { return };
        let sends_jobs = self.in_network(Function::TaskApi) && !self.jobs.sizes.is_empty();
        if sends_jobs
            && network.nat_gateways == NatGateways::None
            && !network.interface_endpoints.contains(&InterfaceEndpoint::Sqs)
        {
            problems.add(
                "miyabi:jobs.sizes is set, and the API is inside of the network, which has no way to the queues: expected sqs \
                 among miyabi:network.interfaceEndpoints, or miyabi:network.natGateways one or one-per-zone",
            );
        }
        let reads_logs = |function: &Function| {
            self.in_network(*function)
                && function.declaration().access.iter().any(|access| matches!(access, Access::ReadLogs(_)))
        };
        if network.nat_gateways != NatGateways::None
            || network.interface_endpoints.contains(&InterfaceEndpoint::Logs)
        {
            return;
        }
        for function in Function::ALL.into_iter().filter(reads_logs) {
            problems.add(format!(
                "{} reads logs from inside of the network, which has no way to them: expected logs among \
                 miyabi:network.interfaceEndpoints, or miyabi:network.natGateways one or one-per-zone",
                function.name()
            ));
        }
    }

    /// The functions that this stage has: who pushes needs a socket to push to, and who keeps keys needs an issuer.
    pub fn functions(&self) -> impl Iterator<Item = Function> {
        let socket = self.socket.enabled;
        let issuer = matches!(self.api.authorizer, Authorizer::Cognito | Authorizer::Oidc);
        Function::ALL.into_iter().filter(move |function| match function {
            Function::Push => socket,
            Function::IssuerKeys => issuer,
            _ => true,
        })
    }

    /// The tables that this stage has.
    pub fn tables(&self) -> impl Iterator<Item = Table> {
        let socket = self.socket.enabled;
        Table::ALL.into_iter().filter(move |table| socket || *table != Table::Connections)
    }

    /// Whether a function runs inside of the network: only where it needs the cache, because from there it reaches nothing
    /// else by itself.
    pub fn in_network(&self, function: Function) -> bool {
        matches!(self.cache, CacheSettings::Managed(_))
            && function.declaration().access.contains(&Access::Cache)
    }
}
