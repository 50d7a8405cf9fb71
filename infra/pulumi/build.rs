//! Compiles the wire's messages, without protoc.

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=proto/pulumi.proto");
    let descriptors = protox::compile(["proto/pulumi.proto"], ["proto"])?;
    tonic_prost_build::configure().build_server(false).compile_fds(descriptors.clone())?;

    // The engine's side, with the same messages, for the tests that stand for it.
    let servers = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default()).join("servers");
    std::fs::create_dir_all(&servers)?;
    tonic_prost_build::configure()
        .build_client(false)
        .out_dir(servers)
        .extern_path(".pulumirpc", "::pulumi::wire")
        .compile_fds(descriptors)?;
    Ok(())
}
