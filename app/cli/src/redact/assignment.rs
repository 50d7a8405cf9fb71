//! Values that stand behind a name which says that they are secret.

use super::Found;

/// Options of command lines whose next word is a secret.
pub(super) const OPTIONS: &[&str] = &[
    "--password ",
    "--passphrase ",
    "--token ",
    "--secret ",
    "--api-key ",
    "--access-token ",
    "--auth-token ",
    "--client-secret ",
    "--secret-key ",
    "--private-key ",
];

/// Parts of names that say so, without their separators.
const TELLING: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "accesskey",
    "privatekey",
    "secretkey",
    "signingkey",
    "encryptionkey",
    "masterkey",
    "accountkey",
    "credential",
    "authorization",
    "cookie",
    "signature",
];
/// Whole names, and last words of names, that say so.
const TELLING_WORDS: &[&str] = &["pwd", "pat", "auth", "passcode"];
/// Ends of names that tell about a secret, and are none.
const ABOUT: &[&str] = &[
    "file",
    "path",
    "dir",
    "url",
    "uri",
    "endpoint",
    "name",
    "arn",
    "type",
    "length",
    "size",
    "count",
    "ttl",
    "expiry",
    "expires",
    "expiration",
    "lifetime",
    "policy",
    "tokens",
    "secrets",
    "passwords",
    "id",
    "limit",
    "usage",
    "version",
    "manager",
    "provider",
    "store",
    "enabled",
    "required",
    "error",
    "hash",
    "algorithm",
    "kind",
];
/// Values that are none.
const NOTHING: &[&str] = &[
    "true",
    "false",
    "null",
    "none",
    "undefined",
    "nil",
    "yes",
    "no",
    "inherit",
    "required",
    "missing",
    "optional",
    "invalid",
    "expired",
    "empty",
    "unset",
    "string",
    "basic",
    "bearer",
    "digest",
    "ok",
    "(sensitive",
    "sensitive",
    "unknown",
    "default",
    "configured",
    "redacted",
    "hidden",
];
/// Shortest value.
const SHORTEST: usize = 4;
/// Longest name that is looked at.
const LONGEST_NAME: usize = 64;

/// Finds `NAME=value`, `name: value`, `"name": "value"` and headers.
pub(super) fn find(bytes: &[u8], from: usize, found: &mut Found) {
    let mut next = from;
    for at in memchr::memchr2_iter(b'=', b':', bytes.get(from..).unwrap_or_default()) {
        let at = from + at;
        let (name_start, name_end) = name_before(bytes, at);
        let name = bytes.get(name_start..name_end).unwrap_or_default();
        if at < next || !says_secret(name) {
            continue;
        }
        let colon = bytes.get(at) == Some(&b':');
        // A part of a resource's name: arn:aws:secretsmanager:us-east-1:…:secret:name.
        if colon && name_end == at && name_start > 0 && bytes.get(name_start - 1) == Some(&b':') {
            continue;
        }
        // `==`, `::` and `://` are no assignments.
        if matches!(bytes.get(at + 1), Some(b'=' | b':'))
            || at > 0 && matches!(bytes.get(at - 1), Some(b'=' | b':' | b'!'))
        {
            continue;
        }
        let (start, end) = if colon && (ends_like(name, b"authorization") || ends_like(name, b"cookie")) {
            header(bytes, at + 1)
        } else {
            word(bytes, at + 1)
        };
        if end > start {
            found.spans.push((start, end));
            next = end;
        }
    }
}

/// Where the name is that ends before `at`, without quotes.
fn name_before(bytes: &[u8], at: usize) -> (usize, usize) {
    let mut end = at;
    while end > 0 && matches!(bytes.get(end - 1), Some(b'"' | b'\'' | b' ' | b'\\' | b'`')) && at - end < 4 {
        end -= 1;
    }
    let of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let before = bytes.get(end.saturating_sub(LONGEST_NAME)..end).unwrap_or_default();
    let length = before.iter().rev().take_while(|byte| of_name(byte)).count();
    (end - length, end)
}

fn ends_like(name: &[u8], word: &[u8]) -> bool {
    name.len() >= word.len()
        && name.get(name.len() - word.len()..).is_some_and(|end| end.eq_ignore_ascii_case(word))
}

/// Whether a value of that name is a secret.
pub(super) fn says_secret(name: &[u8]) -> bool {
    if name.len() < 3 {
        return false;
    }
    let mut plain = [0_u8; LONGEST_NAME];
    let mut length = 0;
    for byte in name.iter().rev().filter(|byte| byte.is_ascii_alphanumeric()).take(LONGEST_NAME) {
        if let Some(place) = plain.get_mut(LONGEST_NAME - 1 - length) {
            *place = byte.to_ascii_lowercase();
        }
        length += 1;
    }
    let plain = plain.get(LONGEST_NAME - length..).unwrap_or_default();
    let contains = |word: &str| {
        let word = word.as_bytes();
        plain.len() >= word.len() && plain.windows(word.len()).any(|window| window == word)
    };
    // Cheap, and true of few names: each telling part has one of these pairs.
    let telling = plain
        .windows(2)
        .any(|pair| matches!(pair, b"pa" | b"se" | b"to" | b"ke" | b"cr" | b"au" | b"co" | b"si" | b"pw"))
        && (TELLING.iter().any(|word| contains(word))
            || TELLING_WORDS.iter().any(|word| last_word_is(name, word)));
    telling && !ABOUT.iter().any(|end| plain.ends_with(end.as_bytes()))
}

fn last_word_is(name: &[u8], word: &str) -> bool {
    let last = name.rsplit(|byte| !byte.is_ascii_alphanumeric()).next().unwrap_or_default();
    last.eq_ignore_ascii_case(word.as_bytes())
}

/// The word from `at` on: in quotes, or up to a blank or a mark that ends it. Empty where it can be no secret.
pub(super) fn word(bytes: &[u8], at: usize) -> (usize, usize) {
    let mut start = at;
    while matches!(bytes.get(start), Some(b' ' | b'\t')) && start - at < 16 {
        start += 1;
    }
    while bytes.get(start) == Some(&b'\\') {
        start += 1;
    }
    let rest = bytes.get(start..).unwrap_or_default();
    let (start, length) = match rest.first() {
        Some(quote @ (b'"' | b'\'' | b'`')) => {
            let inner = rest.get(1..).unwrap_or_default();
            let mut escaped = false;
            let length = inner.iter().position(|byte| {
                let ends = byte == quote && !escaped;
                escaped = *byte == b'\\' && !escaped;
                ends
            });
            (start + 1, length.unwrap_or(inner.len()))
        }
        _ => {
            let ends = |byte: &u8| {
                byte.is_ascii_whitespace()
                    || matches!(byte, b'&' | b';' | b',' | b'"' | b'\'' | b')' | b'}' | b'>' | b'|' | b'`')
            };
            (start, rest.iter().position(ends).unwrap_or(rest.len()))
        }
    };
    let value = bytes.get(start..start + length).unwrap_or_default();
    if is_nothing(value) { (start, start) } else { (start, start + length) }
}

/// A header's whole value, up to a quote or the end of the line.
fn header(bytes: &[u8], at: usize) -> (usize, usize) {
    let blanks = bytes
        .get(at..)
        .unwrap_or_default()
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'"' | b'\''))
        .count();
    let start = at + blanks;
    let rest = bytes.get(start..).unwrap_or_default();
    let length = rest.iter().position(|byte| matches!(byte, b'"' | b'\'')).unwrap_or(rest.len());
    let value = rest.get(..length).unwrap_or_default();
    if is_nothing(value) { (start, start) } else { (start, start + length) }
}

fn is_nothing(value: &[u8]) -> bool {
    value.len() < SHORTEST
        // A reference to a secret is none: $NAME, ${{ … }}, <name>, {{name}}; nor is an object.
        || matches!(value, [b'$', b'{' | b'(' | b'_' | b'a'..=b'z' | b'A'..=b'Z', ..] | [b'{' | b'[' | b'(' | b'<', ..])
        || NOTHING.iter().any(|nothing| value.eq_ignore_ascii_case(nothing.as_bytes()))
        || value.iter().all(|byte| matches!(byte, b'.' | b'-' | b'*' | b'x' | b'X' | b'#'))
}

/// The password in an address whose `://` ends at `at`; a token in the place of the user counts too.
pub(super) fn password_of_url(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let rest = bytes.get(at..)?;
    let ends = |byte: &u8| {
        byte.is_ascii_whitespace() || matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>' | b'`')
    };
    let authority = rest.get(..rest.iter().position(ends).unwrap_or(rest.len()))?;
    let user = authority.get(..memchr::memrchr(b'@', authority)?)?;
    match memchr::memchr(b':', user) {
        Some(colon) if user.len() > colon + 1 => {
            let password = user.get(colon + 1..)?;
            // `user:pass` of a manual, `$PASSWORD` of a script.
            (!matches!(password.first(), Some(b'$' | b'*' | b'{')))
                .then_some((at + colon + 1, at + user.len()))
        }
        Some(_) => None,
        None => (user.len() >= 20).then_some((at, at + user.len())),
    }
}
