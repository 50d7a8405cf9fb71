//! A client of the HTTP API.
//!
//! Every call has a time-out. A call that can be repeated without harm is repeated after an answer that says so
//! ([`Retries`]), no sooner than its `Retry-After`; who repeats by itself takes [`Retries::NONE`]. What a caller shows
//! itself with comes from a [`CredentialSource`], which is asked for another one after a 401. A refusal is
//! [`ClientError::Refused`] with the API's problem details.
//!
//! ```no_run
//! use miyabi_client::{Answer, Client, Secret};
//!
//! # async fn example() -> Result<(), miyabi_client::ClientError> {
//! let client = Client::new("https://miyabi.example.com")?.with_secret(Secret::new("mky_0123456789abcdef_…"));
//!
//! // Every task of a project, newest first, a page at a time.
//! let mut pages = client.pages(vec![("project", "shop".to_owned())]);
//! while let Some(tasks) = pages.next().await? {
//!     for task in tasks {
//!         println!("{} {}", task.task_id, task.status);
//!     }
//! }
//!
//! // One task, again and again: an answer that is known already costs a few bytes.
//! let mut tag = None;
//! loop {
//!     if let Answer::New(detail, new) = client.task("deploy-1", tag.as_deref()).await? {
//!         println!("{:?}", detail.task.progress.percentage);
//!         tag = new;
//!         if detail.task.status.is_terminal() {
//!             return Ok(());
//!         }
//!     }
//!     tokio::time::sleep(std::time::Duration::from_secs(1)).await;
//! }
//! # }
//! ```

mod answers;
mod calls;
mod client;
mod credential;
mod error;
mod pages;
mod query;
mod retry;

pub use answers::{Answer, Health, LogLine, LogPage, TaskDetail, TaskPage};
pub use client::Client;
pub use credential::{CredentialError, CredentialSource, Secret, SecretFuture};
pub use error::{ClientError, chain};
pub use pages::Pages;
pub use query::encode;
pub use retry::{Backoff, Retries};
