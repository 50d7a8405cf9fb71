//! What came of the tests, as lines and as a table.

use std::fmt::Write as _;
use std::time::Duration;

/// What came of one test.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Its name.
    pub test: String,
    /// What came of it.
    pub verdict: Verdict,
    /// How long it took.
    pub took: Duration,
}

/// What came of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// All that the suite asserts holds.
    Passed,
    /// Something does not.
    Failed {
        /// What the suite says of it.
        reason: String,
        /// What the engine printed.
        said: String,
    },
    /// It was not run, and why.
    LeftOut(String),
}

impl Verdict {
    pub(crate) fn failed(reason: impl Into<String>, said: impl Into<String>) -> Self {
        Self::Failed { reason: reason.into(), said: said.into() }
    }
}

/// Why a test without a program has none.
pub fn left_out(test: &str) -> &'static str {
    match group(test) {
        "policy" => "policy packs cannot be written in Rust yet",
        "provider" => "component providers cannot be written in Rust yet",
        _ => "no program yet",
    }
}

/// The group of a test: `l1`, `l2`, `l3`, `policy`, `provider`.
fn group(test: &str) -> &str {
    test.split_once('-').map_or(test, |(group, _)| group)
}

/// The groups with how many of their tests passed, and how many there are.
pub fn groups(outcomes: &[Outcome]) -> Vec<(&str, usize, usize)> {
    let mut groups: Vec<(&str, usize, usize)> = Vec::new();
    for outcome in outcomes {
        let name = group(&outcome.test);
        if groups.last().is_none_or(|last| last.0 != name) {
            groups.push((name, 0, 0));
        }
        if let Some((_, passed, all)) = groups.last_mut() {
            *all += 1;
            *passed += usize::from(outcome.verdict == Verdict::Passed);
        }
    }
    groups
}

/// The page of the documentation. The outcomes are in the order of their names.
pub fn page(outcomes: &[Outcome], suite: &str) -> String {
    let mut page = format!(
        "# What holds of Pulumi's conformance suite\n\n\
         <!-- `./just conformance` writes this page. -->\n\n\
         Every official language of Pulumi passes one suite, which looks at the state that a program leaves and knows nothing\n\
         of its language. Here it runs on the SDK (`infra/pulumi`), the generated packages (`infra/pulumi-codegen`) and the\n\
         language host (`infra/pulumi-language-rust`); the programs are in `infra/pulumi-conformance/programs`. The suite is\n\
         `pulumi-test-language` {suite}.\n\n\
         | group | passed | of |\n|---|---|---|\n"
    );
    for (name, passed, all) in groups(outcomes) {
        let _ = writeln!(page, "| {name} | {passed} | {all} |");
    }
    page.push_str("\n| test | |\n|---|---|\n");
    for outcome in outcomes {
        let verdict = match &outcome.verdict {
            Verdict::Passed => "passed".to_owned(),
            Verdict::Failed { reason, .. } => format!("failed: {}", cell(reason)),
            Verdict::LeftOut(why) => format!("not run: {why}"),
        };
        let _ = writeln!(page, "| {} | {verdict} |", outcome.test);
    }
    page
}

/// The first line of a text, fit for a table.
fn cell(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    line.chars().take(160).collect::<String>().replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_test_is_on_the_page_and_counted_in_its_group() {
        let outcome = |test: &str, verdict| Outcome { test: test.to_owned(), verdict, took: Duration::ZERO };
        let outcomes = [
            outcome("l1-a", Verdict::Passed),
            outcome("l1-b", Verdict::failed("\nexpected a | b\nmore", "")),
            outcome("policy-a", Verdict::LeftOut(left_out("policy-a").to_owned())),
        ];
        assert_eq!(groups(&outcomes), [("l1", 1, 2), ("policy", 0, 1)]);
        let page = page(&outcomes, "v3");
        for line in [
            "| l1 | 1 | 2 |",
            "| l1-a | passed |",
            "| l1-b | failed: expected a \\| b |",
            "| policy-a | not run: policy packs cannot be written in Rust yet |",
        ] {
            assert!(page.lines().any(|found| found == line), "{line} is not in\n{page}");
        }
    }
}
