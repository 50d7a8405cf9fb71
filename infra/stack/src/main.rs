//! The program `infra`: the infrastructure as the Pulumi engine runs it, as a template, or as a list of its
//! registrations.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, Parser, Subcommand};
use miyabi_infra::{StackArgs, graph, program, synth};
use miyabi_shared::Stage;
use miyabi_shared::config::CacheEndpoint;

/// The infrastructure of Miyabi. Without a command it is the program that `pulumi up` starts.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print what the program registers, as JSON.
    Graph(Program),
    /// Write the program as a CloudFormation template, with what it deploys.
    Synth {
        #[command(flatten)]
        program: Program,
        /// The folder to write template.json, assets.json and assets/ into.
        #[arg(long)]
        out: PathBuf,
    },
}

#[derive(Debug, Args)]
struct Program {
    /// local, dev, stg or prod.
    #[arg(long)]
    stage: Stage,
    /// The folder of built functions, with FUNCTION/bootstrap below it for each.
    #[arg(long, default_value = "target/functions")]
    functions: String,
    /// The cache, redis://HOST:PORT, rediss://HOST:PORT or none; for stages without a network of their own.
    #[arg(long, default_value = "none", value_parser = cache)]
    redis_url: CacheEndpoint,
}

fn cache(text: &str) -> Result<CacheEndpoint, String> {
    CacheEndpoint::parse(text)
        .ok_or_else(|| "expected redis://HOST:PORT, rediss://HOST:PORT or none".to_owned())
}

impl From<Program> for StackArgs {
    fn from(program: Program) -> Self {
        Self { stage: program.stage, functions: program.functions, cache: program.redis_url }
    }
}

fn main() -> ExitCode {
    let Some(command) = Cli::parse().command else {
        return pulumi::run(program::program);
    };
    match run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("infra: {error:#}");
            ExitCode::FAILURE
        }
    }
}

#[tokio::main]
async fn run(command: Command) -> Result<()> {
    match command {
        Command::Graph(program) => {
            let graph = graph::graph(&program.into()).await?;
            println!("{}", serde_json::to_string_pretty(&graph).context("writing JSON")?);
            Ok(())
        }
        Command::Synth { program, out } => {
            let report = synth::synth(&program.into(), &out).await?;
            // Whoever reads the template should know what it does not say.
            for line in report.lines() {
                eprintln!("infra: {line}");
            }
            Ok(())
        }
    }
}
