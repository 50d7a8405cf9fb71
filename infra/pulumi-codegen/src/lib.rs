//! A Pulumi package schema in, typed Rust out.
