//! The command as its users see it: real processes, a real terminal, and servers that stand for the API and for
//! CloudWatch Logs and hold every request against their rules.

mod commands;
mod offline;
mod passing;
mod roads;
mod support;
mod terminal;
