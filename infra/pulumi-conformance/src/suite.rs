//! Pulumi's suite and our language host, as processes.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tonic::transport::Channel;

use crate::program::{self, Program};
use crate::report::{Outcome, Verdict};
use crate::wire::language_test_client::LanguageTestClient;
use crate::wire::prepare_language_tests_request::ProgramOverride;
use crate::wire::{GetLanguageTestsRequest, PrepareLanguageTestsRequest, RunLanguageTestRequest};

/// The largest message, as everywhere in Pulumi.
const MESSAGE_BYTES: usize = 400 * 1024 * 1024;
/// How long the suite and the host may take to begin.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long one test may take; the first waits for the SDK to be compiled.
const TEST_PATIENCE: Duration = Duration::from_secs(900);

/// Where everything is.
#[derive(Debug, Clone)]
pub struct Places {
    /// The suite's program.
    pub suite: PathBuf,
    /// Our language host.
    pub host: PathBuf,
    /// The folder of our SDK.
    pub sdk: PathBuf,
    /// The folder of the tests' programs.
    pub programs: PathBuf,
    /// The `Cargo.lock` that programs begin with, so that they are built from the versions of this workspace.
    pub lock: PathBuf,
    /// A folder for all that is made.
    pub state: PathBuf,
}

impl Places {
    /// Where the suite works.
    fn work(&self) -> PathBuf {
        self.state.join("run")
    }
}

/// The suite with our host.
#[derive(Debug)]
pub struct Suite {
    client: LanguageTestClient<Channel>,
    token: String,
    /// The names of all tests.
    pub tests: BTreeSet<String>,
    // They end when these are dropped.
    _suite: Child,
    _host: Child,
}

impl Suite {
    /// Starts both, and tells the suite of the programs.
    ///
    /// # Errors
    /// One of them does not begin, or the suite does not take the programs.
    pub async fn start(places: &Places, variables: &[(&str, OsString)]) -> Result<Self> {
        let (work, home) = (places.work(), places.state.join("home"));
        std::fs::create_dir_all(&home).with_context(|| home.display().to_string())?;
        let log = |name: &str| {
            let path = places.state.join(name);
            File::create(&path).with_context(|| path.display().to_string())
        };
        let command = |program: &Path| {
            let mut command = Command::new(program);
            command
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .kill_on_drop(true)
                .env("PULUMI_HOME", &home)
                .env("PULUMI_SKIP_UPDATE_CHECK", "true")
                .env("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "true")
                // What was generated is compared with what is packed, not with an earlier run.
                .env("PULUMI_ACCEPT", "true");
            command
        };

        let mut suite = command(&places.suite);
        let mut suite = suite
            .stderr(log("suite.log")?)
            .spawn()
            .with_context(|| format!("starting {}", places.suite.display()))?;
        let mut address = String::new();
        let mut stdout = suite.stdout.take().context("the suite has no output")?;
        tokio::time::timeout(PATIENCE, stdout.read_to_string(&mut address))
            .await
            .context("the suite does not say where it is")??;
        let address = address.trim().to_owned();
        ensure!(
            !address.is_empty(),
            "the suite ended; {} says why",
            places.state.join("suite.log").display()
        );

        let mut host = command(&places.host);
        let mut host = host
            .arg(&address)
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stderr(log("host.log")?)
            .spawn()
            .with_context(|| format!("starting {}", places.host.display()))?;
        let mut said = BufReader::new(host.stdout.take().context("the host has no output")?).lines();
        let port =
            tokio::time::timeout(PATIENCE, said.next_line()).await.context("the host does not begin")??;
        let port: u16 = port.unwrap_or_default().parse().context("the host does not say its port")?;
        // What programs print.
        tokio::spawn(async move { while let Ok(Some(_)) = said.next_line().await {} });

        let channel = Channel::from_shared(format!("http://{address}"))?.connect_lazy();
        let mut client = LanguageTestClient::new(channel)
            .max_decoding_message_size(MESSAGE_BYTES)
            .max_encoding_message_size(MESSAGE_BYTES);
        let tests = client.get_language_tests(GetLanguageTestsRequest {}).await?.into_inner().tests;
        let tests: BTreeSet<String> = tests.into_iter().collect();
        let programs = program::all(&places.programs)?;
        if let Some(unknown) = programs.keys().find(|name| !tests.contains(*name)) {
            bail!("{}: the suite has no test {unknown}", places.programs.display());
        }
        let request = PrepareLanguageTestsRequest {
            language_plugin_name: "rust".to_owned(),
            language_plugin_target: format!("127.0.0.1:{port}"),
            snapshot_directory: places.state.join("snapshots").to_string_lossy().into_owned(),
            temporary_directory: work.to_string_lossy().into_owned(),
            core_sdk_directory: places.sdk.to_string_lossy().into_owned(),
            core_sdk_version: env!("CARGO_PKG_VERSION").to_owned(),
            program_overrides: overrides(&programs, places)?,
        };
        let prepared = client.prepare_language_tests(request).await;
        let token = prepared.map_err(|status| anyhow::anyhow!("{}", status.message()))?.into_inner().token;
        Ok(Self { client, token, tests, _suite: suite, _host: host })
    }

    /// Runs one test.
    pub async fn run(&self, test: &str) -> Outcome {
        let begin = Instant::now();
        let request = RunLanguageTestRequest { token: self.token.clone(), test: test.to_owned() };
        let mut client = self.client.clone();
        let answer = tokio::time::timeout(TEST_PATIENCE, client.run_language_test(request)).await;
        let verdict = match answer {
            Err(_) => Verdict::failed(format!("it did not end within {} s", TEST_PATIENCE.as_secs()), ""),
            Ok(Err(status)) => Verdict::failed(status.message(), ""),
            Ok(Ok(answer)) => {
                let answer = answer.into_inner();
                if answer.success {
                    Verdict::Passed
                } else {
                    let said = format!("{}{}", answer.stdout, answer.stderr);
                    Verdict::failed(answer.messages.join("\n"), said)
                }
            }
        };
        Outcome { test: test.to_owned(), verdict, took: begin.elapsed() }
    }
}

fn overrides(
    programs: &BTreeMap<String, Program>,
    places: &Places,
) -> Result<HashMap<String, ProgramOverride>> {
    let folder = places.state.join("programs");
    let staged = programs.values().map(|program| {
        let paths = program.stage(&folder, &places.lock)?;
        let paths = paths.into_iter().map(|path| path.to_string_lossy().into_owned()).collect();
        Ok((program.test.clone(), ProgramOverride { paths }))
    });
    staged.collect()
}
