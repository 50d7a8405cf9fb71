//! The life of a stage: preview, an up that fails and one that goes on, no change, one change, what changed by hand,
//! refresh, import, destroy.

use std::collections::BTreeSet;

use miyabi_shared::{Function, Stage};
use pulumi::Value;

use crate::project::{Plan, Project};

const FUNCTION: &str = "aws:lambda/function:Function";
const PERMISSION: &str = "aws:lambda/permission:Permission";
const ALIAS: &str = "aws:lambda/alias:Alias::";
/// The setting that is changed, and what every function reads it as.
const SETTING: [&str; 3] = ["--path", "miyabi:compute.logLevel", "debug"];
const VARIABLE: &str = "\"debug\"";

#[test]
fn dev_lives_on_the_real_engine() {
    live(Stage::Dev);
}

#[test]
fn prod_lives_on_the_real_engine() {
    live(Stage::Prod);
}

#[test]
fn a_stack_that_is_no_stage_registers_nothing() {
    let project = Project::infrastructure();
    project.ok(&["stack", "init", "production"]);
    let why = ["expected a stage, one of local, dev, stg, prod", "aws:region is not set"];
    project.fails(&["up", "-s", "production", "--yes", "--skip-preview"], &why);
    assert_eq!(project.in_account(), BTreeSet::new());
}

fn live(stage: Stage) {
    let stack = stage.name();
    let project = Project::infrastructure();
    project.configure(stack);

    let plan = project.preview(stack);
    assert!(
        plan.values().all(|operation| operation == "create"),
        "the first preview only creates: {plan:#?}"
    );
    assert_eq!(project.in_account(), BTreeSet::new(), "a preview makes nothing");
    told(stack, &format!("preview, {} to create", plan.len()));

    let up = ["up", "-s", stack, "--yes", "--skip-preview"];
    failing_create(&project, stack, &up);
    project.ok(&up);
    project.assert_consistent(stack);
    told(stack, &format!("up goes on, {} resources", project.in_state(stack).len()));
    project.ok(&[&up[..], &["--expect-no-changes"]].concat());
    told(stack, "up again, nothing changes");

    secrets_are_hidden(&project, stack);
    changed_setting(&project, stack, &up);
    by_hand(&project, stack, &up);
    import(&project, stack, &up);
    destroy(&project, stage);
}

fn told(stack: &str, what: &str) {
    println!("{stack}: {what}");
}

/// One function cannot be made: everything else that was made is known, and nothing that needs it was tried.
fn failing_create(project: &Project, stack: &str, up: &[&str]) {
    let function = Function::TaskApi.name();
    let run = project.run_refused(up, function);
    assert!(!run.success);
    run.says(&[&format!("aws:lambda:Function ({function}):"), &format!("{function} is refused")]);
    project.assert_consistent(stack);
    let made = project.in_state(stack);
    assert!(
        !made.is_empty()
            && !made.iter().any(|made| made == &format!("{FUNCTION} {}", Function::TaskApi.binary()))
    );
    told(stack, &format!("up fails at {function}, with {} resources made and known", made.len()));
}

/// What the provider says is secret is nowhere in the state in the clear.
fn secrets_are_hidden(project: &Project, stack: &str) {
    let state = project.export(stack).to_string();
    let made = project.account().all().unwrap();
    let secrets = made.iter().flat_map(|made| {
        made.outputs.iter().filter_map(|(key, value)| match value {
            Value::Secret(inner) => match &**inner {
                Value::String(text) if !text.is_empty() => Some((&made.name, key, text)),
                _ => None,
            },
            _ => None,
        })
    });
    let mut seen = 0;
    for (name, key, secret) in secrets {
        assert!(!state.contains(secret), "{key} of {name} is in the state in the clear");
        seen += 1;
    }
    told(stack, &format!("{seen} secrets of what was made are encrypted in the state"));
}

/// The log level of functions is a variable of theirs, and nothing else's.
fn changed_setting(project: &Project, stack: &str, up: &[&str]) {
    project.ok(&[&["config", "set", "-s", stack], &SETTING[..]].concat());
    let plan = project.preview(stack);
    let (functions, others): (Plan, Plan) =
        plan.into_iter().partition(|(name, _)| name.starts_with(&format!("{FUNCTION}::")));
    let expected: BTreeSet<String> =
        // Without a socket there is nobody to push to.
        Function::ALL.iter().filter(|function| **function != Function::Push).map(|function| format!("{FUNCTION}::{}", function.name())).collect();
    assert_eq!(functions.keys().cloned().collect::<BTreeSet<_>>(), expected);
    // Where functions have versions, their aliases point to the new ones.
    let follows = |name: &String| name.starts_with(ALIAS);
    assert!(others.keys().all(follows), "a log level changed {others:#?}");
    let all = functions.values().chain(others.values());
    assert!(all.clone().all(|operation| operation == "update"), "{functions:#?} {others:#?}");
    project.ok(up);
    for function in project.account().of_type(FUNCTION).unwrap() {
        assert!(
            format!("{:?}", function.inputs).contains(VARIABLE),
            "{} has another log level",
            function.name
        );
    }
    told(stack, &format!("another log level updates {} resources", expected.len() + others.len()));
}

/// A person has changed one function and deleted one permission: a refresh tells, and an up mends.
fn by_hand(project: &Project, stack: &str, up: &[&str]) {
    project.ok(&["refresh", "-s", stack, "--yes", "--skip-preview", "--expect-no-changes"]);
    let account = project.account();
    let mut function = account.get(FUNCTION, &Function::TaskApi.binary()).unwrap().unwrap();
    for properties in [&mut function.inputs, &mut function.outputs] {
        properties.insert("timeout".to_owned(), Value::Number(899.0));
    }
    account.put(&function).unwrap();
    let permission = account.of_type(PERMISSION).unwrap().remove(0);
    account.remove(PERMISSION, &permission.id).unwrap();

    let said = project.ok(&["refresh", "-s", stack, "--yes", "--skip-preview"]);
    assert!(said.contains("1 updated") && said.contains("1 deleted"), "{said}");
    let plan = project.preview(stack);
    let expected = Plan::from([
        (format!("{FUNCTION}::{}", Function::TaskApi.name()), "update".to_owned()),
        (format!("{PERMISSION}::{}", permission.name), "create".to_owned()),
    ]);
    // Where functions have versions, the alias points to the new one. Nothing else changes.
    let (aliases, plan): (Plan, Plan) = plan.into_iter().partition(|(name, _)| name.starts_with(ALIAS));
    assert_eq!(plan, expected);
    let alias = format!("{ALIAS}{}-live", Function::TaskApi.name());
    assert!(aliases.iter().all(|(name, operation)| *name == alias && operation == "update"), "{aliases:#?}");
    project.ok(up);
    let mended = account.get(FUNCTION, &Function::TaskApi.binary()).unwrap().unwrap();
    assert_ne!(mended.inputs["timeout"], Value::Number(899.0));
    project.assert_consistent(stack);
    told(stack, "what a person changed is seen by refresh and mended by up");
}

/// A permission that is there and not in the state is taken over.
fn import(project: &Project, stack: &str, up: &[&str]) {
    let state = project.export(stack);
    let all = state["deployment"]["resources"].as_array().unwrap();
    let depended: BTreeSet<&str> = all
        .iter()
        .flat_map(|one| one["dependencies"].as_array().into_iter().flatten())
        .filter_map(|urn| urn.as_str())
        .collect();
    let leaf = |one: &&serde_json::Value| {
        let kind = one["type"].as_str().unwrap_or_default();
        kind == PERMISSION && !depended.contains(one["urn"].as_str().unwrap_or_default())
    };
    let lost = all
        .iter()
        .find(leaf)
        .unwrap_or_else(|| panic!("no permission without dependants among {} resources", all.len()));
    let (urn, id) = (lost["urn"].as_str().unwrap(), lost["id"].as_str().unwrap());
    project.ok(&["state", "delete", "-s", stack, urn, "--yes"]);
    // Made again it would be there twice, which AWS refuses.
    let file = project.root().join("import.json");
    let parent = lost["parent"].as_str().unwrap();
    let imports = serde_json::json!({
        "nameTable": { "its-parent": parent },
        "resources": [{ "type": PERMISSION, "name": pulumi::urn::name_of(urn), "id": id, "parent": "its-parent", "version": lost["outputs"]["version"] }],
    });
    std::fs::write(&file, imports.to_string()).unwrap();
    let arguments = [
        "import",
        "-s",
        stack,
        "--yes",
        "--skip-preview",
        "--protect=false",
        "--generate-code=false",
        "-f",
        file.to_str().unwrap(),
    ];
    project.ok(&arguments);
    project.assert_consistent(stack);
    project.ok(&[up, &["--expect-no-changes"]].concat());
    told(stack, "what is there already is imported, and then nothing changes");
}

fn destroy(project: &Project, stage: Stage) {
    let stack = stage.name();
    let destroy = ["destroy", "-s", stack, "--yes", "--skip-preview"];
    let protected = project.export(stack)["deployment"]["resources"]
        .as_array()
        .unwrap()
        .iter()
        .any(|one| one["protect"] == true);
    assert_eq!(protected, stage == Stage::Prod, "what is protected in {stack}");
    if protected {
        project.fails(&destroy, &["protected"]);
        project.assert_consistent(stack);
        project.ok(&["state", "unprotect", "-s", stack, "--all", "--yes"]);
    }
    let retained: BTreeSet<String> = {
        let state = project.export(stack);
        let all = state["deployment"]["resources"].as_array().unwrap();
        let kept = all.iter().filter(|one| one["retainOnDelete"] == true);
        kept.map(|one| format!("{} {}", one["type"].as_str().unwrap(), one["id"].as_str().unwrap())).collect()
    };
    project.ok(&destroy);
    assert_eq!(project.in_state(stack), BTreeSet::new());
    assert_eq!(project.in_account(), retained, "what is left in the account is what the stage keeps");
    assert_eq!(retained.is_empty(), stage != Stage::Prod);
    told(stack, &format!("destroy, {} resources kept on purpose", retained.len()));
}
