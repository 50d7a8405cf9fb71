//! The infrastructure, the functions and the page, in the emulator.

use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, bail};
use miyabi_local::deploy::{
    Emulator, Outputs, StackChange, StackDeployment, Synthesis, deploy_stack, synthesise, upload_page,
};
use miyabi_local::probe;
use miyabi_shared::Function;

use crate::checkout::Checkout;
use crate::console::{self, Step};
use crate::settings::{Provider, Settings};

/// A function's first call may have to wait for a busy machine.
const HEALTH_LIMIT: Duration = Duration::from_secs(30);

/// Makes the emulator hold what the infrastructure program says.
pub(super) async fn deploy(
    checkout: &Checkout,
    settings: &Settings,
    functions: &Path,
    redis_url: &str,
) -> anyhow::Result<Outputs> {
    let endpoint = settings.endpoint();
    // LocalStack has no WebSocket APIs: viewers look again now and then.
    let sockets = (settings.provider == Provider::MiniStack).then_some(endpoint.as_str());
    let synthesis = synthesis(checkout, functions, redis_url, sockets).await?;
    let emulator = Emulator::new(&endpoint);
    let step = Step::begin("deploying Miyabi");
    let mut deployment = deploy_stack(&emulator, &synthesis).await?;
    if deployment.change == StackChange::Created {
        empty_cache(settings).await;
    }
    let mut health = healthy(&emulator, &deployment.outputs).await;
    if health.is_err() && deployment.change == StackChange::None {
        // What the emulator brought back from its last run does not work.
        step.failed("what was deployed does not answer any more");
        console::note("deploying everything anew; the tasks stored in the emulator are lost");
        return anew(&emulator, &synthesis, settings).await;
    }
    if health.is_err() {
        // A function that is replaced while it answers may fail once.
        health = healthy(&emulator, &deployment.outputs).await;
    }
    health?;
    step.done(&describe(&mut deployment));
    Ok(deployment.outputs)
}

async fn anew(emulator: &Emulator, synthesis: &Synthesis, settings: &Settings) -> anyhow::Result<Outputs> {
    let step = Step::begin("deploying Miyabi");
    emulator.remove_stack().await?;
    let mut deployment = deploy_stack(emulator, synthesis).await?;
    empty_cache(settings).await;
    healthy(emulator, &deployment.outputs).await?;
    step.done(&describe(&mut deployment));
    Ok(deployment.outputs)
}

/// New tables are empty; what the cache knows was in the old ones.
async fn empty_cache(settings: &Settings) {
    probe::empty_redis(settings.redis_port).await;
}

fn describe(deployment: &mut StackDeployment) -> String {
    deployment.uploaded.sort();
    let code = match deployment.uploaded.as_slice() {
        [] => String::new(),
        functions => format!(", with new code of {}", functions.join(" and ")),
    };
    match deployment.change {
        StackChange::Created => format!("Miyabi deployed{code}"),
        StackChange::Updated => format!("Miyabi updated{code}"),
        StackChange::None => "Miyabi is deployed, and nothing changed".to_owned(),
    }
}

/// The template and the code: made anew only when something that goes into them has changed.
async fn synthesis(
    checkout: &Checkout,
    functions: &Path,
    redis_url: &str,
    sockets: Option<&str>,
) -> anyhow::Result<Synthesis> {
    let infra = checkout.binary("infra")?;
    let out = checkout.folder("synth")?;
    let mark = out.join("inputs");
    let inputs = inputs(&infra, functions, redis_url, sockets)?;
    if std::fs::read_to_string(&mark).is_ok_and(|last| last == inputs)
        && let Ok(synthesis) = Synthesis::read(&out)
    {
        return Ok(synthesis);
    }
    let step = Step::begin("making the template");
    let synthesis = synthesise(&infra, functions, &out, redis_url, sockets).await?;
    std::fs::write(&mark, inputs).with_context(|| format!("write {}", mark.display()))?;
    step.done("template made");
    Ok(synthesis)
}

/// What tells that a template would be the same: the programs that go into it, by size and time.
fn inputs(infra: &Path, functions: &Path, redis_url: &str, sockets: Option<&str>) -> anyhow::Result<String> {
    let mut text = format!("{redis_url} {}\n", sockets.unwrap_or("none"));
    let bootstraps = Function::ALL.into_iter().map(|function| functions.join(function.bootstrap_path()));
    for path in std::iter::once(infra.to_owned()).chain(bootstraps) {
        let file = std::fs::metadata(&path).with_context(|| format!("read {}", path.display()))?;
        let changed = file.modified().context("read a file's time")?;
        let changed = changed.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        text.push_str(&format!("{} {} {}\n", path.display(), file.len(), changed.as_nanos()));
    }
    Ok(text)
}

/// Waits until the API answers through the emulator.
async fn healthy(emulator: &Emulator, outputs: &Outputs) -> anyhow::Result<()> {
    let client = reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(15))
        .build()
        .context("make an HTTP client")?;
    let url = format!(
        "{}/_aws/execute-api/{}/{}/api/health",
        emulator.endpoint(),
        outputs.api_id()?,
        outputs.api_stage()?
    );
    let deadline = Instant::now() + HEALTH_LIMIT;
    loop {
        let last = match client.get(&url).send().await {
            Ok(answer) if answer.status().is_success() => return Ok(()),
            Ok(answer) => {
                let status = answer.status();
                let body = answer.text().await.unwrap_or_default();
                format!("{status}: {}", body.chars().take(500).collect::<String>())
            }
            Err(error) => format!("{error:#}"),
        };
        if Instant::now() > deadline {
            bail!(
                "Miyabi is deployed, and its API does not answer ({last}); see `./just logs task-api` and `./just logs cloud`"
            );
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Makes the page's bucket hold the built page.
pub(super) async fn page(settings: &Settings, outputs: &Outputs, folder: &Path) -> anyhow::Result<()> {
    let emulator = Emulator::new(&settings.endpoint());
    let step = Step::begin("uploading the page");
    let changes = upload_page(&emulator, outputs.dashboard_bucket()?, folder).await?;
    step.done(&match (changes.sent, changes.removed) {
        (0, 0) => "the page did not change".to_owned(),
        (sent, removed) => {
            format!("page uploaded: {sent} of {} files sent, {removed} removed", changes.files)
        }
    });
    Ok(())
}
