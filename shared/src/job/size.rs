//! How large a part of a worker a job needs, and how that is chosen.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A size class. Workers have one too: it is how much they can run at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Size {
    /// 0.25 vCPU, 512 MB.
    Light,
    /// 0.5 vCPU, 1 GB.
    Standard,
    /// 1 vCPU, 2 GB.
    Medium,
    /// 2 vCPU, 4 GB.
    Heavy,
    /// 4 vCPU, 8 GB.
    Xl,
}

/// Why a text is no size.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no size: expected light, standard, medium, heavy or xl")]
pub struct InvalidSize(String);

impl Size {
    /// Every size, the smallest first.
    pub const ALL: [Self; 5] = [Self::Light, Self::Standard, Self::Medium, Self::Heavy, Self::Xl];

    /// The size as the API spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Standard => "standard",
            Self::Medium => "medium",
            Self::Heavy => "heavy",
            Self::Xl => "xl",
        }
    }

    /// Its share of a processor, in 1024ths as Fargate counts them.
    pub const fn cpu_units(self) -> u32 {
        match self {
            Self::Light => 256,
            Self::Standard => 512,
            Self::Medium => 1024,
            Self::Heavy => 2048,
            Self::Xl => 4096,
        }
    }

    /// Its memory in MB.
    pub const fn memory_megabytes(self) -> u32 {
        self.cpu_units() * 2
    }

    /// How many jobs of a size run on a worker of this one at a time: as many as its processors hold.
    pub const fn holds(self, job: Self) -> u32 {
        self.cpu_units() / job.cpu_units()
    }
}

impl fmt::Display for Size {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Size {
    type Err = InvalidSize;
    fn from_str(text: &str) -> Result<Self, InvalidSize> {
        Self::ALL.into_iter().find(|size| size.as_str() == text).ok_or_else(|| InvalidSize(text.to_owned()))
    }
}

/// A size, and why it was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SizeChoice {
    /// The size.
    pub size: Size,
    /// Why, for people.
    pub reason: String,
}

/// Labels that say how much there is to do; the first that a task has counts. Either the key or the value may be the word.
const WORDS: [(&str, Size); 8] = [
    ("multi-account", Size::Xl),
    ("multi-region", Size::Heavy),
    ("infrastructure", Size::Heavy),
    ("deployment", Size::Medium),
    ("feature", Size::Standard),
    ("bug", Size::Standard),
    ("label", Size::Light),
    ("triage", Size::Light),
];

/// The size of a job that does not say one, by the labels of its task.
pub fn choose_size(asked: Option<Size>, labels: &BTreeMap<String, String>) -> SizeChoice {
    if let Some(size) = asked {
        return SizeChoice { size, reason: "the job asks for it".to_owned() };
    }
    let carries = |word: &str| labels.iter().any(|(key, value)| key == word || value == word);
    match WORDS.into_iter().find(|(word, _)| carries(word)) {
        Some((word, size)) => SizeChoice { size, reason: format!("the task has the label {word}") },
        None => {
            SizeChoice { size: Size::Standard, reason: "no label says how much there is to do".to_owned() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_fargate_and_hold_each_other() {
        let table: Vec<_> = Size::ALL.map(|size| (size.cpu_units(), size.memory_megabytes())).into();
        assert_eq!(table, [(256, 512), (512, 1024), (1024, 2048), (2048, 4096), (4096, 8192)]);
        assert_eq!((Size::Xl.holds(Size::Light), Size::Light.holds(Size::Standard)), (16, 0));
        for size in Size::ALL {
            assert_eq!(size.as_str().parse::<Size>().unwrap(), size);
        }
    }

    #[test]
    fn a_size_is_chosen_by_the_largest_word_among_the_labels_and_explained() {
        let labels = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
        };
        let chosen = choose_size(None, &labels(&[("kind", "feature"), ("multi-region", "")]));
        assert_eq!(
            (chosen.size, chosen.reason.as_str()),
            (Size::Heavy, "the task has the label multi-region")
        );
        assert_eq!(choose_size(None, &labels(&[])).size, Size::Standard);
        assert_eq!(choose_size(Some(Size::Light), &labels(&[("multi-account", "")])).size, Size::Light);
    }
}
