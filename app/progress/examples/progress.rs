//! Prints the JSON lines of `miyabi progress` for standard input: `progress [FORMAT] < FILE`. With `--changes`
//! as the format it prints every change instead.
#![expect(clippy::unwrap_used, reason = "an example for people who develop this crate")]

use std::io::Read as _;

use miyabi_progress::{Format, Parser, report::Report};
use miyabi_shared::timestamp::Timestamp;

fn main() {
    let argument = std::env::args().nth(1);
    let mut input = Vec::new();
    std::io::stdin().read_to_end(&mut input).unwrap();
    let at = Timestamp::from_millis(0);
    if argument.as_deref() == Some("--changes") {
        let mut parser = Parser::new(Format::Auto);
        let mut print = |change| println!("{change:?}");
        parser.push(&input, at, &mut print);
        parser.finish(at, &mut print);
        return;
    }
    let format = argument.map_or(Format::Auto, |text| text.parse().unwrap());
    let mut report = Report::new(format);
    let mut print = |line: &str| println!("{line}");
    report.push(&input, at, &mut print);
    report.finish(at, &mut print);
}
