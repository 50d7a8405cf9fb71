//! Whether the API works, and what it can do.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use miyabi_store::Liveness;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use crate::error::ApiError;
use crate::request::{NoParameters, Parameters, Query, QueryReader};
use crate::response::{json, json_of};
use crate::state::AppState;

/// Whether the API works.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok`; `degraded` where it works without its cache; `down` where it does not work.
    status: HealthStatus,
    /// Whether the tables answer; only where `deep` was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<PartStatus>,
    /// Whether the cache answers, or `none` where there is none; only where `deep` was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    cache: Option<PartStatus>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum HealthStatus {
    Ok,
    Degraded,
    Down,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum PartStatus {
    Ok,
    Down,
    None,
}

impl From<Liveness> for PartStatus {
    fn from(liveness: Liveness) -> Self {
        match liveness {
            Liveness::Ok => Self::Ok,
            Liveness::Down => Self::Down,
            Liveness::None => Self::None,
        }
    }
}

/// How closely to look.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct HealthParameters {
    /// `true` asks the tables and the cache too.
    #[param(value_type = Option<bool>)]
    deep: bool,
}

impl Parameters for HealthParameters {
    fn read(reader: &mut QueryReader) -> Self {
        Self { deep: reader.parsed("deep", "true or false").unwrap_or(false) }
    }
}

/// Check the API
///
/// Whether it runs; with `deep=true`, whether the tables and the cache answer too. Only missing tables are an outage.
#[utoipa::path(
    get,
    path = "/api/health",
    tag = "service",
    operation_id = "getHealth",
    params(HealthParameters),
    responses(
        (status = 200, description = "It works, if perhaps more slowly.", body = Health,
            example = json!({"status": "ok", "table": "ok", "cache": "ok"})),
        (status = 400, description = "A parameter is unknown or breaks its rule."),
        (status = 503, description = "It does not work: the tables are out.", body = Health,
            example = json!({"status": "down", "table": "down", "cache": "ok"})),
    ),
)]
pub(crate) async fn get_health(
    State(state): State<AppState>,
    Query(parameters): Query<HealthParameters>,
) -> Result<Response, ApiError> {
    if !parameters.deep {
        return json_of(StatusCode::OK, &Health { status: HealthStatus::Ok, table: None, cache: None });
    }
    let health = state.store.health().await;
    let (code, status) = match (health.table, health.cache) {
        (Liveness::Down, _) => (StatusCode::SERVICE_UNAVAILABLE, HealthStatus::Down),
        (_, Liveness::Down) => (StatusCode::OK, HealthStatus::Degraded),
        _ => (StatusCode::OK, HealthStatus::Ok),
    };
    let (table, cache) = (Some(health.table.into()), Some(health.cache.into()));
    json_of(code, &Health { status, table, cache })
}

/// Get this document
///
/// The description of the API, as OpenAPI 3.1.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    tag = "service",
    operation_id = "getOpenApi",
    responses((status = 200, description = "The document.", body = serde_json::Value, content_type = "application/json"),
        (status = 400, description = "There are no parameters here, and one was given.")),
)]
pub(crate) async fn get_openapi(Query(NoParameters): Query<NoParameters>) -> Result<Response, ApiError> {
    let document = crate::openapi::document_text().map_err(|error| ApiError::Internal(error.into()))?;
    Ok(json(StatusCode::OK, document.into_bytes()))
}
