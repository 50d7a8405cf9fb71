//! Resources that are made at the same time.
//!
//! ```cargo
//! [dependencies]
//! pulumi-sync = "3.0.0-alpha.1.internal+exp.sha.2143768"
//! ```

use std::process::ExitCode;

use pulumi::Context;
use pulumi_sync::{Block, BlockArgs};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    Block::new(&context, "block-1", BlockArgs::new());
    Block::new(&context, "block-2", BlockArgs::new());
    Block::new(&context, "block-3", BlockArgs::new());
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
