//! The page's journeys, on the page of a real Miyabi.

use std::process::Stdio;

use anyhow::{Context, ensure};
use tokio::process::Command;

use crate::support::{cloud, run};

/// Runs the journeys of `app/dashboard/e2e` whose system is a running one; what failed is named in their output.
#[test]
fn every_journey_leads_to_its_end_on_a_real_system() {
    run(async {
        let cloud = cloud().await?;
        let output = Command::new("npx")
            .args(["--no-install", "playwright", "test", "--project=live", "--workers=1", "--reporter=list"])
            .current_dir(miyabi_tests::root().join("app/dashboard"))
            .env("MIYABI_DASHBOARD_URL", cloud.dashboard_url())
            .env("MIYABI_CHROMIUM", miyabi_tests::chromium()?)
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await
            .context("starting npx, which comes with Node.js")?;
        let text = String::from_utf8_lossy(&output.stdout);
        ensure!(output.status.success(), "{text}\n{}", String::from_utf8_lossy(&output.stderr));
        ensure!(text.lines().any(|line| line.trim_start().contains(" passed")), "no journey ran: {text}");
        Ok(())
    });
}
