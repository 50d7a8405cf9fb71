//! Where the stack is: what ARNs of things that are not its own, or not made yet, are put together from.

use pulumi::{Context, IntoText, Output, interpolate};
use pulumi_aws::{
    GetCallerIdentityArgs, GetPartitionArgs, GetRegionArgs, get_caller_identity, get_partition, get_region,
};

/// Where the stack is.
#[derive(Debug, Clone)]
pub struct Place {
    /// `aws`, except in China and for governments.
    pub partition: Output<String>,
    /// The region.
    pub region: Output<String>,
    /// The account's number.
    pub account: Output<String>,
}

impl Place {
    /// Asks the provider.
    pub fn new(context: &Context) -> Self {
        Self {
            partition: get_partition(context, GetPartitionArgs::new()).map(|partition| partition.partition),
            region: get_region(context, GetRegionArgs::new()).map(|region| region.region),
            account: get_caller_identity(context, GetCallerIdentityArgs::new())
                .map(|identity| identity.account_id),
        }
    }

    /// The ARN of something of a service here.
    pub fn arn(&self, service: &str, resource: impl IntoText) -> Output<String> {
        interpolate!(
            "arn:{}:{}:{}:{}:{}",
            &self.partition,
            service,
            &self.region,
            &self.account,
            resource.into_text()
        )
    }
}
