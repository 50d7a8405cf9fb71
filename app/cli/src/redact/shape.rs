//! Secrets that are known by their shape.

use super::{Carry, Found, KEY_LINES};

/// The bytes that a secret consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// `A-Z 0-9`
    Upper,
    /// `A-Z a-z 0-9`
    Alphanumeric,
    /// `A-Z a-z 0-9 _ -`
    Url,
    /// `A-Z a-z 0-9 _ - .`
    Dotted,
    /// `A-Z a-z 0-9 + / = % _ - . ~`
    Base64,
    /// Like [`Alphabet::Base64`], and `:`.
    Address,
}

impl Alphabet {
    fn has(self, byte: u8) -> bool {
        match self {
            Self::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Alphanumeric => byte.is_ascii_alphanumeric(),
            Self::Url => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Self::Dotted => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'),
            Self::Base64 => {
                byte.is_ascii_alphanumeric()
                    || matches!(byte, b'+' | b'/' | b'=' | b'%' | b'_' | b'-' | b'.' | b'~')
            }
            Self::Address => Self::Base64.has(byte) || byte == b':',
        }
    }

    /// How many bytes from `start` on belong to it.
    pub(super) fn run(self, bytes: &[u8], start: usize) -> usize {
        bytes.get(start..).unwrap_or_default().iter().take_while(|byte| self.has(**byte)).count()
    }
}

/// Texts that begin in a known way.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) prefixes: &'static [&'static str],
    pub(super) alphabet: Alphabet,
    /// How many bytes follow the prefix at least.
    least: usize,
    /// How many at most, where that is known.
    most: Option<usize>,
    /// How many dots are in it at least.
    dots: usize,
    /// Whether a letter or digit before it makes it something else.
    bounded: bool,
    /// Whether it is an AWS access key's identifier, near which the key itself is.
    pub(super) is_key_identifier: bool,
}

const SHAPE: Shape = Shape {
    prefixes: &[],
    alphabet: Alphabet::Url,
    least: 16,
    most: None,
    dots: 0,
    bounded: true,
    is_key_identifier: false,
};

/// All of them. Prefixes and lengths are what the makers of the tokens document.
pub(super) const SHAPES: &[Shape] = &[
    // AWS: access key identifiers, long-lived and temporary.
    Shape {
        prefixes: &["AKIA", "ASIA"],
        alphabet: Alphabet::Upper,
        least: 16,
        most: Some(16),
        is_key_identifier: true,
        ..SHAPE
    },
    // AWS: session tokens, which begin with the same bytes in base64.
    Shape {
        prefixes: &["IQoJb3JpZ2lu", "FwoGZXIvYXdz", "FQoGZXIvYXdz"],
        alphabet: Alphabet::Base64,
        least: 16,
        ..SHAPE
    },
    // Our own: API keys and share links.
    Shape { prefixes: &["mky_", "mys_"], alphabet: Alphabet::Dotted, least: 40, dots: 0, ..SHAPE },
    // GitHub.
    Shape {
        prefixes: &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
        alphabet: Alphabet::Alphanumeric,
        least: 20,
        ..SHAPE
    },
    Shape { prefixes: &["github_pat_"], least: 20, ..SHAPE },
    // GitLab.
    Shape {
        prefixes: &["glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glsoat-", "glagent-"],
        alphabet: Alphabet::Dotted,
        ..SHAPE
    },
    // Slack: tokens, and addresses that take messages.
    Shape {
        prefixes: &["xoxb-", "xoxa-", "xoxp-", "xoxr-", "xoxs-", "xoxe-", "xoxe.", "xapp-"],
        alphabet: Alphabet::Dotted,
        least: 10,
        ..SHAPE
    },
    Shape {
        prefixes: &["hooks.slack.com/services/", "hooks.slack.com/workflows/"],
        alphabet: Alphabet::Base64,
        bounded: false,
        ..SHAPE
    },
    // npm, PyPI, crates.io, Docker Hub.
    Shape { prefixes: &["npm_"], alphabet: Alphabet::Alphanumeric, least: 30, ..SHAPE },
    Shape { prefixes: &["pypi-AgE"], least: 30, ..SHAPE },
    Shape { prefixes: &["dckr_pat_"], least: 20, ..SHAPE },
    // Pulumi, Vault, age, DigitalOcean, Hugging Face, SendGrid, Stripe, Google, Anthropic, OpenAI.
    Shape { prefixes: &["pul-"], alphabet: Alphabet::Alphanumeric, least: 40, ..SHAPE },
    Shape { prefixes: &["hvs.", "hvb."], least: 20, ..SHAPE },
    Shape { prefixes: &["AGE-SECRET-KEY-1"], alphabet: Alphabet::Upper, least: 40, ..SHAPE },
    Shape { prefixes: &["dop_v1_"], alphabet: Alphabet::Alphanumeric, least: 40, ..SHAPE },
    Shape { prefixes: &["hf_"], alphabet: Alphabet::Alphanumeric, least: 30, ..SHAPE },
    Shape { prefixes: &["SG."], alphabet: Alphabet::Dotted, least: 40, dots: 1, ..SHAPE },
    Shape {
        prefixes: &["sk_live_", "rk_live_", "sk_test_", "rk_test_"],
        alphabet: Alphabet::Alphanumeric,
        ..SHAPE
    },
    Shape { prefixes: &["AIza"], least: 35, ..SHAPE },
    Shape { prefixes: &["sk-ant-", "sk-proj-"], least: 20, ..SHAPE },
    // JSON Web Tokens: a header, which begins with `{"`, and a payload; mostly with a signature.
    Shape { prefixes: &["eyJ"], alphabet: Alphabet::Dotted, least: 20, dots: 1, ..SHAPE },
    Shape { prefixes: &["Bearer ", "bearer ", "BEARER "], alphabet: Alphabet::Address, ..SHAPE },
];

impl Shape {
    /// The length of the prefix that stands at `start`.
    pub(super) fn begins(&self, bytes: &[u8], start: usize) -> Option<usize> {
        let rest = bytes.get(start..)?;
        self.prefixes.iter().find(|prefix| rest.starts_with(prefix.as_bytes())).map(|prefix| prefix.len())
    }

    /// Where the text ends whose prefix goes from `start` to `end`, and whether it may go on in the next line: surely
    /// (it is too short by itself) or maybe. `None` where it is something else.
    pub(super) fn end(&self, bytes: &[u8], start: usize, end: usize) -> Option<(usize, Option<bool>)> {
        let before = start.checked_sub(1).and_then(|before| bytes.get(before));
        if self.bounded && before.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
            return None;
        }
        let run = self.alphabet.run(bytes, end);
        if self.most.is_some_and(|most| run > most) {
            return None;
        }
        let body = bytes.get(end..end + run)?;
        let whole = run >= self.least && body.iter().filter(|byte| **byte == b'.').count() >= self.dots;
        let at_line_end = end + run == bytes.len();
        // The end of a sentence is not the token's.
        let trimmed = body.iter().rev().take_while(|byte| matches!(byte, b'.' | b':')).count();
        if whole {
            let open = (at_line_end && self.most != Some(run)).then_some(false);
            return Some((end + run - trimmed, open));
        }
        // Cut by the line end: a part is as telling as the whole, and what follows the mere prefix may be one.
        at_line_end.then_some((end + run, Some(run > 0)))
    }
}

/// Whether it has what random bytes in base64 have: letters of both cases, or letters and digits.
pub(super) fn looks_random(bytes: &[u8]) -> bool {
    let has = |what: fn(&u8) -> bool| bytes.iter().any(what);
    has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic)
}

/// AWS secret access keys: 40 characters of base64 on their own. Only where an identifier is near.
pub(super) fn secret_keys(line: &str, spans: &mut Vec<(usize, usize)>) {
    let bytes = line.as_bytes();
    let of_key = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    let mut at = 0;
    while at < bytes.len() {
        let run = bytes.get(at..).unwrap_or_default().iter().take_while(|byte| of_key(**byte)).count();
        let text = bytes.get(at..at + run).unwrap_or_default();
        if run == 40 && looks_random(text) && text.iter().any(u8::is_ascii_uppercase) {
            spans.push((at, at + run));
        }
        at += run.max(1);
    }
}

/// Where the footer ends that begins at `start` with `-----END`.
pub(super) fn end_of_footer(bytes: &[u8], start: usize) -> usize {
    let title = start + 5;
    let rest = bytes.get(title..).unwrap_or_default();
    memchr::memmem::find(rest, b"-----").map_or(bytes.len(), |at| title + at + 5)
}

/// A line within a private key. Other output may stand between its lines; that is not touched.
pub(super) fn private_key_line(bytes: &[u8], left: u16, found: &mut Found) -> usize {
    if let Some(footer) = memchr::memmem::find(bytes, b"-----END") {
        let end = end_of_footer(bytes, footer);
        found.spans.push((0, end));
        return end;
    }
    let of_key =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'\\' | b'-');
    let mut at = 0;
    while at < bytes.len() {
        let run = bytes.get(at..).unwrap_or_default().iter().take_while(|byte| of_key(byte)).count();
        let text = bytes.get(at..at + run).unwrap_or_default();
        // The last line of a key may be short, and is then alone.
        let alone = at == bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
            && at + run == bytes.len();
        if run >= 16 && (looks_random(text) || run >= 40) || alone && run > 0 {
            found.spans.push((at, at + run));
        }
        at += run.max(1);
    }
    if left > 1 && found.carry == Carry::None {
        found.carry = Carry::PrivateKey(left.min(KEY_LINES) - 1);
    }
    0
}
