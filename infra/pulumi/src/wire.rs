//! The wire: the engine's messages, and how values are written in them.

mod codec;
mod signature;

pub use codec::{decode_struct, decode_value, encode_struct, encode_value};

/// What stands for an unknown value where a text is sent.
pub(crate) use signature::UNKNOWN;

/// Whether a text stands for an unknown value.
pub(crate) fn is_unknown(text: &str) -> bool {
    signature::UNKNOWNS.contains(&text)
}

#[expect(
    missing_docs,
    unused_qualifications,
    clippy::all,
    reason = "generated from proto/pulumi.proto, whose names are Pulumi's"
)]
mod messages {
    tonic::include_proto!("pulumirpc");
}

pub use messages::*;
