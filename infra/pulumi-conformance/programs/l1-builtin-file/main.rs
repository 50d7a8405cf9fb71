//! A file as it is, in Base64, and its digest.

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Context, functions};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    context.export("fileContent", std::fs::read_to_string("testfile.txt")?);
    context.export("fileB64", functions::file_base64("testfile.txt")?);
    context.export("fileSha", functions::file_base64_sha256("testfile.txt")?);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
