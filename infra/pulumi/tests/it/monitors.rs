//! Monitors that misbehave, or look closely.

use std::collections::BTreeMap;
use std::sync::Arc;

use pulumi::mocks::{Echo, Mocks, NewResource, Recorder};
use pulumi::{
    Context, CustomResource, Inputs, Monitor, ResourceOptions, ResourceType, RunError, RunInfo, Value,
    async_trait, run_with, tonic, wire,
};
use tokio::sync::Barrier;

pub(crate) const THING: ResourceType = ResourceType::new("test:index:Thing", "1.2.3");

/// Registers a thing with no options.
#[track_caller]
pub(crate) fn thing(context: &Context, name: &str, inputs: Inputs) -> CustomResource {
    context.custom_resource(&THING, name, inputs, ResourceOptions::new())
}

/// Runs a program against mocks that echo.
pub(crate) async fn recorded<F>(
    program: impl FnOnce(Context) -> F + Send + 'static,
) -> (Arc<Recorder>, Result<(), RunError>)
where
    F: Future<Output = Result<(), Failed>> + Send + 'static,
{
    let recorder = Arc::new(Recorder::new(Echo));
    let result = run_with(recorder.clone(), RunInfo::new("project", "stack"), program).await;
    (recorder, result)
}

/// What a test's program returns.
pub(crate) type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Answers with what a test gives it, by the resource's name.
pub(crate) struct Given(pub(crate) BTreeMap<&'static str, BTreeMap<String, Value>>);

impl Mocks for Given {
    fn new_resource(&self, resource: &NewResource) -> (String, BTreeMap<String, Value>) {
        let state = self.0.get(resource.name.as_str()).cloned().unwrap_or_default();
        (format!("{}-id", resource.name), state)
    }
}

/// Wraps a recorder and answers some registrations in its own way.
pub(crate) struct Special {
    pub(crate) inner: Recorder,
    /// Registrations with this name are refused with this code.
    pub(crate) refused: Option<(&'static str, tonic::Code)>,
    /// Registrations with this name are reported with this result.
    pub(crate) reported: Option<(&'static str, wire::Result)>,
    /// Registrations of things wait until so many are under way.
    pub(crate) together: Option<Barrier>,
    /// Answers have no identifier and no object, as in the preview of a creation.
    pub(crate) nothing_known: bool,
}

impl Special {
    pub(crate) fn new() -> Self {
        Self {
            inner: Recorder::new(Echo),
            refused: None,
            reported: None,
            together: None,
            nothing_known: false,
        }
    }
}

#[async_trait]
impl Monitor for Special {
    async fn register_resource(
        &self,
        request: wire::RegisterResourceRequest,
    ) -> Result<wire::RegisterResourceResponse, tonic::Status> {
        if let Some((name, code)) = self.refused
            && request.name == name
        {
            return Err(tonic::Status::new(code, "refused by the test"));
        }
        if let (Some(barrier), true) = (&self.together, request.custom) {
            barrier.wait().await;
        }
        let name = request.name.clone();
        let mut response = self.inner.register_resource(request).await?;
        if let Some((reported, result)) = self.reported
            && name == reported
        {
            response.result = result.into();
        }
        if self.nothing_known {
            response.id.clear();
            response.object = None;
        }
        Ok(response)
    }

    async fn register_resource_outputs(
        &self,
        request: wire::RegisterResourceOutputsRequest,
    ) -> Result<(), tonic::Status> {
        self.inner.register_resource_outputs(request).await
    }

    async fn log(&self, request: wire::LogRequest) -> Result<(), tonic::Status> {
        self.inner.log(request).await
    }

    async fn signal_and_wait_for_shutdown(&self) -> Result<(), tonic::Status> {
        self.inner.signal_and_wait_for_shutdown().await
    }
}
