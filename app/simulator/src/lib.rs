//! How long jobs wait, how many workers there are, and what they cost, for a load and a scaling policy.
//!
//! Pure and repeatable: the same seed gives the same run. The policies are those of [`miyabi_shared::scaling`], which the
//! infrastructure deploys. [`theory`] holds what queueing theory says of a fixed number of workers, against which the
//! simulation is checked.

mod load;
mod plot;
mod run;
pub mod theory;
pub mod traces;

pub use load::Load;
pub use plot::svg;
pub use run::{Report, Sample, Service, Simulation, Waits};
