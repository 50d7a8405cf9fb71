//! The monitor: who answers registrations. The engine is one, a mock is one, a template writer is one.

use async_trait::async_trait;

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
