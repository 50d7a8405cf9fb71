//! Keys of maps, which no SDK may rename.
//!
//! ```cargo
//! [dependencies]
//! pulumi-plain = "13.0.0"
//! pulumi-primitive = "7.0.0"
//! pulumi-primitive-ref = "11.0.0"
//! pulumi-ref-ref = "12.0.0"
//! ```

use std::process::ExitCode;

use pulumi::Context;

async fn program(context: Context) -> Result<(), pulumi::Error> {
    let args = pulumi_primitive::ResourceArgs::new()
        .boolean(false)
        .float(2.17)
        .integer(-12)
        .string("Goodbye")
        .number_array([0.0, 1.0])
        .boolean_map([
            ("my key", false),
            ("my.key", true),
            ("my-key", false),
            ("my_key", true),
            ("MY_KEY", false),
            ("myKey", true),
        ]);
    pulumi_primitive::Resource::new(&context, "prim", args);

    let data = pulumi_primitive_ref::DataArgs::new()
        .boolean(false)
        .float(2.17)
        .integer(-12)
        .string("Goodbye")
        .bool_array([false, true])
        .string_map(KEYS);
    pulumi_primitive_ref::Resource::new(
        &context,
        "ref",
        pulumi_primitive_ref::ResourceArgs::new().data(data),
    );

    let inner = pulumi_ref_ref::InnerDataArgs::new()
        .boolean(false)
        .float(-2.17)
        .integer(123)
        .string("Goodbye")
        .bool_array(Vec::<bool>::new())
        .string_map(KEYS);
    let data = pulumi_ref_ref::DataArgs::new()
        .inner_data(inner)
        .boolean(true)
        .float(4.5)
        .integer(1024)
        .string("Hello")
        .bool_array(Vec::<bool>::new())
        .string_map(KEYS);
    pulumi_ref_ref::Resource::new(&context, "rref", pulumi_ref_ref::ResourceArgs::new().data(data));

    let args = pulumi_plain::ResourceArgs::new().data(plain_data()).non_plain_data(plain_data());
    pulumi_plain::Resource::new(&context, "plains", args);
    Ok(())
}

const KEYS: [(&str, &str); 6] = [
    ("my key", "one"),
    ("my.key", "two"),
    ("my-key", "three"),
    ("my_key", "four"),
    ("MY_KEY", "five"),
    ("myKey", "six"),
];

fn plain_data() -> pulumi_plain::DataArgs {
    let inner = pulumi_plain::InnerDataArgs::new()
        .boolean(false)
        .float(2.17)
        .integer(-12)
        .string("Goodbye")
        .bool_array([false, true])
        .string_map(KEYS);
    pulumi_plain::DataArgs::new()
        .inner_data(inner)
        .boolean(true)
        .float(4.5)
        .integer(1024)
        .string("Hello")
        .bool_array([true, false])
        .string_map(KEYS)
}

fn main() -> ExitCode {
    pulumi::run(program)
}
