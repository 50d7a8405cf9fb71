//! Names of our own, and what else a browser or a person is addressed by.

use super::section::Section;

/// A name with the zone that it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Domain {
    /// The name: `miyabi.example.com`.
    pub name: String,
    /// The identifier of the hosted zone.
    pub zone_id: String,
}

impl Domain {
    /// Reads `domain.name` and `domain.zoneId`.
    pub(super) fn read(domain: &mut Option<Self>, section: &mut Section<'_>) {
        let mut read = Self { name: String::new(), zone_id: String::new() };
        let given = section.has("domain");
        section.section("domain", |section| {
            for key in ["name", "zoneId"] {
                if !section.has(key) {
                    section
                        .missing(key, "expected a name and the identifier of the hosted zone that it is in");
                }
            }
            section.text("name", &mut read.name, |text| {
                checked(text, is_domain, "expected a name such as miyabi.example.com")
            });
            section.text("zoneId", &mut read.zone_id, |text| {
                checked(
                    text,
                    is_zone,
                    "expected the identifier of a hosted zone, such as Z0123456789ABCDEFGHIJ",
                )
            });
        });
        if given {
            *domain = Some(read);
        }
    }
}

/// The text, where it is what it should be.
pub(super) fn checked(text: &str, is: fn(&str) -> bool, expected: &str) -> Result<String, String> {
    if is(text) { Ok(text.to_owned()) } else { Err(expected.to_owned()) }
}

fn is_domain(name: &str) -> bool {
    let letter = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(letter)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name.len() <= 253 && name.contains('.') && name.split('.').all(label)
}

fn is_zone(id: &str) -> bool {
    id.len() <= 32
        && id.starts_with('Z')
        && id.bytes().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit())
}

/// Whether a text is one exact origin, over HTTPS.
pub(super) fn is_origin(origin: &str) -> bool {
    origin.strip_prefix("https://").is_some_and(|host| {
        let (name, port) = host.split_once(':').unwrap_or((host, "443"));
        is_domain(name) && port.parse::<u16>().is_ok()
    })
}

/// Whether a text can be mail's address.
pub(super) fn is_email(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(user, host)| !user.is_empty() && is_domain(&host.to_ascii_lowercase()))
        && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_origins_and_addresses_are_told_from_what_is_none() {
        assert!(is_domain("miyabi.example.com") && is_domain("a-1.b2.co"));
        assert!(
            !is_domain("example")
                && !is_domain("Example.com")
                && !is_domain("-a.com")
                && !is_domain("a..com")
        );
        assert!(is_zone("Z2FDTNDATAQYW2") && !is_zone("example.com") && !is_zone(""));
        assert!(is_origin("https://tools.example.com") && is_origin("https://tools.example.com:8443"));
        for wrong in
            ["*", "http://a.example", "https://*.example", "https://a.example/", "https://a.example:x"]
        {
            assert!(!is_origin(wrong), "{wrong}");
        }
        assert!(is_email("team@example.com"));
        assert!(!is_email("team") && !is_email("@example.com") && !is_email("a b@example.com"));
    }
}
