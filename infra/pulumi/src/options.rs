//! Options of resources.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use crate::error::Error;
use crate::hooks::{ErrorHook, HookPoint, ResourceHook};
use crate::input::{Input, ToInput};
use crate::resource::{Resource, ResourceHandle};
use crate::transforms::{CallbackResult, Transform, TransformedResource};
use crate::{Property, Value, wire};

/// How the engine treats a resource. Property paths are spelled as in the provider's schema: `tags`, `rules[*].port`.
#[derive(Debug, Clone, Default)]
pub struct ResourceOptions {
    pub(crate) parent: Option<ResourceHandle>,
    pub(crate) depends_on: Vec<ResourceHandle>,
    pub(crate) protect: Option<bool>,
    pub(crate) provider: Option<ResourceHandle>,
    pub(crate) providers: BTreeMap<String, ResourceHandle>,
    pub(crate) aliases: Vec<Alias>,
    pub(crate) ignore_changes: Vec<String>,
    pub(crate) replace_on_changes: Vec<String>,
    pub(crate) delete_before_replace: Option<bool>,
    pub(crate) retain_on_delete: Option<bool>,
    pub(crate) deleted_with: Option<ResourceHandle>,
    pub(crate) replace_with: Vec<ResourceHandle>,
    pub(crate) replacement_trigger: Option<Property>,
    pub(crate) import: Option<String>,
    pub(crate) custom_timeouts: Option<CustomTimeouts>,
    pub(crate) additional_secret_outputs: Vec<String>,
    pub(crate) version: Option<String>,
    pub(crate) plugin_download_url: Option<String>,
    pub(crate) hide_diffs: Vec<String>,
    pub(crate) transforms: Vec<Transform>,
    pub(crate) hooks: Vec<(HookPoint, ResourceHook)>,
    pub(crate) error_hooks: Vec<ErrorHook>,
    pub(crate) env_var_mappings: BTreeMap<String, String>,
}

macro_rules! list_of_paths {
    ($($(#[$doc:meta])+ $name:ident),+ $(,)?) => {
        $($(#[$doc])+
        #[must_use]
        pub fn $name<P: Into<String>>(mut self, paths: impl IntoIterator<Item = P>) -> Self {
            self.$name.extend(paths.into_iter().map(Into::into));
            self
        })+
    };
}

macro_rules! plain {
    ($($(#[$doc:meta])+ $name:ident: $type:ty),+ $(,)?) => {
        $($(#[$doc])+
        #[must_use]
        pub fn $name(mut self, $name: $type) -> Self {
            self.$name = Some($name.into());
            self
        })+
    };
}

impl ResourceOptions {
    /// The engine's defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// The resource that this one belongs to; the context's component, else the stack, where none is given.
    #[must_use]
    pub fn parent(mut self, parent: &impl Resource) -> Self {
        self.parent = Some(parent.handle().clone());
        self
    }

    /// A resource that must exist before this one. A component stands for everything in it.
    #[must_use]
    pub fn depends_on(mut self, resource: &impl Resource) -> Self {
        self.depends_on.push(resource.handle().clone());
        self
    }

    /// The provider instance that makes the resource; for a component, all of its package that is in the component.
    #[must_use]
    pub fn provider(mut self, provider: &impl Resource) -> Self {
        self.provider = Some(provider.handle().clone());
        self
    }

    /// The provider instance that makes what is in a component, for one package.
    #[must_use]
    pub fn provider_of(mut self, package: impl Into<String>, provider: &impl Resource) -> Self {
        self.providers.insert(package.into(), provider.handle().clone());
        self
    }

    /// A name, type or parent that the resource had before.
    #[must_use]
    pub fn alias(mut self, alias: Alias) -> Self {
        self.aliases.push(alias);
        self
    }

    /// The resource with whose deletion this one goes, so that it needs none of its own.
    #[must_use]
    pub fn deleted_with(mut self, resource: &impl Resource) -> Self {
        self.deleted_with = Some(resource.handle().clone());
        self
    }

    /// A resource with whose replacement this one is replaced.
    #[must_use]
    pub fn replace_with(mut self, resource: &impl Resource) -> Self {
        self.replace_with.push(resource.handle().clone());
        self
    }

    /// A value with whose change the resource is replaced.
    #[must_use]
    pub fn replacement_trigger(mut self, trigger: impl Into<Input<Value>>) -> Self {
        self.replacement_trigger = Some(trigger.into().to_input());
        self
    }

    /// Lets `function` see and change the resource, and what belongs to it, before the engine does.
    #[must_use]
    pub fn transform(
        mut self,
        function: impl Fn(&mut TransformedResource) -> CallbackResult + Send + Sync + 'static,
    ) -> Self {
        self.transforms.push(Transform::new(function));
        self
    }

    /// A function that is run before or after an operation on the resource.
    #[must_use]
    pub fn hook(mut self, point: HookPoint, hook: &ResourceHook) -> Self {
        self.hooks.push((point, hook.clone()));
        self
    }

    /// A function that decides what becomes of an operation on the resource that has failed.
    #[must_use]
    pub fn on_error(mut self, hook: &ErrorHook) -> Self {
        self.error_hooks.push(hook.clone());
        self
    }

    /// For a provider instance: the plugin finds the variable `from` of this process's environment as `to`.
    #[must_use]
    pub fn env_var_mapping(mut self, from: impl Into<String>, to: impl Into<String>) -> Self {
        self.env_var_mappings.insert(from.into(), to.into());
        self
    }

    plain! {
        /// Whether the resource can be deleted only after this has been taken back; inherited from the parent where not given.
        protect: bool,
        /// Whether the old resource goes before its replacement comes.
        delete_before_replace: bool,
        /// Whether the resource stays when it leaves the program; inherited from the parent where not given.
        retain_on_delete: bool,
        /// The identifier of an existing resource that is taken over; the inputs must match it.
        import: impl Into<String>,
        /// How long its operations may take.
        custom_timeouts: CustomTimeouts,
        /// The version of the provider's plugin, without `v`.
        version: impl Into<String>,
        /// Where the provider's plugin is downloaded from.
        plugin_download_url: impl Into<String>,
    }

    list_of_paths! {
        /// Properties whose changes are ignored.
        ignore_changes,
        /// Properties whose changes replace the resource.
        replace_on_changes,
        /// Outputs that are secret besides those of the schema.
        additional_secret_outputs,
        /// Properties whose differences are not shown.
        hide_diffs,
    }
}

/// How long a resource's operations may take; the provider's defaults where not given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CustomTimeouts {
    /// Creation.
    pub create: Option<Duration>,
    /// Update.
    pub update: Option<Duration>,
    /// Deletion.
    pub delete: Option<Duration>,
    /// Reading.
    pub read: Option<Duration>,
}

/// Why a text says no duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a duration such as 5m, 1h30m or 1.5s, found {0:?}")]
pub struct DurationError(String);

impl CustomTimeouts {
    /// A duration as Pulumi's configuration and its other SDKs spell it: `5m`, `1h30m`, `1.5s`, `300ms`.
    ///
    /// # Errors
    /// The text says none.
    ///
    /// ```
    /// # use std::time::Duration;
    /// assert_eq!(pulumi::CustomTimeouts::parse("1h30m"), Ok(Duration::from_secs(5400)));
    /// assert!(pulumi::CustomTimeouts::parse("5 minutes").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Duration, DurationError> {
        let wrong = || DurationError(text.to_owned());
        let mut rest = text;
        let mut seconds = 0.0;
        while !rest.is_empty() {
            let number = rest.find(|character: char| character != '.' && !character.is_ascii_digit());
            let (number, after) = rest.split_at(number.ok_or_else(wrong)?);
            let unit = after.find(|character: char| character == '.' || character.is_ascii_digit());
            let (unit, after) = after.split_at(unit.unwrap_or(after.len()));
            let size = match unit {
                "h" => 3600.0,
                "m" => 60.0,
                "s" => 1.0,
                "ms" => 1e-3,
                "us" | "µs" => 1e-6,
                "ns" => 1e-9,
                _ => return Err(wrong()),
            };
            seconds += number.parse::<f64>().map_err(|_| wrong())? * size;
            rest = after;
        }
        if text.is_empty() {
            return Err(wrong());
        }
        Duration::try_from_secs_f64(seconds).map_err(|_| wrong())
    }

    pub(crate) fn to_wire(self) -> wire::register_resource_request::CustomTimeouts {
        let text = |duration: Option<Duration>| duration.map(go_duration).unwrap_or_default();
        wire::register_resource_request::CustomTimeouts {
            create: text(self.create),
            update: text(self.update),
            delete: text(self.delete),
            read: text(self.read),
        }
    }
}

/// A duration as Go reads it: `1h30m`, `5m`, `1.5s`.
fn go_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let mut text = String::new();
    for (unit, size) in [("h", seconds / 3600), ("m", seconds / 60 % 60)] {
        if size > 0 {
            let _ = write!(text, "{size}{unit}");
        }
    }
    let rest = seconds % 60;
    match duration.subsec_millis() {
        0 if rest == 0 && !text.is_empty() => {}
        0 => text.push_str(&format!("{rest}s")),
        milliseconds => text.push_str(&format!("{rest}.{milliseconds:03}s")),
    }
    text
}

/// What a resource was called before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alias {
    /// This URN.
    Urn(String),
    /// As now, except for what is given.
    Spec(AliasSpec),
}

/// What was different before; what is not given is as now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AliasSpec {
    /// The name.
    pub name: Option<String>,
    /// The type.
    pub token: Option<String>,
    /// The stack.
    pub stack: Option<String>,
    /// The project.
    pub project: Option<String>,
    /// The parent.
    pub parent: Option<AliasParent>,
}

/// Which parent a resource had before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AliasParent {
    /// The resource with this URN.
    Urn(String),
    /// This resource.
    Resource(ResourceHandle),
    /// None.
    None,
}

impl Alias {
    /// The resource had this name.
    pub fn name(name: impl Into<String>) -> Self {
        Self::Spec(AliasSpec { name: Some(name.into()), ..AliasSpec::default() })
    }

    /// The resource had this type.
    pub fn token(token: impl Into<String>) -> Self {
        Self::Spec(AliasSpec { token: Some(token.into()), ..AliasSpec::default() })
    }

    /// The resource belonged to no component.
    pub fn no_parent() -> Self {
        Self::Spec(AliasSpec { parent: Some(AliasParent::None), ..AliasSpec::default() })
    }

    /// The resource belonged to this one.
    pub fn parent(parent: &impl Resource) -> Self {
        let parent = Some(AliasParent::Resource(parent.handle().clone()));
        Self::Spec(AliasSpec { parent, ..AliasSpec::default() })
    }

    pub(crate) async fn to_wire(&self) -> Result<wire::Alias, Error> {
        use wire::alias::spec::Parent;
        let alias = match self {
            Self::Urn(urn) => wire::alias::Alias::Urn(urn.clone()),
            Self::Spec(spec) => wire::alias::Alias::Spec(wire::alias::Spec {
                name: spec.name.clone().unwrap_or_default(),
                r#type: spec.token.clone().unwrap_or_default(),
                stack: spec.stack.clone().unwrap_or_default(),
                project: spec.project.clone().unwrap_or_default(),
                parent: match &spec.parent {
                    None => None,
                    Some(AliasParent::Urn(urn)) => Some(Parent::ParentUrn(urn.clone())),
                    Some(AliasParent::Resource(parent)) => {
                        Some(Parent::ParentUrn(parent.registered().await?.urn.clone()))
                    }
                    Some(AliasParent::None) => Some(Parent::NoParent(true)),
                },
            }),
        };
        Ok(wire::Alias { alias: Some(alias) })
    }
}

/// Options of an invocation.
#[derive(Debug, Clone, Default)]
pub struct InvokeOptions {
    pub(crate) provider: Option<ResourceHandle>,
    pub(crate) parent: Option<ResourceHandle>,
    pub(crate) depends_on: Vec<ResourceHandle>,
    pub(crate) version: Option<String>,
    pub(crate) plugin_download_url: Option<String>,
}

impl InvokeOptions {
    /// The engine's defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// The resource whose providers answer; the context's component, else the stack, where none is given.
    #[must_use]
    pub fn parent(mut self, parent: &impl Resource) -> Self {
        self.parent = Some(parent.handle().clone());
        self
    }

    /// The provider instance that answers.
    #[must_use]
    pub fn provider(mut self, provider: &impl Resource) -> Self {
        self.provider = Some(provider.handle().clone());
        self
    }

    /// A resource that must exist before the call.
    #[must_use]
    pub fn depends_on(mut self, resource: &impl Resource) -> Self {
        self.depends_on.push(resource.handle().clone());
        self
    }

    plain! {
        /// The version of the provider's plugin, without `v`.
        version: impl Into<String>,
        /// Where the provider's plugin is downloaded from.
        plugin_download_url: impl Into<String>,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_spelled_as_go_reads_them() {
        for (milliseconds, text) in
            [(300_000, "5m"), (5_400_000, "1h30m"), (1_500, "1.500s"), (0, "0s"), (3_605_000, "1h5s")]
        {
            assert_eq!(go_duration(Duration::from_millis(milliseconds)), text);
            assert_eq!(CustomTimeouts::parse(text), Ok(Duration::from_millis(milliseconds)));
        }
    }

    #[test]
    fn what_is_no_duration_is_an_error_that_says_it() {
        assert_eq!(CustomTimeouts::parse(".2m"), Ok(Duration::from_secs(12)));
        for text in ["", "5", "m", "5 m", "-5m", "1.2.3s", "5d", "9e9h"] {
            let error = CustomTimeouts::parse(text).unwrap_err();
            assert!(error.to_string().ends_with(&format!("found {text:?}")), "{error}");
        }
    }
}
