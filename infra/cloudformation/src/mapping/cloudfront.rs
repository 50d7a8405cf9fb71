//! The delivery network. CloudFormation puts everything into one object, the configuration.

use serde_json::json;

use super::TypeMapping;
use crate::fields::Fields;

pub(super) const TYPES: &[TypeMapping] = &[
    TypeMapping::new(
        "aws:cloudfront/distribution:Distribution",
        "AWS::CloudFront::Distribution",
        distribution,
    )
    .outputs(&[
        ("arn", "arn:<AWS::Partition>:cloudfront::<AWS::AccountId>:distribution/<Ref>"),
        ("domainName", "<.DomainName>"),
        // The zone of every distribution.
        ("hostedZoneId", "Z2FDTNDATAQYW2"),
    ]),
    TypeMapping::new("aws:cloudfront/function:Function", "AWS::CloudFront::Function", function)
        .outputs(&[("arn", "<.FunctionARN>")]),
    TypeMapping::new(
        "aws:cloudfront/originAccessControl:OriginAccessControl",
        "AWS::CloudFront::OriginAccessControl",
        origin_access_control,
    ),
    TypeMapping::new("aws:cloudfront/cachePolicy:CachePolicy", "AWS::CloudFront::CachePolicy", cache_policy),
    TypeMapping::new(
        "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
        "AWS::CloudFront::ResponseHeadersPolicy",
        response_headers_policy,
    ),
];

/// Maps everything into an object of the name that CloudFormation wants.
fn within(fields: &mut Fields, name: &str, map: impl FnOnce(&mut Fields)) {
    let mut part = fields.part();
    map(&mut part);
    let part = fields.end_part(part);
    fields.put(name, part);
}

fn distribution(fields: &mut Fields) {
    fields.tags();
    within(fields, "DistributionConfig", |config| {
        config.boolean("enabled", "Enabled");
        config.text("comment", "Comment");
        config.text("defaultRootObject", "DefaultRootObject");
        config.text("httpVersion", "HttpVersion");
        config.boolean("isIpv6Enabled", "IPV6Enabled");
        config.text("priceClass", "PriceClass");
        config.texts("aliases", "Aliases");
        config.text("webAclId", "WebACLId");
        config.objects("origins", "Origins", origin);
        config.object("defaultCacheBehavior", "DefaultCacheBehavior", behaviour);
        config.objects("orderedCacheBehaviors", "CacheBehaviors", behaviour);
        config.object("restrictions", "Restrictions", |restrictions| {
            restrictions.object("geoRestriction", "GeoRestriction", |geo| {
                geo.text("restrictionType", "RestrictionType");
                geo.texts("locations", "Locations");
            });
        });
        config.object("viewerCertificate", "ViewerCertificate", |certificate| {
            certificate.text("acmCertificateArn", "AcmCertificateArn");
            certificate.boolean("cloudfrontDefaultCertificate", "CloudFrontDefaultCertificate");
            certificate.text("iamCertificateId", "IamCertificateId");
            certificate.text("minimumProtocolVersion", "MinimumProtocolVersion");
            certificate.text("sslSupportMethod", "SslSupportMethod");
        });
        config.object("loggingConfig", "Logging", |logging| {
            logging.text("bucket", "Bucket");
            logging.text("prefix", "Prefix");
            logging.boolean("includeCookies", "IncludeCookies");
        });
        config.objects("customErrorResponses", "CustomErrorResponses", |response| {
            response.number("errorCode", "ErrorCode");
            response.number("errorCachingMinTtl", "ErrorCachingMinTTL");
            response.number("responseCode", "ResponseCode");
            response.text("responsePagePath", "ResponsePagePath");
        });
    });
}

fn origin(origin: &mut Fields) {
    origin.text("originId", "Id");
    origin.text("domainName", "DomainName");
    origin.text("originPath", "OriginPath");
    origin.number("connectionAttempts", "ConnectionAttempts");
    origin.number("connectionTimeout", "ConnectionTimeout");
    origin.text("originAccessControlId", "OriginAccessControlId");
    origin.objects("customHeaders", "OriginCustomHeaders", |header| {
        header.text("name", "HeaderName");
        header.text("value", "HeaderValue");
    });
    origin.object("customOriginConfig", "CustomOriginConfig", |config| {
        config.number("httpPort", "HTTPPort");
        config.number("httpsPort", "HTTPSPort");
        config.text("originProtocolPolicy", "OriginProtocolPolicy");
        config.texts("originSslProtocols", "OriginSSLProtocols");
        config.number("originReadTimeout", "OriginReadTimeout");
        config.number("originKeepaliveTimeout", "OriginKeepaliveTimeout");
    });
    // A bucket is one by this object, even where it says nothing.
    if origin.property("CustomOriginConfig").is_none() {
        origin.put("S3OriginConfig", json!({ "OriginAccessIdentity": "" }));
    }
}

fn behaviour(behaviour: &mut Fields) {
    behaviour.text("pathPattern", "PathPattern");
    behaviour.text("targetOriginId", "TargetOriginId");
    behaviour.text("viewerProtocolPolicy", "ViewerProtocolPolicy");
    behaviour.texts("allowedMethods", "AllowedMethods");
    behaviour.texts("cachedMethods", "CachedMethods");
    behaviour.boolean("compress", "Compress");
    behaviour.text("cachePolicyId", "CachePolicyId");
    behaviour.text("originRequestPolicyId", "OriginRequestPolicyId");
    behaviour.text("responseHeadersPolicyId", "ResponseHeadersPolicyId");
    behaviour.objects("functionAssociations", "FunctionAssociations", |association| {
        association.text("eventType", "EventType");
        association.text("functionArn", "FunctionARN");
    });
}

fn function(fields: &mut Fields) {
    fields.text("name", "Name");
    fields.text("code", "FunctionCode");
    fields.boolean("publish", "AutoPublish");
    fields.tags();
    within(fields, "FunctionConfig", |config| {
        config.text("runtime", "Runtime");
        config.text("comment", "Comment");
    });
}

fn origin_access_control(fields: &mut Fields) {
    within(fields, "OriginAccessControlConfig", |config| {
        config.text("name", "Name");
        config.text("description", "Description");
        config.text("originAccessControlOriginType", "OriginAccessControlOriginType");
        config.text("signingBehavior", "SigningBehavior");
        config.text("signingProtocol", "SigningProtocol");
    });
}

fn cache_policy(fields: &mut Fields) {
    within(fields, "CachePolicyConfig", |config| {
        config.text("name", "Name");
        config.text("comment", "Comment");
        config.number("minTtl", "MinTTL");
        config.number("defaultTtl", "DefaultTTL");
        config.number("maxTtl", "MaxTTL");
        let parameters = "parametersInCacheKeyAndForwardedToOrigin";
        config.object(parameters, "ParametersInCacheKeyAndForwardedToOrigin", |parameters| {
            parameters.boolean("enableAcceptEncodingBrotli", "EnableAcceptEncodingBrotli");
            parameters.boolean("enableAcceptEncodingGzip", "EnableAcceptEncodingGzip");
            parameters.object("cookiesConfig", "CookiesConfig", |cookies| {
                cookies.text("cookieBehavior", "CookieBehavior");
                items(cookies, "cookies", "Cookies");
            });
            parameters.object("headersConfig", "HeadersConfig", |headers| {
                headers.text("headerBehavior", "HeaderBehavior");
                items(headers, "headers", "Headers");
            });
            parameters.object("queryStringsConfig", "QueryStringsConfig", |strings| {
                strings.text("queryStringBehavior", "QueryStringBehavior");
                items(strings, "queryStrings", "QueryStrings");
            });
        });
    });
}

/// A list that Pulumi has in an object of its own.
fn items(fields: &mut Fields, from: &str, to: &str) {
    let list = fields.take_mapped(from, |list| list.texts("items", "Items"));
    if let Some(items) = list.and_then(|mut list| list.remove("Items")) {
        fields.put(to, items);
    }
}

fn response_headers_policy(fields: &mut Fields) {
    within(fields, "ResponseHeadersPolicyConfig", |config| {
        config.text("name", "Name");
        config.text("comment", "Comment");
        config.object("customHeadersConfig", "CustomHeadersConfig", |custom| {
            custom.objects("items", "Items", |item| {
                item.text("header", "Header");
                item.text("value", "Value");
                item.boolean("override", "Override");
            });
        });
        config.object("corsConfig", "CorsConfig", |cors| {
            cors.boolean("accessControlAllowCredentials", "AccessControlAllowCredentials");
            let lists = [
                ("accessControlAllowHeaders", "AccessControlAllowHeaders"),
                ("accessControlAllowMethods", "AccessControlAllowMethods"),
                ("accessControlAllowOrigins", "AccessControlAllowOrigins"),
                ("accessControlExposeHeaders", "AccessControlExposeHeaders"),
            ];
            for (from, to) in lists {
                cors.object(from, to, |list| list.texts("items", "Items"));
            }
            cors.number("accessControlMaxAgeSec", "AccessControlMaxAgeSec");
            cors.boolean("originOverride", "OriginOverride");
        });
        config.object("securityHeadersConfig", "SecurityHeadersConfig", security_headers);
    });
}

fn security_headers(headers: &mut Fields) {
    headers.object("contentSecurityPolicy", "ContentSecurityPolicy", |policy| {
        policy.text("contentSecurityPolicy", "ContentSecurityPolicy");
        policy.boolean("override", "Override");
    });
    headers.object("contentTypeOptions", "ContentTypeOptions", |options| {
        options.boolean("override", "Override");
    });
    headers.object("frameOptions", "FrameOptions", |options| {
        options.text("frameOption", "FrameOption");
        options.boolean("override", "Override");
    });
    headers.object("referrerPolicy", "ReferrerPolicy", |policy| {
        policy.text("referrerPolicy", "ReferrerPolicy");
        policy.boolean("override", "Override");
    });
    headers.object("strictTransportSecurity", "StrictTransportSecurity", |transport| {
        transport.number("accessControlMaxAgeSec", "AccessControlMaxAgeSec");
        transport.boolean("includeSubdomains", "IncludeSubdomains");
        transport.boolean("preload", "Preload");
        transport.boolean("override", "Override");
    });
}
