//! What a command is, from its words: the task's name, type and project.

use std::ffi::OsString;
use std::path::Path;

use miyabi_progress::model::cut;
use miyabi_shared::config::Environment;
use miyabi_shared::limits::NAME_CHARACTERS;
use miyabi_shared::{ProjectId, TaskType};

use crate::configuration::PROJECT;

/// The command line as people would type it, without what looks like a secret.
pub(crate) fn name(command: &[OsString]) -> String {
    let mut words = Vec::new();
    let mut secret_next = false;
    for word in command {
        let word = word.to_string_lossy();
        if std::mem::take(&mut secret_next) && !word.starts_with('-') {
            words.push("***".to_owned());
        } else if let Some((key, _)) =
            word.split_once('=').filter(|(key, _)| !key.contains(char::is_whitespace) && is_secret(key))
        {
            words.push(format!("{key}=***"));
        } else {
            secret_next = word.starts_with('-') && is_secret(&word);
            words.push(quoted(&word));
        }
    }
    let name: String = words.join(" ").chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let name = name.trim();
    if name.is_empty() { "command".to_owned() } else { cut(name, NAME_CHARACTERS) }
}

fn is_secret(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    ["password", "passwd", "secret", "token", "api-key", "api_key", "apikey", "access_key", "access-key"]
        .iter()
        .any(|part| word.contains(part))
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=@%+,~".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{word}'") }
}

/// What kind of job the command is.
pub(crate) fn task_type(command: &[OsString]) -> TaskType {
    let words: Vec<String> = command.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    TaskType::from_words(kind(&words), TaskType::COMMAND)
}

fn kind(words: &[&str]) -> &'static str {
    let Some((program, rest)) = words.split_first() else { return TaskType::COMMAND };
    let program = Path::new(program).file_name().and_then(|name| name.to_str()).unwrap_or(program);
    let plain = || rest.iter().copied().filter(|word| !word.starts_with('-'));
    let first = plain().next().unwrap_or("");
    let has = |names: &[&str]| plain().any(|word| names.contains(&word));
    let after = |skip: usize| kind(rest.get(skip..).unwrap_or_default());
    match program {
        // Programs that start another one.
        "env" => {
            let skip = rest.iter().take_while(|word| word.starts_with('-') || word.contains('=')).count();
            after(skip)
        }
        "npx" | "bunx" | "pnpx" | "sudo" | "time" | "nice" | "nohup" | "exec" | "command" | "stdbuf"
        | "unbuffer" | "xvfb-run" | "caffeinate" => {
            after(rest.iter().take_while(|word| word.starts_with('-')).count())
        }
        "timeout" => after(rest.iter().take_while(|word| word.starts_with('-')).count() + 1),
        "npm" | "pnpm" | "yarn" | "bun" => match first {
            "exec" | "dlx" | "x" => kind(&plain().skip(1).collect::<Vec<_>>()),
            "test" | "t" => TaskType::TEST,
            "install" | "ci" | "add" | "build" | "i" => TaskType::BUILD,
            "run" | "run-script" => script(plain().nth(1).unwrap_or("")),
            "cdk" => kind(&plain().collect::<Vec<_>>()),
            other => script(other),
        },
        "uv" | "poetry" | "pipenv" | "rye" | "hatch" | "mise" if first == "run" || first == "exec" => {
            kind(&plain().skip(1).collect::<Vec<_>>())
        }
        "bash" | "sh" | "zsh" | "dash" | "fish" => {
            match rest.iter().position(|word| *word == "-c" || *word == "-lc") {
                Some(index) => rest.get(index + 1).map_or(TaskType::COMMAND, |script| {
                    script
                        .split(['&', '|', ';', '\n'])
                        .map(|part| kind(&part.split_whitespace().collect::<Vec<_>>()))
                        .find(|kind| *kind != TaskType::COMMAND)
                        .unwrap_or(TaskType::COMMAND)
                }),
                None => script(first),
            }
        }
        // The tools themselves.
        "cdk" | "cdklocal" if has(&["deploy", "destroy", "watch", "import", "bootstrap", "rollback"]) => {
            TaskType::CDK_DEPLOY
        }
        "cdk" | "cdklocal" => TaskType::BUILD,
        "pulumi" => TaskType::PULUMI,
        "terraform" | "tofu" | "terragrunt" => TaskType::TERRAFORM,
        "cargo" => match plain().find(|word| !word.starts_with('+')).unwrap_or("") {
            "test" | "t" | "nextest" | "bench" | "miri" => TaskType::TEST,
            "build" | "b" | "check" | "c" | "clippy" | "doc" | "install" | "lambda" | "zigbuild" => {
                TaskType::BUILD
            }
            _ => TaskType::COMMAND,
        },
        "pytest" | "py.test" | "jest" | "vitest" | "mocha" | "playwright" | "tox" | "nox" | "ctest"
        | "phpunit" | "rspec" | "cargo-nextest" | "bats" => TaskType::TEST,
        "python" | "python3" | "py" => match rest.iter().position(|word| *word == "-m") {
            Some(index) => match rest.get(index + 1).copied().unwrap_or("") {
                "pytest" | "unittest" | "tox" | "nox" => TaskType::TEST,
                "build" | "pip" => TaskType::BUILD,
                _ => TaskType::COMMAND,
            },
            None => TaskType::COMMAND,
        },
        "go" => match first {
            "test" => TaskType::TEST,
            "build" | "install" | "generate" => TaskType::BUILD,
            _ => TaskType::COMMAND,
        },
        "make" | "gmake" | "just" | "mvn" | "gradle" | "gradlew" | "mvnw" | "rake" | "task" | "dotnet" => {
            if plain().any(|word| word == "test" || word == "check" || word.ends_with("-test")) {
                TaskType::TEST
            } else if matches!(program, "just" | "rake" | "task") && !has(&["build", "compile"]) {
                script(first)
            } else {
                TaskType::BUILD
            }
        }
        "ninja" | "cmake" | "bazel" | "buck2" | "meson" | "tsc" | "webpack" | "vite" | "rollup"
        | "esbuild" | "gcc" | "clang" | "rustc" | "javac" | "msbuild" | "nix-build" => TaskType::BUILD,
        "docker" | "podman" | "buildah" | "docker-compose" if has(&["build", "bake", "buildx"]) => {
            TaskType::BUILD
        }
        "sam" if has(&["build"]) => TaskType::BUILD,
        "claude" | "codex" | "aider" | "gemini" | "opencode" | "goose" => TaskType::AGENT,
        other => script(other),
    }
}

/// What a script's name says.
fn script(name: &str) -> &'static str {
    let name =
        Path::new(name).file_name().and_then(|name| name.to_str()).unwrap_or(name).to_ascii_lowercase();
    let words = || name.split(|c: char| !c.is_ascii_alphanumeric());
    if words().any(|word| matches!(word, "test" | "tests" | "e2e" | "check")) {
        TaskType::TEST
    } else if words().any(|word| matches!(word, "build" | "compile" | "package" | "bundle")) {
        TaskType::BUILD
    } else {
        TaskType::COMMAND
    }
}

/// The project of what is run here: what the environment says, else the folder's.
pub(crate) fn project_here(environment: &dyn Environment) -> ProjectId {
    match environment.get(PROJECT).filter(|project| !project.is_empty()) {
        Some(project) => ProjectId::from_words(&project, "default"),
        None => std::env::current_dir()
            .map_or_else(|_| ProjectId::from_words("", "default"), |folder| project(&folder)),
    }
}

/// The project of what is run in `folder`: the folder of its git repository, else `default`.
pub(crate) fn project(folder: &Path) -> ProjectId {
    let repository = folder.ancestors().find(|folder| folder.join(".git").exists());
    let name = repository.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    ProjectId::from_words(&name.unwrap_or_default(), "default")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn the_type_is_seen_through_what_starts_the_tool() {
        for (line, expected) in [
            ("npx cdk deploy --all", "cdk-deploy"),
            ("npx --yes aws-cdk@2 deploy", "command"),
            ("cdk synth", "build"),
            ("env A=1 -i cargo build --release", "build"),
            ("cargo +nightly test", "test"),
            ("/usr/bin/cargo nextest run", "test"),
            ("python3 -m pytest -q", "test"),
            ("pytest", "test"),
            ("uv run pytest", "test"),
            ("pulumi up --yes", "pulumi"),
            ("tofu apply", "terraform"),
            ("npm run build:prod", "build"),
            ("npm test", "test"),
            ("yarn cdk deploy", "cdk-deploy"),
            ("make -j4 check", "test"),
            ("make", "build"),
            ("timeout 5 ninja", "build"),
            ("docker build .", "build"),
            ("docker ps", "command"),
            ("go test ./...", "test"),
            ("./run-tests.sh", "test"),
            ("claude -p x", "agent"),
            ("echo hi", "command"),
        ] {
            assert_eq!(task_type(&command(line)).as_str(), expected, "{line}");
        }
        let shell = ["sh", "-c", "cd x && cargo test | tee log"].map(OsString::from);
        assert_eq!(task_type(&shell).as_str(), "test");
    }

    #[test]
    fn the_name_is_the_command_line_without_secrets() {
        assert_eq!(name(&command("cdk deploy --all")), "cdk deploy --all");
        assert_eq!(
            name(&command("deploy --token abc --quiet DB_PASSWORD=x")),
            "deploy --token *** --quiet DB_PASSWORD=***"
        );
        assert_eq!(name(&["sh", "-c", "a && b"].map(OsString::from)), "sh -c 'a && b'");
        assert_eq!(name(&[OsString::from("\n")]), "' '");
        assert!(name(&[OsString::from("x".repeat(1000))]).chars().count() <= NAME_CHARACTERS);
    }

    #[test]
    fn the_project_is_the_repository_around() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("My Shop/src");
        std::fs::create_dir_all(&below).unwrap();
        assert_eq!(project(&below).as_str(), "default");
        std::fs::create_dir(folder.path().join("My Shop/.git")).unwrap();
        assert_eq!(project(&below).as_str(), "My-Shop");
    }
}
