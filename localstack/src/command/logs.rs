//! Shows what the parts and the functions printed.

use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};
use miyabi_local::deploy::Emulator;
use miyabi_shared::Function;
use miyabi_shared::config::ProcessEnvironment;

use crate::checkout::Checkout;
use crate::console;
use crate::parts::{Part, State};
use crate::settings::Settings;

const POLL: Duration = Duration::from_millis(500);
/// Of a file's end, so much is read.
const TAIL_BYTES: u64 = 256 * 1024;

/// Which output, and how much of it.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// redis, cloud, edge, worker, page, or a function: task-api, progress-collector. Without it, the end of each.
    what: Option<String>,
    /// Go on showing what is added.
    #[arg(short, long)]
    follow: bool,
    /// So many lines from the end.
    #[arg(short = 'n', long, default_value_t = 100)]
    lines: usize,
}

/// Shows one output, or the end of each.
pub(crate) async fn run(checkout: &Checkout, arguments: &Arguments) -> anyhow::Result<()> {
    let Some(what) = &arguments.what else {
        if arguments.follow {
            bail!("say which output to follow: {}", names());
        }
        return overview(checkout, arguments.lines.min(15)).await;
    };
    if let Some(function) = Function::ALL.into_iter().find(|function| function.name() == what) {
        return function_log(checkout, function, arguments.lines, arguments.follow).await;
    }
    if what == "page" || Part::ALL.into_iter().any(|part| part.name() == what) {
        return file_log(&checkout.log(what), arguments.lines, arguments.follow).await;
    }
    bail!("there is no output {what:?}: choose from {}", names())
}

fn names() -> String {
    let parts = Part::ALL.into_iter().map(Part::name);
    let functions = Function::ALL.into_iter().map(Function::name);
    parts.chain(["page"]).chain(functions).collect::<Vec<_>>().join(", ")
}

async fn overview(checkout: &Checkout, lines: usize) -> anyhow::Result<()> {
    for name in Part::ALL.into_iter().map(Part::name).chain(["page"]) {
        console::print(&format!("--- {name} (.local/log/{name}.log)\n"));
        if checkout.log(name).exists() {
            file_log(&checkout.log(name), lines, false).await?;
        }
    }
    for function in Function::ALL {
        console::print(&format!("--- {} ({})\n", function.name(), function.own_log_group()));
        if let Err(error) = function_log(checkout, function, lines, false).await {
            console::print(&format!("({error})\n"));
        }
    }
    Ok(())
}

async fn file_log(path: &Path, lines: usize, follow: bool) -> anyhow::Result<()> {
    let mut file = std::fs::File::open(path)
        .with_context(|| format!("open {}; it is made when the part starts", path.display()))?;
    let length = file.metadata().context("read its length")?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL_BYTES))).context("read its end")?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).context("read its end")?;
    let text = String::from_utf8_lossy(&bytes);
    let all: Vec<&str> = text.lines().collect();
    for line in &all[all.len().saturating_sub(lines)..] {
        console::print(&format!("{line}\n"));
    }
    if !follow {
        return Ok(());
    }
    loop {
        tokio::time::sleep(POLL).await;
        bytes.clear();
        file.read_to_end(&mut bytes).context("read on")?;
        let mut out = std::io::stdout().lock();
        out.write_all(&bytes).and_then(|()| out.flush()).context("write")?;
    }
}

async fn function_log(
    checkout: &Checkout,
    function: Function,
    lines: usize,
    follow: bool,
) -> anyhow::Result<()> {
    let endpoint = match Part::Cloud.state(checkout) {
        State::Running(record) => format!("http://127.0.0.1:{}", record.port),
        _ => Settings::read(&ProcessEnvironment)?.endpoint(),
    };
    let emulator = Emulator::new(&endpoint);
    let mut from = 0;
    let mut first = true;
    loop {
        let mut events = Vec::new();
        let mut token = None;
        loop {
            let page = emulator
                .logs()
                .filter_log_events()
                .log_group_name(function.own_log_group())
                .start_time(from)
                .set_next_token(token)
                .send()
                .await
                .context("read the function's log; is the local cloud up?")?;
            events.extend(page.events().iter().filter_map(|event| {
                Some((event.timestamp()?, event.message().unwrap_or_default().trim_end().to_owned()))
            }));
            token = page.next_token().map(str::to_owned);
            if token.is_none() {
                break;
            }
        }
        events.sort_by_key(|(time, _)| *time);
        let skipped = if first { events.len().saturating_sub(lines) } else { 0 };
        for (_, message) in &events[skipped..] {
            console::print(&format!("{message}\n"));
        }
        if !follow {
            return Ok(());
        }
        from = events.last().map_or(from, |(time, _)| time + 1);
        first = false;
        tokio::time::sleep(POLL).await;
    }
}
