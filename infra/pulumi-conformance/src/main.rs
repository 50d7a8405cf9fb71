//! `pulumi-conformance [TEST…]`: runs Pulumi's conformance suite with our language host, and writes a table of it.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command tells what it does")]

use std::collections::BTreeSet;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};
use clap::Parser;
use pulumi_conformance::fresh;
use pulumi_conformance::program::{self, Program};
use pulumi_conformance::report::{self, Outcome, Verdict, left_out};
use pulumi_conformance::suite::{Places, Suite};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Tells cargo's stand-in where it is.
const STATE: &str = "PULUMI_CONFORMANCE_STATE";
/// Tells it where cargo is.
const CARGO: &str = "PULUMI_CONFORMANCE_CARGO";
/// The tests that are part of every test run: all of l1, and of l2 what this lists.
const SUBSET: &str = include_str!("../subset.txt");

/// Runs Pulumi's conformance suite with the language host for Rust.
#[derive(Debug, Parser)]
struct Options {
    /// Only the tests whose names contain one of these.
    tests: Vec<String>,
    /// The suite, `pulumi-test-language`.
    #[arg(long, env = "MIYABI_PULUMI_TEST_LANGUAGE")]
    suite: PathBuf,
    /// The suite's version, for the page.
    #[arg(long, env = "MIYABI_PULUMI_TEST_LANGUAGE_VERSION", default_value = "of this machine")]
    suite_version: String,
    /// The language host; the one beside this program where none is given.
    #[arg(long)]
    host: Option<PathBuf>,
    /// A folder for what is made; below cargo's target folder where none is given.
    #[arg(long)]
    state: Option<PathBuf>,
    /// Only the tests of every test run.
    #[arg(long)]
    subset: bool,
    /// Also the tests without a program, to have their packages generated.
    #[arg(long, hide = true)]
    without_programs: bool,
    /// Where to write the page, once everything was run.
    #[arg(long)]
    page: Option<PathBuf>,
}

fn main() -> ExitCode {
    let result = match (env::var_os(STATE), env::args_os().next()) {
        (Some(state), Some(name)) if Path::new(&name).file_name() == Some(OsStr::new("cargo")) => {
            cargo(Path::new(&state))
        }
        _ => run(Options::parse()),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

/// As cargo: keeps fresh what is, and goes on as cargo itself.
fn cargo(state: &Path) -> Result<ExitCode> {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "build" || first == "rustc") {
        let folders = [state.join("run/artifacts"), env::current_dir()?];
        fresh::restore(&folders, &state.join("times"))?;
    }
    let cargo = env::var_os(CARGO).with_context(|| format!("{CARGO} is not set"))?;
    Err(Command::new(&cargo).args(arguments).exec()).with_context(|| cargo.display().to_string())
}

fn run(options: Options) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        tokio::select! {
            result = conform(options) => result,
            _ = tokio::signal::ctrl_c() => bail!("interrupted"),
        }
    })
}

async fn conform(options: Options) -> Result<ExitCode> {
    let own = env::current_exe()?;
    let beside = own.parent().context("this program is nowhere")?;
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let places = Places {
        suite: options.suite,
        host: options.host.unwrap_or_else(|| beside.join("pulumi-language-rust")),
        sdk: crate_folder.join("../pulumi").canonicalize()?,
        programs: crate_folder.join("programs"),
        lock: crate_folder.join("../../Cargo.lock"),
        state: options.state.unwrap_or_else(|| beside.join("../conformance")),
    };
    fs::create_dir_all(&places.state)?;
    let places = Places { state: places.state.canonicalize()?, ..places };
    // Two runs at once would take each other's files away.
    let lock = File::create(places.state.join("lock"))?;
    if lock.try_lock().is_err() {
        eprintln!("waiting for another run to end");
        lock.lock()?;
    }

    let begin = Instant::now();
    let suite = Suite::start(&places, &variables(&places.state, &own)?).await?;
    let programs = program::all(&places.programs)?;
    let subset: BTreeSet<&str> = SUBSET.lines().collect();
    let wanted = |test: &str| {
        (options.tests.is_empty() || options.tests.iter().any(|part| test.contains(part.as_str())))
            && (!options.subset || test.starts_with("l1-") || subset.contains(test))
    };
    let (run, left): (Vec<String>, Vec<String>) = suite
        .tests
        .iter()
        .filter(|test| wanted(test))
        .cloned()
        .partition(|test| options.without_programs || programs.contains_key(test.as_str()));
    if run.is_empty() && left.is_empty() {
        bail!("no test has such a name");
    }
    let with_reason = |test: String| {
        let why = left_out(&test).to_owned();
        (test, why)
    };
    let mut left: Vec<(String, String)> = left.into_iter().map(with_reason).collect();
    let mut here = Vec::with_capacity(run.len());
    for test in run {
        match programs.get(&test).map(Program::needs).transpose()?.flatten() {
            Some(host) if !is_reachable(&host).await => {
                left.push((test, format!("it needs {host}, which cannot be reached from here")));
            }
            _ => here.push(test),
        }
    }
    let mut outcomes = outcomes(suite, here).await?;
    outcomes.extend(left.into_iter().map(|(test, why)| {
        let verdict = Verdict::LeftOut(why);
        Outcome { test, verdict, took: Duration::ZERO }
    }));
    outcomes.sort_by(|one, other| one.test.cmp(&other.test));

    for (group, passed, all) in report::groups(&outcomes) {
        println!("{group}: {passed} of {all} passed");
    }
    let failed: Vec<&str> = outcomes
        .iter()
        .filter(|outcome| matches!(outcome.verdict, Verdict::Failed { .. }))
        .map(|outcome| outcome.test.as_str())
        .collect();
    println!("conformance: {} in {} s", summary(&failed), begin.elapsed().as_secs());
    if let Some(page) = &options.page
        && options.tests.is_empty()
        && !options.subset
    {
        fs::write(page, report::page(&outcomes, &options.suite_version))
            .with_context(|| page.display().to_string())?;
        println!("the table is in {}", page.display());
    }
    Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Whether something answers there over HTTPS.
async fn is_reachable(host: &str) -> bool {
    let connected = tokio::net::TcpStream::connect((host, 443));
    matches!(tokio::time::timeout(Duration::from_secs(10), connected).await, Ok(Ok(_)))
}

fn summary(failed: &[&str]) -> String {
    if failed.is_empty() { "none failed".to_owned() } else { format!("FAILED {}", failed.join(", ")) }
}

/// Runs tests, as many at a time as there are processors, and says how each ended.
async fn outcomes(suite: Suite, tests: Vec<String>) -> Result<Vec<Outcome>> {
    let all = tests.len();
    let suite = Arc::new(suite);
    let places = std::thread::available_parallelism().map_or(2, usize::from);
    let places = Arc::new(Semaphore::new(places));
    let mut running = JoinSet::new();
    for test in tests {
        let (suite, places) = (Arc::clone(&suite), Arc::clone(&places));
        running.spawn(async move {
            let _place = places.acquire().await;
            suite.run(&test).await
        });
    }
    let mut outcomes = Vec::with_capacity(all);
    while let Some(outcome) = running.join_next().await {
        let outcome = outcome.map_err(|error| anyhow!(error))?;
        let mark = if outcome.verdict == Verdict::Passed { '✓' } else { '✗' };
        let number = outcomes.len() + 1;
        eprintln!("[{number:3}/{all}] {mark} {} ({:.1} s)", outcome.test, outcome.took.as_secs_f64());
        if let Verdict::Failed { reason, said } = &outcome.verdict {
            for line in reason.lines().chain(said.lines()) {
                eprintln!("          {line}");
            }
        }
        outcomes.push(outcome);
    }
    Ok(outcomes)
}

/// What the host is told: one target folder for all programs, and cargo by way of this program.
fn variables(state: &Path, own: &Path) -> Result<Vec<(&'static str, OsString)>> {
    let path = env::var_os("PATH").unwrap_or_default();
    let cargo = env::split_paths(&path).map(|folder| folder.join("cargo")).find(|cargo| cargo.is_file());
    let cargo = cargo.context("there is no cargo in PATH")?;
    let folder = state.join("bin");
    fs::create_dir_all(&folder)?;
    let link = folder.join("cargo");
    if link.symlink_metadata().is_ok() {
        fs::remove_file(&link)?;
    }
    symlink(own, &link).with_context(|| link.display().to_string())?;
    let paths = std::iter::once(folder).chain(env::split_paths(&path));
    Ok(vec![
        ("PATH", env::join_paths(paths)?),
        (STATE, state.into()),
        (CARGO, cargo.into()),
        ("CARGO_TARGET_DIR", state.join("target").into()),
        ("CARGO_INCREMENTAL", "0".into()),
        ("CARGO_PROFILE_DEV_DEBUG", "0".into()),
    ])
}
