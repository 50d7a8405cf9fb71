//! Pulumi registrations as a CloudFormation template.
//!
//! A program runs against a monitor that records what it registers and answers with tokens in place of what only a
//! deployment would know. The tokens come back in later inputs, and become `Ref`, `Fn::GetAtt` and `Fn::Sub` there.
//! Every property is mapped, or it is an error: a template that says less than the program is never written silently.

mod archive;
mod fields;
mod fold;
mod intrinsic;
mod lacks;
mod logical_id;
mod mapping;
mod monitor;
mod problem;
mod synthesis;
mod token;

pub use archive::ArchiveError;
pub use lacks::{Extent, Lack, MINISTACK_LACKS};
pub use monitor::{Settings, SynthesisError, synthesize};
pub use problem::{LeftOut, Problem, Problems, Report};
pub use synthesis::{Asset, Synthesis, WriteError};
