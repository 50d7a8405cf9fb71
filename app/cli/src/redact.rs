//! Takes secrets out of what leaves this machine; what the user sees on the terminal is not touched.
//!
//! Three kinds are known: values of the run's own environment whose names say that they are secret, texts whose shape
//! says it (an AWS key, a GitHub token, a private key…), and values that stand behind a telling name (`API_KEY=…`,
//! `Authorization: …`, `https://user:password@…`). Patterns of the user come on top.
//!
//! Lines are looked at one after the other, when they are whole: how the bytes came does not matter. A secret that is
//! itself broken by a line end is taken out of both lines; no line is held back for that.

mod assignment;
mod shape;
mod values;

use std::collections::VecDeque;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, Input, MatchKind};
use miyabi_shared::TaskEvent;
use miyabi_shared::config::Environment;
use miyabi_shared::event::EventBody;
use regex::Regex;

use self::shape::{Alphabet, Shape};
use self::values::EDGE;
use crate::arguments::RunArguments;

/// Regular expressions of what is secret besides, one a line.
pub(crate) const PATTERNS: &str = "MIYABI_REDACT";
/// What stands where a secret was.
pub(crate) const MASK: &str = "[redacted]";
/// Lines after one that shows an access key's identifier in which its secret is looked for.
const NEAR_KEY: u8 = 4;
/// Lines of others that may stand between the parts of a secret that is cut.
const BETWEEN: u8 = 4;
/// Longest private key, in lines.
const KEY_LINES: u16 = 200;
/// How many secrets that were seen are remembered, for messages that show only a part of a line.
const REMEMBERED: usize = 64;
/// How much of two lines is looked at together, on each side of the line end. No anchor is longer.
const SEAM: usize = 32;

/// What is secret. Made once for a run.
#[derive(Debug)]
pub(crate) struct Rules {
    anchors: AhoCorasick,
    /// What the anchor at the same place stands for.
    meanings: Vec<Meaning>,
    values: Vec<String>,
    patterns: Vec<Regex>,
}

#[derive(Debug, Clone, Copy)]
enum Meaning {
    /// The first bytes of this value.
    ValueStart(usize),
    /// The first bytes of a text of that shape.
    Shape(&'static Shape),
    /// `-----BEGIN`.
    PrivateKey,
    /// `://`.
    Url,
    /// An option whose value is the next word, such as `--password `.
    Option,
}

/// A pattern that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{PATTERNS}: line {line} is no regular expression")]
pub(crate) struct InvalidPattern {
    line: usize,
    #[source]
    source: regex::Error,
}

impl Rules {
    /// The rules for a run with these options in this environment.
    pub(crate) fn of_run(
        arguments: &RunArguments,
        environment: &dyn Environment,
    ) -> Result<Self, InvalidPattern> {
        let mut patterns = arguments.redact.clone();
        patterns.extend(Self::patterns(&environment.get(PATTERNS).unwrap_or_default())?);
        Ok(Self::new(&environment.all(), patterns))
    }

    /// The patterns in a text with one a line.
    pub(crate) fn patterns(text: &str) -> Result<Vec<Regex>, InvalidPattern> {
        let lines = (1..).zip(text.lines()).filter(|(_, pattern)| !pattern.is_empty());
        lines
            .map(|(line, pattern)| Regex::new(pattern).map_err(|source| InvalidPattern { line, source }))
            .collect()
    }

    /// The rules for a run with these environment variables and patterns.
    pub(crate) fn new(variables: &[(String, String)], patterns: Vec<Regex>) -> Self {
        let values = values::secret(variables);
        let mut anchors: Vec<&[u8]> = Vec::new();
        let mut meanings = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let bytes = value.as_bytes();
            anchors.push(bytes.get(..EDGE).unwrap_or(bytes));
            meanings.push(Meaning::ValueStart(index));
        }
        for shape in shape::SHAPES {
            for prefix in shape.prefixes {
                anchors.push(prefix.as_bytes());
                meanings.push(Meaning::Shape(shape));
            }
        }
        anchors.push(b"-----BEGIN");
        meanings.push(Meaning::PrivateKey);
        anchors.push(b"://");
        meanings.push(Meaning::Url);
        for option in assignment::OPTIONS {
            anchors.push(option.as_bytes());
            meanings.push(Meaning::Option);
        }
        // The first of several anchors at one place counts: values come before shapes.
        let anchors = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(anchors);
        #[expect(clippy::expect_used, reason = "it fails only past 2^31 patterns")]
        let anchors = anchors.expect("a few hundred short texts");
        Self { anchors, meanings, values, patterns }
    }
}

/// What a line leaves behind for the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Carry {
    #[default]
    None,
    /// The value with this number goes on from this byte.
    Value(usize, usize),
    /// A text of this alphabet may go on; `sure` says that it was not complete.
    Token { alphabet: Alphabet, sure: bool },
    /// A private key goes on for at most so many lines.
    PrivateKey(u16),
}

/// Takes secrets out of one stream of lines.
#[derive(Debug)]
pub(crate) struct Redactor {
    rules: Arc<Rules>,
    carry: Carry,
    /// Lines since what is carried was seen.
    between: u8,
    near_key: u8,
    /// The end of the line before.
    tail: Vec<u8>,
    remembered: VecDeque<String>,
}

/// What is found in one line.
#[derive(Debug, Default)]
struct Found {
    spans: Vec<(usize, usize)>,
    carry: Carry,
    /// What was carried went on.
    continued: bool,
    /// An access key's identifier is in it.
    key: bool,
}

impl Redactor {
    /// Begins with the first line.
    pub(crate) fn new(rules: Arc<Rules>) -> Self {
        Self {
            rules,
            carry: Carry::None,
            between: 0,
            near_key: 0,
            tail: Vec::with_capacity(SEAM),
            remembered: VecDeque::new(),
        }
    }

    /// The next line, without its secrets.
    pub(crate) fn line(&mut self, line: String) -> String {
        let carry = std::mem::take(&mut self.carry);
        let seam =
            if carry == Carry::None { self.rules.find_across(&self.tail, line.as_bytes()) } else { None };
        let mut found = self.rules.find(&line, carry);
        if let Some(across) = seam {
            found.key |= across.key;
            found.spans.extend(across.spans);
            if found.carry == Carry::None {
                found.carry = across.carry;
            }
        }
        self.tail.clear();
        self.tail
            .extend_from_slice(line.as_bytes().get(line.len().saturating_sub(SEAM)..).unwrap_or_default());
        if found.key {
            self.near_key = NEAR_KEY;
        }
        if self.near_key > 0 {
            self.near_key -= 1;
            shape::secret_keys(&line, &mut found.spans);
        }
        self.carry = found.carry;
        // The other stream may have spoken in between.
        let goes_on = matches!(carry, Carry::Value(..) | Carry::Token { sure: true, .. });
        if self.carry == Carry::None && goes_on && !found.continued && self.between < BETWEEN {
            self.carry = carry;
            self.between += 1;
        } else {
            self.between = 0;
        }
        if found.spans.is_empty() {
            return line;
        }
        let spans = merged(found.spans);
        for (start, end) in &spans {
            if let Some(secret) = line.get(*start..*end).filter(|secret| secret.len() >= EDGE) {
                if self.remembered.len() == REMEMBERED {
                    self.remembered.pop_front();
                }
                self.remembered.push_back(secret.to_owned());
            }
        }
        masked(&line, &spans)
    }

    /// A text that is no line of the stream, such as a name or a message, without its secrets.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut found = self.rules.find(text, Carry::None);
        if found.key {
            shape::secret_keys(text, &mut found.spans);
        }
        for secret in &self.remembered {
            let Some(edge) = secret.get(..EDGE) else { continue };
            for (start, _) in text.match_indices(edge) {
                found.spans.push((start, start + common(text.as_bytes(), start, secret.as_bytes())));
            }
        }
        if found.spans.is_empty() { text.to_owned() } else { masked(text, &merged(found.spans)) }
    }

    /// A label's value, without its secrets; all of it where its key says that it is one.
    pub(crate) fn label(&self, key: &str, value: &str) -> String {
        let clean = self.text(&format!("{key}={value}"));
        clean.strip_prefix(key).and_then(|rest| rest.strip_prefix('=')).unwrap_or(MASK).to_owned()
    }

    /// Takes the secrets out of everything in an event that people wrote.
    pub(crate) fn event(&self, event: &mut TaskEvent) {
        let clean = |text: &mut Option<String>| {
            if let Some(text) = text {
                *text = self.text(text);
            }
        };
        match &mut event.body {
            EventBody::Started {} | EventBody::Heartbeat {} => {}
            EventBody::Progress(progress) => {
                clean(&mut progress.message);
                clean(&mut progress.phase);
                clean(&mut progress.source_reason);
            }
            EventBody::Step(step) => {
                step.name = self.text(&step.name);
                clean(&mut step.message);
            }
            EventBody::Result(result) => clean(&mut result.message),
        }
    }
}

impl Rules {
    fn find(&self, line: &str, carry: Carry) -> Found {
        let bytes = line.as_bytes();
        let mut found = Found::default();
        let mut from = 0;
        if carry != Carry::None {
            from = self.go_on(bytes, carry, &mut found);
            found.continued = from > 0;
        }
        let mut at = from;
        while at < bytes.len()
            && let Some(anchor) = self.anchors.find(Input::new(bytes).span(at..bytes.len()))
        {
            let (start, end) = (anchor.start(), anchor.end());
            // Usually the one after the last byte of what was found; another secret may begin within an anchor.
            at = start + 1;
            let Some(meaning) = self.meanings.get(anchor.pattern().as_usize()) else { continue };
            if let Some(end) = self.look(bytes, start, end, *meaning, &mut found) {
                found.spans.push((start, end));
                at = at.max(end);
            }
        }
        assignment::find(bytes, from, &mut found);
        for pattern in &self.patterns {
            for captures in pattern.captures_iter(line) {
                if let Some(part) =
                    captures.get(1).or_else(|| captures.get(0)).filter(|part| !part.is_empty())
                {
                    found.spans.push((part.start(), part.end()));
                }
            }
        }
        found
    }

    /// Looks for a secret whose first bytes are the end of the line before: the line end is within its anchor.
    fn find_across(&self, tail: &[u8], line: &[u8]) -> Option<Found> {
        let (mut seam, border) = ([0_u8; 2 * SEAM], tail.len());
        let head = line.get(..line.len().min(SEAM))?;
        let length = border + head.len();
        seam.get_mut(..border)?.copy_from_slice(tail);
        seam.get_mut(border..length)?.copy_from_slice(head);
        let mut at = 0;
        while let Some(anchor) = self.anchors.find(Input::new(&seam).span(at..length)) {
            at = anchor.start() + 1;
            if at > border {
                return None;
            }
            let meaning = *self.meanings.get(anchor.pattern().as_usize())?;
            if anchor.end() > border
                && matches!(meaning, Meaning::ValueStart(_) | Meaning::Shape(_) | Meaning::PrivateKey)
            {
                let mut found = Found::default();
                let both = [tail, line].concat();
                if let Some(end) = self.look(&both, anchor.start(), anchor.end(), meaning, &mut found) {
                    found.spans = vec![(0, end.saturating_sub(border))];
                    return Some(found);
                }
            }
        }
        None
    }

    /// Where the secret ends that begins at `start` with an anchor up to `end`; `None` where it is none. What is
    /// longer than that, or stands elsewhere, goes to `found` directly.
    fn look(
        &self,
        bytes: &[u8],
        start: usize,
        end: usize,
        meaning: Meaning,
        found: &mut Found,
    ) -> Option<usize> {
        match meaning {
            Meaning::ValueStart(index) => {
                let value = self.values.get(index)?.as_bytes();
                let length = common(bytes, start, value);
                if length == value.len() {
                    return Some(start + length);
                }
                if start + length == bytes.len() {
                    found.carry = Carry::Value(index, length);
                    return Some(start + length);
                }
                // It begins like a value, and is something else; maybe a token.
                let shape = shape::SHAPES.iter().find(|shape| shape.begins(bytes, start).is_some())?;
                self.look(bytes, start, start + shape.begins(bytes, start)?, Meaning::Shape(shape), found)
            }
            Meaning::Shape(shape) => {
                let (end, open) = shape.end(bytes, start, end)?;
                found.key |= shape.is_key_identifier;
                if let Some(sure) = open {
                    found.carry = Carry::Token { alphabet: shape.alphabet, sure };
                }
                // A prefix alone is no secret yet.
                (open != Some(false) || end > start + shape.begins(bytes, start)?).then_some(end)
            }
            Meaning::PrivateKey => {
                let rest = bytes.get(end..)?;
                let header = memchr::memmem::find(rest, b"-----");
                let title = rest.get(..header.unwrap_or(rest.len()))?;
                let secret = memchr::memmem::find(title, b"PRIVATE").is_some();
                let public = [&b"CERT"[..], b"PUBLIC", b"MESSAGE", b"SIGN"];
                let public = public.iter().any(|word| memchr::memmem::find(title, word).is_some());
                // A title that the line end broke may have been that of a private key.
                if !(secret || header.is_none() && !public) {
                    return None;
                }
                match memchr::memmem::find(rest, b"-----END") {
                    Some(last) => Some(shape::end_of_footer(bytes, end + last)),
                    None => {
                        found.carry = Carry::PrivateKey(KEY_LINES);
                        Some(bytes.len())
                    }
                }
            }
            Meaning::Url => {
                if let Some(span) = assignment::password_of_url(bytes, end) {
                    found.spans.push(span);
                }
                None
            }
            Meaning::Option => {
                let word = assignment::word(bytes, end);
                (word.1 > word.0).then(|| found.spans.push(word));
                None
            }
        }
    }

    /// Looks at the beginning of a line for the rest of what the line before began. Gives where to go on.
    fn go_on(&self, bytes: &[u8], carry: Carry, found: &mut Found) -> usize {
        match carry {
            Carry::None => 0,
            Carry::Value(index, done) => {
                let rest =
                    self.values.get(index).and_then(|value| value.as_bytes().get(done..)).unwrap_or_default();
                let length = common(bytes, 0, rest);
                if length == 0 || (length < rest.len() && length < bytes.len()) {
                    return 0;
                }
                if length < rest.len() {
                    found.carry = Carry::Value(index, done + length);
                }
                found.spans.push((0, length));
                length
            }
            Carry::Token { alphabet, sure } => {
                let length = alphabet.run(bytes, 0);
                let random = shape::looks_random(bytes.get(..length).unwrap_or_default());
                // A whole line of it is the next part of a token that was wrapped at a width.
                if length == 0 || !(random && (sure || length >= 16) || sure && length == bytes.len()) {
                    return 0;
                }
                if length == bytes.len() {
                    found.carry = Carry::Token { alphabet, sure: false };
                }
                found.spans.push((0, length));
                length
            }
            Carry::PrivateKey(left) => shape::private_key_line(bytes, left, found),
        }
    }
}

/// How many bytes of `text` from `start` on are as those of `pattern`.
fn common(text: &[u8], start: usize, pattern: &[u8]) -> usize {
    let text = text.get(start..).unwrap_or_default();
    text.iter().zip(pattern).take_while(|(one, other)| one == other).count()
}

/// Spans in order, without overlaps.
fn merged(mut spans: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    spans.sort_unstable();
    let mut merged: Vec<(usize, usize)> = Vec::with_capacity(spans.len());
    for (start, end) in spans {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

fn masked(text: &str, spans: &[(usize, usize)]) -> String {
    let mut clean = Vec::with_capacity(text.len());
    let mut from = 0;
    for (start, end) in spans {
        clean.extend_from_slice(text.as_bytes().get(from..*start).unwrap_or_default());
        clean.extend_from_slice(MASK.as_bytes());
        from = *end;
    }
    clean.extend_from_slice(text.as_bytes().get(from..).unwrap_or_default());
    // A value that is cut within a character leaves the rest of that character.
    String::from_utf8(clean).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests;
