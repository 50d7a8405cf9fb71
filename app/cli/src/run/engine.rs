//! Running a job for somebody else, as `miyabi run` runs a command: the same reading of its output, the same two roads. Where the
//! direct road leads, the caller says ([`EventSink`]): who has the tables needs no API.
//!
//! What differs: the command has no terminal, is a process group of its own, and is ended by who started it
//! ([`Handle`]) and not by signals to this process. Nothing of an earlier run is sent along, and what could not be sent is
//! told instead of kept.

use std::fs::OpenOptions;
use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use miyabi_progress::Format;
use miyabi_shared::config::Environment;
use miyabi_shared::event::{CreateTask, ResultEvent, ResultStatus};
use miyabi_shared::{LogGroup, Timestamp};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use super::child::{End, Output, cannot_start, pid_of};
use super::intake::{Intake, Source};
use super::interpreter::Outcome;
use super::{Reporter, Ways, pump};
use crate::configuration::Configuration;
use crate::redact::{Redactor, Rules};
use crate::ship::shipper::Wait;
pub use crate::ship::{Answer, EventSink, Refusal};
use crate::spool::Meta;

/// How long unsent output is waited for after the command has ended.
const WAIT: Duration = Duration::from_secs(5);

/// A job.
pub struct Job<'job> {
    /// Its task, with an identifier.
    pub task: CreateTask,
    /// Which attempt it is.
    pub attempt: u32,
    /// The command, with its environment; where its output goes is decided here.
    pub command: Command,
    /// What takes the task's events.
    pub sink: Arc<dyn EventSink>,
    /// Says where the logs are, and what of a run is secret.
    pub environment: &'job dyn Environment,
    /// The command's own variables, whose values are secret where their names say so.
    pub variables: Vec<(String, String)>,
    /// A folder for what is not sent yet; it is the caller's to remove.
    pub folder: &'job Path,
    /// How long a command that was told to end may take before it is killed.
    pub grace: Duration,
}

impl std::fmt::Debug for Job<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Its command shows variables.
        formatter
            .debug_struct("Job")
            .field("task", &self.task)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

/// Why a job is ended before its command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// Somebody cancelled it.
    Cancelled,
    /// It took longer than it may.
    TimedOut,
    /// It is to go on somewhere else.
    HandedBack,
    /// Somebody else has it by now: it must end at once, and what it did is told no more.
    Lost,
}

enum Signalled {
    Ended,
    Stop(Stop),
}

/// Ends a job that runs. It stays valid when the job has ended.
#[derive(Debug, Clone)]
pub struct Handle(mpsc::Sender<Signalled>);

impl std::fmt::Debug for Signalled {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Ended => "Ended",
            Self::Stop(_) => "Stop",
        })
    }
}

impl Handle {
    /// Ends the job: TERM to everything that it started, and KILL when the grace is over.
    pub fn stop(&self, stop: Stop) {
        // It may have ended by itself.
        let _ = self.0.send(Signalled::Stop(stop));
    }
}

/// How the command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// By itself with this code, or 128 + n by signal n.
    pub code: i32,
    /// Whether it did what it should.
    pub succeeded: bool,
    /// Why it was ended, where somebody did.
    pub stopped: Option<Stop>,
    /// What the end was, for people.
    pub message: Option<String>,
}

/// What is told of the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// The task has ended, so.
    Result(ResultEvent),
    /// Another attempt follows; why, for people.
    Unfinished(String),
}

/// What became of a job.
#[derive(Debug)]
pub struct Finished {
    /// How the command ended.
    pub ended: Ended,
    /// What was told of it.
    pub told: Told,
    /// How many events were not taken.
    pub unsent_events: usize,
    /// How many bytes of output are not in the log.
    pub unsent_bytes: u64,
}

/// A job that is about to run.
#[derive(Debug)]
pub struct Engine<'job> {
    job: Job<'job>,
    told: mpsc::Receiver<Signalled>,
    tell: mpsc::Sender<Signalled>,
}

impl<'job> Engine<'job> {
    /// A job, and what ends it.
    pub fn new(job: Job<'job>) -> (Self, Handle) {
        let (tell, told) = mpsc::channel();
        (Self { job, told, tell: tell.clone() }, Handle(tell))
    }

    /// Runs the command to its end, on this thread. `decide` says what is told of the end.
    ///
    /// # Errors
    /// When threads cannot be made; whatever the command does is no error.
    pub fn run(self, decide: impl FnOnce(&Ended) -> Told) -> io::Result<Finished> {
        let Self { mut job, told, tell } = self;
        let configuration = Configuration::find(None, job.environment, &[]);
        let group = LogGroup::for_task_type(&job.task.task_type);
        let meta = Meta {
            task: CreateTask { run: None, ..job.task.clone() },
            attempt: job.attempt,
            api_url: None,
            logs: configuration.logs(group),
        };
        let redactor = Redactor::new(Arc::new(Rules::new(&job.variables, Vec::new())));
        let (begun, started) = (Instant::now(), Timestamp::now());
        let spawned = spawn(&mut job.command);
        let root = Some(job.folder.to_owned());
        let ways = Ways { sink: Some(job.sink), credentials: configuration.credentials };
        let reporter = Reporter::start(meta, ways, root, Format::Auto, false, started, redactor);
        let ended = match spawned {
            Ok((process, output)) => supervise(process, output, &reporter.intake, &told, tell, job.grace)?,
            Err(error) => {
                let (code, message) = cannot_start(job.command.get_program(), &error);
                let message = message.strip_prefix("miyabi: ").map(str::to_owned).unwrap_or(message);
                Ended { code: i32::from(code), succeeded: false, stopped: None, message: Some(message) }
            }
        };
        let decided = decide(&ended);
        let outcome = match &decided {
            Told::Result(result) => Outcome::Told(result.clone()),
            Told::Unfinished(message) => Outcome::Unfinished { message: message.clone() },
        };
        let flood = begun.elapsed().mul_f64(super::FLOOD_SHARE).clamp(super::FLOOD_LEAST, WAIT);
        // Who lost its job has nothing to say any more.
        let longest = if ended.stopped == Some(Stop::Lost) { Duration::ZERO } else { WAIT };
        let remaining = reporter.end(outcome, Wait { longest, flood: flood.min(longest) });
        Ok(Finished { ended, told: decided, unsent_events: remaining.events, unsent_bytes: remaining.bytes })
    }
}

impl Reporter {
    /// Sends the rest, as far as that can be waited for.
    fn end(self, outcome: Outcome, wait: Wait) -> crate::spool::Remaining {
        let _ = self.outcome.send(outcome);
        self.intake.close();
        if let Ok(reader) = self.reader {
            let _ = reader.join();
        }
        let remaining = match self.shipper {
            Ok(shipper) => shipper.wait(wait, &AtomicBool::new(false)),
            Err(_) => self.spool.remaining(),
        };
        self.spool.remove_if_sent();
        remaining
    }
}

/// Starts the command: both of its streams are one pipe, which keeps their order, and nothing can be typed.
fn spawn(command: &mut Command) -> io::Result<(std::process::Child, Output)> {
    use std::os::unix::process::CommandExt as _;
    let (output, input) = io::pipe()?;
    let nowhere = OpenOptions::new().write(true).open("/dev/null")?;
    command
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::from(input.try_clone()?))
        .stderr(Stdio::from(input));
    let child = command.spawn()?;
    // Our own ends of the pipe for writing would keep it open for ever.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    Ok((child, Output { source: Source::Output, from: output.into(), to: nowhere.into() }))
}

/// Reads the output until the command has ended, by itself or because it was told to; then ends what it left behind.
fn supervise(
    mut child: std::process::Child,
    output: Output,
    intake: &Arc<Intake>,
    told: &mpsc::Receiver<Signalled>,
    tell: mpsc::Sender<Signalled>,
    grace: Duration,
) -> io::Result<Ended> {
    let process = pid_of(&child)?;
    let over = Arc::new(AtomicBool::new(false));
    let pump = {
        let (intake, over) = (Arc::clone(intake), Arc::clone(&over));
        thread::Builder::new()
            .name("output".to_owned())
            .spawn(move || pump::output(output, &intake, &over))?
    };
    // It is only looked at: until it is reaped below, its number and its group are nobody else's.
    thread::Builder::new().name("wait".to_owned()).spawn(move || {
        while let Err(rustix::io::Errno::INTR) =
            waitid(WaitId::Pid(process), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT)
        {}
        let _ = tell.send(Signalled::Ended);
    })?;
    let mut stopped = None;
    let mut kill_at: Option<Instant> = None;
    loop {
        let signalled = match kill_at {
            None => told.recv().map_err(|_| mpsc::RecvTimeoutError::Disconnected),
            Some(at) => told.recv_timeout(at.saturating_duration_since(Instant::now())),
        };
        match signalled {
            Ok(Signalled::Ended) | Err(mpsc::RecvTimeoutError::Disconnected) => break,
            Ok(Signalled::Stop(stop)) => {
                let first = stopped.is_none();
                if first || stop == Stop::Lost {
                    stopped = Some(stop);
                }
                if stop == Stop::Lost {
                    kill_group(process, Signal::KILL);
                    kill_at = None;
                } else if first {
                    kill_group(process, Signal::TERM);
                    kill_at = Some(Instant::now() + grace);
                }
            }
            Err(mpsc::RecvTimeoutError::Timeout) => {
                kill_group(process, Signal::KILL);
                kill_at = None;
            }
        }
    }
    // What it started and left is not to live on beside the next job.
    kill_group(process, Signal::KILL);
    let status = child.wait()?;
    over.store(true, Ordering::Release);
    let _ = pump.join();
    Ok(ended(status, stopped))
}

fn kill_group(process: Pid, signal: Signal) {
    // That nobody is left is no matter.
    let _ = kill_process_group(process, signal);
}

fn ended(status: ExitStatus, stopped: Option<Stop>) -> Ended {
    use std::os::unix::process::ExitStatusExt as _;
    let end = match (status.code(), status.signal()) {
        (Some(code), _) => End::Exited(code),
        (None, Some(signal)) => End::Signaled(signal),
        (None, None) => End::Exited(1),
    };
    let plain = Outcome::Ended { end, asked: None }.into_result(None);
    // A command that came to its end while it was told to has done its work.
    let stopped = stopped.filter(|_| plain.status != ResultStatus::Succeeded);
    Ended {
        code: end.code(),
        succeeded: plain.status == ResultStatus::Succeeded,
        stopped,
        message: plain.message,
    }
}
