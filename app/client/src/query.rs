//! Query strings.

/// Writes a query string: every byte that has a meaning in addresses, or is no ASCII, as `%XX`.
pub fn encode<N: AsRef<str>>(query: &[(N, String)]) -> String {
    let mut text = String::new();
    for (name, value) in query {
        if !text.is_empty() {
            text.push('&');
        }
        text.push_str(name.as_ref());
        text.push('=');
        for byte in value.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                text.push(char::from(byte));
            } else {
                text.push_str(&format!("%{byte:02X}"));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_encoded_byte_for_byte() {
        assert_eq!(
            encode(&[("a", "x y&=ä".to_owned()), ("b", "1-2".to_owned())]),
            "a=x%20y%26%3D%C3%A4&b=1-2"
        );
    }
}
