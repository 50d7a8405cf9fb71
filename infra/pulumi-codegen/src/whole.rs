//! A whole crate of a package: manifest, sources and a page to begin with.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::generate::{Files, GenerateError, Options, Other, SourceFile, features, generate};
use crate::names::{kebab_name, library_name};
use crate::schema::{Package, Parameterization};
use crate::source::encode;

/// The name of the SDK's crate; its library is `pulumi`.
pub const SDK: &str = "miyabi-pulumi";
/// The version of the SDK that generated code fits.
const SDK_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Where the crates are that a generated crate needs.
#[derive(Debug, Clone, Default)]
pub struct CrateOptions<'a> {
    /// The folder of the SDK; from the registry where none is given.
    pub sdk: Option<PathBuf>,
    /// Packages whose types this one uses, by name.
    pub others: BTreeMap<String, OtherCrate<'a>>,
}

/// The crate of another package.
#[derive(Debug, Clone)]
pub struct OtherCrate<'a> {
    /// The package.
    pub package: &'a Package,
    /// The crate's folder; from the registry where none is given.
    pub folder: Option<PathBuf>,
}

/// The name of a package's crate: `pulumi-random`, or with the publisher's name in place of Pulumi's.
pub fn crate_name(package: &Package) -> String {
    let publisher = package.namespace.as_deref().unwrap_or("pulumi");
    format!("{}-{}", kebab_name(publisher), kebab_name(&package.name))
}

/// The line by which a generated crate depends on the SDK: in the registry, or in a place as a manifest says it,
/// `path = "…"`.
pub fn sdk_dependency(place: Option<&str>) -> String {
    let registry = || format!("version = {}", toml(SDK_VERSION));
    format!("pulumi = {{ package = {}, {} }}", toml(SDK), place.map_or_else(registry, str::to_owned))
}

/// Writes a crate with everything that a package has: each module behind a feature with its name, all of them on where
/// the program does not say otherwise.
///
/// # Errors
/// The options do not fit the package.
pub fn generate_crate(
    package: &Package,
    options: &CrateOptions<'_>,
) -> Result<Vec<SourceFile>, GenerateError> {
    let library = |other: &OtherCrate<'_>| library_name(&crate_name(other.package));
    let others = options
        .others
        .iter()
        .map(|(name, other)| (name.clone(), Other { package: other.package, library: library(other) }));
    let generated = Options { files: Files::Crate, others: others.collect(), ..Options::default() };
    let mut files = vec![
        SourceFile { path: "Cargo.toml".to_owned(), text: manifest(package, options, &generated)? },
        SourceFile { path: "README.md".to_owned(), text: readme(package) },
    ];
    for file in generate(package, &generated)? {
        files.push(match file.path.as_str() {
            "root.rs" => SourceFile { path: "src/lib.rs".to_owned(), text: root(&file.text) },
            path => SourceFile { path: format!("src/{path}"), text: file.text },
        });
    }
    Ok(files)
}

fn version(package: &Package) -> &str {
    package.version.as_deref().unwrap_or("0.0.0")
}

fn manifest(
    package: &Package,
    options: &CrateOptions<'_>,
    generated: &Options<'_>,
) -> Result<String, GenerateError> {
    let mut lines = vec![
        "[package]".to_owned(),
        format!("name = {}", toml(&crate_name(package))),
        format!("version = {}", toml(version(package))),
        "edition = \"2024\"".to_owned(),
        format!("description = {}", toml(&format!("Typed resources of the Pulumi package {}", package.name))),
        "readme = \"README.md\"".to_owned(),
        String::new(),
        "[package.metadata.pulumi]".to_owned(),
    ];
    let made = package.parameterization.as_ref();
    let base = made.or(package.extension.as_ref());
    let plugin = base.map_or((package.name.as_str(), version(package)), |base| {
        (base.base_name.as_str(), base.base_version.as_str())
    });
    lines.push(format!("name = {}", toml(plugin.0)));
    lines.push(format!("version = {}", toml(plugin.1)));
    if let Some(url) = &package.plugin_download_url {
        lines.push(format!("server = {}", toml(url)));
    }
    let parameters = |key: &str, made: &Parameterization| {
        let value = encode(&made.parameter);
        format!(
            "{key} = {{ name = {}, version = {}, value = {} }}",
            toml(&package.name),
            toml(version(package)),
            toml(&value)
        )
    };
    lines.extend(made.map(|made| parameters("parameterization", made)));
    lines.extend(package.extension.as_ref().map(|added| parameters("extension", added)));
    lines.extend([String::new(), "[dependencies]".to_owned()]);
    let from = |folder: &Option<PathBuf>, version: &str| match folder {
        Some(folder) => format!("path = {}", toml(&folder.to_string_lossy())),
        None => format!("version = {}", toml(version)),
    };
    let sdk = options.sdk.as_ref().map(|folder| format!("path = {}", toml(&folder.to_string_lossy())));
    lines.push(sdk_dependency(sdk.as_deref()));
    for other in options.others.values() {
        let name = crate_name(other.package);
        lines.push(format!("{name} = {{ {} }}", from(&other.folder, version(other.package))));
    }
    let features = features(package, generated)?;
    if !features.is_empty() {
        let list = |names: Vec<String>| format!("[{}]", names.join(", "));
        lines.extend([String::new(), "[features]".to_owned()]);
        lines.push(format!("default = {}", list(features.keys().map(|name| toml(name)).collect())));
        for (feature, needed) in &features {
            lines.push(format!("{feature} = {}", list(needed.iter().map(|name| toml(name)).collect())));
        }
    }
    lines.push(String::new());
    Ok(lines.join("\n"))
}

fn root(text: &str) -> String {
    let (header, rest) = text.split_once('\n').unwrap_or((text, ""));
    format!(
        "{header}\n\
         #![doc = include_str!(\"../README.md\")]\n\
         #![allow(clippy::all, non_camel_case_types, unused_qualifications)]\n\
         #![allow(rustdoc::bare_urls, rustdoc::broken_intra_doc_links, rustdoc::invalid_html_tags)]\n\
         #![allow(rustdoc::private_intra_doc_links, rustdoc::invalid_codeblock_attributes)]\n\
         {rest}"
    )
}

fn readme(package: &Package) -> String {
    let name = &package.name;
    let crate_name = crate_name(package);
    let description = package.description.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let description = description.map(|text| format!("{text}\n\n")).unwrap_or_default();
    let version = version(package);
    format!(
        "# {crate_name}\n\n\
         {description}Typed resources of the Pulumi package `{name}`, version {version}, generated from its schema.\n\n\
         ```toml\n[dependencies]\n{crate_name} = \"{version}\"\n```\n\n\
         A resource takes its inputs by a struct with a setter for each property, and gives its outputs by methods. An\n\
         input that is required and missing is an error of the compiler. A setter takes a value, or an output of another\n\
         resource. Each module is a feature; all of them are on by default.\n"
    )
}

/// A text as TOML writes it: as JSON does.
fn toml(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
