//! Blocks of IPv4 addresses, and how a network is cut into them. Pure: no I/O, no resources.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

/// A block of IPv4 addresses: `10.0.0.0/16`. Its first address is always one at which a block of its size begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr {
    first: u32,
    prefix: u8,
}

/// Why a text is no block.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCidr {
    /// It is not an address, a slash and a length.
    #[error("expected an IPv4 block such as 10.0.0.0/16")]
    Shape,
    /// No block of that length begins at that address.
    #[error("a block of /{prefix} does not begin there: expected {aligned}")]
    Unaligned {
        /// The length.
        prefix: u8,
        /// The block of that length which holds the address.
        aligned: Cidr,
    },
}

/// Blocks that are never routed on the internet: a network that used others could not reach their owners.
const PRIVATE: [Cidr; 4] = [
    Cidr { first: 0x0a00_0000, prefix: 8 },
    Cidr { first: 0xac10_0000, prefix: 12 },
    Cidr { first: 0xc0a8_0000, prefix: 16 },
    Cidr { first: 0x6440_0000, prefix: 10 },
];

impl Cidr {
    /// The block of that length which holds an address; `None` for a length above 32.
    pub fn around(address: Ipv4Addr, prefix: u8) -> Option<Self> {
        (prefix <= 32).then(|| Self { first: u32::from(address) & mask(prefix), prefix })
    }

    /// The block `FIRST.SECOND.0.0/16`.
    pub(crate) const fn of_16(first: u8, second: u8) -> Self {
        Self { first: u32::from_be_bytes([first, second, 0, 0]), prefix: 16 }
    }

    /// Its first address.
    pub fn first(self) -> Ipv4Addr {
        self.first.into()
    }

    /// Its last address.
    pub fn last(self) -> Ipv4Addr {
        (self.first | !mask(self.prefix)).into()
    }

    /// How many leading bits its addresses share.
    pub fn prefix(self) -> u8 {
        self.prefix
    }

    /// Whether the whole of another block is in this one.
    pub fn contains(self, other: Self) -> bool {
        self.prefix <= other.prefix && other.first & mask(self.prefix) == self.first
    }

    /// Whether an address is in both.
    pub fn overlaps(self, other: Self) -> bool {
        self.contains(other) || other.contains(self)
    }

    /// Whether it is for private networks.
    pub fn is_private(self) -> bool {
        PRIVATE.iter().any(|block| block.contains(self))
    }

    /// The block with that number among those of `bits` more bits; `None` where there is none.
    pub fn part(self, bits: u8, number: u32) -> Option<Self> {
        let prefix = self.prefix.checked_add(bits).filter(|prefix| *prefix <= 32)?;
        if u64::from(number) >= 1 << bits {
            return None;
        }
        // No shift by 32: a number above 0 means that the prefix grew.
        let offset = if number == 0 { 0 } else { number << (32 - prefix) };
        Some(Self { first: self.first | offset, prefix })
    }
}

fn mask(prefix: u8) -> u32 {
    u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0)
}

impl fmt::Display for Cidr {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.first(), self.prefix)
    }
}

impl FromStr for Cidr {
    type Err = InvalidCidr;

    fn from_str(text: &str) -> Result<Self, InvalidCidr> {
        let (address, prefix) = text.split_once('/').ok_or(InvalidCidr::Shape)?;
        let is_number = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
        let address: Ipv4Addr = address.parse().map_err(|_| InvalidCidr::Shape)?;
        let prefix: u8 = prefix.parse().ok().filter(|_| is_number).ok_or(InvalidCidr::Shape)?;
        let aligned = Self::around(address, prefix).ok_or(InvalidCidr::Shape)?;
        if aligned.first() == address { Ok(aligned) } else { Err(InvalidCidr::Unaligned { prefix, aligned }) }
    }
}

/// The blocks of one zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZoneBlocks {
    /// Of the public subnet.
    pub public: Cidr,
    /// Of the private subnet.
    pub private: Cidr,
}

/// Into how many parts a network is cut by zones, as bits: no region has more than eight zones.
const ZONE_BITS: u8 = 3;
/// Most zones that a network is cut into.
pub const MOST_ZONES: u32 = 1 << ZONE_BITS;
/// The shortest and the longest prefix of a network that can be cut: AWS takes /16 to /28 for networks and for subnets, and
/// the smallest subnet is 5 bits below its network.
pub const CUT_PREFIXES: std::ops::RangeInclusive<u8> = 16..=23;

/// The blocks of the zone with that number.
///
/// Every zone has an eighth of the network: its first half is private, the third quarter public, the fourth free.
/// Nothing depends on how many zones there are, so that one more moves no other.
pub fn zone_blocks(network: Cidr, zone: u32) -> Option<ZoneBlocks> {
    let own = network.part(ZONE_BITS, zone)?;
    Some(ZoneBlocks { private: own.part(1, 0)?, public: own.part(2, 2)? })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cidr(text: &str) -> Cidr {
        text.parse().unwrap()
    }

    fn networks() -> impl Strategy<Value = Cidr> {
        (any::<u32>(), CUT_PREFIXES)
            .prop_map(|(address, prefix)| Cidr::around(address.into(), prefix).unwrap())
    }

    fn blocks() -> impl Strategy<Value = Cidr> {
        (any::<u32>(), 0..=32_u8).prop_map(|(address, prefix)| Cidr::around(address.into(), prefix).unwrap())
    }

    proptest! {
        #[test]
        fn a_block_is_read_back_from_its_text(block in blocks()) {
            prop_assert_eq!(block.to_string().parse::<Cidr>().unwrap(), block);
        }

        #[test]
        fn blocks_overlap_exactly_where_they_share_an_address(one in blocks(), other in blocks()) {
            let share = one.first() <= other.last() && other.first() <= one.last();
            prop_assert_eq!(one.overlaps(other), share);
            prop_assert_eq!(one.overlaps(other), other.overlaps(one));
            let within = one.first() <= other.first() && other.last() <= one.last();
            prop_assert_eq!(one.contains(other), within);
        }

        #[test]
        fn the_blocks_of_all_zones_are_disjoint_aligned_and_inside_of_the_network(network in networks()) {
            let mut all = Vec::new();
            for zone in 0..MOST_ZONES {
                let blocks = zone_blocks(network, zone).unwrap();
                all.extend([blocks.private, blocks.public]);
            }
            for (index, block) in all.iter().enumerate() {
                prop_assert!(network.contains(*block));
                prop_assert!((16..=28).contains(&block.prefix()));
                // A text is only read where a block of its length begins at its address.
                prop_assert_eq!(block.to_string().parse::<Cidr>(), Ok(*block));
                for other in &all[index + 1..] {
                    prop_assert!(!block.overlaps(*other), "{} and {}", block, other);
                }
            }
            prop_assert_eq!(zone_blocks(network, MOST_ZONES), None);
        }

        #[test]
        fn parts_fill_a_block_without_gaps(block in networks(), bits in 0..=5_u8) {
            let parts: Vec<Cidr> = (0..1 << bits).map(|number| block.part(bits, number).unwrap()).collect();
            prop_assert_eq!(parts[0].first(), block.first());
            prop_assert_eq!(parts[parts.len() - 1].last(), block.last());
            for pair in parts.windows(2) {
                prop_assert_eq!(u32::from(pair[0].last()) + 1, u32::from(pair[1].first()));
            }
            prop_assert_eq!(block.part(bits, 1 << bits), None);
        }
    }

    #[test]
    fn zones_have_the_blocks_that_are_in_use() {
        // A change here moves subnets of networks that exist, which replaces everything in them.
        let first = zone_blocks(cidr("10.20.0.0/16"), 0).unwrap();
        assert_eq!((first.private, first.public), (cidr("10.20.0.0/20"), cidr("10.20.16.0/21")));
        let third = zone_blocks(cidr("10.20.0.0/16"), 2).unwrap();
        assert_eq!((third.private, third.public), (cidr("10.20.64.0/20"), cidr("10.20.80.0/21")));
    }

    #[test]
    fn what_is_no_block_is_told_with_what_was_expected() {
        for text in
            ["", "10.0.0.0", "10.0.0/16", "10.0.0.0/33", "10.0.0.0/+8", "10.0.0.0/", "10.0.0.256/8", "::/0"]
        {
            assert_eq!(text.parse::<Cidr>(), Err(InvalidCidr::Shape), "{text}");
        }
        assert_eq!(
            "10.0.1.0/16".parse::<Cidr>().unwrap_err().to_string(),
            "a block of /16 does not begin there: expected 10.0.0.0/16"
        );
        assert_eq!(cidr("0.0.0.0/0").last(), Ipv4Addr::BROADCAST);
    }

    #[test]
    fn private_blocks_are_known() {
        for private in ["10.0.0.0/8", "172.31.0.0/16", "192.168.0.0/24", "100.64.0.0/16"] {
            assert!(cidr(private).is_private(), "{private}");
        }
        for public in ["0.0.0.0/0", "11.0.0.0/16", "172.32.0.0/16", "192.0.0.0/8", "100.128.0.0/16"] {
            assert!(!cidr(public).is_private(), "{public}");
        }
    }
}
