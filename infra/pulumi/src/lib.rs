//! A Pulumi SDK for Rust: context, output, options, wire, mocks.
