//! Puts Miyabi into an emulator: the infrastructure program's template, the functions and the page.

mod assets;
mod clients;
mod error;
mod page;
mod stack;
mod synth;

pub use assets::Asset;
pub use clients::Emulator;
pub use error::DeployError;
pub use page::{PageChanges, upload_page};
pub use stack::{Outputs, STACK_NAME, StackChange, StackDeployment, deploy_stack};
pub use synth::{Synthesis, synthesise};

/// The bucket that holds the functions' code and what the local cloud remembers about itself.
pub const ASSET_BUCKET: &str = "miyabi-local-assets";
