//! The page's bucket and the one of the logs: closed, encrypted, with versions that go away by themselves.

use miyabi_shared::bucket::Bucket;
use pulumi::{Args as _, Output, Property, ResourceOptions, ToInput as _, interpolate, json};
use pulumi_aws::{GetCallerIdentityArgs, get_caller_identity, s3};

use super::Parts;

/// How long an old version of a file is kept: long enough to notice that the new one is wrong.
const OLD_VERSION_DAYS: u32 = 30;
/// Where the page's bucket logs who read it.
const ACCESS_LOG_PREFIX: &str = "page/";

/// The bucket of logs, and what has to be there before something is written to it.
pub(super) struct Logs {
    pub(super) bucket: s3::Bucket,
    /// Lets CloudFront hand over its logs by an access list.
    pub(super) ownership: s3::BucketOwnershipControls,
    /// Lets S3 write its own.
    policy: s3::BucketPolicy,
}

/// The page's bucket.
pub(super) fn page(parts: &Parts<'_>, logs: Option<&Logs>) -> s3::Bucket {
    let name = Bucket::Dashboard.name();
    let bucket = bucket(parts, name);
    if let Some(logs) = logs {
        close(parts, name, &bucket, "BucketOwnerEnforced");
        expire(parts, name, &bucket, None);
        s3::BucketLogging::with_options(
            parts.context,
            name,
            s3::BucketLoggingArgs::new()
                .bucket(bucket.id())
                .target_bucket(logs.bucket.id())
                .target_prefix(ACCESS_LOG_PREFIX),
            ResourceOptions::new().depends_on(&logs.policy),
        );
    }
    bucket
}

/// The bucket that S3 and CloudFront write who asked for what.
pub(super) fn logs(parts: &Parts<'_>) -> Logs {
    let name = Bucket::Logs.name();
    let bucket = bucket(parts, name);
    // CloudFront's standard logs come by an access list.
    let ownership = close(parts, name, &bucket, "BucketOwnerPreferred");
    expire(parts, name, &bucket, Some(parts.args.settings.logs.access.days()));
    let account =
        get_caller_identity(parts.context, GetCallerIdentityArgs::new()).map(|identity| identity.account_id);
    let delivery = json!({
        "Sid": "AccessLogs",
        "Effect": "Allow",
        "Principal": { "Service": "logging.s3.amazonaws.com" },
        "Action": "s3:PutObject",
        "Resource": interpolate!("{}/{}*", bucket.arn(), ACCESS_LOG_PREFIX),
        "Condition": { "StringEquals": { "aws:SourceAccount": account } },
    })
    .to_input();
    let policy = policy(parts, name, &bucket, vec![delivery]);
    Logs { bucket, ownership, policy }
}

/// Who may read the page: the network in front of it, and nobody without TLS.
pub(super) fn page_policy(parts: &Parts<'_>, bucket: &s3::Bucket, distribution: &Output<String>) {
    let reads = |sid: &str, action: &str, resource: Output<String>| {
        json!({
            "Sid": sid,
            "Effect": "Allow",
            "Principal": { "Service": "cloudfront.amazonaws.com" },
            "Action": action,
            "Resource": resource,
            "Condition": { "StringEquals": { "AWS:SourceArn": distribution } },
        })
        .to_input()
    };
    let statements = vec![
        reads("ReadFiles", "s3:GetObject", interpolate!("{}/*", bucket.arn())),
        // Without it S3 answers that a file is forbidden which is merely not there.
        reads("KnowWhatIsMissing", "s3:ListBucket", bucket.arn()),
    ];
    policy(parts, Bucket::Dashboard.name(), bucket, statements);
}

fn bucket(parts: &Parts<'_>, name: &str) -> s3::Bucket {
    let bucket = s3::Bucket::new(
        parts.context,
        name,
        s3::BucketArgs::new()
            // The page can be built again; only where data is protected must a person empty the bucket first.
            .force_destroy(!parts.args.settings.data.protect)
            .tags(&parts.tags),
    );
    s3::BucketPublicAccessBlock::new(
        parts.context,
        name,
        s3::BucketPublicAccessBlockArgs::new()
            .bucket(bucket.id())
            .block_public_acls(true)
            .block_public_policy(true)
            .ignore_public_acls(true)
            .restrict_public_buckets(true),
    );
    bucket
}

fn close(parts: &Parts<'_>, name: &str, bucket: &s3::Bucket, ownership: &str) -> s3::BucketOwnershipControls {
    let ownership = s3::BucketOwnershipControls::new(
        parts.context,
        name,
        s3::BucketOwnershipControlsArgs::new()
            .bucket(bucket.id())
            .rule(s3::BucketOwnershipControlsRuleArgs::new().object_ownership(ownership)),
    );
    s3::BucketVersioning::new(
        parts.context,
        name,
        s3::BucketVersioningArgs::new().bucket(bucket.id()).versioning_configuration(
            s3::BucketVersioningVersioningConfigurationArgs::new().status("Enabled"),
        ),
    );
    let by_default =
        s3::BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs::new()
            .sse_algorithm("AES256");
    s3::BucketServerSideEncryptionConfiguration::new(
        parts.context,
        name,
        s3::BucketServerSideEncryptionConfigurationArgs::new()
            .bucket(bucket.id())
            .rules([s3::BucketServerSideEncryptionConfigurationRuleArgs::new()
                .apply_server_side_encryption_by_default(by_default)]),
    );
    ownership
}

/// Drops what is old: former versions, broken uploads and, where `days` says so, everything.
fn expire(parts: &Parts<'_>, name: &str, bucket: &s3::Bucket, days: Option<u32>) {
    let expiration = |days: u32| s3::BucketLifecycleConfigurationRuleExpirationArgs::new().days(days);
    let rule = s3::BucketLifecycleConfigurationRuleArgs::new()
        .id("old")
        .status("Enabled")
        // All of them: S3 wants to be told so.
        .filter(s3::BucketLifecycleConfigurationRuleFilterArgs::new().prefix(""))
        .abort_incomplete_multipart_upload(
            s3::BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs::new()
                .days_after_initiation(1),
        )
        .noncurrent_version_expiration(
            s3::BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs::new()
                .noncurrent_days(days.map_or(OLD_VERSION_DAYS, |_| 1)),
        )
        .optional(days, |rule, days| rule.expiration(expiration(days)));
    s3::BucketLifecycleConfiguration::new(
        parts.context,
        name,
        s3::BucketLifecycleConfigurationArgs::new().bucket(bucket.id()).rules([rule]),
    );
}

fn policy(
    parts: &Parts<'_>,
    name: &str,
    bucket: &s3::Bucket,
    mut statements: Vec<Property>,
) -> s3::BucketPolicy {
    statements.push(
        json!({
            "Sid": "TlsAlone",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [bucket.arn(), interpolate!("{}/*", bucket.arn())],
            "Condition": { "Bool": { "aws:SecureTransport": "false" } },
        })
        .to_input(),
    );
    s3::BucketPolicy::new(
        parts.context,
        name,
        s3::BucketPolicyArgs::new()
            .bucket(bucket.id())
            .policy(json!({ "Version": "2012-10-17", "Statement": statements })),
    )
}
