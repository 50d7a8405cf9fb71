//! Output that no tool should write: memory stays bounded, nothing panics, and the task that comes out is of use.
//!
//! Memory is asserted by the bytes that a parser holds, not by time or by what the system reports.

use miyabi_progress::{Change, Format, LINE_BYTES, Parser};
use miyabi_shared::timestamp::Timestamp;
use proptest::prelude::*;

/// What the README promises of memory is 8 MB; the bytes that are held stay far below.
const HELD: usize = 4 << 20;

/// What came out, without keeping it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    lines: u64,
    bytes: u64,
    longest: usize,
    count: Option<(u64, Option<u64>)>,
    held: usize,
}

fn feed(pieces: impl Iterator<Item = (Vec<u8>, i64)>) -> Outcome {
    let mut outcome = Outcome::default();
    let mut parser = Parser::new(Format::Auto);
    let mut last = 0;
    for (piece, at) in pieces {
        last = at;
        parser.push(&piece, Timestamp::from_millis(at), &mut |change| take(&mut outcome, change));
        outcome.held = outcome.held.max(parser.buffered_bytes());
        assert!(outcome.held <= HELD, "{} bytes are held", outcome.held);
    }
    parser.finish(Timestamp::from_millis(last), &mut |change| take(&mut outcome, change));
    let json = serde_json::to_string(&parser.state()).unwrap();
    assert!(json.len() <= 4096, "{} bytes of state", json.len());
    outcome
}

fn take(outcome: &mut Outcome, change: Change) {
    match change {
        Change::Line(line) => {
            // The marks where a long line was cut are not of the input.
            let text = line.trim_matches('…');
            outcome.lines += 1;
            outcome.bytes += text.len() as u64;
            outcome.longest = outcome.longest.max(text.len());
        }
        Change::Progress(progress) => {
            if let Some(current) = progress.current {
                assert!(progress.total.is_none_or(|total| current <= total), "{progress:?}");
                outcome.count = Some((current, progress.total));
            }
        }
        _ => {}
    }
}

fn repeated(piece: &[u8], times: usize) -> impl Iterator<Item = (Vec<u8>, i64)> {
    let piece = piece.to_vec();
    (0..times).map(move |_| (piece.clone(), 0))
}

#[test]
fn a_hundred_megabytes_without_a_line_end_come_out_in_pieces_and_nothing_is_lost() {
    let outcome = feed(repeated(&[b'x'; 1 << 20], 100));
    assert_eq!(outcome.bytes, 100 << 20);
    assert_eq!((outcome.longest, outcome.lines), (LINE_BYTES, (100 << 20) / LINE_BYTES as u64));
    assert!(outcome.held <= 4 * LINE_BYTES, "{} bytes are held", outcome.held);
}

#[test]
fn a_line_of_wide_characters_or_of_nul_bytes_is_cut_between_characters() {
    let wide = "\u{1f600}".repeat(100_000);
    assert_eq!(feed(repeated(wide.as_bytes(), 4)).bytes, 4 * wide.len() as u64);
    let zeros = feed(repeated(&[0; 1 << 16], 8));
    assert!(zeros.lines > 0 && zeros.held <= HELD, "{zeros:?}");
    let invalid = feed(repeated(&[0xff; 1 << 16], 8));
    assert!(invalid.lines > 0 && invalid.held <= HELD, "{invalid:?}");
}

#[test]
fn endless_redraws_of_one_row_give_progress_and_one_line() {
    let pieces = (0..20_000_u64).map(|at| (format!("\rdownloading {at}/20000 files").into_bytes(), 0));
    let outcome = feed(pieces);
    assert_eq!(outcome.count, Some((19_999, Some(20_000))));
    assert_eq!(outcome.lines, 1);
    assert!(outcome.held < 64 * 1024, "{} bytes are held", outcome.held);
}

#[test]
fn endless_redraws_of_a_frame_give_each_row_its_lines_only() {
    let frame = |round: usize| {
        let mut text = String::from("\x1b[4A");
        for row in ["alpha", "beta", "gamma", "delta"] {
            text.push_str(&format!("\x1b[2K{row} worker {round}%\n"));
        }
        (text.into_bytes(), 0)
    };
    let first = (b"alpha worker\nbeta worker\ngamma worker\ndelta worker\n".to_vec(), 0);
    let outcome = feed(std::iter::once(first).chain((0..3_000).map(frame)));
    assert!(outcome.lines <= 16, "{outcome:?}");
    assert!(outcome.held < 64 * 1024, "{} bytes are held", outcome.held);
}

#[test]
fn rows_that_are_new_in_each_frame_are_forgotten_again() {
    let frame = |round: usize| {
        let row = format!(
            "\x1b[1Arow {}{} {}\n",
            "abcdefghij".repeat(2000),
            round % 977,
            "w".repeat(round % 1009 + 4)
        );
        (row.into_bytes(), 0)
    };
    assert!(feed((0..400).map(frame)).held <= HELD);
}

#[test]
fn a_frame_of_very_long_rows_that_all_change_is_bounded() {
    let frame = |round: usize| {
        let rows = (0..100).map(|row| format!("\x1b[2Krow-{row} {} {round}%\n", "x".repeat(60_000)));
        (format!("\x1b[100A{}", rows.collect::<String>()).into_bytes(), 0)
    };
    assert!(feed((0..3).map(frame)).held <= HELD);
}

#[test]
fn sequences_that_never_end_become_text() {
    for beginning in
        ["\x1b[", "\x1b]0;", "\x1b]9;4;1;", "\x1bP", "\x1b[38;5;", "\x1b_", "\x1b^", "\x1bX", "\x1b("]
    {
        let pieces = std::iter::once((beginning.as_bytes().to_vec(), 0)).chain(repeated(&[b'1'; 4096], 64));
        let outcome = feed(pieces);
        assert!(outcome.bytes > 1 << 17, "{beginning:?}: {outcome:?}");
        assert!(outcome.held <= 4 * LINE_BYTES, "{beginning:?}: {} bytes are held", outcome.held);
        let outcome = feed(repeated(beginning.as_bytes(), 5_000));
        assert!(outcome.held <= HELD, "{beginning:?}: {outcome:?}");
    }
}

#[test]
fn movements_far_away_take_no_room() {
    for movement in [
        "\x1b[999999999C",
        "\x1b[999999999B",
        "\x1b[999999999A",
        "\x1b[999999999G",
        "\x1b[99999;99999H",
        "\x1b7\x1b[9999B\x1b8",
    ] {
        let outcome = feed(repeated(format!("{movement}x").as_bytes(), 300));
        assert!(outcome.held <= HELD, "{movement:?}: {outcome:?}");
    }
}

#[test]
fn a_clock_that_jumps_changes_no_count() {
    let text = |at: usize| format!("step {} of 100\n", at + 1).into_bytes();
    let calm = feed((0..100).map(|at| (text(at), 0)));
    let times = [0, i64::MAX, i64::MIN, 5, -1, 1 << 52, 0];
    let jumping = feed((0..100).map(|at| (text(at), times[at % times.len()])));
    assert_eq!(calm, jumping);
    assert_eq!(calm.count, Some((100, Some(100))));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_repeated_without_end_memory_is_bounded(
        parts in prop::collection::vec(prop_oneof![
            3 => prop::sample::select(vec![
                "\x1b[A", "\x1b[9A", "\x1b[2K", "\x1b[K", "\x1b[J", "\x1b[H", "\x1b[2J", "\x1b7", "\x1b8", "\x1b[s", "\x1b[u", "\x1b[99C", "\x1b[50G", "\x08", "\r", "\n",
                "\t", "\x1b]9;4;1;50\x07", "\x1b]", "\x1bP", "\x1b[", "\0", "\u{85}", "[3/12] x", "52%", "{\"vertexes\":[", "##miyabi[progress 1/2]\n", "::group::a\n",
                "ResourceStatus  ResourceType  LogicalResourceId  ResourceStatusReason\n", "-----\n", "Demo | 3/7 | 1:33:58 AM | CREATE_COMPLETE | A::B::C | Q (Q1)\n",
            ]).prop_map(|part| part.as_bytes().to_vec()),
            1 => prop::collection::vec(any::<u8>(), 0..30),
            1 => (any::<u8>(), 1_usize..3000).prop_map(|(byte, length)| vec![byte; length]),
        ], 1..12),
        times in prop::collection::vec(any::<i64>(), 1..5),
    ) {
        let piece = parts.concat();
        let rounds = (1 << 15) / piece.len().max(1) + 1;
        let outcome = feed((0..rounds.min(1000)).map(|round| (piece.clone(), times[round % times.len()])));
        prop_assert!(outcome.longest <= LINE_BYTES * 3, "{:?}", outcome);
    }
}
