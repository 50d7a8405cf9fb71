//! Says what runs.

use std::process::ExitCode;

use miyabi_local::deploy::Emulator;
use miyabi_local::{probe, process};
use miyabi_shared::config::ProcessEnvironment;

use crate::checkout::Checkout;
use crate::console;
use crate::containers;
use crate::parts::{Part, State};
use crate::settings::Settings;

/// What a script can tell "not everything runs" by.
const NOT_RUNNING: u8 = 3;

/// Shows every part's state.
pub(crate) async fn run(checkout: &Checkout) -> anyhow::Result<ExitCode> {
    let settings = Settings::read(&ProcessEnvironment)?;
    let mut rows = vec![row(["part", "state", "address", "log"])];
    let mut all_run = true;
    for part in Part::ALL {
        if matches!(part, Part::Redis | Part::Cloud) && containers::are_ours(checkout) {
            rows.push(row([part.title(), "in a container", "", "docker compose logs"]));
            continue;
        }
        if part == Part::Worker && !settings.worker && part.state(checkout) == State::Stopped {
            rows.push(row([part.title(), "off, by MIYABI_WORKER", "", ""]));
            continue;
        }
        let (state, address) = match part.state(checkout) {
            State::Stopped => ("stopped".to_owned(), String::new()),
            State::Crashed(record) => {
                let text = format!(
                    "ended by itself (it was process {}); ./just up starts it again",
                    record.process.id
                );
                (text, String::new())
            }
            State::Running(record) => {
                let age = process::age(&record.process).map(|age| format!(" for {}", console::seconds(age)));
                let state = if answers(part, record.port, record.process.id).await {
                    format!("runs{} (process {})", age.unwrap_or_default(), record.process.id)
                } else {
                    format!("runs as process {}, and does not answer", record.process.id)
                };
                (state, address(part, record.port))
            }
        };
        all_run &= state.starts_with("runs for") || state.starts_with("runs (");
        rows.push(row([part.title(), &state, &address, &format!(".local/log/{}.log", part.name())]));
    }
    rows.push(stack(checkout, &settings, &mut all_run).await);
    console::print(&console::table(&rows));
    if !all_run {
        console::print("\n  ./just up starts what is missing.\n");
    }
    Ok(if all_run { ExitCode::SUCCESS } else { ExitCode::from(NOT_RUNNING) })
}

/// Whether a part answers on its port.
pub(crate) async fn answers(part: Part, port: u16, id: u32) -> bool {
    match part {
        Part::Redis => probe::redis_answers(port, id).await,
        Part::Cloud => probe::emulator_answers(port).await,
        Part::Edge => probe::edge_answers(port, id).await,
        // It has no port to ask; that it runs was seen.
        Part::Worker => true,
    }
}

fn address(part: Part, port: u16) -> String {
    match part {
        Part::Redis => format!("redis://127.0.0.1:{port}"),
        Part::Cloud | Part::Edge => format!("http://127.0.0.1:{port}"),
        Part::Worker => "takes jobs from the queues".to_owned(),
    }
}

/// The state of what is deployed in the emulator.
async fn stack(checkout: &Checkout, settings: &Settings, all_run: &mut bool) -> Vec<String> {
    let endpoint = match Part::Cloud.state(checkout) {
        State::Running(record) => format!("http://127.0.0.1:{}", record.port),
        _ if containers::are_ours(checkout) => settings.endpoint(),
        _ => return row(["Miyabi in it", "unknown while the emulator does not run", "", ""]),
    };
    let state = match Emulator::new(&endpoint).outputs().await {
        Ok(Some(_)) => "deployed",
        Ok(None) => "not deployed",
        Err(_) => "unknown: the emulator does not say",
    };
    *all_run &= state == "deployed";
    row(["Miyabi in it", state, "", "./just logs task-api"])
}

fn row(cells: [&str; 4]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}
