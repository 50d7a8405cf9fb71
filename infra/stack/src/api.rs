//! The REST API: every path goes to one function, which asks who is there; the gateway throttles, validates and logs.

mod authorizer;
mod domain;
mod log;
mod usage;

use pulumi::{Args as _, Component, Context, Output, ResourceOptions, ToInput as _, interpolate};
use pulumi_aws::{apigateway, kms, lambda};

use crate::compute::Callable;
use crate::rules::{BEFORE_PRODUCTION, IN_AWS, LOCAL, Rule, Waiver};
use crate::settings::{ApiSettings, Settings};
use crate::tags::Tags;
use authorizer::Guard;

/// The name of the deployed stage, and the first part of every path below the API's own address.
pub const STAGE: &str = "live";
const NAME: &str = "api";
const REST_OF_PATH: &str = "{proxy+}";
const INTEGRATION: &str = "AWS_PROXY";
const ENDPOINT: &str = "REGIONAL";
/// Answers of so many bytes and more are compressed by the gateway, for callers that take it: the function spends nothing on it.
const COMPRESSED_FROM: &str = "1024";
/// TLS 1.2 with forward secrecy alone, and TLS 1.3.
const TLS_POLICY: &str = "SecurityPolicy_TLS13_1_2_2021_06";

/// What the API needs.
#[derive(Debug)]
pub struct ApiArgs<'args> {
    /// What the stage is like.
    pub settings: &'args Settings,
    /// The tags of what is made.
    pub tags: &'args Tags,
    /// The function that answers.
    pub function: &'args Callable,
    /// What encrypts its logs, where that is a key of this stack.
    pub logs_key: Option<&'args kms::Key>,
}

/// The REST API.
#[derive(Debug)]
pub struct Api {
    /// Its identifier.
    pub id: Output<String>,
    /// Its name, which its metrics carry.
    pub name: Output<String>,
    /// The name of its stage.
    pub stage: Output<String>,
    /// Its address in AWS.
    pub url: Output<String>,
    _component: Component,
}

impl Api {
    /// Declares it.
    pub fn new(context: &Context, name: &str, args: ApiArgs<'_>) -> Self {
        let component = context.component("miyabi:api:Api", name, ResourceOptions::new());
        let context = component.context();
        let tags = args.tags.of(name);
        let api = apigateway::RestApi::new(
            context,
            NAME,
            apigateway::RestApiArgs::new()
                .name("miyabi")
                .description("The HTTP API of Miyabi")
                .endpoint_configuration(apigateway::RestApiEndpointConfigurationArgs::new().types(ENDPOINT))
                .when(args.settings.api.gateway, |args| {
                    args.security_policy(TLS_POLICY)
                        .endpoint_access_mode("BASIC")
                        .minimum_compression_size(COMPRESSED_FROM)
                })
                .tags(&tags),
        );
        let guard = Guard::of(&args.settings.api);
        let validator = args.settings.api.gateway.then(|| {
            apigateway::RequestValidator::new(
                context,
                NAME,
                apigateway::RequestValidatorArgs::new()
                    .rest_api(api.id())
                    .name("parameters-and-body")
                    .validate_request_parameters(true)
                    .validate_request_body(true),
            )
        });
        let routes = Routes { api: &api, function: args.function, guard, validator: validator.as_ref() };
        let made = routes.declare(context);
        allow(context, &api, args.function);
        let mut options = ResourceOptions::new();
        for integration in &made {
            options = options.depends_on(integration);
        }
        let deployment = apigateway::Deployment::with_options(
            context,
            "deployment",
            apigateway::DeploymentArgs::new()
                .rest_api(api.id())
                .triggers([("content", fingerprint(guard, validator.is_some()))]),
            options,
        );
        let logs = args.settings.api.gateway.then(|| log::declare(context, &api, &args, &tags));
        let mut options = ResourceOptions::new();
        for resource in logs.iter().flat_map(|logs| &logs.execution) {
            options = options.depends_on(resource);
        }
        for account in logs.iter().flat_map(|logs| &logs.account) {
            options = options.depends_on(account);
        }
        let stage = apigateway::Stage::with_options(
            context,
            "stage",
            apigateway::StageArgs::new()
                .rest_api(api.id())
                .deployment(deployment.id())
                .stage_name(STAGE)
                .xray_tracing_enabled(args.settings.compute.tracing)
                .tags(&tags)
                .optional(logs.as_ref(), |args, logs| args.access_log_settings(logs.access_settings())),
            options,
        );
        if args.settings.api.gateway {
            method_settings(context, &api, &stage, &args.settings.api);
            usage::declare(context, &api, &stage, &args.settings.api, &tags);
            domain::declare(context, &api, &stage, args.settings.api.domain.as_ref(), &tags);
        }
        component.register_outputs([("url", stage.invoke_url().to_input())]);
        Self {
            id: api.id(),
            name: api.name(),
            stage: stage.stage_name(),
            url: stage.invoke_url(),
            _component: component,
        }
    }
}

/// What routes are made of.
struct Routes<'routes> {
    api: &'routes apigateway::RestApi,
    function: &'routes Callable,
    guard: Guard,
    validator: Option<&'routes apigateway::RequestValidator>,
}

/// A path, with the methods on it.
#[derive(Clone, Copy)]
enum Path {
    Root,
    Rest,
    Health,
}

impl Routes<'_> {
    /// Every route: all of them lead to the function.
    fn declare(&self, context: &Context) -> Vec<apigateway::Integration> {
        let child = |name: &str, parent: Output<String>, part: &str| {
            apigateway::Resource::new(
                context,
                name,
                apigateway::ResourceArgs::new().rest_api(self.api.id()).parent_id(parent).path_part(part),
            )
        };
        let root = self.api.root_resource_id();
        let rest = child("rest", root.clone(), REST_OF_PATH).id();
        let mut made = vec![
            self.route(context, "root", "ANY", Path::Root, &root),
            self.route(context, "rest", "ANY", Path::Rest, &rest),
        ];
        if self.guard.asks() || self.guard.needs_key() {
            // What watches the API from outside has no name there: it is let in, and learns nothing but that it answers.
            let parent = child("parent", root, "api");
            let health = child("health", parent.id(), "health");
            made.push(self.route(context, "health", "GET", Path::Health, &health.id()));
        }
        made
    }

    fn route(
        &self,
        context: &Context,
        name: &str,
        http_method: &str,
        path: Path,
        resource_id: &Output<String>,
    ) -> apigateway::Integration {
        let guard = if matches!(path, Path::Health) { Guard::open() } else { self.guard };
        let method = apigateway::Method::new(
            context,
            name,
            apigateway::MethodArgs::new()
                .rest_api(self.api.id())
                .resource_id(resource_id)
                .http_method(http_method)
                .authorization(guard.authorization())
                .when(guard.needs_key(), |args| args.api_key_required(true))
                .optional(self.validator, |args, validator| args.request_validator_id(validator.id()))
                .when(self.validator.is_some() && matches!(path, Path::Rest), |args| {
                    args.request_parameters([("method.request.path.proxy", true)])
                }),
        );
        apigateway::Integration::new(
            context,
            name,
            apigateway::IntegrationArgs::new()
                .rest_api(self.api.id())
                .resource_id(resource_id)
                .http_method(method.http_method())
                .type_(INTEGRATION)
                // A function is called by POST, whatever the method of the request.
                .integration_http_method("POST")
                .uri(&self.function.invoke_arn),
        )
    }
}

/// What is deployed, as text: a deployment is a copy, and a new one is made only when this changes.
fn fingerprint(guard: Guard, validated: bool) -> String {
    let mut routes = vec![format!("ANY / {guard:?}"), format!("ANY /{REST_OF_PATH} {guard:?}")];
    if guard.asks() || guard.needs_key() {
        routes.push("GET /api/health Open".to_owned());
    }
    format!("{ENDPOINT} {TLS_POLICY} validated={validated}: {} -> {INTEGRATION}", routes.join(", "))
}

/// What holds for every method of the stage.
fn method_settings(
    context: &Context,
    api: &apigateway::RestApi,
    stage: &apigateway::Stage,
    settings: &ApiSettings,
) {
    apigateway::MethodSettings::new(
        context,
        "every-method",
        apigateway::MethodSettingsArgs::new()
            .rest_api(api.id())
            .stage_name(stage.stage_name())
            .method_path("*/*")
            .settings(
                apigateway::MethodSettingsSettingsArgs::new()
                    .throttling_rate_limit(settings.requests_per_second)
                    .throttling_burst_limit(settings.burst)
                    .logging_level(settings.execution_log.level())
                    .metrics_enabled(true)
                    // Bodies hold what jobs print.
                    .data_trace_enabled(false),
            ),
    );
}

/// Lets this API, at its one stage, call the function: by every method and at every path, since all go there.
fn allow(context: &Context, api: &apigateway::RestApi, function: &Callable) {
    lambda::Permission::new(
        context,
        NAME,
        function.permission("apigateway.amazonaws.com").source_arn(interpolate!(
            "{}/{}/*",
            api.execution_arn(),
            STAGE
        )),
    );
}

const EMULATED: &str =
    "The emulator's gateway passes requests on and does no more; nothing but this machine reaches it.";

/// Where a rule does not hold, and why.
pub const WAIVERS: &[Waiver] = &[
    Waiver::of_all(Rule::ApiExecutionLogs, "apigateway.Stage", LOCAL, EMULATED),
    Waiver::of_all(Rule::ApiAccessLogs, "apigateway.Stage", LOCAL, EMULATED),
    Waiver::of_all(Rule::ApiAuthorizer, "apigateway.Method", LOCAL, EMULATED),
    Waiver::of_all(
        Rule::ApiAuthorizer,
        "apigateway.Method",
        IN_AWS,
        "The function asks: it alone knows keys and share links, and a test tries each of its routes without a caller (ADR 9).",
    ),
    Waiver::of_all(Rule::ApiTracing, "apigateway.Stage", LOCAL, EMULATED),
    Waiver::of_all(Rule::RequestValidation, "apigateway.Method", LOCAL, EMULATED),
    Waiver::of_all(Rule::Throttle, "apigateway.Stage", LOCAL, EMULATED),
    Waiver::of_all(Rule::Firewall, "apigateway.Stage", LOCAL, EMULATED),
    Waiver::of_all(
        Rule::Firewall,
        "apigateway.Stage",
        BEFORE_PRODUCTION,
        "A firewall costs more than the rest of such a stage; the stage is throttled and asks who is there.",
    ),
    Waiver::of(
        Rule::LogKey,
        "cloudwatch.LogGroup",
        &["api-access", "api-execution"],
        BEFORE_PRODUCTION,
        "The lines hold addresses and paths, no bodies; CloudWatch encrypts them with a key that costs nothing.",
    ),
    Waiver::of(
        Rule::ManagedPolicies,
        "iam.RolePolicyAttachment",
        &["api-log"],
        IN_AWS,
        "API Gateway checks that its one role in an account may write any log: AWS documents this policy for it.",
    ),
    Waiver::of(
        Rule::TrustedAccount,
        "iam.Role",
        &["api-log"],
        IN_AWS,
        "API Gateway tries the role when the account is told of it, on behalf of no resource: with a condition it refuses.",
    ),
];
