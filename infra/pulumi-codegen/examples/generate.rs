//! Writes the sources of a package into a folder: `cargo run --example generate -- SCHEMA FOLDER`.

#![expect(clippy::print_stderr, reason = "a command tells what it did")]

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use pulumi_codegen::{Files, Options, generate, schema};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [schema_path, folder] = arguments.as_slice() else {
        return Err("expected two arguments: the schema, and the folder for the sources".into());
    };
    let package = schema::parse(&fs::read_to_string(schema_path)?)?;
    for warning in &package.warnings {
        eprintln!("warning: {warning}");
    }
    for file in generate(&package, &Options { files: Files::Source, ..Options::default() })? {
        let path = folder.join(&file.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, file.text)?;
        eprintln!("{}", path.display());
    }
    Ok(())
}
