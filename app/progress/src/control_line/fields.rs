//! Splits what stands between the brackets of a control line into words and `key=value` pairs.

use super::read::ControlLineError;

/// One word, or one pair.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Field {
    /// The key; none for a word on its own.
    pub(super) key: Option<String>,
    /// The value, or the word.
    pub(super) value: String,
    /// Where it begins, in characters from 1.
    pub(super) column: usize,
}

/// What stands between the brackets, and what follows them.
#[derive(Debug)]
pub(super) struct Fields {
    pub(super) fields: Vec<Field>,
    pub(super) rest: String,
}

/// Reads `text`, which begins `offset` characters into the line, up to the closing bracket.
pub(super) fn split(text: &str, offset: usize) -> Result<Fields, ControlLineError> {
    let characters: Vec<char> = text.chars().collect();
    let mut reader = Reader { characters: &characters, at: 0, offset };
    let mut fields = Vec::new();
    loop {
        while reader.peek().is_some_and(char::is_whitespace) {
            reader.at += 1;
        }
        let column = reader.column();
        match reader.peek() {
            None => {
                return Err(ControlLineError::new(column, "the line ends before its closing ]".to_owned()));
            }
            Some(']') => {
                let rest: String = characters.get(reader.at + 1..).unwrap_or_default().iter().collect();
                return Ok(Fields { fields, rest: rest.trim().to_owned() });
            }
            Some(_) => {}
        }
        let first = reader.token()?;
        let field = if reader.peek() == Some('=') {
            reader.at += 1;
            Field { key: Some(first), value: reader.token()?, column }
        } else {
            Field { key: None, value: first, column }
        };
        fields.push(field);
    }
}

struct Reader<'line> {
    characters: &'line [char],
    at: usize,
    offset: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn column(&self) -> usize {
        self.offset + self.at + 1
    }

    /// A bare or quoted text; empty before a blank, `=` or `]`.
    fn token(&mut self) -> Result<String, ControlLineError> {
        let mut text = String::new();
        if self.peek() != Some('"') {
            while let Some(character) = self.peek().filter(|c| !(c.is_whitespace() || matches!(c, ']' | '=')))
            {
                text.push(character);
                self.at += 1;
            }
            return Ok(text);
        }
        let start = self.column();
        self.at += 1;
        while let Some(character) = self.peek() {
            self.at += 1;
            match character {
                '"' => return Ok(text),
                '\\' => text.push(self.escape()?),
                _ => text.push(character),
            }
        }
        Err(ControlLineError::new(start, "the quote that opens here is not closed".to_owned()))
    }

    fn escape(&mut self) -> Result<char, ControlLineError> {
        let start = self.column() - 1;
        let escaped = self.peek();
        self.at += 1;
        match escaped {
            Some('n') => Ok('\n'),
            Some('r') => Ok('\r'),
            Some('t') => Ok('\t'),
            Some(same @ ('"' | '\\' | ']' | '[')) => Ok(same),
            Some('u') => {
                let digits: String = self.characters.iter().skip(self.at).take(4).collect();
                self.at += digits.chars().count();
                u32::from_str_radix(&digits, 16)
                    .ok()
                    .filter(|_| digits.len() == 4)
                    .and_then(char::from_u32)
                    .ok_or_else(|| {
                        ControlLineError::new(
                            start,
                            format!("\\u{digits} is no character: expected four hexadecimal digits"),
                        )
                    })
            }
            Some(other) => Err(ControlLineError::new(
                start,
                format!(
                    "\\{other} is no escape: expected \\\" \\\\ \\n \\r \\t \\] \\[ or \\u and four digits"
                ),
            )),
            None => Err(ControlLineError::new(start, "the line ends within an escape".to_owned())),
        }
    }
}
