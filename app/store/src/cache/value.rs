//! A task's value in the cache: one line about it, then its JSON.

use std::time::Duration;

use miyabi_shared::{Task, TaskStatus};

use crate::answer::Document;

/// For how long the state of a task that is at work is believed without a look at the table. A task that says something is
/// written much more often; this bounds how long an update that never reached the cache can stay unseen.
const TRUST_LIVE: Duration = Duration::from_secs(10);
/// The same for a task that ended, which changes only when it is started again.
const TRUST_ENDED: Duration = Duration::from_secs(60);

/// The last part of that time, in which one reader looks again while the others still use what is there: so what is read all
/// the time never runs out, and is looked up by one reader at a time.
const RENEWAL: u128 = 5;

/// How far a value is believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// It may be shown.
    Full,
    /// It may be shown, and should be looked up by someone.
    Ending,
    /// It may not be shown before it was compared with the table.
    None,
}

/// What the first line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    epoch: u64,
    pub(crate) created_at: i64,
    pub(crate) version: u64,
    pub(crate) status: TaskStatus,
    expires_at: i64,
    pub(crate) steps_version: u64,
    verified_at: i64,
}

impl Header {
    /// The first line of `value`, and where the JSON begins.
    pub(crate) fn parse(value: &[u8]) -> Option<(Self, usize)> {
        let end = value.iter().take(160).position(|byte| *byte == b'\n')?;
        let line = std::str::from_utf8(value.get(..end)?).ok()?;
        let mut words = line.split(' ');
        let header = Self {
            epoch: words.next()?.parse().ok()?,
            created_at: words.next()?.parse().ok()?,
            version: words.next()?.parse().ok()?,
            status: words.next()?.parse().ok()?,
            expires_at: words.next()?.parse().ok()?,
            steps_version: words.next()?.parse().ok()?,
            verified_at: words.next()?.parse().ok()?,
        };
        words.next().is_none().then_some((header, end + 1))
    }

    /// Whether it can be shown at `now` (milliseconds, by the clock of Redis) without a look at the table.
    pub(crate) fn trust(&self, epoch: u64, now: i64) -> Trust {
        let whole = if self.status.is_terminal() { TRUST_ENDED } else { TRUST_LIVE }.as_millis();
        let age = u128::try_from(now.saturating_sub(self.verified_at)).unwrap_or(0);
        if self.epoch != epoch || age > whole || now.div_euclid(1000) >= self.expires_at {
            Trust::None
        } else if age > whole - whole / RENEWAL {
            Trust::Ending
        } else {
            Trust::Full
        }
    }

    pub(crate) fn tag(&self) -> String {
        tag(self.created_at, self.version)
    }

    /// What the steps in the cache must name to be those of this state.
    pub(crate) fn steps_mark(&self) -> String {
        format!("{}.{}", self.created_at, self.steps_version)
    }
}

/// A task's value, with its first line read.
#[derive(Debug, Clone)]
pub(crate) struct Value {
    pub(crate) header: Header,
    pub(crate) document: Document,
}

impl Value {
    pub(crate) fn parse(bytes: Vec<u8>) -> Option<Self> {
        let (header, start) = Header::parse(&bytes)?;
        Some(Self { header, document: Document::within(bytes, start) })
    }
}

fn tag(created_at: i64, version: u64) -> String {
    format!("\"{created_at}.{version}\"")
}

/// The tag of a task's state, the same wherever it was read.
pub(crate) fn tag_of(task: &Task) -> String {
    tag(task.created_at.as_millis(), task.version)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUE: &[u8] = b"7 1795322123456 3 running 1803098123 2 1795322123500\n{\"a\":1}";

    #[test]
    fn the_first_line_is_read_and_the_rest_is_the_document() {
        let value = Value::parse(VALUE.to_vec()).unwrap();
        assert_eq!(value.document.as_bytes(), b"{\"a\":1}");
        assert_eq!(value.header.tag(), "\"1795322123456.3\"");
        assert_eq!(value.header.steps_mark(), "1795322123456.2");
        for bad in
            [&b""[..], b"{}", b"7 8 9 running 1 2\n{}", b"7 8 9 done 1 2 3\n", b"7 8 9 running 1 2 3 4\n"]
        {
            assert!(Value::parse(bad.to_vec()).is_none(), "{}", String::from_utf8_lossy(bad));
        }
    }

    #[test]
    fn a_value_is_trusted_in_its_epoch_for_its_time_until_it_expires() {
        let (header, _) = Header::parse(VALUE).unwrap();
        let verified = header.verified_at;
        let trust = |header: &Header, age: i64| header.trust(7, verified + age);
        assert_eq!(trust(&header, 8_000), Trust::Full);
        assert_eq!(trust(&header, 8_001), Trust::Ending);
        assert_eq!(trust(&header, 10_000), Trust::Ending);
        assert_eq!(trust(&header, 10_001), Trust::None, "too old");
        assert_eq!(header.trust(8, verified), Trust::None, "another epoch");
        assert_eq!(trust(&header, -50), Trust::Full, "the clock went back");
        let ended = Header { status: TaskStatus::Failed, ..header };
        assert_eq!(trust(&ended, 48_000), Trust::Full);
        assert_eq!(trust(&ended, 60_000), Trust::Ending);
        let expired = Header { expires_at: verified / 1000, ..header };
        assert_eq!(trust(&expired, 0), Trust::None, "expired");
    }
}
