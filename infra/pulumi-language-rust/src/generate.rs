//! Crates of Pulumi packages, generated from a schema.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use pulumi_codegen::{CrateOptions, OtherCrate, generate_crate, schema};

use crate::error::{HostError, chain};
use crate::wire::loader::GetSchemaRequest;
use crate::wire::loader::loader_client::LoaderClient;
use crate::wire::{Diagnostic, DiagnosticSeverity, GeneratePackageRequest, GeneratePackageResponse};

/// The largest message, as everywhere in Pulumi.
const MESSAGE_BYTES: usize = 400 * 1024 * 1024;
/// The name by which the engine knows the SDK among a package's dependencies.
const SDK: &str = "pulumi";

/// Writes the crate of a package. What is wrong with its schema is part of the answer.
pub(crate) async fn generate_package(
    request: GeneratePackageRequest,
) -> Result<GeneratePackageResponse, HostError> {
    let mut diagnostics = Vec::new();
    let package = match schema::parse(&request.schema) {
        Ok(package) => package,
        Err(error) => {
            diagnostics.push(diagnostic(DiagnosticSeverity::DiagError, chain(&error)));
            return Ok(GeneratePackageResponse { diagnostics });
        }
    };
    let others = others(&request, &package, &mut diagnostics).await;
    let local = |name: &str| request.local_dependencies.get(name).map(PathBuf::from);
    let options = CrateOptions {
        sdk: local(SDK),
        others: others
            .iter()
            .map(|(name, package)| (name.clone(), OtherCrate { package, folder: local(name) }))
            .collect(),
    };
    let unresolved = package
        .warnings
        .iter()
        .filter(|warning| !others.keys().any(|name| warning.contains(&format!("/{name}/"))));
    diagnostics
        .extend(unresolved.map(|warning| diagnostic(DiagnosticSeverity::DiagWarning, warning.clone())));
    let files = match generate_crate(&package, &options) {
        Ok(files) => files,
        Err(error) => {
            diagnostics.push(diagnostic(DiagnosticSeverity::DiagError, chain(&error)));
            return Ok(GeneratePackageResponse { diagnostics });
        }
    };
    let folder = Path::new(&request.directory);
    for file in &files {
        write(&folder.join(&file.path), file.text.as_bytes())?;
    }
    for (path, contents) in &request.extra_files {
        write(&folder.join(path), contents)?;
    }
    Ok(GeneratePackageResponse { diagnostics })
}

fn diagnostic(severity: DiagnosticSeverity, summary: String) -> Diagnostic {
    Diagnostic { severity: severity.into(), summary, detail: String::new() }
}

fn write(path: &Path, contents: &[u8]) -> Result<(), HostError> {
    let failed = |error| HostError::File(path.to_owned(), error);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    fs::write(path, contents).map_err(failed)
}

/// The packages whose types this one uses, as the engine knows them. One that it does not know is a warning: then
/// values of those types are any values.
async fn others(
    request: &GeneratePackageRequest,
    package: &schema::Package,
    diagnostics: &mut Vec<Diagnostic>,
) -> BTreeMap<String, schema::Package> {
    let mut others = BTreeMap::new();
    if request.loader_target.is_empty() {
        return others;
    }
    for external in package.externals() {
        if others.contains_key(&external.package) {
            continue;
        }
        match other(&request.loader_target, external).await {
            Ok(other) => {
                others.insert(external.package.clone(), other);
            }
            Err(reason) => {
                let summary = format!("the schema of {} cannot be had: {reason}", external.package);
                diagnostics.push(diagnostic(DiagnosticSeverity::DiagWarning, summary));
            }
        }
    }
    others
}

async fn other(target: &str, external: &schema::External) -> Result<schema::Package, String> {
    let client = LoaderClient::connect(format!("http://{target}")).await.map_err(|error| chain(&error))?;
    let mut client = client.max_decoding_message_size(MESSAGE_BYTES);
    let request = GetSchemaRequest {
        package: external.package.clone(),
        version: external.version.clone(),
        ..GetSchemaRequest::default()
    };
    let answer = client.get_schema(request).await.map_err(|status| status.message().to_owned())?;
    let text = String::from_utf8(answer.into_inner().schema).map_err(|error| error.to_string())?;
    schema::parse(&text).map_err(|error| chain(&error))
}
