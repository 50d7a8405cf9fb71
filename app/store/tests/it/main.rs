//! The store against a real Redis and an emulated DynamoDB.

#[cfg(test)]
mod access;
#[cfg(test)]
mod basics;
#[cfg(test)]
mod concurrency;
#[cfg(test)]
mod embedded;
#[cfg(test)]
mod estimates;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod model;
#[cfg(test)]
mod proxy;
#[cfg(test)]
mod rig;
#[cfg(test)]
mod stampede;
#[cfg(test)]
mod verification;
