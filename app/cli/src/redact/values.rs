//! Which variables of the environment hold secrets.

use super::assignment;

/// How many bytes at the beginning of a value give it away; shorter values are too common to be taken
/// out wherever they stand.
pub(super) const EDGE: usize = 8;
/// Longest value that is looked for.
const LONGEST: usize = 16 << 10;

/// The values to look for: of the variables whose names say that they are secret, and the passwords in addresses.
/// Of a value of several lines, each line.
pub(super) fn secret(variables: &[(String, String)]) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for (name, value) in variables {
        if assignment::says_secret(name.as_bytes()) || is_identifier_of_key(name) {
            values.extend(value.lines().map(|line| line.trim().to_owned()));
        } else if let Some(at) = value.find("://")
            && let Some((start, end)) = assignment::password_of_url(value.as_bytes(), at + 3)
        {
            values.extend(value.get(start..end).map(str::to_owned));
        }
    }
    values.retain(|value| (EDGE..=LONGEST).contains(&value.len()) && !is_harmless(value));
    values.sort_by(|one, other| other.len().cmp(&one.len()).then_with(|| one.cmp(other)));
    values.dedup();
    values
}

fn is_identifier_of_key(name: &str) -> bool {
    name.eq_ignore_ascii_case("AWS_ACCESS_KEY_ID")
}

/// What a variable with a telling name may hold without being a secret: a path, a number, the lines around a key.
fn is_harmless(value: &str) -> bool {
    value.starts_with("-----")
        || (value.starts_with('/') && std::path::Path::new(value).exists())
        || (value.len() < 16 && value.bytes().all(|byte| byte.is_ascii_digit()))
}
