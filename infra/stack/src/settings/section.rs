//! Reading settings over their defaults, and collecting everything that is wrong with them.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::RangeInclusive;

use serde_json::{Map, Value as Json};

use super::configuration::Configuration;
use crate::stack::PROJECT;

/// Everything that is wrong with what the program was told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refused(pub Vec<String>);

impl fmt::Display for Refused {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "nothing was registered, because\n  {}", self.0.join("\n  "))
    }
}

impl std::error::Error for Refused {}

/// What is wrong so far.
#[derive(Debug, Default)]
pub struct Problems(Vec<String>);

impl Problems {
    /// Notes one; say what is wrong, where, and what was expected.
    pub fn add(&mut self, problem: impl Into<String>) {
        self.0.push(problem.into());
    }

    /// `value` where nothing is wrong.
    ///
    /// # Errors
    /// Everything that is.
    pub fn finish<T>(self, value: T) -> Result<T, Refused> {
        if self.0.is_empty() { Ok(value) } else { Err(Refused(self.0)) }
    }

    /// Everything that is wrong.
    pub fn into_inner(self) -> Vec<String> {
        self.0
    }
}

/// An enumeration that is set by a word.
pub trait Choice: Copy + PartialEq + 'static {
    /// Every value.
    const ALL: &'static [Self];

    /// The word for it.
    fn word(self) -> &'static str;

    /// The value of a word.
    fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|choice| choice.word() == word)
    }

    /// All words, for a person.
    fn words() -> String {
        listed(Self::ALL.iter().map(|choice| choice.word()))
    }
}

/// `a, b or c`.
pub(crate) fn listed<'word>(words: impl IntoIterator<Item = &'word str>) -> String {
    let mut words: Vec<&str> = words.into_iter().collect();
    match words.pop() {
        Some(last) if !words.is_empty() => format!("{} or {last}", words.join(", ")),
        last => last.unwrap_or_default().to_owned(),
    }
}

/// The settings below one key. Each that is known is asked for; what is then left is not known.
#[derive(Debug)]
pub struct Section<'problems> {
    path: String,
    /// Keys whose values are not shown.
    secrets: BTreeSet<String>,
    /// Whether no value here is shown.
    secret: bool,
    entries: Map<String, Json>,
    known: BTreeSet<&'static str>,
    problems: &'problems mut Problems,
}

impl<'problems> Section<'problems> {
    /// All settings of the project.
    pub(super) fn top(configuration: Configuration, problems: &'problems mut Problems) -> Self {
        let (entries, secrets) = configuration.into_values();
        Self { path: PROJECT.to_owned(), secrets, secret: false, entries, known: BTreeSet::new(), problems }
    }

    fn place(&self, key: &str) -> String {
        let separator = if self.path.contains(':') { '.' } else { ':' };
        format!("{}{separator}{key}", self.path)
    }

    fn take(&mut self, key: &'static str) -> Option<Json> {
        self.known.insert(key);
        self.entries.remove(key)
    }

    /// Does not show what a key holds.
    pub fn hide(&mut self, key: &str) {
        self.secrets.insert(key.to_owned());
    }

    /// Whether a key is set.
    pub fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Notes what is wrong with a key.
    pub fn wrong(&mut self, key: &str, value: &Json, expected: impl fmt::Display) {
        let hidden = self.secret || self.secrets.contains(key);
        let shown = if hidden { "a secret".to_owned() } else { value.to_string() };
        let problem = format!("{} is {shown}: {expected}", self.place(key));
        self.problems.add(problem);
    }

    /// What is read by a function of its own, which says what it expected.
    pub fn read<T>(
        &mut self,
        key: &'static str,
        field: &mut T,
        read: impl FnOnce(&Json) -> Result<T, String>,
    ) {
        let Some(value) = self.take(key) else { return };
        match read(&value) {
            Ok(read) => *field = read,
            Err(expected) => self.wrong(key, &value, expected),
        }
    }

    /// `true` or `false`.
    pub fn flag(&mut self, key: &'static str, field: &mut bool) {
        self.read(key, field, |value| match value {
            Json::Bool(flag) => Ok(*flag),
            Json::String(text) if text == "true" => Ok(true),
            Json::String(text) if text == "false" => Ok(false),
            _ => Err("expected true or false".to_owned()),
        });
    }

    /// A whole number within a range.
    pub fn number(&mut self, key: &'static str, field: &mut u32, range: RangeInclusive<u32>) {
        self.read(key, field, |value| number(value, range));
    }

    /// One word of a few.
    pub fn choice<C: Choice>(&mut self, key: &'static str, field: &mut C) {
        self.read(key, field, choice);
    }

    /// Any of a few words.
    pub fn choices<C: Choice + Ord>(&mut self, key: &'static str, field: &mut BTreeSet<C>) {
        self.read(key, field, |value| {
            let expected = || format!("expected a list, each one of {}", C::words());
            let items = value.as_array().ok_or_else(expected)?;
            items.iter().map(|item| choice(item).map_err(|_| expected())).collect()
        });
    }

    /// A text that something can be made of.
    pub fn text<T>(&mut self, key: &'static str, field: &mut T, parse: impl Fn(&str) -> Result<T, String>) {
        self.read(key, field, |value| match value {
            Json::String(text) => parse(text),
            // A version such as 7.2 is a text that YAML takes for a number.
            Json::Number(number) => parse(&number.to_string()),
            _ => Err("expected a text".to_owned()),
        });
    }

    /// A list of such texts.
    pub fn texts<T>(
        &mut self,
        key: &'static str,
        field: &mut Vec<T>,
        parse: impl Fn(&str) -> Result<T, String>,
    ) {
        self.read(key, field, |value| {
            let items = value.as_array().ok_or_else(|| "expected a list of texts".to_owned())?;
            let read = |item: &Json| match item {
                Json::String(text) => parse(text).map_err(|problem| format!("{text:?}: {problem}")),
                other => Err(format!("{other}: expected a text")),
            };
            items.iter().map(read).collect()
        });
    }

    /// Settings below a key.
    pub fn section(&mut self, key: &'static str, read: impl FnOnce(&mut Section<'_>)) {
        match self.take(key) {
            None => {}
            Some(Json::Object(entries)) => self.within(key, entries, read),
            Some(other) => {
                let example = format!("`pulumi config set --path '{}.KEY' VALUE`", self.place(key));
                self.wrong(key, &other, format!("expected settings below it, as {example} makes them"));
            }
        }
    }

    fn within(&mut self, key: &str, entries: Map<String, Json>, read: impl FnOnce(&mut Section<'_>)) {
        let mut section = self.child(key, entries);
        read(&mut section);
        section.finish();
    }

    fn child(&mut self, key: &str, entries: Map<String, Json>) -> Section<'_> {
        let path = self.place(key);
        let secret = self.secret || self.secrets.contains(key);
        Section {
            path,
            secrets: BTreeSet::new(),
            secret,
            entries,
            known: BTreeSet::new(),
            problems: self.problems,
        }
    }

    /// Notes that a key must be set.
    pub fn missing(&mut self, key: &str, expected: &str) {
        let problem = format!("{} is not set: {expected}", self.place(key));
        self.problems.add(problem);
    }

    /// What is wrong with several settings together.
    pub fn problem(&mut self, problem: impl Into<String>) {
        self.problems.add(problem);
    }

    /// What was not asked for is not known.
    pub(super) fn finish(self) {
        for key in self.entries.keys() {
            let guess = match closest(key, &self.known) {
                Some(known) => format!("did you mean {known}?"),
                None => format!("expected one of {}", listed(self.known.iter().copied())),
            };
            self.problems.add(format!("{} is not known: {guess}", self.place(key)));
        }
    }
}

/// A whole number within a range, also where it is a text.
pub(super) fn number(value: &Json, range: RangeInclusive<u32>) -> Result<u32, String> {
    let number = match value {
        Json::Number(number) => number.as_u64().and_then(|number| u32::try_from(number).ok()),
        Json::String(text) => text.parse().ok(),
        _ => None,
    };
    number
        .filter(|number| range.contains(number))
        .ok_or_else(|| format!("expected a whole number from {} to {}", range.start(), range.end()))
}

fn choice<C: Choice>(value: &Json) -> Result<C, String> {
    value.as_str().and_then(C::of).ok_or_else(|| format!("expected {}", C::words()))
}

/// The known word that was probably meant.
fn closest<'known>(word: &str, known: &BTreeSet<&'known str>) -> Option<&'known str> {
    let most = (word.chars().count() / 3).max(1);
    let distances = known.iter().map(|known| (distance(word, known), *known));
    distances.min().filter(|(distance, _)| *distance <= most).map(|(_, known)| known)
}

/// How many letters must be put in, taken out or changed to make one word of the other, capitals or not.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.to_lowercase().chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], line + 1);
        for (column, wanted) in other.iter().enumerate() {
            let change = diagonal + usize::from(letter != *wanted);
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_nearly_known_is_guessed() {
        let known = BTreeSet::from(["natGateways", "zones", "cidr"]);
        assert_eq!(closest("natGateway", &known), Some("natGateways"));
        assert_eq!(closest("natgateways", &known), Some("natGateways"));
        assert_eq!(closest("zone", &known), Some("zones"));
        assert_eq!(closest("flowLogs", &known), None);
    }

    #[test]
    fn everything_that_is_wrong_is_said_and_what_is_right_is_read() {
        let mut configuration = Configuration::new();
        configuration
            .set("network", r#"{"zones": "9", "natGateway": "one", "enabled": "true", "whatever": 1}"#);
        configuration.set("data", "all");
        let mut problems = Problems::default();
        let (mut zones, mut enabled) = (2, false);
        let mut top = Section::top(configuration, &mut problems);
        top.section("network", |section| {
            section.number("zones", &mut zones, 2..=4);
            section.flag("enabled", &mut enabled);
            section.flag("natGateways", &mut false);
        });
        top.section("data", |_| {});
        top.finish();
        assert!(enabled && zones == 2);
        assert_eq!(
            problems.into_inner(),
            [
                "miyabi:network.zones is \"9\": expected a whole number from 2 to 4",
                "miyabi:network.natGateway is not known: did you mean natGateways?",
                "miyabi:network.whatever is not known: expected one of enabled, natGateways or zones",
                "miyabi:data is \"all\": expected settings below it, as \
                 `pulumi config set --path 'miyabi:data.KEY' VALUE` makes them",
            ]
        );
    }
}
