//! The network: one name for the page, the API and the socket.

use pulumi::{Args as _, Output, ResourceOptions, interpolate};
use pulumi_aws::{GetRegionArgs, cloudfront, get_region, s3};

use super::bucket::Logs;
use super::{Delivery, Origin, Parts, firewall, headers, name, viewer};
use crate::settings::Choice as _;
use miyabi_shared::page::DOCUMENT;

const PAGE: &str = "page";
const API: &str = "api";
const SOCKET: &str = "socket";

/// AWS's own policies, whose identifiers are the same everywhere:
/// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
const NO_CACHE: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
/// Everything that the viewer sent but the name it asked by, which would not be the API's.
const ALL_BUT_HOST: &str = "b689b0a8-53d0-40ab-baf2-68738e2966ac";

/// A year, for what changes its name with its content.
const YEAR: u32 = 31_536_000;
/// API Gateway gives a function 29 s.
const ANSWER_SECONDS: u32 = 30;

/// The network, and what else must know it.
pub(super) struct Made {
    pub(super) delivery: Delivery,
    pub(super) arn: Output<String>,
}

/// Declares it.
pub(super) fn declare(parts: &Parts<'_>, bucket: &s3::Bucket, logs: &Logs) -> Made {
    let (stage, settings) = (parts.args.settings.stage, &parts.args.settings.edge);
    let domain = settings.domain.as_ref();
    let certificate = domain.map(|domain| name::certificate(parts, domain));
    let answers = headers::declare(parts);
    let firewall = settings.firewall_requests.map(|requests| firewall::declare(parts, requests));
    let behaviours = ordered(parts, &answers);
    let router = viewer::router(parts);
    let document = cache_policy(parts, "document", 0, 60);
    let default = cloudfront::DistributionDefaultCacheBehaviorArgs::new()
        .target_origin_id(PAGE)
        .viewer_protocol_policy("redirect-to-https")
        .allowed_methods(["GET", "HEAD"])
        .cached_methods(["GET", "HEAD"])
        .compress(true)
        .cache_policy_id(document.id())
        .response_headers_policy_id(answers.id())
        .function_associations([cloudfront::DistributionDefaultCacheBehaviorFunctionAssociationArgs::new()
            .event_type("viewer-request")
            .function_arn(router.arn())]);
    let distribution = cloudfront::Distribution::with_options(
        parts.context,
        "edge",
        cloudfront::DistributionArgs::new()
            .enabled(true)
            .comment(format!("Miyabi, {stage}"))
            .default_root_object(DOCUMENT)
            .http_version("http2and3")
            .is_ipv6_enabled(true)
            .price_class(settings.price_class.word())
            .origins(origins(parts, bucket))
            .default_cache_behavior(default)
            .ordered_cache_behaviors(behaviours)
            .restrictions(cloudfront::DistributionRestrictionsArgs::new().geo_restriction(
                cloudfront::DistributionRestrictionsGeoRestrictionArgs::new().restriction_type("none"),
            ))
            .viewer_certificate(viewer_certificate(certificate.as_ref()))
            .logging_config(
                cloudfront::DistributionLoggingConfigArgs::new()
                    .bucket(logs.bucket.bucket_domain_name())
                    .prefix("edge/")
                    .include_cookies(false),
            )
            .optional(domain, |args, domain| args.aliases([domain.name.as_str()]))
            .optional(firewall.as_ref(), |args, arn| args.web_acl_id(arn))
            .tags(&parts.tags),
        // CloudFront asks whether the bucket takes its logs when it is told of it.
        ResourceOptions::new().depends_on(&logs.ownership),
    );
    if let Some(domain) = domain {
        name::records(parts.context, domain, &distribution);
    }
    let host = domain.map_or_else(|| distribution.domain_name(), |domain| Output::known(domain.name.clone()));
    let delivery = Delivery {
        id: distribution.id(),
        url: interpolate!("https://{}", host),
        firewall: firewall.is_some().then(|| firewall::METRIC.to_owned()),
    };
    Made { delivery, arn: distribution.arn() }
}

fn viewer_certificate(certificate: Option<&Output<String>>) -> cloudfront::DistributionViewerCertificateArgs {
    let args = cloudfront::DistributionViewerCertificateArgs::new();
    match certificate {
        Some(arn) => args
            .acm_certificate_arn(arn)
            .ssl_support_method("sni-only")
            .minimum_protocol_version("TLSv1.2_2021"),
        None => args.cloudfront_default_certificate(true),
    }
}

fn origins(parts: &Parts<'_>, bucket: &s3::Bucket) -> Vec<cloudfront::DistributionOriginArgs> {
    let access = cloudfront::OriginAccessControl::new(
        parts.context,
        PAGE,
        cloudfront::OriginAccessControlArgs::new()
            .name(format!("miyabi-{}-page", parts.args.settings.stage))
            .description("The page's bucket answers this network alone")
            .origin_access_control_origin_type("s3")
            .signing_behavior("always")
            .signing_protocol("sigv4"),
    );
    let page = cloudfront::DistributionOriginArgs::new()
        .origin_id(PAGE)
        .domain_name(bucket.bucket_regional_domain_name())
        .origin_access_control_id(access.id());
    // The API's stage is the first part of every path there; the socket's is its whole path, which `viewer` sees to.
    let api = gateway(parts, API, &parts.args.api).origin_path(interpolate!("/{}", &parts.args.api.stage));
    let mut origins = vec![page, api];
    origins.extend(parts.args.socket.as_ref().map(|socket| gateway(parts, SOCKET, socket)));
    origins
}

/// An API by its address in AWS.
fn gateway(parts: &Parts<'_>, name: &str, origin: &Origin) -> cloudfront::DistributionOriginArgs {
    let region = get_region(parts.context, GetRegionArgs::new()).map(|region| region.region);
    cloudfront::DistributionOriginArgs::new()
        .origin_id(name)
        .domain_name(interpolate!("{}.execute-api.{}.amazonaws.com", &origin.id, region))
        .custom_origin_config(
            cloudfront::DistributionOriginCustomOriginConfigArgs::new()
                .http_port(80)
                .https_port(443)
                .origin_protocol_policy("https-only")
                .origin_ssl_protocols(["TLSv1.2"])
                .origin_read_timeout(ANSWER_SECONDS),
        )
}

/// Every path that is not the page's: the API, the socket and the files that never change.
fn ordered(
    parts: &Parts<'_>,
    answers: &cloudfront::ResponseHeadersPolicy,
) -> Vec<cloudfront::DistributionOrderedCacheBehaviorArgs> {
    let assets = cache_policy(parts, "assets", YEAR, YEAR);
    let assets = cloudfront::DistributionOrderedCacheBehaviorArgs::new()
        .path_pattern("/assets/*")
        .target_origin_id(PAGE)
        .viewer_protocol_policy("redirect-to-https")
        .allowed_methods(["GET", "HEAD"])
        .cached_methods(["GET", "HEAD"])
        .compress(true)
        .cache_policy_id(assets.id())
        .response_headers_policy_id(answers.id());
    let passed_on = |pattern: &str, origin: &str| {
        cloudfront::DistributionOrderedCacheBehaviorArgs::new()
            .path_pattern(pattern)
            .target_origin_id(origin)
            // A redirect would lose a body.
            .viewer_protocol_policy("https-only")
            .allowed_methods(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"])
            .cached_methods(["GET", "HEAD"])
            .compress(true)
            .cache_policy_id(NO_CACHE)
            .origin_request_policy_id(ALL_BUT_HOST)
            .response_headers_policy_id(answers.id())
    };
    let preflight = viewer::preflight(parts);
    let api = passed_on("/api/*", API).optional(preflight, |behaviour, function| {
        behaviour.function_associations([
            cloudfront::DistributionOrderedCacheBehaviorFunctionAssociationArgs::new()
                .event_type("viewer-request")
                .function_arn(function.arn()),
        ])
    });
    let mut behaviours = vec![api];
    behaviours.extend(parts.args.socket.as_ref().map(|socket| {
        passed_on("/ws", SOCKET).function_associations([
            cloudfront::DistributionOrderedCacheBehaviorFunctionAssociationArgs::new()
                .event_type("viewer-request")
                .function_arn(viewer::socket(parts, socket).arn()),
        ])
    }));
    behaviours.push(assets);
    behaviours
}

/// How long files are kept: as long as their own header says, within these bounds.
fn cache_policy(parts: &Parts<'_>, name: &str, default: u32, longest: u32) -> cloudfront::CachePolicy {
    let nothing_else = cloudfront::CachePolicyParametersInCacheKeyAndForwardedToOriginArgs::new()
        .cookies_config(
            cloudfront::CachePolicyParametersInCacheKeyAndForwardedToOriginCookiesConfigArgs::new()
                .cookie_behavior("none"),
        )
        .headers_config(
            cloudfront::CachePolicyParametersInCacheKeyAndForwardedToOriginHeadersConfigArgs::new()
                .header_behavior("none"),
        )
        .query_strings_config(
            cloudfront::CachePolicyParametersInCacheKeyAndForwardedToOriginQueryStringsConfigArgs::new()
                .query_string_behavior("none"),
        )
        .enable_accept_encoding_brotli(true)
        .enable_accept_encoding_gzip(true);
    cloudfront::CachePolicy::new(
        parts.context,
        name,
        cloudfront::CachePolicyArgs::new()
            .name(format!("miyabi-{}-{name}", parts.args.settings.stage))
            .min_ttl(0)
            .default_ttl(default)
            .max_ttl(longest)
            .parameters_in_cache_key_and_forwarded_to_origin(nothing_else),
    )
}
