//! Buckets and distributions.

use miyabi_infra::rules::Rule;
use serde_json::json;

use super::{Case, case, gone, resource, set, without};

pub(super) fn cases() -> Vec<Case> {
    [buckets(), distributions()].into_iter().flatten().collect()
}

fn buckets() -> Vec<Case> {
    let bucket = || resource("s3.Bucket", "b", json!({}));
    let part = |kind: &str, mut inputs: serde_json::Value| {
        inputs["bucket"] = json!("${Bucket.b.id}");
        resource(&format!("s3.{kind}"), "part", inputs)
    };
    let elsewhere = || set("part", "/bucket", "${Bucket.other.id}");
    vec![
        case(
            Rule::BucketPublicAccess,
            [
                bucket(),
                part(
                    "BucketPublicAccessBlock",
                    json!({
                        "blockPublicAcls": true, "blockPublicPolicy": true, "ignorePublicAcls": true, "restrictPublicBuckets": true,
                    }),
                ),
            ],
            [
                gone("part"),
                elsewhere(),
                set("part", "/blockPublicAcls", false),
                set("part", "/blockPublicPolicy", false),
                without("part", "/ignorePublicAcls"),
                without("part", "/restrictPublicBuckets"),
            ],
        ),
        case(
            Rule::BucketTls,
            [
                bucket(),
                part(
                    "BucketPolicy",
                    json!({ "policy": { "json": { "Statement": [{
                    "Effect": "Deny", "Principal": "*", "Condition": { "Bool": { "aws:SecureTransport": "false" } },
                }] } } }),
                ),
            ],
            [
                gone("part"),
                elsewhere(),
                set("part", "/policy/json/Statement/0/Effect", "Allow"),
                without("part", "/policy/json/Statement/0/Condition"),
            ],
        ),
        case(
            Rule::BucketVersions,
            [
                bucket(),
                part("BucketVersioning", json!({ "versioningConfiguration": { "status": "Enabled" } })),
            ],
            [gone("part"), elsewhere(), set("part", "/versioningConfiguration/status", "Suspended")],
        ),
        case(
            Rule::BucketLifecycle,
            [
                bucket(),
                part(
                    "BucketLifecycleConfiguration",
                    json!({ "rules": [{
                    "status": "Enabled",
                    "noncurrentVersionExpiration": { "noncurrentDays": 30 },
                    "abortIncompleteMultipartUpload": { "daysAfterInitiation": 1 },
                }] }),
                ),
            ],
            [
                gone("part"),
                elsewhere(),
                set("part", "/rules/0/status", "Disabled"),
                without("part", "/rules/0/noncurrentVersionExpiration"),
                without("part", "/rules/0/abortIncompleteMultipartUpload"),
            ],
        ),
        case(
            Rule::BucketOwnership,
            [
                bucket(),
                part(
                    "BucketOwnershipControls",
                    json!({ "rule": { "objectOwnership": "BucketOwnerEnforced" } }),
                ),
            ],
            [gone("part"), elsewhere(), set("part", "/rule/objectOwnership", "BucketOwnerPreferred")],
        ),
    ]
}

fn distributions() -> Vec<Case> {
    let distribution = |inputs: serde_json::Value| resource("cloudfront.Distribution", "d", inputs);
    vec![
        case(
            Rule::OriginAccess,
            [
                resource("s3.Bucket", "b", json!({})),
                resource(
                    "cloudfront.OriginAccessControl",
                    "o",
                    json!({ "signingBehavior": "always", "signingProtocol": "sigv4" }),
                ),
                distribution(json!({ "origins": [{
                    "originId": "page", "domainName": "${Bucket.b.bucketRegionalDomainName}",
                    "originAccessControlId": "${OriginAccessControl.o.id}",
                }] })),
            ],
            [
                gone("o"),
                without("d", "/origins/0/originAccessControlId"),
                set("o", "/signingBehavior", "never"),
            ],
        ),
        case(
            Rule::DistributionHttps,
            [distribution(json!({
                "defaultCacheBehavior": { "viewerProtocolPolicy": "redirect-to-https" },
                "orderedCacheBehaviors": [{ "pathPattern": "/api/*", "viewerProtocolPolicy": "https-only" }],
                "origins": [{ "customOriginConfig": { "originProtocolPolicy": "https-only", "originSslProtocols": ["TLSv1.2"] } }],
            }))],
            [
                set("d", "/defaultCacheBehavior/viewerProtocolPolicy", "allow-all"),
                set("d", "/orderedCacheBehaviors/0/viewerProtocolPolicy", "allow-all"),
                set("d", "/origins/0/customOriginConfig/originProtocolPolicy", "match-viewer"),
                set("d", "/origins/0/customOriginConfig/originSslProtocols", json!(["TLSv1", "TLSv1.2"])),
            ],
        ),
        case(
            Rule::DistributionTls,
            [distribution(
                json!({ "viewerCertificate": { "acmCertificateArn": "x", "minimumProtocolVersion": "TLSv1.2_2021" } }),
            )],
            [
                set("d", "/viewerCertificate/minimumProtocolVersion", "TLSv1.1_2016"),
                set("d", "/viewerCertificate", json!({ "cloudfrontDefaultCertificate": true })),
            ],
        ),
        case(
            Rule::SecurityHeaders,
            [
                distribution(json!({
                    "defaultCacheBehavior": { "responseHeadersPolicyId": "${ResponseHeadersPolicy.p.id}" },
                    "orderedCacheBehaviors": [{ "responseHeadersPolicyId": "${ResponseHeadersPolicy.p.id}" }],
                })),
                resource(
                    "cloudfront.ResponseHeadersPolicy",
                    "p",
                    json!({
                        "securityHeadersConfig": { "strictTransportSecurity": { "accessControlMaxAgeSec": 63_072_000 } },
                    }),
                ),
            ],
            [
                gone("p"),
                without("d", "/defaultCacheBehavior/responseHeadersPolicyId"),
                without("d", "/orderedCacheBehaviors/0/responseHeadersPolicyId"),
                set("p", "/securityHeadersConfig/strictTransportSecurity/accessControlMaxAgeSec", 300),
                without("p", "/securityHeadersConfig/strictTransportSecurity"),
            ],
        ),
        case(
            Rule::DistributionRoot,
            [distribution(json!({ "defaultRootObject": "index.html" }))],
            [set("d", "/defaultRootObject", ""), without("d", "/defaultRootObject")],
        ),
        case(
            Rule::DistributionLogs,
            [distribution(json!({ "loggingConfig": { "bucket": "${Bucket.logs.bucketDomainName}" } }))],
            [without("d", "/loggingConfig")],
        ),
    ]
}
