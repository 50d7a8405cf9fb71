//! The HTTP API function and its OpenAPI document.
