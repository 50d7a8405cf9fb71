//! `./just preview` and `./just deploy`, as far as they go before they build anything: what is wrong is said at once.

use std::path::Path;
use std::process::{Command, Stdio};

use miyabi_shared::config::{Environment as _, ProcessEnvironment};

use crate::project::{Project, Run};

/// What is asked for, and what is said against it.
const REFUSALS: [(&[&str], &[&str]); 5] = [
    (&["preview", "production"], &["'production' is no stage: expected one of dev, stg, prod"]),
    (&["deploy", "local"], &["the stage local is this machine: ./just up"]),
    (&["preview"], &["expected preview, deploy or destroy with a stage"]),
    (
        &["preview", "dev"],
        &[
            "there is no stack dev yet, of 0 in file://",
            "./just pulumi stack init dev",
            "./just pulumi config set aws:region eu-west-1 --stack dev",
        ],
    ),
    (&["destroy", "stg"], &["there is no stack stg yet"]),
];

#[test]
fn a_deployment_that_cannot_be_is_refused_with_what_to_do() {
    let project = Project::bare();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../localstack/tools/deploy.py");
    let python = ProcessEnvironment.get("MIYABI_PYTHON").unwrap_or_else(|| "python3".to_owned());
    for (arguments, why) in REFUSALS {
        let mut command = Command::new(&python);
        command.arg(&script).args(arguments).envs(project.variables()).stdin(Stdio::null());
        let run = Run::of(&command.output().unwrap());
        assert!(!run.success, "{arguments:?}: {}", run.said);
        run.says(why);
        assert!(!run.said.contains("Traceback"), "{}", run.said);
    }
}
