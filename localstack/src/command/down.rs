//! Stops what `up` started, and nothing else.

use miyabi_local::process::Stopped;

use crate::checkout::Checkout;
use crate::console::{self, Step};
use crate::containers;
use crate::parts::Part;

/// Stops everything; what was stored stays.
pub(crate) async fn run(checkout: &Checkout) -> anyhow::Result<()> {
    let _lock = checkout.lock().await?;
    if stop_all(checkout).await? == 0 {
        console::note("nothing was running");
    }
    Ok(())
}

/// Stops every part; says how many there were.
pub(crate) async fn stop_all(checkout: &Checkout) -> anyhow::Result<usize> {
    let mut stopped = 0;
    for part in Part::ALL.into_iter().rev() {
        let step = Step::begin(&format!("stopping {}", part.title()));
        match part.stop(checkout)? {
            None => step.forget(),
            Some(how) => {
                stopped += 1;
                step.done(&match how {
                    Stopped::Ended => format!("{} stopped", part.title()),
                    Stopped::Killed => format!("{} did not end when asked, and was killed", part.title()),
                    Stopped::WasGone => format!("{} had ended by itself", part.title()),
                });
            }
        }
    }
    if containers::are_ours(checkout) {
        containers::stop(checkout).await?;
        stopped += 1;
    }
    Ok(stopped)
}
