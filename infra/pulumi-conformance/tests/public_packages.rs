//! Crates of public providers, made from the schemas that they publish, as a user makes them: by the Pulumi CLI, for a
//! program that then compiles, and whose own test sees what would reach the providers.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by a panic")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// The program, written as a user would write it, with its test.
const PROGRAM: &str = include_str!("data/public.rs");

fn from_environment(variable: &str) -> PathBuf {
    let Some(path) = std::env::var_os(variable) else {
        panic!("{variable} is not set: `./just test` fetches what it names and sets it");
    };
    path.into()
}

/// Where the programs of this build are: one folder above this test.
fn programs() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.parent().and_then(Path::parent).unwrap().to_owned()
}

/// Runs a command, which must succeed.
fn ok(command: &mut Command) {
    let output = command.output().unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{said}", output.status);
}

#[test]
fn the_cli_adds_public_packages_to_a_program_that_then_compiles_and_sends_what_they_ask_for() {
    let (cli, schemas) = (from_environment("MIYABI_PULUMI"), from_environment("MIYABI_PROVIDER_SCHEMAS"));
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pulumi").canonicalize().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("site");
    std::fs::create_dir_all(program.join("src")).unwrap();
    let project = format!(
        "name: site\nruntime: rust\nplugins:\n  languages:\n    - name: rust\n      path: {}\n",
        programs().display()
    );
    std::fs::write(program.join("Pulumi.yaml"), project).unwrap();
    let manifest = format!(
        "[package]\nname = \"site\"\nedition = \"2024\"\n[workspace]\n\
         [dependencies]\npulumi = {{ package = \"miyabi-pulumi\", path = {sdk:?} }}\n\
         [dev-dependencies]\ntokio = {{ version = \"1\", features = [\"macros\", \"rt\"] }}\n\
         [profile.dev]\ndebug = false\n"
    );
    std::fs::write(program.join("Cargo.toml"), manifest).unwrap();
    // The versions of this workspace are on the machine.
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    std::fs::copy(lock, program.join("Cargo.lock")).unwrap();
    std::fs::write(program.join("src/main.rs"), "fn main() {}\n").unwrap();

    // What this workspace has built already is not built again.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("..");
    let in_program = |name: &Path| {
        let mut command = Command::new(name);
        command
            .current_dir(&program)
            .env("CARGO_TARGET_DIR", &target)
            .env("PULUMI_HOME", folder.path().join("home"))
            .env("PULUMI_BACKEND_URL", format!("file://{}", folder.path().display()))
            .env("PULUMI_SKIP_UPDATE_CHECK", "true")
            .env("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "true");
        command
    };
    for package in ["random", "tls"] {
        ok(in_program(&cli).args(["package", "add"]).arg(schemas.join(format!("{package}.json"))));
    }
    // A crate for others to use has the SDK from the registry, until whoever uses it says otherwise.
    let manifest = std::fs::read_to_string(program.join("Cargo.toml")).unwrap();
    let patch = format!("[patch.crates-io]\nmiyabi-pulumi = {{ path = {sdk:?} }}\n");
    std::fs::write(program.join("Cargo.toml"), format!("{manifest}{patch}")).unwrap();
    ok(in_program(&cli)
        .args(["package", "gen-sdk", "--language", "rust", "--out", "generated"])
        .arg(schemas.join("kubernetes.json")));
    let kubernetes = program.join("generated/rust");
    // `rbac.authorization.k8s.io/v1` in tokens.
    assert!(kubernetes.join("src/rbac/v1.rs").is_file(), "modules have the names that the schema gives them");
    let cargo = Path::new(env!("CARGO"));
    let one_module = ["--no-default-features", "--features", "apps"];
    ok(in_program(cargo).args(["add", "--path"]).arg(&kubernetes).args(one_module));
    std::fs::write(program.join("src/main.rs"), PROGRAM).unwrap();
    ok(in_program(cargo).args(["test", "--quiet"]));
}
