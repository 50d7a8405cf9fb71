//! What the trimmed schema leaves out, put back: which texts are values of enumerations, and what finds an existing
//! resource.

use serde_json::{Map, Value, json};

/// Puts the enumerations into the schema, and gives each resource its state.
///
/// # Errors
/// When an enumeration names a property that the schema does not have, or that is no text.
pub(crate) fn apply(schema: &mut Value, enums: &Value) -> Result<(), String> {
    for resource in members(schema, "resources")?.values_mut() {
        // The provider takes any output of a resource as a hint at which one is meant.
        let mut state = Map::new();
        state.insert("type".to_owned(), Value::from("object"));
        state.insert("properties".to_owned(), resource["properties"].clone());
        resource["stateInputs"] = Value::Object(state);
    }
    let enums = enums.as_object().ok_or("the enumerations are no object")?;
    for (name, definition) in enums {
        let token = token(name)?;
        let reference = json!({ "$ref": format!("#/types/{token}") });
        let properties =
            definition["properties"].as_array().ok_or_else(|| format!("{name} has no properties"))?;
        for property in properties {
            let path =
                property.as_str().ok_or_else(|| format!("{name}: {property} is no path of a property"))?;
            let value =
                find(schema, path).ok_or_else(|| format!("{name}: the schema has no property {path}"))?;
            let value = if value["type"] == "array" { &mut value["items"] } else { value };
            if value["type"] != "string" {
                return Err(format!("{name}: {path} is no text: {value}"));
            }
            *value = json!({ "oneOf": [{ "type": "string" }, reference] });
        }
        let definition = json!({ "type": "string", "enum": definition["values"] });
        if members(schema, "types")?.insert(token, definition).is_some() {
            return Err(format!("{name}: the schema has a type of that name"));
        }
    }
    Ok(())
}

fn members<'s>(schema: &'s mut Value, key: &str) -> Result<&'s mut Map<String, Value>, String> {
    schema.get_mut(key).and_then(Value::as_object_mut).ok_or_else(|| format!("the schema has no {key}"))
}

/// `lambda/Runtime` is `aws:lambda/Runtime:Runtime`.
fn token(name: &str) -> Result<String, String> {
    let (_, last) = name.split_once('/').ok_or_else(|| format!("{name} is not of the form module/Name"))?;
    Ok(format!("aws:{name}:{last}"))
}

/// `lambda/function:Function.runtime` is an input of a resource, `lambda/FunctionTracingConfig.mode` is in a type.
fn find<'s>(schema: &'s mut Value, path: &str) -> Option<&'s mut Value> {
    let (owner, property) = path.rsplit_once('.')?;
    let properties = if owner.contains(':') {
        schema.get_mut("resources")?.get_mut(format!("aws:{owner}"))?.get_mut("inputProperties")?
    } else {
        schema.get_mut("types")?.get_mut(token(owner).ok()?)?.get_mut("properties")?
    };
    properties.get_mut(property)
}
