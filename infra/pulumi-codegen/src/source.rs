//! Writing source text: lines that indent themselves, and documentation.

/// Source text in the making.
#[derive(Debug, Default)]
pub(crate) struct Source {
    text: String,
    depth: usize,
}

impl Source {
    /// Writes a line. A line that ends with an opening bracket indents what follows, one that starts with a closing
    /// bracket ends that.
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
        if line.ends_with(['{', '(', '[']) {
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

/// Markdown that is safe as documentation: no code block of it is taken for a Rust example, and the site's own
/// markers are left out.
fn markdown_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fence: Option<&str> = None;
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.starts_with("{{%") || trimmed.starts_with("<!--") {
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
    fn a_deprecation_is_told() {
        let mut source = Source::default();
        source.documentation(Some(" "), "`a`.", Some("Use b."));
        assert_eq!(source.finish(), "/// `a`.\n///\n/// **Deprecated.** Use b.\n");
    }
}
