//! `miyabi flush`: delivers what earlier runs could not send.

use std::process::ExitCode;

use miyabi_shared::config::Environment;

use super::block_on;
use crate::arguments::FlushArguments;
use crate::configuration::{self, Configuration};
use crate::ship::shipper::deliver_earlier;
use crate::spool;

/// `miyabi flush`.
pub(crate) fn flush(
    arguments: &FlushArguments,
    api_url: Option<&str>,
    environment: &dyn Environment,
) -> anyhow::Result<ExitCode> {
    let configuration = Configuration::find(api_url, environment, &configuration::places(environment));
    let root = spool::root(environment).ok_or_else(|| {
        anyhow::anyhow!("there is no home directory, so nothing was ever kept; set HOME or XDG_STATE_HOME")
    })?;
    block_on(async {
        let (mut sent_runs, mut left_runs) = (0_u32, 0_u32);
        let wanted = |spool: &spool::Spool| {
            arguments.task_id.as_ref().is_none_or(|id| id.as_str() == spool.meta().task_id())
        };
        deliver_earlier(&root, None, &wanted, &configuration.credentials, |spool, status, sent| {
            let task = spool.meta().task_id();
            if sent {
                sent_runs += 1;
                if !arguments.quiet {
                    eprintln!("miyabi: sent {task}");
                }
            } else {
                left_runs += 1;
                let why = [status.api.error(), status.logs.error()].into_iter().flatten().next();
                eprintln!(
                    "miyabi: {task} is kept: {}",
                    why.unwrap_or_else(|| "not all of it was taken".to_owned())
                );
            }
            for note in status.api.notes().into_iter().chain(status.logs.notes()) {
                eprintln!("miyabi: {task}: {note}");
            }
        })
        .await?;
        if sent_runs + left_runs == 0 && !arguments.quiet {
            eprintln!("miyabi: nothing is waiting to be sent");
        }
        Ok(if left_runs == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    })
}
