//! What the crate promises, seen from outside.

#[cfg(test)]
mod bounds;
#[cfg(test)]
mod captures;
#[cfg(test)]
mod cdk;
#[cfg(test)]
mod control_line;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod estimate;
#[cfg(test)]
mod guards;
#[cfg(test)]
mod invariants;
#[cfg(test)]
mod laws;
#[cfg(test)]
mod noise;
#[cfg(test)]
mod support;
#[cfg(test)]
mod table;
