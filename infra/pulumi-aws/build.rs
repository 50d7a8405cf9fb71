//! Generates the modules that are asked for by features.

#[path = "build/overlay.rs"]
mod overlay;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Error, Result};
use pulumi_codegen::{Options, generate, modules, schema};
use serde_json::Value;

const SCHEMA: &str = "schema/aws.json";
const ENUMS: &str = "schema/enums.json";
/// The trimmed schema leaves it out.
const MODULE_FORMAT: &str = "(.*)(?:/[^/]*)";

fn main() -> Result<()> {
    for input in [SCHEMA, ENUMS, "build.rs", "build/overlay.rs"] {
        println!("cargo::rerun-if-changed={input}");
    }
    let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").context("cargo sets CARGO_MANIFEST_DIR")?);
    let output = PathBuf::from(env::var_os("OUT_DIR").context("cargo sets OUT_DIR")?);
    let mut schema = read(&folder, SCHEMA)?;
    overlay::apply(&mut schema, &read(&folder, ENUMS)?).map_err(Error::msg).context(ENUMS)?;
    let package = schema::read(&schema).with_context(|| format!("reading {SCHEMA}"))?;

    let mut options = Options { module_format: Some(MODULE_FORMAT.to_owned()), ..Options::default() };
    let wanted: BTreeSet<String> = modules(&package, &options)?
        .into_iter()
        .filter(|module| env::var_os(format!("CARGO_FEATURE_{}", module.to_uppercase())).is_some())
        .collect();
    options.modules = Some(wanted);
    for file in generate(&package, &options)? {
        write_if_changed(&output.join(&file.path), &file.text)?;
    }
    Ok(())
}

fn read(folder: &Path, file: &str) -> Result<Value> {
    let text = fs::read_to_string(folder.join(file)).with_context(|| format!("reading {file}"))?;
    serde_json::from_str(&text).with_context(|| format!("reading {file}"))
}

fn write_if_changed(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|existing| existing == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
    }
    fs::write(path, text).with_context(|| format!("writing {}", path.display()))
}
