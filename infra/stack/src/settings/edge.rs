//! The network in front of the page and the API.

use miyabi_shared::Stage;

use super::domain::{Domain, checked, is_origin};
use super::section::{Choice, Problems, Section, number};

/// The page and the network in front of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EdgeSettings {
    /// Whether there is a network in front; without, whoever deploys brings the page to its bucket and serves it.
    pub delivery: bool,
    /// Where in the world it has copies.
    pub price_class: PriceClass,
    /// So many requests in five minutes are let through from one address; without, no firewall stands before it.
    pub firewall_requests: Option<u32>,
    /// Other origins whose pages may call the API.
    pub cors_origins: Vec<String>,
    /// The page's own name.
    pub domain: Option<Domain>,
}

/// Where in the world the network has copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriceClass {
    /// North America and Europe.
    Fewest,
    /// And Asia, Africa and the Middle East.
    Most,
    /// Everywhere.
    All,
}

impl Choice for PriceClass {
    const ALL: &'static [Self] = &[Self::Fewest, Self::Most, Self::All];

    /// As CloudFront spells it.
    fn word(self) -> &'static str {
        match self {
            Self::Fewest => "PriceClass_100",
            Self::Most => "PriceClass_200",
            Self::All => "PriceClass_All",
        }
    }
}

impl EdgeSettings {
    pub(super) fn of(stage: Stage) -> Self {
        Self {
            delivery: stage != Stage::Local,
            price_class: if stage == Stage::Prod { PriceClass::Most } else { PriceClass::Fewest },
            // A viewer that asks every second makes 300, and a team behind one address is many viewers.
            firewall_requests: (stage == Stage::Prod).then_some(20_000),
            cors_origins: Vec::new(),
            domain: None,
        }
    }

    pub(super) fn read(&mut self, section: &mut Section<'_>) {
        section.choice("priceClass", &mut self.price_class);
        section.read("firewallRequests", &mut self.firewall_requests, |value| match value.as_str() {
            Some("none") => Ok(None),
            // The bounds of AWS's own.
            _ => {
                number(value, 10..=2_000_000_000).map(Some).map_err(|expected| format!("{expected}, or none"))
            }
        });
        section.texts("corsOrigins", &mut self.cors_origins, |text| {
            checked(text, is_origin, "expected an exact origin such as https://tools.example.com")
        });
        Domain::read(&mut self.domain, section);
    }

    pub(super) fn check(&self, problems: &mut Problems) {
        let set = [
            ("domain", self.domain.is_some()),
            ("corsOrigins", !self.cors_origins.is_empty()),
            ("firewallRequests", self.firewall_requests.is_some()),
        ];
        for (key, _) in set.into_iter().filter(|(_, set)| *set && !self.delivery) {
            problems.add(format!(
                "miyabi:edge.{key} is set: expected nothing of it in the stage local, which has no network in front"
            ));
        }
    }
}
