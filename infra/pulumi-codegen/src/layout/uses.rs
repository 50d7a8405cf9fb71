//! Which types go to the provider, and which come from it.

use std::collections::BTreeSet;

use super::{Layout, Side, open_enums};
use crate::schema::{Function, Package, Property, Resource, Token, Type, TypeDefinition};

impl Layout<'_> {
    pub(super) fn find_uses(&mut self) {
        let package = self.package;
        let mut found = Uses::of(package);
        found.resource(&package.provider);
        for resource in package.resources.values() {
            found.resource(resource);
        }
        for function in package.functions.values() {
            found.function(function);
        }
        for (token, names) in &mut self.types {
            names.as_input = found.seen.contains(&(*token, Side::Input));
            names.as_output = found.seen.contains(&(*token, Side::Output));
            names.open = found.open.contains(token);
        }
        self.referenced = found.referenced;
        self.provider_referenced = found.provider;
    }
}

struct Uses<'a> {
    package: &'a Package,
    seen: BTreeSet<(&'a Token, Side)>,
    open: BTreeSet<&'a Token>,
    referenced: BTreeSet<&'a Token>,
    provider: bool,
}

impl<'a> Uses<'a> {
    fn of(package: &'a Package) -> Self {
        Self {
            package,
            seen: BTreeSet::new(),
            open: BTreeSet::new(),
            referenced: BTreeSet::new(),
            provider: false,
        }
    }

    fn resource(&mut self, resource: &'a Resource) {
        self.properties(&resource.inputs, Side::Input);
        self.properties(&resource.state_inputs, Side::Input);
        self.properties(&resource.properties, Side::Output);
    }

    fn function(&mut self, function: &'a Function) {
        self.properties(&function.inputs, Side::Input);
        self.properties(&function.outputs, Side::Output);
        if let Some(value_type) = &function.return_type {
            self.value_type(value_type, Side::Output);
        }
    }

    fn properties(&mut self, properties: &'a [Property], side: Side) {
        for property in properties {
            self.value_type(&property.value_type, side);
        }
    }

    fn value_type(&mut self, value_type: &'a Type, side: Side) {
        match value_type {
            Type::Array(inner) | Type::Map(inner) => self.value_type(inner, side),
            Type::Union(union) => {
                self.open.extend(open_enums(self.package, union));
                for member in &union.members {
                    self.value_type(member, side);
                }
            }
            Type::Named(token) => {
                if self.seen.insert((token, side))
                    && let Some(TypeDefinition::Object(object)) = self.package.types.get(token)
                {
                    self.properties(&object.properties, side);
                }
            }
            Type::Resource(token) => {
                self.referenced.insert(token);
            }
            Type::Provider => self.provider = true,
            _ => {}
        }
    }
}
