//! The jobs that are measured: what they print costs as little as it can.

use std::io::{self, Write};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Bytes of each line, as a build prints them.
const LINE: u64 = 100;
const LINES_AT_ONCE: u64 = 5000;

/// Carries out what the arguments say; `None` where they ask for the benchmark itself.
pub(crate) fn run(arguments: &[String]) -> Option<io::Result<()>> {
    let number = |index: usize| arguments.get(index).and_then(|text| text.parse::<f64>().ok()).unwrap_or(1.0);
    match arguments.first()?.as_str() {
        "print-steady" => Some(steady(number(1), number(2))),
        "print-fast" => Some(lines(number(1) as u64)),
        "print-time" => Some(writeln!(io::stdout(), "{}", now().as_micros())),
        _ => None,
    }
}

/// The time of this machine's clock.
pub(crate) fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Numbered lines of 100 bytes, from number `first` on.
fn block(first: u64, count: u64) -> Vec<u8> {
    let mut block = Vec::with_capacity((count * LINE) as usize);
    for number in first..first + count {
        let line =
            format!("{number:09} compiling something with a rather long name in /usr/src/{number:08}/x.rs");
        block.extend_from_slice(format!("{line:<99}\n").as_bytes());
    }
    block
}

/// Prints `rate` bytes a second for `seconds`.
fn steady(rate: f64, seconds: f64) -> io::Result<()> {
    let block = block(0, LINES_AT_ONCE);
    let mut output = io::stdout().lock();
    let begun = Instant::now();
    let mut printed = 0.0;
    while begun.elapsed().as_secs_f64() < seconds {
        output.write_all(&block)?;
        printed += block.len() as f64;
        let due = begun + Duration::from_secs_f64(printed / rate);
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
    }
    Ok(())
}

/// Prints so many numbered lines as fast as it can. The numbers are changed in place.
fn lines(count: u64) -> io::Result<()> {
    let mut block = block(0, LINES_AT_ONCE.min(count));
    let mut output = io::stdout().lock();
    let mut first = 0;
    while first < count {
        for (number, line) in (first..).zip(block.chunks_exact_mut(LINE as usize)) {
            let mut rest = number;
            for digit in line.iter_mut().take(9).rev() {
                *digit = b'0' + (rest % 10) as u8;
                rest /= 10;
            }
        }
        let left = (count - first).saturating_mul(LINE) as usize;
        output.write_all(block.get(..left.min(block.len())).unwrap_or_default())?;
        first += LINES_AT_ONCE;
    }
    output.flush()
}
