//! Policies: who may do what, on what, and when.

use std::collections::BTreeMap;

use pulumi::{Json, Output, Property, ToInput as _, json};

/// One statement of a policy.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    identifier: String,
    effect: &'static str,
    principal: Option<Property>,
    actions: Vec<String>,
    resources: Vec<Output<String>>,
    conditions: BTreeMap<&'static str, BTreeMap<String, Property>>,
}

/// Whoever it is; for conditions to narrow down.
pub(crate) const ANYONE: &str = "*";

impl Statement {
    fn new(effect: &'static str, identifier: impl Into<String>) -> Self {
        Self {
            identifier: identifier.into(),
            effect,
            principal: None,
            actions: Vec::new(),
            resources: Vec::new(),
            conditions: BTreeMap::new(),
        }
    }

    /// Something that is allowed.
    pub(crate) fn allow(identifier: impl Into<String>) -> Self {
        Self::new("Allow", identifier)
    }

    /// Something that is not allowed, whatever else says so.
    pub(crate) fn deny(identifier: impl Into<String>) -> Self {
        Self::new("Deny", identifier)
    }

    /// A service of AWS.
    #[must_use]
    pub(crate) fn service(mut self, service: impl Into<pulumi::Input<String>>) -> Self {
        self.principal = Some(json!({ "Service": service.into() }).to_input());
        self
    }

    /// Any of these services of AWS.
    #[must_use]
    pub(crate) fn services<const N: usize>(mut self, services: [&str; N]) -> Self {
        let services = services.map(str::to_owned).to_vec();
        self.principal = Some(json!({ "Service": services }).to_input());
        self
    }

    /// Everybody in an account whom a policy of that account allows it too.
    #[must_use]
    pub(crate) fn account(mut self, root: Output<String>) -> Self {
        self.principal = Some(json!({ "AWS": root }).to_input());
        self
    }

    /// Anyone: only with a condition.
    #[must_use]
    pub(crate) fn anyone(mut self) -> Self {
        self.principal = Some(ANYONE.to_owned().to_input());
        self
    }

    #[must_use]
    pub(crate) fn actions<A: Into<String>>(mut self, actions: impl IntoIterator<Item = A>) -> Self {
        self.actions.extend(actions.into_iter().map(Into::into));
        self
    }

    #[must_use]
    pub(crate) fn on(mut self, resources: impl IntoIterator<Item = Output<String>>) -> Self {
        self.resources.extend(resources);
        self
    }

    /// On everything that the policy is about or, of a role, on everything; the latter needs a reason where it is called.
    #[must_use]
    pub(crate) fn on_everything(self) -> Self {
        self.on([Output::known("*".to_owned())])
    }

    #[must_use]
    pub(crate) fn when(
        mut self,
        operator: &'static str,
        key: impl Into<String>,
        value: &Output<String>,
    ) -> Self {
        self.conditions.entry(operator).or_default().insert(key.into(), value.to_input());
        self
    }

    #[must_use]
    pub(crate) fn when_one_of(
        mut self,
        operator: &'static str,
        key: impl Into<String>,
        values: Vec<Output<String>>,
    ) -> Self {
        self.conditions.entry(operator).or_default().insert(key.into(), values.to_input());
        self
    }

    fn property(self) -> Property {
        let mut statement = BTreeMap::from([
            ("Sid".to_owned(), self.identifier.to_input()),
            ("Effect".to_owned(), self.effect.to_owned().to_input()),
            ("Action".to_owned(), self.actions.to_input()),
        ]);
        if let Some(principal) = self.principal {
            statement.insert("Principal".to_owned(), principal);
        }
        // Who may take on a role is said without a resource: it is the role.
        if !self.resources.is_empty() {
            statement.insert("Resource".to_owned(), self.resources.to_input());
        }
        if !self.conditions.is_empty() {
            let conditions = self
                .conditions
                .into_iter()
                .map(|(operator, conditions)| (operator.to_owned(), Property::Object(conditions)));
            statement.insert("Condition".to_owned(), Property::Object(conditions.collect()));
        }
        Property::Object(statement)
    }
}

/// A policy of these statements.
pub(crate) fn document(statements: impl IntoIterator<Item = Statement>) -> Json {
    let statements: Vec<Property> = statements.into_iter().map(Statement::property).collect();
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// Who may take on a role: this service.
pub(crate) fn trust(service: &str) -> Statement {
    Statement::allow("TakeOn").service(service).actions(["sts:AssumeRole"])
}
