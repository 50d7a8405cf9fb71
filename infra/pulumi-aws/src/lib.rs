//! Typed AWS resources for the Pulumi SDK.
