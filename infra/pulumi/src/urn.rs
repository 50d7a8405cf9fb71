//! URNs: how the engine names resources.

/// The type of the root resource, which is no part of a URN's types.
pub const STACK_TYPE: &str = "pulumi:pulumi:Stack";

/// The URN of a resource with this parent; none, or the stack's, for a resource of the top level.
pub fn build(stack: &str, project: &str, parent_urn: Option<&str>, token: &str, name: &str) -> String {
    let parent_types = parent_urn.map(qualified_type).filter(|parent| *parent != STACK_TYPE);
    match parent_types {
        Some(parent) if !parent.is_empty() => {
            format!("urn:pulumi:{stack}::{project}::{parent}${token}::{name}")
        }
        _ => format!("urn:pulumi:{stack}::{project}::{token}::{name}"),
    }
}

/// The types of the resource and its parents: `parent$child`. Empty where the text is no URN.
pub fn qualified_type(urn: &str) -> &str {
    urn.split("::").nth(2).unwrap_or_default()
}

/// The resource's own type. Empty where the text is no URN.
pub fn type_of(urn: &str) -> &str {
    qualified_type(urn).rsplit('$').next().unwrap_or_default()
}

/// The resource's name, which may itself hold `::`. Empty where the text is no URN.
pub fn name_of(urn: &str) -> &str {
    urn.splitn(4, "::").nth(3).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_carries_the_types_of_its_parents_but_not_the_stack() {
        let root = build("dev", "shop", None, STACK_TYPE, "shop-dev");
        assert_eq!(root, "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev");
        let component = build("dev", "shop", Some(&root), "shop:data:Data", "data");
        assert_eq!(component, "urn:pulumi:dev::shop::shop:data:Data::data");
        let table = build("dev", "shop", Some(&component), "aws:dynamodb/table:Table", "a::b");
        assert_eq!(table, "urn:pulumi:dev::shop::shop:data:Data$aws:dynamodb/table:Table::a::b");
        assert_eq!(type_of(&table), "aws:dynamodb/table:Table");
        assert_eq!(name_of(&table), "a::b");
    }
}
