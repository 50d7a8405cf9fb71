//! Configuration by environment variables: one type, two ends.
//!
//! `infra` writes what `app` reads, through the same struct: `to_env()` there, `from_env()` here. Reading reports
//! every mistake at once. Nothing else in the product reads the environment.

mod authentication;
mod cache;
mod environment;
mod functions;
mod issuer_keys;
mod jobs;
mod push;

pub use authentication::{
    Authentication, AuthenticationConfig, KeysFrom, PROJECTS_CLAIM, TokenConfig, is_local_endpoint,
};
pub use cache::{CacheEndpoint, ManagedCache};
pub use environment::{ConfigError, ConfigErrors, Environment, ProcessEnvironment, Reader, Variable};
pub use functions::{
    CACHE_TIMEOUT_MILLISECONDS, ProgressCollectorConfig, StoreConfig, StreamProcessorConfig, TaskApiConfig,
};
pub use issuer_keys::IssuerKeysConfig;
pub use jobs::{JobQueues, WorkerConfig};
pub use push::PushConfig;

use crate::function::Function;

/// The page `docs/CONFIGURATION.md`: every variable of every function.
pub fn reference_page() -> String {
    let mut page = String::from(
        "# Configuration\n\nGenerated from `shared/src/config` by `./just gen`; a test keeps it true.\n\
         The infrastructure program sets these variables; nobody sets them by hand.\n",
    );
    for function in Function::ALL {
        let declaration = function.declaration();
        page.push_str(&format!(
            "\n## `{}`\n\n{}.\n\n| variable | default | meaning |\n|---|---|---|\n",
            declaration.name, declaration.description
        ));
        for variable in (declaration.variables)() {
            page.push_str(&row(&variable));
        }
    }
    page.push_str("\n## `worker`\n\nRuns jobs from the queues; a container.\n\n| variable | default | meaning |\n|---|---|---|\n");
    for variable in WorkerConfig::variables() {
        page.push_str(&row(&variable));
    }
    page
}

fn row(variable: &Variable) -> String {
    let default = match variable.default.as_deref() {
        None => "required".to_owned(),
        Some("") => "not set".to_owned(),
        Some(value) => format!("`{value}`"),
    };
    format!("| `{}` | {default} | {} |\n", variable.name, variable.meaning)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// `./just gen` sets `MIYABI_UPDATE_DOCS`, and the page is written instead of compared.
    #[test]
    fn the_reference_page_in_docs_is_up_to_date() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/CONFIGURATION.md");
        if ProcessEnvironment.get("MIYABI_UPDATE_DOCS").is_some() {
            std::fs::write(&path, reference_page()).unwrap();
        }
        let page = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(page == reference_page(), "docs/CONFIGURATION.md is out of date: run ./just gen");
    }
}
