//! The local cloud's life: up, up again, down, a crash, and processes that are not its own.
//!
//! Runs the real programs, as `./just up` does, on free ports in a checkout of its own.
#![cfg(feature = "cloud")]
#![expect(clippy::unwrap_used, reason = "a test ends by panicking")]

use std::collections::BTreeMap;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use miyabi_local::port;
use miyabi_local::process::ProcessIdentity;

const PARTS: [&str; 4] = ["redis", "cloud", "edge", "worker"];

/// A folder that looks like a checkout with a built page, and its local cloud; stopped at the end.
struct Checkout {
    folder: tempfile::TempDir,
    ports: [u16; 3],
}

impl Checkout {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        std::fs::create_dir(folder.path().join("localstack")).unwrap();
        write("Cargo.toml", "");
        write("app/dashboard/src/index.html", "<title>Miyabi</title>");
        write(
            "app/dashboard/package.json",
            r#"{"name": "page", "scripts": {"build": "rm -rf dist && cp -r src dist"}}"#,
        );
        write("app/dashboard/package-lock.json", "{}");
        // Newer than the list of packages: there are none to install.
        write("app/dashboard/node_modules/.package-lock.json", "{}");
        Self { folder, ports: [0; 3].map(|_| port::unused().unwrap()) }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_miyabi-local"));
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("LOCAL_CLOUD")
            .env("MIYABI_REDIS_PORT", self.ports[0].to_string())
            .env("MIYABI_CLOUD_PORT", self.ports[1].to_string())
            .env("MIYABI_EDGE_PORT", self.ports[2].to_string())
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Runs it, and wants it to succeed.
    fn must(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let text =
            [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        assert!(output.status.success(), "{arguments:?}: {}\n{text}", output.status);
        text
    }

    fn record(&self, part: &str) -> PathBuf {
        self.folder.path().join(".local/parts").join(format!("{part}.json"))
    }

    /// The process of each part that is recorded.
    fn processes(&self) -> BTreeMap<&'static str, ProcessIdentity> {
        PARTS
            .into_iter()
            .filter_map(|part| {
                let text = std::fs::read(self.record(part)).ok()?;
                let record: serde_json::Value = serde_json::from_slice(&text).unwrap();
                Some((part, serde_json::from_value(record["process"].clone()).unwrap()))
            })
            .collect()
    }

    async fn status_of(&self, path: &str) -> u16 {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let answer = client.get(format!("http://127.0.0.1:{}{path}", self.ports[2])).send().await;
        answer.map_or(0, |answer| answer.status().as_u16())
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        drop(self.command(&["down"]).output());
    }
}

fn wait(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !is_so() {
        assert!(Instant::now() < deadline, "still not: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn sleeper() -> Child {
    Command::new("sleep").arg("120").process_group(0).spawn().unwrap()
}

fn create_task(port: u16, id: &str) -> reqwest::RequestBuilder {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    client
        .post(format!("http://127.0.0.1:{port}/api/tasks"))
        .header("content-type", "application/json")
        .body(format!(r#"{{"task_id": "{id}", "project_id": "p", "task_type": "build", "name": "n"}}"#))
}

#[tokio::test]
async fn what_is_up_stays_up_and_comes_back_with_its_tasks() {
    let checkout = Checkout::new();
    assert_eq!(checkout.run(&["status"]).status.code(), Some(3));
    checkout.must(&["up"]);
    checkout.must(&["status"]);
    assert_eq!(checkout.status_of("/api/health?deep=true").await, 200);
    assert_eq!(checkout.status_of("/").await, 200);
    let created = create_task(checkout.ports[2], "kept").send().await.unwrap();
    assert_eq!(created.status(), 201, "{}", created.text().await.unwrap());

    let before = checkout.processes();
    let text = checkout.must(&["up"]);
    assert!(text.contains("nothing changed"), "{text}");
    assert_eq!(checkout.processes(), before, "nothing may be started anew");

    checkout.must(&["down"]);
    assert!(before.values().all(|process| !process.is_running()));
    assert!(checkout.ports.into_iter().all(port::is_free));
    checkout.must(&["up"]);
    assert_eq!(checkout.status_of("/api/tasks/kept").await, 200);

    // A crash of the emulator: said by status, repaired by up.
    let cloud = checkout.processes()["cloud"].clone();
    Command::new("kill").args(["-KILL", &cloud.id.to_string()]).status().unwrap();
    wait("the emulator is gone", || !cloud.is_running());
    let status = checkout.run(&["status"]);
    assert_eq!(status.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&status.stdout).contains("ended by itself"));
    assert_eq!(checkout.status_of("/api/tasks").await, 502);
    assert!(checkout.must(&["up"]).contains("had ended without being asked"));
    assert_eq!(checkout.status_of("/api/tasks/kept").await, 200);

    checkout.must(&["reset"]);
    assert!(checkout.processes().is_empty());
    checkout.must(&["up"]);
    assert_eq!(checkout.status_of("/api/tasks/kept").await, 404);
}

#[test]
fn down_leaves_a_process_alone_that_only_has_a_recorded_number() {
    let checkout = Checkout::new();
    let mut stranger = sleeper();
    let mut identity = ProcessIdentity::of(stranger.id()).unwrap();
    identity.started.push('0');
    let file = checkout.record("edge");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    let record = serde_json::json!({"process": identity, "port": 1, "fingerprint": ""});
    std::fs::write(&file, record.to_string()).unwrap();
    assert!(checkout.must(&["down"]).contains("had ended by itself"));
    assert!(stranger.try_wait().unwrap().is_none(), "the process must still run");
    assert!(!file.exists());
    stranger.kill().unwrap();
    stranger.wait().unwrap();
}

#[test]
fn a_taken_port_is_named_before_anything_starts() {
    let checkout = Checkout::new();
    let _listener = std::net::TcpListener::bind(("127.0.0.1", checkout.ports[1])).unwrap();
    let output = checkout.run(&["up"]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success());
    assert!(text.contains(&format!("process {}", std::process::id())), "{text}");
    assert!(text.contains("MIYABI_CLOUD_PORT="), "{text}");
    assert!(checkout.processes().is_empty());
}

#[test]
fn an_interrupted_up_leaves_nothing_running() {
    let checkout = Checkout::new();
    let mut up = checkout.command(&["up"]).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    wait("the emulator is being started", || checkout.processes().contains_key("cloud"));
    let started = checkout.processes();
    Command::new("kill").args(["-INT", &up.id().to_string()]).status().unwrap();
    assert_eq!(up.wait().unwrap().code(), Some(130));
    assert!(checkout.processes().is_empty());
    assert!(started.values().all(|process| !process.is_running()));
}

#[test]
fn two_at_once_take_turns() {
    let checkout = Checkout::new();
    let lock =
        |path: &Path| std::fs::File::options().create(true).truncate(false).write(true).open(path).unwrap();
    std::fs::create_dir_all(checkout.folder.path().join(".local")).unwrap();
    let held = lock(&checkout.folder.path().join(".local/lock"));
    held.lock().unwrap();
    let mut down = checkout.command(&["down"]).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    let errors = down.stderr.take().unwrap();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(errors), &mut said).unwrap();
    assert!(said.contains("waiting for it"), "{said}");
    assert!(down.try_wait().unwrap().is_none());
    held.unlock().unwrap();
    assert!(down.wait().unwrap().success());
}
