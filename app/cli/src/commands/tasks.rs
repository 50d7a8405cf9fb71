//! `miyabi tasks`: the list, newest first.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use miyabi_shared::config::Environment;
use miyabi_shared::limits::PAGE_SIZE_MAX;
use miyabi_shared::{Task, Timestamp};

use super::bar::{self, Style};
use super::{block_on, client, reader_is_gone};
use crate::arguments::{FilterArguments, TasksArguments};
use miyabi_client::Client;

/// `miyabi tasks`.
pub(crate) fn tasks(
    arguments: &TasksArguments,
    api_url: Option<&str>,
    environment: &dyn Environment,
) -> anyhow::Result<ExitCode> {
    let client = client(api_url, environment)?;
    let tasks = {
        let mut tasks = Vec::new();
        block_on(async {
            tasks = all(&client, &arguments.filter).await?;
            Ok(ExitCode::SUCCESS)
        })?;
        tasks
    };
    let colour = io::stdout().is_terminal() && environment.get("NO_COLOR").is_none();
    let text = if arguments.json {
        let mut text = String::new();
        for task in &tasks {
            text.push_str(&serde_json::to_string(task)?);
            text.push('\n');
        }
        text
    } else if tasks.is_empty() && arguments.filter.is_narrow() {
        "No task agrees with all of that.\n".to_owned()
    } else if tasks.is_empty() {
        "No tasks. Start one with: miyabi run -- <command>\n".to_owned()
    } else {
        table(&tasks, Timestamp::now(), Style { colour }, None)
    };
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if !reader_is_gone(&error) => Err(error.into()),
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// The query of a filter.
pub(crate) fn query(filter: &FilterArguments) -> Vec<(&'static str, String)> {
    let mut query = vec![("limit", filter.limit.min(PAGE_SIZE_MAX).to_string())];
    query.extend(filter.project.as_ref().map(|project| ("project", project.to_string())));
    query.extend(filter.status.map(|status| ("status", status.to_string())));
    query.extend(filter.task_type.as_ref().map(|task_type| ("type", task_type.to_string())));
    query.extend(filter.label.as_ref().map(|label| ("label", label.clone())));
    query.extend(filter.search.as_ref().map(|words| ("q", words.clone())));
    query
}

async fn all(client: &Client, filter: &FilterArguments) -> anyhow::Result<Vec<Task>> {
    let limit = filter.limit as usize;
    let mut tasks: Vec<Task> = Vec::new();
    let mut pages = client.pages(query(filter));
    while tasks.len() < limit
        && let Some(page) = pages.next().await?
    {
        tasks.extend(page);
    }
    tasks.truncate(limit);
    Ok(tasks)
}

/// The tasks as aligned columns, at most `width` columns wide.
pub(crate) fn table(tasks: &[Task], now: Timestamp, style: Style, width: Option<usize>) -> String {
    const BAR: usize = 16;
    let widest = |get: &dyn Fn(&Task) -> String, least: usize, most: usize| {
        tasks.iter().map(|task| get(task).chars().count()).max().unwrap_or(0).clamp(least, most)
    };
    let id = widest(&|task| task.task_id.to_string(), 4, usize::MAX);
    let project = widest(&|task| task.project_id.to_string(), 7, 20);
    let count = widest(&bar::count, 5, 15);
    let left = widest(&|task| bar::left(task, now), 4, 20);
    let fixed = id + project + count + BAR + 9 + 6 + 8 + left + 8 + 9 * 2;
    let name =
        widest(&|task| task.name.clone(), 4, width.map_or(60, |width| width.saturating_sub(fixed).max(10)));
    let mut text = style.dim(&format!(
        "{:id$}  {:project$}  {:9}  {:BAR$}  {:>6}  {:>count$}  {:>8}  {:left$}  {:>8}  {}",
        "TASK", "PROJECT", "STATUS", "PROGRESS", "", "COUNT", "TOOK", "LEFT", "AGE", "NAME"
    ));
    text.push('\n');
    for task in tasks {
        let line = format!(
            "{:id$}  {:project$}  {}  {}  {:>6}  {:>count$}  {:>8}  {:left$}  {:>8}  {}",
            task.task_id.as_str(),
            bar::fit(task.project_id.as_str(), project),
            bar::status(task, now, style, 9),
            style.status(task.status, &bar::bar(task, BAR)),
            bar::percentage(task),
            bar::count(task),
            bar::took(task, now),
            bar::left(task, now),
            bar::duration(now.since(task.created_at)),
            bar::fit(&task.name, name),
        );
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_whatever_is_in_them() {
        let now: Timestamp = "2026-11-22T04:31:06Z".parse().unwrap();
        let mut other = bar::tests::task(None);
        other.name = "x".repeat(500);
        let text = table(&[bar::tests::task(Some(52)), other], now, Style { colour: false }, Some(120));
        let lines: Vec<_> = text.lines().collect();
        assert!(
            lines[1].contains("52 %") && lines[1].contains("15/29") && lines[1].contains("1m 05s"),
            "{text}"
        );
        let column = |line: &str, what: &str| line.find(what).map(|at| line[..at].chars().count());
        assert_eq!(column(lines[0], "STATUS"), column(lines[1], "running"));
        assert_eq!(column(lines[0], "NAME"), column(lines[2], "xxx"));
        assert!(lines[2].chars().count() <= 120, "{text}");
    }
}
