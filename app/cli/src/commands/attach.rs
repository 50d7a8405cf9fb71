//! `miyabi attach`: a log stream that something else writes becomes a task, from its first line on.
//!
//! Every event has a sequence that follows from the stream's lines alone. So whoever attaches again, or at the same time,
//! tells the same story, and what was told before changes nothing.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use aws_sdk_cloudwatchlogs::Client as LogsClient;
use aws_sdk_cloudwatchlogs::error::{ProvideErrorMetadata, SdkError};
use miyabi_progress::control_line::{self, ControlLine};
use miyabi_progress::{Change, Parser};
use miyabi_shared::config::Environment;
use miyabi_shared::event::{CreateTask, ResultEvent};
use miyabi_shared::limits::{LABEL_CHARACTERS, NAME_CHARACTERS};
use miyabi_shared::task::HEARTBEAT;
use miyabi_shared::{EventBody, LogGroup, TaskEvent, TaskId, Timestamp};
use signal_hook::consts::signal::{SIGINT, SIGTERM};

use super::{block_on, reader_is_gone};
use crate::arguments::AttachArguments;
use crate::configuration::{self, Configuration};
use crate::guess;
use crate::redact::{self, Redactor, Rules};
use crate::ship::logs::describe;
use crate::ship::shipper::{Patience, Status, logs_client};
use crate::ship::{ApiSink, api};
use crate::spool::{Meta, Spool, UNSENT_BYTES};
use miyabi_client::Backoff;

/// How soon new lines are asked for: GetLogEvents has a quota of 10 to 25 calls a second for the whole account.
const POLL: Duration = Duration::from_secs(1);
/// How soon Ctrl-C is seen.
const LOOK: Duration = Duration::from_millis(100);
/// How long to wait for more once the output has said how the job ended.
const AFTER_RESULT: Duration = Duration::from_secs(10);
/// How long the last events may take.
const LAST: Duration = Duration::from_secs(5);
/// Room between the sequences of two changes, for the signs of life between them: four hours of silence.
const STRIDE: u64 = 1024;
/// The label that says where the lines are.
const ATTACHED: &str = "attached";

/// `miyabi attach`.
pub(crate) fn attach(
    arguments: &AttachArguments,
    api_url: Option<&str>,
    environment: &dyn Environment,
) -> anyhow::Result<ExitCode> {
    let configuration = Configuration::find(api_url, environment, &configuration::places(environment));
    let url =
        configuration.api_url.as_deref().ok_or_else(|| anyhow::anyhow!(configuration::NOT_CONFIGURED))?;
    let client = configuration.credentials.api.patient_client(url)?;
    let destination = configuration.logs(LogGroup::System).ok_or_else(|| {
        anyhow::anyhow!(
            "nothing says where the logs are; set AWS_REGION (or AWS_PROFILE) beside MIYABI_API_URL"
        )
    })?;
    for group in LogGroup::ALL {
        if configuration.logs(group).is_some_and(|logs| logs.group == arguments.log_group) {
            anyhow::bail!(
                "every stream of {} is a task already: miyabi watch {}",
                arguments.log_group,
                arguments.log_stream
            );
        }
    }
    let patterns = Rules::patterns(&environment.get(redact::PATTERNS).unwrap_or_default())?;
    let redactor = Redactor::new(Arc::new(Rules::new(&environment.all(), patterns)));
    let task = task(arguments, environment);
    let meta = Meta { task, attempt: 1, api_url: Some(url.to_owned()), logs: None };
    if !arguments.quiet {
        let place = configuration.task_url(meta.task_id());
        eprintln!("miyabi: {}", place.unwrap_or_else(|| format!("task {}", meta.task_id())));
    }
    // In memory: what is lost here is read again by whoever attaches again.
    let spool = Spool::create(None, meta, UNSENT_BYTES);
    let status = Status::default();
    let interrupted = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&interrupted))?;
    }
    block_on(async {
        let logs = logs_client(&destination, &configuration.credentials).await;
        let mut attached = Attached {
            arguments,
            spool: &spool,
            parser: Parser::new(arguments.format),
            redactor,
            changes: 0,
            signs: 0,
            heartbeat: Instant::now(),
            result: None,
        };
        let reading = async {
            let end = attached.follow(&logs, &interrupted).await;
            attached.finish(matches!(end, Ok(End::Over)));
            end
        };
        let sink = ApiSink::new(client, &spool.meta().task, spool.meta().task_id());
        let sending = api::send(&spool, &sink, &status.api, Patience::Endless);
        tokio::pin!(sending);
        let end = tokio::select! { end = reading => end?, () = &mut sending => anyhow::bail!("nothing is sent any more") };
        let sent = tokio::time::timeout(LAST, sending).await.is_ok();
        for note in status.api.notes() {
            eprintln!("miyabi: {note}");
        }
        if !sent {
            let why = status.api.error().unwrap_or_else(|| "not all events were taken in time".to_owned());
            eprintln!("miyabi: {why}; attach again to send the rest");
            return Ok(ExitCode::FAILURE);
        }
        Ok(match end {
            End::Over | End::NobodyReads => ExitCode::SUCCESS,
            End::Interrupted => {
                if !arguments.quiet {
                    eprintln!("miyabi: left; attach again to go on");
                }
                ExitCode::from(130)
            }
        })
    })
}

/// Which task the stream is.
fn task(arguments: &AttachArguments, environment: &dyn Environment) -> CreateTask {
    let place = format!("{}:{}", arguments.log_group, arguments.log_stream);
    let cut = |text: &str, most| miyabi_progress::model::cut(text, most);
    let mut labels: std::collections::BTreeMap<_, _> = arguments.labels.iter().cloned().collect();
    labels.insert(ATTACHED.to_owned(), cut(&place, LABEL_CHARACTERS));
    CreateTask {
        task_id: Some(arguments.task_id.clone().unwrap_or_else(|| id(&arguments.log_stream, &place))),
        project_id: arguments.project.clone().unwrap_or_else(|| guess::project_here(environment)),
        task_type: arguments.task_type.clone().unwrap_or_else(|| guess::task_type(&[])),
        name: cut(arguments.name.as_deref().unwrap_or(&arguments.log_stream), NAME_CHARACTERS),
        labels,
        run: None,
    }
}

/// The same identifier for the same stream, here and anywhere.
fn id(stream: &str, place: &str) -> TaskId {
    let hash = place.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let words: String = stream.chars().take(60).collect();
    TaskId::from_words(&format!("{words}-{hash:016x}"), "stream")
}

/// Why reading ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// The output said how it ended, or nothing came for long.
    Over,
    /// Someone wants to leave.
    Interrupted,
    /// Nobody reads our output any more.
    NobodyReads,
}

/// What is known of the stream so far.
struct Attached<'run> {
    arguments: &'run AttachArguments,
    spool: &'run Spool,
    parser: Parser,
    redactor: Redactor,
    /// Changes so far, told or not.
    changes: u64,
    /// Signs of life since the last one.
    signs: u64,
    heartbeat: Instant,
    result: Option<ResultEvent>,
}

impl Attached<'_> {
    /// Reads the stream from its first line on, and what follows.
    async fn follow(&mut self, logs: &LogsClient, interrupted: &AtomicBool) -> anyhow::Result<End> {
        let AttachArguments { log_group, log_stream, .. } = self.arguments;
        let mut backoff = Backoff::new(POLL, Duration::from_secs(10));
        let mut token: Option<String> = None;
        let mut last_line = Instant::now();
        loop {
            let answer = logs
                .get_log_events()
                .log_group_name(log_group)
                .log_stream_name(log_stream)
                .start_from_head(true)
                .set_next_token(token.clone())
                .send()
                .await;
            let mut wait = POLL;
            match answer {
                Ok(page) => {
                    backoff.reset();
                    let moved = page.next_forward_token().is_some_and(|next| Some(next) != token.as_deref());
                    token = page.next_forward_token().map(str::to_owned).or(token);
                    if !page.events().is_empty() {
                        last_line = Instant::now();
                        // More may be there already.
                        wait = Duration::ZERO;
                    } else if moved {
                        wait = Duration::ZERO;
                    }
                    for event in page.events() {
                        let time = Timestamp::from_millis(event.timestamp().unwrap_or_default());
                        match self.take(event.message().unwrap_or_default(), time)? {
                            Ok(()) => {}
                            Err(error) if reader_is_gone(&error) => return Ok(End::NobodyReads),
                            Err(error) => return Err(error.into()),
                        }
                    }
                    self.spool.flush();
                }
                Err(error) if error.code() == Some("ResourceNotFoundException") => {
                    anyhow::bail!("there is no log stream {log_stream} in {log_group}");
                }
                Err(error) if is_temporary(&error) && token.is_some() => wait = backoff.next(),
                Err(error) => anyhow::bail!(describe(&error)),
            }
            self.beat_if_due();
            let patience = match (self.arguments.idle, &self.result) {
                (Some(seconds), _) => Some(Duration::from_secs(seconds)),
                (None, Some(_)) => Some(AFTER_RESULT),
                (None, None) => None,
            };
            let until = Instant::now() + wait;
            loop {
                if interrupted.load(Ordering::Relaxed) {
                    return Ok(End::Interrupted);
                }
                let left = until.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    break;
                }
                tokio::time::sleep(left.min(LOOK)).await;
            }
            if !wait.is_zero() && patience.is_some_and(|patience| last_line.elapsed() >= patience) {
                return Ok(End::Over);
            }
        }
    }

    /// Prints a line, and reads it.
    fn take(&mut self, line: &str, time: Timestamp) -> anyhow::Result<io::Result<()>> {
        if self.changes == 0 {
            self.emit(EventBody::Started {}, time);
        }
        if let Some(Ok(ControlLine { stamp: Some(_), .. })) = control_line::parse(line) {
            anyhow::bail!(
                "these lines are of `miyabi run`: the task is there already, attach would tell it twice"
            );
        }
        let mut changes = Vec::new();
        for part in line.trim_end_matches(['\r', '\n']).split('\n') {
            let mut sink = |change| changes.push(change);
            self.parser.push(part.as_bytes(), time, &mut sink);
            self.parser.push(b"\n", time, &mut sink);
        }
        changes.into_iter().for_each(|change| self.change(change, time));
        if self.arguments.quiet {
            return Ok(Ok(()));
        }
        let mut output = io::stdout().lock();
        Ok(output
            .write_all(line.as_bytes())
            .and_then(|()| if line.ends_with('\n') { Ok(()) } else { output.write_all(b"\n") })
            .and_then(|()| output.flush()))
    }

    fn change(&mut self, change: Change, time: Timestamp) {
        match change {
            // The redactor knows secrets of lines before; the lines themselves stay where they are.
            Change::Line(line) => drop(self.redactor.line(line)),
            Change::Progress(progress) => self.emit(EventBody::Progress(progress), time),
            Change::Step(step) => self.emit(EventBody::Step(step), time),
            Change::Result(result) => self.result = Some(result),
        }
    }

    fn emit(&mut self, body: EventBody, time: Timestamp) {
        self.changes += 1;
        self.signs = 0;
        self.append(self.changes * STRIDE, body, time);
    }

    fn append(&mut self, sequence: u64, body: EventBody, time: Timestamp) {
        let mut event = TaskEvent { attempt: 1, sequence, time, body };
        self.redactor.event(&mut event);
        self.spool.append_event(event);
    }

    /// Tells that somebody still looks, where the stream says nothing.
    fn beat_if_due(&mut self) {
        if self.changes > 0 && self.heartbeat.elapsed() >= HEARTBEAT && self.signs + 1 < STRIDE {
            self.signs += 1;
            self.heartbeat = Instant::now();
            self.append(self.changes * STRIDE + self.signs, EventBody::Heartbeat {}, Timestamp::now());
            self.spool.flush();
        }
    }

    /// Nothing more is read. `over` says that the job is: what the output said of its end is the result.
    fn finish(&mut self, over: bool) {
        if over {
            let time = Timestamp::now();
            let mut changes = Vec::new();
            self.parser.finish(time, &mut |change| changes.push(change));
            changes.into_iter().for_each(|change| self.change(change, time));
            if let Some(result) = self.result.take() {
                self.emit(EventBody::Result(result), time);
            }
        }
        self.spool.flush();
        self.spool.finish();
    }
}

fn is_temporary<E, R>(error: &SdkError<E, R>) -> bool
where
    E: ProvideErrorMetadata,
{
    match error {
        SdkError::ServiceError(context) => {
            matches!(context.err().code(), Some("ThrottlingException" | "ServiceUnavailableException"))
        }
        SdkError::ConstructionFailure(_) => false,
        _ => true,
    }
}
