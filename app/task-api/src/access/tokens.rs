//! Access tokens of an issuer (JWT), such as a Cognito user pool.

use std::collections::BTreeSet;
use std::sync::Arc;

use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Validation, decode, decode_header};
use miyabi_shared::ProjectId;
use miyabi_shared::config::{KeysFrom, PROJECTS_CLAIM, TokenConfig};
use miyabi_shared::credential::CallerKind;
use miyabi_shared::scope::{AUDIENCE, GROUPS_CLAIM, Scope};
use serde_json::{Map, Value};

use super::Caller;
use super::credentials::Credentials;
use super::issuer::IssuerKeys;
use crate::error::{ApiError, Refusal};

/// By how many seconds clocks may differ.
const LEEWAY_SECONDS: u64 = 30;
/// Longest token that is looked at.
const BYTES: usize = 16 * 1024;
/// The groups that hold people to projects.
const PROJECT_GROUP: &str = "project:";

/// Whose tokens are believed.
#[derive(Debug, Clone)]
pub(crate) struct Tokens {
    config: Arc<TokenConfig>,
    keys: Arc<IssuerKeys>,
}

impl Tokens {
    pub(crate) fn new(config: &TokenConfig, credentials: &Credentials) -> Self {
        Self { config: Arc::new(config.clone()), keys: Arc::new(IssuerKeys::new(config, credentials)) }
    }

    /// Who shows `token`.
    pub(crate) async fn holder_of(&self, token: &str) -> Result<Caller, ApiError> {
        let refused = |refusal| move |_| ApiError::Unauthenticated(refusal);
        if token.len() > BYTES {
            return Err(ApiError::Unauthenticated(Refusal::Token));
        }
        let header = decode_header(token).map_err(refused(Refusal::Token))?;
        let name = header.kid.ok_or(ApiError::Unauthenticated(Refusal::Token))?;
        let key = self.keys.key(&name).await.map_err(|error| ApiError::Unavailable(error.into()))?;
        let (algorithm, key) = key.ok_or(ApiError::Unauthenticated(Refusal::TokenKey))?;
        let mut validation = Validation::new(algorithm);
        validation.leeway = LEEWAY_SECONDS;
        validation.validate_nbf = true;
        validation.set_issuer(&[&self.config.issuer]);
        validation.set_required_spec_claims(&["exp", "iss"]);
        // Checked below: a token of Cognito names its audience before its scopes.
        validation.validate_aud = false;
        let claims = decode::<Map<String, Value>>(token, &key, &validation).map_err(|error| {
            ApiError::Unauthenticated(match error.kind() {
                ErrorKind::ExpiredSignature | ErrorKind::ImmatureSignature => Refusal::Expired,
                ErrorKind::InvalidIssuer | ErrorKind::MissingRequiredClaim(_) => Refusal::TokenIssuer,
                _ => Refusal::Token,
            })
        })?;
        caller(&claims.claims, &self.config).map_err(ApiError::Unauthenticated)
    }
}

/// Who the claims are about that API Gateway took from a token of its user pool, which it checked.
pub(super) fn checked_claims(claims: &Map<String, Value>) -> Result<Caller, Refusal> {
    let config = TokenConfig {
        issuer: String::new(),
        audience: AUDIENCE.to_owned(),
        keys_url: String::new(),
        keys_from: KeysFrom::Issuer,
        groups_claim: Some(GROUPS_CLAIM.to_owned()),
        projects_claim: PROJECTS_CLAIM.to_owned(),
    };
    caller(claims, &config)
}

/// Who claims are about, once they are believed.
fn caller(claims: &Map<String, Value>, config: &TokenConfig) -> Result<Caller, Refusal> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    // A token that says who a person is says nothing about what it may do.
    if text("token_use").is_some_and(|used| used != "access") {
        return Err(Refusal::TokenUse);
    }
    let prefix = format!("{}/", config.audience);
    let words = words(claims.get("scope").or_else(|| claims.get("scp")));
    match claims.get("aud") {
        Some(audience) => {
            let named = match audience {
                Value::String(one) => *one == config.audience,
                Value::Array(many) => many.iter().any(|one| one == config.audience.as_str()),
                _ => false,
            };
            if !named {
                return Err(Refusal::TokenAudience);
            }
        }
        None if words.iter().any(|word| word.starts_with(&prefix)) => {}
        None => return Err(Refusal::TokenAudience),
    }
    let scope =
        words.iter().filter_map(|word| Scope::named(word.strip_prefix(&prefix).unwrap_or(word))).max();
    let mut projects =
        claims.get(&config.projects_claim).map(|claim| projects(self::words(Some(claim)).iter()));
    // A program that shows its own secret is its own subject, and is in no group.
    let client = text("client_id");
    let is_program = client.is_some() && client == text("sub");
    let scope = match &config.groups_claim {
        Some(claim) if !is_program => {
            let groups = self::words(claims.get(claim));
            let held: Vec<_> = groups.iter().filter_map(|group| group.strip_prefix(PROJECT_GROUP)).collect();
            if !held.is_empty() {
                let held = self::projects(held.iter());
                projects = Some(match projects {
                    None => held,
                    Some(projects) => projects.intersection(&held).cloned().collect(),
                });
            }
            // Whoever was let into the pool may look; more is for its groups to say.
            let granted = groups.iter().filter_map(|group| Scope::named(group)).max().unwrap_or(Scope::Read);
            scope.map(|scope| scope.min(granted))
        }
        _ => scope,
    };
    let name = text("username").or_else(|| text("email")).or_else(|| text("sub")).unwrap_or("unnamed");
    Ok(Caller { kind: CallerKind::Token, name: name.to_owned(), scope, projects, task_id: None })
}

/// The words of a claim: a list of texts, or one text with spaces. API Gateway writes a list as `[a b]` or `a,b`.
fn words(claim: Option<&Value>) -> Vec<String> {
    match claim {
        Some(Value::String(text)) => text
            .trim_matches(['[', ']'])
            .split(|letter: char| letter.is_whitespace() || letter == ',')
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect(),
        Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// What is no project's identifier is no project.
fn projects(names: impl Iterator<Item = impl AsRef<str>>) -> BTreeSet<ProjectId> {
    names.filter_map(|name| ProjectId::new(name.as_ref()).ok()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn config() -> TokenConfig {
        TokenConfig {
            issuer: "https://issuer.example".to_owned(),
            audience: "miyabi".to_owned(),
            keys_url: String::new(),
            keys_from: KeysFrom::Issuer,
            groups_claim: Some("cognito:groups".to_owned()),
            projects_claim: "projects".to_owned(),
        }
    }

    fn of(claims: Value) -> Result<Caller, Refusal> {
        caller(claims.as_object().unwrap(), &config())
    }

    fn scope(claims: Value) -> Option<Scope> {
        of(claims).unwrap().scope
    }

    #[test]
    fn a_person_may_do_what_the_token_and_the_groups_both_allow() {
        let everything = "miyabi/tasks:read miyabi/tasks:write miyabi/tasks:admin";
        let person = |groups: Value, scopes: &str| json!({"sub": "1", "username": "ann", "client_id": "page", "scope": scopes, "cognito:groups": groups});
        assert_eq!(scope(person(Value::Null, everything)), Some(Scope::Read));
        assert_eq!(scope(person(json!(["tasks:write"]), everything)), Some(Scope::Write));
        assert_eq!(scope(person(json!(["tasks:admin", "others"]), everything)), Some(Scope::Admin));
        assert_eq!(scope(person(json!(["tasks:admin"]), "miyabi/tasks:read")), Some(Scope::Read));
        assert_eq!(scope(person(json!(["tasks:admin"]), "miyabi/other")), None);
        let held = of(person(json!(["project:web", "project:api", "tasks:write"]), everything)).unwrap();
        assert_eq!(held.projects.unwrap().len(), 2);
        assert_eq!(held.name, "ann");
    }

    #[test]
    fn a_program_may_do_what_its_token_says() {
        let program = json!({"sub": "ci", "client_id": "ci", "scope": "miyabi/tasks:write"});
        assert_eq!(scope(program), Some(Scope::Write));
        let held =
            json!({"sub": "ci", "aud": ["other", "miyabi"], "scp": ["tasks:read"], "projects": "web api"});
        let held = of(held).unwrap();
        assert_eq!((held.scope, held.projects.unwrap().len()), (Some(Scope::Read), 2));
        // A claim that names no project leaves none.
        let none = json!({"sub": "ci", "aud": "miyabi", "scope": "tasks:read", "projects": []});
        assert!(of(none).unwrap().projects.unwrap().is_empty());
    }

    #[test]
    fn a_token_for_others_or_of_another_kind_is_refused() {
        let audience = |claims| assert_eq!(of(claims), Err(Refusal::TokenAudience));
        audience(json!({"aud": "other", "scope": "miyabi/tasks:read"}));
        audience(json!({"scope": "tasks:read"}));
        audience(json!({"scope": "other/tasks:read"}));
        audience(json!({"aud": 7, "scope": "miyabi/tasks:read"}));
        let identity = json!({"token_use": "id", "aud": "miyabi", "scope": "tasks:read"});
        assert_eq!(of(identity), Err(Refusal::TokenUse));
    }
}
