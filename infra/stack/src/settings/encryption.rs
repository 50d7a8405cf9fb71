//! Whose keys encrypt what is kept. Everything is encrypted in any case.

use miyabi_shared::Stage;

use super::section::Section;

/// Which of it is encrypted by keys of this stack, each a dollar a month, instead of by AWS's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EncryptionSettings {
    /// The tables and the cache.
    pub data_key: bool,
    /// The logs.
    pub logs_key: bool,
    /// The functions' environment and what they could not handle.
    pub functions_key: bool,
    /// For how many days a deleted key can be had back.
    pub deletion_days: u32,
}

impl EncryptionSettings {
    pub(super) fn of(stage: Stage) -> Self {
        let own = stage == Stage::Prod;
        Self { data_key: own, logs_key: own, functions_key: own, deletion_days: if own { 30 } else { 7 } }
    }

    pub(super) fn read(&mut self, section: &mut Section<'_>) {
        section.flag("dataKey", &mut self.data_key);
        section.flag("logsKey", &mut self.logs_key);
        section.flag("functionsKey", &mut self.functions_key);
        section.number("deletionDays", &mut self.deletion_days, 7..=30);
    }
}
