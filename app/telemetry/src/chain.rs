//! An error with all of its causes, in one line.

use std::error::Error;
use std::fmt;

/// Displays an error and, after colons, whatever caused it.
///
/// Errors of this workspace never print their own source, so nothing is said twice.
#[derive(Debug, Clone, Copy)]
pub struct Chain<'error>(pub &'error (dyn Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(cause) = source {
            write!(formatter, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Layer(&'static str, Option<Box<Layer>>);

    impl fmt::Display for Layer {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str(self.0)
        }
    }

    impl Error for Layer {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref().map(|layer| layer as _)
        }
    }

    #[test]
    fn every_cause_is_named_once_from_the_outside_in() {
        let error = Layer("reading task t1", Some(Box::new(Layer("connection refused", None))));
        assert_eq!(Chain(&error).to_string(), "reading task t1: connection refused");
    }
}
