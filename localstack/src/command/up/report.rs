//! What stays behind when everything runs: the variables, and a word on how to go on.

use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use miyabi_shared::{LogGroup, local};

use crate::checkout::Checkout;
use crate::console;
use crate::settings::{Provider, Settings};

/// Writes `.local/env`, where it says something else or is not there.
pub(super) fn write_env(checkout: &Checkout, settings: &Settings) -> anyhow::Result<()> {
    let file = checkout.env_file();
    let text = env(settings);
    if std::fs::read_to_string(&file).is_ok_and(|now| now == text) {
        return Ok(());
    }
    write(&file, &text).with_context(|| format!("write {}", file.display()))
}

fn write(file: &Path, text: &str) -> std::io::Result<()> {
    let draft = file.with_extension("draft");
    std::fs::write(&draft, text)?;
    std::fs::rename(&draft, file)
}

fn env(settings: &Settings) -> String {
    let pairs = [
        (local::API_URL, settings.url()),
        (local::DASHBOARD_URL, settings.url()),
        (local::AWS_ENDPOINT_URL, settings.endpoint()),
        (local::AWS_REGION, local::REGION.to_owned()),
        ("AWS_DEFAULT_REGION", local::REGION.to_owned()),
        (local::AWS_ACCESS_KEY_ID, "test".to_owned()),
        (local::AWS_SECRET_ACCESS_KEY, "test".to_owned()),
        (local::REDIS_URL, settings.redis_url()),
        (local::LOG_GROUP_CDK_DEPLOY, LogGroup::CdkDeploy.name().to_owned()),
        (local::LOG_GROUP_AGENTS, LogGroup::Agents.name().to_owned()),
        (local::LOG_GROUP_SYSTEM, LogGroup::System.name().to_owned()),
    ];
    let lines = pairs.iter().map(|(name, value)| format!("{name}={value}\n"));
    std::iter::once("# Written by `./just up`: where the local cloud is.\n".to_owned()).chain(lines).collect()
}

/// What runs, what is real and what is not, and how to go on.
pub(super) fn summary(checkout: &Checkout, settings: &Settings, elapsed: Duration) -> String {
    let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
    let (endpoint, url, redis) = (settings.endpoint(), settings.url(), settings.redis_url());
    let emulator = match settings.provider {
        Provider::MiniStack => "MiniStack: emulates the AWS services; IAM is enforced",
        Provider::LocalStack => "LocalStack in a container: emulates the AWS services",
    };
    let table = console::table(&[
        row(["page", &url, "the real page, from a bucket through the edge"]),
        row(["API", &format!("{url}/api/tasks"), "the real functions, run on this machine"]),
        row(["AWS", &endpoint, emulator]),
        row(["Redis", &redis, "a real server"]),
    ]);
    let worker = if settings.worker {
        "A worker takes jobs from the queues: POST /api/tasks with `run` (MIYABI_WORKER=off leaves it out)."
    } else {
        "No worker takes jobs from the queues."
    };
    let bin = checkout.state().join("bin");
    let path = match std::env::current_dir() {
        Ok(folder) if folder == checkout.root() => "\"$PWD/.local/bin:$PATH\"".to_owned(),
        _ => format!("\"{}:$PATH\"", bin.display()),
    };
    format!(
        "\nMiyabi is up after {}.\n\n{table}\n\
         Emulated: API Gateway, Lambda, DynamoDB, SQS, CloudWatch Logs, S3, IAM, CloudFormation.\n\
         {worker}\n\
         Not there: CloudFront (the edge stands in for it), VPC, ElastiCache (the Redis above), alarms and metrics.\n\
         Everything listens on 127.0.0.1 only; the same addresses are in .local/env.\n\n\
         Go on:\n  \
           export PATH={path}\n  \
           miyabi run -- npx cdk deploy …     a job of yours, live on the page\n  \
           ./just demo                        a few jobs to look at\n  \
           ./just status · logs · down        what runs, what it says, and its end\n",
        console::seconds(elapsed)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_says_where_everything_is() {
        let settings = Settings {
            provider: Provider::MiniStack,
            edge_port: 1,
            cloud_port: 2,
            redis_port: 3,
            worker: true,
        };
        let text = env(&settings);
        assert!(text.contains("MIYABI_API_URL=http://127.0.0.1:1\n"), "{text}");
        assert!(text.contains("AWS_ENDPOINT_URL=http://127.0.0.1:2\n"), "{text}");
        assert!(text.contains("REDIS_URL=redis://127.0.0.1:3\n"), "{text}");
        assert!(text.contains("MIYABI_LOG_GROUP_CDK_DEPLOY=/miyabi/cdk-deploy\n"), "{text}");
    }
}
