//! Runs the infrastructure on the real Pulumi engine, with our language host and the stand-in AWS provider.
//!
//! ```sh
//! MIYABI_PULUMI=/path/to/pulumi cargo run -p miyabi-pulumi-stand-in --example engine-drill
//! ```
//!
//! For dev and prod: preview, an up that fails at one resource, the up that goes on, an up that changes nothing, one changed setting, refresh, what must not be
//! destroyed, destroy to zero. It needs no account and no network; all state is in a temporary folder.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, bail, ensure};
use miyabi_shared::config::{Environment as _, ProcessEnvironment};
use miyabi_shared::{Function, Stage};
use serde_json::Value as Json;

const CLI: &str = "MIYABI_PULUMI";
/// Tells the stand-in provider the name of a resource that it must not make.
const REFUSED: &str = "MIYABI_STAND_IN_REFUSES";

fn main() -> ExitCode {
    match drill() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("engine-drill: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn drill() -> Result<()> {
    let Some(cli) = ProcessEnvironment.get(CLI) else {
        bail!("{CLI} is not set: give it the path of the Pulumi CLI, v3.240 or newer");
    };
    let programs = build()?;
    let folder = tempfile::tempdir().context("making a folder")?;
    let project = Project { cli, root: folder.path().to_owned() };
    project.write(&programs)?;
    project.unknown_stage_is_refused()?;
    for stage in [Stage::Dev, Stage::Prod] {
        project.life_of(stage)?;
    }
    Ok(())
}

/// Builds the host, the provider and the program, and gives the folder that they are in.
fn build() -> Result<PathBuf> {
    let packages =
        ["-p", "miyabi-infra", "-p", "miyabi-pulumi-language-rust", "-p", "miyabi-pulumi-stand-in"];
    let status = Command::new("cargo").args(["build", "--bins"]).args(packages).status();
    ensure!(status.context("starting cargo")?.success(), "cargo build failed");
    let own = std::env::current_exe().context("finding this program")?;
    let examples = own.parent().context("this program is in no folder")?;
    Ok(examples.parent().context("this program is in no target folder")?.to_owned())
}

/// A Pulumi project with everything of its own.
struct Project {
    cli: String,
    root: PathBuf,
}

impl Project {
    fn write(&self, programs: &Path) -> Result<()> {
        let write = |path: PathBuf, text: &str| -> Result<()> {
            let folder = path.parent().context("a file is in no folder")?;
            std::fs::create_dir_all(folder)?;
            std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))
        };
        std::fs::create_dir_all(self.root.join("state")).context("making a folder")?;
        for function in Function::ALL {
            write(self.functions().join(function.bootstrap_path()), function.name())?;
        }
        let programs = programs.display();
        let text = format!(
            "name: miyabi\nruntime:\n  name: rust\n  options:\n    binary: {programs}/infra\n\
             plugins:\n  languages:\n    - name: rust\n      path: {programs}\n\
             \x20 providers:\n    - name: aws\n      path: {programs}\n"
        );
        write(self.folder().join("Pulumi.yaml"), &text)
    }

    fn folder(&self) -> PathBuf {
        self.root.join("project")
    }

    fn functions(&self) -> PathBuf {
        self.root.join("functions")
    }

    /// Runs the CLI, with one resource refused: whether it succeeded, and what it printed.
    fn try_pulumi(&self, arguments: &[&str], refused: Option<&str>) -> Result<(bool, String, String)> {
        let output = Command::new(&self.cli)
            .envs(refused.map(|name| (REFUSED, name)))
            .args(arguments)
            .arg("--non-interactive")
            .current_dir(self.folder())
            .env("PULUMI_BACKEND_URL", format!("file://{}", self.root.join("state").display()))
            .env("PULUMI_HOME", self.root.join("home"))
            .env("PULUMI_CONFIG_PASSPHRASE", "")
            .env("PULUMI_SKIP_UPDATE_CHECK", "true")
            .env("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "true")
            .output()
            .with_context(|| format!("starting {}", self.cli))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok((output.status.success(), text(&output.stdout), text(&output.stderr)))
    }

    fn pulumi(&self, arguments: &[&str]) -> Result<String> {
        let (success, output, errors) = self.try_pulumi(arguments, None)?;
        ensure!(success, "pulumi {} failed:\n{output}{errors}", arguments.join(" "));
        Ok(output)
    }

    fn fails(&self, arguments: &[&str], refused: Option<&str>, why: &str) -> Result<()> {
        let (success, output, errors) = self.try_pulumi(arguments, refused)?;
        let said = format!("{output}{errors}");
        ensure!(!success && said.contains(why), "expected a failure because of {why:?}:\n{said}");
        Ok(())
    }

    fn new_stack(&self, stack: &str) -> Result<()> {
        self.pulumi(&["stack", "init", stack])?;
        let functions = self.functions();
        let functions = functions.to_str().context("the temporary folder's name is no text")?;
        self.pulumi(&["config", "set", "-s", stack, "miyabi:functions", functions])?;
        Ok(())
    }

    /// What a preview would do: how many resources for each operation, and the names of those that change.
    fn preview(&self, stack: &str) -> Result<(Json, Vec<String>)> {
        let plan: Json = serde_json::from_str(&self.pulumi(&["preview", "-s", stack, "--json"])?)
            .context("reading the preview")?;
        let name =
            |step: &Json| step["urn"].as_str().and_then(|urn| urn.rsplit("::").next()).map(str::to_owned);
        let steps = plan["steps"].as_array().into_iter().flatten();
        let mut changed: Vec<_> = steps.filter(|step| step["op"] != "same").filter_map(name).collect();
        changed.sort();
        Ok((plan["changeSummary"].clone(), changed))
    }

    fn resources(&self, stack: &str) -> Result<usize> {
        let state: Json = serde_json::from_str(&self.pulumi(&["stack", "export", "-s", stack])?)?;
        Ok(state["deployment"]["resources"].as_array().map_or(0, Vec::len))
    }

    fn unknown_stage_is_refused(&self) -> Result<()> {
        self.new_stack("production")?;
        self.fails(&["preview", "-s", "production"], None, "expected a stage, one of local, dev, stg, prod")?;
        println!("production: refused, because it is no stage");
        Ok(())
    }

    fn life_of(&self, stage: Stage) -> Result<()> {
        let stack = stage.name();
        self.new_stack(stack)?;
        let (summary, changed) = self.preview(stack)?;
        ensure!(summary["create"] == changed.len(), "the first preview should only create: {summary}");
        println!("{stack}: preview, {} to create", changed.len());

        let up = ["up", "-s", stack, "--yes", "--skip-preview"];
        // The function's log and its role are made, and whatever needs the function is not.
        let function = Function::TaskApi.name();
        self.fails(&up, Some(function), &format!("{function} is refused"))?;
        let made = self.resources(stack)?;
        ensure!(made > 0 && made < changed.len(), "{made} resources after a failure");
        println!("{stack}: up fails at {function}, and what was made until then is in the state");
        self.pulumi(&up)?;
        let (made, planned) = (self.resources(stack)?, changed.len());
        // The state has the provider as well.
        ensure!(made == planned + 1, "{planned} were planned and the state has {made}");
        println!("{stack}: up goes on from there");
        self.pulumi(&["up", "-s", stack, "--yes", "--skip-preview", "--expect-no-changes"])?;
        println!("{stack}: up again, nothing changes");

        self.pulumi(&["config", "set", "-s", stack, "miyabi:redisUrl", "redis://10.0.0.5:6379"])?;
        let (_, changed) = self.preview(stack)?;
        let mut functions: Vec<_> = Function::ALL.into_iter().map(|function| function.name()).collect();
        functions.sort_unstable();
        ensure!(changed == functions, "another cache should change {functions:?} and not {changed:?}");
        self.pulumi(&["up", "-s", stack, "--yes", "--skip-preview"])?;
        println!("{stack}: another cache changes {}", changed.join(" and "));
        self.pulumi(&["refresh", "-s", stack, "--yes", "--skip-preview", "--expect-no-changes"])?;
        println!("{stack}: refresh, nothing changes");

        let destroy = ["destroy", "-s", stack, "--yes", "--skip-preview"];
        if stage == Stage::Prod {
            self.fails(&destroy, None, "protected")?;
            println!("{stack}: what holds data is protected from destroy");
            self.pulumi(&["state", "unprotect", "-s", stack, "--all", "--yes"])?;
        }
        self.pulumi(&destroy)?;
        let left = self.resources(stack)?;
        ensure!(left == 0, "destroy has left {left} resources in the state");
        println!("{stack}: destroy, nothing left");
        Ok(())
    }
}
