//! How the API knows who is there.

use std::collections::BTreeMap;
use std::fmt;

use miyabi_shared::Stage;
use miyabi_shared::scope::{AUDIENCE, Scope};
use pulumi::{Context, Output, interpolate};
use pulumi_aws::{GetCallerIdentityArgs, apigateway, cognito, get_caller_identity};

use crate::data::protection;
use crate::settings::{Authorizer, Settings};
use crate::tags::ComponentTags;

use super::{ApiArgs, NAME, SignIn};

/// How long an access token is good for.
const ACCESS_TOKEN_MINUTES: u32 = 60;
/// How long a person stays signed in.
const REFRESH_TOKEN_DAYS: u32 = 30;

/// What stands before a method.
#[derive(Clone)]
pub(super) enum Guard {
    Open,
    Scopes { authorizer_id: Output<String>, scopes: BTreeMap<Scope, Output<String>>, needs_key: bool },
    Signature { needs_key: bool },
}

/// What of it is deployed, which is what an identifier stands for.
impl fmt::Debug for Guard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = if self.needs_key() { "+key" } else { "" };
        match self {
            Self::Open => formatter.write_str("Open"),
            Self::Scopes { scopes, .. } => {
                let names: Vec<_> = scopes.keys().map(|scope| scope.name()).collect();
                write!(formatter, "Scopes({}){key}", names.join(" "))
            }
            Self::Signature { .. } => write!(formatter, "Signature{key}"),
        }
    }
}

impl Guard {
    pub(super) fn asks(&self) -> bool {
        !matches!(self, Self::Open)
    }

    pub(super) fn authorization(&self) -> &'static str {
        match self {
            Self::Open => "NONE",
            Self::Scopes { .. } => "COGNITO_USER_POOLS",
            Self::Signature { .. } => "AWS_IAM",
        }
    }

    pub(super) fn authorizer_id(&self) -> Option<&Output<String>> {
        match self {
            Self::Scopes { authorizer_id, .. } => Some(authorizer_id),
            Self::Open | Self::Signature { .. } => None,
        }
    }

    /// The scopes of which a token must hold one.
    pub(super) fn scopes(&self, wanted: &[Scope]) -> Option<Vec<Output<String>>> {
        match self {
            Self::Scopes { scopes, .. } => {
                Some(wanted.iter().filter_map(|scope| scopes.get(scope).cloned()).collect())
            }
            Self::Open | Self::Signature { .. } => None,
        }
    }

    pub(super) fn needs_key(&self) -> bool {
        match self {
            Self::Open => false,
            Self::Scopes { needs_key, .. } | Self::Signature { needs_key } => *needs_key,
        }
    }
}

/// Declares what the choice needs.
pub(super) fn declare(
    context: &Context,
    api: &apigateway::RestApi,
    args: &ApiArgs<'_>,
    tags: &ComponentTags,
) -> (Guard, Option<SignIn>) {
    let needs_key = !args.settings.api.keys.is_empty();
    match args.settings.api.authorizer {
        Authorizer::None => (Guard::Open, None),
        Authorizer::Iam => (Guard::Signature { needs_key }, None),
        Authorizer::Cognito => {
            let pool = user_pool(context, args.settings, tags);
            let server = resource_server(context, &pool);
            let sign_in = clients(context, args, &pool, &server);
            let authorizer = apigateway::Authorizer::new(
                context,
                NAME,
                apigateway::AuthorizerArgs::new()
                    .rest_api(api.id())
                    .name("user-pool")
                    .type_("COGNITO_USER_POOLS")
                    .identity_source("method.request.header.Authorization")
                    .provider_arns([pool.arn()]),
            );
            let scopes = Scope::ALL.map(|scope| (scope, scope_name(&server, scope))).into();
            (Guard::Scopes { authorizer_id: authorizer.id(), scopes, needs_key }, Some(sign_in))
        }
    }
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
        NAME,
        cognito::ResourceServerArgs::new()
            .user_pool_id(pool.id())
            .identifier(AUDIENCE)
            .name("Miyabi")
            .scopes(scopes),
    )
}

/// The clients: programs show a secret, people sign in where the page has a domain to come back to.
fn clients(
    context: &Context,
    args: &ApiArgs<'_>,
    pool: &cognito::UserPool,
    server: &cognito::ResourceServer,
) -> SignIn {
    let account =
        get_caller_identity(context, GetCallerIdentityArgs::new()).map(|identity| identity.account_id);
    // The name of a pool's domain is unique in a region over all accounts.
    cognito::UserPoolDomain::new(
        context,
        "sign-in",
        cognito::UserPoolDomainArgs::new().user_pool_id(pool.id()).domain(interpolate!(
            "miyabi-{}-{}",
            args.settings.stage.name(),
            account
        )),
    );
    let units =
        || cognito::UserPoolClientTokenValidityUnitsArgs::new().access_token("minutes").refresh_token("days");
    let machines = cognito::UserPoolClient::new(
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
    );
    let page = args.settings.edge.domain.as_ref().map(|domain| {
        let address = format!("https://{}/", domain.name);
        cognito::UserPoolClient::new(
            context,
            "page",
            cognito::UserPoolClientArgs::new()
                .user_pool_id(pool.id())
                .name("page")
                .generate_secret(false)
                .supported_identity_providers(["COGNITO"])
                .allowed_oauth_flows_user_pool_client(true)
                // With a proof key: a page keeps no secret.
                .allowed_oauth_flows(["code"])
                .allowed_oauth_scopes(Scope::ALL.map(|scope| scope_name(server, scope)))
                .callback_urls([address.as_str()])
                .logout_urls([address.as_str()])
                .access_token_validity(ACCESS_TOKEN_MINUTES)
                .refresh_token_validity(REFRESH_TOKEN_DAYS)
                .token_validity_units(units())
                .enable_token_revocation(true)
                .prevent_user_existence_errors("ENABLED"),
        )
    });
    SignIn {
        user_pool_id: pool.id(),
        machine_client_id: machines.id(),
        page_client_id: page.map(|page| page.id()),
    }
}
