//! How a function is called, and how a new version of it takes over.

use miyabi_shared::Function;
use pulumi::{Args as _, Context, Output};
use pulumi_aws::lambda;

use crate::settings::{ComputeSettings, TrafficShift};

/// What callers call: the versions behind it change, it does not.
const ALIAS: &str = "live";

/// How a function is called.
#[derive(Debug, Clone)]
pub struct Callable {
    /// The function's name.
    pub name: Output<String>,
    /// The alias, where there are versions.
    pub qualifier: Option<Output<String>>,
    /// The ARN to call, of the alias where there is one.
    pub arn: Output<String>,
    /// The same as API Gateway calls it.
    pub invoke_arn: Output<String>,
}

impl Callable {
    /// What lets a service call it; the caller adds from where.
    pub fn permission(&self, service: &str) -> lambda::PermissionArgs {
        lambda::PermissionArgs::new()
            .action("lambda:InvokeFunction")
            .function(&self.name)
            .principal(service)
            .optional(self.qualifier.as_ref(), |args, qualifier| args.qualifier(qualifier))
    }
}

pub(super) fn declare(
    context: &Context,
    function: Function,
    resource: &lambda::Function,
    settings: &ComputeSettings,
) -> Callable {
    if !settings.versions {
        let (arn, invoke_arn) = (resource.arn(), resource.invoke_arn());
        return Callable { name: resource.name(), qualifier: None, arn, invoke_arn };
    }
    let args = lambda::AliasArgs::new()
        .name(ALIAS)
        .description("What callers call")
        .function_name(resource.name())
        .function_version(resource.version())
        .optional(settings.traffic_shift.get(&function), |args, shift| args.routing_config(routing(shift)));
    let alias = lambda::Alias::new(context, format!("{}-{ALIAS}", function.name()), args);
    if let Some(copies) = settings.provisioned_concurrency.get(&function) {
        lambda::ProvisionedConcurrencyConfig::new(
            context,
            format!("{}-{ALIAS}", function.name()),
            lambda::ProvisionedConcurrencyConfigArgs::new()
                .function_name(resource.name())
                .qualifier(alias.name())
                .provisioned_concurrent_executions(*copies),
        );
    }
    Callable {
        name: resource.name(),
        qualifier: Some(alias.name()),
        arn: alias.arn(),
        invoke_arn: alias.invoke_arn(),
    }
}

/// The earlier version answers its share, and the new one the rest.
fn routing(shift: &TrafficShift) -> lambda::AliasRoutingConfigArgs {
    let weight = f64::from(shift.percent) / 100.0;
    lambda::AliasRoutingConfigArgs::new().additional_version_weights([(shift.version.as_str(), weight)])
}
