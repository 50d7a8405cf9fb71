//! The program `infra`: the infrastructure as the Pulumi engine runs it, as a template, or as a list of its
//! registrations.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, Parser, Subcommand};
use miyabi_infra::settings::{Configuration, Refused};
use miyabi_infra::{Settings, cost, diagram, graph, program, synth};
use miyabi_shared::Stage;

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
    /// Print a diagram of what the program registers, for Mermaid.
    Diagram(Program),
    /// Print what the stage costs: a month without use, and a million ticks of progress.
    Cost(Program),
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
    /// The folder of the built page; the local stage needs none.
    #[arg(long, default_value = "app/dashboard/dist")]
    page: String,
    /// A cache that is somewhere else, redis://HOST:PORT, rediss://HOST:PORT or none.
    #[arg(long)]
    redis_url: Option<String>,
    /// A setting of the stage, such as network.natGateways=one; as often as needed.
    #[arg(long, value_name = "KEY=VALUE", value_parser = setting)]
    config: Vec<(String, String)>,
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("expected KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}

impl Program {
    fn settings(self) -> Result<Settings, Refused> {
        let mut configuration = Configuration::new();
        configuration.set("functions", &self.functions);
        configuration.set("page", &self.page);
        if let Some(redis_url) = &self.redis_url {
            configuration.set("redisUrl", redis_url);
        }
        for (key, value) in &self.config {
            configuration.set(key, value);
        }
        Settings::read(self.stage, configuration)
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
            let graph = graph::graph(&program.settings()?).await?;
            println!("{}", serde_json::to_string_pretty(&graph).context("writing JSON")?);
            Ok(())
        }
        Command::Diagram(program) => {
            print!("{}", diagram::mermaid(&graph::graph(&program.settings()?).await?));
            Ok(())
        }
        Command::Cost(program) => {
            let settings = program.settings()?;
            let costs = cost::idle(&graph::graph(&settings).await?);
            print!("{}", cost::page_of(&[(settings.stage.name(), &settings, costs)]));
            Ok(())
        }
        Command::Synth { program, out } => {
            let report = synth::synth(&program.settings()?, &out).await?;
            // Whoever reads the template should know what it does not say.
            for line in report.lines() {
                eprintln!("infra: {line}");
            }
            Ok(())
        }
    }
}
