//! Secrets are nowhere in the clear but where they are asked for.

use std::path::Path;

use crate::project::Project;

const PASSWORD: &str = "correct-horse-battery";

#[test]
fn secrets_are_never_in_the_clear() {
    let project = Project::drill("secrets");
    project.ok(&["config", "set", "--secret", "drill:password", PASSWORD]);
    let said = project.ok(&["up", "--yes", "--skip-preview", "--stack=drill"]);
    let key = project.account().of_type("aws:apigateway/apiKey:ApiKey").unwrap().remove(0);
    let Some(pulumi::Value::Secret(key)) = key.outputs.get("value").cloned() else {
        panic!("the provider's key is no secret: {key:?}");
    };
    let pulumi::Value::String(key) = *key else { panic!("the provider's key is no text") };
    let known = project.ok(&["stack", "output", "--json", "--show-secrets", "--stack=drill"]);
    assert!(known.contains(&key) && known.contains(&format!("hello {PASSWORD}")), "{known}");

    let mut places = vec![
        ("what up said".to_owned(), said),
        ("the outputs".to_owned(), project.ok(&["stack", "output", "--json", "--stack=drill"])),
        ("the export".to_owned(), project.export("drill").to_string()),
        ("a preview".to_owned(), project.ok(&["preview", "--json", "--stack=drill"])),
    ];
    collect(&project.root().join("state"), &mut places);
    collect(project.folder(), &mut places);
    assert!(
        places.iter().any(|(place, _)| place.contains("drill.json")),
        "no state among {:?}",
        places.iter().map(|(place, _)| place).collect::<Vec<_>>()
    );
    for (place, text) in &places {
        for secret in [PASSWORD, &key] {
            assert!(!text.contains(secret), "{place} has a secret in the clear:\n{text}");
        }
    }
}

/// Every file below a folder.
fn collect(folder: &Path, places: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, places);
        } else {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            places.push((path.display().to_string(), text));
        }
    }
}
