//! The table in the README: what is read of each capture, beside what a naive expression for `n/m` and `n%` reads.

use std::fmt::Write as _;

use regex::bytes::Regex;

use crate::support::{CAPTURES, Capture, report_values};

/// Falls, percentages over 100, and the last percentage, of the first `n/m` or `n%` of each line or redraw.
fn naive(bytes: &[u8]) -> (usize, usize, Option<u64>) {
    let expression = Regex::new(r"(\d+)\s*/\s*(\d+)|(\d+)%").unwrap();
    let number = |found: Option<regex::bytes::Match<'_>>| -> Option<u64> {
        std::str::from_utf8(found?.as_bytes()).ok()?.parse().ok()
    };
    let (mut falls, mut over, mut last) = (0, 0, None);
    for line in bytes.split(|byte| matches!(byte, b'\n' | b'\r')) {
        let Some(found) = expression.captures(line) else { continue };
        let percentage = match (number(found.get(1)), number(found.get(2)), number(found.get(3))) {
            (Some(current), Some(total), _) if total > 0 => current * 100 / total,
            (_, _, Some(percentage)) => percentage,
            _ => continue,
        };
        falls += usize::from(last.is_some_and(|last| percentage < last));
        over += usize::from(percentage > 100);
        last = Some(percentage);
    }
    (falls, over, last)
}

fn row(Capture { name, bytes, columns }: &Capture) -> String {
    let (falls, over, last) = naive(bytes);
    let percent = |last: Option<u64>| last.map_or("nothing".to_owned(), |last| format!("{last} %"));
    let mut wrong = Vec::new();
    if falls > 0 {
        wrong.push(format!("falls {falls} times"));
    }
    if over > 0 {
        wrong.push(format!("over 100 % {over} times"));
    }
    wrong.push(format!("ends at {}", percent(last)));
    let lines = report_values(bytes, *columns);
    let result = lines.last().unwrap();
    let ours = match (result["current"].as_u64(), result["total"].as_u64()) {
        (Some(current), Some(total)) => format!("{current} of {total}"),
        (Some(current), None) => format!("{current}, no total"),
        _ => "activity".to_owned(),
    };
    let mut text = String::new();
    write!(
        text,
        "| {name} | {} | {} | {ours} | {} | {} |",
        wrong.join(", "),
        result["format"].as_str().unwrap_or("none"),
        percent(result["percentage"].as_u64()),
        result["status"].as_str().unwrap()
    )
    .unwrap();
    text
}

#[test]
fn the_table_in_the_readme_says_what_is_read_of_each_capture() {
    let rows: Vec<String> = CAPTURES.iter().map(row).collect();
    let table = rows.join("\n");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = std::fs::read_to_string(path).unwrap();
    let (before, rest) = readme.split_once("|---|---|---|---|---|---|\n").unwrap();
    let (old, after) = rest.split_once("\n\n").unwrap();
    if std::env::var_os("MIYABI_UPDATE_DOCS").is_some() {
        std::fs::write(path, format!("{before}|---|---|---|---|---|---|\n{table}\n\n{after}")).unwrap();
        return;
    }
    assert_eq!(old, table, "the table in README.md is out of date: run `./just gen`");
}
