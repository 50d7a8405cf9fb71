//! The monitor: who answers registrations. The engine is one, a mock is one, a template writer is one.

use async_trait::async_trait;

use crate::callbacks::Callbacks;
use crate::wire;

/// What answers a program's calls.
///
/// Every monitor gets the messages that the engine would get, and answers with what the engine would answer: a
/// program is written to the wire and read back from it whoever listens. Calls come concurrently; one comes only
/// after everything that it depends on was answered. `UNAVAILABLE` and `CANCELLED` mean that the monitor has gone
/// and has already said why.
#[async_trait]
pub trait Monitor: Send + Sync + 'static {
    /// Registers a resource.
    async fn register_resource(
        &self,
        request: wire::RegisterResourceRequest,
    ) -> Result<wire::RegisterResourceResponse, tonic::Status>;

    /// Takes the outputs of a component or of the stack, once for each.
    async fn register_resource_outputs(
        &self,
        request: wire::RegisterResourceOutputsRequest,
    ) -> Result<(), tonic::Status>;

    /// Reads a resource that exists already.
    async fn read_resource(
        &self,
        _request: wire::ReadResourceRequest,
    ) -> Result<wire::ReadResourceResponse, tonic::Status> {
        Err(tonic::Status::unimplemented("this monitor reads no resources"))
    }

    /// Invokes a provider's function.
    async fn invoke(
        &self,
        request: wire::ResourceInvokeRequest,
    ) -> Result<wire::InvokeResponse, tonic::Status> {
        Err(tonic::Status::unimplemented(format!("this monitor does not know {}", request.tok)))
    }

    /// Calls a method of a resource.
    async fn call(&self, request: wire::ResourceCallRequest) -> Result<wire::CallResponse, tonic::Status> {
        Err(tonic::Status::unimplemented(format!("this monitor does not know {}", request.tok)))
    }

    /// Registers a package, and gives what requests name it by.
    async fn register_package(
        &self,
        request: wire::RegisterPackageRequest,
    ) -> Result<wire::RegisterPackageResponse, tonic::Status> {
        Err(tonic::Status::unimplemented(format!("this monitor does not know the package {}", request.name)))
    }

    /// Takes the functions of the program that it may call, and says what callbacks name as their target. Called
    /// once, before the first callback. A monitor in this process keeps `callbacks` and calls them directly; one in
    /// another process is given an address.
    async fn callback_target(&self, _callbacks: Callbacks) -> Result<String, tonic::Status> {
        Err(tonic::Status::unimplemented("this monitor calls nothing back"))
    }

    /// Registers a function that may change every resource before it is registered.
    async fn register_stack_transform(&self, _callback: wire::Callback) -> Result<(), tonic::Status> {
        Err(tonic::Status::unimplemented("this monitor transforms nothing"))
    }

    /// Registers a function that may change every invocation before it is made.
    async fn register_stack_invoke_transform(&self, _callback: wire::Callback) -> Result<(), tonic::Status> {
        Err(tonic::Status::unimplemented("this monitor transforms nothing"))
    }

    /// Registers a function that is called before or after an operation on a resource.
    async fn register_resource_hook(
        &self,
        request: wire::RegisterResourceHookRequest,
    ) -> Result<(), tonic::Status> {
        Err(tonic::Status::unimplemented(format!("this monitor has no use for the hook {}", request.name)))
    }

    /// Registers a function that is called when an operation on a resource has failed.
    async fn register_error_hook(
        &self,
        request: wire::RegisterErrorHookRequest,
    ) -> Result<(), tonic::Status> {
        Err(tonic::Status::unimplemented(format!("this monitor has no use for the hook {}", request.name)))
    }

    /// Fails where the Pulumi CLI's version is outside of a range such as `>=3.240.0`.
    async fn require_pulumi_version(&self, _range: &str) -> Result<(), tonic::Status> {
        Ok(())
    }

    /// Whether the monitor understands a feature of the protocol.
    async fn supports_feature(&self, _id: &str) -> Result<bool, tonic::Status> {
        Ok(true)
    }

    /// Takes a message for the person who runs the program.
    async fn log(&self, _request: wire::LogRequest) -> Result<(), tonic::Status> {
        Ok(())
    }

    /// Learns that a program is complete and has not failed; returns when the program may end.
    async fn signal_and_wait_for_shutdown(&self) -> Result<(), tonic::Status> {
        Ok(())
    }
}
