//! Cursors: where a list goes on, in a form that says nothing and that nobody can make up.
//!
//! A cursor names a place, not a number of tasks to skip, so it stays right while tasks come and go. It is signed
//! together with the name of its list. The key is made from the names of the tables: it needs no secret to manage,
//! because a forged cursor could show nothing that the list does not show anyway; the signature tells a cursor that was
//! damaged or belongs to another list from one that is good.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use miyabi_shared::TaskId;
use sha2::Sha256;

use crate::error::StoreError;
use crate::position::Position;

const SIGNATURE_BYTES: usize = 12;

/// Makes and reads cursors.
#[derive(Clone)]
pub(crate) struct Cursors {
    key: Hmac<Sha256>,
}

impl std::fmt::Debug for Cursors {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Cursors")
    }
}

impl Cursors {
    pub(crate) fn new(secret: &str) -> Result<Self, StoreError> {
        let key = Hmac::new_from_slice(secret.as_bytes())
            .map_err(|error| StoreError::Refused { act: "making the cursor key", source: error.into() })?;
        Ok(Self { key })
    }

    pub(crate) fn write(&self, list: &str, place: &str) -> String {
        let mut bytes = self.sign(list, place).to_vec();
        bytes.extend_from_slice(place.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    pub(crate) fn read(&self, list: &str, cursor: &str) -> Result<String, StoreError> {
        let place = || -> Option<String> {
            let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
            let (signature, place) = bytes.split_at_checked(SIGNATURE_BYTES)?;
            let place = std::str::from_utf8(place).ok()?;
            let mac = self.key.clone().chain_update(message(list, place));
            mac.verify_truncated_left(signature).ok()?;
            Some(place.to_owned())
        };
        place().ok_or(StoreError::InvalidCursor)
    }

    pub(crate) fn write_position(&self, list: &str, position: &Position) -> String {
        self.write(list, &format!("{}|{}", position.created_at, position.task_id))
    }

    pub(crate) fn read_position(&self, list: &str, cursor: &str) -> Result<Position, StoreError> {
        let place = self.read(list, cursor)?;
        let position = || -> Option<Position> {
            let (created_at, task_id) = place.split_once('|')?;
            Some(Position { created_at: created_at.parse().ok()?, task_id: TaskId::new(task_id).ok()? })
        };
        position().ok_or(StoreError::InvalidCursor)
    }

    fn sign(&self, list: &str, place: &str) -> [u8; SIGNATURE_BYTES] {
        let full = self.key.clone().chain_update(message(list, place)).finalize().into_bytes();
        let mut short = [0; SIGNATURE_BYTES];
        short.copy_from_slice(&full[..SIGNATURE_BYTES]);
        short
    }
}

/// `\n` is in no list's name and in no place, so that two pairs never give the same text.
fn message(list: &str, place: &str) -> String {
    format!("{list}\n{place}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position() -> Position {
        Position { created_at: 1_795_322_123_456, task_id: TaskId::new("a.b:c").unwrap() }
    }

    #[test]
    fn a_cursor_comes_back_as_the_place_that_it_names() {
        let cursors = Cursors::new("tables").unwrap();
        let cursor = cursors.write_position("p||", &position());
        assert!(cursor.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
        assert_eq!(cursors.read_position("p||", &cursor).unwrap(), position());
    }

    #[test]
    fn a_cursor_of_another_list_or_another_store_or_a_changed_one_is_refused() {
        let cursors = Cursors::new("tables").unwrap();
        let cursor = cursors.write_position("p||", &position());
        assert!(cursors.read("q||", &cursor).is_err());
        assert!(Cursors::new("others").unwrap().read("p||", &cursor).is_err());
        for bad in ["", "a", "äöü", "AAAAAAAAAAAAAAAAAAAAAAAA", &cursor[1..], &format!("{cursor}A")] {
            assert!(matches!(cursors.read("p||", bad), Err(StoreError::InvalidCursor)), "{bad}");
        }
        for index in 0..cursor.len() {
            let mut changed = cursor.clone().into_bytes();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            // The last character holds spare bits; base64 refuses those that are set.
            assert!(cursors.read("p||", &changed).is_err(), "{changed}");
        }
    }
}
