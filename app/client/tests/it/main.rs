//! The client against a server that answers as told, by real HTTP.

#[cfg(test)]
mod client;
