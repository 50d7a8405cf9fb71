//! `miyabi submit`: has a command run by a worker instead of on this machine.

use std::collections::BTreeMap;
use std::process::ExitCode;

use miyabi_progress::model::cut;
use miyabi_shared::config::Environment;
use miyabi_shared::event::CreateTask;
use miyabi_shared::job::{Idempotency, Run};
use miyabi_shared::limits::NAME_CHARACTERS;

use super::{block_on, client, watch};
use crate::arguments::{FilterArguments, SubmitArguments, WatchArguments};
use crate::configuration::{self, Configuration};
use crate::guess;
use crate::run::identity;

/// `miyabi submit`.
pub(crate) fn submit(
    arguments: &SubmitArguments,
    api_url: Option<&str>,
    environment: &dyn Environment,
) -> anyhow::Result<ExitCode> {
    let client = client(api_url, environment)?;
    let task = task(arguments, environment)?;
    block_on(async {
        client.create(&task).await?;
        Ok(ExitCode::SUCCESS)
    })?;
    let Some(task_id) = task.task_id else { return Ok(ExitCode::FAILURE) };
    let configuration = Configuration::find(api_url, environment, &configuration::places(environment));
    if !arguments.quiet {
        // What is on the standard output is for programs.
        if let Some(place) = configuration.task_url(task_id.as_str()) {
            eprintln!("miyabi: {place}");
        }
        println!("{task_id}");
    }
    if !arguments.watch {
        return Ok(ExitCode::SUCCESS);
    }
    let watched = WatchArguments { task_id: Some(task_id), filter: FilterArguments::everything() };
    watch::watch(&watched, api_url, environment)
}

fn task(arguments: &SubmitArguments, environment: &dyn Environment) -> anyhow::Result<CreateTask> {
    let mut command = Vec::new();
    for word in &arguments.command {
        let text = word.to_str().ok_or_else(|| {
            anyhow::anyhow!("{word:?} is no UTF-8: a command that a worker is sent can be nothing else")
        })?;
        command.push(text.to_owned());
    }
    let name = arguments.name.clone().unwrap_or_else(|| guess::name(&arguments.command));
    let name = cut(&name, NAME_CHARACTERS);
    Ok(CreateTask {
        task_id: Some(arguments.task_id.clone().unwrap_or_else(|| identity::new_id(&name))),
        project_id: arguments.project.clone().unwrap_or_else(|| guess::project_here(environment)),
        task_type: arguments.task_type.clone().unwrap_or_else(|| guess::task_type(&arguments.command)),
        name,
        labels: arguments.labels.iter().cloned().collect(),
        run: Some(Run {
            command: Some(command),
            agent: None,
            env: arguments.variables.iter().cloned().collect::<BTreeMap<_, _>>(),
            size: arguments.size,
            priority: arguments.priority,
            timeout: arguments.timeout,
            retries: arguments.retries,
            idempotency: if arguments.once { Idempotency::Once } else { Idempotency::Repeatable },
        }),
    })
}
