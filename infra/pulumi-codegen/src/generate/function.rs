//! The package's functions.

use std::collections::BTreeSet;

use super::{arguments, object};
use crate::layout::{FunctionNames, Layout, Side};
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
    let called = Called { token: token.as_str(), version, function, names, takes, returned: &returned };
    called.write(source, Form::Output, false);
    called.write(source, Form::Output, true);
    if function.plain {
        called.write(source, Form::Plain, false);
        called.write(source, Form::Plain, true);
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

/// What a function gives: an output, or a value that is waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Output,
    Plain,
}

struct Called<'a> {
    token: &'a str,
    version: &'a str,
    function: &'a Function,
    names: &'a FunctionNames,
    takes: bool,
    returned: &'a str,
}

impl Called<'_> {
    fn write(&self, source: &mut Source, form: Form, with_options: bool) {
        let plain = form == Form::Plain;
        let name = match (plain, with_options) {
            (false, false) => &self.names.function,
            (false, true) => &self.names.with_options,
            (true, false) => &self.names.plain,
            (true, true) => &self.names.plain_with_options,
        };
        let sentence = format!("Asks the provider by `{}`.", self.token);
        let description = self.function.description.as_deref();
        source.documentation(description, &sentence, self.function.deprecation.as_deref());
        if plain {
            source.lines([
                "///",
                "/// Waits for the answer, which is a plain value: for programs that branch on it.",
                "///",
                "/// # Errors",
                "/// When the call fails, or when an argument or the answer is not known yet.",
            ]);
            source.line(format!("pub async fn {name}("));
        } else {
            source.lines(["#[inline]", "#[track_caller]"]);
            source.line(format!("pub fn {name}("));
        }
        source.line("context: &::pulumi::Context,");
        if self.takes {
            source.line(format!("args: {},", self.names.args));
        }
        if with_options {
            source.line("options: ::pulumi::InvokeOptions,");
        }
        let returned = self.returned;
        source.line(if plain {
            format!(") -> Result<{returned}, ::pulumi::Error> {{")
        } else {
            format!(") -> ::pulumi::Output<{returned}> {{")
        });
        let inputs = if self.takes { "args.inputs" } else { "::pulumi::Inputs::new()" };
        let options = if with_options { "options" } else { "::pulumi::InvokeOptions::new()" };
        let (method, wait) = if plain { ("invoke_plain", ".await") } else { ("invoke", "") };
        source.line(format!(
            "context.{method}(&::pulumi::FunctionType::new({}, {}), {inputs}, {options}){wait}",
            literal(self.token),
            literal(self.version)
        ));
        source.lines(["}", ""]);
    }
}
