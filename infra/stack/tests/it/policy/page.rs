//! Buckets and distributions.

use serde_json::Value as Json;

use super::model::{Findings, Graph, Resource, denies_plain_text, items, texts};

const BUCKET: &str = "s3.Bucket";
const DISTRIBUTION: &str = "cloudfront.Distribution";

pub(super) fn public_access(graph: &Graph, found: &mut Findings) {
    for bucket in graph.of(BUCKET) {
        let block = graph.about("s3.BucketPublicAccessBlock", "bucket", bucket);
        for way in ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] {
            let closed = block.is_some_and(|block| block.is_true(&format!("/{way}")));
            found.expect(closed, bucket, format!("{way} is not set"));
        }
    }
}

pub(super) fn tls_only(graph: &Graph, found: &mut Findings) {
    for bucket in graph.of(BUCKET) {
        let policy = graph.about("s3.BucketPolicy", "bucket", bucket);
        let closed = policy.is_some_and(|policy| denies_plain_text(policy.at("/policy")));
        found.expect(closed, bucket, "it answers without TLS");
    }
}

pub(super) fn versions(graph: &Graph, found: &mut Findings) {
    for bucket in graph.of(BUCKET) {
        let versioning = graph.about("s3.BucketVersioning", "bucket", bucket);
        let enabled = versioning
            .is_some_and(|versioning| versioning.text("/versioningConfiguration/status") == "Enabled");
        found.expect(enabled, bucket, "what is overwritten is gone");
    }
}

pub(super) fn lifecycle(graph: &Graph, found: &mut Findings) {
    for bucket in graph.of(BUCKET) {
        let rules = graph
            .about("s3.BucketLifecycleConfiguration", "bucket", bucket)
            .map(|lifecycle| items(lifecycle.at("/rules")))
            .unwrap_or_default();
        let rules: Vec<_> = rules.into_iter().filter(|rule| rule["status"] == "Enabled").collect();
        let drops = |key: &str| rules.iter().any(|rule| rule[key].is_object());
        found.expect(
            drops("noncurrentVersionExpiration") || drops("expiration"),
            bucket,
            "what is old stays for ever",
        );
        found.expect(drops("abortIncompleteMultipartUpload"), bucket, "broken uploads stay for ever");
    }
}

pub(super) fn ownership(graph: &Graph, found: &mut Findings) {
    for bucket in graph.of(BUCKET) {
        let controls = graph.about("s3.BucketOwnershipControls", "bucket", bucket);
        let enforced =
            controls.is_some_and(|controls| controls.text("/rule/objectOwnership") == "BucketOwnerEnforced");
        found.expect(enforced, bucket, "it has access lists");
    }
}

fn origins(distribution: &Resource) -> Vec<&Json> {
    items(distribution.at("/origins"))
}

pub(super) fn origin_access(graph: &Graph, found: &mut Findings) {
    for distribution in graph.of(DISTRIBUTION) {
        for origin in origins(distribution) {
            let of_bucket = graph.of(BUCKET).iter().any(|bucket| bucket.is_named_by(&origin["domainName"]))
                || origin["s3OriginConfig"].is_object();
            let signs = graph.of("cloudfront.OriginAccessControl").iter().any(|control| {
                control.is_named_by(&origin["originAccessControlId"])
                    && control.text("/signingBehavior") == "always"
                    && control.text("/signingProtocol") == "sigv4"
            });
            found.expect(
                !of_bucket || signs,
                distribution,
                format!("{} is read by anyone", origin["originId"]),
            );
        }
    }
}

/// The default behaviour and all others.
fn behaviours(distribution: &Resource) -> Vec<&Json> {
    let mut behaviours = items(distribution.at("/defaultCacheBehavior"));
    behaviours.extend(items(distribution.at("/orderedCacheBehaviors")));
    behaviours
}

pub(super) fn https_only(graph: &Graph, found: &mut Findings) {
    for distribution in graph.of(DISTRIBUTION) {
        for behaviour in behaviours(distribution) {
            let policy = &behaviour["viewerProtocolPolicy"];
            let https = policy == "https-only" || policy == "redirect-to-https";
            found.expect(https, distribution, format!("{}: viewers use {policy}", behaviour["pathPattern"]));
        }
        for origin in origins(distribution) {
            let config = &origin["customOriginConfig"];
            if config.is_object() {
                let modern = config["originProtocolPolicy"] == "https-only"
                    && texts(&config["originSslProtocols"]) == ["TLSv1.2"];
                found.expect(modern, distribution, format!("{} is not asked by TLS 1.2", origin["originId"]));
            }
        }
    }
}

pub(super) fn viewer_tls(graph: &Graph, found: &mut Findings) {
    for distribution in graph.of(DISTRIBUTION) {
        let version = distribution.text("/viewerCertificate/minimumProtocolVersion");
        // With CloudFront's own certificate the version is not ours to choose.
        let modern = version.starts_with("TLSv1.2")
            || version.starts_with("TLSv1.3")
                && !distribution.is_true("/viewerCertificate/cloudfrontDefaultCertificate");
        let own = !distribution.is_true("/viewerCertificate/cloudfrontDefaultCertificate");
        found.expect(modern && own, distribution, format!("viewers may use {version:?}"));
    }
}

pub(super) fn security_headers(graph: &Graph, found: &mut Findings) {
    for distribution in graph.of(DISTRIBUTION) {
        for behaviour in behaviours(distribution) {
            let says = graph.of("cloudfront.ResponseHeadersPolicy").iter().any(|policy| {
                let age = policy.at("/securityHeadersConfig/strictTransportSecurity/accessControlMaxAgeSec");
                policy.is_named_by(&behaviour["responseHeadersPolicyId"])
                    && age.as_f64().is_some_and(|seconds| seconds >= 31_536_000.0)
            });
            found.expect(says, distribution, format!("{}: no HSTS of a year", behaviour["pathPattern"]));
        }
    }
}

pub(super) fn root_object(graph: &Graph, found: &mut Findings) {
    for distribution in graph.of(DISTRIBUTION) {
        found.expect(
            !distribution.text("/defaultRootObject").is_empty(),
            distribution,
            "it has no root object",
        );
    }
}

pub(super) fn logs(graph: &Graph, found: &mut Findings) {
    for distribution in graph.of(DISTRIBUTION) {
        let delivered = graph.about("cloudwatch.LogDeliverySource", "resourceArn", distribution).is_some();
        found.expect(distribution.has("/loggingConfig/bucket") || delivered, distribution, "it logs nothing");
    }
}
