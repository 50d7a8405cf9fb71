//! A program that the language host runs by way of a script, which notes what it took.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use crate::project::Project;

/// The script: runs the command, and writes seconds on the clock, seconds of processors and kilobytes. The kernel counts what
/// the script itself holds as the command's, which is more than a small program does; so it is asked while that runs.
const SCRIPT: &str = r#"#!/usr/bin/env python3
import os, resource, subprocess, sys, time
command = [part.replace("$MONITOR", os.environ["PULUMI_MONITOR"]).replace("$ENGINE", os.environ["PULUMI_ENGINE"])
           .replace("$STACK", os.environ["PULUMI_STACK"]).replace("$PROJECT", os.environ["PULUMI_PROJECT"])
           .replace("$DRY_RUN", os.environ["PULUMI_DRY_RUN"]).replace("$PARALLEL", os.environ["PULUMI_PARALLEL"])
           for part in COMMAND]
start = time.monotonic()
child = subprocess.Popen(command)
most = 0
while True:
    try:
        with open(f"/proc/{child.pid}/status") as status:
            most = max([most, *(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))])
    except OSError:
        pass
    try:
        code = child.wait(timeout=0.01)
        break
    except subprocess.TimeoutExpired:
        pass
took = time.monotonic() - start
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(FIGURES, "w") as file:
    file.write(f"{took} {usage.ru_utime + usage.ru_stime} {most or usage.ru_maxrss}")
sys.exit(code)
"#;

/// What a run of a program took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Figures {
    /// From its start to its end.
    pub(crate) seconds: f64,
    /// Of all processors.
    pub(crate) processor_seconds: f64,
    /// The most that it held.
    pub(crate) megabytes: f64,
}

/// A program that is measured.
pub(crate) struct Measured {
    figures: PathBuf,
}

impl Measured {
    /// Has the project run a command as its program. In the command's parts `$MONITOR`, `$ENGINE`, `$PROJECT`, `$STACK`,
    /// `$PARALLEL` and `$DRY_RUN` are what the host says.
    pub(crate) fn in_project(project: &Project, command: &[&str]) -> Self {
        let (script, figures) = (project.root().join("measured"), project.root().join("figures"));
        let text = SCRIPT
            .replace("COMMAND", &serde_json::json!(command).to_string())
            .replace("FIGURES", &serde_json::json!(figures).to_string());
        std::fs::write(&script, text).unwrap();
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
        project.write(&format!("    binary: {}\n", script.display()));
        Self { figures }
    }

    /// What the last run of the program took.
    pub(crate) fn figures(&self) -> Figures {
        let text = std::fs::read_to_string(&self.figures).unwrap();
        let numbers: Vec<f64> = text.split(' ').map(|number| number.parse().unwrap()).collect();
        let [seconds, processor_seconds, kilobytes] = numbers[..] else { panic!("figures are {text:?}") };
        // Linux counts kilobytes, macOS bytes.
        let megabytes = if cfg!(target_os = "macos") { kilobytes / 1e6 } else { kilobytes / 1024.0 };
        Figures { seconds, processor_seconds, megabytes }
    }
}
