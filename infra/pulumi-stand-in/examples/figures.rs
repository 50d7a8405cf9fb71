//! Measures a preview and an up of production on the real engine, with the stand-in provider: time, and the memory of
//! the infrastructure program. `./just bench` runs it.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a measurement that cannot go on has no result")]

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Instant;

#[path = "../tests/engine/project.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod project;

use project::{Project, programs};

const STAGE: &str = "prod";

fn main() {
    let project = Project::infrastructure();
    // Between the host and the program, to see how much memory it took.
    let (wrapper, figures) = (project.root().join("infra"), project.root().join("memory"));
    let text = format!(
        "#!/usr/bin/env python3\nimport resource, subprocess, sys\ncode = subprocess.run([{:?}]).returncode\n\
         kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss\n\
         open({:?}, 'w').write(str(kilobytes))\nsys.exit(code)\n",
        programs().join("infra"),
        figures
    );
    std::fs::write(&wrapper, text).unwrap();
    std::fs::set_permissions(&wrapper, std::fs::Permissions::from_mode(0o755)).unwrap();
    project.write(&format!("    binary: {}\n", wrapper.display()));
    project.configure(STAGE);

    let resources = project.preview(STAGE).len();
    measure("preview", &project, &figures, &["preview", "--stack", STAGE]);
    measure("up", &project, &figures, &["up", "--yes", "--skip-preview", "--stack", STAGE]);
    measure("up, nothing changed", &project, &figures, &["up", "--yes", "--skip-preview", "--stack", STAGE]);
    println!("resources of {STAGE}: {resources}");
}

fn measure(what: &str, project: &Project, figures: &Path, arguments: &[&str]) {
    let start = Instant::now();
    project.ok(arguments);
    let seconds = start.elapsed().as_secs_f64();
    let kilobytes: f64 = std::fs::read_to_string(figures).unwrap().parse().unwrap();
    // Linux counts kilobytes, macOS bytes.
    let megabytes = if cfg!(target_os = "macos") { kilobytes / 1e6 } else { kilobytes / 1024.0 };
    println!("pulumi {what} of {STAGE}: {seconds:.1} s, the program took at most {megabytes:.0} MB");
}
