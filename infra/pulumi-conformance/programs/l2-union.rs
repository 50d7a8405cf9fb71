//! Unions of primitives, of lists, and of enums with texts.
//!
//! ```cargo
//! [dependencies]
//! pulumi-union = "18.0.0"
//! ```

use std::process::ExitCode;

use pulumi::{Context, Input};
use pulumi_union::*;
use std::collections::BTreeMap;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    Example::new(&context, "stringOrIntegerExample1", ExampleArgs::new().string_or_integer_property(42));
    Example::new(
        &context,
        "stringOrIntegerExample2",
        ExampleArgs::new().string_or_integer_property("forty two"),
    );

    let inner = BTreeMap::from([("key1a".to_owned(), Input::from("value1a"))]);
    let args = ExampleArgs::new().map_map_union_property([("key1", inner)]);
    let example = Example::new(&context, "mapMapUnionExample", args);
    context.export("mapMapUnionOutput", example.map_map_union_property());

    let rights = [AccessRights::Listen, AccessRights::Send, "NotAnEnumValue".into()];
    let args = ExampleArgs::new().string_enum_union_list_property(rights);
    Example::new(&context, "stringEnumUnionListExample", args);

    Example::new(&context, "safeEnumExample", ExampleArgs::new().typed_enum_property(BlobType::Block));
    let output = EnumOutput::new(&context, "enumOutputExample", EnumOutputArgs::new().name("example"));
    Example::new(&context, "outputEnumExample", ExampleArgs::new().typed_enum_property(output.type_()));
    Ok(())
}

fn main() -> ExitCode {
    pulumi::run(program)
}
