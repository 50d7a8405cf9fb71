//! The program that the engine starts as the AWS provider.

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match pulumi_stand_in::serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pulumi-resource-aws (stand-in): {error:#}");
            ExitCode::FAILURE
        }
    }
}
