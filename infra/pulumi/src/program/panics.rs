//! Panics that nobody catches: one on a thread or in a task of the program's own ends only that, and yet the program
//! is not complete.

use std::cell::Cell;
use std::sync::Mutex;

use crate::error::panic_message;
use crate::tracker::lock;

static FIRST: Mutex<Option<String>> = Mutex::new(None);

thread_local! {
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Remembers the first panic of this process, and shows it as before.
pub(super) fn watch() {
    let shown = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |information| {
        // A thread that is about to end may have lost its locals already, and then nobody catches anything there.
        if !CAUGHT.try_with(Cell::get).unwrap_or(false) {
            lock(&FIRST).get_or_insert_with(|| panic_message(information.payload()));
        }
        shown(information);
    }));
}

/// Runs what answers for its panics itself, and whose panics therefore say nothing about the program as a whole.
pub(crate) fn caught<T>(function: impl FnOnce() -> T) -> T {
    struct Back(bool);
    impl Drop for Back {
        fn drop(&mut self) {
            CAUGHT.set(self.0);
        }
    }
    let _back = Back(CAUGHT.replace(true));
    function()
}

/// What the first panic said, if there was one.
pub(crate) fn message() -> Option<String> {
    lock(&FIRST).clone()
}
