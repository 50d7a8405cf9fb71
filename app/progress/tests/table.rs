//! The table in the README: what is read of each capture, beside what a naive expression for `n/m` and `n%` reads.

#![cfg(test)]

use std::fmt::Write as _;

use miyabi_progress::Format;
use miyabi_progress::report::Report;
use miyabi_shared::timestamp::Timestamp;
use regex::bytes::Regex;

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

fn row(name: &str, bytes: &[u8]) -> String {
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
    let mut report = Report::new(Format::Auto);
    let at = Timestamp::from_millis(0);
    let mut lines = Vec::new();
    let mut write = |line: &str| lines.push(serde_json::from_str::<serde_json::Value>(line).unwrap());
    report.push(bytes, at, &mut write);
    report.finish(at, &mut write);
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
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind != "md"))
        .collect();
    paths.sort();
    let rows: Vec<String> = paths
        .iter()
        .map(|path| row(&path.file_name().unwrap().to_string_lossy(), &std::fs::read(path).unwrap()))
        .collect();
    let table = rows.join("\n");
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    assert!(readme.contains(&table), "the table in README.md should be:\n{table}");
}
