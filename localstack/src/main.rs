//! `miyabi-local`: starts, shows and stops the local cloud of a checkout.

mod checkout;
mod command;
mod console;
mod containers;
mod daemon;
mod page;
mod parts;
mod settings;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::checkout::Checkout;
use crate::command::{down, edge, logs, reset, status, up};

#[derive(Debug, Parser)]
#[command(name = "miyabi-local", version, about = "Miyabi's local cloud: starts, shows and stops it")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start what does not run, deploy what changed, and say where everything is.
    Up,
    /// Stop everything; what was stored stays.
    Down,
    /// Say what runs; the exit code is 0 when everything does, and 3 when not.
    Status,
    /// Show what the parts and the functions printed.
    Logs(logs::Arguments),
    /// Stop everything and forget what was stored.
    Reset,
    /// Serve the page and the API on one port; `up` runs this in the background.
    #[command(hide = true)]
    Edge(edge::Arguments),
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        Command::Edge(arguments) => edge::run(arguments).await.map(|()| ExitCode::SUCCESS),
        command => match Checkout::find() {
            Ok(checkout) => run(command, &checkout).await,
            Err(error) => Err(error),
        },
    };
    result.unwrap_or_else(|error| {
        console::error(&error);
        ExitCode::FAILURE
    })
}

async fn run(command: Command, checkout: &Checkout) -> anyhow::Result<ExitCode> {
    match command {
        Command::Up => up::run(checkout).await,
        Command::Down => down::run(checkout).await.map(|()| ExitCode::SUCCESS),
        Command::Status => status::run(checkout).await,
        Command::Logs(arguments) => logs::run(checkout, &arguments).await.map(|()| ExitCode::SUCCESS),
        Command::Reset => reset::run(checkout).await.map(|()| ExitCode::SUCCESS),
        Command::Edge(arguments) => edge::run(arguments).await.map(|()| ExitCode::SUCCESS),
    }
}
