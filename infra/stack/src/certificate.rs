//! A certificate for a name in a zone of ours, proved by a record there.

use pulumi::{Args as _, Context, Output};
use pulumi_aws::{acm, route53};

use crate::tags::ComponentTags;

use crate::settings::Domain;

/// The region whose certificates CloudFront takes.
pub const CLOUDFRONT_REGION: &str = "us-east-1";

/// Declares it, and returns its ARN once it is proved.
pub fn declare(
    context: &Context,
    name: &str,
    domain: &Domain,
    region: Option<&str>,
    tags: &ComponentTags,
) -> Output<String> {
    let certificate = acm::Certificate::new(
        context,
        name,
        acm::CertificateArgs::new()
            .domain_name(domain.name.as_str())
            .validation_method("DNS")
            .optional(region, |args, region| args.region(region))
            .tags(tags),
    );
    // A certificate of one name has one proof.
    let proof = certificate.domain_validation_options().map(|options| options.into_iter().next());
    let part = |part: fn(acm::CertificateDomainValidationOption) -> Option<String>| {
        proof.map(move |proof| proof.and_then(part).unwrap_or_default())
    };
    let record = route53::Record::new(
        context,
        format!("{name}-proof"),
        route53::RecordArgs::new()
            .name(part(|option| option.resource_record_name))
            .type_(part(|option| option.resource_record_type))
            .zone_id(domain.zone_id.as_str())
            .records([part(|option| option.resource_record_value)])
            .ttl(300)
            .allow_overwrite(true),
    );
    acm::CertificateValidation::new(
        context,
        name,
        acm::CertificateValidationArgs::new()
            .certificate_arn(certificate.arn())
            .optional(region, |args, region| args.region(region))
            .validation_record_fqdns([record.fqdn()]),
    )
    .certificate_arn()
}
