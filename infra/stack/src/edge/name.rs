//! The page's own name.

use pulumi::{Context, Output};
use pulumi_aws::{cloudfront, route53};

use super::Parts;
use crate::certificate::{self, CLOUDFRONT_REGION};
use crate::settings::Domain;

/// The certificate, where CloudFront looks for it.
pub(super) fn certificate(parts: &Parts<'_>, domain: &Domain) -> Output<String> {
    certificate::declare(parts.context, "page-domain", domain, Some(CLOUDFRONT_REGION), &parts.tags)
}

/// The records that lead the name to the network: IPv4 and IPv6.
pub(super) fn records(context: &Context, domain: &Domain, distribution: &cloudfront::Distribution) {
    for (name, kind) in [("page-domain", "A"), ("page-domain-6", "AAAA")] {
        route53::Record::new(
            context,
            name,
            route53::RecordArgs::new()
                .name(domain.name.as_str())
                .type_(kind)
                .zone_id(domain.zone_id.as_str())
                .aliases([route53::RecordAliasArgs::new()
                    .name(distribution.domain_name())
                    .zone_id(distribution.hosted_zone_id())
                    .evaluate_target_health(false)]),
        );
    }
}
