//! How many lines a second the local emulator takes from `miyabi run`, with the collector reading them.

use std::collections::BTreeSet;
use std::time::Instant;

use anyhow::{Context, ensure};
use miyabi_local::cloud::Cloud;
use miyabi_tests::{MiyabiRun, miyabi};

/// Prints lines as fast as it can, waits until all of them are delivered, and counts what arrived.
pub(crate) async fn measure(cloud: &Cloud, lines: usize) -> anyhow::Result<()> {
    let id = format!("shipping-{}", uuid::Uuid::now_v7());
    let count = lines.to_string();
    let began = Instant::now();
    let arguments =
        ["run", "-q", "--wait", "300", "--task-id", &id, "--", "seq", "-f", "line %.0f of a job", &count];
    let output = MiyabiRun::start(miyabi(cloud, &arguments)?)?.end().await?;
    let took = began.elapsed();
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let task = miyabi_tests::Api::new(cloud.api_url())?.task(&id).await?.context("the task")?;
    let group = task["log_group"].as_str().context("its log group")?;

    let (mut arrived, mut repeated) = (BTreeSet::new(), 0);
    let mut token: Option<String> = None;
    loop {
        let request = cloud.emulator().logs().get_log_events().log_group_name(group).log_stream_name(&id);
        let page = request.start_from_head(true).set_next_token(token.clone()).send().await?;
        for event in page.events() {
            let number = event.message().and_then(|message| message.strip_prefix("line ")?.split(' ').next());
            if let Some(number) = number.and_then(|number| number.parse::<usize>().ok()) {
                repeated += usize::from(!arrived.insert(number));
            }
        }
        let next = page.next_forward_token().map(str::to_owned);
        if next == token {
            break;
        }
        token = next;
    }
    ensure!(arrived.len() == lines && repeated == 0, "{} of {lines} lines, {repeated} twice", arrived.len());
    let speed = lines as f64 / took.as_secs_f64();
    println!("shipping into the emulator, {lines} lines: {speed:.0} lines/s, none lost, none twice (no aim)");
    Ok(())
}
