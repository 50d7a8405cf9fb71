//! `miyabi run`: runs a command unchanged, and tells how far it has come.
//!
//! The command's bytes go through [`pump`] to where they belong and, as a copy, into [`intake`], which never makes
//! the command wait. [`interpreter`] reads them at its own pace and puts lines and events into the spool; the
//! shipper brings them from there to the API and to CloudWatch Logs.

pub(crate) mod child;
pub mod engine;
pub(crate) mod identity;
mod intake;
pub(crate) mod interpreter;
pub(crate) mod pty;
mod pump;
mod signals;
mod summary;
mod supervise;
mod terminal;

use std::io;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use miyabi_progress::Format;
use miyabi_shared::config::Environment;
use miyabi_shared::{LogGroup, Timestamp};
use signal_hook::consts::signal::{SIGINT, SIGTERM};

use crate::arguments::RunArguments;
use crate::configuration::{self, Configuration, Credentials};
use crate::redact::{Redactor, Rules};
use crate::ship::EventSink;
use crate::ship::shipper::{Shipper, Status, Wait};
use crate::spool::{self, Meta, Remaining, Spool, UNSENT_BYTES};
use intake::Intake;
use interpreter::{Interpreter, Outcome};
use miyabi_client::chain;
use summary::Summary;
use terminal::Terminals;

/// How long unsent output is waited for after the command has ended, where the user says nothing.
const WAIT: Duration = Duration::from_secs(5);
/// The same where megabytes of output are unsent: this share of the time that the command took, and at least…
const FLOOD_SHARE: f64 = 0.02;
/// …this.
const FLOOD_LEAST: Duration = Duration::from_millis(250);

/// `miyabi run`.
pub(crate) fn run(
    arguments: &RunArguments,
    api_url: Option<&str>,
    environment: &dyn Environment,
) -> io::Result<ExitCode> {
    let configuration = Configuration::find(api_url, environment, &configuration::places(environment));
    let rules = match Rules::of_run(arguments, environment) {
        Ok(rules) => Arc::new(rules),
        Err(error) => {
            eprintln!("miyabi: {}", chain(&error));
            return Ok(ExitCode::from(2));
        }
    };
    let redactor = Redactor::new(rules);
    let identity = identity::identify(arguments, &configuration, environment, &redactor);
    let group = LogGroup::for_task_type(&identity.task.task_type);
    let meta = Meta {
        task: identity.task,
        attempt: identity.attempt,
        api_url: configuration.api_url.clone(),
        logs: configuration.logs(group),
    };
    let configured = meta.api_url.is_some() || meta.logs.is_some();
    if !configured {
        eprintln!("miyabi: {}. The command runs without it.", configuration::NOT_CONFIGURED);
    }
    let summary = Summary::new(arguments, &meta, configuration.task_url(meta.task_id()));
    if configured {
        summary.started();
    }
    let variables =
        [("MIYABI_TASK_ID", meta.task_id().to_owned()), ("MIYABI_ATTEMPT", meta.attempt.to_string())];
    let variables = if configured { &variables[..] } else { &[] };
    let began = (Instant::now(), Timestamp::now());
    // Signals are taken before there is a command that could miss them.
    let signals = supervise::take()?;
    let started = child::start(&arguments.command, variables);

    let reporter = configured.then(|| {
        let several = started.as_ref().is_ok_and(|running| running.outputs.len() > 1);
        let root = spool::root(environment);
        let ways = Ways { sink: None, credentials: configuration.credentials.clone() };
        Reporter::start(meta, ways, root, arguments.format, several, began.1, redactor)
    });
    let intake = reporter.as_ref().map_or_else(Intake::closed, |reporter| Arc::clone(&reporter.intake));
    let (outcome, end) = match started {
        Ok(running) => {
            let (end, asked) = supervise::supervise(running, signals, &intake)?;
            (Outcome::Ended { end, asked }, end)
        }
        Err(error) => {
            let program = arguments.command.first().cloned().unwrap_or_default();
            let (code, message) = child::cannot_start(&program, &error);
            eprintln!("{message}");
            (Outcome::NotStarted { code, message }, child::End::Exited(i32::from(code)))
        }
    };
    if let Some(reporter) = reporter {
        // A flood of output must not hold up the end for long, except where the user wants to wait for it.
        let wait = match arguments.wait {
            Some(seconds) => {
                Wait { longest: Duration::from_secs(seconds), flood: Duration::from_secs(seconds) }
            }
            None => {
                Wait { longest: WAIT, flood: began.0.elapsed().mul_f64(FLOOD_SHARE).clamp(FLOOD_LEAST, WAIT) }
            }
        };
        reporter.finish(outcome, wait, &summary, began.0);
    }
    Ok(end.pass_on())
}

/// What tells of a command while it runs: a thread that reads its output, and one that sends.
struct Reporter {
    spool: Arc<Spool>,
    status: Arc<Status>,
    intake: Arc<Intake>,
    outcome: mpsc::Sender<Outcome>,
    reader: io::Result<JoinHandle<()>>,
    shipper: io::Result<Shipper>,
}

/// How what is told gets to where it belongs.
struct Ways {
    /// What takes the events, where that is not the API.
    sink: Option<Arc<dyn EventSink>>,
    credentials: Credentials,
}

impl Reporter {
    fn start(
        meta: Meta,
        ways: Ways,
        root: Option<std::path::PathBuf>,
        format: Format,
        several: bool,
        started: Timestamp,
        redactor: Redactor,
    ) -> Self {
        let spool = Arc::new(Spool::create(root.as_deref(), meta, UNSENT_BYTES));
        let status = Arc::new(Status::default());
        let intake = Arc::new(Intake::new(spool.path()));
        let (outcome, ended) = mpsc::channel();
        let reader = {
            let (spool, status, intake) = (Arc::clone(&spool), Arc::clone(&status), Arc::clone(&intake));
            thread::Builder::new().name("read".to_owned()).spawn(move || {
                // The command goes first.
                let _ = rustix::process::nice(2);
                let mut interpreter = Interpreter::begin(&spool, &status, format, several, started, redactor);
                interpreter.read(&intake);
                if let Ok(outcome) = ended.recv() {
                    interpreter.end(outcome);
                }
            })
        };
        if reader.is_err() {
            intake.close();
        }
        let shipper =
            Shipper::start(Arc::clone(&spool), Arc::clone(&status), ways.sink, ways.credentials, root);
        Self { spool, status, intake, outcome, reader, shipper }
    }

    /// Sends the rest, as far as that can be waited for, and says what is left.
    fn finish(self, outcome: Outcome, wait: Wait, summary: &Summary, began: Instant) {
        // Whoever is impatient leaves the rest to a later run.
        let given_up = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM] {
            let _ = signal_hook::flag::register(signal, Arc::clone(&given_up));
        }
        let took = began.elapsed();
        let result = outcome.clone().into_result(None);
        let _ = self.outcome.send(outcome);
        self.intake.close();
        if let Ok(reader) = self.reader {
            let _ = reader.join();
        }
        let remaining = match self.shipper {
            Ok(shipper) => shipper.wait(wait, &given_up),
            Err(_) => self.spool.remaining(),
        };
        self.spool.remove_if_sent();
        let open_line = !self.intake.line_ended() && Terminals::of_this_process().error;
        summary.ended(&result, took, notice(&self.spool, &self.status, remaining), open_line);
    }
}

/// The one line on what went wrong; `None` where all went well.
fn notice(spool: &Spool, status: &Status, remaining: Remaining) -> Option<String> {
    let meta = spool.meta();
    let mut parts = Vec::new();
    let events = if meta.api_url.is_some() { remaining.events } else { 0 };
    let bytes = if meta.logs.is_some() { remaining.bytes } else { 0 };
    if events > 0 || bytes > 0 {
        let mut what = Vec::new();
        if events > 0 {
            what.push(format!("{events} events"));
        }
        if bytes > 0 {
            what.push(format!("{} of output", size(bytes)));
        }
        let kept = match (spool.path(), spool.trouble()) {
            (Some(_), None) => {
                format!("kept and will be sent by the next run or by `miyabi flush {}`", meta.task_id())
            }
            (_, trouble) => {
                format!("lost, because it could not be kept on disk ({})", trouble.unwrap_or_default())
            }
        };
        let why = [status.api.error(), status.logs.error()].into_iter().flatten().next();
        let why = why.map_or_else(String::new, |why| format!(" ({why})"));
        parts.push(format!("{} not sent yet{why}; {kept}", what.join(" and ")));
    }
    let (lines, dropped) = spool.dropped();
    if dropped > 0 {
        parts.push(format!(
            "{lines} lines ({}) were left out of the log: printed faster than sent",
            size(dropped)
        ));
    }
    parts.extend(status.api.notes());
    parts.extend(status.logs.notes());
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// A number of bytes, as people say it.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}
