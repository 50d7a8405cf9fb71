//! What a program tells the person who runs it, and asks of the engine.

use super::Context;
use crate::error::Failure;
use crate::resource::Resource;
use crate::wire;

/// How much a message matters. What is wrong is no message: a program returns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// Shown with `--debug` only.
    Debug,
    /// Shown.
    Info,
    /// Shown as a warning.
    Warning,
}

impl Context {
    /// Shows a message to the person who runs the program.
    pub fn log(&self, level: LogLevel, message: impl Into<String>) {
        self.send_log(level, message.into(), None::<&crate::ResourceHandle>);
    }

    /// Shows a message beside a resource.
    pub fn log_about(&self, resource: &impl Resource, level: LogLevel, message: impl Into<String>) {
        self.send_log(level, message.into(), Some(resource));
    }

    fn send_log(&self, level: LogLevel, message: String, about: Option<&impl Resource>) {
        let severity = match level {
            LogLevel::Debug => wire::LogSeverity::Debug,
            LogLevel::Info => wire::LogSeverity::Info,
            LogLevel::Warning => wire::LogSeverity::Warning,
        };
        let (shared, about) =
            (std::sync::Arc::clone(&self.shared), about.map(|about| about.handle().clone()));
        self.shared.tracker.spawn(async move {
            let urn = match about {
                // That the resource was not registered is told by the resource.
                Some(about) => about.registered().await.map(|about| about.urn.clone()).unwrap_or_default(),
                None => String::new(),
            };
            let request =
                wire::LogRequest { severity: severity.into(), message, urn, ..wire::LogRequest::default() };
            // A message that cannot be shown makes no program incomplete.
            let _ = shared.call(|monitor| async move { monitor.log(request).await }).await;
            Ok(())
        });
    }

    /// Fails the run where the Pulumi CLI's version is outside of a range such as `>=3.240.0`.
    pub fn require_pulumi_version(&self, range: impl Into<String>) {
        let (shared, range) = (std::sync::Arc::clone(&self.shared), range.into());
        self.shared.tracker.spawn(async move {
            let wanted = range.clone();
            let required =
                shared.call(|monitor| async move { monitor.require_pulumi_version(&range).await }).await;
            required.map_err(|source| Failure::Version { range: wanted, source }.into())
        });
    }
}
