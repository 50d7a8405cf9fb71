//! ARNs and networks.

use std::fmt;
use std::net::Ipv4Addr;

/// An ARN's parts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arn<'a> {
    pub(crate) service: &'a str,
    pub(crate) region: &'a str,
    pub(crate) account: &'a str,
    pub(crate) resource: &'a str,
}

impl<'a> Arn<'a> {
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let mut part = || parts.next();
        let (begin, partition) = (part()?, part()?);
        let arn = Self { service: part()?, region: part()?, account: part()?, resource: part()? };
        let digits = arn.account.len() == 12 && arn.account.chars().all(|digit| digit.is_ascii_digit());
        let account = digits || matches!(arn.account, "" | "aws" | "cloudfront" | "*");
        let fits = begin == "arn" && partition.starts_with("aws") && !arn.service.is_empty();
        (fits && account && !arn.resource.is_empty() && !text.contains(char::is_whitespace)).then_some(arn)
    }
}

/// The service and the beginning of the resource of an ARN, as `iam:role/`; empty for any.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ExpectedArn<'a>(pub(crate) &'a str);

impl ExpectedArn<'_> {
    pub(crate) fn fits(self, arn: &Arn<'_>) -> bool {
        let (service, resource) = self.0.split_once(':').unwrap_or((self.0, ""));
        (service.is_empty() || arn.service == service) && arn.resource.starts_with(resource)
    }
}

impl fmt::Display for ExpectedArn<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.split_once(':') {
            Some((service, resource)) => write!(formatter, "an ARN arn:aws:{service}:…:{resource}…"),
            None => write!(formatter, "an ARN"),
        }
    }
}

/// An IPv4 network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cidr {
    first: u32,
    pub(crate) bits: u32,
}

impl Cidr {
    /// Reads a network.
    ///
    /// # Errors
    /// What was expected instead.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let network = || "a network such as 10.0.0.0/16".to_owned();
        let (address, bits) = text.split_once('/').ok_or_else(network)?;
        let address: Ipv4Addr = address.parse().map_err(|_| network())?;
        let bits = bits.parse().ok().filter(|bits| *bits <= 32).ok_or_else(network)?;
        let first = u32::from(address) & Self::mask(bits);
        if first != u32::from(address) {
            return Err(format!("the first address of the network, {}/{bits}", Ipv4Addr::from(first)));
        }
        Ok(Self { first, bits })
    }

    fn mask(bits: u32) -> u32 {
        u32::MAX.checked_shl(32 - bits).unwrap_or(0)
    }

    pub(crate) fn contains(self, other: Self) -> bool {
        self.bits <= other.bits && other.first & Self::mask(self.bits) == self.first
    }

    pub(crate) fn overlaps(self, other: Self) -> bool {
        self.contains(other) || other.contains(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_have_six_parts_and_an_account() {
        let arn = Arn::read("arn:aws:iam::123456789012:role/x").unwrap();
        assert!(ExpectedArn("iam:role/").fits(&arn));
        assert!(!ExpectedArn("iam:policy/").fits(&arn));
        assert!(ExpectedArn("").fits(&arn));
        for wrong in ["arn:aws:iam::12:role/x", "arn:aws:iam::123456789012:", "role/x", "arn:aws:s3:::a b"] {
            assert_eq!(Arn::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn networks_begin_at_their_first_address_and_hold_others() {
        let cidr = |text| Cidr::read(text).unwrap();
        assert!(cidr("10.0.0.0/16").contains(cidr("10.0.3.0/24")));
        assert!(!cidr("10.0.0.0/16").contains(cidr("10.1.0.0/24")));
        assert!(cidr("10.0.0.0/24").overlaps(cidr("10.0.0.128/25")));
        assert!(!cidr("10.0.0.0/24").overlaps(cidr("10.0.1.0/24")));
        assert!(cidr("0.0.0.0/0").contains(cidr("255.255.255.255/32")));
        assert_eq!(Cidr::read("10.0.0.1/16").unwrap_err(), "the first address of the network, 10.0.0.0/16");
        for wrong in ["10.0.0.0", "10.0.0/8", "10.0.0.0/33", "::/0"] {
            assert!(Cidr::read(wrong).is_err(), "{wrong}");
        }
    }
}
