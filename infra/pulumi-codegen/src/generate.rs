//! The model in, source files out.

mod arguments;
mod enumeration;
mod function;
mod module;
mod object;
mod resource;
mod union;

use std::collections::{BTreeMap, BTreeSet};

use crate::layout::{Layout, OtherPackage, module_segments};
use crate::schema::{ModuleFormat, Package};

/// What to generate.
#[derive(Debug, Clone, Default)]
pub struct Options<'a> {
    /// How a module's name is read out of a token, in place of what the schema says.
    pub module_format: Option<String>,
    /// Only these modules, by their names in Rust, and those that they need; `None` for all. The root is always there.
    pub modules: Option<BTreeSet<String>>,
    /// How a module is found.
    pub files: Files,
    /// Packages whose types this one uses, by name, each with its crate.
    pub others: BTreeMap<String, Other<'a>>,
}

/// Another package, whose types the generated one names.
#[derive(Debug, Clone)]
pub struct Other<'a> {
    /// The package.
    pub package: &'a Package,
    /// How Rust spells its crate: `pulumi_random`.
    pub library: String,
}

/// How a generated module finds the files of its own modules.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Files {
    /// In the build's output folder, by `include!`.
    #[default]
    BuildOutput,
    /// Beside it, as the modules of a crate that is kept as source.
    Source,
    /// Beside it, each module of the root behind a feature with its name.
    Crate,
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
pub fn generate(package: &Package, options: &Options<'_>) -> Result<Vec<SourceFile>, GenerateError> {
    let module_format = module_format(package, options)?;
    let layout = layout(package, &module_format, options);
    let modules = module::collect(&layout);
    let wanted = module::select(&layout, &modules, options.modules.as_ref())?;
    let always = module::select(&layout, &modules, Some(&BTreeSet::new()))?;

    let mut children: BTreeMap<Vec<String>, BTreeSet<String>> = BTreeMap::new();
    let mut texts: BTreeMap<Vec<String>, String> = BTreeMap::new();
    for name in wanted {
        let Some(contents) = modules.get(name) else { continue };
        let segments = module_segments(name);
        for depth in 0..segments.len() {
            let (parent, child) = segments.split_at(depth);
            children.entry(parent.to_vec()).or_default().extend(child.first().cloned());
        }
        texts.insert(segments, module::write(&layout, name, contents));
    }
    let paths: BTreeSet<Vec<String>> = texts.keys().chain(children.keys()).cloned().collect();
    let mut files = BTreeMap::new();
    for path in paths {
        let mut text = module::HEADER.to_owned();
        for child in children.get(&path).into_iter().flatten() {
            let files = match options.files {
                // What the root needs is always there.
                Files::Crate if !path.is_empty() || is_below(&always, child) => Files::Source,
                files => files,
            };
            text.push_str(&module::declaration(&path, child, files));
        }
        text.push_str(texts.get(&path).map(String::as_str).unwrap_or_default());
        let file = if path.is_empty() { "root.rs".to_owned() } else { format!("{}.rs", path.join("/")) };
        files.insert(file, text);
    }
    Ok(files.into_iter().map(|(path, text)| SourceFile { path, text }).collect())
}

/// The modules of a package, by their names in Rust; the root, which is always there, is not among them.
///
/// # Errors
/// The options do not fit the package.
pub fn modules(package: &Package, options: &Options<'_>) -> Result<BTreeSet<String>, GenerateError> {
    let module_format = module_format(package, options)?;
    let layout = layout(package, &module_format, options);
    Ok(module::collect(&layout).into_keys().filter(|name| !name.is_empty()).collect())
}

/// The modules directly below the root, and which others of them each one needs.
pub(crate) fn features(
    package: &Package,
    options: &Options<'_>,
) -> Result<BTreeMap<String, BTreeSet<String>>, GenerateError> {
    let module_format = module_format(package, options)?;
    let layout = layout(package, &module_format, options);
    let modules = module::collect(&layout);
    let always = module::select(&layout, &modules, Some(&BTreeSet::new()))?;
    let first = |name: &str| module_segments(name).into_iter().next().filter(|name| !is_below(&always, name));
    let mut features: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, contents) in &modules {
        let Some(feature) = first(name) else { continue };
        let needed = module::needs(&layout, contents);
        let needed = needed.iter().filter_map(|name| first(name)).filter(|name| *name != feature);
        features.entry(feature.clone()).or_default().extend(needed);
    }
    Ok(features)
}

/// Whether one of these modules is this one of the root, or in it.
fn is_below(modules: &BTreeSet<&str>, child: &str) -> bool {
    modules.iter().any(|name| name.split('/').next() == Some(child))
}

fn module_format(package: &Package, options: &Options<'_>) -> Result<ModuleFormat, GenerateError> {
    match &options.module_format {
        None => Ok(package.module_format.clone()),
        Some(expression) => ModuleFormat::new(expression)
            .map_err(|source| GenerateError::ModuleFormat { expression: expression.clone(), source }),
    }
}

fn layout<'p>(package: &'p Package, module_format: &'p ModuleFormat, options: &'p Options<'_>) -> Layout<'p> {
    let others = options
        .others
        .iter()
        .map(|(name, other)| {
            // What the other one takes from yet others is named in its own crate.
            let layout = Layout::new(other.package, &other.package.module_format, BTreeMap::new());
            (name.clone(), OtherPackage { library: other.library.clone(), layout })
        })
        .collect();
    Layout::new(package, module_format, others)
}
