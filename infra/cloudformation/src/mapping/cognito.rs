//! User pools.

use serde_json::json;

use super::TypeMapping;
use crate::fields::Fields;

pub(super) const TYPES: &[TypeMapping] = &[
    TypeMapping::new("aws:cognito/userPool:UserPool", "AWS::Cognito::UserPool", user_pool)
        .outputs(&[("arn", "<.Arn>")]),
    TypeMapping::new("aws:cognito/userPoolClient:UserPoolClient", "AWS::Cognito::UserPoolClient", client),
    TypeMapping::new("aws:cognito/userPoolDomain:UserPoolDomain", "AWS::Cognito::UserPoolDomain", domain),
    TypeMapping::new(
        "aws:cognito/resourceServer:ResourceServer",
        "AWS::Cognito::UserPoolResourceServer",
        resource_server,
    )
    .outputs(&[("identifier", "<Ref>")]),
];

fn user_pool(fields: &mut Fields) {
    fields.text("name", "UserPoolName");
    fields.text("deletionProtection", "DeletionProtection");
    fields.texts("usernameAttributes", "UsernameAttributes");
    fields.texts("autoVerifiedAttributes", "AutoVerifiedAttributes");
    fields.object("usernameConfiguration", "UsernameConfiguration", |configuration| {
        configuration.boolean("caseSensitive", "CaseSensitive");
    });
    fields.object("adminCreateUserConfig", "AdminCreateUserConfig", |config| {
        config.boolean("allowAdminCreateUserOnly", "AllowAdminCreateUserOnly");
    });
    let password = fields.take_mapped("passwordPolicy", |policy| {
        policy.number("minimumLength", "MinimumLength");
        policy.number("passwordHistorySize", "PasswordHistorySize");
        policy.boolean("requireLowercase", "RequireLowercase");
        policy.boolean("requireNumbers", "RequireNumbers");
        policy.boolean("requireSymbols", "RequireSymbols");
        policy.boolean("requireUppercase", "RequireUppercase");
        policy.number("temporaryPasswordValidityDays", "TemporaryPasswordValidityDays");
    });
    if let Some(password) = password {
        fields.put("Policies", json!({ "PasswordPolicy": password }));
    }
    fields.text("mfaConfiguration", "MfaConfiguration");
    let token =
        fields.take_mapped("softwareTokenMfaConfiguration", |token| token.boolean("enabled", "Enabled"));
    if token.is_some_and(|token| token.get("Enabled") == Some(&json!(true))) {
        fields.put("EnabledMfas", json!(["SOFTWARE_TOKEN_MFA"]));
    }
    fields.object("accountRecoverySetting", "AccountRecoverySetting", |setting| {
        setting.objects("recoveryMechanisms", "RecoveryMechanisms", |mechanism| {
            mechanism.text("name", "Name");
            mechanism.number("priority", "Priority");
        });
    });
    // A map here too.
    fields.map("tags", "UserPoolTags");
}

fn client(fields: &mut Fields) {
    fields.text("userPoolId", "UserPoolId");
    fields.text("name", "ClientName");
    fields.boolean("generateSecret", "GenerateSecret");
    fields.boolean("allowedOauthFlowsUserPoolClient", "AllowedOAuthFlowsUserPoolClient");
    fields.texts("allowedOauthFlows", "AllowedOAuthFlows");
    fields.texts("allowedOauthScopes", "AllowedOAuthScopes");
    fields.texts("callbackUrls", "CallbackURLs");
    fields.texts("logoutUrls", "LogoutURLs");
    fields.texts("explicitAuthFlows", "ExplicitAuthFlows");
    fields.texts("supportedIdentityProviders", "SupportedIdentityProviders");
    fields.number("accessTokenValidity", "AccessTokenValidity");
    fields.number("idTokenValidity", "IdTokenValidity");
    fields.number("refreshTokenValidity", "RefreshTokenValidity");
    fields.object("tokenValidityUnits", "TokenValidityUnits", |units| {
        units.text("accessToken", "AccessToken");
        units.text("idToken", "IdToken");
        units.text("refreshToken", "RefreshToken");
    });
    fields.boolean("enableTokenRevocation", "EnableTokenRevocation");
    fields.text("preventUserExistenceErrors", "PreventUserExistenceErrors");
}

fn domain(fields: &mut Fields) {
    fields.text("userPoolId", "UserPoolId");
    fields.text("domain", "Domain");
    fields.number("managedLoginVersion", "ManagedLoginVersion");
}

fn resource_server(fields: &mut Fields) {
    fields.text("userPoolId", "UserPoolId");
    fields.text("identifier", "Identifier");
    fields.text("name", "Name");
    fields.objects("scopes", "Scopes", |scope| {
        scope.text("scopeName", "ScopeName");
        scope.text("scopeDescription", "ScopeDescription");
    });
}
