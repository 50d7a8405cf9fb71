//! What must not compile, each beside its twin that does: they differ in one thing only, so that one is the reason.
//!
//! A missing required input:
//! ```
//! # use pulumi_aws::{dynamodb, lambda};
//! # fn declare(context: &pulumi::Context, table: &dynamodb::Table) {
//! let _ = lambda::Function::new(context, "worker", lambda::FunctionArgs::new().memory_size(512).role("arn"));
//! # }
//! ```
//! ```compile_fail
//! # use pulumi_aws::{dynamodb, lambda};
//! # fn declare(context: &pulumi::Context, table: &dynamodb::Table) {
//! let _ = lambda::Function::new(context, "worker", lambda::FunctionArgs::new().memory_size(512));
//! # }
//! ```
//!
//! A missing required input of a nested type:
//! ```
//! # use pulumi_aws::{dynamodb, lambda};
//! # fn declare(context: &pulumi::Context, table: &dynamodb::Table) {
//! let _ = dynamodb::TableArgs::new().attributes([dynamodb::TableAttributeArgs::new().name("id").type_("S")]);
//! # }
//! ```
//! ```compile_fail
//! # use pulumi_aws::{dynamodb, lambda};
//! # fn declare(context: &pulumi::Context, table: &dynamodb::Table) {
//! let _ = dynamodb::TableArgs::new().attributes([dynamodb::TableAttributeArgs::new().name("id")]);
//! # }
//! ```
//!
//! An unknown property:
//! ```
//! # use pulumi_aws::{dynamodb, lambda};
//! # fn declare(context: &pulumi::Context, table: &dynamodb::Table) {
//! let _ = dynamodb::TableArgs::new().billing_mode("PAY_PER_REQUEST");
//! # }
//! ```
//! ```compile_fail
//! # use pulumi_aws::{dynamodb, lambda};
//! # fn declare(context: &pulumi::Context, table: &dynamodb::Table) {
//! let _ = dynamodb::TableArgs::new().biling_mode("PAY_PER_REQUEST");
//! # }
//! ```
//!
//! A value of another type:
//! ```
//! # use pulumi_aws::{dynamodb, lambda};
//! # fn declare(context: &pulumi::Context, table: &dynamodb::Table) {
//! let _ = lambda::FunctionArgs::new().memory_size(512);
//! # }
//! ```
//! ```compile_fail
//! # use pulumi_aws::{dynamodb, lambda};
//! # fn declare(context: &pulumi::Context, table: &dynamodb::Table) {
//! let _ = lambda::FunctionArgs::new().memory_size("512");
//! # }
//! ```
//!
//! An output of another type:
//! ```
//! # use pulumi_aws::{dynamodb, lambda};
//! # fn declare(context: &pulumi::Context, table: &dynamodb::Table) {
//! let _ = lambda::FunctionArgs::new().description(table.arn());
//! # }
//! ```
//! ```compile_fail
//! # use pulumi_aws::{dynamodb, lambda};
//! # fn declare(context: &pulumi::Context, table: &dynamodb::Table) {
//! let _ = lambda::FunctionArgs::new().memory_size(table.arn());
//! # }
//! ```
//!
//! A value in place of an object:
//! ```
//! # use pulumi_aws::{dynamodb, lambda};
//! # fn declare(context: &pulumi::Context, table: &dynamodb::Table) {
//! let _ = dynamodb::TableArgs::new().ttl(dynamodb::TableTtlArgs::new().enabled(true));
//! # }
//! ```
//! ```compile_fail
//! # use pulumi_aws::{dynamodb, lambda};
//! # fn declare(context: &pulumi::Context, table: &dynamodb::Table) {
//! let _ = dynamodb::TableArgs::new().ttl(true);
//! # }
//! ```
//!
//! An enumeration of something else:
//! ```
//! # use pulumi_aws::{dynamodb, lambda};
//! # fn declare(context: &pulumi::Context, table: &dynamodb::Table) {
//! let _ = lambda::FunctionArgs::new().runtime(lambda::Runtime::ProvidedAl2023);
//! # }
//! ```
//! ```compile_fail
//! # use pulumi_aws::{dynamodb, lambda};
//! # fn declare(context: &pulumi::Context, table: &dynamodb::Table) {
//! let _ = lambda::FunctionArgs::new().runtime(lambda::Architecture::Arm64);
//! # }
//! ```
