//! `miyabi progress`: a tool's output in, JSON lines out.

use std::fs::File;
use std::io::{self, Read, Write};
use std::process::ExitCode;

use anyhow::Context;
use miyabi_progress::report::Report;
use miyabi_shared::Timestamp;

use super::reader_is_gone;
use crate::arguments::ProgressArguments;

/// `miyabi progress`.
pub(crate) fn progress(arguments: &ProgressArguments) -> anyhow::Result<ExitCode> {
    let mut input: Box<dyn Read> = match &arguments.file {
        Some(path) if path.as_os_str() != "-" => {
            Box::new(File::open(path).with_context(|| format!("cannot read {}", path.display()))?)
        }
        _ => Box::new(io::stdin().lock()),
    };
    let mut report = Report::new(arguments.format);
    let mut output = io::stdout().lock();
    let mut buffer = vec![0; 64 << 10];
    loop {
        let count = match input.read(&mut buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error).context("cannot read the output"),
        };
        let mut lines = String::new();
        let mut write = |line: &str| {
            lines.push_str(line);
            lines.push('\n');
        };
        if count == 0 {
            report.finish(Timestamp::now(), &mut write);
        } else {
            report.push(buffer.get(..count).unwrap_or_default(), Timestamp::now(), &mut write);
        }
        match output.write_all(lines.as_bytes()).and_then(|()| output.flush()) {
            Ok(()) => {}
            Err(error) if reader_is_gone(&error) => return Ok(ExitCode::SUCCESS),
            Err(error) => return Err(error).context("cannot write"),
        }
        if count == 0 {
            return Ok(ExitCode::SUCCESS);
        }
    }
}
