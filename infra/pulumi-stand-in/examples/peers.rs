//! Measures one program on our SDK and on Pulumi's SDK for Node, by turns, on the real engine with the stand-in provider:
//! how long it takes to start, to preview and to register many resources, and what memory. `./just bench` runs it.
//!
//! Both are started by our language host, so that nothing but the SDKs differs: Node's as its own host starts it.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a measurement that cannot go on has no result")]

use std::path::PathBuf;
use std::time::Instant;

use miyabi_shared::config::{Environment as _, ProcessEnvironment};

#[path = "support/measured.rs"]
mod measured;
#[path = "../tests/engine/project.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod project;

use measured::{Figures, Measured};
use project::{Project, programs};

/// Where nobody says another number: `peers [RESOURCES]`.
const RESOURCES: u32 = 1000;
/// Of so many runs of each, the one in the middle counts.
const RUNS: usize = 5;

/// What one run of the CLI took.
#[derive(Clone, Copy)]
struct Run {
    cli_seconds: f64,
    program: Figures,
}

/// One number of a run.
type Figure = fn(&Run) -> f64;

struct Contestant {
    project: Project,
    measured: Measured,
}

impl Contestant {
    fn new(command: &[&str]) -> Self {
        let project = Project::bare();
        let measured = Measured::in_project(&project, command);
        project.ok(&["stack", "init", "many"]);
        project.ok(&["config", "set", "aws:region", "eu-west-1"]);
        Self { project, measured }
    }

    fn run(&self, resources: u32, verb: &str) -> Run {
        self.project.ok(&["config", "set", "many:count", &resources.to_string()]);
        let arguments: &[&str] = if verb == "up" {
            &["up", "--yes", "--skip-preview", "--stack=many"]
        } else {
            &[verb, "--stack=many"]
        };
        let start = Instant::now();
        self.project.ok(arguments);
        Run { cli_seconds: start.elapsed().as_secs_f64(), program: self.measured.figures() }
    }

    fn check(&self, resources: u32) {
        let made = self.project.in_state("many").len();
        assert_eq!(made, usize::try_from(resources).unwrap(), "what the program registered");
    }
}

fn main() {
    let resources = std::env::args().nth(1).map_or(RESOURCES, |number| number.parse().unwrap());
    let rust = programs().join("pulumi-many");
    let rust = Contestant::new(&[rust.to_str().unwrap()]);
    let folder = ProcessEnvironment.get("MIYABI_PULUMI_NODE").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| panic!("MIYABI_PULUMI_NODE is not set: `./just bench` sets it"));
    let node = ProcessEnvironment.get("MIYABI_NODE").unwrap_or_else(|| "node".to_owned());
    let run = folder.join("node_modules/@pulumi/pulumi/cmd/run");
    let node = Contestant::new(&[
        &node,
        run.to_str().unwrap(),
        "--project=$PROJECT",
        "--stack=$STACK",
        "--organization=organization",
        "--parallel=$PARALLEL",
        "--dry-run=$DRY_RUN",
        "--monitor=$MONITOR",
        "--engine=$ENGINE",
        "--pwd=.",
        folder.join("index.js").to_str().unwrap(),
    ]);

    println!("one program on our SDK and on Pulumi's for Node, median of {RUNS} runs of each, by turns:");
    compare("a preview without resources", RUNS, &rust, &node, |contestant| contestant.run(0, "preview"));
    compare(&format!("a preview of {resources} resources"), RUNS, &rust, &node, |contestant| {
        contestant.run(resources, "preview")
    });
    // Each up needs an empty stack, which takes longer than what is measured.
    compare(&format!("an up of {resources} resources"), 1, &rust, &node, |contestant| {
        let run = contestant.run(resources, "up");
        contestant.check(resources);
        run
    });
    compare("an up that changes nothing", RUNS, &rust, &node, |contestant| contestant.run(resources, "up"));
}

fn compare(what: &str, runs: usize, rust: &Contestant, node: &Contestant, run: impl Fn(&Contestant) -> Run) {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        ours.push(run(rust));
        theirs.push(run(node));
    }
    println!("{what}:");
    let figures: [(&str, &str, Figure); 4] = [
        ("the program", "s", |run| run.program.seconds),
        ("its processor time", "s", |run| run.program.processor_seconds),
        ("its memory", "MB", |run| run.program.megabytes),
        ("the whole command", "s", |run| run.cli_seconds),
    ];
    for (name, unit, figure) in figures {
        let (ours, theirs) = (median(&ours, figure), median(&theirs, figure));
        println!("  {name}: {ours:.2} {unit}, Node {theirs:.2} {unit}, {:.1} times as much", theirs / ours);
    }
}

fn median(runs: &[Run], figure: Figure) -> f64 {
    let mut figures: Vec<f64> = runs.iter().map(figure).collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
