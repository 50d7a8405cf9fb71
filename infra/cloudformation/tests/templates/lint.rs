//! The templates are what CloudFormation takes, as far as cfn-lint knows it.

use std::fs;
use std::path::Path;
use std::process::Command;

use miyabi_shared::config::{Environment as _, ProcessEnvironment};

/// The path of cfn-lint.
const CFN_LINT: &str = "MIYABI_CFN_LINT";

#[test]
fn cfn_lint_finds_nothing_in_the_templates_of_all_mappings() {
    let program = ProcessEnvironment.get(CFN_LINT).unwrap_or_else(|| {
        panic!("{CFN_LINT} is not set: give it the path of cfn-lint 1.58.0, or run `./just test`")
    });
    let folder = tempfile::tempdir().unwrap();
    let snapshots = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/templates/snapshots");
    let mut templates = Vec::new();
    for entry in fs::read_dir(snapshots).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let Some(start) = text.find("\n{\n") else { continue };
        let template = folder.path().join(path.file_stem().unwrap()).with_extension("json");
        fs::write(&template, text[start..].replace("<sha256>", &"0".repeat(64))).unwrap();
        templates.push(template);
    }
    assert!(templates.len() >= 6, "the snapshots of the other tests are expected, found {templates:?}");
    let output = Command::new(&program)
        .args(["--region", "us-east-1", "--"])
        .args(&templates)
        .output()
        .unwrap_or_else(|error| panic!("{CFN_LINT}={program:?} cannot be started: {error}"));
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
