//! The formats that the parser knows, and how it chose one.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What kind of output to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
#[non_exhaustive]
pub enum Format {
    /// Find out. Below a confidence bar this shows activity, never a number.
    #[default]
    Auto,
    /// `cdk deploy` and `cdk destroy`, in any of their layouts.
    CdkText,
    /// `pulumi up --json` and event logs.
    PulumiJson,
    /// `pulumi up`, plain or redrawn.
    PulumiText,
    /// `terraform apply -json` and `tofu apply -json`.
    TerraformJson,
    /// `terraform apply` and `tofu apply`.
    TerraformText,
    /// `sam deploy` and `sam delete`.
    SamText,
    /// CloudFormation's events as EventBridge delivers them, one a line.
    CloudformationJson,
    /// `cargo build`, `cargo test`, `cargo nextest`.
    Cargo,
    /// `pytest`, with `-v`, with dots or under xdist.
    Pytest,
    /// `jest` and `vitest`.
    Jest,
    /// `go test -json`.
    GoTestJson,
    /// `ninja`, and every tool that begins its lines with `[15/29]`.
    Ninja,
    /// `make` as CMake writes it: `[ 52%]`.
    Make,
    /// `docker build` with `--progress=plain` or `rawjson`.
    Buildkit,
    /// Any `n/m` or `n of m`.
    Count,
    /// Any `n%`: tqdm, curl, wget and everything else with a bar.
    Percent,
    /// The terminal's own progress sequence, OSC 9;4.
    Osc,
    /// Lines that the job prints on purpose: `##miyabi[progress 15/29]`, `##vso[task.setprogress value=52]`.
    Line,
    /// No progress at all: lines only.
    Plain,
}

/// Which format was found, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detection {
    /// The format.
    pub format: Format,
    /// What in the output says so, for people.
    pub reason: String,
}

/// Why a text names no format.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{value:?} is no format: expected one of {}", names())]
pub struct InvalidFormat {
    /// What was given.
    pub value: String,
}

fn names() -> String {
    Format::ALL.map(Format::as_str).join(", ")
}

impl Format {
    /// Every format, in the order in which help texts list them.
    pub const ALL: [Self; 20] = [
        Self::Auto,
        Self::CdkText,
        Self::PulumiJson,
        Self::PulumiText,
        Self::TerraformJson,
        Self::TerraformText,
        Self::SamText,
        Self::CloudformationJson,
        Self::Cargo,
        Self::Pytest,
        Self::Jest,
        Self::GoTestJson,
        Self::Ninja,
        Self::Make,
        Self::Buildkit,
        Self::Count,
        Self::Percent,
        Self::Osc,
        Self::Line,
        Self::Plain,
    ];

    /// The name: what `--format` takes and what a progress has as its source.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::CdkText => "cdk-text",
            Self::PulumiJson => "pulumi-json",
            Self::PulumiText => "pulumi-text",
            Self::TerraformJson => "terraform-json",
            Self::TerraformText => "terraform-text",
            Self::SamText => "sam-text",
            Self::CloudformationJson => "cloudformation-json",
            Self::Cargo => "cargo",
            Self::Pytest => "pytest",
            Self::Jest => "jest",
            Self::GoTestJson => "go-test-json",
            Self::Ninja => "ninja",
            Self::Make => "make",
            Self::Buildkit => "buildkit",
            Self::Count => "count",
            Self::Percent => "percent",
            Self::Osc => "osc",
            Self::Line => "line",
            Self::Plain => "plain",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Format {
    type Err = InvalidFormat;
    fn from_str(text: &str) -> Result<Self, InvalidFormat> {
        let alias = match text {
            "cdk" => Some(Self::CdkText),
            "pulumi" => Some(Self::PulumiText),
            "terraform" | "tofu" => Some(Self::TerraformText),
            "sam" => Some(Self::SamText),
            "cloudformation" => Some(Self::CloudformationJson),
            "nextest" => Some(Self::Cargo),
            "vitest" => Some(Self::Jest),
            "go" | "go-test" => Some(Self::GoTestJson),
            "docker" => Some(Self::Buildkit),
            "cmake" => Some(Self::Make),
            "tqdm" | "curl" | "wget" => Some(Self::Percent),
            "none" => Some(Self::Plain),
            _ => None,
        };
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == text)
            .or(alias)
            .ok_or_else(|| InvalidFormat { value: text.to_owned() })
    }
}

impl From<Format> for String {
    fn from(format: Format) -> Self {
        format.as_str().to_owned()
    }
}

impl TryFrom<String> for Format {
    type Error = InvalidFormat;
    fn try_from(text: String) -> Result<Self, InvalidFormat> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_name_and_others_are_refused_with_the_list() {
        for format in Format::ALL {
            assert_eq!(format.as_str().parse::<Format>().unwrap(), format);
        }
        assert_eq!("cdk".parse::<Format>().unwrap(), Format::CdkText);
        assert!("x".parse::<Format>().unwrap_err().to_string().contains("cdk-text, pulumi-json"));
    }
}
