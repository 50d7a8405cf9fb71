//! `miyabi simulate`: policies side by side for one load.

use std::process::ExitCode;

use anyhow::{Context as _, ensure};
use miyabi_shared::scaling::{BUSINESS_HOURS, Bounds, DEPTH_STEPS, DEPTH_TABLE, Policy, TRACKING};
use miyabi_simulator::traces::{self, Moment};
use miyabi_simulator::{Report, Service, Simulation, svg, theory};
use serde_json::json;

use crate::arguments::SimulateArguments;

/// The policies, with what people call them.
const POLICIES: [(&str, Policy); 5] = [
    ("always the fewest", Policy::Fixed(0)),
    ("table of queue depths", Policy::Table(DEPTH_TABLE)),
    ("steps by queue depth", Policy::Steps(DEPTH_STEPS)),
    ("backlog per worker", TRACKING),
    ("backlog, by business hours", Policy::Scheduled(BUSINESS_HOURS, &TRACKING)),
];

pub(crate) fn simulate(arguments: &SimulateArguments) -> anyhow::Result<ExitCode> {
    if arguments.traces {
        print_traces(arguments.json);
        return Ok(ExitCode::SUCCESS);
    }
    ensure!(
        arguments.min <= arguments.max && arguments.max <= 10_000,
        "--min {} --max {}: expected at most as many as --max, which is 10000 at most",
        arguments.min,
        arguments.max
    );
    let bounds = Bounds { min: arguments.min, max: arguments.max };
    let reports = POLICIES.map(|(name, policy)| {
        let policy = match policy {
            Policy::Fixed(_) => Policy::Fixed(arguments.min.max(1)),
            other => other,
        };
        let simulation = Simulation {
            load: arguments.load,
            service: Service::Exponential(arguments.minutes * 60.0),
            policy,
            bounds,
            start_seconds: arguments.start,
            size: arguments.size,
            hours: arguments.hours,
            seed: arguments.seed,
        };
        (name, simulation.run())
    });
    let wanted = arguments.wait * 60.0;
    let good = |report: &Report| report.can_keep_up && report.waits.p95 <= wanted;
    let recommended = reports
        .iter()
        .filter(|(_, report)| good(report))
        .min_by(|(_, one), (_, other)| one.cost.total_cmp(&other.cost));
    if let Some(file) = &arguments.svg {
        let (name, report) = recommended.unwrap_or(&reports[3]);
        let title = format!("{name}: {}, {} minutes each", arguments.load.name(), arguments.minutes);
        std::fs::write(file, svg(&title, &report.samples))
            .with_context(|| format!("writing {}", file.display()))?;
    }
    if arguments.json {
        let policies: Vec<_> =
            reports.iter().map(|(name, report)| json!({"policy": name, "report": report})).collect();
        println!("{}", json!({"policies": policies, "recommended": recommended.map(|(name, _)| name)}));
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "{}, {} minutes each, for {} hours; {} to {} workers of size {}\n",
        arguments.load.name(),
        arguments.minutes,
        arguments.hours,
        bounds.min,
        bounds.max,
        arguments.size
    );
    println!(
        "{:<27} {:>8} {:>8} {:>8} {:>7} {:>5} {:>6} {:>9}  ",
        "policy", "wait p50", "p95", "p99", "workers", "most", "in use", "$ a month"
    );
    for (name, report) in &reports {
        println!(
            "{name:<27} {:>8} {:>8} {:>8} {:>7.1} {:>5} {:>5.0}% {:>9.2}  {}",
            short(report.waits.p50),
            short(report.waits.p95),
            short(report.waits.p99),
            report.mean_workers,
            report.most_workers,
            report.utilization * 100.0,
            report.cost_a_month,
            if report.can_keep_up {
                String::new()
            } else {
                format!("the queue grows without end: {} left", report.left)
            }
        );
    }
    println!();
    match recommended {
        Some((name, report)) => println!(
            "Recommended: {name}. It is the cheapest with which 95 of 100 jobs wait {} or less ({}).",
            short(wanted),
            short(report.waits.p95)
        ),
        None => println!(
            "None of them keeps 95 of 100 jobs from waiting longer than {}: allow more than {} workers, or longer waits.",
            short(wanted),
            bounds.max
        ),
    }
    let jobs = reports[0].1.jobs;
    #[expect(clippy::cast_precision_loss, reason = "a number of jobs")]
    let rate = jobs as f64 / (arguments.hours * 3600.0);
    println!(
        "Queueing theory: a steady load like this needs {} workers to be served at all, and {} for a mean wait of {}.",
        theory::workers_for(rate, arguments.minutes * 60.0, f64::INFINITY),
        theory::workers_for(rate, arguments.minutes * 60.0, wanted),
        short(wanted)
    );
    Ok(ExitCode::SUCCESS)
}

fn short(seconds: f64) -> String {
    match seconds {
        0.0..60.0 => format!("{seconds:.0} s"),
        60.0..3600.0 => format!("{:.1} min", seconds / 60.0),
        _ => format!("{:.1} h", seconds / 3600.0),
    }
}

fn print_traces(as_json: bool) {
    let (steps, processors) = (traces::steps(), traces::processors());
    if as_json {
        println!("{}", json!({"steps": steps, "processors": processors, "findings": traces::FINDINGS}));
        return;
    }
    print_trace("Steps by queue depth", "jobs that wait", &steps);
    print_trace("Tracking a processor use of 70 %", "percent", &processors);
    println!("What does not hold:");
    for finding in traces::FINDINGS {
        println!("- {finding}");
    }
}

fn print_trace(title: &str, measured: &str, moments: &[Moment]) {
    println!("{title}\n{:>7} {measured:>15} {:>8} {:>9}", "minute", "claimed", "computed");
    for Moment { minute, measured, claimed, computed } in moments {
        let mark = if claimed == computed { "" } else { "  differs" };
        println!("{minute:>7} {measured:>15} {claimed:>8} {computed:>9}{mark}");
    }
    println!();
}
