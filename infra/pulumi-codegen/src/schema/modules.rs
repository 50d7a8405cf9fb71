//! Modules: how their names are read out of tokens, and what programs call them.

use std::collections::BTreeMap;

use super::SchemaError;
use super::reader::Node;
use super::token::Token;

/// Whose names of modules are taken, in this order. Publishers write names where those of the tokens are long
/// (`apps` for `apps.example.com`), the same ones for every language, and few know of Rust.
const LANGUAGES: [&str; 2] = ["rust", "nodejs"];

/// How the module's name is read out of a token's middle part: a schema's `meta.moduleFormat`, and the names that the
/// schema gives to modules in programs.
#[derive(Debug, Clone)]
pub struct ModuleFormat {
    expression: regex_lite::Regex,
    names: BTreeMap<String, String>,
}

impl ModuleFormat {
    /// What a package without its own format uses: the whole middle part.
    pub const DEFAULT: &'static str = "(.*)";

    /// Takes a regular expression with one group.
    ///
    /// # Errors
    /// It is no regular expression.
    pub fn new(expression: &str) -> Result<Self, regex_lite::Error> {
        let expression = regex_lite::Regex::new(&format!("^{expression}"))?;
        Ok(Self { expression, names: BTreeMap::new() })
    }

    /// The token's module; empty for the package's root.
    pub fn module(&self, token: &Token) -> String {
        let middle = token.middle();
        let module = match self.expression.captures(middle).and_then(|captures| captures.get(1)) {
            Some(group) => group.as_str(),
            None => middle,
        };
        let module = self.names.get(module).map_or(module, String::as_str);
        if module == "index" { String::new() } else { module.to_owned() }
    }
}

/// A schema's format.
pub(super) fn module_format(root: &Node<'_>) -> Result<ModuleFormat, SchemaError> {
    let meta = root.get("meta")?;
    let format = meta.map(|meta| meta.get("moduleFormat")).transpose()?.flatten();
    let expression = format.as_ref().map(Node::text).transpose()?.unwrap_or(ModuleFormat::DEFAULT);
    let format = ModuleFormat::new(expression).map_err(|error| {
        format.as_ref().unwrap_or(root).unexpected(format!("a regular expression ({error})"))
    })?;
    Ok(ModuleFormat { names: names(root)?, ..format })
}

fn names(root: &Node<'_>) -> Result<BTreeMap<String, String>, SchemaError> {
    let Some(languages) = root.get("language")? else { return Ok(BTreeMap::new()) };
    for language in LANGUAGES {
        let Some(language) = languages.get(language)? else { continue };
        let names = language.members("moduleToPackage")?;
        if !names.is_empty() {
            let name = |(module, node): (&str, Node<'_>)| Ok((module.to_owned(), node.text()?.to_owned()));
            return names.into_iter().map(name).collect();
        }
    }
    Ok(BTreeMap::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::parse;

    #[test]
    fn the_module_follows_the_packages_format() {
        let token = Token::parse("aws:dynamodb/table:Table").unwrap();
        let index = Token::parse("aws:index/getRegion:getRegion").unwrap();
        let aws = ModuleFormat::new("(.*)(?:/[^/]*)").unwrap();
        assert_eq!(aws.module(&token), "dynamodb");
        assert_eq!(aws.module(&index), "");
        assert_eq!(ModuleFormat::new(ModuleFormat::DEFAULT).unwrap().module(&token), "dynamodb/table");
    }

    #[test]
    fn a_module_has_the_name_that_the_schema_gives_it() {
        let named = |languages: &str| {
            let schema = format!(r#"{{ "name": "ships", "language": {languages} }}"#);
            let format = parse(&schema).unwrap().module_format;
            format.module(&Token::parse("ships:hulls.example.com/v1:Hull").unwrap())
        };
        let nodejs = r#""nodejs": { "moduleToPackage": { "hulls.example.com/v1": "hulls/v1" } }"#;
        let rust = r#""rust": { "moduleToPackage": { "hulls.example.com/v1": "hull" } }"#;
        assert_eq!(named(&format!("{{ {nodejs} }}")), "hulls/v1");
        assert_eq!(named(&format!("{{ {nodejs}, {rust} }}")), "hull");
        assert_eq!(named(r#"{ "nodejs": {} }"#), "hulls.example.com/v1");
    }

    #[test]
    fn a_name_that_is_none_is_an_error_with_its_place() {
        let schema =
            r#"{ "name": "ships", "language": { "nodejs": { "moduleToPackage": { "hulls.example": 1 } } } }"#;
        let error = parse(schema).unwrap_err().to_string();
        assert!(
            error.contains("language.nodejs.moduleToPackage[\"hulls.example\"]: expected a text, found 1"),
            "{error}"
        );
    }
}
