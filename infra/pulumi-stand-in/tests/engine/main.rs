//! The infrastructure on the real Pulumi engine, with our language host and the stand-in provider, and what the engine
//! makes of programs that end badly.
//!
//! `./just test` says where the Pulumi CLI is, which it finds or builds, and builds the programs. No account and no
//! network; all state is in temporary folders.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod by_hand;
mod callbacks;
mod comfort;
mod ends;
mod life;
mod project;
mod secrets;
mod values;
