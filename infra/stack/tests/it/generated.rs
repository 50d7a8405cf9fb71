//! The pages in `docs` that are written from the program. `./just gen` sets `MIYABI_UPDATE_DOCS`, and they are written
//! instead of compared.

use std::path::Path;

use miyabi_infra::rules;
use miyabi_shared::config::{Environment as _, ProcessEnvironment};

fn check(name: &str, page: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(name);
    if ProcessEnvironment.get("MIYABI_UPDATE_DOCS").is_some() {
        std::fs::write(&path, page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/{name} is out of date: run ./just gen");
}

#[test]
fn the_page_of_policies_is_current() {
    check("POLICIES.md", &rules::page());
}
