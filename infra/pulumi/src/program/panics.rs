//! Panics that nobody catches: one on a thread or in a task of the program's own ends only that, and yet the program
//! is not complete.

use std::sync::Mutex;

use crate::error::panic_message;
use crate::tracker::lock;

static FIRST: Mutex<Option<String>> = Mutex::new(None);

/// Remembers the first panic of this process, and shows it as before.
pub(super) fn watch() {
    let shown = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |information| {
        lock(&FIRST).get_or_insert_with(|| panic_message(information.payload()));
        shown(information);
    }));
}

/// What the first panic said, if there was one.
pub(crate) fn message() -> Option<String> {
    lock(&FIRST).clone()
}
