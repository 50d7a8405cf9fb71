//! The socket.

use miyabi_shared::Stage;

use super::section::Section;

/// The socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SocketSettings {
    /// Whether there is one; without, viewers look again now and then.
    pub enabled: bool,
    /// Where messages to connections are posted, without the socket's identifier and stage: an emulator's. `None` is AWS.
    pub endpoint: Option<String>,
}

impl SocketSettings {
    /// In AWS a browser could not sign in to it yet: see `crate::socket`.
    pub(super) fn of(stage: Stage) -> Self {
        Self { enabled: stage == Stage::Local, endpoint: None }
    }

    pub(super) fn read(&mut self, section: &mut Section<'_>) {
        section.flag("enabled", &mut self.enabled);
        section.text("endpoint", &mut self.endpoint, |text| {
            let is_url = text.starts_with("http://") || text.starts_with("https://");
            is_url
                .then(|| Some(text.trim_end_matches('/').to_owned()))
                .ok_or_else(|| "expected an emulator's address, http://HOST:PORT/…".to_owned())
        });
    }
}
