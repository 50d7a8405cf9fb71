//! A Pulumi project with everything of its own: state, account, home, configuration.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use miyabi_shared::Function;
use miyabi_shared::config::{Environment as _, ProcessEnvironment};
use pulumi_stand_in::{ACCOUNT, Account, REFUSED, WAITS};
use serde_json::Value as Json;
use tempfile::TempDir;

const CLI: &str = "MIYABI_PULUMI";
/// Who hangs is ended, so that its test can say so.
const PATIENCE: Duration = Duration::from_secs(240);

pub(crate) struct Project {
    root: TempDir,
    folder: PathBuf,
    cli: String,
    variables: Vec<(&'static str, String)>,
}

/// How a command of the CLI ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) success: bool,
    /// What it printed, errors last.
    pub(crate) said: String,
    output: String,
}

/// What a preview would do: the operation for each resource, by `Type::name`, without those that stay.
pub(crate) type Plan = BTreeMap<String, String>;

impl Project {
    /// A project that runs a program which is built.
    pub(crate) fn of(program: &str) -> Self {
        let program = built(program);
        let project = Self::bare();
        project.write(&format!("    binary: {}\n", program.display()));
        project
    }

    /// The infrastructure program, with functions that are there.
    pub(crate) fn infrastructure() -> Self {
        let project = Self::of("infra");
        for function in Function::ALL {
            let path = project.functions().join(function.bootstrap_path());
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, function.name()).unwrap();
        }
        std::fs::create_dir_all(project.page().join("assets")).unwrap();
        for (name, text) in [("index.html", "<!doctype html>"), ("assets/main-1.js", "0")] {
            std::fs::write(project.page().join(name), text).unwrap();
        }
        project
    }

    /// The program in `tests/programs/drill.rs`, in a stack of its own.
    pub(crate) fn drill(how: &str) -> Self {
        let project = Self::of("pulumi-drill");
        project.ok(&["stack", "init", "drill"]);
        project.ok(&["config", "set", "aws:region", "eu-west-1"]);
        project.set_how(how);
        project
    }

    /// A project without its `Pulumi.yaml`.
    pub(crate) fn bare() -> Self {
        let Some(cli) = ProcessEnvironment.get(CLI) else {
            panic!("{CLI} is not set: `./just test` finds or builds the Pulumi CLI and sets it");
        };
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("project");
        for folder in [&folder, &root.path().join("state")] {
            std::fs::create_dir_all(folder).unwrap();
        }
        Self { root, folder, cli, variables: Vec::new() }
    }

    pub(crate) fn write(&self, runtime_options: &str) {
        let programs = programs();
        let programs = programs.display();
        let text = format!(
            "name: miyabi\nruntime:\n  name: rust\n  options:\n{runtime_options}\
             plugins:\n  languages:\n    - name: rust\n      path: {programs}\n\
             \x20 providers:\n    - name: aws\n      path: {programs}\n"
        );
        std::fs::write(self.folder.join("Pulumi.yaml"), text).unwrap();
    }

    /// The same project, run in another folder.
    pub(crate) fn at(mut self, folder: PathBuf) -> Self {
        self.folder = folder;
        self
    }

    /// The same project, with another variable in the environment.
    pub(crate) fn with(mut self, name: &'static str, value: String) -> Self {
        self.variables.push((name, value));
        self
    }

    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn functions(&self) -> PathBuf {
        self.root().join("functions")
    }

    pub(crate) fn page(&self) -> PathBuf {
        self.root().join("page")
    }

    pub(crate) fn account(&self) -> Account {
        Account::open(self.root().join("account")).unwrap()
    }

    /// Makes the stack of a stage, with what no stage has a default for.
    pub(crate) fn configure(&self, stack: &str) {
        self.ok(&["stack", "init", stack]);
        self.ok(&["config", "set", "-s", stack, "aws:region", "eu-west-1"]);
        self.ok(&["config", "set", "-s", stack, "miyabi:functions", self.functions().to_str().unwrap()]);
        self.ok(&["config", "set", "-s", stack, "miyabi:page", self.page().to_str().unwrap()]);
    }

    pub(crate) fn set_how(&self, how: &str) {
        self.ok(&["config", "set", "drill:how", how]);
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.cli);
        command
            .args(arguments)
            .arg("--non-interactive")
            .current_dir(&self.folder)
            .envs(self.variables())
            .env_remove("AWS_REGION")
            .env_remove("AWS_DEFAULT_REGION")
            .stdin(Stdio::null());
        command
    }

    /// What keeps all that the CLI does in this project, and off the network.
    pub(crate) fn variables(&self) -> BTreeMap<&'static str, String> {
        let path = |name: &str| self.root().join(name).display().to_string();
        let mut variables = BTreeMap::from([
            (CLI, self.cli.clone()),
            ("PULUMI_BACKEND_URL", format!("file://{}", path("state"))),
            ("PULUMI_HOME", path("home")),
            ("PULUMI_CONFIG_PASSPHRASE", "drill".to_owned()),
            ("PULUMI_SKIP_UPDATE_CHECK", "true".to_owned()),
            ("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "true".to_owned()),
            (ACCOUNT, path("account")),
        ]);
        variables.extend(self.variables.iter().cloned());
        variables
    }

    /// Runs the CLI.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::of(&self.command(arguments).output().unwrap())
    }

    /// Runs the CLI, whose provider does not make the resource of this name.
    pub(crate) fn run_refused(&self, arguments: &[&str], name: &str) -> Run {
        Run::of(&self.command(arguments).env(REFUSED, name).output().unwrap())
    }

    /// Runs the CLI, which must succeed: what it printed.
    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        let run = self.run(arguments);
        assert!(run.success, "pulumi {} failed:\n{}", arguments.join(" "), run.said);
        run.output
    }

    /// Runs the CLI, which must fail and say why.
    pub(crate) fn fails(&self, arguments: &[&str], why: &[&str]) -> String {
        let run = self.run(arguments);
        assert!(!run.success, "pulumi {} succeeded:\n{}", arguments.join(" "), run.said);
        run.says(why);
        run.said
    }

    /// Starts the CLI, whose provider takes up the making of the resource of this name and then waits until the
    /// marker is there.
    pub(crate) fn start_waiting(&self, arguments: &[&str], name: &str, marker: &Path) -> Child {
        let mut command = self.command(arguments);
        let command = command.env(WAITS, name).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let begin = Instant::now();
        while !marker.exists() {
            let ended = child.try_wait().unwrap();
            if ended.is_some() || begin.elapsed() > PATIENCE {
                child.kill().unwrap();
                let run = Run::of(&child.wait_with_output().unwrap());
                panic!("the provider was never asked for {name}:\n{}", run.said);
            }
            std::thread::yield_now();
        }
        child
    }

    pub(crate) fn preview(&self, stack: &str) -> Plan {
        let text = self.ok(&["preview", "-s", stack, "--json"]);
        let plan: Json = serde_json::from_str(&text).unwrap();
        let steps = plan["steps"].as_array().cloned().unwrap_or_default();
        let steps = steps.iter().filter(|step| step["op"] != "same");
        steps.map(|step| (short(&step["urn"]), step["op"].as_str().unwrap().to_owned())).collect()
    }

    pub(crate) fn export(&self, stack: &str) -> Json {
        serde_json::from_str(&self.ok(&["stack", "export", "-s", stack])).unwrap()
    }

    /// What the state has: `Type id` of everything that a provider made.
    pub(crate) fn in_state(&self, stack: &str) -> BTreeSet<String> {
        let state = self.export(stack);
        let pending = state["deployment"]["pending_operations"].as_array().map_or(0, Vec::len);
        assert_eq!(pending, 0, "operations that never ended: {}", state["deployment"]["pending_operations"]);
        let all = state["deployment"]["resources"].as_array().cloned().unwrap_or_default();
        let made = all.iter().filter(|resource| resource["custom"] == true);
        let made = made.filter(|resource| !resource["type"].as_str().unwrap().starts_with("pulumi:"));
        made.map(|resource| format!("{} {}", text(&resource["type"]), text(&resource["id"]))).collect()
    }

    /// What the account has.
    pub(crate) fn in_account(&self) -> BTreeSet<String> {
        self.account().all().unwrap().iter().map(|made| format!("{} {}", made.token, made.id)).collect()
    }

    /// The state knows exactly of what is there.
    pub(crate) fn assert_consistent(&self, stack: &str) {
        let (state, account) = (self.in_state(stack), self.in_account());
        let only = |one: &BTreeSet<String>, other: &BTreeSet<String>| {
            one.difference(other).cloned().collect::<Vec<_>>()
        };
        assert_eq!(
            state,
            account,
            "only in the state: {:?}; only in the account: {:?}",
            only(&state, &account),
            only(&account, &state)
        );
    }
}

impl Run {
    pub(crate) fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, errors) = (text(&output.stdout), text(&output.stderr));
        Self { success: output.status.success(), said: format!("{out}{errors}"), output: out }
    }

    pub(crate) fn says(&self, parts: &[&str]) {
        for part in parts {
            assert!(self.said.contains(part), "{part:?} is not in:\n{}", self.said);
        }
    }
}

fn text(json: &Json) -> &str {
    json.as_str().unwrap_or_default()
}

/// A resource by its type and name.
fn short(urn: &Json) -> String {
    let urn = text(urn);
    format!("{}::{}", pulumi::urn::type_of(urn), pulumi::urn::name_of(urn))
}

/// Where the programs of this build are: one folder above this one.
pub(crate) fn programs() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.parent().and_then(Path::parent).unwrap().to_owned()
}

/// A program of this build.
fn built(name: &str) -> PathBuf {
    let path = |name: &str| programs().join(name);
    for name in [name, "pulumi-language-rust"] {
        assert!(
            path(name).is_file(),
            "{} is not built: `./just test` builds it, and so does `cargo build --workspace`",
            path(name).display()
        );
    }
    path(name)
}
