//! Compiles the wire's messages, without protoc.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let files = ["proto/language.proto", "proto/loader.proto"];
    for file in files {
        println!("cargo:rerun-if-changed={file}");
    }
    let descriptors = protox::compile(files, ["proto"])?;
    tonic_prost_build::configure().compile_fds(descriptors)?;
    Ok(())
}
