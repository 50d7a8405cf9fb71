//! S3. What Pulumi has as resources beside the bucket are the bucket's own properties in CloudFormation.

use serde_json::{Value as Json, json};

use super::TypeMapping;
use crate::fields::Fields;

const BUCKET: &str = "aws:s3/bucket:Bucket";
const BY_BUCKET: &[(&str, &str)] = &[("bucket", "bucket")];

pub(super) const TYPES: &[TypeMapping] = &[
    TypeMapping::new(BUCKET, "AWS::S3::Bucket", bucket).outputs(&[
        ("arn", "<.Arn>"),
        ("bucket", "<Ref>"),
        ("bucketDomainName", "<.DomainName>"),
        ("bucketRegionalDomainName", "<.RegionalDomainName>"),
        ("bucketRegion", "<AWS::Region>"),
    ]),
    TypeMapping::new("aws:s3/bucketPolicy:BucketPolicy", "AWS::S3::BucketPolicy", policy),
    part("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", public_access_block),
    part("aws:s3/bucketVersioning:BucketVersioning", versioning),
    part(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        server_side_encryption,
    ),
    part("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", lifecycle),
    part("aws:s3/bucketOwnershipControls:BucketOwnershipControls", ownership_controls),
    part("aws:s3/bucketLogging:BucketLogging", logging),
];

const fn part(token: &'static str, map: fn(&mut Fields)) -> TypeMapping {
    TypeMapping::new(token, "AWS::S3::Bucket", map).part_of(BUCKET, BY_BUCKET)
}

fn bucket(fields: &mut Fields) {
    fields.text("bucket", "BucketName");
    fields.made_by_cloudformation("bucketPrefix");
    fields.leave_out("forceDestroy", "CloudFormation deletes no bucket that holds something");
    fields.tags();
}

fn policy(fields: &mut Fields) {
    fields.text("bucket", "Bucket");
    fields.document("policy", "PolicyDocument");
}

fn public_access_block(fields: &mut Fields) {
    let mut block = fields.part();
    block.boolean("blockPublicAcls", "BlockPublicAcls");
    block.boolean("blockPublicPolicy", "BlockPublicPolicy");
    block.boolean("ignorePublicAcls", "IgnorePublicAcls");
    block.boolean("restrictPublicBuckets", "RestrictPublicBuckets");
    block.leave_out("skipDestroy", "it goes with its bucket");
    let block = fields.end_part(block);
    fields.put("PublicAccessBlockConfiguration", block);
}

fn versioning(fields: &mut Fields) {
    fields.object("versioningConfiguration", "VersioningConfiguration", |versioning| {
        // `Disabled` is Pulumi's word for a bucket that never had versions; CloudFormation has none for it.
        match versioning.take_text("status").as_deref() {
            Some("Enabled") => versioning.put("Status", "Enabled"),
            Some("Suspended" | "Disabled") => versioning.put("Status", "Suspended"),
            Some(_) => versioning.problem("status", "expected Enabled, Suspended or Disabled"),
            None => {}
        }
    });
}

fn server_side_encryption(fields: &mut Fields) {
    let rules = fields.take_objects("rules", |rule| {
        rule.object("applyServerSideEncryptionByDefault", "ServerSideEncryptionByDefault", |default| {
            default.text("sseAlgorithm", "SSEAlgorithm");
            default.text("kmsMasterKeyId", "KMSMasterKeyID");
        });
        rule.boolean("bucketKeyEnabled", "BucketKeyEnabled");
    });
    if let Some(rules) = rules {
        fields.put("BucketEncryption", json!({ "ServerSideEncryptionConfiguration": rules }));
    }
}

fn ownership_controls(fields: &mut Fields) {
    let rule = fields.take_mapped("rule", |rule| rule.text("objectOwnership", "ObjectOwnership"));
    if let Some(rule) = rule {
        fields.put("OwnershipControls", json!({ "Rules": [rule] }));
    }
}

fn logging(fields: &mut Fields) {
    let mut logging = fields.part();
    logging.text("targetBucket", "DestinationBucketName");
    logging.text("targetPrefix", "LogFilePrefix");
    let logging = fields.end_part(logging);
    fields.put("LoggingConfiguration", logging);
}

fn lifecycle(fields: &mut Fields) {
    let rules = fields.take_objects("rules", |rule| {
        rule.text("id", "Id");
        rule.text("status", "Status");
        rule.text("prefix", "Prefix");
        filter(rule);
        rule.object("abortIncompleteMultipartUpload", "AbortIncompleteMultipartUpload", |abort| {
            abort.number("daysAfterInitiation", "DaysAfterInitiation");
        });
        let expiration = rule.take_mapped("expiration", |expiration| {
            expiration.number("days", "ExpirationInDays");
            expiration.text("date", "ExpirationDate");
            expiration.boolean("expiredObjectDeleteMarker", "ExpiredObjectDeleteMarker");
        });
        for (name, value) in expiration.into_iter().flatten() {
            rule.put(&name, value);
        }
        rule.object("noncurrentVersionExpiration", "NoncurrentVersionExpiration", |expiration| {
            expiration.number("noncurrentDays", "NoncurrentDays");
            expiration.number("newerNoncurrentVersions", "NewerNoncurrentVersions");
        });
        rule.objects("noncurrentVersionTransitions", "NoncurrentVersionTransitions", |transition| {
            transition.number("noncurrentDays", "TransitionInDays");
            transition.number("newerNoncurrentVersions", "NewerNoncurrentVersions");
            transition.text("storageClass", "StorageClass");
        });
        rule.objects("transitions", "Transitions", |transition| {
            transition.number("days", "TransitionInDays");
            transition.text("date", "TransitionDate");
            transition.text("storageClass", "StorageClass");
        });
    });
    if let Some(rules) = rules {
        fields.put("LifecycleConfiguration", json!({ "Rules": rules }));
    }
}

/// An object of its own in Pulumi, properties of the rule in CloudFormation.
fn filter(rule: &mut Fields) {
    fn conditions(filter: &mut Fields) {
        filter.text("prefix", "Prefix");
        filter.number("objectSizeGreaterThan", "ObjectSizeGreaterThan");
        filter.number("objectSizeLessThan", "ObjectSizeLessThan");
        filter.pairs("tags", "TagFilters", "Key", "Value");
    }
    let filter = rule.take_mapped("filter", |filter| {
        conditions(filter);
        let tag = filter.take_mapped("tag", |tag| {
            tag.text("key", "Key");
            tag.text("value", "Value");
        });
        if let Some(tag) = tag {
            filter.put("TagFilters", vec![Json::Object(tag)]);
        }
        let and = filter.take_mapped("and", conditions);
        for (name, value) in and.into_iter().flatten() {
            filter.put(&name, value);
        }
    });
    for (name, value) in filter.into_iter().flatten() {
        rule.put(&name, value);
    }
}
