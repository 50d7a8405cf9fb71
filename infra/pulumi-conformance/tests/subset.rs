//! The part of Pulumi's conformance suite that belongs to every test run.
#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::path::PathBuf;
use std::process::Command;

/// The language host of this build: one folder above this test.
fn host() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.parent().and_then(std::path::Path::parent).unwrap().join("pulumi-language-rust")
}

#[test]
fn the_sdk_and_the_host_do_as_every_official_language_does() {
    let suite = std::env::var_os("MIYABI_PULUMI_TEST_LANGUAGE");
    assert!(
        suite.is_some(),
        "MIYABI_PULUMI_TEST_LANGUAGE is not set: `./just test` builds the suite and sets it"
    );
    assert!(host().is_file(), "{} is not built: `cargo build --workspace` builds it", host().display());
    let mut command = Command::new(env!("CARGO_BIN_EXE_pulumi-conformance"));
    let status = command.arg("--subset").arg("--host").arg(host()).status().unwrap();
    assert!(status.success(), "see the tests with a ✗ above");
}
