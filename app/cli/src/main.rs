//! The `miyabi` command.

fn main() -> std::process::ExitCode {
    miyabi_cli::main()
}
