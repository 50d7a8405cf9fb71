#![doc = include_str!("../README.md")]

mod callbacks;
mod config;
mod context;
mod engine;
mod error;
pub mod functions;
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
pub use options::{
    Alias, AliasParent, AliasSpec, CustomTimeouts, DurationError, InvokeOptions, ResourceOptions,
};
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
