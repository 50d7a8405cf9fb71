//! What a program is told in its environment.

use std::collections::BTreeMap;

use crate::wire::RunRequest;

/// What one variable may hold: Linux refuses to start a program with a longer one.
const LONGEST: usize = 120 * 1024;

/// Texts and maps of texts always have a JSON form, so the empty text never comes up.
fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// The variables for a run; the engine is at `engine`.
pub(crate) fn variables(request: &RunRequest, engine: &str) -> BTreeMap<&'static str, String> {
    let root = request.info.as_ref().map(|info| info.root_directory.clone()).unwrap_or_default();
    // Sorted, so that the same configuration is the same text.
    let config: BTreeMap<&String, &String> = request.config.iter().collect();
    let mut variables = BTreeMap::from([
        ("PULUMI_ORGANIZATION", request.organization.clone()),
        ("PULUMI_PROJECT", request.project.clone()),
        ("PULUMI_ROOT_DIRECTORY", root),
        ("PULUMI_STACK", request.stack.clone()),
        ("PULUMI_CONFIG", json(&config)),
        ("PULUMI_CONFIG_SECRET_KEYS", json(&request.config_secret_keys)),
        ("PULUMI_DRY_RUN", request.dry_run.to_string()),
        ("PULUMI_PARALLEL", request.parallel.to_string()),
        ("PULUMI_MONITOR", request.monitor_address.clone()),
        ("PULUMI_ENGINE", engine.to_owned()),
    ]);
    // A program learns what does not fit from the engine's monitor, which it asks first.
    variables.retain(|_, value| !value.is_empty() && value.len() <= LONGEST);
    variables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_told_what_the_engine_said_and_empty_values_are_left_out() {
        let request = RunRequest {
            project: "miyabi".to_owned(),
            stack: "dev".to_owned(),
            config: [("aws:region".to_owned(), "eu-west-1".to_owned())].into(),
            config_secret_keys: vec!["miyabi:token".to_owned()],
            dry_run: true,
            parallel: 16,
            monitor_address: "127.0.0.1:1".to_owned(),
            ..RunRequest::default()
        };
        let variables = variables(&request, "127.0.0.1:2");
        assert_eq!(variables["PULUMI_CONFIG"], r#"{"aws:region":"eu-west-1"}"#);
        assert_eq!(variables["PULUMI_CONFIG_SECRET_KEYS"], r#"["miyabi:token"]"#);
        assert_eq!(variables["PULUMI_DRY_RUN"], "true");
        assert_eq!(variables["PULUMI_ENGINE"], "127.0.0.1:2");
        assert!(!variables.contains_key("PULUMI_ORGANIZATION"));
    }

    #[test]
    fn a_configuration_that_no_variable_can_hold_is_left_to_the_monitor() {
        let request = RunRequest {
            project: "miyabi".to_owned(),
            config: [("miyabi:policy".to_owned(), "x".repeat(128 * 1024))].into(),
            ..RunRequest::default()
        };
        let variables = variables(&request, "127.0.0.1:2");
        assert!(!variables.contains_key("PULUMI_CONFIG"));
        assert_eq!(variables["PULUMI_PROJECT"], "miyabi");
    }
}
