//! Tokens: texts that stand for what only CloudFormation will know.
//!
//! A registration is answered with them. They pass through the program as ordinary texts, come back inside the inputs
//! of later registrations, and are replaced there. They hold nothing that JSON would escape.

const START: &str = "${Token[";
const END: &str = "]}";

/// What a token stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Token<'a> {
    /// The key of a resource, or a pseudo parameter such as `AWS::Region`.
    pub(crate) key: &'a str,
    /// The attribute; `None` for what `Ref` gives.
    pub(crate) attribute: Option<&'a str>,
}

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Text(&'a str),
    Token(Token<'a>),
}

/// The token of what `Ref` gives.
pub(crate) fn reference(key: &str) -> String {
    format!("{START}{key}{END}")
}

/// The token of an attribute.
pub(crate) fn attribute(key: &str, attribute: &str) -> String {
    format!("{START}{key}.{attribute}{END}")
}

/// The key of the zones of the region, each of which is an attribute of it by its number.
pub(crate) const ZONES: &str = "AWS::Zones";

/// The key of a resource that CloudFormation needs beside another.
pub(crate) fn companion(key: &str, suffix: &str) -> String {
    format!("{key}+{suffix}")
}

/// Whether a text holds a token.
pub(crate) fn is_in(text: &str) -> bool {
    text.contains(START)
}

/// The pieces of a text, none of them empty.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(START) {
        let Some((inner, tail)) = after.split_once(END) else { break };
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        let (key, attribute) = match inner.split_once('.') {
            Some((key, attribute)) => (key, Some(attribute)),
            None => (inner, None),
        };
        pieces.push(Piece::Token(Token { key, attribute }));
        rest = tail;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
}

/// The only token of a text that holds nothing else.
pub(crate) fn single(text: &str) -> Option<Token<'_>> {
    match pieces(text).as_slice() {
        [Piece::Token(token)] => Some(token.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_found_within_a_text() {
        let text = format!("a{}/{}z", reference("Table~1"), attribute("Role~2", "Arn"));
        assert_eq!(
            pieces(&text),
            [
                Piece::Text("a"),
                Piece::Token(Token { key: "Table~1", attribute: None }),
                Piece::Text("/"),
                Piece::Token(Token { key: "Role~2", attribute: Some("Arn") }),
                Piece::Text("z"),
            ]
        );
        assert_eq!(single(&reference("A")), Some(Token { key: "A", attribute: None }));
        assert_eq!(single(&text), None);
    }

    #[test]
    fn what_only_looks_like_a_token_is_text() {
        assert_eq!(pieces("${Token[x"), [Piece::Text("${Token[x")]);
        assert_eq!(pieces("${stageVariables.x}"), [Piece::Text("${stageVariables.x}")]);
        assert!(pieces("").is_empty());
    }
}
