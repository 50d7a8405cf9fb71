use super::*;

#[derive(Default)]
struct Seen {
    lines: Vec<String>,
    views: Vec<String>,
    osc: Vec<OscProgress>,
}

impl Viewer for Seen {
    fn view(&mut self, text: &str, _: bool) {
        self.views.push(text.to_owned());
    }
    fn line(&mut self, text: String) {
        self.lines.push(text);
    }
    fn osc(&mut self, progress: OscProgress) {
        self.osc.push(progress);
    }
}

fn show(bytes: &[u8]) -> Seen {
    let mut seen = Seen::default();
    let mut terminal = Terminal::default();
    terminal.push(bytes, &mut seen);
    terminal.finish(&mut seen);
    seen
}

#[test]
fn plain_lines_pass_as_they_are_with_either_line_end_and_without_the_last() {
    assert_eq!(show(b"a\n\nb  \r\nc").lines, ["a", "", "b  ", "c"]);
    assert_eq!(show(b"").lines, [""; 0]);
    assert_eq!(show(b"\n").lines, [""]);
}

#[test]
fn colours_and_titles_are_removed() {
    assert_eq!(
        show(b"\x1b[1;31mred\x1b[0m \x1b]0;title\x07x\x1b]8;;http://a\x1b\\link\x1b]8;;\x1b\\\n").lines,
        ["red xlink"]
    );
}

#[test]
fn a_row_redrawn_by_carriage_returns_is_one_line_in_its_last_state_and_every_state_is_viewed() {
    let seen = show(b"10%\r55%\r100%\ndone\n");
    assert_eq!(seen.lines, ["100%", "done"]);
    assert_eq!(seen.views, ["10%", "55%", "100%", "done"]);
    assert_eq!(show(b"longer text\rab\n").lines, ["abnger text"]);
    assert_eq!(show(b"longer text\r\x1b[Kab\n").lines, ["ab"]);
    assert_eq!(show(b"|\x08/\x08-\x08 done\n").lines, [" done"]);
}

#[test]
fn rows_of_a_frame_are_logged_once_and_again_in_their_last_state() {
    let seen =
        show(b"\x1b[Ka 1s\n\x1b[Kb 1s\n\x1b[2A\x1b[Ka 2s\n\x1b[Kb 2s\n\x1b[2A\x1b[Ka done\n\x1b[Kb 3s\n");
    assert_eq!(seen.lines, ["a 1s", "b 1s", "a done", "a 2s", "b 3s"]);
}

#[test]
fn rows_that_shift_are_not_logged_again() {
    let seen =
        show(b"\x1b[Kx Q1\n\x1b[1A\x1b[Kx Q0\n\x1b[Kx Q1\n\x1b[2A\x1b[Kx Q0\n\x1b[Kx Q1\n\x1b[Kx Q2\n");
    assert_eq!(seen.lines, ["x Q1", "x Q0", "x Q2"]);
}

#[test]
fn the_terminals_own_progress_is_seen_with_either_end() {
    let seen = show(b"\x1b]9;4;1;52\x07\x1b]9;4;1;101\x07\x1b]9;4;3\x1b\\\x1b]9;4;0;\x1b\\a\n");
    assert_eq!(seen.osc, [OscProgress::Percent(52), OscProgress::Busy, OscProgress::Cleared]);
    assert_eq!(seen.lines, ["a"]);
}

#[test]
fn invalid_bytes_are_replaced_and_sequences_that_never_end_become_text() {
    assert_eq!(show(b"a\x00b\xffc\xe2\x82\n").lines, ["a\u{fffd}b\u{fffd}c\u{fffd}"]);
    assert_eq!(show(b"\x1b]0;never ends\nnext\n").lines, ["]0;never ends", "next"]);
    assert_eq!(show(b"\x1b[1\nnext\n").lines, ["[1", "next"]);
    assert_eq!(show("\u{9b}x\n".as_bytes()).lines, ["\u{fffd}x"]);
}

#[test]
fn a_line_without_end_comes_in_pieces_and_nothing_is_lost() {
    let long = "ä1".repeat(LINE_BYTES);
    let seen = show(long.as_bytes());
    assert!(
        seen.lines.len() >= 3 && seen.lines.iter().all(|line| line.trim_matches('…').len() <= LINE_BYTES)
    );
    assert!(seen.lines[0].ends_with('…') && seen.lines[1].starts_with('…') && seen.lines[1].ends_with('…'));
    assert_eq!(seen.lines.concat().replace('…', ""), long);
    assert_eq!(show(format!("{long}\nb\n").as_bytes()).lines.last().unwrap(), "b");
}

#[test]
fn short_outputs_show_the_same_wherever_they_are_split() {
    let pieces: &[&[u8]] = &[
        b"a", b"b ", b"\n", b"\r", b"\x1b[A", b"\x1b[K", b"\x1b8", b"\x1b7", b"\x1b[2A", b"\xe2", b"\x1b",
        b"\x88",
    ];
    let mut random = 1_u64;
    for round in 0..4000 {
        let mut bytes = Vec::new();
        for _ in 0..2 + round % 7 {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            bytes.extend_from_slice(pieces[usize::try_from(random >> 33).unwrap() % pieces.len()]);
        }
        let whole = show(&bytes);
        for at in 1..bytes.len() {
            let mut seen = Seen::default();
            let mut terminal = Terminal::default();
            terminal.push(&bytes[..at], &mut seen);
            terminal.push(&bytes[at..], &mut seen);
            terminal.finish(&mut seen);
            assert_eq!((&seen.lines, &seen.views), (&whole.lines, &whole.views), "{bytes:?} split at {at}");
        }
    }
}
