//! `runtime.options` of `Pulumi.yaml`.

use prost_types::Struct;
use prost_types::value::Kind;

use crate::error::HostError;

/// How to get at the program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// A program that is run as it is.
    pub(crate) binary: Option<String>,
    /// Which of the package's programs.
    pub(crate) bin: Option<String>,
    /// Cargo's profile.
    pub(crate) profile: Option<String>,
}

impl Options {
    /// Reads the options.
    ///
    /// # Errors
    /// When one is unknown or no text: a typing mistake must not run another program than was meant.
    pub(crate) fn read(options: Option<&Struct>) -> Result<Self, HostError> {
        let mut read = Self::default();
        for (name, value) in options.into_iter().flat_map(|options| &options.fields) {
            let wrong = |expected| HostError::Option {
                option: name.clone(),
                expected,
                found: value.kind.as_ref().map_or_else(|| "nothing".to_owned(), |kind| format!("{kind:?}")),
            };
            let target = match name.as_str() {
                "binary" => &mut read.binary,
                "bin" => &mut read.bin,
                "profile" => &mut read.profile,
                _ => return Err(wrong("one of binary, bin and profile")),
            };
            match &value.kind {
                Some(Kind::StringValue(text)) if !text.is_empty() => *target = Some(text.clone()),
                None | Some(Kind::NullValue(_)) => {}
                _ => return Err(wrong("a text")),
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use prost_types::Value;

    fn options(pairs: &[(&str, Kind)]) -> Struct {
        let fields = pairs
            .iter()
            .map(|(name, kind)| ((*name).to_owned(), Value { kind: Some(kind.clone()) }))
            .collect();
        Struct { fields }
    }

    #[test]
    fn options_are_read_and_a_mistake_names_the_option() {
        let read = Options::read(Some(&options(&[
            ("binary", Kind::StringValue("./x".to_owned())),
            ("profile", Kind::StringValue("release".to_owned())),
        ])))
        .unwrap();
        assert_eq!(
            read,
            Options { binary: Some("./x".to_owned()), bin: None, profile: Some("release".to_owned()) }
        );
        let error =
            Options::read(Some(&options(&[("binry", Kind::StringValue("./x".to_owned()))]))).unwrap_err();
        assert!(error.to_string().contains("runtime.options.binry: expected one of"), "{error}");
        let error = Options::read(Some(&options(&[("binary", Kind::BoolValue(true))]))).unwrap_err();
        assert!(error.to_string().contains("expected a text"), "{error}");
    }
}
