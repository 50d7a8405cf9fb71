//! How a task looks in a terminal: bar, age and colour.

use std::time::Duration;

use miyabi_shared::{Task, TaskStatus, Timestamp};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Whether to use colours and redraw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    pub(crate) colour: bool,
}

impl Style {
    /// `text` in the colour of `status`.
    pub(crate) fn status(self, status: TaskStatus, text: &str) -> String {
        let code = match status {
            TaskStatus::Queued => "2",
            TaskStatus::Running => "36",
            TaskStatus::Succeeded => "32",
            TaskStatus::Failed => "31",
            TaskStatus::Cancelled => "33",
        };
        self.paint(code, text)
    }

    /// `text` in the background of attention.
    pub(crate) fn dim(self, text: &str) -> String {
        self.paint("2", text)
    }

    /// `text` as a heading.
    pub(crate) fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// The task's progress as a bar of `width` cells; dots where the total is not known.
pub(crate) fn bar(task: &Task, width: usize) -> String {
    const PARTS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
    let Some(percentage) = task.progress.percentage else {
        return if task.status.is_terminal() { "·".repeat(width) } else { "░".repeat(width) };
    };
    let eighths = width * 8 * usize::from(percentage.min(100)) / 100;
    let mut bar = "█".repeat(eighths / 8);
    let mut cells = eighths / 8;
    if cells < width {
        bar.push(PARTS.get(eighths % 8).copied().unwrap_or(' '));
        cells += 1;
    }
    bar.push_str(&" ".repeat(width - cells));
    bar
}

/// The percentage, or what is known instead.
pub(crate) fn percentage(task: &Task) -> String {
    match (task.progress.percentage, task.progress.total) {
        (Some(percentage), _) => format!("{percentage} %"),
        (None, _) if task.progress.current > 0 => format!("{}", task.progress.current),
        (None, _) => "-".to_owned(),
    }
}

/// The count, such as `15/29`.
pub(crate) fn count(task: &Task) -> String {
    match task.progress.total {
        Some(total) => format!("{}/{total}", task.progress.current),
        None if task.progress.current > 0 => task.progress.current.to_string(),
        None => String::new(),
    }
}

/// A duration in its two largest units: `42s`, `3m 05s`, `2h 10m`, `5d 3h`.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        3600..86_400 => format!("{}h {:02}m", seconds / 3600, seconds / 60 % 60),
        _ => format!("{}d {}h", seconds / 86_400, seconds / 3600 % 24),
    }
}

/// The task's status in at least `width` columns; a running task whose runner is no longer heard of is stalled.
pub(crate) fn status(task: &Task, now: Timestamp, style: Style, width: usize) -> String {
    if task.is_stalled(now) {
        return style.status(TaskStatus::Failed, &format!("{:width$}", "stalled"));
    }
    style.status(task.status, &format!("{:width$}", task.status.as_str()))
}

/// How long nobody has heard of the runner of a stalled task.
pub(crate) fn stalled(task: &Task, now: Timestamp) -> Option<String> {
    let heartbeat = task.heartbeat_at.filter(|_| task.is_stalled(now))?;
    Some(format!("no sign of life of its runner for {}", duration(now.since(heartbeat))))
}

/// How long the task took, or has taken so far.
pub(crate) fn took(task: &Task, now: Timestamp) -> String {
    task.started_at
        .map_or_else(String::new, |started| duration(task.finished_at.unwrap_or(now).since(started)))
}

/// How long the task still takes, such as `2m to 4m left`; empty where nobody knows.
pub(crate) fn left(task: &Task, now: Timestamp) -> String {
    let Some((low, high)) = task.estimate.and_then(|estimate| estimate.remaining(now)) else {
        return String::new();
    };
    let (low, high) = (rough(low), rough(high));
    if low == high { format!("{high} left") } else { format!("{low} to {high} left") }
}

/// A duration as one would say it: to 5 seconds below a minute, to minutes below an hour, then to 5 minutes.
fn rough(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let to = |unit: u64| ((seconds + unit / 2) / unit * unit).max(unit);
    match seconds {
        0..58 => format!("{}s", to(5)),
        58..3570 => format!("{}m", to(60) / 60),
        _ => match to(300) / 60 {
            minutes if minutes % 60 == 0 => format!("{}h", minutes / 60),
            minutes => format!("{}h {}m", minutes / 60, minutes % 60),
        },
    }
}

/// What the numbers were read from, and why; or that there are none.
pub(crate) fn source(task: &Task) -> String {
    let progress = &task.progress;
    match (&progress.source, &progress.source_reason) {
        (Some(source), Some(reason)) => format!("read from {source}: {reason}"),
        (Some(source), None) => format!("read from {source}"),
        (None, _) if task.status == TaskStatus::Running => "no count found in the output".to_owned(),
        (None, _) => String::new(),
    }
}

/// How many columns `text` takes.
pub(crate) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// `text` cut to `width` columns, and without what could move the cursor.
pub(crate) fn fit(text: &str, width: usize) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if self::width(&text) <= width {
        return text;
    }
    let mut left = width.saturating_sub(1);
    let mut cut: String = text
        .chars()
        .take_while(|c| {
            let columns = c.width().unwrap_or(0);
            let fits = columns <= left;
            left = left.saturating_sub(columns);
            fits
        })
        .collect();
    if width > 0 {
        cut.push('…');
    }
    cut
}

/// `text` with blanks behind it up to `width` columns.
pub(crate) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(self::width(text))))
}

/// `text` with blanks before it up to `width` columns.
pub(crate) fn pad_left(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(self::width(text))))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn task(percentage: Option<u8>) -> Task {
        serde_json::from_value(serde_json::json!({
            "task_id": "t-1", "project_id": "p", "task_type": "cdk-deploy", "name": "npx cdk deploy", "status": "running",
            "progress": {"current": 15, "total": percentage.map(|_| 29), "percentage": percentage, "phase": "deploy", "message": "CREATE_COMPLETE", "source": "cdk-text", "source_reason": "the columns of cdk"},
            "estimate": {"earliest": "2026-11-22T04:33:00Z", "latest": "2026-11-22T04:35:00Z", "basis": "tasks"},
            "attempt": 1, "sequence": 17, "exit_code": null, "labels": {}, "version": 9, "log_group": null,
            "created_at": "2026-11-22T04:30:00Z", "updated_at": "2026-11-22T04:31:00Z",
            "started_at": "2026-11-22T04:30:01Z", "finished_at": null
        }))
        .unwrap()
    }

    #[test]
    fn a_bar_is_always_as_wide_as_it_should_be() {
        for percentage in (0..=100).map(Some).chain([None]) {
            for width in [1, 10, 24] {
                assert_eq!(bar(&task(percentage), width).chars().count(), width, "{percentage:?}");
            }
        }
        assert_eq!(bar(&task(Some(100)), 4), "████");
        assert_eq!(bar(&task(Some(50)), 4), "██  ");
        assert_eq!(bar(&task(None), 4), "░░░░");
    }

    #[test]
    fn a_silent_job_runs_and_a_dead_runner_stalls() {
        let mut silent = task(Some(50));
        let now: Timestamp = "2026-11-22T05:31:00Z".parse().unwrap();
        let plain = Style { colour: false };
        assert_eq!(status(&silent, now, plain, 9), "running  ", "nobody promised a sign of life");
        silent.heartbeat_at = Some("2026-11-22T05:30:30Z".parse().unwrap());
        assert_eq!((status(&silent, now, plain, 9).as_str(), stalled(&silent, now)), ("running  ", None));
        silent.heartbeat_at = Some("2026-11-22T05:29:55Z".parse().unwrap());
        assert_eq!(status(&silent, now, plain, 9), "stalled  ");
        assert_eq!(stalled(&silent, now).unwrap(), "no sign of life of its runner for 1m 05s");
        silent.status = TaskStatus::Failed;
        assert_eq!(stalled(&silent, now), None);
    }

    #[test]
    fn durations_have_two_units() {
        for (seconds, text) in [(0, "0s"), (59, "59s"), (65, "1m 05s"), (7800, "2h 10m"), (442_800, "5d 3h")]
        {
            assert_eq!(duration(Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn what_is_left_is_a_range_until_it_has_passed() {
        let task = task(Some(52));
        let left = |now: &str| left(&task, now.parse().unwrap());
        assert_eq!(left("2026-11-22T04:31:00Z"), "2m to 4m left");
        assert_eq!(left("2026-11-22T04:32:50Z"), "10s to 2m left");
        assert_eq!(left("2026-11-22T04:34:58Z"), "5s left");
        assert_eq!(left("2026-11-22T04:35:00Z"), "");
        let words: Vec<String> = [3, 57, 95, 3_580, 7_400].map(|s| rough(Duration::from_secs(s))).into();
        assert_eq!(words, ["5s", "55s", "2m", "1h", "2h 5m"]);
    }

    #[test]
    fn a_source_is_told_with_its_reason_and_so_is_that_there_is_none() {
        let mut task = task(None);
        assert_eq!(source(&task), "read from cdk-text: the columns of cdk");
        task.progress.source = None;
        assert_eq!(source(&task), "no count found in the output");
        task.status = TaskStatus::Succeeded;
        assert_eq!(source(&task), "");
    }

    #[test]
    fn texts_from_outside_cannot_move_the_cursor() {
        assert_eq!(fit("a\x1b[2Jb\n", 80), "a [2Jb ");
        assert_eq!(fit("abcdef", 4), "abc…");
        assert_eq!((fit("日本語です", 6).as_str(), width("日本語です")), ("日本…", 10));
        assert_eq!((pad("日本", 5).as_str(), pad_left("日本", 5).as_str()), ("日本 ", " 日本"));
    }
}
