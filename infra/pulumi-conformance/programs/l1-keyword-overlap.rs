//! Names that are keywords somewhere.

use std::process::ExitCode;

use pulumi::{Context, json};

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let class = "class_output_string";
    let export = "export_output_string";
    let import = "import_output_string";
    let r#mod = "mod_output_string";
    let object = json!({ "object": "object_output_string" });
    let self_ = "self_output_string";
    let this = "this_output_string";
    let r#if = "if_output_string";
    context.export("class", class);
    context.export("export", export);
    context.export("import", import);
    context.export("mod", r#mod);
    context.export("object", object);
    context.export("self", self_);
    context.export("this", this);
    context.export("if", r#if);
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
