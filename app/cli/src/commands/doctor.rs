//! `miyabi doctor`: is everything in place, and what to do where it is not.

mod cloud;
mod machine;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use miyabi_shared::TaskStatus;
use miyabi_shared::config::Environment;
use serde::Serialize;

use super::bar::Style;
use super::{block_on, reader_is_gone};
use crate::arguments::DoctorArguments;
use crate::configuration::{self, Configuration};

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    Warn,
    Fail,
}

/// One line of the answer.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Check {
    check: &'static str,
    state: State,
    /// What was found.
    detail: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    todo: Option<String>,
}

impl Check {
    fn ok(check: &'static str, detail: impl Into<String>) -> Self {
        Self { check, state: State::Ok, detail: detail.into(), todo: None }
    }

    fn warn(check: &'static str, detail: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { check, state: State::Warn, detail: detail.into(), todo: Some(todo.into()) }
    }

    fn fail(check: &'static str, detail: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { check, state: State::Fail, detail: detail.into(), todo: Some(todo.into()) }
    }

    fn text(&self, style: Style) -> String {
        let (word, status) = match self.state {
            State::Ok => ("ok", TaskStatus::Succeeded),
            State::Warn => ("warn", TaskStatus::Cancelled),
            State::Fail => ("fail", TaskStatus::Failed),
        };
        let mut text =
            format!("{}  {:13}  {}\n", style.status(status, &format!("{word:4}")), self.check, self.detail);
        if let Some(todo) = &self.todo {
            text.push_str(&format!("{:21}→ {todo}\n", ""));
        }
        text
    }
}

/// `miyabi doctor`.
pub(crate) fn doctor(
    arguments: &DoctorArguments,
    api_url: Option<&str>,
    environment: &dyn Environment,
) -> anyhow::Result<ExitCode> {
    let configuration = Configuration::find(api_url, environment, &configuration::places(environment));
    let mut checks = machine::configuration(&configuration, api_url, environment);
    block_on(async {
        let (api, logs) = tokio::join!(cloud::api(&configuration), cloud::logs(&configuration));
        checks.extend(api);
        checks.extend(logs);
        Ok(ExitCode::SUCCESS)
    })?;
    checks.extend(machine::spool(environment));
    let style = Style { colour: io::stdout().is_terminal() && environment.get("NO_COLOR").is_none() };
    let mut text = String::new();
    for check in &checks {
        if arguments.json {
            text.push_str(&serde_json::to_string(check)?);
            text.push('\n');
        } else {
            text.push_str(&check.text(style));
        }
    }
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if !reader_is_gone(&error) => return Err(error.into()),
        _ => {}
    }
    let failed = checks.iter().any(|check| check.state == State::Fail);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
