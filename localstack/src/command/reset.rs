//! Forgets everything that the local cloud stored.

use anyhow::Context;

use crate::checkout::Checkout;
use crate::command::down;
use crate::console::Step;
use crate::containers;

/// Stops everything and removes its state; what was built stays, because it would only be built again.
pub(crate) async fn run(checkout: &Checkout) -> anyhow::Result<()> {
    let _lock = checkout.lock().await?;
    down::stop_all(checkout).await?;
    let step = Step::begin("removing what was stored");
    containers::remove(checkout).await?;
    for name in ["cloud", "redis", "parts", "synth", "scratch", "log", "env"] {
        let path = checkout.state().join(name);
        let removed =
            if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        match removed {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("remove {}", path.display()));
            }
            _ => {}
        }
    }
    step.done("removed what was stored");
    Ok(())
}
