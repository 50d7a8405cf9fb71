//! Compiles the wire's messages, without protoc.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = "proto/testing.proto";
    println!("cargo:rerun-if-changed={file}");
    let descriptors = protox::compile([file], ["proto"])?;
    tonic_prost_build::configure().build_server(false).compile_fds(descriptors)?;
    Ok(())
}
