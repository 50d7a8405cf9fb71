//! The package's functions.

use std::collections::BTreeSet;

use super::{arguments, object};
use crate::layout::{Layout, Side};
use crate::schema::{Function, Token};
use crate::source::{Source, literal};

pub(super) fn write(
    layout: &Layout<'_>,
    source: &mut Source,
    token: &Token,
    function: &Function,
    missing: &mut BTreeSet<String>,
) {
    let Some(names) = layout.functions.get(token) else { return };
    let version = layout.package.version.as_deref().unwrap_or_default();
    let takes = !function.inputs.is_empty();
    let returned = match &function.return_type {
        Some(value_type) => layout.rust_type(value_type, Side::Output),
        None => names.result.clone(),
    };
    for with_options in [false, true] {
        let name =
            if with_options { format!("{}_with_options", names.function) } else { names.function.clone() };
        let sentence =
            format!("Asks the provider by `{token}`{}.", if with_options { ", with options" } else { "" });
        source.documentation(function.description.as_deref(), &sentence, function.deprecation.as_deref());
        source.lines(["#[inline]", "#[track_caller]"]);
        source.line(format!("pub fn {name}("));
        source.line("context: &::pulumi::Context,");
        if takes {
            source.line(format!("args: {},", names.args));
        }
        if with_options {
            source.line("options: ::pulumi::InvokeOptions,");
        }
        source.line(format!(") -> ::pulumi::Output<{returned}> {{"));
        let inputs = if takes { "args.inputs" } else { "::pulumi::Inputs::new()" };
        let options = if with_options { "options" } else { "::pulumi::InvokeOptions::new()" };
        source.line(format!(
            "context.invoke(&::pulumi::FunctionType::new({}, {}), {inputs}, {options})",
            literal(token.as_str()),
            literal(version)
        ));
        source.lines(["}", ""]);
    }
    if takes {
        let module = layout.module(token);
        let bag = arguments::Arguments {
            name: &names.args,
            module: &module,
            title: &format!("Inputs of [`{}`].", names.function),
            properties: &function.inputs,
        };
        arguments::write(layout, source, &bag, missing);
    }
    if function.return_type.is_none() {
        let title = format!("The answer of [`{}`].", names.function);
        object::write_struct(layout, source, None, &names.result, &title, &function.outputs);
    }
}
