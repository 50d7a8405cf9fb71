//! The package's functions.

use std::collections::BTreeSet;

use super::{arguments, object};
use crate::layout::{FunctionNames, Layout, Side};
use crate::schema::{Function, Package, Token};
use crate::source::{Source, literal};

pub(super) fn write(
    layout: &Layout<'_>,
    source: &mut Source,
    token: &Token,
    function: &Function,
    missing: &mut BTreeSet<String>,
) {
    let Some(names) = layout.functions.get(token) else { return };
    let module = layout.module(token);
    let takes = !function.inputs.is_empty();
    let returned = match &function.return_type {
        Some(value_type) => layout.rust_type(&module, value_type, Side::Output),
        None => names.result.clone(),
    };
    let called = Called {
        function_type: function_type(layout.package, token),
        token,
        function,
        names,
        takes,
        returned: &returned,
    };
    called.write(source, Form::Output, false);
    called.write(source, Form::Output, true);
    if function.plain {
        called.write(source, Form::Plain, false);
        called.write(source, Form::Plain, true);
    }
    write_types(layout, source, token, function, &names.function, missing);
}

/// What a function takes, and what it gives.
pub(super) fn write_types(
    layout: &Layout<'_>,
    source: &mut Source,
    token: &Token,
    function: &Function,
    title: &str,
    missing: &mut BTreeSet<String>,
) {
    let Some(names) = layout.functions.get(token) else { return };
    let module = layout.module(token);
    if !function.inputs.is_empty() {
        let bag = arguments::Arguments {
            name: &names.args,
            module: &module,
            title: &format!("Inputs of [`{title}`]."),
            properties: &function.inputs,
        };
        arguments::write(layout, source, &bag, missing);
    }
    if function.return_type.is_none() {
        let title = format!("The answer of [`{title}`].");
        let written = object::Struct { module: &module, token: None, name: &names.result, title: &title };
        object::write_struct(layout, source, &written, &function.outputs);
    }
}

/// What a function gives: an output, or a value that is waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Output,
    Plain,
}

struct Called<'a> {
    function_type: String,
    token: &'a Token,
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
        // What is no object comes as the only entry of one.
        let (single, unwrap) = match self.function.return_type {
            Some(_) => ("::<::pulumi::Single<_>>", ".map(::pulumi::Single::into_inner)"),
            None => ("", ""),
        };
        source.line(format!(
            "context.{method}{single}(&{}, {inputs}, {options}){wait}{unwrap}",
            self.function_type
        ));
        source.lines(["}", ""]);
    }
}

/// A function as the SDK is told of it.
pub(super) fn function_type(package: &Package, token: &Token) -> String {
    let version = package.version.as_deref().unwrap_or_default();
    let mut text = format!("::pulumi::FunctionType::new({}, {})", literal(token.as_str()), literal(version));
    text.push_str(&super::module::plugin(package));
    text
}
