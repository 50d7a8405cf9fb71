//! The command line: what can be typed, and its help.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use miyabi_progress::Format;
use miyabi_shared::credential::KEY_SECONDS_MAX;
use miyabi_shared::job::{Priority, RETRIES_MAX, Size, TIMEOUT_SECONDS, TIMEOUT_SECONDS_MAX};
use miyabi_shared::scope::Scope;
use miyabi_shared::{ProjectId, TaskId, TaskStatus, TaskType};

/// Follow every long-running job of a team, live.
#[derive(Debug, Parser)]
#[command(
    name = "miyabi",
    version,
    about = "Follow every long-running job of a team, live.",
    after_help = "Begin with:\n  miyabi run -- npx cdk deploy --all    run a command and show how far it has come\n  miyabi tasks                          what runs, and what ran\n  miyabi watch                          the same, live\n\nWhere the API is: --api-url, MIYABI_API_URL, or the file .local/env that `./just up` writes.\nAn API that asks who calls takes a key (MIYABI_API_KEY), a token (MIYABI_TOKEN) or `miyabi login`.\n`miyabi help run` says more about each command.",
    disable_help_subcommand = false,
    arg_required_else_help = true
)]
pub(crate) struct Arguments {
    /// Address of the API, such as https://miyabi.example.com [environment: MIYABI_API_URL].
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) api_url: Option<String>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Run(RunArguments),
    Submit(SubmitArguments),
    Tasks(TasksArguments),
    Watch(WatchArguments),
    Logs(LogsArguments),
    Attach(AttachArguments),
    Progress(ProgressArguments),
    Flush(FlushArguments),
    Login(LoginArguments),
    Logout(LogoutArguments),
    Keys(KeysArguments),
    Doctor(DoctorArguments),
    Simulate(SimulateArguments),
    Completion(CompletionArguments),
    /// The first process of a terminal session; started by `run`.
    #[command(name = crate::run::pty::SESSION_COMMAND, hide = true)]
    PtySession(PtyArguments),
    /// The command of a terminal session, before it becomes that command; started by the session.
    #[command(name = crate::run::pty::EXEC_COMMAND, hide = true)]
    PtyExec(PtyArguments),
}

/// Run a command unchanged, and show how far it has come
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  miyabi run -- npx cdk deploy --all
  miyabi run --name nightly --type test -- pytest -n 4
  miyabi run --format percent -- ./import.sh
  miyabi run -- sh -c 'make && ./check'        several commands, pipes or redirections need a shell

The command sees its own terminal, input, output, signals and environment as it would without miyabi;
only MIYABI_TASK_ID and MIYABI_ATTEMPT are added. Where the network is gone the command goes on, and
what could not be sent is kept in $XDG_STATE_HOME/miyabi/spool (else ~/.local/state/miyabi/spool) and
delivered by later runs or by `miyabi flush`. At most 64 MiB of unsent output are kept for one run;
past that, the oldest unsent lines give way to one line that says how many they were.

Exit codes: the command's own, and its death by a signal is passed on (a shell shows 128 + signal).
127 when the command is not found, 126 when it cannot be executed, 2 when the options are wrong.
Trouble with the network never changes the exit code.")]
pub(crate) struct RunArguments {
    /// What people call the task [default: the command line]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The project it belongs to [default: MIYABI_PROJECT, else the folder of the git repository, else `default`]
    #[arg(long, value_name = "PROJECT")]
    pub(crate) project: Option<ProjectId>,
    /// What kind of job it is [default: guessed from the command]
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) task_type: Option<TaskType>,
    /// A label to find the task by; can be repeated
    #[arg(long = "label", value_name = "KEY=VALUE", value_parser = parse_label)]
    pub(crate) labels: Vec<(String, String)>,
    /// The task's identifier, where another program should know it before [default: a new one]
    #[arg(long, value_name = "ID")]
    pub(crate) task_id: Option<TaskId>,
    /// Which attempt at the task this is; only with --task-id [default: one more than the last one known]
    #[arg(long, value_name = "N", requires = "task_id", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) attempt: Option<u32>,
    /// How to read the command's output: auto, cdk, pulumi, terraform, cargo, pytest, ninja, count, percent, plain…
    #[arg(long, value_name = "FORMAT", default_value = "auto")]
    pub(crate) format: Format,
    /// Take what matches this regular expression out of everything that is sent (its first group, where it has one);
    /// can be repeated [environment: MIYABI_REDACT, one expression a line]
    #[arg(long, value_name = "PATTERN", value_parser = regex::Regex::new)]
    pub(crate) redact: Vec<regex::Regex>,
    /// Say nothing, not even where to watch the task; trouble is still reported
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Say it as JSON on the error output, one object a line: where to watch the task, and how it ended
    #[arg(long, conflicts_with = "quiet")]
    pub(crate) json: bool,
    /// Longest time to wait for unsent output after the command has ended [default: 5]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(0..=3600))]
    pub(crate) wait: Option<u64>,
    /// The command and its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

/// Have a command run by a worker, and print its task's identifier
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  miyabi submit -- npx cdk deploy --all
  miyabi submit --priority high --retries 2 --watch -- ./import.sh
  miyabi submit --env STAGE=dev -- sh -c 'make && ./check'    several commands, pipes or redirections need a shell

The command runs in an empty folder of a worker, with nothing of this machine: neither its files nor its
environment. Variables that are given here are kept and shown with the task: they are no place for secrets.
`miyabi watch ID` follows the task, and cancels it.

Exit codes: 0 when the job waits for a worker; with --watch, those of `miyabi watch ID`. 1 when the API cannot
be reached or refuses, as it does where there are no queues; 2 when the options are wrong.")]
pub(crate) struct SubmitArguments {
    /// What people call the task [default: the command line]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The project it belongs to [default: MIYABI_PROJECT, else the folder of the git repository, else `default`]
    #[arg(long, value_name = "PROJECT")]
    pub(crate) project: Option<ProjectId>,
    /// What kind of job it is [default: guessed from the command]
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) task_type: Option<TaskType>,
    /// A label to find the task by; can be repeated
    #[arg(long = "label", value_name = "KEY=VALUE", value_parser = parse_label)]
    pub(crate) labels: Vec<(String, String)>,
    /// The task's identifier: the same one again submits nothing twice [default: a new one]
    #[arg(long, value_name = "ID")]
    pub(crate) task_id: Option<TaskId>,
    /// A variable of the command; can be repeated
    #[arg(long = "env", value_name = "NAME=VALUE", value_parser = parse_variable)]
    pub(crate) variables: Vec<(String, String)>,
    /// How urgent it is: high, standard or low
    #[arg(long, value_name = "PRIORITY", default_value = "standard")]
    pub(crate) priority: Priority,
    /// How large a part of a worker it needs: light, standard, medium, heavy or xl [default: by its labels]
    #[arg(long, value_name = "SIZE")]
    pub(crate) size: Option<Size>,
    /// How often it is tried again after it failed
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=i64::from(RETRIES_MAX)))]
    pub(crate) retries: u8,
    /// It is ended after so long, and has failed
    #[arg(long, value_name = "SECONDS", default_value_t = TIMEOUT_SECONDS, value_parser = clap::value_parser!(u32).range(1..=i64::from(TIMEOUT_SECONDS_MAX)))]
    pub(crate) timeout: u32,
    /// Never run it twice: where its worker is lost, it has failed
    #[arg(long)]
    pub(crate) once: bool,
    /// Follow the task until it ends
    #[arg(long, short)]
    pub(crate) watch: bool,
    /// Print neither the identifier nor where to watch the task
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// The command and its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}

/// List tasks, newest first
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  miyabi tasks --status running
  miyabi tasks --label branch=main --search deploy
  miyabi tasks --project webui --limit 100 --json | jq .name

Exit codes: 0; 1 when the API cannot be reached or refuses; 2 when the options are wrong.")]
pub(crate) struct TasksArguments {
    #[command(flatten)]
    pub(crate) filter: FilterArguments,
    /// One JSON object a line, as the API gives them
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct FilterArguments {
    /// Only tasks of this project
    #[arg(long, value_name = "PROJECT")]
    pub(crate) project: Option<ProjectId>,
    /// Only tasks in this status: queued, running, succeeded, failed or cancelled
    #[arg(long, value_name = "STATUS")]
    pub(crate) status: Option<TaskStatus>,
    /// Only tasks of this type
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) task_type: Option<TaskType>,
    /// Only tasks with this label
    #[arg(long, value_name = "KEY[=VALUE]")]
    pub(crate) label: Option<String>,
    /// Only tasks with these words in their identifier, name or labels
    #[arg(long, value_name = "WORDS")]
    pub(crate) search: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) limit: u32,
}

impl FilterArguments {
    /// Leaves nothing out.
    pub(crate) const fn everything() -> Self {
        Self { project: None, status: None, task_type: None, label: None, search: None, limit: 20 }
    }

    /// Whether some tasks are left out.
    pub(crate) fn is_narrow(&self) -> bool {
        self.project.is_some()
            || self.status.is_some()
            || self.task_type.is_some()
            || self.label.is_some()
            || self.search.is_some()
    }
}

/// Watch tasks live
#[derive(Debug, Args)]
#[command(after_long_help = "\
Without TASK_ID: the list, until q. With it: one task and its steps, until it ends. Where the network goes,
what was seen stays, and it goes on when the network is back. Where the output is no terminal, one line is
printed for each change.

Keys: arrows choose and scroll, enter opens, esc goes back, l follows the output, / searches, f shows one
status, s sorts, c cancels after a question, ? lists them all, q leaves.

Exit codes with TASK_ID: the task's own exit code where it has one, else 0 when it succeeded and 1 when
it did not. 130 after Ctrl-C. 1 when there is no such task.")]
pub(crate) struct WatchArguments {
    /// The task; the whole list where it is left out
    pub(crate) task_id: Option<TaskId>,
    #[command(flatten)]
    pub(crate) filter: FilterArguments,
}

/// Print a task's output
#[derive(Debug, Args)]
#[command(after_long_help = "\
Exit codes: 0; 1 when there is no such task or the API cannot be reached.
With --follow it ends when the task has ended and all of its output is printed.")]
pub(crate) struct LogsArguments {
    /// The task
    pub(crate) task_id: TaskId,
    /// Go on with new lines until the task ends
    #[arg(long, short)]
    pub(crate) follow: bool,
    /// Put the time before each line
    #[arg(long, short)]
    pub(crate) timestamps: bool,
}

/// Make a task of a log stream that something else writes, and print its lines
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  miyabi attach /aws/codebuild/shop 8f3a…                 a build that runs elsewhere
  miyabi attach /ecs/import import/worker/1 --idle 600    over when nothing came for ten minutes

Reads the stream from its first line on, and what follows; progress, steps and the result go to the API, the
lines stay where they are. To attach again, also after a break or from two machines, changes nothing that was
told before. It ends when the output has said how the job ended and nothing followed for 10 s, after --idle, or
with Ctrl-C. While nobody is attached to a job that still runs, it is shown as stalled.
The credentials need logs:GetLogEvents.

Exit codes: 0; 130 after Ctrl-C; 1 when there is no such stream, or when the API did not take all.")]
pub(crate) struct AttachArguments {
    /// The log group
    pub(crate) log_group: String,
    /// The log stream
    pub(crate) log_stream: String,
    /// What people call the task [default: the stream's name]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// The project it belongs to [default: MIYABI_PROJECT, else the folder of the git repository, else `default`]
    #[arg(long, value_name = "PROJECT")]
    pub(crate) project: Option<ProjectId>,
    /// What kind of job it is [default: command]
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) task_type: Option<TaskType>,
    /// A label to find the task by; can be repeated
    #[arg(long = "label", value_name = "KEY=VALUE", value_parser = parse_label)]
    pub(crate) labels: Vec<(String, String)>,
    /// The task's identifier [default: made from group and stream, the same each time]
    #[arg(long, value_name = "ID")]
    pub(crate) task_id: Option<TaskId>,
    /// How to read the lines: auto, cdk, pulumi, terraform, cargo, pytest, ninja, count, percent, plain…
    #[arg(long, value_name = "FORMAT", default_value = "auto")]
    pub(crate) format: Format,
    /// The job is over when no line came for so long
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub(crate) idle: Option<u64>,
    /// Print neither the lines nor where to watch the task
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Read a tool's output and print its progress as JSON lines
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  miyabi progress deploy.log
  npx cdk deploy 2>&1 | miyabi progress --format cdk

One JSON object a line for each change, at once, and the result last:
  {\"type\":\"progress\",\"current\":15,\"total\":29,\"percentage\":52,\"phase\":\"deploy\",…}
  {\"type\":\"result\",\"status\":\"succeeded\"}

Exit codes: 0 whatever the tool's result was; 1 when FILE cannot be read.")]
pub(crate) struct ProgressArguments {
    /// How to read it: auto, cdk, pulumi, terraform, cargo, pytest, ninja, count, percent…
    #[arg(long, value_name = "FORMAT", default_value = "auto")]
    pub(crate) format: Format,
    /// The file; standard input where it is left out or `-`
    pub(crate) file: Option<PathBuf>,
}

/// Deliver what earlier runs could not send
#[derive(Debug, Args)]
#[command(after_long_help = "\
Exit codes: 0 when nothing is left; 1 when something could not be delivered yet.")]
pub(crate) struct FlushArguments {
    /// Only this task
    pub(crate) task_id: Option<TaskId>,
    /// Say nothing when all went well
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// Sign in, by a browser
#[derive(Debug, Args)]
#[command(after_long_help = "\
The browser is sent to where the API's people sign in, and comes back to this machine. Where the browser is on
another machine, paste the address at which it ended. The tokens are kept in ~/.config/miyabi/sign-ins.json,
which nobody else can read, and are renewed before they end. A key in MIYABI_API_KEY, or a token in
MIYABI_TOKEN, goes before the sign-in.

Exit codes: 0 when somebody is signed in; 1 when nobody is.")]
pub(crate) struct LoginArguments {
    /// The issuer [default: what the deployment says in /config.json]
    #[arg(long, value_name = "URL", requires = "client_id")]
    pub(crate) issuer: Option<String>,
    /// What this command is called there: a public client that may come back to http://localhost:8791/
    #[arg(long, value_name = "ID", requires = "issuer")]
    pub(crate) client_id: Option<String>,
    /// A scope to ask for; can be repeated [default: openid and the API's four]
    #[arg(long = "scope", value_name = "SCOPE", requires = "issuer")]
    pub(crate) scopes: Vec<String>,
    /// The audience to ask for, where the issuer wants to be told
    #[arg(long, value_name = "AUDIENCE", requires = "issuer")]
    pub(crate) audience: Option<String>,
    /// Open no browser, only print the address
    #[arg(long)]
    pub(crate) no_browser: bool,
}

/// Sign out: the tokens are taken back and forgotten
#[derive(Debug, Args)]
pub(crate) struct LogoutArguments {}

/// List, make and take back API keys
#[derive(Debug, Args)]
pub(crate) struct KeysArguments {
    #[command(subcommand)]
    pub(crate) command: KeysCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    List(KeysListArguments),
    Create(KeysCreateArguments),
    Revoke(KeysRevokeArguments),
}

/// List the keys, without their secrets
#[derive(Debug, Args)]
pub(crate) struct KeysListArguments {
    /// One JSON object a line for each key
    #[arg(long)]
    pub(crate) json: bool,
}

/// Make a key, and print it this once
#[derive(Debug, Args)]
#[command(after_long_help = "\
Example:
  miyabi keys create 'GitHub Actions' --scope write --project shop --expires 90d

The key alone goes to the standard output; whoever has it is let in, so keep it as a secret.")]
pub(crate) struct KeysCreateArguments {
    /// What it is for, in words
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// What it allows: read, write, run or admin; each holds those before it
    #[arg(long, value_name = "SCOPE", value_parser = parse_scope)]
    pub(crate) scope: Scope,
    /// A project that it is held to; can be repeated [default: every project]
    #[arg(long = "project", value_name = "PROJECT")]
    pub(crate) projects: Vec<ProjectId>,
    /// After how long it is good for nothing: minutes, hours or days, as in 90d [default: never]
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub(crate) expires: Option<u64>,
}

/// Take a key back: it lets nobody in any more within half a minute
#[derive(Debug, Args)]
pub(crate) struct KeysRevokeArguments {
    /// The key's identifier: what stands between its first two underscores
    #[arg(value_name = "KEY_ID")]
    pub(crate) key_id: String,
}

/// Check that everything is in place, and say what to do where it is not
#[derive(Debug, Args)]
#[command(after_long_help = "\
Looks at the configuration and where each value came from, the credentials, the API and its version, the log
groups, this machine's clock, and the spool of unsent output. Changes nothing.

Exit codes: 0 when all is well or only worth a look; 1 when something must be mended.")]
pub(crate) struct DoctorArguments {
    /// One JSON object a line for each check
    #[arg(long)]
    pub(crate) json: bool,
}

/// Print what a shell needs to complete this command's words
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  miyabi completion bash > ~/.local/share/bash-completion/completions/miyabi
  miyabi completion zsh  > \"${fpath[1]}/_miyabi\"
  miyabi completion fish > ~/.config/fish/completions/miyabi.fish")]
pub(crate) struct CompletionArguments {
    /// The shell
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct PtyArguments {
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) command: Vec<OsString>,
}

fn parse_variable(text: &str) -> Result<(String, String), String> {
    let (name, value) =
        text.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or("expected NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn parse_label(text: &str) -> Result<(String, String), String> {
    use miyabi_shared::limits::LABEL_CHARACTERS;
    let (key, value) = text.split_once('=').ok_or("expected KEY=VALUE")?;
    if key.is_empty() || key.chars().count() > LABEL_CHARACTERS || value.chars().count() > LABEL_CHARACTERS {
        return Err(format!("expected KEY=VALUE of 1 to {LABEL_CHARACTERS} characters each"));
    }
    Ok((key.to_owned(), value.to_owned()))
}

/// Show how long jobs would wait, how many workers there would be, and what they would cost
///
/// Every policy is tried with the same load; the cheapest with which 95 of 100 jobs wait no longer than wanted is recommended.
#[derive(Debug, Args)]
pub(crate) struct SimulateArguments {
    /// Jobs an hour, or spikes, or day
    #[arg(long, default_value = "100", value_parser = load)]
    pub(crate) load: miyabi_simulator::Load,
    /// Minutes that a job takes on average
    #[arg(long, default_value_t = 15.0, value_parser = positive)]
    pub(crate) minutes: f64,
    /// Hours to simulate
    #[arg(long, default_value_t = 24.0, value_parser = positive)]
    pub(crate) hours: f64,
    /// Fewest workers
    #[arg(long, default_value_t = 1)]
    pub(crate) min: u32,
    /// Most workers
    #[arg(long, default_value_t = 100)]
    pub(crate) max: u32,
    /// Seconds that a worker takes to start
    #[arg(long, default_value_t = 60.0, value_parser = positive)]
    pub(crate) start: f64,
    /// Size of the workers: light, standard, medium, heavy or xl
    #[arg(long, default_value = "standard")]
    pub(crate) size: Size,
    /// Minutes that 95 of 100 jobs may wait at most
    #[arg(long, default_value_t = 5.0, value_parser = positive)]
    pub(crate) wait: f64,
    /// Where chance begins
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Write a picture of the recommended policy into this file
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
    /// Show the traces by which scaling was designed, and where they claim what cannot be
    #[arg(long)]
    pub(crate) traces: bool,
    /// JSON for programs
    #[arg(long)]
    pub(crate) json: bool,
}

/// A scope by its name, or by the word behind its colon.
fn parse_scope(text: &str) -> Result<Scope, String> {
    let found = Scope::ALL.into_iter().find(|scope| {
        scope.name() == text || scope.name().split_once(':').is_some_and(|(_, word)| word == text)
    });
    found.ok_or_else(|| "expected read, write or admin".to_owned())
}

/// Seconds in `30m`, `12h` or `90d`.
fn parse_time(text: &str) -> Result<u64, String> {
    let units = [('m', 60), ('h', 60 * 60), ('d', 24 * 60 * 60)];
    let seconds = units.iter().find_map(|(unit, seconds)| {
        let number: u64 = text.strip_suffix(*unit)?.parse().ok().filter(|number| *number > 0)?;
        number.checked_mul(*seconds).filter(|seconds| *seconds <= KEY_SECONDS_MAX)
    });
    seconds.ok_or_else(|| "expected minutes, hours or days up to ten years, as in 30m, 12h or 90d".to_owned())
}

fn load(text: &str) -> Result<miyabi_simulator::Load, String> {
    miyabi_simulator::Load::parse(text)
        .ok_or_else(|| "expected jobs an hour, up to 100000, or spikes, or day".to_owned())
}

fn positive(text: &str) -> Result<f64, String> {
    let number: Option<f64> = text.parse().ok();
    number
        .filter(|number| *number > 0.0 && *number <= 10_000.0)
        .ok_or_else(|| "expected a number over 0, up to 10000".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn what_follows_two_dashes_belongs_to_the_command() {
        let arguments = Arguments::try_parse_from([
            "miyabi", "run", "-q", "--label", "a=b=c", "--", "ls", "--quiet", "--", "-x",
        ])
        .unwrap();
        let Command::Run(run) = arguments.command else { panic!("{arguments:?}") };
        assert_eq!(run.command, ["ls", "--quiet", "--", "-x"]);
        assert!(run.quiet);
        assert_eq!(run.labels, [("a".to_owned(), "b=c".to_owned())]);
    }

    #[test]
    fn options_that_make_no_sense_are_refused() {
        for bad in [
            &["miyabi", "run"][..],
            &["miyabi", "run", "--label", "x", "--", "ls"],
            &["miyabi", "run", "--attempt", "2", "--", "ls"],
            &["miyabi", "run", "--project", "a b", "--", "ls"],
            &["miyabi", "run", "--format", "nonsense", "--", "ls"],
            &["miyabi", "tasks", "--status", "done"],
            &["miyabi", "tasks", "--limit", "0"],
            &["miyabi", "login", "--issuer", "https://issuer.example"],
            &["miyabi", "keys", "create", "x"],
            &["miyabi", "keys", "create", "x", "--scope", "root"],
            &["miyabi", "keys", "create", "x", "--scope", "read", "--expires", "0d"],
            &["miyabi", "keys", "create", "x", "--scope", "read", "--expires", "11y"],
        ] {
            assert!(Arguments::try_parse_from(bad).is_err(), "{bad:?}");
        }
    }
}
