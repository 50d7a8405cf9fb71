//! Callbacks: functions of the program that the engine calls, for transforms and hooks.

use std::collections::HashMap;
use std::fmt;
use std::future::{Future, poll_fn};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};

use futures::FutureExt as _;
use futures::future::BoxFuture;
use prost::Message;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

use crate::engine::LARGEST_MESSAGE;
use crate::error::panic_message;
use crate::program::catching_panics;
use crate::tracker::{Tracker, lock, scope};
use crate::wire;

#[expect(
    unused_qualifications,
    unreachable_pub,
    reason = "generated from proto/pulumi.proto, whose names are Pulumi's"
)]
mod service {
    include!(concat!(env!("OUT_DIR"), "/callbacks/pulumirpc.rs"));
}

type Function = Arc<dyn Fn(&[u8]) -> BoxFuture<'static, Result<Vec<u8>, Status>> + Send + Sync>;

/// The functions of one run that its monitor may call, by their tokens.
#[derive(Clone)]
pub struct Callbacks {
    functions: Arc<Mutex<HashMap<String, Function>>>,
    tracker: Tracker,
}

impl Callbacks {
    pub(crate) fn new(tracker: Tracker) -> Self {
        Self { functions: Arc::default(), tracker }
    }

    /// Adds a function, and gives the token by which it is called. Nobody can guess a token.
    pub(crate) fn add<Q, A, F>(&self, function: impl Fn(Q) -> F + Send + Sync + 'static) -> String
    where
        Q: Message + Default,
        A: Message,
        F: Future<Output = Result<A, Status>> + Send + 'static,
    {
        let function = move |request: &[u8]| match Q::decode(request) {
            Ok(request) => {
                let answer = function(request);
                async move { Ok(answer.await?.encode_to_vec()) }.boxed()
            }
            Err(error) => {
                let error = Status::invalid_argument(format!("the request cannot be read: {error}"));
                async move { Err(error) }.boxed()
            }
        };
        let token = uuid::Uuid::now_v7().to_string();
        lock(&self.functions).insert(token.clone(), Arc::new(function));
        token
    }

    /// Calls the function with that token. A panic in it is an error like any other.
    ///
    /// # Errors
    /// When there is no such function, or it fails.
    pub async fn invoke(&self, token: &str, request: &[u8]) -> Result<Vec<u8>, Status> {
        let function = lock(&self.functions).get(token).cloned();
        let function = function.ok_or_else(|| Status::not_found("there is no callback with this token"))?;
        let request = request.to_vec();
        let mut running = async move { function(&request).await }.boxed();
        let caught = poll_fn(move |context| catching_panics(|| running.as_mut().poll(context)));
        let answer = scope(self.tracker.clone(), AssertUnwindSafe(caught).catch_unwind());
        self.tracker.called_back(answer).await.unwrap_or_else(|payload| {
            Err(Status::unknown(format!("callback panicked: {}", panic_message(payload.as_ref()))))
        })
    }

    /// Serves the functions on this machine, for an engine in another process.
    pub(crate) async fn serve(&self) -> std::io::Result<Served> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let target = listener.local_addr()?.to_string();
        let service = service::callbacks_server::CallbacksServer::new(self.clone())
            .max_decoding_message_size(LARGEST_MESSAGE)
            .max_encoding_message_size(LARGEST_MESSAGE);
        let serving = tonic::transport::Server::builder()
            .add_service(service)
            .serve_with_incoming(TcpIncoming::from(listener));
        let serving = tokio::spawn(serving).abort_handle();
        Ok(Served { target, serving })
    }
}

#[tonic::async_trait]
impl service::callbacks_server::Callbacks for Callbacks {
    async fn invoke(
        &self,
        request: Request<wire::CallbackInvokeRequest>,
    ) -> Result<Response<wire::CallbackInvokeResponse>, Status> {
        let request = request.into_inner();
        let response = self.invoke(&request.token, &request.request).await?;
        Ok(Response::new(wire::CallbackInvokeResponse { response }))
    }
}

impl fmt::Debug for Callbacks {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = lock(&self.functions).len();
        formatter.debug_struct("Callbacks").field("functions", &count).finish_non_exhaustive()
    }
}

/// Functions that are being served, until this is dropped.
#[derive(Debug)]
pub(crate) struct Served {
    pub(crate) target: String,
    serving: AbortHandle,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.serving.abort();
    }
}
