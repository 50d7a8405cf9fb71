//! Writes a whole crate of a package into a folder: `cargo run --example generate-crate -- SCHEMA FOLDER [SDK]`.

#![expect(clippy::print_stderr, reason = "a command tells what it did")]

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

use pulumi_codegen::{CrateOptions, generate_crate, schema};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1).map(PathBuf::from);
    let (Some(schema_path), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err(
            "expected the schema, the folder for the crate, and the folder of the SDK if it is local".into(),
        );
    };
    let package = schema::parse(&fs::read_to_string(schema_path)?)?;
    for warning in &package.warnings {
        eprintln!("warning: {warning}");
    }
    let options = CrateOptions { sdk: arguments.next(), ..CrateOptions::default() };
    for file in generate_crate(&package, &options)? {
        let path = folder.join(&file.path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, file.text)?;
    }
    Ok(())
}
