//! The API's own name.

use pulumi::{Context, Output, ResourceOptions};
use pulumi_aws::{apigateway, route53};

use crate::tags::ComponentTags;

use crate::certificate;
use crate::settings::Domain;

pub(super) fn declare(
    context: &Context,
    api: &apigateway::RestApi,
    stage: &apigateway::Stage,
    domain: Option<&Domain>,
    tags: &ComponentTags,
) -> Option<Output<String>> {
    let domain = domain?;
    let certificate = certificate::declare(context, "api-domain", domain, None, tags);
    let name = apigateway::DomainName::new(
        context,
        "api-domain",
        apigateway::DomainNameArgs::new()
            .domain_name(domain.name.as_str())
            .regional_certificate_arn(certificate)
            .security_policy("TLS_1_2")
            .endpoint_configuration(apigateway::DomainNameEndpointConfigurationArgs::new().types("REGIONAL"))
            .tags(tags),
    );
    apigateway::BasePathMapping::with_options(
        context,
        "api-domain",
        apigateway::BasePathMappingArgs::new()
            .domain_name(name.domain_name())
            .rest_api(api.id())
            .stage_name(stage.stage_name()),
        ResourceOptions::new(),
    );
    route53::Record::new(
        context,
        "api-domain",
        route53::RecordArgs::new()
            .name(domain.name.as_str())
            .type_("A")
            .zone_id(domain.zone_id.as_str())
            .aliases([route53::RecordAliasArgs::new()
                .name(name.regional_domain_name())
                .zone_id(name.regional_zone_id())
                .evaluate_target_health(false)]),
    );
    Some(name.domain_name())
}
