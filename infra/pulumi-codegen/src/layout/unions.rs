//! What unions are called. They have no name in a schema: it is made of the members', or of the place of the first use.

use std::collections::BTreeMap;

use super::{Layout, Shape, Side, shape};
use crate::names::{Names, type_name};
use crate::schema::{PrimitiveType, Property, Token, Type, TypeDefinition};

/// With more members than this, a name made of them would be too long to read.
const MEMBERS_IN_A_NAME: usize = 3;

/// What a union is called, and where it is used.
#[derive(Debug, Clone)]
pub(crate) struct UnionNames {
    /// The type of a value that is received.
    pub(crate) output: String,
    /// The type of a value that is sent.
    pub(crate) input: String,
    pub(crate) as_input: bool,
    pub(crate) as_output: bool,
    /// The property that tells the members apart, and the member of each of its values.
    pub(crate) discriminator: Option<(String, BTreeMap<String, Type>)>,
}

impl UnionNames {
    pub(super) fn of(&self, side: Side) -> &str {
        match side {
            Side::Input => &self.input,
            Side::Output => &self.output,
        }
    }
}

/// Where a union is used.
struct Place<'p> {
    module: &'p str,
    owner: &'p str,
    property: &'p str,
    sides: &'p [Side],
}

impl Layout<'_> {
    pub(super) fn name_unions(&mut self, modules: &mut BTreeMap<String, Names>) {
        let package = self.package;
        let mut found = Found { layout: self, modules, unions: BTreeMap::new() };
        found.properties("", "Provider", &package.provider.inputs, &[Side::Input]);
        found.properties("", "Provider", &package.provider.properties, &[Side::Output]);
        for (token, resource) in &package.resources {
            let module = found.layout.module(token);
            let owner = type_name(token.name());
            found.properties(&module, &owner, &resource.inputs, &[Side::Input]);
            found.properties(&module, &owner, &resource.state_inputs, &[Side::Input]);
            found.properties(&module, &owner, &resource.properties, &[Side::Output]);
        }
        for (token, function) in &package.functions {
            let module = found.layout.module(token);
            let owner = type_name(token.name());
            found.properties(&module, &owner, &function.inputs, &[Side::Input]);
            found.properties(&module, &owner, &function.outputs, &[Side::Output]);
            if let Some(answer) = &function.return_type {
                let place =
                    Place { module: &module, owner: &owner, property: "result", sides: &[Side::Output] };
                found.value_type(answer, &place);
            }
        }
        for (token, definition) in &package.types {
            let TypeDefinition::Object(object) = definition else { continue };
            let Some(names) = found.layout.types.get(token) else { continue };
            let sides: Vec<Side> = [(names.as_input, Side::Input), (names.as_output, Side::Output)]
                .into_iter()
                .filter_map(|(used, side)| used.then_some(side))
                .collect();
            let (module, owner) = (names.module.clone(), names.output.clone());
            found.properties(&module, &owner, &object.properties, &sides);
        }
        self.unions = found.unions;
    }

    /// A member of a union in a name.
    pub(crate) fn member_name(&self, member: &Type) -> String {
        let of_token = |token: &Token| match (self.types.get(token), self.resources.get(token)) {
            (Some(names), _) => names.output.clone(),
            (None, Some(names)) => names.resource.clone(),
            (None, None) => type_name(token.name()),
        };
        match member {
            Type::Primitive(PrimitiveType::Boolean) => "Boolean".to_owned(),
            Type::Primitive(PrimitiveType::Integer) => "Integer".to_owned(),
            Type::Primitive(PrimitiveType::Number) => "Number".to_owned(),
            Type::Primitive(PrimitiveType::String) => "String".to_owned(),
            Type::Any => "Any".to_owned(),
            Type::Json => "Json".to_owned(),
            Type::Asset => "Asset".to_owned(),
            Type::Archive => "Archive".to_owned(),
            Type::Array(items) => format!("{}List", self.member_name(items)),
            Type::Map(values) => format!("{}Map", self.member_name(values)),
            Type::Named(token) | Type::Resource(token) => of_token(token),
            Type::Provider => "Provider".to_owned(),
            Type::External(external) => type_name(external.token.name()),
            Type::Union(union) => {
                let names: Vec<String> =
                    union.members.iter().map(|member| self.member_name(member)).collect();
                names.join("Or")
            }
        }
    }
}

struct Found<'l, 'a> {
    layout: &'l Layout<'a>,
    modules: &'l mut BTreeMap<String, Names>,
    unions: BTreeMap<(String, Vec<Type>), UnionNames>,
}

impl Found<'_, '_> {
    fn properties(&mut self, module: &str, owner: &str, properties: &[Property], sides: &[Side]) {
        for property in properties {
            let place = Place { module, owner, property: &property.name, sides };
            self.value_type(&property.value_type, &place);
        }
    }

    fn value_type(&mut self, value_type: &Type, place: &Place<'_>) {
        let union = match value_type {
            Type::Array(inner) | Type::Map(inner) => return self.value_type(inner, place),
            Type::Union(union) => union,
            _ => return,
        };
        let Shape::Members(members) = shape(self.layout.package, union) else { return };
        for member in &members {
            self.value_type(member, place);
        }
        let members: Vec<Type> = members.into_iter().cloned().collect();
        let key = (place.module.to_owned(), members);
        if !self.unions.contains_key(&key) {
            let names = self.modules.entry(place.module.to_owned()).or_default();
            let of_place = format!("{}{}", place.owner, type_name(place.property));
            let wanted = if key.1.len() > MEMBERS_IN_A_NAME {
                of_place.clone()
            } else {
                key.1.iter().map(|member| self.layout.member_name(member)).collect::<Vec<_>>().join("Or")
            };
            let output = names.take([wanted, of_place]);
            let input = names.take([format!("{output}Args")]);
            let discriminator = union.discriminator.clone();
            let names = UnionNames { output, input, as_input: false, as_output: false, discriminator };
            self.unions.insert(key.clone(), names);
        }
        if let Some(names) = self.unions.get_mut(&key) {
            names.as_input |= place.sides.contains(&Side::Input);
            names.as_output |= place.sides.contains(&Side::Output);
        }
    }
}
