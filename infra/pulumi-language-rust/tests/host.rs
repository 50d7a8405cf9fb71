//! The host as the engine uses it: a process that prints its port and answers gRPC, with real cargo packages.
#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails in a test's helper fails the test")]

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use prost_types::value::Kind;
use prost_types::{Struct, Value};
use pulumi_language_rust::protocol::language_runtime_client::LanguageRuntimeClient;
use pulumi_language_rust::protocol::{
    GetProgramDependenciesRequest, GetRequiredPackagesRequest, InstallDependenciesRequest, ProgramInfo,
    RunRequest,
};
use tempfile::TempDir;
use tonic::transport::Channel;

/// A running host, and something that listens where the engine would.
struct Host {
    process: Child,
    client: LanguageRuntimeClient<Channel>,
    engine: String,
    _listener: TcpListener,
}

impl Host {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let engine = listener.local_addr().unwrap().to_string();
        let mut process = Command::new(env!("CARGO_BIN_EXE_pulumi-language-rust"))
            .args(["--logtostderr", "-v=9", &engine])
            // Each test's package builds into a folder of its own.
            .env_remove("CARGO_TARGET_DIR")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port: u16 = line.trim().parse().unwrap_or_else(|_| panic!("no port: {line:?}"));
        let client = LanguageRuntimeClient::connect(format!("http://127.0.0.1:{port}")).await.unwrap();
        Self { process, client, engine, _listener: listener }
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}

/// A cargo package of its own, with that program.
fn package(main: &str, dependencies: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("src")).unwrap();
    std::fs::write(folder.path().join("src/main.rs"), main).unwrap();
    std::fs::write(
        folder.path().join("Cargo.toml"),
        format!(
            "[package]\nname = \"program\"\nedition = \"2024\"\n[workspace]\n[dependencies]\n{dependencies}\n"
        ),
    )
    .unwrap();
    folder
}

fn info(folder: &Path, options: &[(&str, &str)]) -> Option<ProgramInfo> {
    let fields = options
        .iter()
        .map(|(name, text)| ((*name).to_owned(), Value { kind: Some(Kind::StringValue((*text).to_owned())) }))
        .collect();
    let directory = folder.to_str().unwrap().to_owned();
    Some(ProgramInfo {
        root_directory: directory.clone(),
        program_directory: directory,
        entry_point: ".".to_owned(),
        options: Some(Struct { fields }),
    })
}

fn run(folder: &Path, options: &[(&str, &str)]) -> RunRequest {
    RunRequest {
        project: "project".to_owned(),
        stack: "stack".to_owned(),
        monitor_address: "127.0.0.1:1".to_owned(),
        parallel: 4,
        info: info(folder, options),
        ..RunRequest::default()
    }
}

#[tokio::test]
async fn a_program_is_built_and_run_and_its_exit_code_says_how_it_ended() {
    let mut host = Host::start().await;
    assert!(!host.client.get_plugin_info(()).await.unwrap().into_inner().version.is_empty());

    let program = package(
        r#"fn main() {
            let variable = |name| std::env::var(name).unwrap_or_default();
            std::fs::write("seen", [variable("PULUMI_PROJECT"), variable("PULUMI_STACK"), variable("PULUMI_ENGINE"),
                variable("PULUMI_MONITOR"), variable("PULUMI_DRY_RUN"), variable("PULUMI_PARALLEL")].join(" ")).unwrap();
            let code = variable("PULUMI_CONFIG").trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap_or(0);
            std::process::exit(code);
        }"#,
        "",
    );
    let mut request = run(program.path(), &[]);
    let answer = host.client.run(request.clone()).await.unwrap().into_inner();
    assert_eq!((answer.error.as_str(), answer.bail), ("", false));
    let seen = std::fs::read_to_string(program.path().join("seen")).unwrap();
    assert_eq!(seen, format!("project stack {} 127.0.0.1:1 false 4", host.engine));

    request.config.insert("project:code".to_owned(), "32".to_owned());
    let answer = host.client.run(request.clone()).await.unwrap().into_inner();
    assert_eq!((answer.error.as_str(), answer.bail), ("", true));

    request.config.insert("project:code".to_owned(), "3".to_owned());
    let answer = host.client.run(request).await.unwrap().into_inner();
    assert_eq!((answer.error.as_str(), answer.bail), ("program exited with non-zero exit code: 3", false));

    // What was built can be run as it is, without cargo.
    let answer = host
        .client
        .run(run(program.path(), &[("binary", "target/debug/program")]))
        .await
        .unwrap()
        .into_inner();
    assert_eq!((answer.error.as_str(), answer.bail), ("", false));
}

#[tokio::test]
async fn a_program_that_cannot_run_is_an_error_that_says_why() {
    let mut host = Host::start().await;
    let program = package("fn main() { let count: u32 = \"text\"; }", "");
    let mut error = async |request| host.client.run(request).await.unwrap().into_inner().error;

    let compile = error(run(program.path(), &[])).await;
    assert!(compile.contains("does not compile") && compile.contains("expected `u32`"), "{compile}");
    let missing = error(run(program.path(), &[("binary", "no-such-file")])).await;
    assert!(missing.contains("no-such-file") && missing.contains("build the program first"), "{missing}");
    let option = error(run(program.path(), &[("binry", "x")])).await;
    assert!(option.contains("runtime.options.binry"), "{option}");
    let nothing = tempfile::tempdir().unwrap();
    let nothing = error(run(nothing.path(), &[])).await;
    assert!(nothing.contains("no Cargo.toml"), "{nothing}");
}

#[tokio::test]
async fn the_plugins_are_those_of_the_crates_that_the_program_uses() {
    let mut host = Host::start().await;
    let wrapper = tempfile::tempdir().unwrap();
    std::fs::create_dir(wrapper.path().join("src")).unwrap();
    std::fs::write(wrapper.path().join("src/lib.rs"), "").unwrap();
    std::fs::write(
        wrapper.path().join("Cargo.toml"),
        "[package]\nname = \"wrapper\"\nversion = \"1.2.3\"\nedition = \"2024\"\n[workspace]\n\
         [package.metadata.pulumi]\nname = \"aws\"\nversion = \"7.51.1\"\n",
    )
    .unwrap();
    let program = package("fn main() {}", &format!("wrapper = {{ path = {:?} }}", wrapper.path()));

    let request = GetRequiredPackagesRequest { info: info(program.path(), &[]) };
    let packages = host.client.get_required_packages(request).await.unwrap().into_inner().packages;
    let packages: Vec<_> = packages
        .iter()
        .map(|package| [&package.name, &package.kind, &package.version].map(String::as_str))
        .collect();
    assert_eq!(packages, [["aws", "resource", "7.51.1"]]);

    let request = GetProgramDependenciesRequest {
        info: info(program.path(), &[]),
        ..GetProgramDependenciesRequest::default()
    };
    let dependencies = host.client.get_program_dependencies(request).await.unwrap().into_inner().dependencies;
    assert_eq!(dependencies.len(), 1);
    assert_eq!((dependencies[0].name.as_str(), dependencies[0].version.as_str()), ("wrapper", "1.2.3"));
}

#[tokio::test]
async fn installing_builds_the_program_and_passes_on_what_cargo_says() {
    let mut host = Host::start().await;
    let program = package("fn main() {}", "");
    let request = |folder: &Path| InstallDependenciesRequest {
        directory: folder.to_str().unwrap().to_owned(),
        info: info(folder, &[]),
        ..InstallDependenciesRequest::default()
    };
    let mut words = Vec::new();
    let mut stream = host.client.install_dependencies(request(program.path())).await.unwrap().into_inner();
    while let Some(message) = stream.message().await.unwrap() {
        words.extend(message.stderr);
    }
    let words = String::from_utf8(words).unwrap();
    assert!(words.contains("Compiling program") && words.contains("Finished"), "{words}");

    let broken = package("fn main() { no }", "");
    let mut stream = host.client.install_dependencies(request(broken.path())).await.unwrap().into_inner();
    let error = loop {
        match stream.message().await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("a package that does not compile was installed"),
            Err(error) => break error,
        }
    };
    assert!(error.message().contains("cargo build failed"), "{error}");
}

#[tokio::test]
async fn cancelling_interrupts_the_program() {
    let mut host = Host::start().await;
    let program =
        package(r#"fn main() { std::fs::write("started", "").unwrap(); loop { std::thread::park(); } }"#, "");
    let started = program.path().join("started");
    let mut client = host.client.clone();
    let request = run(program.path(), &[]);
    let running = tokio::spawn(async move { client.run(request).await });
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while !started.exists() {
        assert!(std::time::Instant::now() < deadline, "the program did not start");
        tokio::task::yield_now().await;
    }
    host.client.cancel(()).await.unwrap();
    let status = running.await.unwrap().unwrap_err();
    assert_eq!(status.code(), tonic::Code::Cancelled, "{status}");
}
