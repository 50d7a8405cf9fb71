//! Finds numbers that may be progress in a line.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::super::Seen;
use crate::format::Format;

/// A number, and how sure we are of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) percent: bool,
    pub(super) current: u64,
    pub(super) total: u64,
    pub(super) strong: bool,
    /// All the line's words.
    pub(super) words: u32,
    /// Those before the number, without units.
    pub(super) before: u32,
    pub(super) reason: &'static str,
}

/// Made once: its preparation takes longer than the search of a line.
static OF: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b" of "));

/// Words before or behind a number that say it is progress.
const WORDS: &[&str] = &[
    "batch",
    "batches",
    "built",
    "checked",
    "chunk",
    "chunks",
    "commits",
    "complete",
    "completed",
    "copied",
    "copying",
    "deploying",
    "documents",
    "done",
    "downloaded",
    "downloading",
    "epoch",
    "examples",
    "exported",
    "exporting",
    "file",
    "files",
    "finished",
    "images",
    "imported",
    "importing",
    "indexed",
    "indexing",
    "installed",
    "installing",
    "item",
    "items",
    "iteration",
    "job",
    "jobs",
    "layers",
    "loaded",
    "loading",
    "migrated",
    "migrating",
    "migration",
    "migrations",
    "modules",
    "objects",
    "packages",
    "page",
    "pages",
    "parts",
    "passed",
    "processed",
    "processing",
    "progress",
    "pulled",
    "pulling",
    "pushed",
    "pushing",
    "read",
    "records",
    "resources",
    "rows",
    "running",
    "scanned",
    "scanning",
    "sent",
    "shard",
    "shards",
    "stage",
    "step",
    "steps",
    "synced",
    "syncing",
    "targets",
    "task",
    "tasks",
    "test",
    "tests",
    "transferred",
    "unpacked",
    "unpacking",
    "uploaded",
    "uploading",
    "verified",
    "verifying",
    "written",
];

/// Words that say a number is something else.
const OTHERS: &[&str] = &[
    "accuracy",
    "attempt",
    "attempts",
    "available",
    "battery",
    "coverage",
    "covered",
    "cpu",
    "cup",
    "cups",
    "discount",
    "disk",
    "faster",
    "free",
    "full",
    "health",
    "healthy",
    "heap",
    "hit",
    "hits",
    "idle",
    "latency",
    "load",
    "loss",
    "mem",
    "memory",
    "off",
    "packet",
    "probability",
    "quota",
    "ram",
    "rate",
    "ratio",
    "ready",
    "replicas",
    "retries",
    "retry",
    "retrying",
    "score",
    "similarity",
    "slower",
    "smaller",
    "swap",
    "threshold",
    "tries",
    "try",
    "usage",
    "used",
    "utilization",
    "version",
    "volume",
];

/// Words for the state of a thing, which say nothing of a number before them: `web-1  1/1  Running`.
const STATES: &[&str] = &["running", "complete", "completed", "done", "finished", "loaded"];

/// Units of time: `1/60 s` is a fraction of one.
const TIMES: &[&str] =
    &["s", "ms", "us", "ns", "sec", "secs", "second", "seconds", "minute", "minutes", "hour", "hours", "hz"];

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !is_letter(c)).filter(|word| !word.is_empty())
}

/// Whether it is a letter; what bars are drawn with is none, which is known without a look at tables.
fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphabetic()
    } else {
        !matches!(c, '\u{2500}'..='\u{28ff}') && c.is_alphabetic()
    }
}

fn has(list: &[&str], word: &str) -> bool {
    // The lists hold lower-case ASCII.
    list.iter().any(|known| known.eq_ignore_ascii_case(word))
}

fn any(list: &[&str], text: &str) -> bool {
    words(text).any(|word| has(list, word))
}

fn hash(text: &str) -> u32 {
    words(text)
        .flat_map(|word| word.bytes().chain([b' ']))
        .fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// As [`hash`], but without words as short as units are.
fn hash_names(text: &str) -> u32 {
    let names = words(text).filter(|word| word.len() > 2);
    names
        .flat_map(|word| word.bytes().chain([b' ']))
        .fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// The number that ends right before `at` in `text`, and where it begins.
fn number_before(text: &str, at: usize) -> Option<(u64, usize)> {
    let digits = text.as_bytes().get(..at)?.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let start = at - digits;
    if digits == 0 || digits > 12 {
        return None;
    }
    Some((text.get(start..at)?.parse().ok()?, start))
}

/// The number that begins at `at`, and where it ends.
fn number_after(text: &str, at: usize) -> Option<(u64, usize)> {
    let digits = text.as_bytes().get(at..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 || digits > 12 {
        return None;
    }
    Some((text.get(at..at + digits)?.parse().ok()?, at + digits))
}

/// The first `n/m` or `n of m` that may be progress.
pub(super) fn count(text: &str, wanted: Format) -> Option<Found> {
    if wanted == Format::Percent {
        return None;
    }
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'/', bytes)
        .map(|at| (at, at + 1))
        .find_map(|(end, begin)| one_count(text, end, begin))
        .or_else(|| OF.find_iter(bytes).find_map(|at| one_count(text, at, at + 4)))
}

/// The count whose first number ends at `end` and whose second begins at `begin`.
fn one_count(text: &str, end: usize, begin: usize) -> Option<Found> {
    let slash = begin == end + 1;
    // `12 / 29` too; the padding of `[ 3/40]` stands outside.
    let spaced = slash && text.get(..end)?.ends_with(' ') && text.get(begin..)?.starts_with(' ');
    let (end, begin) = if spaced { (end - 1, begin + 1) } else { (end, begin) };
    let (current, start) = number_before(text, end)?;
    let (total, stop) = number_after(text, begin)?;
    if total == 0 || current > total {
        return None;
    }
    let before = text.get(..start)?;
    let after = text.get(stop..)?;
    let left = before.chars().next_back();
    let right = after.chars().next();
    let ends_word = |c: char| c.is_whitespace() || matches!(c, ')' | ']' | '|' | ',' | ';' | ':' | '}' | '>');
    let full_stop = right == Some('.') && after.chars().nth(1).is_none_or(char::is_whitespace);
    if !left.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | '|' | ':' | '=' | '{' | '<' | '#'))
        || !(right.is_none_or(ends_word) || full_stop)
    {
        return None;
    }
    if any(OTHERS, text) {
        return None;
    }
    let (inner_left, inner_right) =
        (before.trim_end().chars().next_back(), after.trim_start().chars().next());
    // `[11/22] text` is as likely a date.
    let date = (10..=31).contains(&current) && (10..=31).contains(&total) && current.min(total) <= 12;
    let bracketed =
        !date && matches!((inner_left, inner_right), (Some('['), Some(']')) | (Some('('), Some(')')));
    let column = inner_right == Some('|') && matches!(inner_left, Some('|') | None);
    let next = words(after).next();
    // A column apart is another thing's.
    let apart = after.starts_with("  ") || after.starts_with('\t');
    let near = words(before).last().is_some_and(|word| has(WORDS, word))
        || next.is_some_and(|word| has(WORDS, word) && !(apart && has(STATES, word)));
    let bar = has_bar(text);
    if !near && !bar && !bracketed && next.is_some_and(|word| has(TIMES, word)) {
        return None;
    }
    let reason = if bracketed {
        "a count in brackets"
    } else if column {
        "a count in a column of its own"
    } else if bar {
        "a count next to a bar"
    } else if near {
        "a count next to a word for progress"
    } else {
        "the same line again and again with a rising count"
    };
    let strong = bracketed || column || near || bar;
    Some(Found {
        percent: false,
        current,
        total,
        strong,
        words: hash(text),
        before: hash_names(before),
        reason,
    })
}

/// The first `n%` that may be progress.
pub(super) fn percent(seen: Seen<'_>, wanted: Format) -> Option<Found> {
    let text = seen.text;
    if wanted == Format::Count {
        return None;
    }
    memchr::memchr_iter(b'%', text.as_bytes()).find_map(|at| {
        let (last, start) = number_before(text, at)?;
        let mut whole = last;
        let mut start = start;
        if text.get(..start)?.ends_with('.') {
            // `51.7%`: rounded half up, as everywhere.
            let tenths = text.as_bytes().get(start).copied().unwrap_or(b'0');
            let (units, before) = number_before(text, start - 1)?;
            whole = units + u64::from(tenths >= b'5' && units < 100);
            start = before;
        }
        let before = text.get(..start)?;
        let after = text.get(at + 1..)?;
        let left = before.chars().next_back();
        let right = after.chars().next();
        let starts_word = |c: char| c.is_whitespace() || matches!(c, '(' | '[' | '|' | ':' | '=' | '{' | '<');
        let ends_word = |c: char| {
            c.is_whitespace() || matches!(c, ')' | ']' | '[' | '|' | ',' | ';' | ':' | '}' | '>' | '.')
        };
        if whole > 100
            || !left.is_none_or(|c| starts_word(c) || is_block(c))
            || !right.is_none_or(|c| ends_word(c) || is_block(c))
        {
            return None;
        }
        if any(OTHERS, text) {
            return None;
        }
        let inner = (before.trim_end().chars().next_back(), after.trim_start().chars().next());
        let bracketed = matches!(inner, (Some('['), Some(']'))) && before.trim().len() <= 1;
        // The dots of wget stand in tens.
        let bar = has_bar(text) || before.contains(" .......... ");
        let near = words(before).last().is_some_and(|word| has(WORDS, word))
            || words(after).next().is_some_and(|word| has(WORDS, word));
        // `100% tests passed` is a verdict, not a progress.
        let verdict = any(&["passed", "failed"], after);
        let redrawn = !seen.ended;
        let reason = if bar {
            "a percentage next to a bar"
        } else if redrawn {
            "a percentage in a line that is redrawn"
        } else if bracketed {
            "a percentage in brackets"
        } else if near {
            "a percentage next to a word for progress"
        } else {
            "the same line again and again with a rising percentage"
        };
        let strong = (bracketed || bar || near || redrawn) && !verdict;
        Some(Found {
            percent: true,
            current: whole,
            total: 100,
            strong,
            words: hash(text),
            before: hash_names(before),
            reason,
        })
    })
}

fn is_block(c: char) -> bool {
    matches!(c, '\u{2500}'..='\u{259f}' | '\u{25a0}' | '\u{25a1}')
}

/// Whether there is a bar: three or more of what bars are made of, or tqdm's frame, which begins empty.
fn has_bar(text: &str) -> bool {
    if text.contains("%|") {
        return true;
    }
    let mut run = 0;
    let mut last = '\0';
    for c in text.chars() {
        let part = is_block(c) || matches!(c, '=' | '#' | '·');
        run = if part && (c == last || is_block(c)) { run + 1 } else { usize::from(part) };
        if run >= 3 || last == '=' && c == '>' && run <= 1 {
            return true;
        }
        last = c;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_those_of_unicode() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_letter(c), c.is_alphabetic(), "{c:?}");
        }
    }
}
