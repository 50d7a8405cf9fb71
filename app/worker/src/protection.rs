//! Asking ECS not to end this task while a job runs on it. Elsewhere there is nobody to ask.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use miyabi_shared::config::Environment;
use serde_json::json;

/// Where the agent of ECS answers; it sets the variable itself.
const AGENT: &str = "ECS_AGENT_URI";
/// For how long protection is asked; it is renewed while jobs run. ECS takes 1 to 2,880 minutes.
const MINUTES: u32 = 60;
const TIMEOUT: Duration = Duration::from_secs(2);

/// Protection of this task against being scaled in.
#[derive(Debug)]
pub(crate) struct Protection {
    agent: Option<(String, reqwest::Client)>,
    jobs: AtomicU32,
    asked: Mutex<Option<std::time::Instant>>,
}

impl Protection {
    pub(crate) fn find(environment: &dyn Environment) -> Self {
        let agent = environment.get(AGENT).and_then(|agent| {
            let client = reqwest::Client::builder().timeout(TIMEOUT).no_proxy().build().ok()?;
            Some((format!("{}/task-protection/v1/state", agent.trim_end_matches('/')), client))
        });
        Self { agent, jobs: AtomicU32::new(0), asked: Mutex::new(None) }
    }

    /// A job begins.
    pub(crate) async fn begin(&self) {
        let before = self.jobs.fetch_add(1, Ordering::AcqRel);
        let old = {
            let asked = self.asked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            asked.is_none_or(|asked| asked.elapsed() > Duration::from_secs(u64::from(MINUTES) * 30))
        };
        if before == 0 || old {
            self.ask(true).await;
        }
    }

    /// A job has ended.
    pub(crate) async fn end(&self) {
        if self.jobs.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.ask(false).await;
        }
    }

    /// How many jobs run.
    pub(crate) fn jobs(&self) -> u32 {
        self.jobs.load(Ordering::Acquire)
    }

    /// Renews it, where jobs run for long.
    pub(crate) async fn renew(&self) {
        let old = {
            let asked = self.asked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            asked.is_some_and(|asked| asked.elapsed() > Duration::from_secs(u64::from(MINUTES) * 30))
        };
        if old && self.jobs() > 0 {
            self.ask(true).await;
        }
    }

    async fn ask(&self, protected: bool) {
        let Some((url, client)) = &self.agent else { return };
        let body = if protected {
            json!({"ProtectionEnabled": true, "ExpiresInMinutes": MINUTES})
        } else {
            json!({"ProtectionEnabled": false})
        };
        *self.asked.lock().unwrap_or_else(std::sync::PoisonError::into_inner) =
            protected.then(std::time::Instant::now);
        let sent = client.put(url).json(&body).send().await.and_then(reqwest::Response::error_for_status);
        // Without it the task may be ended in the middle, and the job is handed back: slower, and nothing is lost.
        if let Err(error) = sent {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                protected,
                "ECS did not take the task's protection"
            );
        }
    }
}
