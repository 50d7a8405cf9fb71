//! The page's bucket.

use miyabi_shared::bucket::Bucket;
use pulumi::{Component, Context, Output, ResourceOptions, ToInput as _};
use pulumi_aws::s3;

use crate::settings::Settings;

/// What the page needs.
#[derive(Debug)]
pub struct EdgeArgs<'args> {
    /// What differs in this stage.
    pub settings: &'args Settings,
}

/// Where the page is.
#[derive(Debug)]
pub struct Edge {
    /// The name of the page's bucket.
    pub bucket: Output<String>,
    _component: Component,
}

impl Edge {
    /// Declares it.
    pub fn new(context: &Context, name: &str, args: EdgeArgs<'_>) -> Self {
        let component = context.component("miyabi:edge:Edge", name, ResourceOptions::new());
        let bucket = s3::Bucket::new(
            component.context(),
            Bucket::Dashboard.name(),
            // The page can be built again; only where data is protected must a person empty the bucket first.
            s3::BucketArgs::new().force_destroy(!args.settings.data.protect),
        );
        s3::BucketPublicAccessBlock::new(
            component.context(),
            Bucket::Dashboard.name(),
            s3::BucketPublicAccessBlockArgs::new()
                .bucket(bucket.id())
                .block_public_acls(true)
                .block_public_policy(true)
                .ignore_public_acls(true)
                .restrict_public_buckets(true),
        );
        component.register_outputs([("bucket", bucket.id().to_input())]);
        Self { bucket: bucket.id(), _component: component }
    }
}
