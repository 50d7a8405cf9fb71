//! The people and programs that may come in: whose tokens the API believes, and what page and command are called there.
//!
//! It comes in two parts: the issuer, whose tokens the function behind the API checks ([`People::new`]), and, once the page has
//! an address, the client by which people sign in and come back to it ([`People::tell`]).

use miyabi_shared::Stage;
use miyabi_shared::config::{KeysFrom, PROJECTS_CLAIM, TokenConfig};
use miyabi_shared::page::{ASK_EACH_TIME, content_type};
use miyabi_shared::scope::{AUDIENCE, GROUPS_CLAIM, Scope};
use miyabi_shared::sign_in::{COMMAND_PORTS, FILE, PublicConfig, SignIn, command_address};
use pulumi::{Component, Context, Output, ResourceOptions, ToInput as _, all, interpolate};
use pulumi_aws::{cognito, s3};

use crate::data::protection;
use crate::edge::Edge;
use crate::place::Place;
use crate::settings::{Authorizer, Settings};
use crate::tags::{ComponentTags, Tags};

/// How long an access token is good for.
const ACCESS_TOKEN_MINUTES: u32 = 60;
/// How long a person stays signed in.
const REFRESH_TOKEN_DAYS: u32 = 30;
/// What is asked for besides our own scopes: that the issuer says who somebody is.
const OPENID: &str = "openid";

/// What people need.
#[derive(Debug)]
pub struct PeopleArgs<'args> {
    /// What the stage is like.
    pub settings: &'args Settings,
    /// The tags of what is made.
    pub tags: &'args Tags,
    /// Where the stack is.
    pub place: &'args Place,
}

/// Those who may come in.
#[derive(Debug)]
pub struct People {
    /// Whose tokens are believed.
    pub tokens: Output<TokenConfig>,
    /// The stack's own pool of users, where that is the issuer.
    pub pool: Option<Pool>,
    tags: ComponentTags,
    component: Component,
}

/// A pool of users.
#[derive(Debug)]
pub struct Pool {
    /// The user pool.
    pub user_pool_id: Output<String>,
    /// The client of programs: it shows its secret and gets a token.
    pub machine_client_id: Output<String>,
    server: cognito::ResourceServer,
}

impl People {
    /// Declares them, in a stage whose API checks tokens.
    pub fn new(context: &Context, name: &str, args: PeopleArgs<'_>) -> Option<Self> {
        let authorizer = &args.settings.api.authorizer;
        if matches!(authorizer, Authorizer::None | Authorizer::Iam) {
            return None;
        }
        let tags = args.tags.of(name);
        let component = context.component("miyabi:people:People", name, ResourceOptions::new());
        if let (Authorizer::Oidc, Some(oidc)) = (authorizer, &args.settings.api.oidc) {
            let tokens = Output::known(oidc.tokens());
            component.register_outputs([("issuer", oidc.issuer.clone().to_input())]);
            return Some(Self { tokens, pool: None, tags, component });
        }
        let context = component.context();
        let pool = user_pool(context, args.settings, &tags);
        let server = resource_server(context, &pool);
        sign_in_page(context, &args, &pool);
        let machines = machines(context, &pool, &server);
        let issuer = interpolate!("https://cognito-idp.{}.amazonaws.com/{}", &args.place.region, pool.id());
        component.register_outputs([("issuer", issuer.to_input())]);
        let tokens = issuer.map(|issuer| TokenConfig {
            audience: AUDIENCE.to_owned(),
            keys_url: format!("{issuer}/.well-known/jwks.json"),
            keys_from: KeysFrom::Table,
            groups_claim: Some(GROUPS_CLAIM.to_owned()),
            projects_claim: PROJECTS_CLAIM.to_owned(),
            issuer,
        });
        let pool = Pool { user_pool_id: pool.id(), machine_client_id: machines.id(), server };
        Some(Self { tokens, pool: Some(pool), tags, component })
    }

    /// The origins that a browser asks while somebody signs in: the issuer's description of itself, and its tokens.
    pub fn sign_in_origins(&self, settings: &Settings, place: &Place) -> Output<Vec<String>> {
        match &settings.api.oidc {
            Some(oidc) if self.pool.is_none() => Output::known(oidc.browser_origins()),
            _ => {
                let issuer = interpolate!("https://cognito-idp.{}.amazonaws.com", &place.region);
                let domain = domain_name(settings, place);
                let tokens = interpolate!("https://{}.auth.{}.amazoncognito.com", domain, &place.region);
                all((issuer, tokens)).map(|(issuer, tokens)| vec![issuer, tokens])
            }
        }
    }

    /// Makes the client of page and command, and puts beside the page how people sign in; gives the client's identifier.
    pub fn tell(&self, settings: &Settings, edge: &Edge) -> Option<Output<String>> {
        let delivery = edge.delivery.as_ref()?;
        let context = self.component.context();
        let sign_in = match (&self.pool, &settings.api.oidc) {
            (Some(pool), _) => {
                let client = people(context, pool, &delivery.url);
                all((self.tokens.clone(), client.id())).map(|(tokens, client_id)| SignIn {
                    issuer: tokens.issuer,
                    client_id,
                    scopes: scopes(&tokens.audience),
                    audience: None,
                })
            }
            (None, Some(oidc)) => Output::known(SignIn {
                issuer: oidc.issuer.clone(),
                client_id: oidc.client_id.clone(),
                scopes: if oidc.scopes.is_empty() { scopes(&oidc.audience) } else { oidc.scopes.clone() },
                audience: oidc.ask_for_audience.then(|| oidc.audience.clone()),
            }),
            (None, None) => return None,
        };
        let client_id = sign_in.map(|sign_in| sign_in.client_id);
        let content = sign_in.map(|sign_in| {
            // Texts alone: they are always JSON.
            serde_json::to_string(&PublicConfig { sign_in: Some(sign_in) }).unwrap_or_default()
        });
        s3::BucketObjectv2::new(
            context,
            format!("page/{FILE}"),
            s3::BucketObjectv2Args::new()
                .bucket(&edge.bucket)
                .key(FILE)
                .content(content)
                .content_type(content_type(FILE))
                .cache_control(ASK_EACH_TIME)
                .tags(&self.tags),
        );
        Some(client_id)
    }
}

/// What people ask for.
fn scopes(audience: &str) -> Vec<String> {
    let ours = Scope::ALL.map(|scope| format!("{audience}/{}", scope.name()));
    [OPENID.to_owned()].into_iter().chain(ours).collect()
}

/// A scope as tokens spell it. It follows the resource server, so that nothing asks for it before it is there.
fn scope_name(server: &cognito::ResourceServer, scope: Scope) -> Output<String> {
    interpolate!("{}/{}", server.identifier(), scope.name())
}

/// The people. Losing them is losing who may come in, so they are kept as the tables are.
fn user_pool(context: &Context, settings: &Settings, tags: &ComponentTags) -> cognito::UserPool {
    let recovery = cognito::UserPoolAccountRecoverySettingRecoveryMechanismArgs::new()
        .name("verified_email")
        .priority(1);
    let stage = settings.stage;
    cognito::UserPool::with_options(
        context,
        "users",
        cognito::UserPoolArgs::new()
            .name(format!("miyabi-{stage}"))
            .deletion_protection(if settings.data.protect { "ACTIVE" } else { "INACTIVE" })
            .username_attributes(["email"])
            .auto_verified_attributes(["email"])
            .username_configuration(cognito::UserPoolUsernameConfigurationArgs::new().case_sensitive(false))
            // People are invited: what is seen here is a team's own work.
            .admin_create_user_config(
                cognito::UserPoolAdminCreateUserConfigArgs::new().allow_admin_create_user_only(true),
            )
            .password_policy(
                cognito::UserPoolPasswordPolicyArgs::new()
                    .minimum_length(14)
                    .require_lowercase(true)
                    .require_uppercase(true)
                    .require_numbers(true)
                    .require_symbols(true)
                    .temporary_password_validity_days(3),
            )
            .mfa_configuration(if stage == Stage::Prod { "ON" } else { "OPTIONAL" })
            .software_token_mfa_configuration(
                cognito::UserPoolSoftwareTokenMfaConfigurationArgs::new().enabled(true),
            )
            .account_recovery_setting(
                cognito::UserPoolAccountRecoverySettingArgs::new().recovery_mechanisms([recovery]),
            )
            .tags(tags),
        protection(settings),
    )
}

fn resource_server(context: &Context, pool: &cognito::UserPool) -> cognito::ResourceServer {
    let scopes = Scope::ALL.map(|scope| {
        cognito::ResourceServerScopeArgs::new()
            .scope_name(scope.name())
            .scope_description(scope.description())
    });
    cognito::ResourceServer::new(
        context,
        "api",
        cognito::ResourceServerArgs::new()
            .user_pool_id(pool.id())
            .identifier(AUDIENCE)
            .name("Miyabi")
            .scopes(scopes),
    )
}

/// Where people type their password. The name of a pool's domain is unique in a region over all accounts.
fn sign_in_page(context: &Context, args: &PeopleArgs<'_>, pool: &cognito::UserPool) {
    let domain = domain_name(args.settings, args.place);
    cognito::UserPoolDomain::new(
        context,
        "sign-in",
        cognito::UserPoolDomainArgs::new().user_pool_id(pool.id()).domain(domain),
    );
}

fn domain_name(settings: &Settings, place: &Place) -> Output<String> {
    interpolate!("miyabi-{}-{}", settings.stage.name(), &place.account)
}

fn units() -> cognito::UserPoolClientTokenValidityUnitsArgs {
    cognito::UserPoolClientTokenValidityUnitsArgs::new().access_token("minutes").refresh_token("days")
}

/// The client of programs, which show a secret.
fn machines(
    context: &Context,
    pool: &cognito::UserPool,
    server: &cognito::ResourceServer,
) -> cognito::UserPoolClient {
    cognito::UserPoolClient::new(
        context,
        "machines",
        cognito::UserPoolClientArgs::new()
            .user_pool_id(pool.id())
            .name("machines")
            .generate_secret(true)
            .allowed_oauth_flows_user_pool_client(true)
            .allowed_oauth_flows(["client_credentials"])
            .allowed_oauth_scopes([scope_name(server, Scope::Read), scope_name(server, Scope::Write)])
            .access_token_validity(ACCESS_TOKEN_MINUTES)
            .token_validity_units(units())
            .enable_token_revocation(true)
            .prevent_user_existence_errors("ENABLED"),
    )
}

/// The client of people: they come back to the page, or to the command on their own machine.
fn people(context: &Context, pool: &Pool, page: &Output<String>) -> cognito::UserPoolClient {
    let page = interpolate!("{}/", page);
    let mut addresses = vec![page.clone()];
    addresses.extend(COMMAND_PORTS.map(|port| Output::known(command_address(port))));
    let mut scopes = vec![Output::known(OPENID.to_owned())];
    scopes.extend(Scope::ALL.map(|scope| scope_name(&pool.server, scope)));
    cognito::UserPoolClient::new(
        context,
        "people",
        cognito::UserPoolClientArgs::new()
            .user_pool_id(&pool.user_pool_id)
            .name("people")
            .generate_secret(false)
            .supported_identity_providers(["COGNITO"])
            .allowed_oauth_flows_user_pool_client(true)
            // With a proof key: neither a page nor a command on a laptop keeps a secret.
            .allowed_oauth_flows(["code"])
            .allowed_oauth_scopes(scopes)
            .callback_urls(addresses)
            .logout_urls([page])
            .access_token_validity(ACCESS_TOKEN_MINUTES)
            .refresh_token_validity(REFRESH_TOKEN_DAYS)
            .token_validity_units(units())
            .enable_token_revocation(true)
            .prevent_user_existence_errors("ENABLED"),
    )
}
