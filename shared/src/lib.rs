//! The contract of infrastructure and application.
//!
//! Whatever both sides must agree on is declared here once, as a value or a type: tables and their keys, log
//! groups, functions with their memory, timeout, environment and access, task types, and the JSON that the API
//! speaks. `infra` builds resources from these declarations, `app` uses them at run time, and a name that is
//! wrong does not compile. The crate depends on serde, and knows neither AWS nor Pulumi.

pub mod access;
pub mod bucket;
pub mod cache;
pub mod config;
pub mod credential;
pub mod event;
pub mod function;
pub mod id;
pub mod job;
pub mod limits;
pub mod local;
pub mod log_group;
pub mod metric;
pub mod outputs;
pub mod page;
pub mod problem;
pub mod push;
pub mod queue;
pub mod scaling;
pub mod scope;
pub mod sign_in;
pub mod stage;
pub mod table;
pub mod task;
pub mod timestamp;

pub use access::Access;
pub use event::{EventBody, TaskEvent};
pub use function::Function;
pub use id::{InvalidId, ProjectId, StepId, TaskId, TaskType};
pub use log_group::LogGroup;
pub use queue::Queue;
pub use stage::Stage;
pub use table::Table;
pub use task::{Estimate, EstimateBasis, Progress, Step, StepStatus, Task, TaskStatus};
pub use timestamp::Timestamp;
