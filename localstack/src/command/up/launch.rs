//! Starts the parts that do not run yet, or run with something else than they should.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use miyabi_local::deploy::Outputs;
use miyabi_local::worker::worker_config;
use miyabi_local::{EmulatorSettings, HIDDEN_FROM_EMULATOR, probe};

use miyabi_shared::{Timestamp, local};

use super::Started;
use crate::checkout::{Checkout, variable};
use crate::command::status;
use crate::console::{self, Step};
use crate::daemon::Launch;
use crate::parts::{Part, State};
use crate::settings::Settings;

/// Redis is a cache: it starts empty, and losing it loses nothing.
pub(super) async fn redis(checkout: &Checkout, settings: &Settings, started: &Started) -> anyhow::Result<()> {
    let port = settings.redis_port;
    let program = variable("MIYABI_REDIS_SERVER").unwrap_or_else(|| "redis-server".to_owned());
    let arguments = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--port"];
    let launch = Launch {
        part: Part::Redis,
        fingerprint: format!("{program} {port}"),
        program: program.into(),
        arguments: arguments.into_iter().map(str::to_owned).chain([port.to_string()]).collect(),
        variables: Vec::new(),
        hidden: &[],
        folder: checkout.folder("redis")?,
        port,
        ready_limit: Duration::from_secs(20),
    };
    ensure(checkout, &launch, started, |id| probe::redis_answers(port, id)).await
}

/// The emulator, with IAM enforced as on AWS, and its state kept.
pub(super) async fn emulator(
    checkout: &Checkout,
    settings: &Settings,
    started: &Started,
) -> anyhow::Result<()> {
    let port = settings.cloud_port;
    if matches!(Part::Cloud.state(checkout), State::Crashed(_)) {
        // The emulator comes back as it was when it was last stopped; the cache may know of more.
        probe::empty_redis(settings.redis_port).await;
    }
    let program = variable("MIYABI_MINISTACK").unwrap_or_else(|| "ministack".to_owned());
    let settings = EmulatorSettings {
        port,
        auth: true,
        redis_port: Some(settings.redis_port),
        state: checkout.folder("cloud")?,
        keep_state: true,
        scratch: checkout.folder("scratch")?,
    };
    let variables = settings.variables();
    let launch = Launch {
        part: Part::Cloud,
        fingerprint: format!("{program} {variables:?}"),
        program: program.into(),
        arguments: Vec::new(),
        variables,
        hidden: HIDDEN_FROM_EMULATOR,
        folder: checkout.folder("cloud")?,
        port,
        ready_limit: Duration::from_secs(90),
    };
    ensure(checkout, &launch, started, |_| probe::emulator_answers(port)).await
}

/// The edge: this program in the background. A new build of it, or a new API behind it, means a new one.
pub(super) async fn edge(
    checkout: &Checkout,
    settings: &Settings,
    outputs: &Outputs,
    started: &Started,
) -> anyhow::Result<()> {
    let port = settings.edge_port;
    let program = std::env::current_exe().context("find this program's file")?;
    let mut arguments: Vec<String> = [
        "edge",
        "--port",
        &port.to_string(),
        "--endpoint",
        &settings.endpoint(),
        "--api-id",
        outputs.api_id()?,
        "--api-stage",
        outputs.api_stage()?,
        "--bucket",
        outputs.dashboard_bucket()?,
    ]
    .map(str::to_owned)
    .to_vec();
    if let Some((id, stage)) = outputs.socket() {
        arguments.extend(["--socket-id", id, "--socket-stage", stage].map(str::to_owned));
    }
    let launch = Launch {
        part: Part::Edge,
        fingerprint: format!("{} {}", version(&program), arguments.join(" ")),
        program,
        arguments,
        variables: Vec::new(),
        hidden: HIDDEN_FROM_EMULATOR,
        folder: checkout.root().to_owned(),
        port,
        ready_limit: Duration::from_secs(20),
    };
    ensure(checkout, &launch, started, |id| probe::edge_answers(port, id)).await
}

/// The worker, unless the developer wants none. It is there once the API knows of it.
pub(super) async fn worker(
    checkout: &Checkout,
    settings: &Settings,
    started: &Started,
) -> anyhow::Result<()> {
    if !settings.worker {
        Part::Worker.stop(checkout)?;
        return Ok(());
    }
    let program = checkout.binary("miyabi-worker")?;
    let config = worker_config(&settings.redis_url());
    let variables: Vec<(String, String)> = config
        .to_env()
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .chain(
            [
                (local::AWS_ENDPOINT_URL, settings.endpoint()),
                (local::AWS_REGION, local::REGION.to_owned()),
                (local::AWS_ACCESS_KEY_ID, "test".to_owned()),
                (local::AWS_SECRET_ACCESS_KEY, "test".to_owned()),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        )
        .collect();
    let launch = Launch {
        part: Part::Worker,
        fingerprint: format!("{} {variables:?}", version(&program)),
        program,
        arguments: Vec::new(),
        variables,
        hidden: HIDDEN_FROM_EMULATOR,
        folder: checkout.folder("worker")?,
        port: 0,
        ready_limit: Duration::from_secs(60),
    };
    let (begun, port) = (Timestamp::now(), settings.edge_port);
    ensure(checkout, &launch, started, |_| probe::worker_takes_jobs(port, begun)).await
}

/// Tells one build of a program from the next.
fn version(program: &Path) -> String {
    let file = std::fs::metadata(program).and_then(|file| Ok((file.len(), file.modified()?)));
    format!("{:?} {file:?}", PathBuf::from(program))
}

/// Starts a part unless it runs, answers, and is what it should be.
async fn ensure<F: Future<Output = bool>>(
    checkout: &Checkout,
    launch: &Launch,
    started: &Started,
    ready: impl FnMut(u32) -> F,
) -> anyhow::Result<()> {
    let part = launch.part;
    let mut again = "";
    match part.state(checkout) {
        State::Stopped => {}
        State::Running(record) => {
            if record.fingerprint != launch.fingerprint {
                again = " again, because it changed";
            } else if !status::answers(part, record.port, record.process.id).await {
                console::note(&format!("{} ran and did not answer", part.title()));
                again = " again";
            } else {
                Step::begin(part.title()).done(&format!("{} runs already", part.title()));
                return Ok(());
            }
            part.stop(checkout)?;
        }
        State::Crashed(record) => {
            console::note(&format!(
                "{} (process {}) had ended without being asked; the end of its log is in {}",
                part.title(),
                record.process.id,
                checkout.log(part.name()).display()
            ));
            if part == Part::Cloud {
                console::note(
                    "the emulator keeps what was stored when it is stopped: tasks since its last start are lost",
                );
            }
            again = " again";
            part.stop(checkout)?;
        }
    }
    let step = Step::begin(&format!("starting {}", part.title()));
    started.add(part);
    launch.start(checkout, ready).await?;
    step.done(&format!("{} started{again}", part.title()));
    Ok(())
}
