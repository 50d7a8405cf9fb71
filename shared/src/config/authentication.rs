//! How the API knows who calls it.

use std::collections::BTreeMap;

use super::environment::{Reader, Variable};

const AUTHENTICATION: &str = "MIYABI_AUTHENTICATION";
pub(super) const CREDENTIALS_TABLE: &str = "MIYABI_CALLERS_TABLE";
const TOKEN_ISSUER: &str = "MIYABI_ISSUER";
const TOKEN_AUDIENCE: &str = "MIYABI_ISSUER_AUDIENCE";
pub(super) const TOKEN_KEYS_URL: &str = "MIYABI_ISSUER_JWKS_URL";
const TOKEN_KEYS_FROM: &str = "MIYABI_ISSUER_JWKS_FROM";
const TOKEN_GROUPS_CLAIM: &str = "MIYABI_ISSUER_GROUPS_CLAIM";
const TOKEN_PROJECTS_CLAIM: &str = "MIYABI_ISSUER_PROJECTS_CLAIM";

const AUTHENTICATION_EXPECTED: &str = "required, gateway or open";
pub(super) const URL_EXPECTED: &str = "https://…, or http:// and this machine";
const NAME_EXPECTED: &str = "a name without spaces";
/// The claim that names a caller's projects, where none is configured.
pub const PROJECTS_CLAIM: &str = "projects";

/// Who is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authentication {
    /// Whoever shows a key, a token or a share link.
    Required,
    /// Whoever API Gateway knows: an identity of the account by its signature, as an administrator, or the holder of a
    /// token of its user pool. Whoever else can call the function can call it as anybody, so nothing but the gateway may.
    Gateway,
    /// Everybody, as an administrator. The function starts so only on an emulator of this machine.
    Open,
}

impl Authentication {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Required, Self::Gateway, Self::Open];

    /// The choice as the variable spells it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Gateway => "gateway",
            Self::Open => "open",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|choice| choice.word() == text)
    }
}

/// Where the API finds the issuer's public keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeysFrom {
    /// It asks the issuer.
    Issuer,
    /// In the table of credentials, where another function keeps them: for an API that has no way to the issuer.
    Table,
}

impl KeysFrom {
    /// The choice as the variable spells it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Issuer => "issuer",
            Self::Table => "table",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Self::Issuer, Self::Table].into_iter().find(|choice| choice.word() == text)
    }
}

/// Whose tokens are believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenConfig {
    /// `MIYABI_ISSUER`: what a token's `iss` is, to the letter.
    pub issuer: String,
    /// `MIYABI_ISSUER_AUDIENCE`: what a token's `aud` holds. A token without `aud`, as Cognito's access tokens are, carries
    /// it before its scopes instead: `miyabi/tasks:read`.
    pub audience: String,
    /// `MIYABI_ISSUER_JWKS_URL`: where the issuer's public keys are (JWKS).
    pub keys_url: String,
    /// `MIYABI_ISSUER_JWKS_FROM`: where the API finds them.
    pub keys_from: KeysFrom,
    /// `MIYABI_ISSUER_GROUPS_CLAIM`: the claim with the groups of a person, which then bound what the token allows.
    pub groups_claim: Option<String>,
    /// `MIYABI_ISSUER_PROJECTS_CLAIM`: the claim with the projects that a caller is held to.
    pub projects_claim: String,
}

/// How the API knows who calls it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticationConfig {
    /// `MIYABI_AUTHENTICATION`: who is let in.
    pub authentication: Authentication,
    /// `MIYABI_CALLERS_TABLE`: the table of keys and share links.
    pub credentials_table: String,
    /// Whose tokens are believed; nobody's without.
    pub tokens: Option<TokenConfig>,
}

impl AuthenticationConfig {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let authentication = reader.optional(
            AUTHENTICATION,
            AUTHENTICATION_EXPECTED,
            Authentication::Required,
            Authentication::parse,
        );
        let issuer = reader.optional(TOKEN_ISSUER, URL_EXPECTED, None, |text| url(text).map(Some));
        let tokens = issuer.map(|issuer| TokenConfig {
            audience: reader.required(TOKEN_AUDIENCE, "what a token's aud holds, with an issuer"),
            keys_url: reader.optional(
                TOKEN_KEYS_URL,
                URL_EXPECTED,
                format!("{}/.well-known/jwks.json", issuer.trim_end_matches('/')),
                url,
            ),
            keys_from: reader.optional(TOKEN_KEYS_FROM, "issuer or table", KeysFrom::Issuer, KeysFrom::parse),
            groups_claim: reader
                .optional(TOKEN_GROUPS_CLAIM, NAME_EXPECTED, None, |text| name(text).map(Some)),
            projects_claim: reader.optional(
                TOKEN_PROJECTS_CLAIM,
                NAME_EXPECTED,
                PROJECTS_CLAIM.to_owned(),
                name,
            ),
            issuer,
        });
        Self {
            authentication,
            credentials_table: reader.required(CREDENTIALS_TABLE, "the name of the table of credentials"),
            tokens,
        }
    }

    pub(super) fn write(&self, variables: &mut BTreeMap<&'static str, String>) {
        variables.insert(AUTHENTICATION, self.authentication.word().to_owned());
        variables.insert(CREDENTIALS_TABLE, self.credentials_table.clone());
        if let Some(tokens) = &self.tokens {
            variables.insert(TOKEN_ISSUER, tokens.issuer.clone());
            variables.insert(TOKEN_AUDIENCE, tokens.audience.clone());
            variables.insert(TOKEN_KEYS_URL, tokens.keys_url.clone());
            variables.insert(TOKEN_KEYS_FROM, tokens.keys_from.word().to_owned());
            if let Some(claim) = &tokens.groups_claim {
                variables.insert(TOKEN_GROUPS_CLAIM, claim.clone());
            }
            variables.insert(TOKEN_PROJECTS_CLAIM, tokens.projects_claim.clone());
        }
    }

    pub(super) fn variables() -> Vec<Variable> {
        let variable = |name, default: Option<&str>, meaning| Variable {
            name,
            default: default.map(str::to_owned),
            meaning,
        };
        vec![
            variable(
                AUTHENTICATION,
                Some(Authentication::Required.word()),
                "Who is let in: `required` (who shows a key, a token or a share link), `gateway` (whom API Gateway has \
                 checked already) or `open` (everybody; only on an emulator of this machine).",
            ),
            variable(CREDENTIALS_TABLE, None, "Name of the table of keys and share links."),
            variable(
                TOKEN_ISSUER,
                Some(""),
                "Issuer of the tokens that are believed: their `iss`, to the letter.",
            ),
            variable(
                TOKEN_AUDIENCE,
                Some(""),
                "What a token's `aud` holds, or stands before its scopes; required with an issuer.",
            ),
            variable(
                TOKEN_KEYS_URL,
                Some(""),
                "Where the issuer's keys are; without, `/.well-known/jwks.json` below the issuer.",
            ),
            variable(
                TOKEN_KEYS_FROM,
                Some(KeysFrom::Issuer.word()),
                "Where the API finds them: `issuer` (it asks there) or `table` (the function `issuer-keys` keeps them).",
            ),
            variable(
                TOKEN_GROUPS_CLAIM,
                Some(""),
                "Claim with a person's groups, which bound the token's scopes: `tasks:read`, `tasks:write`, `tasks:run`, `tasks:admin`, `project:ID`.",
            ),
            variable(
                TOKEN_PROJECTS_CLAIM,
                Some(PROJECTS_CLAIM),
                "Claim with the projects that a token is held to; a token without it sees all.",
            ),
        ]
    }
}

fn name(text: &str) -> Option<String> {
    let is_name = !text.is_empty() && !text.contains(char::is_whitespace);
    is_name.then(|| text.to_owned())
}

/// A token's keys must not be put in by who stands between: in the clear they come from this machine alone.
pub(super) fn url(text: &str) -> Option<String> {
    let host = |rest: &str| rest.split(['/', '?', '#']).next().unwrap_or_default().to_owned();
    let valid = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => !host(rest).is_empty(),
        (None, Some(rest)) => is_this_machine(&host(rest)),
        _ => false,
    };
    (valid && !text.contains(char::is_whitespace)).then(|| text.to_owned())
}

/// Whether `HOST` or `HOST:PORT` is this machine.
fn is_this_machine(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Whether an AWS endpoint is an emulator that others cannot reach: in the clear, on this machine or in a network of
/// containers on it. AWS itself is never spoken to in the clear.
pub fn is_local_endpoint(endpoint: &str) -> bool {
    let Some(rest) = endpoint.strip_prefix("http://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.split(':').next().unwrap_or_default();
    let in_containers = host == "host.docker.internal"
        || host == "localhost.localstack.cloud"
        || host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_private());
    !authority.contains('@') && (is_this_machine(authority) || in_containers)
}

#[cfg(test)]
mod tests {
    use super::super::environment::ConfigErrors;
    use super::*;

    fn config() -> AuthenticationConfig {
        AuthenticationConfig {
            authentication: Authentication::Required,
            credentials_table: "credentials".to_owned(),
            tokens: Some(TokenConfig {
                issuer: "https://cognito-idp.us-east-1.amazonaws.com/pool".to_owned(),
                audience: "miyabi".to_owned(),
                keys_url: "https://cognito-idp.us-east-1.amazonaws.com/pool/.well-known/jwks.json".to_owned(),
                keys_from: KeysFrom::Table,
                groups_claim: Some("cognito:groups".to_owned()),
                projects_claim: "projects".to_owned(),
            }),
        }
    }

    fn read(environment: &BTreeMap<&'static str, String>) -> Result<AuthenticationConfig, ConfigErrors> {
        let mut reader = Reader::new(environment);
        let config = AuthenticationConfig::read(&mut reader);
        reader.finish(config)
    }

    #[test]
    fn what_infra_writes_is_what_a_function_reads() {
        let open = AuthenticationConfig { authentication: Authentication::Open, tokens: None, ..config() };
        for config in [config(), open] {
            let mut written = BTreeMap::new();
            config.write(&mut written);
            assert_eq!(read(&written).unwrap(), config);
        }
    }

    #[test]
    fn who_says_nothing_lets_nobody_in_and_the_keys_lie_below_the_issuer() {
        let environment = BTreeMap::from([
            (CREDENTIALS_TABLE, "c".to_owned()),
            (TOKEN_ISSUER, "https://issuer.example/".to_owned()),
            (TOKEN_AUDIENCE, "miyabi".to_owned()),
        ]);
        let config = read(&environment).unwrap();
        assert_eq!(config.authentication, Authentication::Required);
        assert_eq!(config.tokens.unwrap().keys_url, "https://issuer.example/.well-known/jwks.json");
    }

    #[test]
    fn every_mistake_is_reported_at_once() {
        let environment = BTreeMap::from([
            (AUTHENTICATION, "off".to_owned()),
            (TOKEN_ISSUER, "https://issuer.example".to_owned()),
            (TOKEN_KEYS_URL, "http://issuer.example/keys".to_owned()),
        ]);
        let message = read(&environment).unwrap_err().to_string();
        for part in [
            "MIYABI_AUTHENTICATION=\"off\": expected required, gateway or open",
            "MIYABI_ISSUER_AUDIENCE: missing, expected what a token's aud holds",
            "MIYABI_ISSUER_JWKS_URL=\"http://issuer.example/keys\": expected https://…, or http:// and this machine",
            "MIYABI_CALLERS_TABLE: missing",
        ] {
            assert!(message.contains(part), "{message}");
        }
    }

    #[test]
    fn only_what_others_cannot_reach_is_local() {
        for local in [
            "http://127.0.0.1:4566",
            "http://localhost:4566/",
            "http://[::1]:4566",
            "http://172.17.0.2:4566",
            "http://localhost.localstack.cloud:4566",
        ] {
            assert!(is_local_endpoint(local), "{local}");
        }
        for elsewhere in [
            "https://dynamodb.us-east-1.amazonaws.com",
            "https://127.0.0.1:4566",
            "http://dynamodb.us-east-1.amazonaws.com",
            "http://127.0.0.1.example.com",
            "http://localhost@example.com",
            "http://8.8.8.8",
            "",
        ] {
            assert!(!is_local_endpoint(elsewhere), "{elsewhere}");
        }
    }
}
