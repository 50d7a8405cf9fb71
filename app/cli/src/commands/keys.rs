//! `miyabi keys`: API keys, for whoever may give them out.

use std::io::{self, Write as _};
use std::process::ExitCode;

use miyabi_shared::Timestamp;
use miyabi_shared::config::Environment;
use miyabi_shared::credential::{ApiKey, CreateKey};

use super::{bar, block_on, client, reader_is_gone};
use crate::arguments::KeysCommand;

/// `miyabi keys`.
pub(crate) fn keys(
    command: &KeysCommand,
    api_url: Option<&str>,
    environment: &dyn Environment,
) -> anyhow::Result<ExitCode> {
    let client = client(api_url, environment)?;
    block_on(async {
        let text = match command {
            KeysCommand::List(arguments) => {
                let keys = client.keys().await?.keys;
                if arguments.json {
                    let lines = keys.iter().map(serde_json::to_string);
                    lines.map(|line| line.map(|line| line + "\n")).collect::<Result<String, _>>()?
                } else if keys.is_empty() {
                    "No keys. Make one with: miyabi keys create NAME --scope write\n".to_owned()
                } else {
                    table(&keys, Timestamp::now())
                }
            }
            KeysCommand::Create(arguments) => {
                let projects = (!arguments.projects.is_empty()).then(|| arguments.projects.clone());
                let wanted = CreateKey {
                    name: arguments.name.clone(),
                    scope: arguments.scope,
                    projects,
                    expires_in_seconds: arguments.expires,
                };
                let made = client.create_key(&wanted).await?;
                let end = made.details.expires_at.map_or_else(|| "never".to_owned(), |at| at.to_string());
                eprintln!(
                    "miyabi: key {} ({}) was made; it expires: {end}. It is shown this once:",
                    made.details.key_id,
                    made.details.scope.name()
                );
                format!("{}\n", made.key)
            }
            KeysCommand::Revoke(arguments) => {
                client.revoke_key(&arguments.key_id).await?;
                eprintln!("miyabi: key {} lets nobody in any more within half a minute", arguments.key_id);
                String::new()
            }
        };
        match io::stdout().write_all(text.as_bytes()) {
            Err(error) if !reader_is_gone(&error) => Err(error.into()),
            _ => Ok(ExitCode::SUCCESS),
        }
    })
}

/// The keys as aligned columns.
fn table(keys: &[ApiKey], now: Timestamp) -> String {
    let rows = keys.iter().map(|key| {
        let projects = key.projects.as_ref().map_or_else(
            || "all".to_owned(),
            |projects| projects.iter().map(|project| project.as_str()).collect::<Vec<_>>().join(","),
        );
        let ago = |at: Timestamp| format!("{} ago", bar::duration(now.since(at)));
        [
            key.key_id.clone(),
            key.scope.name().to_owned(),
            projects,
            ago(key.created_at),
            key.last_used_at.map_or_else(|| "never".to_owned(), ago),
            key.expires_at
                .map_or_else(|| "never".to_owned(), |at| format!("in {}", bar::duration(at.since(now)))),
            key.name.clone(),
        ]
    });
    let head = ["KEY", "SCOPE", "PROJECTS", "MADE", "USED", "EXPIRES", "NAME"].map(str::to_owned);
    let rows: Vec<_> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for row in &rows {
        let cells: Vec<_> = row
            .iter()
            .enumerate()
            .map(|(column, cell)| format!("{cell:width$}", width = width(column)))
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}
