//! What holds for any input whatever. Fuzzing looks for an input for which it does not; the inputs that it found worth keeping
//! are read again by `cargo test`.
#![allow(dead_code, reason = "each fuzz target uses its own part")]

use miyabi_progress::control_line;
use miyabi_progress::model;
use miyabi_progress::{Change, Format, LINE_BYTES, Parser, ParserState};
use miyabi_shared::limits;
use miyabi_shared::task::Progress;
use miyabi_shared::timestamp::Timestamp;

/// What a parser may hold of its output, in bytes.
const HELD: usize = 4 << 20;

/// How an input is read: its first bytes say so, the rest is what a command printed.
struct Plan {
    format: Format,
    columns: Option<u16>,
    /// Lengths of the pieces, again and again.
    pieces: [usize; 3],
    /// Milliseconds between two pieces, backwards too.
    step: i64,
}

impl Plan {
    fn read(bytes: &[u8]) -> Option<(Self, &[u8])> {
        let ([format, columns, one, two, three, step], output) = bytes.split_first_chunk()?;
        let format = Format::ALL.get(usize::from(*format)).copied().unwrap_or_default();
        let columns = (*columns > 1).then_some(u16::from(*columns));
        let pieces = [one, two, three].map(|length| usize::from(*length) * 4 + 1);
        let step = i64::from(*step).wrapping_sub(100).saturating_mul(1 << 40);
        Some((Self { format, columns, pieces, step }, output))
    }

    fn changes(&self, output: &[u8], split: bool, resumed: bool) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut parser = Parser::new(self.format);
        parser.set_columns(self.columns);
        let (mut rest, mut at, mut number) = (output, 0_i64, 0);
        while !rest.is_empty() {
            let length =
                if split { self.pieces[number % self.pieces.len()].min(rest.len()) } else { rest.len() };
            let (piece, later) = rest.split_at(length);
            let time = Timestamp::from_millis(if resumed { at } else { 0 });
            parser.push(piece, time, &mut |change| changes.push(change));
            assert!(parser.buffered_bytes() <= HELD, "{} bytes are held", parser.buffered_bytes());
            if resumed {
                parser.pause(Timestamp::from_millis(at), &mut |change| changes.push(change));
                let json = serde_json::to_string(&parser.state()).expect("a state is JSON");
                assert!(json.len() <= 4096, "{} bytes of state: {json}", json.len());
                let state: ParserState = serde_json::from_str(&json).expect("a state can be read");
                parser = Parser::from_state(state);
            }
            (rest, number, at) = (later, number + 1, at.wrapping_add(self.step));
        }
        parser.finish(Timestamp::from_millis(0), &mut |change| changes.push(change));
        changes
    }
}

/// Nothing panics, memory and state are bounded, borders of pieces do not matter, and the rules of the model hold.
pub(crate) fn parser(bytes: &[u8]) {
    let Some((plan, output)) = Plan::read(bytes) else { return };
    let whole = plan.changes(output, false, false);
    assert_laws(&whole);
    assert!(plan.changes(output, true, false) == whole, "the borders of the pieces matter");
    assert_laws(&plan.changes(output, true, true));
}

fn assert_laws(changes: &[Change]) {
    let mut progress = Progress::default();
    for change in changes {
        match change {
            Change::Line(line) => {
                assert!(line.len() <= LINE_BYTES * 3, "a line of {} bytes", line.len());
                assert!(
                    !line.chars().any(|c| c.is_control() && c != '\t'),
                    "control characters in a line of the log: {line:?}"
                );
            }
            Change::Progress(event) => {
                let before = progress.percentage;
                model::advance(&mut progress, event);
                assert!(progress.percentage >= before, "it fell from {before:?}: {event:?}");
                assert!(progress.percentage.is_none_or(|percentage| percentage < 100), "{event:?}");
                assert!(event.total.is_none_or(|total| event.current.unwrap_or(0) <= total), "{event:?}");
            }
            // What the API would refuse is no step.
            Change::Step(step) => {
                assert!(is_within(&step.name, 1, limits::NAME_CHARACTERS), "{step:?}");
                assert!(is_within(&step.kind, 1, limits::NAME_CHARACTERS), "{step:?}");
                let message = step.message.as_deref().unwrap_or_default();
                assert!(is_within(message, 0, limits::MESSAGE_CHARACTERS), "{step:?}");
            }
            Change::Result(result) => {
                let message = result.message.as_deref().unwrap_or_default();
                assert!(is_within(message, 0, limits::MESSAGE_CHARACTERS), "{result:?}");
            }
        }
    }
}

fn is_within(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.chars().count())
}

/// What is read as a control line is written as a line that is read as the same.
pub(crate) fn control_line(text: &str) {
    let Some(Ok(line)) = control_line::parse(text) else { return };
    let written = control_line::format(&line);
    assert!(!written.contains('\n'), "{written:?}");
    let again = control_line::parse(&written);
    assert_eq!(again, Some(Ok(line)), "{written:?}");
}
