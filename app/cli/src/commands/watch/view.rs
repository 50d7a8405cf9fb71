//! How the screen looks: lines of text for what the model holds, as many and as wide as there is room.

use miyabi_shared::{Step, StepStatus, Task, TaskStatus, Timestamp};

use super::model::{Model, Page};
use crate::commands::bar::{self, Style, fit, pad, pad_left};
use miyabi_client::TaskDetail;

/// The least room that a frame is made for.
const LEAST: (usize, usize) = (30, 6);

/// The whole screen.
pub(super) fn frame(
    model: &Model,
    now: Timestamp,
    style: Style,
    keyboard: bool,
    columns: usize,
    rows: usize,
) -> Vec<String> {
    let (columns, rows) = (columns.max(LEAST.0), rows.max(LEAST.1));
    if model.help {
        return help(style, columns, rows);
    }
    let body = rows - 2;
    let mut lines = match &model.page {
        Page::List => list(model, now, style, columns, body),
        Page::Task(_) => match &model.detail {
            Some(detail) => task(detail, now, style, columns, body, model.scroll),
            None => vec![style.dim("…")],
        },
        Page::Log(_) => log(model, now, style, columns, body),
    };
    lines.truncate(body);
    lines.resize(body, String::new());
    lines.push(said(model, style, columns));
    lines.push(if keyboard { keys(model, style, columns) } else { style.dim("Ctrl-C leaves") });
    lines
}

/// What stays when the screen is left.
pub(super) fn last(model: &Model, now: Timestamp, style: Style, columns: usize) -> Vec<String> {
    match (&model.page, &model.detail) {
        (Page::Task(_), Some(detail)) if !model.has_list => {
            task(detail, now, style, columns.max(LEAST.0), 20, 0)
        }
        _ => Vec::new(),
    }
}

/// What there is to say: a question first, then trouble, then what was done.
fn said(model: &Model, style: Style, columns: usize) -> String {
    if let Some(id) = &model.question {
        let question =
            format!("Cancel {id}? Its job is not stopped, only no longer waited for.  y yes · any key no");
        return style.status(TaskStatus::Cancelled, &fit(&question, columns));
    }
    if model.typing {
        return fit(&format!("/{}▏", model.search), columns);
    }
    if let Some((text, since)) = &model.trouble {
        let text = format!("No answer for {}, trying again: {text}", bar::duration(since.elapsed()));
        return style.status(TaskStatus::Failed, &fit(&text, columns));
    }
    model.notice.as_ref().map_or_else(String::new, |notice| fit(notice, columns))
}

fn keys(model: &Model, style: Style, columns: usize) -> String {
    let status = model.status.map_or("all", |status| status.as_str());
    let (sort, back) = (model.sort.name(), if model.has_list { "esc back  " } else { "" });
    let text = match model.page {
        Page::List if model.typing => "enter search everywhere  esc end".to_owned(),
        Page::List => format!(
            "↑↓ choose  enter open  l log  / search  f show: {status}  s sort: {sort}  c cancel  ? help  q quit"
        ),
        Page::Task(_) => format!("{back}l log  c cancel  ↑↓ steps  ? help  q quit"),
        Page::Log(_) if model.scroll > 0 => "↑↓ scroll  G follow  esc back  ? help  q quit".to_owned(),
        Page::Log(_) => "follows the output  ↑ scroll  esc back  ? help  q quit".to_owned(),
    };
    style.dim(&fit(&text, columns))
}

fn help(style: Style, columns: usize, rows: usize) -> Vec<String> {
    const KEYS: [(&str, &str); 11] = [
        ("↑ ↓  k j", "choose, or scroll; page up and down, home and end too"),
        ("enter", "open the task"),
        ("l", "follow its output"),
        ("esc", "go back; in the list: show all again"),
        ("/", "search names, projects, identifiers and labels"),
        ("f", "show only one status, the next one each time"),
        ("s", "sort: newest, status, progress, longest, name"),
        ("c", "cancel the task, after a question"),
        ("Ctrl-Z", "to the shell, `fg` comes back"),
        ("q  Ctrl-C", "leave"),
        ("?", "this help; any key leaves it"),
    ];
    let mut lines = vec![style.bold("Keys"), String::new()];
    lines.extend(KEYS.iter().map(|(key, what)| fit(&format!("  {}  {what}", pad(key, 9)), columns)));
    lines.truncate(rows);
    lines
}

/// The sign of a task, in its colour.
fn sign(task: &Task, now: Timestamp, style: Style) -> String {
    if task.is_stalled(now) {
        return style.status(TaskStatus::Failed, "!");
    }
    let sign = match task.status {
        TaskStatus::Queued => "·",
        TaskStatus::Running => "▶",
        TaskStatus::Succeeded => "✔",
        TaskStatus::Failed => "✘",
        TaskStatus::Cancelled => "■",
    };
    style.status(task.status, sign)
}

fn list(model: &Model, now: Timestamp, style: Style, columns: usize, rows: usize) -> Vec<String> {
    let Some(shown) = model.shown(now) else { return vec![style.dim("…")] };
    let of = |status: TaskStatus| shown.iter().filter(|task| task.status == status).count();
    let mut counts: Vec<String> = [TaskStatus::Running, TaskStatus::Queued, TaskStatus::Failed]
        .into_iter()
        .filter(|status| of(*status) > 0)
        .map(|status| format!("{} {status}", of(status)))
        .collect();
    let stalled = shown.iter().filter(|task| task.is_stalled(now)).count();
    if stalled > 0 {
        counts.push(format!("{stalled} stalled"));
    }
    counts.push(format!("{} shown", shown.len()));
    if !model.search.is_empty() && !model.typing {
        counts.push(format!("with “{}”", model.search));
    }
    let mut lines = vec![fit(&format!("Miyabi  {}", counts.join(" · ")), columns), String::new()];
    if shown.is_empty() {
        let all = model.search.is_empty() && model.status.is_none();
        lines.push(if all {
            "No tasks yet. Start one with: miyabi run -- <command>".to_owned()
        } else {
            "No task agrees; esc shows all.".to_owned()
        });
        return lines;
    }
    let layout = Layout::of(&shown, now, columns);
    lines.push(style.dim(&layout.heading()));
    let room = rows.saturating_sub(lines.len()).max(1);
    let chosen = model.chosen_row(&shown);
    // The chosen row is always there, with a row around it where there is one.
    let first = chosen.saturating_sub(room.saturating_sub(2)).min(shown.len().saturating_sub(room));
    for (row, task) in shown.iter().enumerate().skip(first).take(room) {
        let line = layout.row(task, now, style);
        lines.push(if row == chosen { format!("{} {line}", style.bold("›")) } else { format!("  {line}") });
    }
    lines
}

/// Which columns there are room for, and how wide they are.
#[derive(Debug)]
struct Layout {
    name: usize,
    project: usize,
    bar: usize,
    count: usize,
    left: usize,
}

impl Layout {
    fn of(tasks: &[&Task], now: Timestamp, columns: usize) -> Self {
        let widest = |get: &dyn Fn(&Task) -> String, heading: usize, most: usize| {
            tasks.iter().map(|task| bar::width(&get(task))).max().unwrap_or(0).clamp(heading, most)
        };
        let mut layout = Self {
            name: 0,
            project: widest(&|task| task.project_id.to_string(), 7, 16),
            bar: 16,
            count: widest(&bar::count, 5, 13),
            left: widest(&|task| bar::left(task, now), 4, 18),
        };
        let name = widest(&|task| task.name.clone(), 4, 60);
        // What people look for first stays longest.
        if columns < layout.fixed() + name.min(30) {
            layout.left = 0;
        }
        if columns < layout.fixed() + name.min(24) {
            layout.project = 0;
        }
        if columns < layout.fixed() + name.min(16) {
            layout.count = 0;
        }
        if columns < layout.fixed() + name.min(12) {
            layout.bar = 8;
        }
        if columns < layout.fixed() + 8 {
            layout.bar = 0;
        }
        layout.name = name.min(columns.saturating_sub(layout.fixed())).max(4);
        layout
    }

    /// Everything but the name: choice, sign, percentage and duration are always there.
    fn fixed(&self) -> usize {
        let column = |width: usize| if width > 0 { width + 2 } else { 0 };
        2 + 2
            + column(self.project)
            + column(self.bar)
            + 2
            + 6
            + column(self.count)
            + 2
            + 8
            + column(self.left)
    }

    fn join(&self, cells: [String; 7]) -> String {
        let widths = [self.name, self.project, self.bar, 6, self.count, 8, self.left];
        let there = cells.into_iter().zip(widths).filter(|(_, width)| *width > 0);
        there.map(|(cell, _)| cell).collect::<Vec<_>>().join("  ")
    }

    fn heading(&self) -> String {
        let text = self.join([
            pad("NAME", self.name),
            pad("PROJECT", self.project),
            pad("PROGRESS", self.bar),
            " ".repeat(6),
            pad_left("COUNT", self.count),
            pad_left("TOOK", 8),
            pad("LEFT", self.left),
        ]);
        format!("    {}", text.trim_end())
    }

    fn row(&self, task: &Task, now: Timestamp, style: Style) -> String {
        let cells = self.join([
            pad(&fit(&task.name, self.name), self.name),
            style.dim(&pad(&fit(task.project_id.as_str(), self.project), self.project)),
            style.status(task.status, &bar::bar(task, self.bar)),
            pad_left(&bar::percentage(task), 6),
            pad_left(&fit(&bar::count(task), self.count), self.count),
            pad_left(&bar::took(task, now), 8),
            fit(&bar::left(task, now), self.left),
        ]);
        format!("{} {}", sign(task, now, style), cells.trim_end())
    }
}

/// One task: what it is, how far it has come, what it does, and its steps.
fn task(
    detail: &TaskDetail,
    now: Timestamp,
    style: Style,
    width: usize,
    rows: usize,
    scroll: usize,
) -> Vec<String> {
    let task = &detail.task;
    let attempt = if task.attempt > 1 { format!(" · attempt {}", task.attempt) } else { String::new() };
    let about = format!("{} · {} · {}{attempt}", task.project_id, task.task_type, task.task_id);
    let mut lines = vec![style.bold(&fit(&task.name, width)), style.dim(&fit(&about, width)), String::new()];
    lines.push(numbers(task, now, style, width));
    if let Some(stalled) = bar::stalled(task, now) {
        lines.push(style.status(TaskStatus::Failed, &fit(&stalled, width)));
    }
    let said = [task.progress.phase.as_deref(), task.progress.message.as_deref()];
    let said: Vec<_> = said.into_iter().flatten().collect();
    if !said.is_empty() {
        lines.push(fit(&said.join(": "), width));
    }
    let source = bar::source(task);
    if !source.is_empty() {
        lines.push(style.dim(&fit(&source, width)));
    }
    if detail.steps.is_empty() {
        return lines;
    }
    lines.push(String::new());
    let room = rows.saturating_sub(lines.len() + 1).max(1);
    let (hidden, steps) = window(&detail.steps, room, scroll);
    lines.extend(steps.iter().map(|step| step_line(step, now, style, width)));
    if hidden > 0 {
        lines.push(style.dim(&format!("  … {hidden} more steps")));
    }
    lines
}

/// The bar, and what is known in numbers; where there is no room, the end of that is left out first.
fn numbers(task: &Task, now: Timestamp, style: Style, width: usize) -> String {
    const LEAST_BAR: usize = 8;
    let status = bar::status(task, now, Style { colour: false }, 0);
    let code = task.exit_code.filter(|code| *code != 0).map(|code| format!("exit code {code}"));
    let mut parts = vec![
        bar::percentage(task),
        bar::count(task),
        bar::took(task, now),
        code.unwrap_or_default(),
        bar::left(task, now),
    ];
    parts.retain(|part| !part.is_empty());
    let taken = |parts: &[String]| {
        2 + parts.iter().map(|part| bar::width(part) + 2).sum::<usize>() + bar::width(&status)
    };
    while parts.len() > 1 && taken(&parts) + LEAST_BAR > width {
        parts.pop();
    }
    let cells = width.saturating_sub(taken(&parts)).clamp(LEAST_BAR, 50);
    let bar = style.status(task.status, &bar::bar(task, cells));
    format!("{bar}  {}  {}", parts.join("  "), bar::status(task, now, style, 0))
}

/// The steps to show, in their order: what failed and what runs before what is done, and of that the newest.
fn window(steps: &[Step], room: usize, scroll: usize) -> (usize, Vec<&Step>) {
    let hidden = steps.len().saturating_sub(room);
    if hidden == 0 {
        return (0, steps.iter().collect());
    }
    if scroll > 0 {
        let end = steps.len() - scroll.min(hidden);
        return (hidden, steps.get(end - room..end).unwrap_or_default().iter().collect());
    }
    let importance = |step: &Step| match step.status {
        StepStatus::Failed => 0,
        StepStatus::Running => 1,
        StepStatus::Cancelled => 2,
        StepStatus::Queued | StepStatus::Succeeded | StepStatus::Skipped => 3,
    };
    let mut order: Vec<usize> = (0..steps.len()).collect();
    order.sort_by_key(|at| (steps.get(*at).map(importance), std::cmp::Reverse(*at)));
    order.truncate(room);
    order.sort_unstable();
    (hidden, order.into_iter().filter_map(|at| steps.get(at)).collect())
}

fn step_line(step: &Step, now: Timestamp, style: Style, width: usize) -> String {
    let (sign, status) = match step.status {
        StepStatus::Queued => ("·", TaskStatus::Queued),
        StepStatus::Running => ("▶", TaskStatus::Running),
        StepStatus::Succeeded => ("✔", TaskStatus::Succeeded),
        StepStatus::Failed => ("✘", TaskStatus::Failed),
        StepStatus::Cancelled => ("■", TaskStatus::Cancelled),
        StepStatus::Skipped => ("–", TaskStatus::Queued),
    };
    let took = step
        .started_at
        .map_or_else(String::new, |started| bar::duration(step.finished_at.unwrap_or(now).since(started)));
    let reason = step.message.as_deref().filter(|_| step.status == StepStatus::Failed).unwrap_or("");
    let indent = if step.parent_id.is_some() { "  " } else { "" };
    let room = width.saturating_sub(4 + indent.len());
    let about = [step.name.as_str(), took.as_str(), reason];
    let about: Vec<_> = about.into_iter().filter(|part| !part.is_empty()).collect();
    format!("  {indent}{} {}", style.status(status, sign), fit(&about.join("  "), room))
}

fn log(model: &Model, now: Timestamp, style: Style, width: usize, rows: usize) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(TaskDetail { task, .. }) = &model.detail {
        lines.push(format!(
            "{} {}",
            sign(task, now, style),
            style.bold(&fit(&task.name, width.saturating_sub(2)))
        ));
        lines.push(String::new());
    }
    let room = rows.saturating_sub(lines.len());
    if model.log.is_empty() {
        lines.push(style.dim(if model.log_known { "nothing was printed yet" } else { "…" }));
        return lines;
    }
    let end = model.log.len() - model.scroll.min(model.log.len() - 1);
    let first = end.saturating_sub(room);
    lines.extend(model.log.range(first..end).map(|line| fit(line, width)));
    lines
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use miyabi_shared::TaskId;

    use super::super::keyboard::Key;
    use super::super::model::News;
    use super::*;

    const PLAIN: Style = Style { colour: false };

    fn now() -> Timestamp {
        "2026-11-22T04:31:06Z".parse().unwrap()
    }

    fn model() -> Model {
        let mut model = Model::new(None, Vec::new(), None);
        let tasks = (0..40)
            .map(|number| {
                let mut task = bar::tests::task(Some(52));
                task.task_id = TaskId::new(format!("t-{number}")).unwrap();
                task.name =
                    if number % 2 == 0 { format!("deploy {number}") } else { "日本語の名前".repeat(8) };
                task
            })
            .collect();
        model.news(News::List(tasks)).unwrap();
        model
    }

    fn step(number: usize, status: StepStatus) -> Step {
        serde_json::from_value(serde_json::json!({
            "step_id": format!("s-{number}"), "parent_id": null, "name": format!("step {number}"), "kind": "stack",
            "status": status, "message": "it broke", "attempt": 1, "sequence": number,
            "started_at": "2026-11-22T04:30:02Z", "finished_at": null
        }))
        .unwrap()
    }

    #[test]
    fn every_frame_fits_its_screen_whatever_is_in_it() {
        let mut model = model();
        let detail = TaskDetail {
            task: bar::tests::task(Some(52)),
            steps: (0..50).map(|number| step(number, StepStatus::Succeeded)).collect(),
        };
        for page in [Page::List, Page::Task("t-1".to_owned()), Page::Log("t-1".to_owned())] {
            model.page = page;
            model.detail = Some(detail.clone());
            model.trouble = Some(("the API does not answer".repeat(10), Instant::now()));
            model.log = ["x".repeat(500), "\x1b[2Jmoves".to_owned()].into();
            for (columns, rows) in [(30, 6), (60, 10), (80, 24), (100, 30), (200, 60)] {
                let frame = frame(&model, now(), PLAIN, true, columns, rows);
                assert_eq!(frame.len(), rows);
                for line in &frame {
                    assert!(bar::width(line) <= columns, "{columns}: {line:?}");
                    assert!(!line.contains('\x1b'), "{line:?}");
                }
            }
        }
    }

    #[test]
    fn the_chosen_task_is_always_on_the_screen() {
        let mut model = model();
        for _ in 0..45 {
            let frame = frame(&model, now(), PLAIN, true, 120, 12);
            assert_eq!(frame.iter().filter(|line| line.starts_with('›')).count(), 1, "{frame:#?}");
            model.key(Key::Down, now(), 5);
        }
        let frame = frame(&model, now(), PLAIN, true, 120, 12);
        assert!(
            frame
                .iter()
                .any(|line| line.contains("52 %") && line.contains("15/29") && line.contains("1m 05s"))
        );
        assert_eq!(model.chosen.unwrap().as_str(), "t-39");
    }

    #[test]
    fn where_not_all_steps_fit_what_failed_and_what_runs_is_shown() {
        let mut steps: Vec<Step> = (0..50).map(|number| step(number, StepStatus::Succeeded)).collect();
        steps[3] = step(3, StepStatus::Failed);
        steps[7] = step(7, StepStatus::Running);
        let (hidden, shown) = window(&steps, 5, 0);
        let shown: Vec<&str> = shown.iter().map(|step| step.name.as_str()).collect();
        assert_eq!((hidden, shown), (45, vec!["step 3", "step 7", "step 47", "step 48", "step 49"]));
        let (_, scrolled) = window(&steps, 5, 2);
        assert_eq!(scrolled.last().unwrap().name, "step 47");
        let detail = TaskDetail { task: bar::tests::task(Some(52)), steps };
        let text = task(&detail, now(), PLAIN, 80, 20, 0).join("\n");
        assert!(text.contains("✘ step 3  1m 04s  it broke"), "{text}");
        assert!(text.contains("read from cdk-text: the columns of cdk"), "{text}");
    }
}
