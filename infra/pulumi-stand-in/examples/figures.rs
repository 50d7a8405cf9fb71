//! Measures a preview and an up of production on the real engine, with the stand-in provider: time, and the memory of
//! the infrastructure program. `./just bench` runs it.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a measurement that cannot go on has no result")]

use std::time::Instant;

#[path = "support/measured.rs"]
mod measured;
#[path = "../tests/engine/project.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod project;

use measured::{Figures, Measured};
use project::{Project, programs};

const STAGE: &str = "prod";

fn main() {
    let project = Project::infrastructure();
    let program = programs().join("infra");
    let measured = Measured::in_project(&project, &[program.to_str().unwrap()]);
    project.configure(STAGE);

    let resources = project.preview(STAGE).len();
    measure("preview", &project, &measured, &["preview", "--stack", STAGE]);
    measure("up", &project, &measured, &["up", "--yes", "--skip-preview", "--stack", STAGE]);
    measure("up, nothing changed", &project, &measured, &["up", "--yes", "--skip-preview", "--stack", STAGE]);
    println!("resources of {STAGE}: {resources}");
}

fn measure(what: &str, project: &Project, measured: &Measured, arguments: &[&str]) {
    let start = Instant::now();
    project.ok(arguments);
    let seconds = start.elapsed().as_secs_f64();
    let Figures { seconds: own, processor_seconds, megabytes } = measured.figures();
    println!(
        "pulumi {what} of {STAGE}: {seconds:.1} s; the program ran for {own:.1} s, with {processor_seconds:.1} s of \
         processors and at most {megabytes:.0} MB"
    );
}
