//! Compiles the wire's messages, without protoc.

use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=proto/pulumi.proto");
    let descriptors = protox::compile(["proto/pulumi.proto"], ["proto"])?;
    tonic_prost_build::configure().build_server(false).compile_fds(descriptors.clone())?;
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());

    // The one service that a program serves itself, with the same messages.
    let mut callbacks = descriptors.clone();
    for file in &mut callbacks.file {
        file.service.retain(|service| service.name() == "Callbacks");
    }
    let folder = out.join("callbacks");
    std::fs::create_dir_all(&folder)?;
    tonic_prost_build::configure()
        .build_client(false)
        .out_dir(folder)
        .extern_path(".pulumirpc", "crate::wire")
        .compile_fds(callbacks)?;

    // The engine's side, with the same messages, for the tests that stand for it.
    let mut servers = descriptors;
    for file in &mut servers.file {
        file.service.retain(|service| service.name() != "Callbacks");
    }
    let folder = out.join("servers");
    std::fs::create_dir_all(&folder)?;
    tonic_prost_build::configure()
        .build_client(false)
        .out_dir(folder)
        .extern_path(".pulumirpc", "::pulumi::wire")
        .compile_fds(servers)?;
    Ok(())
}
