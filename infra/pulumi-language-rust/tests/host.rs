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
    AboutRequest, GetProgramDependenciesRequest, GetRequiredPackagesRequest, InstallDependenciesRequest,
    ProgramInfo, RunRequest, RuntimeOptionsRequest,
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
        Self::begin(None).await
    }

    async fn with_target(folder: &Path) -> Self {
        Self::begin(Some(folder)).await
    }

    async fn begin(target: Option<&Path>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let engine = listener.local_addr().unwrap().to_string();
        let mut process = Command::new(env!("CARGO_BIN_EXE_pulumi-language-rust"))
            .args(["--logtostderr", "-v=9", &engine])
            // Each test's package builds into a folder of its own.
            .env_remove("CARGO_TARGET_DIR")
            .envs(target.map(|target| ("CARGO_TARGET_DIR", target)))
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
         [package.metadata.pulumi]\nname = \"terraform-provider\"\nversion = \"7.51.1\"\nserver = \"https://example.com\"\n\
         [package.metadata.pulumi.parameterization]\nname = \"netlify\"\nversion = \"1.0.0\"\nvalue = \"aGk=\"\n",
    )
    .unwrap();
    let dependency = format!("cloud = {{ package = \"wrapper\", path = {:?} }}", wrapper.path());
    let program = package("fn main() {}", &dependency);

    let request = GetRequiredPackagesRequest { info: info(program.path(), &[]) };
    let packages = host.client.get_required_packages(request).await.unwrap().into_inner().packages;
    let known: Vec<_> = packages
        .iter()
        .map(|package| [&package.name, &package.kind, &package.version, &package.server].map(String::as_str))
        .collect();
    assert_eq!(known, [["terraform-provider", "resource", "7.51.1", "https://example.com"]]);
    let made = packages[0].parameterization.as_ref().unwrap();
    assert_eq!(
        (made.name.as_str(), made.version.as_str(), made.value.as_slice()),
        ("netlify", "1.0.0", &b"hi"[..])
    );

    let request = GetProgramDependenciesRequest {
        info: info(program.path(), &[]),
        ..GetProgramDependenciesRequest::default()
    };
    let dependencies = host.client.get_program_dependencies(request).await.unwrap().into_inner().dependencies;
    assert_eq!(dependencies.len(), 1);
    assert_eq!((dependencies[0].name.as_str(), dependencies[0].version.as_str()), ("cloud", "1.2.3"));
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

/// Waits until a program has written its file, and gives what it holds.
async fn written(path: &Path) -> String {
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    loop {
        match std::fs::read_to_string(path) {
            Ok(text) if text.ends_with('\n') => return text.trim().to_owned(),
            last => {
                assert!(std::time::Instant::now() < deadline, "{} was not written: {last:?}", path.display());
            }
        }
        tokio::task::yield_now().await;
    }
}

/// Waits until a process has ended.
async fn ended(pid: &str) {
    let folder = Path::new("/proc").join(pid);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    // What has ended and nobody waits for stays as a zombie.
    let state = || std::fs::read_to_string(folder.join("stat")).unwrap_or_default();
    while folder.exists() && !state().contains(") Z ") {
        assert!(std::time::Instant::now() < deadline, "{pid} still runs: {}", state());
        tokio::task::yield_now().await;
    }
}

const WAITS: &str = r#"fn main() {
    std::fs::write("started", format!("{}\n", std::process::id())).unwrap();
    loop { std::thread::park(); }
}"#;

#[tokio::test]
async fn cancelling_interrupts_the_program() {
    let mut host = Host::start().await;
    let program = package(WAITS, "");
    let mut client = host.client.clone();
    let request = run(program.path(), &[]);
    let running = tokio::spawn(async move { client.run(request).await });
    let pid = written(&program.path().join("started")).await;
    host.client.cancel(()).await.unwrap();
    let status = running.await.unwrap().unwrap_err();
    assert_eq!(status.code(), tonic::Code::Cancelled, "{status}");
    ended(&pid).await;
    // Nothing starts any more.
    let status = host.client.run(run(program.path(), &[])).await.unwrap_err();
    assert_eq!(status.code(), tonic::Code::Cancelled, "{status}");
}

#[tokio::test]
async fn a_program_that_ignores_the_interrupt_is_killed_with_all_that_it_started() {
    let mut host = Host::start().await;
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("stubborn");
    // The shell and what it starts both ignore the interrupt.
    std::fs::write(
        &script,
        "#!/bin/sh\ntrap '' INT\nsleep 600 &\necho $! > child\necho $$ > started\nwait\n",
    )
    .unwrap();
    let mut permissions = std::fs::metadata(&script).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o755);
    std::fs::set_permissions(&script, permissions).unwrap();
    let mut client = host.client.clone();
    let request = run(folder.path(), &[("binary", "stubborn")]);
    let running = tokio::spawn(async move { client.run(request).await });
    let pid = written(&folder.path().join("started")).await;
    let child = written(&folder.path().join("child")).await;
    host.client.cancel(()).await.unwrap();
    let status = running.await.unwrap().unwrap_err();
    assert_eq!(status.code(), tonic::Code::Cancelled, "{status}");
    ended(&pid).await;
    ended(&child).await;
}

#[tokio::test]
async fn a_program_that_a_signal_ends_is_an_error() {
    let mut host = Host::start().await;
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("dies");
    std::fs::write(&script, "#!/bin/sh\nkill -9 $$\n").unwrap();
    let mut permissions = std::fs::metadata(&script).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o755);
    std::fs::set_permissions(&script, permissions).unwrap();
    let answer = host.client.run(run(folder.path(), &[("binary", "dies")])).await.unwrap().into_inner();
    assert!(answer.error.contains("signal: 9") && !answer.bail, "{}", answer.error);
}

#[tokio::test]
async fn an_interrupted_host_ends_its_program_and_itself() {
    let mut host = Host::start().await;
    let program = package(WAITS, "");
    let mut client = host.client.clone();
    let request = run(program.path(), &[]);
    let running = tokio::spawn(async move { client.run(request).await });
    let pid = written(&program.path().join("started")).await;
    let own = rustix::process::Pid::from_child(&host.process);
    rustix::process::kill_process(own, rustix::process::Signal::INT).unwrap();
    running.await.unwrap().unwrap_err();
    ended(&pid).await;
    assert!(host.process.wait().unwrap().success(), "it ends quietly");
}

#[tokio::test]
async fn it_says_what_it_is_and_asks_nothing() {
    let mut host = Host::start().await;
    let program = package("fn main() {}", "");
    let about = AboutRequest { info: info(program.path(), &[]) };
    let about = host.client.about(about).await.unwrap().into_inner();
    assert_eq!(about.executable, "cargo");
    assert!(about.version.starts_with("cargo 1."), "{}", about.version);
    let prompts = RuntimeOptionsRequest { info: info(program.path(), &[]) };
    let prompts = host.client.runtime_options_prompts(prompts).await.unwrap().into_inner();
    assert!(prompts.prompts.is_empty());
}

#[tokio::test]
async fn two_programs_of_one_name_in_one_target_folder_are_two_programs() {
    let target = tempfile::tempdir().unwrap();
    // Nothing but the folder tells them apart: for cargo the second is built when the first is.
    let told = r#"fn main() { std::fs::write("told", "TEXT").unwrap(); }"#;
    let programs = ["one", "two"].map(|text| package(&told.replace("TEXT", text), ""));
    let mut host = Host::with_target(target.path()).await;
    for (program, text) in programs.iter().zip(["one", "two"]).chain([(&programs[0], "one")]) {
        let told = program.path().join("told");
        let answer = host.client.run(run(program.path(), &[])).await.unwrap().into_inner();
        assert_eq!(answer.error, "");
        assert_eq!(std::fs::read_to_string(&told).unwrap_or_default(), text);
        std::fs::remove_file(told).unwrap();
    }
}

#[tokio::test]
async fn of_several_programs_one_is_named() {
    let mut host = Host::start().await;
    let program = package("fn main() {}", "");
    std::fs::create_dir(program.path().join("src/bin")).unwrap();
    std::fs::write(program.path().join("src/bin/other.rs"), "fn main() {}").unwrap();
    let answer = host.client.run(run(program.path(), &[])).await.unwrap().into_inner();
    assert!(
        answer.error.contains("(other, program)") || answer.error.contains("(program, other)"),
        "{answer:?}"
    );
    let answer = host.client.run(run(program.path(), &[("bin", "other")])).await.unwrap().into_inner();
    assert_eq!(answer.error, "");
}
