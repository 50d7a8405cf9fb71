//! What only an answer shows: the API, CloudWatch Logs, credentials, and how far our clock is off.

use std::time::{Duration, Instant};

use aws_sdk_cloudwatchlogs::error::{ProvideErrorMetadata, SdkError};
use miyabi_client::{Client, ClientError, chain};
use miyabi_shared::scope::Scope;
use miyabi_shared::{LogGroup, Timestamp};

use reqwest::StatusCode;

use super::{Check, State};
use crate::client::hint;
use crate::commands::login::describe;
use crate::configuration::Configuration;
use crate::credential::Shown;
use crate::ship::shipper::logs_client;

/// A clock that is off by more makes ages and durations look odd.
const ODD: Duration = Duration::from_secs(30);
/// AWS refuses signatures that are further off.
const REFUSED: Duration = Duration::from_secs(5 * 60);
/// How long one question may take.
const ASK: Duration = Duration::from_secs(8);

/// The API: is it there, is it well, is it of our version, and what is its time?
pub(super) async fn api(configuration: &Configuration) -> Vec<Check> {
    let Some(url) = &configuration.api_url else { return Vec::new() };
    let client = match configuration.credentials.api.client(url) {
        Ok(client) => client,
        Err(error) => return vec![Check::fail("API", chain(&error), todo(&error))],
    };
    let caller = caller(configuration, url, &client).await;
    // How it is inside is for callers who may look.
    let asked = (Instant::now(), Timestamp::now());
    let health = match client.health(caller.state == State::Ok).await {
        Ok(health) => health,
        Err(error) => return vec![Check::fail("API", chain(&error), todo(&error))],
    };
    let took = asked.0.elapsed();
    let mut checks = vec![match health.status.as_str() {
        "ok" => Check::ok("API", format!("well, answers in {} ms", took.as_millis())),
        status => Check::warn(
            "API",
            format!("{status} (table: {}, cache: {})", or_unknown(&health.table), or_unknown(&health.cache)),
            "it works without its cache, only slower; look at the cache's alarm",
        ),
    }];
    if let Some(theirs) = health.time {
        checks.push(clock(asked.1, took, theirs));
    }
    match client.version().await {
        Ok(version) if version == env!("CARGO_PKG_VERSION") => {
            checks.push(Check::ok("API version", format!("{version}, as this command")));
        }
        Ok(version) => checks.push(Check::warn(
            "API version",
            format!("{version}, but this command is {}", env!("CARGO_PKG_VERSION")),
            "install the command that belongs to what is deployed",
        )),
        Err(error) => checks.push(Check::warn("API version", chain(&error), "is it a Miyabi API?")),
    }
    checks.push(caller);
    checks
}

/// Who we are for the API, and whether that is enough.
async fn caller(configuration: &Configuration, url: &str, client: &Client) -> Check {
    let shown = match configuration.credentials.api.shown(url) {
        Ok(Shown::Variable(name)) => format!("{name} was shown"),
        Ok(Shown::SignIn) => "your sign-in was shown".to_owned(),
        Ok(Shown::Nothing) => "nothing was shown".to_owned(),
        Err(error) => chain(&error),
    };
    match client.me().await {
        Ok(identity) => {
            let may_write = identity.scope.is_some_and(|scope| scope >= Scope::Write);
            let detail = describe(&identity);
            match (may_write, identity.scope) {
                (true, _) => Check::ok("caller", detail),
                (false, Some(_)) => Check::warn(
                    "caller",
                    format!("{detail}: you can look, and `miyabi run` cannot send"),
                    "have an administrator add you to the group tasks:write, or give you a key with --scope write",
                ),
                (false, None) => Check::fail(
                    "caller",
                    format!("{detail}; {shown}"),
                    "have an administrator add you to a group, or give you a key",
                ),
            }
        }
        // The one that was there before keys and tokens.
        Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => {
            Check::warn("caller", "the API does not say who you are", "deploy the version of this command")
        }
        Err(error) => {
            let todo = hint(&error).unwrap_or_else(|| todo(&error));
            Check::fail("caller", format!("{}; {shown}", chain(&error)), todo)
        }
    }
}

fn or_unknown(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or("unknown")
}

fn todo(error: &ClientError) -> &'static str {
    match error {
        ClientError::Unreachable { .. } => {
            "is it running (`./just up` for the local cloud), and does this machine reach it?"
        }
        ClientError::Refused { .. } => "look at the API's log",
        ClientError::Credential(_) => "`miyabi login` signs in anew",
        ClientError::InTheClear(_) => "give its address by https",
        ClientError::Address(_) => "give its address by --api-url or MIYABI_API_URL",
        ClientError::Answer { .. } => "is it the address of a Miyabi API?",
    }
}

/// Our clock against a time that the other side gave in whole seconds, somewhere between question and answer.
fn clock(asked: Timestamp, took: Duration, theirs: Timestamp) -> Check {
    let answered = asked.as_millis() + i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
    // A whole second may hide up to one more.
    let (earliest, latest) = (theirs.as_millis(), theirs.as_millis() + 999);
    let off =
        if asked.as_millis() > latest { asked.as_millis() - latest } else { (earliest - answered).max(0) };
    let off = Duration::from_millis(u64::try_from(off).unwrap_or(0));
    let ahead = if asked.as_millis() > latest { "ahead" } else { "behind" };
    let todo = "let this machine's clock be set by the network (for example `timedatectl set-ntp true`)";
    if off >= REFUSED {
        let detail = format!("{} s {ahead}: AWS refuses signatures that are 5 minutes off", off.as_secs());
        Check::fail("clock", detail, todo)
    } else if off >= ODD {
        Check::warn("clock", format!("{} s {ahead}: ages and durations look odd", off.as_secs()), todo)
    } else {
        Check::ok("clock", "agrees with the API's")
    }
}

/// CloudWatch Logs: is there anyone, do our credentials serve, and are the groups there?
pub(super) async fn logs(configuration: &Configuration) -> Vec<Check> {
    let mut checks = Vec::new();
    for group in [LogGroup::CdkDeploy, LogGroup::Agents, LogGroup::System] {
        let Some(destination) = configuration.logs(group) else { return checks };
        if group == LogGroup::CdkDeploy
            && let Some(check) = credentials(configuration, destination.endpoint.as_deref()).await
        {
            let failed = check.state == State::Fail;
            checks.push(check);
            if failed {
                return checks;
            }
        }
        let client = logs_client(&destination, &configuration.credentials).await;
        let name = &destination.group;
        let asked = client.describe_log_streams().log_group_name(name).limit(1).send();
        let check = match tokio::time::timeout(ASK, asked).await {
            Err(_) => Err(("no answer in time".to_owned(), true)),
            Ok(Ok(_)) => Ok(Check::ok("logs", format!("{name} is there"))),
            Ok(Err(error)) => match (error.code(), &error) {
                (Some("ResourceNotFoundException"), _) => Ok(Check::fail(
                    "logs",
                    format!("there is no log group {name}"),
                    "deploy the infrastructure there, or name another group",
                )),
                (Some("AccessDeniedException"), _) => Ok(Check::warn(
                    "logs",
                    format!("{name}: these credentials may not look (logs:DescribeLogStreams)"),
                    "writing needs only logs:CreateLogStream and logs:PutLogEvents; run something to see that it works",
                )),
                (_, SdkError::DispatchFailure(_) | SdkError::TimeoutError(_)) => {
                    Err((crate::ship::logs::describe(&error), true))
                }
                _ => Err((crate::ship::logs::describe(&error), false)),
            },
        };
        match check {
            Ok(check) => checks.push(check),
            Err((detail, everywhere)) => {
                let todo = "does this machine reach CloudWatch Logs, with these credentials? \
                            Output is kept in the spool meanwhile";
                checks.push(Check::fail("logs", detail, todo));
                if everywhere {
                    return checks;
                }
            }
        }
    }
    checks
}

/// Who we are for AWS; `None` for an emulator on this machine, which takes anybody.
async fn credentials(configuration: &Configuration, endpoint: Option<&str>) -> Option<Check> {
    use aws_sdk_cloudwatchlogs::config::ProvideCredentials;
    if configuration.credentials.keys_for(endpoint).is_some() {
        return Some(Check::ok("credentials", "access key of the configuration"));
    }
    let loaded = aws_config::defaults(aws_config::BehaviorVersion::latest()).load().await;
    let todo =
        "sign in to AWS (`aws sso login`, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)";
    let Some(provider) = loaded.credentials_provider() else {
        return Some(Check::fail("credentials", "none", todo));
    };
    Some(match tokio::time::timeout(ASK, provider.provide_credentials()).await {
        Ok(Ok(found)) => match found.expiry() {
            Some(expiry) => match expiry.duration_since(std::time::SystemTime::now()) {
                Ok(left) => {
                    Check::ok("credentials", format!("good for {}", super::super::bar::duration(left)))
                }
                Err(_) => Check::fail("credentials", "expired", todo),
            },
            None => Check::ok("credentials", "found by AWS's own chain"),
        },
        Ok(Err(error)) => Check::fail("credentials", chain(&error), todo),
        Err(_) => Check::fail("credentials", "finding them takes too long", todo),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_judged_by_what_the_answer_allows() {
        let at = Timestamp::from_millis;
        let state = |asked, took, theirs| clock(at(asked), Duration::from_millis(took), at(theirs)).state;
        // Their second may have begun before we asked, or end after we were answered.
        assert_eq!(state(10_999, 0, 10_000), State::Ok);
        assert_eq!(state(10_000, 500, 10_000), State::Ok);
        assert_eq!(state(50_000, 10, 10_000), State::Warn);
        assert_eq!(state(10_000, 10, 50_000), State::Warn);
        assert!(clock(at(1_000_000), Duration::ZERO, at(10_000)).detail.contains("989 s ahead"));
        assert_eq!(state(10_000, 0, 1_000_000), State::Fail);
    }
}
