//! The command as its users see it: real processes, a real terminal, and servers that stand for the API and for
//! CloudWatch Logs and hold every request against their rules.

#[cfg(test)]
mod attach;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod disk;
#[cfg(test)]
mod offline;
#[cfg(test)]
mod passing;
#[cfg(test)]
mod roads;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod support;
#[cfg(test)]
mod terminal;
#[cfg(test)]
mod watch;
