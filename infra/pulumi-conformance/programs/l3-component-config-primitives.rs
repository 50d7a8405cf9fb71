//! A component that takes primitive values, plain and secret.
//!
//! ```cargo
//! [dependencies]
//! pulumi-primitive = "7.0.0"
//! ```

use std::error::Error;
use std::process::ExitCode;

use pulumi::{Config, Context, Input, Inputs, ResourceOptions};
use pulumi_primitive::{Resource, ResourceArgs};

async fn program(context: Context) -> Result<(), Box<dyn Error + Send + Sync>> {
    let config = Config::new(&context, context.project());

    let args = PrimitiveArgs {
        boolean: config.require::<bool>("plainBool")?.into(),
        float: config.require::<f64>("plainNumber")?.into(),
        integer: config.require::<i64>("plainInteger")?.into(),
        string: config.require::<String>("plainString")?.into(),
    };
    primitive_component(&context, "plain", args);

    let args = PrimitiveArgs {
        boolean: config.require_secret::<bool>("secretBool")?.into(),
        float: config.require_secret::<f64>("secretNumber")?.into(),
        integer: config.require_secret::<i64>("secretInteger")?.into(),
        string: config.require_secret::<String>("secretString")?.into(),
    };
    primitive_component(&context, "secret", args);
    Ok(())
}

struct PrimitiveArgs {
    boolean: Input<bool>,
    float: Input<f64>,
    integer: Input<i64>,
    string: Input<String>,
}

fn primitive_component(context: &Context, name: &str, args: PrimitiveArgs) {
    let inputs = Inputs::new()
        .with("boolean", &args.boolean)
        .with("float", &args.float)
        .with("integer", &args.integer)
        .with("string", &args.string);
    let token = "components:index:PrimitiveComponent";
    let component = context.component_with_inputs(token, name, inputs, ResourceOptions::new());
    let args = ResourceArgs::new()
        .boolean(args.boolean)
        .float(args.float)
        .integer(args.integer)
        .string(args.string)
        .number_array([-1.0, 0.0, 1.0])
        .boolean_map([("t", true), ("f", false)]);
    Resource::new(component.context(), format!("{name}-res"), args);
}

fn main() -> ExitCode {
    pulumi::run(program)
}
