//! Log lines as JSON on standard output.

use tracing_subscriber::EnvFilter;

/// Sends log lines of `level` and above to standard output, one flat JSON object a line.
///
/// `level` is one of error, warn, info, debug and trace. The libraries underneath speak from `warn` on, unless `level` is
/// trace. A second call changes nothing.
pub fn start_logging(level: &str) {
    let libraries = if level == "trace" { "debug" } else { "warn" };
    let filter = EnvFilter::new(format!("{libraries},miyabi={level}{}", our_crates(level)));
    // It fails when there is a subscriber already, as in tests.
    let _ = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_env_filter(filter)
        .try_init();
}

/// Directives for the crates that a function is made of; a filter knows no wildcards.
fn our_crates(level: &str) -> String {
    ["miyabi_progress", "miyabi_progress_collector", "miyabi_store", "miyabi_task_api", "miyabi_telemetry"]
        .map(|name| format!(",{name}={level}"))
        .concat()
}
