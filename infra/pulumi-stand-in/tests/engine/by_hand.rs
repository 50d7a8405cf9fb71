//! `pulumi preview` as a person types it in `infra/stack`, with the `Pulumi.yaml` that is there.

use std::path::Path;

use miyabi_shared::config::{Environment as _, ProcessEnvironment};

use crate::project::{Project, programs};

#[test]
fn pulumi_typed_by_hand_in_the_stacks_folder_works() {
    let stack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stack").canonicalize().unwrap();
    let project = Project::infrastructure();
    // The stand-in in place of the provider that an account needs; everything else is as it is typed.
    let path = format!("{}:{}", programs().display(), ProcessEnvironment.get("PATH").unwrap());
    let target = programs().parent().unwrap().to_str().unwrap().to_owned();
    let functions = project.functions().to_str().unwrap().to_owned();
    // The configuration is written beside a project of the same name, so that none appears in the checkout.
    project.ok(&["stack", "init", "dev"]);
    project.ok(&["config", "set", "aws:region", "eu-west-1"]);
    project.ok(&["config", "set", "miyabi:functions", &functions]);
    project.ok(&["config", "set", "miyabi:page", project.page().to_str().unwrap()]);
    let config = project.folder().join("Pulumi.dev.yaml");
    let project = project.at(stack).with("PATH", path).with("CARGO_TARGET_DIR", target);
    let config = ["--config-file", config.to_str().unwrap()];
    let up = ["up", "--stack=dev", "--yes", "--skip-preview"];
    project.ok(&[&up[..], &config[..]].concat());
    project.assert_consistent("dev");
    project.ok(&[&["destroy", "--stack=dev", "--yes", "--skip-preview"], &config[..]].concat());
    assert!(project.in_account().is_empty());
}
