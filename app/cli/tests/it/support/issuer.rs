//! An issuer of OpenID Connect: it signs everybody in, and holds every request against PKCE and against what it gave before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use aws_lc_rs::digest::{SHA256, digest};
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::Seen;

/// What the issuer knows.
#[derive(Debug, Default)]
pub(crate) struct Issuer {
    /// Challenge and place to come back to, by code.
    codes: BTreeMap<String, (String, String)>,
    /// Refresh tokens that are good. Each is good once.
    pub(crate) refresh_tokens: BTreeSet<String>,
    /// How many tokens were given.
    pub(crate) given: u32,
    /// For how many seconds the next ones are good.
    pub(crate) life: Option<u64>,
    /// Refresh tokens that were taken back.
    pub(crate) revoked: Vec<String>,
}

type Shared = Arc<Mutex<Seen>>;
type Fields = BTreeMap<String, String>;

pub(super) fn router(origin: &str, shared: Shared) -> Router {
    let issuer = format!("{origin}/issuer");
    let config = json!({"sign_in": {"issuer": issuer, "client_id": "miyabi-people", "scopes": ["openid", "miyabi/tasks:read"]}});
    let ends = json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"), "revocation_endpoint": format!("{issuer}/revoke"),
    });
    Router::new()
        .route("/config.json", get(move || async move { config.to_string() }))
        .route("/issuer/.well-known/openid-configuration", get(move || async move { ends.to_string() }))
        .route("/issuer/authorize", get(authorize))
        .route("/issuer/token", post(token))
        .route("/issuer/revoke", post(revoke))
        .with_state(shared)
}

/// Signs in whoever comes.
async fn authorize(State(shared): State<Shared>, Query(asked): Query<Fields>) -> Response {
    assert_eq!((asked["response_type"].as_str(), asked["code_challenge_method"].as_str()), ("code", "S256"));
    assert_eq!(
        (asked["client_id"].as_str(), asked["scope"].as_str()),
        ("miyabi-people", "openid miyabi/tasks:read")
    );
    let mut seen = shared.lock().unwrap();
    let code = format!("code-{}", seen.issuer.codes.len());
    let back = asked["redirect_uri"].clone();
    seen.issuer.codes.insert(code.clone(), (asked["code_challenge"].clone(), back.clone()));
    Redirect::to(&format!("{back}?code={code}&state={}", asked["state"])).into_response()
}

fn fields(body: &str) -> Fields {
    let url = reqwest::Url::parse(&format!("http://x/?{body}")).unwrap();
    url.query_pairs().into_owned().collect()
}

async fn token(State(shared): State<Shared>, body: String) -> Response {
    let asked = fields(&body);
    let mut seen = shared.lock().unwrap();
    let good = match asked["grant_type"].as_str() {
        "authorization_code" => {
            let proof = URL_SAFE_NO_PAD.encode(digest(&SHA256, asked["code_verifier"].as_bytes()));
            let known = seen.issuer.codes.remove(&asked["code"]);
            known == Some((proof, asked["redirect_uri"].clone()))
        }
        _ => seen.issuer.refresh_tokens.remove(&asked["refresh_token"]),
    };
    if !good || asked["client_id"] != "miyabi-people" {
        let body = json!({"error": "invalid_grant", "error_description": "not good any more"});
        return (StatusCode::BAD_REQUEST, body.to_string()).into_response();
    }
    seen.issuer.given += 1;
    let (access, refresh) =
        (format!("access-{}", seen.issuer.given), format!("refresh-{}", seen.issuer.given));
    seen.issuer.refresh_tokens.insert(refresh.clone());
    // What was given before is good for nothing any more.
    seen.good = Some(BTreeSet::from([access.clone()]));
    let life = seen.issuer.life.unwrap_or(3600);
    json!({"access_token": access, "refresh_token": refresh, "expires_in": life, "token_type": "Bearer"})
        .to_string()
        .into_response()
}

async fn revoke(State(shared): State<Shared>, body: String) {
    let asked = fields(&body);
    let mut seen = shared.lock().unwrap();
    seen.issuer.refresh_tokens.remove(&asked["token"]);
    seen.issuer.revoked.push(asked["token"].clone());
}
