//! Functions of a program that the real engine calls back, and a program that waits for itself.

use crate::project::Project;

const UP: [&str; 4] = ["up", "--yes", "--skip-preview", "--stack=drill"];

fn topics(project: &Project) -> Vec<String> {
    let topics = project.account().of_type("aws:sns/topic:Topic").unwrap();
    topics.into_iter().map(|made| made.name).collect()
}

#[test]
fn transforms_and_hooks_are_called_back_until_the_last_deletion() {
    let project = Project::drill("called back");
    project.preview("drill");
    let hooks = project.folder().join("hooks");
    assert!(!hooks.exists(), "a hook ran in a preview");
    project.ok(&UP);
    let notes = || std::fs::read_to_string(&hooks).unwrap_or_default();
    assert_eq!(notes(), "hooked not made new\nhooked made known\n");
    let state = project.export("drill");
    let resources = state["deployment"]["resources"].as_array().cloned().unwrap_or_default();
    let topic =
        resources.iter().find(|resource| resource["urn"].as_str().unwrap().ends_with("::hooked")).unwrap();
    assert_eq!(topic["inputs"]["tags"]["by"], "transform");
    assert_eq!(topic["inputs"]["displayName"], "hooked");
    let shown = project.ok(&["stack", "output", "kept", "--stack=drill", "--show-secrets"]);
    assert_eq!(shown.trim(), topic["id"].as_str().unwrap());
    assert_eq!(project.ok(&["stack", "output", "kept", "--stack=drill"]).trim(), "[secret]");
    project.ok(&[&UP[..], &["--expect-no-changes"]].concat());
    // The program is over when the engine deletes what is no longer in it, and still answers.
    project.set_how("called back later");
    project.ok(&UP);
    assert_eq!(notes(), "hooked not made new\nhooked made known\nhooked not made known\n");
    project.assert_consistent("drill");
    assert_eq!(topics(&project), ["first"]);
}

#[test]
fn a_hook_that_refuses_keeps_the_resource_from_being_made() {
    let project = Project::drill("refused by a hook");
    project.fails(&UP, &["no guarded today"]);
    assert!(!topics(&project).contains(&"guarded".to_owned()));
    project.assert_consistent("drill");
}

#[test]
fn a_program_that_waits_for_itself_ends_and_says_what_waits() {
    let project = Project::drill("waits for itself");
    project.fails(&UP, &["dependency cycle: the program waits for a value", "second [aws:sns/topic:Topic]"]);
    project.assert_consistent("drill");
}
