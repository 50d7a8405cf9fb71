use miyabi_progress::{Change, Format, Parser};
use miyabi_shared::Timestamp;
use proptest::prelude::*;

use super::*;

const SECRET_VALUE: &str = "correct-horse-battery-staple";

fn rules() -> Arc<Rules> {
    let variables =
        [("DEPLOY_TOKEN", SECRET_VALUE), ("HOME", "/home/someone-with-a-long-name"), ("SHORT_SECRET", "abc")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
    Arc::new(Rules::new(&variables, vec![Regex::new("order-([0-9]{6})").unwrap()]))
}

fn clean(lines: &[&str]) -> Vec<String> {
    let mut redactor = Redactor::new(rules());
    lines.iter().map(|line| redactor.line((*line).to_owned())).collect()
}

fn clean_one(line: &str) -> String {
    clean(&[line]).remove(0)
}

/// One of each kind, with made-up bodies.
fn examples() -> Vec<String> {
    let body = "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6kM9nP2rS5uV8xA1cD4fG7iJ0lM3oQ6";
    let upper: String = body.to_ascii_uppercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let of = |prefix: &str, length: usize| format!("{prefix}{}", &body[..length]);
    vec![
        format!("AKIA{}", &upper[..16]),
        format!("ASIA{}", &upper[..16]),
        of("IQoJb3JpZ2luX2Vj", 60),
        of("ghp_", 36),
        of("ghs_", 36),
        of("github_pat_", 60),
        of("glpat-", 20),
        of("xoxb-123456789012-", 24),
        of("npm_", 36),
        of("sk_live_", 24),
        of("pul-", 40),
        format!("eyJhbGciOiJIUzI1NiJ9.eyJ{}.{}", &body[..30], &body[10..50]),
        SECRET_VALUE.to_owned(),
    ]
}

#[test]
fn each_kind_is_taken_out_and_what_is_around_it_stays() {
    for secret in examples() {
        for (before, after) in [("", ""), ("got ", " back"), ("\"", "\","), ("key=", "&x=1"), ("é ", " é")]
        {
            let line = format!("{before}{secret}{after}");
            assert_eq!(clean_one(&line), format!("{before}{MASK}{after}"), "{line}");
        }
    }
}

#[test]
fn what_stands_behind_a_telling_name_is_taken_out() {
    for (line, expected) in [
        ("PASSWORD=hunter2", "PASSWORD=[redacted]"),
        ("export DB_PASSWORD='two words' x", "export DB_PASSWORD='[redacted]' x"),
        ("  \"SecretAccessKey\": \"wJalr/XUtnFEMI\",", "  \"SecretAccessKey\": \"[redacted]\","),
        ("aws_secret_access_key = /wJalrXUtnFEMI", "aws_secret_access_key = [redacted]"),
        ("aws_session_token=abcdef==", "aws_session_token=[redacted]"),
        ("client-secret: s3cr3t", "client-secret: [redacted]"),
        ("> Authorization: Basic dXNlcjpwYXNz", "> Authorization: [redacted]"),
        ("curl -H 'Authorization: token abcdef' https://x", "curl -H 'Authorization: [redacted]' https://x"),
        ("X-Api-Key: 0123456789", "X-Api-Key: [redacted]"),
        ("GET /x?access_token=abcd1234&page=2", "GET /x?access_token=[redacted]&page=2"),
        ("https://user:pa:ss@host/path", "https://user:[redacted]@host/path"),
        ("git clone https://0123456789abcdefghij@github.com/x", "git clone https://[redacted]@github.com/x"),
        ("docker login --password hunter22 -u me", "docker login --password [redacted] -u me"),
        ("mysql --password=hunter22", "mysql --password=[redacted]"),
        ("Bearer abcdefghijklmnop1234 ok", "[redacted] ok"),
        ("your order-123456 is ready", "your order-[redacted] is ready"),
    ] {
        assert_eq!(clean_one(line), expected);
    }
}

#[test]
fn what_is_no_secret_stays() {
    for line in [
        "Web | 15/29 | 1:02:03 PM | CREATE_COMPLETE | AWS::SecretsManager::Secret | Token (Token1ABC)",
        "password: ${DB_PASSWORD}",
        "token: <your token>",
        "PASSWORD=",
        "max_tokens=4096 usage_tokens: 12",
        "TOKEN_FILE=/var/run/secrets/token",
        "secret_name: production",
        "error: expected token: `;`",
        "https://example.com/a:b@c",
        "arn:aws:secretsmanager:us-east-1:000000000000:secret:name",
        "test authorization::tests::token_is_checked ... ok",
        "AKIA is a prefix, and npm_config_registry a variable, and eyJust a word",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "HOME is /home/someone-with-a-long-name",
        "-----BEGIN CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----",
        "std::token == other::token && a != secret",
    ] {
        assert_eq!(clean_one(line), line);
    }
    assert_eq!(clean(&["-----BEGIN CERTIFICATE-----", "MIIBszCCAVmgAwIBAgIU"])[1], "MIIBszCCAVmgAwIBAgIU");
}

#[test]
fn a_private_key_is_taken_out_line_by_line_and_what_others_say_meanwhile_stays() {
    let lines = clean(&[
        "writing key",
        "-----BEGIN RSA PRIVATE KEY-----",
        "MIIEowIBAAKCAQEA0Z3VS5JJcds3xfn/ygWyF8PbnGy0AHB7MhgHcTz6sE2I2yPB",
        "building 3 of 7",
        "2026-11-22T04:30:00Z aFDrBz9vFqU4yTGhmoaUpyPjKTw3vVFvLxU2xJk8",
        "Zz==",
        "-----END RSA PRIVATE KEY----- done",
        "after",
    ]);
    assert_eq!(
        lines,
        [
            "writing key",
            MASK,
            MASK,
            "building 3 of 7",
            "2026-11-22T04:30:00Z [redacted]",
            MASK,
            "[redacted] done",
            "after"
        ]
    );
    let one = "KEY='-----BEGIN PRIVATE KEY-----\\nMIIEow\\n-----END PRIVATE KEY-----' next";
    assert_eq!(clean_one(one), "KEY='[redacted]' next");
}

#[test]
fn a_secret_access_key_is_known_by_the_identifier_near_it() {
    let key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    let table = format!("ACCESSKEY\tAKIAIOSFODNN7EXAMPLE\tActive\t{key}");
    assert_eq!(clean_one(&table), format!("ACCESSKEY\t{MASK}\tActive\t{MASK}"));
    assert_eq!(clean(&["AKIAIOSFODNN7EXAMPLE", key]), [MASK, MASK]);
    assert_eq!(clean(&["commit", key])[1], key);
}

#[test]
fn what_the_other_stream_says_meanwhile_hides_no_rest_of_a_secret() {
    let lines =
        clean(&["token ghp_aB3dE6gH9jK2", "PASSWORD=hunter22", "a warning", "mN5pQ8sT1vW4yZ7bC0eF3hJ6 ok"]);
    assert_eq!(lines, ["token [redacted]", "PASSWORD=[redacted]", "a warning", "[redacted] ok"]);
    let lines = clean(&["value correct-hor", "compiling", "se-battery-staple"]);
    assert_eq!(lines, ["value [redacted]", "compiling", MASK]);
}

#[test]
fn a_message_that_shows_a_part_of_a_line_shows_no_secret() {
    let mut redactor = Redactor::new(rules());
    redactor.line("password: tr0ub4dor&3extra".to_owned());
    assert_eq!(redactor.text("tr0ub4dor"), MASK);
    assert_eq!(redactor.text(&format!("using {SECRET_VALUE}")), format!("using {MASK}"));
    assert_eq!(redactor.label("api_key", "abcdefgh"), MASK);
    assert_eq!(redactor.label("team", "abcdefgh"), "abcdefgh");
}

/// The longest part of `secret` that is in `text`.
fn longest_part(secret: &str, text: &str) -> usize {
    let mut longest = 0;
    for start in 0..secret.len() {
        let mut end = start + longest + 1;
        while secret.get(start..end).is_some_and(|part| text.contains(part)) {
            longest = end - start;
            end += 1;
        }
    }
    longest
}

/// Everything that leaves, of output that comes in these chunks.
fn leaving(chunks: &[&[u8]], redactor: &mut Redactor) -> String {
    let mut parser = Parser::new(Format::Plain);
    let mut text = String::new();
    let time = Timestamp::from_millis(0);
    let mut sink = |change| {
        if let Change::Line(line) = change {
            text.push_str(&redactor.line(line));
            text.push('\n');
        }
    };
    for chunk in chunks {
        parser.push(chunk, time, &mut sink);
        parser.pause(time, &mut sink);
    }
    parser.finish(time, &mut sink);
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// However the bytes come, and whatever stands around it, not a part of the secret leaves.
    #[test]
    fn a_secret_that_comes_in_any_chunks_never_leaves(
        which in 0..examples().len(), before in "[a-z éx=:/ ]{0,40} ", after in "( [a-z é=:]{0,40})?",
        cuts in proptest::collection::vec(0.0..1.0_f64, 0..12), coloured: bool,
    ) {
        let secret = &examples()[which];
        let shown = if coloured { format!("\x1b[31m{}\x1b[1m{}\x1b[0m", &secret[..9], &secret[9..]) } else { secret.clone() };
        let text = format!("first\n{before}{shown}{after}\nlast\n");
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| (cut * text.len() as f64) as usize).collect();
        cuts.sort_unstable();
        let mut rest = text.as_bytes();
        let mut chunks = Vec::new();
        for cut in cuts {
            let (chunk, after) = rest.split_at(cut - (text.len() - rest.len()));
            chunks.push(chunk);
            rest = after;
        }
        chunks.push(rest);
        let left = leaving(&chunks, &mut Redactor::new(rules()));
        prop_assert!(left.contains(MASK), "{left}");
        prop_assert!(longest_part(secret, &left) < 5, "{left}");
        prop_assert!(left.starts_with("first\n") && left.ends_with("\nlast\n"), "{left}");
    }

    /// A secret that is broken by a line end leaves at most what is too short to find.
    #[test]
    fn a_secret_that_is_cut_by_a_line_end_never_leaves(which in 0..examples().len(), cut in 0.0..1.0_f64) {
        let secret = &examples()[which];
        let cut = 1 + (cut * (secret.len() - 1) as f64) as usize;
        let text = format!("got {}\n{} back\n", &secret[..cut], &secret[cut..]);
        let left = leaving(&[text.as_bytes()], &mut Redactor::new(rules()));
        // What is cut off is at most a prefix that everybody knows, or less than the edge of a value.
        let prefix = secret.find(['_', '-', '.']).map_or(4, |at| at + 1).max(16);
        let known = if secret == SECRET_VALUE { EDGE } else { prefix };
        prop_assert!(longest_part(secret, &left) <= known, "{left}");
    }

    /// Nothing that anybody prints makes it fail, and what has no anchor is not changed.
    #[test]
    fn any_text_goes_through(lines in proptest::collection::vec("\\PC{0,60}|[A-Za-z0-9+/=:\"'@. -]{0,80}", 0..20)) {
        let mut redactor = Redactor::new(rules());
        for line in lines {
            redactor.text(&line);
            redactor.line(line);
        }
    }
}
