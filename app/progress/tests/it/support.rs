//! The captures, and what is read of bytes.

use std::sync::LazyLock;

use miyabi_progress::report::Report;
use miyabi_progress::{Change, Format, Parser};
use miyabi_shared::timestamp::Timestamp;
use serde_json::Value;

/// Bytes that a tool wrote.
pub(crate) struct Capture {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// How wide the terminal was that it wrote to, where that matters: `nextest-pty-100.raw`.
    pub(crate) columns: Option<u16>,
}

/// Every capture in `tests/data`, by name.
pub(crate) static CAPTURES: LazyLock<Vec<Capture>> = LazyLock::new(|| {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|kind| kind != "md"))
        .collect();
    paths.sort();
    assert!(paths.len() > 30, "captures are missing: {paths:?}");
    let capture = |path: std::path::PathBuf| Capture {
        name: path.file_name().unwrap().to_string_lossy().into_owned(),
        columns: path.file_stem().unwrap().to_string_lossy().rsplit('-').next().unwrap().parse().ok(),
        bytes: std::fs::read(path).unwrap(),
    };
    paths.into_iter().map(capture).collect()
});

pub(crate) fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// Every change that is read of `bytes`.
pub(crate) fn changes(bytes: &[u8], columns: Option<u16>) -> Vec<Change> {
    let mut parser = Parser::new(Format::Auto);
    parser.set_columns(columns);
    let mut changes = Vec::new();
    parser.push(bytes, at(0), &mut |change| changes.push(change));
    parser.finish(at(0), &mut |change| changes.push(change));
    changes
}

/// The lines of the report on `bytes`, as they are written.
pub(crate) fn report(bytes: &[u8], columns: Option<u16>) -> Vec<String> {
    let mut report = Report::new(Format::Auto);
    report.set_columns(columns);
    let mut lines = Vec::new();
    report.push(bytes, at(0), &mut |line| lines.push(line.to_owned()));
    report.finish(at(0), &mut |line| lines.push(line.to_owned()));
    lines
}

/// The lines of the report on `bytes`.
pub(crate) fn report_values(bytes: &[u8], columns: Option<u16>) -> Vec<Value> {
    report(bytes, columns).iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}
