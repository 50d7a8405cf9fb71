//! Packages as the engine has them made: a crate of a schema, packed, added to a program, and built.
#![expect(clippy::unwrap_used, reason = "what fails in a test's helper fails the test")]

use std::collections::HashMap;
use std::path::Path;

use pulumi_language_rust::Host;
use pulumi_language_rust::protocol::language_runtime_server::LanguageRuntime as _;
use pulumi_language_rust::protocol::link_request::LinkDependency;
use pulumi_language_rust::protocol::{
    Diagnostic, GeneratePackageRequest, GetRequiredPackagesRequest, LinkRequest, PackRequest, ProgramInfo,
};
use tonic::Request;

const SCHEMA: &str = r##"{
    "name": "painting", "version": "2.1.0", "pluginDownloadURL": "https://example.com/painting",
    "types": { "painting:index:Color": { "type": "string", "enum": [{ "value": "dark-red" }] } },
    "resources": { "painting:index:Canvas": {
        "inputProperties": { "color": { "$ref": "#/types/painting:index:Color" }, "width": { "type": "integer" } },
        "requiredInputs": ["width"],
        "properties": { "width": { "type": "integer" } }, "required": ["width"]
    } }
}"##;

const PROGRAM: &str = r#"
async fn program(context: pulumi::Context) -> Result<(), pulumi::Error> {
    let args = pulumi_painting::CanvasArgs::new().width(3).color(pulumi_painting::Color::DarkRed);
    let canvas = pulumi_painting::Canvas::new(&context, "canvas", args);
    context.export("width", canvas.width());
    Ok(())
}

fn main() -> std::process::ExitCode {
    pulumi::run(program)
}
"#;

async fn generate(directory: &Path, schema: &str, local: HashMap<String, String>) -> Vec<Diagnostic> {
    let request = GeneratePackageRequest {
        directory: directory.to_str().unwrap().to_owned(),
        schema: schema.to_owned(),
        local_dependencies: local,
        ..GeneratePackageRequest::default()
    };
    Host::new("127.0.0.1:1").generate_package(Request::new(request)).await.unwrap().into_inner().diagnostics
}

async fn pack(package: &Path, destination: &Path) -> String {
    let request = PackRequest {
        package_directory: package.to_str().unwrap().to_owned(),
        destination_directory: destination.to_str().unwrap().to_owned(),
    };
    Host::new("127.0.0.1:1").pack(Request::new(request)).await.unwrap().into_inner().artifact_path
}

/// The program is built with what this workspace has built already: same versions, same profile, same folder.
#[tokio::test]
async fn a_program_uses_a_package_that_was_made_packed_and_linked() {
    let folder = tempfile::tempdir().unwrap();
    let artifacts = folder.path().join("artifacts");
    let sdk = pack(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../pulumi"), &artifacts).await;
    assert!(Path::new(&sdk).join("Cargo.toml").is_file());

    let made = folder.path().join("made");
    // As `pulumi package add` asks: nobody has said where the SDK is, and the crate has it from the registry.
    assert_eq!(generate(&made, SCHEMA, HashMap::new()).await, []);
    let before = std::fs::read_to_string(made.join("Cargo.toml")).unwrap();
    let packed = pack(&made, &artifacts).await;
    assert!(packed.ends_with("pulumi-painting-2.1.0"), "{packed}");
    assert_eq!(std::fs::read_to_string(made.join("Cargo.toml")).unwrap(), before);

    let program = folder.path().join("program");
    std::fs::create_dir_all(program.join("src")).unwrap();
    std::fs::write(program.join("src/main.rs"), PROGRAM).unwrap();
    let manifest = format!(
        "[package]\nname = \"program\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n\
         pulumi = {{ package = \"miyabi-pulumi\", path = {sdk:?} }}\n\
         [profile.dev]\ndebug = false\n"
    );
    std::fs::write(program.join("Cargo.toml"), manifest).unwrap();
    // The versions of this workspace are on the machine.
    std::fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock"), program.join("Cargo.lock"))
        .unwrap();
    let info = Some(ProgramInfo {
        program_directory: program.to_str().unwrap().to_owned(),
        ..ProgramInfo::default()
    });
    let request = LinkRequest {
        info: info.clone(),
        packages: vec![LinkDependency { path: packed, ..LinkDependency::default() }],
        ..LinkRequest::default()
    };
    let host = Host::new("127.0.0.1:1");
    let linked = host.link(Request::new(request)).await.unwrap().into_inner();
    assert_eq!(linked.import_instructions, "use pulumi_painting;\n");

    let request = GetRequiredPackagesRequest { info };
    let packages = host.get_required_packages(Request::new(request)).await.unwrap().into_inner().packages;
    let packages: Vec<_> = packages.iter().map(|package| (&*package.name, &*package.version)).collect();
    assert_eq!(packages, [("painting", "2.1.0")]);

    let build = std::process::Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--target-dir"])
        .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join(".."))
        .current_dir(&program)
        .output()
        .unwrap();
    assert!(build.status.success(), "{}", String::from_utf8_lossy(&build.stderr));
}

#[tokio::test]
async fn a_schema_that_cannot_be_read_is_an_error_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let diagnostics =
        generate(folder.path(), r#"{ "name": "x", "resources": { "x:a": 1 } }"#, HashMap::new()).await;
    let summaries: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.summary.as_str()).collect();
    assert_eq!(summaries, ["resources[\"x:a\"]: expected an object, found 1"]);
    assert!(!folder.path().join("Cargo.toml").exists());
}

#[tokio::test]
async fn a_type_of_a_package_that_nobody_knows_is_a_warning() {
    let folder = tempfile::tempdir().unwrap();
    let schema = r#"{ "name": "x", "resources": { "x:index:A": { "inputProperties": {
        "b": { "$ref": "/other/v1.0.0/schema.json#/types/other:index:B" } } } } }"#;
    let diagnostics = generate(folder.path(), schema, HashMap::new()).await;
    assert_eq!(diagnostics.len(), 1);
    assert!(diagnostics[0].summary.contains("other:index:B is not in this schema"), "{diagnostics:?}");
    assert!(folder.path().join("Cargo.toml").is_file());
}
