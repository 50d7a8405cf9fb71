//! The headers of every answer: what a browser may do with it, and who else may read it.

use miyabi_shared::page;
use pulumi::Args as _;
use pulumi_aws::cloudfront;

use super::Parts;

/// Two years: what browsers ask for before they take a name onto their own lists.
const HSTS_SECONDS: u32 = 63_072_000;
/// How long a browser may remember that another origin may ask.
pub(super) const PREFLIGHT_SECONDS: u32 = 600;
/// What another origin's page may send.
pub(super) const CORS_METHODS: [&str; 5] = ["GET", "HEAD", "OPTIONS", "POST", "PATCH"];
/// The headers that it may send.
pub(super) const CORS_HEADERS: [&str; 4] = ["authorization", "content-type", "if-none-match", "x-api-key"];
/// The headers that it may read.
const CORS_EXPOSED: [&str; 4] = ["etag", "location", "x-cache", "x-request-id"];

/// Declares them.
pub(super) fn declare(parts: &Parts<'_>) -> cloudfront::ResponseHeadersPolicy {
    let origins = &parts.args.settings.edge.cors_origins;
    let item = |(name, value): (&str, &str)| {
        cloudfront::ResponseHeadersPolicyCustomHeadersConfigItemArgs::new()
            .header(name)
            .value(value)
            .override_(true)
    };
    let security = cloudfront::ResponseHeadersPolicySecurityHeadersConfigArgs::new()
        .content_security_policy(
            cloudfront::ResponseHeadersPolicySecurityHeadersConfigContentSecurityPolicyArgs::new()
                .content_security_policy(
                    parts.args.sign_in_origins.map(|origins| page::content_security_policy(&origins)),
                )
                .override_(true),
        )
        .content_type_options(
            cloudfront::ResponseHeadersPolicySecurityHeadersConfigContentTypeOptionsArgs::new()
                .override_(true),
        )
        .referrer_policy(
            cloudfront::ResponseHeadersPolicySecurityHeadersConfigReferrerPolicyArgs::new()
                .referrer_policy(page::REFERRER_POLICY)
                .override_(true),
        )
        .strict_transport_security(
            cloudfront::ResponseHeadersPolicySecurityHeadersConfigStrictTransportSecurityArgs::new()
                .access_control_max_age_sec(HSTS_SECONDS)
                // Whoever owns the names below this one decides about them.
                .include_subdomains(false)
                .preload(false)
                .override_(true),
        );
    let cors = || {
        cloudfront::ResponseHeadersPolicyCorsConfigArgs::new()
            .access_control_allow_credentials(false)
            .access_control_allow_headers(
                cloudfront::ResponseHeadersPolicyCorsConfigAccessControlAllowHeadersArgs::new()
                    .items(CORS_HEADERS),
            )
            .access_control_allow_methods(
                cloudfront::ResponseHeadersPolicyCorsConfigAccessControlAllowMethodsArgs::new()
                    .items(CORS_METHODS),
            )
            .access_control_allow_origins(
                cloudfront::ResponseHeadersPolicyCorsConfigAccessControlAllowOriginsArgs::new()
                    .items(origins.iter().map(String::as_str).collect::<Vec<_>>()),
            )
            .access_control_expose_headers(
                cloudfront::ResponseHeadersPolicyCorsConfigAccessControlExposeHeadersArgs::new()
                    .items(CORS_EXPOSED),
            )
            .access_control_max_age_sec(PREFLIGHT_SECONDS)
            .origin_override(true)
    };
    cloudfront::ResponseHeadersPolicy::new(
        parts.context,
        "every-answer",
        cloudfront::ResponseHeadersPolicyArgs::new()
            .name(format!("miyabi-{}", parts.args.settings.stage))
            .comment("What a browser may do with what Miyabi sends")
            .custom_headers_config(
                cloudfront::ResponseHeadersPolicyCustomHeadersConfigArgs::new()
                    .items(page::HEADERS.map(item)),
            )
            .security_headers_config(security)
            .when(!origins.is_empty(), |args| args.cors_config(cors())),
    )
}
