//! A Pulumi SDK for Rust: context, outputs, inputs, resource options, components, the wire, mocks.
//!
//! A program registers resources through a [`Context`]. What it reads of them are [`Output`]s, which it passes on
//! as inputs of others; the order of registrations follows from that, and whatever does not depend on each other
//! runs at the same time.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! use std::sync::Arc;
//!
//! use pulumi::mocks::{Echo, Recorder};
//! use pulumi::{Context, Inputs, ResourceOptions, ResourceType, RunInfo, Value, interpolate};
//!
//! // Typed packages declare their resources; without one, a token and a bag of inputs do.
//! const BUCKET: ResourceType = ResourceType::new("aws:s3/bucket:Bucket", "7.51.1");
//! const OBJECT: ResourceType = ResourceType::new("aws:s3/bucketObjectv2:BucketObjectv2", "7.51.1");
//!
//! async fn program(context: Context) -> Result<(), pulumi::Error> {
//!     let bucket = context.custom_resource(&BUCKET, "site", Inputs::new(), ResourceOptions::new());
//!
//!     let inputs = Inputs::new().with("bucket", bucket.id()).with("key", "index.html");
//!     context.custom_resource(&OBJECT, "page", inputs, ResourceOptions::new());
//!
//!     context.export("address", interpolate!("s3://{}/index.html", bucket.id()));
//!     Ok(())
//! }
//!
//! let recorder = Arc::new(Recorder::new(Echo));
//! pulumi::run_with(recorder.clone(), RunInfo::new("website", "test"), program).await.unwrap();
//!
//! let page = recorder.resource("page").unwrap();
//! assert_eq!(page.inputs["bucket"], Value::String("site-id".to_owned()));
//! assert_eq!(page.request.dependencies, [recorder.resource("site").unwrap().urn]);
//! assert_eq!(recorder.stack_outputs()["address"], Value::String("s3://site-id/index.html".to_owned()));
//! # });
//! ```
//!
//! Who answers is a [`Monitor`]: the engine where [`run()`] is all that `main` does, [`mocks`] in tests, or anything
//! else that takes the same messages.

mod callbacks;
mod config;
mod context;
mod engine;
mod error;
mod hooks;
mod input;
mod json;
pub mod mocks;
mod monitor;
mod options;
mod output;
mod program;
mod resource;
mod run;
mod stack_reference;
mod stash;
mod tracker;
mod transforms;
pub mod urn;
mod value;
pub mod wire;

pub use async_trait::async_trait;
pub use callbacks::Callbacks;
pub use config::{Config, ConfigError};
pub use context::{Context, LogLevel};
pub use engine::{Engine, EngineError};
pub use error::{Error, Failure};
pub use hooks::{ErrorHook, FailedCall, HookCall, HookOptions, HookPoint, OnError, ResourceHook};
pub use input::{
    Accepts, Args, FromEnvironment, Input, Inputs, List, Map, Missing, Pending, Property, Provided, ToInput,
    from_environment,
};
pub use json::Json;
pub use monitor::Monitor;
pub use options::{Alias, AliasParent, AliasSpec, CustomTimeouts, InvokeOptions, ResourceOptions};
pub use output::{All, Held, IntoText, Output, Resolver, all};
pub use program::{StartError, run};
pub use prost_types;
pub use resource::{
    Component, CustomResource, FunctionType, Package, Parameterization, RemoteComponent, Resource,
    ResourceHandle, ResourceType,
};
pub use run::{RunError, RunInfo, run_with};
pub use stack_reference::StackReference;
pub use stash::Stash;
pub use tonic;
pub use transforms::{CallbackResult, TransformedInvocation, TransformedResource};
pub use value::{
    Archive, ArchiveSource, Asset, AssetOrArchive, AssetSource, Fields, FromValue, LARGEST_INTEGER,
    OutputValue, ResourceReference, Single, Value, ValueError, ValueErrorKind,
};
