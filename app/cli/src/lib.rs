//! The `miyabi` command: follow every long-running job of a team, live.
//!
//! `miyabi run -- <command>` runs a command unchanged and tells the Miyabi API and CloudWatch Logs how far it has
//! come; `submit` has a worker run one; `tasks`, `watch` and `logs` show what runs; `progress` reads a tool's output without any network; `flush`
//! delivers what earlier runs could not send; `doctor` says what is wrong where nothing arrives. An interface for
//! other programs are the command line and [`engine`], with which a worker runs jobs in the same way.

mod arguments;
mod client;
mod commands;
mod configuration;
mod credential;
mod guess;
mod redact;
mod run;
mod ship;
mod sign_in;
mod spool;

pub use run::engine;

use std::process::ExitCode;

use clap::Parser;
use miyabi_shared::config::ProcessEnvironment;

use arguments::{Arguments, Command};

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let environment = ProcessEnvironment;
    let api_url = arguments.api_url.as_deref();
    let result = match &arguments.command {
        Command::PtySession(pty) => Ok(run::pty::session(&pty.command)),
        Command::PtyExec(pty) => Ok(run::pty::exec(&pty.command)),
        Command::Run(run) => run::run(run, api_url, &environment).map_err(Into::into),
        Command::Submit(submit) => commands::submit::submit(submit, api_url, &environment),
        Command::Tasks(tasks) => commands::tasks::tasks(tasks, api_url, &environment),
        Command::Watch(watch) => commands::watch::watch(watch, api_url, &environment),
        Command::Logs(logs) => commands::logs::logs(logs, api_url, &environment),
        Command::Attach(attach) => commands::attach::attach(attach, api_url, &environment),
        Command::Progress(progress) => commands::progress::progress(progress),
        Command::Flush(flush) => commands::flush::flush(flush, api_url, &environment),
        Command::Login(login) => commands::login::login(login, api_url, &environment),
        Command::Logout(_) => commands::login::logout(api_url, &environment),
        Command::Keys(keys) => commands::keys::keys(&keys.command, api_url, &environment),
        Command::Doctor(doctor) => commands::doctor::doctor(doctor, api_url, &environment),
        Command::Simulate(simulate) => commands::simulate::simulate(simulate),
        Command::Completion(completion) => commands::completion::completion(completion),
    };
    result.unwrap_or_else(|error: anyhow::Error| {
        eprintln!("miyabi: {}", miyabi_client::chain(error.as_ref()));
        if let Some(hint) = error.chain().find_map(|cause| client::hint(cause.downcast_ref()?)) {
            eprintln!("miyabi: {hint}");
        }
        ExitCode::FAILURE
    })
}
