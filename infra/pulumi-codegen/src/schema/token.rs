//! Tokens: `package:module:Name`.

use std::fmt;

/// The name of a resource, a type or a function on the wire: `aws:dynamodb/table:Table`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token {
    text: String,
    first_colon: usize,
    last_colon: usize,
}

/// Why a text is no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no token: expected package:module:Name")]
pub struct InvalidToken {
    /// The text.
    pub text: String,
}

impl Token {
    /// Reads a token. `package:Name` and `package::Name` stand for the module `index`.
    ///
    /// # Errors
    /// The text has no colon, more than two, or an empty package or name.
    pub fn parse(text: &str) -> Result<Self, InvalidToken> {
        let invalid = || InvalidToken { text: text.to_owned() };
        let first_colon = text.find(':').ok_or_else(invalid)?;
        let last_colon = text.rfind(':').ok_or_else(invalid)?;
        let between = text.get(first_colon + 1..last_colon).unwrap_or_default();
        if first_colon == 0 || last_colon + 1 == text.len() || between.contains(':') {
            return Err(invalid());
        }
        Ok(Self { text: text.to_owned(), first_colon, last_colon })
    }

    /// The whole token, as it goes on the wire.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The package: `aws`.
    pub fn package(&self) -> &str {
        &self.text[..self.first_colon]
    }

    /// What stands between the colons: `dynamodb/table`.
    pub fn middle(&self) -> &str {
        match self.text.get(self.first_colon + 1..self.last_colon) {
            None | Some("") => "index",
            Some(middle) => middle,
        }
    }

    /// The name: `Table`.
    pub fn name(&self) -> &str {
        &self.text[self.last_colon + 1..]
    }
}

impl fmt::Display for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// Undoes the percent-encoding of a reference (`%2F` for `/`). What is no encoding stays as it is.
pub(crate) fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let decoded = match (first, tail) {
            (b'%', [high, low, ..]) => hexadecimal(*high).zip(hexadecimal(*low)),
            _ => None,
        };
        match decoded {
            Some((high, low)) => {
                bytes.push(high * 16 + low);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_in_its_three_forms() {
        let token = Token::parse("aws:dynamodb/table:Table").unwrap();
        assert_eq!((token.package(), token.middle(), token.name()), ("aws", "dynamodb/table", "Table"));
        assert_eq!(Token::parse("random:RandomId").unwrap().middle(), "index");
        assert_eq!(Token::parse("simple::Resource").unwrap().middle(), "index");
        for text in ["", "aws", "a:b:c:d", ":b:c", "a:b:"] {
            assert!(Token::parse(text).is_err(), "{text:?} must not be a token");
        }
    }

    #[test]
    fn percent_encoding_is_undone_and_bad_encoding_kept() {
        assert_eq!(percent_decode("aws:dynamodb%2FTableTtl:TableTtl"), "aws:dynamodb/TableTtl:TableTtl");
        assert_eq!(percent_decode("100%"), "100%");
        assert_eq!(percent_decode("%zz%2f"), "%zz/");
    }
}
