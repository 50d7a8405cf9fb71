//! Programs that end badly: nothing is deleted because of it, and the next run goes on.

use std::process::Command;

use pulumi_stand_in::WAITING;

use crate::project::{Project, Run};

const UP: [&str; 4] = ["up", "--yes", "--skip-preview", "--stack=drill"];
const TOPIC: &str = "aws:sns/topic:Topic";

fn topics(project: &Project) -> Vec<String> {
    project.account().of_type(TOPIC).unwrap().into_iter().map(|made| made.name).collect()
}

/// A program that registered less than before because it fell is not one that wants less.
#[test]
fn a_program_that_falls_half_way_deletes_nothing() {
    let project = Project::drill("whole");
    project.ok(&UP);
    assert_eq!(topics(&project), ["first", "second", "third"]);
    for (how, why) in [("panic", "the program has stumbled"), ("error", "the program gives up")] {
        project.set_how(how);
        project.fails(&UP, &[why]);
        assert_eq!(topics(&project), ["first", "second", "third"], "after {how}");
        project.assert_consistent("drill");
    }
    project.set_how("whole");
    project.ok(&[&UP[..], &["--expect-no-changes"]].concat());
}

#[test]
fn an_interrupted_up_leaves_a_state_that_the_next_one_goes_on_from() {
    let project = Project::drill("whole");
    let marker = project.account().marker(WAITING);
    let child = project.start_waiting(&UP, "third", &marker);
    let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(interrupt.success());
    let run = Run::of(&child.wait_with_output().unwrap());
    assert!(!run.success, "{}", run.said);
    assert!(!topics(&project).contains(&"third".to_owned()));
    project.assert_consistent("drill");
    project.ok(&UP);
    assert_eq!(topics(&project), ["first", "second", "third"]);
    project.assert_consistent("drill");
}

/// A program in a folder of its own, built by the host.
#[test]
fn what_the_compiler_says_against_a_program_reaches_the_user() {
    let project = Project::bare();
    project.write("    profile: dev\n");
    let source = project.folder().join("src");
    std::fs::create_dir_all(&source).unwrap();
    let manifest = "[package]\nname = \"stumbles\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n";
    std::fs::write(project.folder().join("Cargo.toml"), manifest).unwrap();
    std::fs::write(source.join("main.rs"), "fn main() {\n    let count: u32 = \"three\";\n}\n").unwrap();
    let project = project.with("CARGO_TARGET_DIR", "target".to_owned());
    project.ok(&["stack", "init", "drill"]);
    project.fails(&UP, &["mismatched types", "src/main.rs:2:22", "expected `u32`, found `&str`"]);
    project.assert_consistent("drill");
}
