//! The socket: viewers connect to it, and are told what changes.
//!
//! It comes in two parts, because the function behind it has to know its address: the socket itself ([`Socket::new`]),
//! and, once the function is there, the way from one to the other ([`Socket::lead_to`]).

use miyabi_shared::Stage;
use pulumi::{Component, Context, Output, ResourceOptions, ToInput as _, interpolate};
use pulumi_aws::{apigatewayv2, lambda};

use crate::compute::Callable;
use crate::place::Place;
use crate::rules::{LOCAL, Rule, Waiver};
use crate::settings::Settings;
use crate::tags::Tags;

/// The name of the deployed stage, and the path of the socket's own address.
const STAGE: &str = "live";
/// What happens on a socket. Messages have one route: what they ask is for the function to read.
const ROUTES: [&str; 3] = ["$connect", "$disconnect", "$default"];
/// Messages a second from all viewers together, and at once. A viewer sends one for what it looks at, and then pings.
const MESSAGES_A_SECOND: f64 = 500.0;
const MESSAGES_AT_ONCE: i64 = 1000;

/// What the socket needs.
#[derive(Debug)]
pub struct SocketArgs<'args> {
    /// What differs in this stage.
    pub settings: &'args Settings,
    /// The tags of what is made.
    pub tags: &'args Tags,
    /// Where the stack is.
    pub place: &'args Place,
}

/// The socket.
#[derive(Debug)]
pub struct Socket {
    api: apigatewayv2::Api,
    stage: apigatewayv2::Stage,
    management_endpoint: Output<String>,
    authorization: &'static str,
    component: Component,
}

impl Socket {
    /// Declares it.
    pub fn new(context: &Context, name: &str, args: SocketArgs<'_>) -> Self {
        let component = context.component("miyabi:socket:Socket", name, ResourceOptions::new());
        let context = component.context();
        let tags = args.tags.of(name);
        let api = apigatewayv2::Api::new(
            context,
            "socket",
            apigatewayv2::ApiArgs::new()
                .name("miyabi-socket")
                .description("Tells viewers of Miyabi what changes")
                .protocol_type("WEBSOCKET")
                .route_selection_expression("$request.body.action")
                .tags(&tags),
        );
        let limits = apigatewayv2::StageDefaultRouteSettingsArgs::new()
            .throttling_rate_limit(MESSAGES_A_SECOND)
            .throttling_burst_limit(MESSAGES_AT_ONCE);
        let stage = apigatewayv2::Stage::new(
            context,
            "socket-stage",
            apigatewayv2::StageArgs::new()
                .api_id(api.id())
                .name(STAGE)
                .auto_deploy(true)
                .default_route_settings(limits)
                .tags(&tags),
        );
        let management_endpoint = match &args.settings.socket.endpoint {
            Some(endpoint) => interpolate!("{}/{}/{}", endpoint.clone(), api.id(), STAGE),
            None => {
                interpolate!(
                    "https://{}.execute-api.{}.amazonaws.com/{}",
                    api.id(),
                    &args.place.region,
                    STAGE
                )
            }
        };
        Self {
            api,
            stage,
            management_endpoint,
            // A browser cannot sign a request. Until there are tickets for it, a socket that others can reach is for
            // programs with a role of this account, and the page looks for itself.
            authorization: if args.settings.stage == Stage::Local { "NONE" } else { "AWS_IAM" },
            component,
        }
    }

    /// Its identifier.
    pub fn id(&self) -> Output<String> {
        self.api.id()
    }

    /// The name of its stage.
    pub fn stage(&self) -> Output<String> {
        self.stage.name()
    }

    /// Where messages to connections are posted.
    pub fn management_endpoint(&self) -> Output<String> {
        self.management_endpoint.clone()
    }

    /// All of its connections, as what may be posted to.
    pub(crate) fn connections_arn(&self) -> Output<String> {
        interpolate!("{}/{}/POST/@connections/*", self.api.execution_arn(), STAGE)
    }

    /// Has the function answer everything that happens on the socket.
    pub fn lead_to(&self, function: &Callable) {
        let context = self.component.context();
        let integration = apigatewayv2::Integration::new(
            context,
            "socket",
            apigatewayv2::IntegrationArgs::new()
                .api_id(self.api.id())
                .integration_type("AWS_PROXY")
                // A function is called by POST.
                .integration_method("POST")
                .integration_uri(&function.invoke_arn),
        );
        for route in ROUTES {
            let name = format!("socket-{}", route.trim_start_matches('$'));
            let is_entry = route == "$connect";
            apigatewayv2::Route::new(
                context,
                name,
                apigatewayv2::RouteArgs::new()
                    .api_id(self.api.id())
                    .route_key(route)
                    // Only who connects can be asked who it is.
                    .authorization_type(if is_entry { self.authorization } else { "NONE" })
                    .target(interpolate!("integrations/{}", integration.id())),
            );
        }
        lambda::Permission::new(
            context,
            "socket",
            function.permission("apigateway.amazonaws.com").source_arn(interpolate!(
                "{}/{}/*",
                self.api.execution_arn(),
                STAGE
            )),
        );
        self.component.register_outputs([("id", self.api.id().to_input())]);
    }
}

/// Where a rule does not hold, and why.
pub const WAIVERS: &[Waiver] = &[
    Waiver::of_all(Rule::ApiExecutionLogs, "apigatewayv2.Stage", LOCAL, "The emulator logs no executions."),
    Waiver::of_all(Rule::ApiAccessLogs, "apigatewayv2.Stage", LOCAL, "The emulator logs no requests."),
    Waiver::of_all(
        Rule::ApiAuthorizer,
        "apigatewayv2.Route",
        LOCAL,
        "The emulator listens on loopback, and the edge before it lets in pages of this machine alone.",
    ),
];
