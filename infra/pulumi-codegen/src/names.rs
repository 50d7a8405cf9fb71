//! From a schema's spelling to Rust's.

/// The words of a name: `kmsKeyArn`, `kms-key_arn` and `KMSKeyArn` are all kms, key, arn.
fn words(name: &str) -> Vec<String> {
    let characters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (index, &character) in characters.iter().enumerate() {
        if !character.is_alphanumeric() {
            words.extend(take(&mut word));
            continue;
        }
        let previous = index.checked_sub(1).and_then(|index| characters.get(index));
        let next = characters.get(index + 1);
        let starts_word = character.is_uppercase()
            && previous.is_some_and(|previous| {
                previous.is_lowercase()
                    || previous.is_numeric()
                    || (previous.is_uppercase() && next.is_some_and(|next| next.is_lowercase()))
            });
        if starts_word {
            words.extend(take(&mut word));
        }
        word.extend(character.to_lowercase());
    }
    words.extend(take(&mut word));
    words
}

fn take(word: &mut String) -> Option<String> {
    if word.is_empty() { None } else { Some(std::mem::take(word)) }
}

/// A name for a method, field, function or module: snake case, escaped where it is a word of the language.
pub fn value_name(name: &str) -> String {
    let mut text = words(name).join("_");
    if text.is_empty() || text.starts_with(|c: char| c.is_numeric()) {
        text.insert(0, '_');
    }
    escape(text)
}

/// A name for a crate: the words of the name, in small letters, with hyphens between them.
pub fn kebab_name(name: &str) -> String {
    words(name).join("-")
}

/// How Rust spells a crate.
pub fn library_name(crate_name: &str) -> String {
    crate_name.replace('-', "_")
}

/// A name for a variant: its words, each with a capital (`PAY_PER_REQUEST` is `PayPerRequest`).
pub fn variant_name(name: &str) -> String {
    let mut text = String::new();
    for word in words(name) {
        // `1.1` and `11` must not become the same name.
        if text.ends_with(char::is_numeric) && word.starts_with(char::is_numeric) {
            text.push('_');
        }
        let mut characters = word.chars();
        text.extend(characters.next().into_iter().flat_map(char::to_uppercase));
        text.push_str(characters.as_str());
    }
    if text.is_empty() || text.starts_with(char::is_numeric) {
        text.insert(0, '_');
    }
    match text.as_str() {
        "Self" => "Self_".to_owned(),
        "_" => "Empty".to_owned(),
        _ => text,
    }
}

/// A name for a type: camel case with a capital; capitals within stay.
pub fn type_name(name: &str) -> String {
    let mut text = String::new();
    let mut capital = true;
    let mut previous_digit = false;
    for character in name.chars() {
        if !character.is_alphanumeric() {
            // `1.1` and `11` must not become the same name.
            if previous_digit {
                text.push('_');
            }
            capital = true;
        } else if capital {
            text.extend(character.to_uppercase());
            capital = false;
        } else {
            text.push(character);
        }
        previous_digit = character.is_numeric();
    }
    if text.ends_with('_') {
        text.pop();
    }
    if text.is_empty() || text.starts_with(|c: char| c.is_numeric()) {
        text.insert(0, '_');
    }
    if text == "Self" { "Self_".to_owned() } else { text }
}

fn escape(name: String) -> String {
    match name.as_str() {
        word if KEYWORDS.contains(&word) => format!("{name}_"),
        _ => name,
    }
}

/// Strict and reserved words of edition 2024.
const KEYWORDS: &[&str] = &[
    "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do",
    "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];

/// Gives out names, each once.
#[derive(Debug, Default)]
pub struct Names(std::collections::BTreeSet<String>);

impl Names {
    /// Takes names that nothing else may have.
    pub fn reserving(names: &[&str]) -> Self {
        Self(names.iter().map(|name| (*name).to_owned()).collect())
    }

    /// Takes more names that nothing else may have.
    pub fn reserve(&mut self, names: &[&str]) {
        self.0.extend(names.iter().map(|name| (*name).to_owned()));
    }

    /// Whether nothing has that name yet.
    pub fn is_free(&self, name: &str) -> bool {
        !self.0.contains(name)
    }

    /// The first free of these names; else the last with a number.
    pub fn take<const N: usize>(&mut self, candidates: [String; N]) -> String {
        for candidate in &candidates {
            if self.0.insert(candidate.clone()) {
                return candidate.clone();
            }
        }
        let last = candidates.last().map(String::as_str).unwrap_or_default();
        let mut number = 2_u32;
        loop {
            let candidate = format!("{last}{number}");
            if self.0.insert(candidate.clone()) {
                return candidate;
            }
            number += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn property_names_become_snake_case() {
        for (wire, rust) in [
            ("billingMode", "billing_mode"),
            ("kmsKeyArn", "kms_key_arn"),
            ("s3UsEast1RegionalEndpoint", "s3_us_east1_regional_endpoint"),
            ("ipv6CidrBlock", "ipv6_cidr_block"),
            ("HTTPServer", "http_server"),
            ("some-kebab_name", "some_kebab_name"),
            ("type", "type_"),
            ("self", "self_"),
            ("3d", "_3d"),
            ("", "__"),
        ] {
            assert_eq!(value_name(wire), rust, "{wire}");
        }
    }

    #[test]
    fn type_names_become_camel_case() {
        for (wire, rust) in
            [("getCallerIdentity", "GetCallerIdentity"), ("kebab-type", "KebabType"), ("Self", "Self_")]
        {
            assert_eq!(type_name(wire), rust, "{wire}");
        }
    }

    #[test]
    fn variant_names_are_words_with_capitals() {
        for (wire, rust) in [
            ("provided.al2023", "ProvidedAl2023"),
            ("PAY_PER_REQUEST", "PayPerRequest"),
            ("us-east-1", "UsEast1"),
            ("1.1", "_1_1"),
            ("self", "Self_"),
            ("", "Empty"),
        ] {
            assert_eq!(variant_name(wire), rust, "{wire}");
        }
    }

    #[test]
    fn a_name_is_given_out_once() {
        let mut names = Names::reserving(&["build"]);
        assert_eq!(names.take(["build".into()]), "build2");
        assert_eq!(names.take(["Table".into(), "TableType".into()]), "Table");
        assert_eq!(names.take(["Table".into(), "TableType".into()]), "TableType");
        assert_eq!(names.take(["Table".into(), "TableType".into()]), "TableType2");
    }
}
