//! Keeps the public keys of an issuer in the table of credentials.
//!
//! The function that answers the API runs within the network, where the cache is, and has no way to an issuer from there; to
//! the tables it has. So this one, outside of the network, asks the issuer once a minute. [`fetch`] is also how the API asks
//! where it has a way.

mod fetch;
mod keeper;

pub use fetch::{Fetcher, KeysError};
pub use keeper::{Keeper, KeeperError};
