//! Writing source text: lines that indent themselves, and documentation.

use crate::names::{type_name, value_name};

/// Source text in the making.
#[derive(Debug, Default)]
pub(crate) struct Source {
    text: String,
    depth: usize,
}

impl Source {
    /// Writes a line. A line that ends with an opening bracket indents what follows, one that starts with a closing
    /// bracket ends that. What a comment ends with is prose.
    pub(crate) fn line(&mut self, line: impl AsRef<str>) {
        let line = line.as_ref();
        if line.starts_with(['}', ')', ']']) {
            self.depth = self.depth.saturating_sub(1);
        }
        if !line.is_empty() {
            for _ in 0..self.depth {
                self.text.push_str("    ");
            }
            self.text.push_str(line);
        }
        self.text.push('\n');
        if line.ends_with(['{', '(', '[']) && !line.starts_with("//") {
            self.depth += 1;
        }
    }

    /// Writes lines.
    pub(crate) fn lines<const N: usize>(&mut self, lines: [&str; N]) {
        for line in lines {
            self.line(line);
        }
    }

    /// Writes documentation: the schema's description, or a sentence in its place, and what is deprecated.
    pub(crate) fn documentation(
        &mut self,
        description: Option<&str>,
        sentence: &str,
        deprecation: Option<&str>,
    ) {
        let description = description.map(str::trim).filter(|text| !text.is_empty());
        for line in markdown_lines(description.unwrap_or(sentence)) {
            self.line(if line.is_empty() { "///".to_owned() } else { format!("/// {line}") });
        }
        if let Some(reason) = deprecation {
            let reason = reason.trim();
            self.lines(["///"]);
            for line in markdown_lines(&format!("**Deprecated.** {reason}")) {
                self.line(format!("/// {line}"));
            }
        }
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }
}

/// References to other parts of the schema, `{{% ref #/resources/a:b:C %}}`, as the names of what they lead to.
fn references_as_code(text: &str) -> String {
    let mut read = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{%") {
        let Some((inside, after)) = after.split_once("%}}") else { break };
        read.push_str(before);
        match inside.trim().strip_prefix("ref") {
            Some(reference) => {
                let place = reference.trim().rsplit('#').next().unwrap_or_default();
                read.push_str(&format!("`{}`", place_name(place)));
            }
            None => read.push_str(&format!("{{{{%{inside}%}}}}")),
        }
        rest = after;
    }
    read.push_str(rest);
    read
}

/// What is at a place of a schema: `/resources/a:b:C/inputProperties/size` is the property `size`.
fn place_name(place: &str) -> String {
    let segments: Vec<&str> = place.split('/').filter(|segment| !segment.is_empty()).collect();
    match segments.as_slice() {
        [.., kind, property] if kind.to_lowercase().ends_with("properties") => value_name(property),
        ["functions", token, ..] => value_name(token.rsplit(':').next().unwrap_or(token)),
        [_, token, ..] => type_name(token.rsplit(':').next().unwrap_or(token)),
        _ => place.to_owned(),
    }
}

/// Markdown that is safe as documentation: no code block of it is taken for a Rust example, and the site's own
/// markers are left out.
fn markdown_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fence: Option<&str> = None;
    let text = references_as_code(text);
    for line in text.lines() {
        let trimmed = line.trim();
        // What the site makes tabs and examples of.
        if (trimmed.starts_with("{{%") && trimmed.ends_with("%}}")) || trimmed.starts_with("<!--") {
            continue;
        }
        let marker = ["```", "~~~"].into_iter().find(|marker| trimmed.starts_with(marker));
        match (fence, marker) {
            (Some(open), Some(marker)) if open == marker => {
                fence = None;
                lines.push(marker.to_owned());
            }
            (None, Some(marker)) => {
                fence = Some(marker);
                let language = trimmed.trim_start_matches(marker).trim();
                let known = ["", "rust", "rs"].contains(&language);
                lines.push(format!("{marker}{}", if known { "text" } else { language }));
            }
            (Some(_), _) => lines.push(line.trim_end().to_owned()),
            // Four spaces would begin a code block, which would be compiled as an example.
            (None, None) => {
                let indent = line.chars().take_while(|c| c.is_whitespace()).count().min(2);
                lines.push(format!("{}{trimmed}", " ".repeat(indent)).trim_end().to_owned());
            }
        }
    }
    lines.extend(fence.map(str::to_owned));
    lines
}

/// Bytes as base64.
pub(crate) fn encode(bytes: &[u8]) -> String {
    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes)
}

/// A text as a literal.
pub(crate) fn literal(text: &str) -> String {
    format!("{text:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_indent() {
        let mut source = Source::default();
        source.lines(["fn a() {", "b(", "c,", ")", "}", ""]);
        assert_eq!(source.finish(), "fn a() {\n    b(\n        c,\n    )\n}\n\n");
    }

    #[test]
    fn an_example_in_a_comment_does_not_indent_what_follows() {
        let mut source = Source::default();
        source.documentation(Some("spec: {\n}"), "", None);
        source.line("a();");
        assert_eq!(source.finish(), "/// spec: {\n/// }\na();\n");
    }

    #[test]
    fn no_code_block_becomes_an_example() {
        let text = "A.\n{{% examples %}}\n```\nx\n```\n```typescript\ny\n```\n\n    indented\n```rust\nz";
        assert_eq!(
            markdown_lines(text),
            [
                "A.",
                "```text",
                "x",
                "```",
                "```typescript",
                "y",
                "```",
                "",
                "  indented",
                "```text",
                "z",
                "```"
            ]
        );
    }

    #[test]
    fn references_are_the_names_of_what_they_lead_to() {
        let text = "{{% ref #/resources/docs:index:Resource %}} sets {{% ref #/resources/docs:index:Resource/inputProperties/theIn %}}\n\
                    by {{% ref #/functions/docs:index:someFun %}}, a {{% ref /enum/v30.0.0/schema.json#/types/enum:index:StringEnum %}}.";
        let read = ["`Resource` sets `the_in`", "by `some_fun`, a `StringEnum`."];
        assert_eq!(markdown_lines(text), read);
    }

    #[test]
    fn a_deprecation_is_told() {
        let mut source = Source::default();
        source.documentation(Some(" "), "`a`.", Some("Use b."));
        assert_eq!(source.finish(), "/// `a`.\n///\n/// **Deprecated.** Use b.\n");
    }
}
