//! Reads what the command printed: lines and events into the spool, numbered once for both roads.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use miyabi_progress::control_line::{self, ControlLine, Run};
use miyabi_progress::{Change, Format, Parser, Sequencer};
use miyabi_shared::event::{ProgressEvent, ResultEvent, ResultStatus};
use miyabi_shared::task::HEARTBEAT;
use miyabi_shared::{EventBody, TaskEvent, Timestamp};
use rustix::termios::tcgetwinsize;

use super::child::End;
use super::intake::{Intake, Item, Source};
use crate::redact::Redactor;
use crate::ship::shipper::Status;
use crate::spool::{Kind, Spool};

/// Shortest time between two progress events. The roads have paces of their own, ten requests a second and four; this
/// one only keeps a flood of counts out of the log, and is short so that the waits do not add up.
const PACE: Duration = Duration::from_millis(20);
/// The same while the API does not answer, so that an hour without network stays small.
const PACE_OFFLINE: Duration = Duration::from_secs(1);
/// How often lines are shown to the senders while more keep coming.
const FLUSH: Duration = Duration::from_millis(100);
/// After so long without output, a line without its end is looked at.
const QUIET: Duration = Duration::from_millis(150);
/// The first sign of life, which promises more of them; shorter runs need none.
const FIRST_HEARTBEAT: Duration = Duration::from_secs(1);
/// Most bytes of an unfinished line that wait for the rest of it while the other stream may speak.
const HELD: usize = 64 << 10;

/// Reads the output of one command.
#[derive(Debug)]
pub(crate) struct Interpreter<'run> {
    spool: &'run Spool,
    status: &'run Status,
    parser: Parser,
    events: Events<'run>,
    joiner: Joiner,
}

/// Numbers events and gives them to both roads.
#[derive(Debug)]
struct Events<'run> {
    spool: &'run Spool,
    sequencer: Sequencer,
    redactor: Redactor,
    /// The newest progress that waits for its turn.
    waiting: Option<(Timestamp, ProgressEvent)>,
    last: Option<Instant>,
    /// When a sign of life is due, if nothing else shows by then that we live.
    heartbeat: Instant,
    /// Whether the first one was given, with which others are promised.
    promised: bool,
    pace: Duration,
    /// What the tool itself said about its end.
    result: Option<ResultEvent>,
}

impl<'run> Interpreter<'run> {
    /// Begins the attempt: its first event and its first line. `several` says that output comes by two streams.
    pub(crate) fn begin(
        spool: &'run Spool,
        status: &'run Status,
        format: Format,
        several: bool,
        started: Timestamp,
        redactor: Redactor,
    ) -> Self {
        let meta = spool.meta();
        let mut sequencer = Sequencer::new(meta.attempt);
        let event = sequencer.started(started);
        let run = Run {
            project: Some(meta.task.project_id.clone()),
            task_type: Some(meta.task.task_type.clone()),
            name: Some(meta.task.name.clone()),
            labels: meta.task.labels.clone(),
        };
        spool.append(Kind::Control, started, &control_line::format(&ControlLine::run(&event, run)));
        spool.append_event(event);
        spool.flush();
        let events = Events {
            spool,
            sequencer,
            redactor,
            waiting: None,
            last: None,
            heartbeat: Instant::now() + FIRST_HEARTBEAT,
            promised: false,
            pace: PACE,
            result: None,
        };
        Self { spool, status, parser: Parser::new(format), events, joiner: Joiner::new(several) }
    }

    /// Reads until the queue ends.
    pub(crate) fn read(&mut self, intake: &Intake) {
        let mut flushed = Instant::now();
        let mut looked = true;
        loop {
            let patience = match self.events.due() {
                Some(due) => due.saturating_duration_since(Instant::now()).min(QUIET),
                None if looked => self.events.heartbeat.saturating_duration_since(Instant::now()),
                None => QUIET,
            };
            match intake.pop(patience) {
                Item::Chunk { source, time, bytes } => {
                    looked = false;
                    self.take(source, time, &bytes);
                }
                Item::Lost(bytes) => {
                    let text = format!(
                        "[miyabi] output left out: {bytes} bytes; more was printed than could be read and kept"
                    );
                    self.spool.append(Kind::Control, Timestamp::now(), &text);
                }
                Item::Quiet => {
                    if !looked && self.events.due().is_none_or(|due| due > Instant::now()) {
                        looked = true;
                        self.look();
                    }
                }
                Item::End => break,
            }
            let offline = self.status.api.is_failing();
            self.events.pace = if offline { PACE_OFFLINE } else { PACE };
            self.events.give_if_due();
            self.events.beat_if_due();
            if intake.is_empty() || flushed.elapsed() >= FLUSH {
                self.spool.flush();
                flushed = Instant::now();
            }
        }
    }

    fn take(&mut self, source: Source, time: Timestamp, bytes: &[u8]) {
        let Self { spool, parser, events, joiner, .. } = self;
        if !joiner.several {
            // Asked each time, as it may have changed: programs write blanks to the edge of their terminal.
            parser.set_columns(tcgetwinsize(std::io::stdout()).ok().map(|size| size.ws_col));
        }
        joiner.join(source, bytes, &mut |bytes| {
            parser.push(bytes, time, &mut |change| take_change(spool, events, change, time));
        });
    }

    fn look(&mut self) {
        let time = Timestamp::now();
        let Self { spool, parser, events, joiner, .. } = self;
        let mut sink = |change| take_change(spool, events, change, time);
        joiner.release(&mut |bytes| parser.push(bytes, time, &mut sink));
        parser.pause(time, &mut sink);
    }

    /// Ends the attempt with the way in which the command ended.
    pub(crate) fn end(mut self, end: Outcome) {
        let time = Timestamp::now();
        let Self { spool, parser, events, joiner, .. } = &mut self;
        let mut sink = |change| take_change(spool, events, change, time);
        joiner.release(&mut |bytes| parser.push(bytes, time, &mut sink));
        parser.finish(time, &mut sink);
        self.events.give();
        let said = self.events.result.take().and_then(|result| result.message);
        match end {
            Outcome::Unfinished { message } => {
                let progress = ProgressEvent { message: Some(message), ..ProgressEvent::default() };
                self.events.emit(EventBody::Progress(progress), time);
            }
            end => self.events.emit(EventBody::Result(end.into_result(said)), time),
        }
        self.spool.finish();
        self.status.finishing.store(true, Ordering::Release);
    }
}

/// How the command ended, or that it never began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It ran, and ended so. `asked` names the signal that someone ended it with through us.
    Ended {
        /// How.
        end: End,
        /// The signal that was passed on to it, if any.
        asked: Option<i32>,
    },
    /// It could not be started.
    NotStarted {
        /// The exit code.
        code: u8,
        /// Why.
        message: String,
    },
    /// It is over, and what its result is does not follow from the command.
    Told(ResultEvent),
    /// The attempt is over, and the task is not: another attempt follows.
    Unfinished {
        /// Why, for people.
        message: String,
    },
}

impl Outcome {
    /// The task's result, with what the tool said about it where that fits.
    pub(crate) fn into_result(self, said: Option<String>) -> ResultEvent {
        use signal_hook::consts::signal::{SIGINT, SIGTERM};
        let (end, asked) = match self {
            Self::NotStarted { code, message } => {
                let exit_code = Some(i32::from(code));
                return ResultEvent { status: ResultStatus::Failed, exit_code, message: Some(message) };
            }
            Self::Told(result) => return result,
            Self::Unfinished { message } => {
                return ResultEvent { status: ResultStatus::Failed, exit_code: None, message: Some(message) };
            }
            Self::Ended { end, asked } => (end, asked),
        };
        // Someone wanted it to end: by a signal through us, or by a key of its own terminal.
        let wanted = match (asked, end) {
            (Some(signal), _) => Some(signal),
            (None, End::Signaled(signal) | End::Exited(signal)) => {
                [SIGINT, SIGTERM].into_iter().find(|wanted| {
                    signal == if matches!(end, End::Signaled(_)) { *wanted } else { 128 + *wanted }
                })
            }
        };
        let by = |signal| {
            format!("ended by {}", signal_hook::low_level::signal_name(signal).unwrap_or("an unknown signal"))
        };
        let (status, message) = match (end, wanted) {
            (End::Exited(0), _) => (ResultStatus::Succeeded, said),
            (_, Some(signal)) => (ResultStatus::Cancelled, Some(by(signal))),
            (End::Signaled(signal), None) => (ResultStatus::Failed, Some(by(signal))),
            (End::Exited(code), None) => {
                (ResultStatus::Failed, Some(said.unwrap_or_else(|| format!("exit code {code}"))))
            }
        };
        ResultEvent { status, exit_code: Some(end.code()), message }
    }
}

fn take_change(spool: &Spool, events: &mut Events<'_>, change: Change, time: Timestamp) {
    match change {
        Change::Line(line) => {
            let line = events.redactor.line(line);
            let numbered = line.starts_with(control_line::PREFIX)
                && matches!(control_line::parse(&line), Some(Ok(ControlLine { stamp: Some(_), .. })));
            if numbered {
                // Only we number events in this stream; a line that looks as if is the command's text.
                spool.append(Kind::Output, time, &format!(" {line}"));
            } else {
                spool.append(Kind::Output, time, &line);
            }
        }
        Change::Progress(progress) => events.progress(progress, time),
        Change::Step(step) => events.emit(EventBody::Step(step), time),
        Change::Result(result) => events.result = Some(result),
    }
}

impl Events<'_> {
    fn progress(&mut self, progress: ProgressEvent, time: Timestamp) {
        self.waiting = Some((time, progress));
        self.give_if_due();
    }

    /// When the waiting progress may go; `None` where none waits.
    fn due(&self) -> Option<Instant> {
        self.waiting.as_ref()?;
        Some(self.last.map_or_else(Instant::now, |last| last + self.pace))
    }

    fn give_if_due(&mut self) {
        if self.due().is_some_and(|due| due <= Instant::now()) {
            self.give();
        }
    }

    fn give(&mut self) {
        if let Some((time, progress)) = self.waiting.take() {
            self.last = Some(Instant::now());
            self.emit(EventBody::Progress(progress), time);
        }
    }

    /// Tells that we live, where nothing else did for a while.
    fn beat_if_due(&mut self) {
        if self.heartbeat <= Instant::now() {
            self.emit(EventBody::Heartbeat {}, Timestamp::now());
        }
    }

    fn emit(&mut self, body: EventBody, time: Timestamp) {
        // A step is told of itself; it is no sign of the task's life.
        if matches!(body, EventBody::Heartbeat {}) {
            self.promised = true;
        }
        if self.promised && !matches!(body, EventBody::Step(_)) {
            self.heartbeat = Instant::now() + HEARTBEAT;
        }
        let mut event = self.sequencer.event(body, time);
        self.redactor.event(&mut event);
        append(self.spool, event);
    }
}

/// Gives an event to both roads.
pub(crate) fn append(spool: &Spool, event: TaskEvent) {
    spool.append(Kind::Control, event.time, &control_line::format(&ControlLine::from_event(&event)));
    spool.append_event(event);
}

/// Puts two streams together line by line, so that one never breaks a line of the other.
#[derive(Debug)]
struct Joiner {
    several: bool,
    held: [Vec<u8>; 2],
    /// The stream whose line the parser is in the middle of.
    open: Option<Source>,
}

impl Joiner {
    fn new(several: bool) -> Self {
        Self { several, held: [Vec::new(), Vec::new()], open: None }
    }

    fn join(&mut self, source: Source, bytes: &[u8], give: &mut dyn FnMut(&[u8])) {
        if !self.several {
            return give(bytes);
        }
        let end = bytes.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |index| index + 1);
        let (lines, rest) = bytes.split_at(end);
        let index = usize::from(source == Source::Error);
        if !lines.is_empty() {
            if self.open.is_some_and(|open| open != source) {
                give(b"\n");
            }
            self.open = None;
            if let Some(held) = self.held.get_mut(index).map(std::mem::take)
                && !held.is_empty()
            {
                give(&held);
            }
            give(lines);
        }
        if let Some(held) = self.held.get_mut(index) {
            held.extend_from_slice(rest);
            if held.len() >= HELD {
                self.release_one(source, give);
            }
        }
    }

    /// Gives unfinished lines too: nothing more came for a while.
    fn release(&mut self, give: &mut dyn FnMut(&[u8])) {
        self.release_one(Source::Output, give);
        self.release_one(Source::Error, give);
    }

    fn release_one(&mut self, source: Source, give: &mut dyn FnMut(&[u8])) {
        let index = usize::from(source == Source::Error);
        let Some(held) = self.held.get_mut(index).map(std::mem::take) else { return };
        if held.is_empty() {
            return;
        }
        if self.open.is_some_and(|open| open != source) {
            give(b"\n");
        }
        give(&held);
        self.open = Some(source);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(parts: &[(Source, &str)]) -> String {
        let mut joiner = Joiner::new(true);
        let mut text = Vec::new();
        for (source, part) in parts {
            joiner.join(*source, part.as_bytes(), &mut |bytes| text.extend_from_slice(bytes));
        }
        joiner.release(&mut |bytes| text.extend_from_slice(bytes));
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn lines_of_two_streams_do_not_break_each_other() {
        use Source::{Error, Output};
        assert_eq!(
            joined(&[
                (Output, "one "),
                (Error, "warn"),
                (Output, "line\ntwo"),
                (Error, "ing\n"),
                (Output, "\n")
            ]),
            "one line\nwarning\ntwo\n"
        );
        assert_eq!(joined(&[(Output, "a"), (Error, "b")]), "a\nb");
    }

    #[test]
    fn a_long_line_without_its_end_is_given_in_time() {
        let mut joiner = Joiner::new(true);
        let mut given = 0;
        joiner.join(Source::Output, &vec![b'x'; HELD + 1], &mut |bytes| given += bytes.len());
        assert_eq!(given, HELD + 1);
    }

    #[test]
    fn the_exit_code_decides_over_what_the_tool_said() {
        let ended = |end, asked| Outcome::Ended { end, asked }.into_result(Some("said".to_owned()));
        assert_eq!(ended(End::Exited(0), None).status, ResultStatus::Succeeded);
        let failed = ended(End::Exited(3), None);
        assert_eq!((failed.status, failed.exit_code), (ResultStatus::Failed, Some(3)));
        assert_eq!(failed.message.as_deref(), Some("said"));
        let cancelled = ended(End::Exited(130), Some(2));
        assert_eq!((cancelled.status, cancelled.exit_code), (ResultStatus::Cancelled, Some(130)));
        assert_eq!(cancelled.message.as_deref(), Some("ended by SIGINT"));
        let crashed = ended(End::Signaled(11), None);
        assert_eq!((crashed.status, crashed.exit_code), (ResultStatus::Failed, Some(139)));
        for interrupted in [End::Signaled(2), End::Exited(130), End::Exited(143)] {
            assert_eq!(ended(interrupted, None).status, ResultStatus::Cancelled, "{interrupted:?}");
        }
    }
}
