//! What is measured, as CloudWatch knows it.

use miyabi_shared::metric;
use pulumi::{Output, Property, ToInput as _, json};

/// How the values of a minute become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Statistic {
    /// `Sum`, `Average`, `Maximum` or `Minimum`.
    Plain(&'static str),
    /// Such as `p99`.
    Percentile(&'static str),
}

impl Statistic {
    pub(super) const SUM: Self = Self::Plain("Sum");
    pub(super) const AVERAGE: Self = Self::Plain("Average");
    pub(super) const MAXIMUM: Self = Self::Plain("Maximum");
    pub(super) const MINIMUM: Self = Self::Plain("Minimum");
    pub(super) const P90: Self = Self::Percentile("p90");
    pub(super) const P99: Self = Self::Percentile("p99");

    const fn word(self) -> &'static str {
        match self {
            Self::Plain(word) | Self::Percentile(word) => word,
        }
    }
}

/// A metric of one thing.
#[derive(Debug, Clone)]
pub(super) struct Metric {
    pub(super) namespace: &'static str,
    pub(super) name: &'static str,
    pub(super) dimensions: Vec<(&'static str, Output<String>)>,
    pub(super) statistic: Statistic,
}

impl Metric {
    /// A metric of a service of AWS.
    pub(super) fn of_service(
        namespace: &'static str,
        name: &'static str,
        statistic: Statistic,
        dimensions: impl IntoIterator<Item = (&'static str, Output<String>)>,
    ) -> Self {
        Self { namespace, name, dimensions: dimensions.into_iter().collect(), statistic }
    }

    /// A metric that a function writes about itself.
    pub(super) fn of_platform(
        name: &'static str,
        statistic: Statistic,
        dimensions: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Self {
        let known = dimensions.into_iter().map(|(name, value)| (name, Output::known(value)));
        Self::of_service(metric::NAMESPACE, name, statistic, known)
    }

    /// As a graph lists it: the namespace, the name, each dimension with its value, and how it is counted.
    pub(super) fn listed(&self) -> Property {
        let mut list = vec![self.namespace.to_owned().to_input(), self.name.to_owned().to_input()];
        for (name, value) in &self.dimensions {
            list.extend([(*name).to_owned().to_input(), value.to_input()]);
        }
        list.push(json!({ "stat": self.statistic.word() }).to_input());
        Property::Array(list)
    }
}
