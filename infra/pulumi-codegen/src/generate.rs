//! The model in, source files out.

mod arguments;
mod enumeration;
mod function;
mod module;
mod object;
mod resource;

use std::collections::{BTreeMap, BTreeSet};

use crate::layout::{Layout, module_segments};
use crate::schema::{ModuleFormat, Package};

/// What to generate.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// How a module's name is read out of a token, in place of what the schema says.
    pub module_format: Option<String>,
    /// Only these modules, by their names in the schema, and those that they need; `None` for all. The root is always there.
    pub modules: Option<BTreeSet<String>>,
    /// How a module is found.
    pub files: Files,
}

/// How a generated module finds the files of its own modules.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Files {
    /// In the build's output folder, by `include!`.
    #[default]
    BuildOutput,
    /// Beside it, as the modules of a crate that is kept as source.
    Source,
}

/// A source file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Its path below the folder of the crate's root: `root.rs`, `dynamodb.rs`.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// Why nothing was generated.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    /// The module format of the options is no regular expression.
    #[error("the module format {expression:?} is no regular expression")]
    ModuleFormat {
        /// The format.
        expression: String,
        /// Why.
        #[source]
        source: regex_lite::Error,
    },
    /// A module was asked for that the schema does not have.
    #[error("the package {package} has no module {module:?}; it has {known}")]
    UnknownModule {
        /// The package.
        package: String,
        /// The module.
        module: String,
        /// The modules that it has.
        known: String,
    },
}

/// Writes the sources of a package: `root.rs`, which holds the package's root module and declares the others, and one
/// file for each of those. The root is meant for `include!` or to be the crate's `lib.rs`.
///
/// # Errors
/// The options do not fit the package.
pub fn generate(package: &Package, options: &Options) -> Result<Vec<SourceFile>, GenerateError> {
    let module_format = match &options.module_format {
        None => package.module_format.clone(),
        Some(expression) => ModuleFormat::new(expression)
            .map_err(|source| GenerateError::ModuleFormat { expression: expression.clone(), source })?,
    };
    let layout = Layout::new(package, &module_format);
    let modules = module::collect(&layout);
    let wanted = module::select(package, &modules, options.modules.as_ref())?;

    let mut files = BTreeMap::new();
    let mut children: BTreeMap<Vec<String>, BTreeSet<String>> = BTreeMap::new();
    let mut texts: BTreeMap<Vec<String>, String> = BTreeMap::new();
    for name in wanted {
        let Some(contents) = modules.get(name) else { continue };
        let segments = module_segments(name);
        for depth in 0..segments.len() {
            let (parent, child) = segments.split_at(depth);
            children.entry(parent.to_vec()).or_default().extend(child.first().cloned());
        }
        texts.entry(segments).or_default().push_str(&module::write(&layout, name, contents));
    }
    let paths: BTreeSet<Vec<String>> = texts.keys().chain(children.keys()).cloned().collect();
    for path in paths {
        let mut text = module::HEADER.to_owned();
        for child in children.get(&path).into_iter().flatten() {
            text.push_str(&module::declaration(&path, child, options.files));
        }
        text.push_str(texts.get(&path).map(String::as_str).unwrap_or_default());
        let file = if path.is_empty() { "root.rs".to_owned() } else { format!("{}.rs", path.join("/")) };
        files.insert(file, text);
    }
    Ok(files.into_iter().map(|(path, text)| SourceFile { path, text }).collect())
}

/// The modules of a package, by their names in the schema; the root, which is always there, is not among them.
///
/// # Errors
/// The options do not fit the package.
pub fn modules(package: &Package, options: &Options) -> Result<BTreeSet<String>, GenerateError> {
    let module_format = match &options.module_format {
        None => package.module_format.clone(),
        Some(expression) => ModuleFormat::new(expression)
            .map_err(|source| GenerateError::ModuleFormat { expression: expression.clone(), source })?,
    };
    let layout = Layout::new(package, &module_format);
    Ok(module::collect(&layout).into_keys().filter(|name| !name.is_empty()).collect())
}
