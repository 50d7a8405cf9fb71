//! `miyabi watch`: the list or one task, live.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::time::Duration;

use miyabi_shared::config::Environment;
use miyabi_shared::{StepStatus, Task, TaskStatus, Timestamp};
use rustix::termios::tcgetwinsize;

use super::bar::{self, Style};
use super::{block_on, client, reader_is_gone, tasks};
use crate::arguments::WatchArguments;
use crate::client::{Answer, Client, ClientError, TaskDetail, TaskPage, chain};
use crate::ship::backoff::Backoff;

/// How soon the API is asked again. An answer without news is a 304 of a few bytes.
const POLL: Duration = Duration::from_millis(500);
/// How soon one that does not answer is asked again, at most.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// Steps that are shown at most; the newest ones.
const STEPS: usize = 15;

/// `miyabi watch`.
pub(crate) fn watch(
    arguments: &WatchArguments,
    api_url: Option<&str>,
    environment: &dyn Environment,
) -> anyhow::Result<ExitCode> {
    let client = client(api_url, environment)?;
    let live = io::stdout().is_terminal();
    let style = Style { colour: live && environment.get("NO_COLOR").is_none() };
    let mut screen = Screen { live, drawn: 0 };
    let result = block_on(async {
        match &arguments.task_id {
            Some(id) => watch_one(&client, id.as_str(), style, &mut screen).await,
            None => watch_all(&client, arguments, style, &mut screen).await,
        }
    });
    match result {
        Err(error) if error.downcast_ref::<io::Error>().is_some_and(reader_is_gone) => Ok(ExitCode::SUCCESS),
        other => other,
    }
}

async fn watch_one(client: &Client, id: &str, style: Style, screen: &mut Screen) -> anyhow::Result<ExitCode> {
    let mut poll = Poll::default();
    let mut detail: Option<TaskDetail> = None;
    loop {
        let answer = client.task(id, poll.tag.as_deref()).await;
        let trouble = poll.take(answer, &mut detail)?;
        if let Some(detail) = &detail {
            let now = Timestamp::now();
            let text = if screen.live {
                view(detail, now, style, trouble.as_deref(), screen.width())
            } else {
                line(&detail.task, now)
            };
            screen.show(&text)?;
            if detail.task.status.is_terminal() {
                return Ok(exit_code(&detail.task));
            }
        }
        tokio::time::sleep(poll.wait).await;
    }
}

async fn watch_all(
    client: &Client,
    arguments: &WatchArguments,
    style: Style,
    screen: &mut Screen,
) -> anyhow::Result<ExitCode> {
    let mut poll = Poll::default();
    let mut page: Option<TaskPage> = None;
    let mut lines: Vec<String> = Vec::new();
    loop {
        let answer = client.tasks(&tasks::query(&arguments.filter), poll.tag.as_deref()).await;
        let trouble = poll.take(answer, &mut page)?;
        if let Some(page) = &page {
            let now = Timestamp::now();
            if screen.live {
                let mut text = tasks::table(&page.tasks, now, style, Some(screen.width()));
                if page.tasks.is_empty() {
                    text = "No tasks yet. Start one with: miyabi run -- <command>\n".to_owned();
                }
                if let Some(trouble) = trouble {
                    let _ = writeln!(text, "{}", style.dim(&bar::fit(&trouble, screen.width())));
                }
                screen.show(&text)?;
            } else {
                let new: Vec<String> =
                    page.tasks.iter().map(|task| format!("{} {}", task.task_id, line(task, now))).collect();
                for changed in new.iter().rev().filter(|line| !lines.contains(line)) {
                    screen.print(changed)?;
                }
                lines = new;
            }
        }
        tokio::time::sleep(poll.wait).await;
    }
}

/// Asks again and again, and waits longer while there is no answer.
#[derive(Debug)]
struct Poll {
    tag: Option<String>,
    wait: Duration,
    backoff: Backoff,
}

impl Default for Poll {
    fn default() -> Self {
        Self { tag: None, wait: POLL, backoff: Backoff::new(POLL, LONGEST_WAIT) }
    }
}

impl Poll {
    /// Takes an answer over into `state`; gives what to tell while there is none.
    fn take<T>(
        &mut self,
        answer: Result<Answer<T>, ClientError>,
        state: &mut Option<T>,
    ) -> anyhow::Result<Option<String>> {
        match answer {
            Ok(answer) => {
                self.backoff.reset();
                self.wait = POLL;
                if let Answer::New(new, tag) = answer {
                    *state = Some(new);
                    self.tag = tag;
                }
                Ok(None)
            }
            Err(error) if error.is_temporary() && state.is_some() => {
                self.wait = self.backoff.next();
                Ok(Some(format!("{}; trying again", chain(&error))))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// The task's own exit code, else 0 or 1 by its result.
fn exit_code(task: &Task) -> ExitCode {
    let code = match (task.status, task.exit_code) {
        (_, Some(code)) => u8::try_from(code & 0xff).unwrap_or(1),
        (TaskStatus::Succeeded, None) => 0,
        _ => 1,
    };
    ExitCode::from(code)
}

/// One line on the task, which is the same as long as nothing changes.
fn line(task: &Task, now: Timestamp) -> String {
    let status = if task.is_stalled(now) { "stalled" } else { task.status.as_str() };
    let mut text = format!("{status} {}", bar::percentage(task));
    let count = bar::count(task);
    for part in [Some(count.as_str()), task.progress.phase.as_deref(), task.progress.message.as_deref()] {
        if let Some(part) = part.filter(|part| !part.is_empty()) {
            text.push_str("  ");
            text.push_str(&bar::fit(part, 200));
        }
    }
    if task.status.is_terminal() {
        let _ = write!(text, "  after {}", bar::took(task, now));
        if let Some(code) = task.exit_code {
            let _ = write!(text, "  exit code {code}");
        }
    }
    text
}

fn view(detail: &TaskDetail, now: Timestamp, style: Style, trouble: Option<&str>, width: usize) -> String {
    let task = &detail.task;
    let mut text = String::new();
    let attempt = if task.attempt > 1 { format!(", attempt {}", task.attempt) } else { String::new() };
    let _ = writeln!(text, "{}", bar::fit(&task.name, width));
    let about = format!("{} · {} · {}{attempt}", task.project_id, task.task_type, task.task_id);
    let _ = writeln!(text, "{}", style.dim(&bar::fit(&about, width)));
    let cells = width.saturating_sub(40).clamp(10, 50);
    let _ = writeln!(
        text,
        "{} {:>5}  {}  {}  {}  {}",
        style.status(task.status, &bar::bar(task, cells)),
        bar::percentage(task),
        bar::count(task),
        bar::status(task, now, style, 0),
        bar::took(task, now),
        bar::left(task, now)
    );
    if let Some(stalled) = bar::stalled(task, now) {
        let _ = writeln!(text, "{}", style.status(TaskStatus::Failed, &bar::fit(&stalled, width)));
    }
    let said = [task.progress.phase.as_deref(), task.progress.message.as_deref()];
    let said: Vec<_> = said.into_iter().flatten().collect();
    if !said.is_empty() {
        let _ = writeln!(text, "{}", bar::fit(&said.join(": "), width));
    }
    let source = bar::source(task);
    if !source.is_empty() {
        let _ = writeln!(text, "{}", style.dim(&bar::fit(&source, width)));
    }
    let hidden = detail.steps.len().saturating_sub(STEPS);
    if hidden > 0 {
        let _ = writeln!(text, "{}", style.dim(&format!("  … {hidden} earlier steps")));
    }
    for step in detail.steps.iter().skip(hidden) {
        let (sign, status) = match step.status {
            StepStatus::Queued => ("·", TaskStatus::Queued),
            StepStatus::Running => ("▶", TaskStatus::Running),
            StepStatus::Succeeded => ("✔", TaskStatus::Succeeded),
            StepStatus::Failed => ("✘", TaskStatus::Failed),
            StepStatus::Cancelled => ("■", TaskStatus::Cancelled),
            StepStatus::Skipped => ("–", TaskStatus::Queued),
        };
        let took = step.started_at.map_or_else(String::new, |started| {
            bar::duration(step.finished_at.unwrap_or(now).since(started))
        });
        let reason = step.message.as_deref().filter(|_| step.status == StepStatus::Failed).unwrap_or("");
        let about =
            bar::fit(&format!("{} {} {took} {reason}", step.name, step.kind), width.saturating_sub(4));
        let _ = writeln!(text, "  {} {}", style.status(status, sign), about.trim_end());
    }
    if let Some(trouble) = trouble {
        let _ = writeln!(text, "{}", style.dim(&bar::fit(trouble, width)));
    }
    text
}

/// Where a view is shown: redrawn in a terminal, line by line elsewhere.
#[derive(Debug)]
struct Screen {
    live: bool,
    drawn: usize,
}

impl Screen {
    fn width(&self) -> usize {
        tcgetwinsize(io::stdout()).map_or(80, |size| usize::from(size.ws_col)).max(40)
    }

    fn height(&self) -> usize {
        tcgetwinsize(io::stdout()).map_or(24, |size| usize::from(size.ws_row)).max(5)
    }

    /// Shows `text` in place of what was shown before; where there is no terminal, prints it if it is new.
    fn show(&mut self, text: &str) -> io::Result<()> {
        if !self.live {
            return self.print_new(text);
        }
        let mut output = String::new();
        if self.drawn > 0 {
            let _ = write!(output, "\x1b[{}A", self.drawn);
        }
        let lines: Vec<_> = text.lines().take(self.height() - 1).collect();
        for line in &lines {
            output.push_str("\r\x1b[K");
            output.push_str(line);
            output.push('\n');
        }
        output.push_str("\x1b[J");
        self.drawn = lines.len();
        let mut stdout = io::stdout().lock();
        stdout.write_all(output.as_bytes())?;
        stdout.flush()
    }

    fn print_new(&mut self, text: &str) -> io::Result<()> {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let hash = usize::try_from(hasher.finish() >> 1).unwrap_or(1) | 1;
        if hash != self.drawn {
            self.drawn = hash;
            self.print(text)?;
        }
        Ok(())
    }

    fn print(&mut self, line: &str) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        writeln!(stdout, "{line}")?;
        stdout.flush()
    }
}
