//! Signing in: where people get tokens from, how they are kept, and how they are renewed before they end.

pub(crate) mod browser;
pub(crate) mod issuer;
pub(crate) mod proof;
pub(crate) mod session;
pub(crate) mod store;
