//! Build tools that begin their lines with a number in brackets: ninja (`[15/29]`) and CMake's makefiles (`[ 52%]`).

use miyabi_shared::event::{ResultEvent, ResultStatus};
use miyabi_shared::task::StepStatus;
use serde::{Deserialize, Serialize};

use super::{Reading, Seen, step};
use crate::format::Format;

/// What is remembered of a build.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Build {
    /// The tool, once its lines were believed.
    #[serde(default)]
    tool: Option<Format>,
    /// The last number, believed or not.
    #[serde(default)]
    last: Option<(u64, u64)>,
    #[serde(default)]
    failed: bool,
}

impl Build {
    pub(super) fn read(&mut self, seen: Seen<'_>, wanted: Format) -> Option<(Format, Reading)> {
        let text = seen.text;
        let reading = if text.starts_with('[') {
            self.read_number(text, wanted)?
        } else if text.starts_with("ninja: ") {
            self.tool = Some(Format::Ninja);
            let mut reading = Reading::default();
            if text.starts_with("ninja: build stopped") || text.starts_with("ninja: error") {
                reading.result = self.fail(text);
            } else if text.starts_with("ninja: no work to do") {
                reading.result = Some(ResultEvent {
                    status: ResultStatus::Succeeded,
                    exit_code: None,
                    message: Some(text.to_owned()),
                });
            }
            reading
        } else if let (Some(name), Some(Format::Ninja)) = (text.strip_prefix("FAILED: "), self.tool) {
            let mut reading = Reading::default();
            reading.steps.extend(step(name, "target", StepStatus::Failed, None));
            reading
        } else if let (true, Some(Format::Make)) = (text.starts_with("make: *** "), self.tool) {
            Reading { result: self.fail(text), ..Reading::default() }
        } else {
            return None;
        };
        let format = self.tool?;
        let reason = if format == Format::Make {
            "lines that begin with [ 52%]"
        } else {
            "lines that begin with a rising [15/29]"
        };
        let message = Some(text.to_owned());
        Some((format, Reading { phase: Some("build"), reason: Some(reason), message, ..reading }))
    }

    fn read_number(&mut self, text: &str, wanted: Format) -> Option<Reading> {
        let (number, rest) = text.get(1..)?.split_once(']')?;
        if number.len() > 16 || !rest.starts_with(' ') {
            return None;
        }
        let (format, current, total) = match number.strip_suffix('%') {
            Some(percent) => (Format::Make, percent.trim().parse().ok()?, 100),
            None => {
                let (current, total) = number.split_once('/')?;
                (Format::Ninja, current.trim().parse::<u64>().ok()?, total.trim().parse::<u64>().ok()?)
            }
        };
        if current > total || total == 0 || (wanted != Format::Auto && wanted != format) {
            return None;
        }
        // `[11/22] text` may be a date before every line; a build begins at the beginning and goes on.
        let before = self.last.replace((current, total));
        let rises = before.is_some_and(|(last, all)| current == last + 1 && total == all);
        let works = [
            "Building ",
            "Linking ",
            "Compiling ",
            "Generating ",
            "Built target ",
            "CXX ",
            "CC ",
            "Scanning ",
        ]
        .iter()
        .any(|word| rest.trim_start().starts_with(word));
        let believed = self.tool == Some(format)
            || works
            || (format == Format::Ninja && (current <= 1 || rises) && total > 1);
        if !believed && wanted == Format::Auto {
            return None;
        }
        self.tool = Some(format);
        Some(Reading { count: Some((current, Some(total))), ..Reading::default() })
    }

    fn fail(&mut self, text: &str) -> Option<ResultEvent> {
        let first = !std::mem::replace(&mut self.failed, true);
        first.then(|| ResultEvent {
            status: ResultStatus::Failed,
            exit_code: None,
            message: Some(text.to_owned()),
        })
    }

    /// A build that reached its last target without a failure is done.
    pub(super) fn finish(&mut self) -> Option<ResultEvent> {
        let complete =
            self.tool.is_some() && !self.failed && self.last.is_some_and(|(current, total)| current == total);
        complete.then_some(ResultEvent { status: ResultStatus::Succeeded, exit_code: None, message: None })
    }
}
