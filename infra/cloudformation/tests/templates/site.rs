//! Buckets.

use pulumi_aws::s3;

use crate::{pretty, template};

#[tokio::test]
async fn a_bucket_and_what_belongs_to_it() {
    let synthesis = template(|context| {
        let bucket = s3::Bucket::new(
            context,
            "dashboard",
            s3::BucketArgs::new().bucket_prefix("miyabi-dashboard").force_destroy(true),
        );
        let id = bucket.id();
        s3::BucketPublicAccessBlock::new(
            context,
            "dashboard",
            s3::BucketPublicAccessBlockArgs::new()
                .bucket(&id)
                .block_public_acls(true)
                .block_public_policy(true)
                .ignore_public_acls(true)
                .restrict_public_buckets(true),
        );
        s3::BucketOwnershipControls::new(
            context,
            "dashboard",
            s3::BucketOwnershipControlsArgs::new()
                .bucket(bucket.bucket())
                .rule(s3::BucketOwnershipControlsRuleArgs::new().object_ownership("BucketOwnerEnforced")),
        );
        s3::BucketVersioning::new(
            context,
            "dashboard",
            s3::BucketVersioningArgs::new()
                .bucket(&id)
                .versioning_configuration(s3::BucketVersioningVersioningConfigurationArgs::new().status("Enabled")),
        );
        s3::BucketServerSideEncryptionConfiguration::new(
            context,
            "dashboard",
            s3::BucketServerSideEncryptionConfigurationArgs::new().bucket(&id).rules([
                s3::BucketServerSideEncryptionConfigurationRuleArgs::new()
                    .apply_server_side_encryption_by_default(
                        s3::BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs::new()
                            .sse_algorithm("AES256"),
                    )
                    .bucket_key_enabled(true),
            ]),
        );
        s3::BucketLifecycleConfiguration::new(
            context,
            "dashboard",
            s3::BucketLifecycleConfigurationArgs::new().bucket(&id).rules([
                s3::BucketLifecycleConfigurationRuleArgs::new()
                    .id("old")
                    .status("Enabled")
                    .filter(s3::BucketLifecycleConfigurationRuleFilterArgs::new().prefix("assets/"))
                    .abort_incomplete_multipart_upload(
                        s3::BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs::new()
                            .days_after_initiation(1),
                    )
                    .noncurrent_version_expiration(
                        s3::BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs::new().noncurrent_days(30),
                    ),
            ]),
        );
        s3::BucketPolicy::new(
            context,
            "dashboard",
            s3::BucketPolicyArgs::new().bucket(&id).policy(pulumi::interpolate!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["{}","{}/*"],"Condition":{{"Bool":{{"aws:SecureTransport":"false"}}}}}}]}}"#,
                bucket.arn(),
                bucket.arn()
            )),
        );
        context.export("dashboardBucket", bucket.id());
    })
    .await;
    insta::assert_snapshot!(pretty(&synthesis));
    assert_eq!(
        synthesis.report.lines().collect::<Vec<_>>(),
        [
            "left out: dashboard (aws:s3/bucket:Bucket): forceDestroy: CloudFormation deletes no bucket that holds something"
        ]
    );
}
