//! A schema's JSON in, the model out.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;

use super::model::{
    Constant, EnumDefinition, EnumValue, External, Function, ObjectDefinition, Package, Parameterization,
    PrimitiveType, Property, Resource, Type, TypeDefinition, Union,
};
use super::modules::module_format;
use super::reader::{Node, SchemaError};
use super::token::{Token, percent_decode};

/// Reads a package schema.
///
/// # Errors
/// The text is no JSON, or no package schema; the error names the place.
pub fn parse(json: &str) -> Result<Package, SchemaError> {
    read(&serde_json::from_str(json).map_err(SchemaError::Json)?)
}

/// Reads a package schema that is JSON already.
///
/// # Errors
/// The value is no package schema; the error names the place.
pub fn read(schema: &Value) -> Result<Package, SchemaError> {
    Parser::new(&Node::root(schema))?.package(&Node::root(schema))
}

struct Parser {
    /// The package's name.
    name: String,
    /// Tokens by their lower-case spelling: old schemas refer to a type in another case.
    types: BTreeMap<String, Token>,
    resources: BTreeMap<String, Token>,
    warnings: Vec<String>,
}

impl Parser {
    fn new(root: &Node<'_>) -> Result<Self, SchemaError> {
        Ok(Self {
            name: root.get_text("name")?.ok_or_else(|| root.unexpected("a member `name`"))?,
            types: tokens(root, "types")?,
            resources: tokens(root, "resources")?,
            warnings: Vec::new(),
        })
    }

    fn package(mut self, root: &Node<'_>) -> Result<Package, SchemaError> {
        let name = self.name.clone();
        let provider = match root.get("provider")? {
            Some(node) => self.resource(&node)?,
            None => Resource::default(),
        };
        let config = match root.get("config")? {
            Some(node) => self.properties(&node, "variables", &BTreeSet::new())?,
            None => Vec::new(),
        };
        Ok(Package {
            name,
            version: root.get_text("version")?.map(|text| text.trim_start_matches('v').to_owned()),
            description: root.get_text("description")?,
            plugin_download_url: root.get_text("pluginDownloadURL")?.filter(|url| !url.is_empty()),
            namespace: root.get_text("namespace")?.filter(|namespace| !namespace.is_empty()),
            parameterization: parameterization(root, "parameterization")?,
            extension: parameterization(root, "extensionParameterization")?,
            module_format: module_format(root)?,
            config,
            provider,
            resources: self.each(root, "resources", Self::resource)?,
            types: self.each(root, "types", Self::type_definition)?,
            functions: self.each(root, "functions", Self::function)?,
            warnings: self.warnings,
        })
    }

    fn each<T>(
        &mut self,
        root: &Node<'_>,
        key: &str,
        read: fn(&mut Self, &Node<'_>) -> Result<T, SchemaError>,
    ) -> Result<BTreeMap<Token, T>, SchemaError> {
        root.members(key)?
            .into_iter()
            .map(|(name, node)| Ok((token(&node, name)?, read(self, &node)?)))
            .collect()
    }

    fn resource(&mut self, node: &Node<'_>) -> Result<Resource, SchemaError> {
        let state_inputs = match node.get("stateInputs")? {
            Some(state) => self.object_properties(&state)?,
            None => Vec::new(),
        };
        let mut aliases = Vec::new();
        for alias in node.items("aliases")? {
            aliases.extend(alias.get_text("type")?);
        }
        let mut methods = BTreeMap::new();
        for (name, function) in node.members("methods")? {
            methods.insert(name.to_owned(), token(&function, function.text()?)?);
        }
        Ok(Resource {
            methods,
            description: node.get_text("description")?,
            deprecation: node.get_text("deprecationMessage")?,
            inputs: self.properties(node, "inputProperties", &names(node, "requiredInputs")?)?,
            properties: self.properties(node, "properties", &names(node, "required")?)?,
            state_inputs,
            aliases,
            is_component: node.get_flag("isComponent")?,
            is_overlay: node.get_flag("isOverlay")?,
        })
    }

    fn function(&mut self, node: &Node<'_>) -> Result<Function, SchemaError> {
        let mut inputs = match node.get("inputs")? {
            Some(inputs) => self.object_properties(&inputs)?,
            None => Vec::new(),
        };
        let is_method = inputs.iter().any(|input| input.name == RECEIVER);
        inputs.retain(|input| input.name != RECEIVER);
        // `returnType` is the newer spelling of `outputs`; both may hold an object with properties, or any type.
        let answer = match node.get("returnType")? {
            Some(answer) => Some(answer),
            None => node.get("outputs")?,
        };
        let only_plain = match &answer {
            Some(answer) => answer.get_flag("plain")?,
            None => false,
        };
        let (outputs, return_type) = match answer {
            Some(answer) if is_object(&answer)? => (self.object_properties(&answer)?, None),
            Some(answer) => (Vec::new(), Some(self.value_type(&answer)?)),
            None => (Vec::new(), None),
        };
        Ok(Function {
            description: node.get_text("description")?,
            deprecation: node.get_text("deprecationMessage")?,
            inputs,
            outputs,
            return_type,
            plain: node.get("plain")?.is_none() || node.get_flag("plain")?,
            only_plain,
            is_method,
            is_overlay: node.get_flag("isOverlay")?,
        })
    }

    fn type_definition(&mut self, node: &Node<'_>) -> Result<TypeDefinition, SchemaError> {
        let description = node.get_text("description")?;
        if node.get("enum")?.is_none() {
            return Ok(TypeDefinition::Object(ObjectDefinition {
                description,
                properties: self.object_properties(node)?,
            }));
        }
        let underlying = match node.get("type")? {
            Some(name) => primitive(name.text()?).ok_or_else(|| name.unexpected("a primitive type"))?,
            None => return Err(node.unexpected("a member `type`")),
        };
        let mut values = Vec::new();
        for item in node.items("enum")? {
            let value = item.get("value")?.ok_or_else(|| item.unexpected("a member `value`"))?;
            values.push(EnumValue {
                name: item.get_text("name")?,
                value: constant(&value)?,
                description: item.get_text("description")?,
                deprecation: item.get_text("deprecationMessage")?,
            });
        }
        Ok(TypeDefinition::Enum(EnumDefinition { description, underlying, values }))
    }

    fn object_properties(&mut self, node: &Node<'_>) -> Result<Vec<Property>, SchemaError> {
        self.properties(node, "properties", &names(node, "required")?)
    }

    fn properties(
        &mut self,
        node: &Node<'_>,
        key: &str,
        required: &BTreeSet<String>,
    ) -> Result<Vec<Property>, SchemaError> {
        let mut properties = Vec::new();
        for (name, node) in node.members(key)? {
            let default_environment = match node.get("defaultInfo")? {
                Some(info) => info.texts("environment")?,
                None => Vec::new(),
            };
            properties.push(Property {
                name: name.to_owned(),
                description: node.get_text("description")?,
                deprecation: node.get_text("deprecationMessage")?,
                value_type: self.value_type(&node)?,
                required: required.contains(name),
                plain: node.get_flag("plain")?,
                secret: node.get_flag("secret")?,
                replace_on_changes: node.get_flag("replaceOnChanges")?,
                constant: node.get("const")?.map(|node| constant(&node)).transpose()?,
                default: node.get("default")?.map(|node| constant(&node)).transpose()?,
                default_environment,
            });
        }
        Ok(properties)
    }

    fn value_type(&mut self, node: &Node<'_>) -> Result<Type, SchemaError> {
        if let Some(reference) = node.get("$ref")? {
            return self.reference(node, &reference);
        }
        let members = node.items("oneOf")?;
        if !members.is_empty() {
            return self.union(node, &members);
        }
        let Some(name) = node.get("type")? else {
            return Err(node.unexpected("a member `type`, `$ref` or `oneOf`"));
        };
        match name.text()? {
            "array" => {
                let items = node.get("items")?.ok_or_else(|| node.unexpected("a member `items`"))?;
                Ok(Type::Array(Box::new(self.value_type(&items)?)))
            }
            "object" => Ok(Type::Map(Box::new(match node.get("additionalProperties")? {
                Some(values) => self.value_type(&values)?,
                None => Type::Primitive(PrimitiveType::String),
            }))),
            text => primitive(text)
                .map(Type::Primitive)
                .ok_or_else(|| name.unexpected("boolean, integer, number, string, array or object")),
        }
    }

    fn union(&mut self, node: &Node<'_>, members: &[Node<'_>]) -> Result<Type, SchemaError> {
        let mut types: Vec<Type> = Vec::new();
        for member in members {
            let member = self.value_type(member)?;
            if !types.contains(&member) {
                types.push(member);
            }
        }
        let discriminator = match node.get("discriminator")? {
            None => None,
            Some(node) => {
                let mut mapping = BTreeMap::new();
                for (value, reference) in node.members("mapping")? {
                    mapping.insert(value.to_owned(), self.reference(&node, &reference)?);
                }
                node.get_text("propertyName")?.map(|name| (name, mapping))
            }
        };
        match <[Type; 1]>::try_from(types) {
            Ok([single]) => Ok(single),
            Err(members) => Ok(Type::Union(Union { members, discriminator })),
        }
    }

    fn reference(&mut self, node: &Node<'_>, reference: &Node<'_>) -> Result<Type, SchemaError> {
        let text = reference.text()?;
        match text.rsplit_once("pulumi.json#/").map(|(_, name)| name) {
            Some("Any") => return Ok(Type::Any),
            Some("Json") => return Ok(Type::Json),
            Some("Asset") => return Ok(Type::Asset),
            Some("Archive") => return Ok(Type::Archive),
            Some(_) => return Err(reference.unexpected("Any, Json, Asset or Archive of pulumi.json")),
            None => {}
        }
        let local = |prefix: &str| text.strip_prefix(prefix).map(percent_decode);
        if let Some(name) = local("#/types/").or_else(|| local("#types/")) {
            if let Some(token) = self.types.get(&name.to_lowercase()) {
                return Ok(Type::Named(token.clone()));
            }
        } else if text == "#/provider" {
            return Ok(Type::Provider);
        } else if let Some(name) = local("#/resources/") {
            if name.strip_prefix("pulumi:providers:") == Some(self.name.as_str()) {
                return Ok(Type::Provider);
            }
            if let Some(token) = self.resources.get(&name.to_lowercase()) {
                return Ok(Type::Resource(token.clone()));
            }
        } else if text.starts_with('#') {
            return Err(reference.unexpected("a reference to a type, a resource or the provider"));
        }
        // Other packages' types, and references that lead nowhere, which old schemas hold: the type beside, or any value.
        self.warnings.push(format!("{}: {text} is not in this schema", reference.place()));
        let fallback = match node.get("type") {
            Ok(Some(name)) => name.text().ok().and_then(primitive),
            _ => None,
        };
        let fallback = fallback.map_or(Type::Any, Type::Primitive);
        Ok(match external(text) {
            Some((package, version, token, is_resource)) => Type::External(External {
                package,
                version,
                token,
                is_resource,
                fallback: Box::new(fallback),
            }),
            None => fallback,
        })
    }
}

/// The argument by which a function knows the resource that it belongs to.
const RECEIVER: &str = "__self__";

/// Whether an answer is an object with properties of its own, rather than a value or a map.
fn is_object(answer: &Node<'_>) -> Result<bool, SchemaError> {
    let has = |key| Ok(answer.get(key)?.is_some());
    let is_type = |name: &str| Ok(answer.get_text("type")?.as_deref() == Some(name));
    Ok(has("properties")? || (is_type("object")? && !has("additionalProperties")? && !has("$ref")?))
}

fn parameterization(node: &Node<'_>, key: &str) -> Result<Option<Parameterization>, SchemaError> {
    let Some(node) = node.get(key)? else { return Ok(None) };
    let base = node.get("baseProvider")?.ok_or_else(|| node.unexpected("a member `baseProvider`"))?;
    let parameter = match node.get("parameter")? {
        Some(text) => BASE64.decode(text.text()?).map_err(|_| text.unexpected("base64"))?,
        None => Vec::new(),
    };
    let text = |key: &str| base.get_text(key)?.ok_or_else(|| base.unexpected(format!("a member `{key}`")));
    Ok(Some(Parameterization {
        base_name: text("name")?,
        base_version: text("version")?.trim_start_matches('v').to_owned(),
        base_parameterization: parameterization(&base, "parameterization")?.map(Box::new),
        parameter,
    }))
}

/// `/other/v1.2.3/schema.json#/types/other:index:Thing`, without the fallback.
fn external(text: &str) -> Option<(String, String, Token, bool)> {
    let (file, place) = text.split_once('#')?;
    let mut segments = file.trim_start_matches('/').split('/');
    let package = segments.next().filter(|name| !name.is_empty())?;
    let version = segments.next().unwrap_or_default().trim_start_matches('v');
    let (kind, token) = place.trim_start_matches('/').split_once('/')?;
    let token = Token::parse(&percent_decode(token)).ok()?;
    Some((package.to_owned(), percent_decode(version), token, kind == "resources"))
}

fn tokens(root: &Node<'_>, key: &str) -> Result<BTreeMap<String, Token>, SchemaError> {
    root.members(key)?
        .into_iter()
        .map(|(name, node)| Ok((name.to_lowercase(), token(&node, name)?)))
        .collect()
}

fn token(node: &Node<'_>, name: &str) -> Result<Token, SchemaError> {
    Token::parse(name).map_err(|_| node.unexpected("a key of the form package:module:Name"))
}

fn names(node: &Node<'_>, key: &str) -> Result<BTreeSet<String>, SchemaError> {
    Ok(node.texts(key)?.into_iter().collect())
}

fn primitive(name: &str) -> Option<PrimitiveType> {
    match name {
        "boolean" => Some(PrimitiveType::Boolean),
        "integer" => Some(PrimitiveType::Integer),
        "number" => Some(PrimitiveType::Number),
        "string" => Some(PrimitiveType::String),
        _ => None,
    }
}

fn constant(node: &Node<'_>) -> Result<Constant, SchemaError> {
    match node.value {
        Value::Bool(flag) => Ok(Constant::Boolean(*flag)),
        Value::String(text) => Ok(Constant::String(text.clone())),
        Value::Number(number) => {
            number.as_f64().map(Constant::Number).ok_or_else(|| node.unexpected("a number"))
        }
        _ => Err(node.unexpected("true, false, a number or a text")),
    }
}
