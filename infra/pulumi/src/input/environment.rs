//! Defaults that a schema takes from the environment.

use std::env;

/// What an environment variable can hold.
pub trait FromEnvironment: Sized {
    /// Reads a variable's text; none where it holds something else.
    fn from_variable(text: &str) -> Option<Self>;
}

impl FromEnvironment for String {
    fn from_variable(text: &str) -> Option<Self> {
        Some(text.to_owned())
    }
}

impl FromEnvironment for bool {
    fn from_variable(text: &str) -> Option<Self> {
        match text {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
            _ => None,
        }
    }
}

impl FromEnvironment for i64 {
    fn from_variable(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl FromEnvironment for f64 {
    fn from_variable(text: &str) -> Option<Self> {
        text.parse().ok().filter(|number: &Self| number.is_finite())
    }
}

/// The value of the first of these environment variables that holds one: a default, as a schema may ask for it. Typed
/// arguments call this.
pub fn from_environment<T: FromEnvironment>(variables: &[&str]) -> Option<T> {
    first(variables, |name| env::var_os(name).and_then(|value| value.into_string().ok()))
}

fn first<T: FromEnvironment>(variables: &[&str], read: impl Fn(&str) -> Option<String>) -> Option<T> {
    variables
        .iter()
        .filter_map(|name| read(name))
        .filter(|text| !text.is_empty())
        .find_map(|text| T::from_variable(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_holds_a_value_of_the_type_counts() {
        let read = |name: &str| match name {
            "EMPTY" => Some(String::new()),
            "WORD" => Some("word".to_owned()),
            "ONE" => Some("1".to_owned()),
            "HALF" => Some("0.5".to_owned()),
            "INFINITE" => Some("inf".to_owned()),
            _ => None,
        };
        assert_eq!(first::<String>(&["MISSING", "EMPTY", "WORD", "ONE"], read).as_deref(), Some("word"));
        assert_eq!(first::<bool>(&["WORD", "ONE"], read), Some(true));
        assert_eq!(first::<i64>(&["HALF", "ONE"], read), Some(1));
        assert_eq!(first::<f64>(&["INFINITE", "HALF"], read), Some(0.5));
        assert_eq!(first::<bool>(&["MISSING", "WORD"], read), None);
    }
}
